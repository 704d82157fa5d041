/* SPDX-License-Identifier: Apache-2.0 */
/* update: what was told to whom, and when the next word was promised. The drafts are update_draft.c;
 * carrying a text to its readers is no business of core. */
#include "core/update.h"

enum {
	PART_MAX_BYTES = 1000, /* a few sentences; readers are busy */
	TEXT_MAX_BYTES = 8000, /* a draft holds all three parts and the state */
};
static const int64_t max_promise_ms = 24LL * 3600 * 1000; /* nobody waits longer without a word */

enum { SENT, PROMISED, LATE, EVENTS };
static const struct event_type update_events[EVENTS + 1];

struct update_sent {
	int64_t number;
	struct str happened, impact, doing;
	struct strs audiences;
	struct str leadership, support, engineers, customers;
	struct when next;
	struct when before; /* the promise that this update answers; 0 = none */
	int promise;	    /* whether it was kept */
	struct span late_by;
	struct span lag;
};
static const struct field update_sent_fields[] = {
	FIELD(update_sent, number, "its number"),
	FIELD(update_sent, happened, "what happened"),
	FIELD(update_sent, impact, "who feels it, and how"),
	FIELD(update_sent, doing, "what is being done"),
	FIELD(update_sent, audiences, "who reads it"),
	FIELD(update_sent, leadership, "the text for leadership", .max = TEXT_MAX_BYTES),
	FIELD(update_sent, support, "the text for support", .max = TEXT_MAX_BYTES),
	FIELD(update_sent, engineers, "the text for engineers", .max = TEXT_MAX_BYTES),
	FIELD(update_sent, customers, "the text for customers", .max = TEXT_MAX_BYTES),
	FIELD(update_sent, next, "when the next one is promised"),
	FIELD(update_sent, before, "the promise that it answers"),
	CHOICE(update_sent, promise, promise_state, "whether that promise was kept"),
	FIELD(update_sent, late_by, "how late it is"),
	FIELD(update_sent, lag, "how long after the change that it reports"),
	END,
};
struct update_promised {
	struct when next, before;
	struct str reason;
};
static const struct field update_promised_fields[] = {
	FIELD(update_promised, next, "when the next update comes"),
	FIELD(update_promised, before, "when it was promised before"),
	FIELD(update_promised, reason, "why it moved"),
	END,
};
struct update_late {
	struct when promised;
};
static const struct field update_late_fields[] = {
	FIELD(update_late, promised, "when it was promised"),
	END,
};

/* Verbs */

struct send {
	struct str happened, impact, doing;
	struct when next;
	struct strs audiences;
	struct str leadership, support, engineers, customers;
};
static const struct field send_fields[] = {
	FIELD(send, happened, "what happened", .required = true, .max = PART_MAX_BYTES, .lines = 2),
	FIELD(send, impact, "who feels it, and how", .required = true, .max = PART_MAX_BYTES,
	      .lines = 2),
	FIELD(send, doing, "what is being done", .required = true, .max = PART_MAX_BYTES,
	      .lines = 2),
	FIELD(send, next, "when the next update comes, such as +30m"),
	FIELD(send, audiences,
	      "who reads it: leadership, support, engineers, customers; all if left out",
	      .suggest = "audience"),
	FIELD(send, leadership, "the text for leadership; drafted if left out",
	      .max = TEXT_MAX_BYTES, .lines = 3),
	FIELD(send, support, "the text for support; drafted if left out", .max = TEXT_MAX_BYTES,
	      .lines = 3),
	FIELD(send, engineers, "the text for engineers; drafted if left out", .max = TEXT_MAX_BYTES,
	      .lines = 3),
	FIELD(send, customers, "the text for customers; drafted if left out", .max = TEXT_MAX_BYTES,
	      .lines = 3),
	END,
};

static int check_next(struct when next, int64_t now_ms, struct err *e)
{
	if (next.ms && next.ms <= now_ms)
		return err_field(e, "next", "The next update must be promised for later than now.");
	if (next.ms > now_ms + max_promise_ms)
		return err_field(e, "next", "Promise the next update within 24 hours.");
	return 0;
}

static enum audience audience_find(struct str name)
{
	int i = 0;
	while (i < AUDIENCE_COUNT && !str_eq_nocase(name, str_of(audience_names[i])))
		i++;
	return (enum audience)i;
}

/* Which of the four are meant; nobody named means everybody. */
static int read_audiences(const struct strs *names, bool is_meant[AUDIENCE_COUNT], struct err *e)
{
	for (int i = 0; i < AUDIENCE_COUNT; i++)
		is_meant[i] = !names->len;
	for (size_t i = 0; i < names->len; i++) {
		enum audience who = audience_find(names->at[i]);
		if (who == AUDIENCE_COUNT)
			return err_field(e, "audiences",
					 "\"" STR_FMT
					 "\" is no audience: there are leadership, support, "
					 "engineers and customers.",
					 STR_ARG(str_clip(names->at[i], 60)));
		is_meant[who] = true;
	}
	return 0;
}

/* The texts as they go out: what was written, else the draft; empty for who is not meant. */
static void fill_texts(const struct incident *inc, const struct send *in, const bool *is_meant,
		       struct update_sent *to, struct arena *a)
{
	const struct update_parts parts = { in->happened, in->impact, in->doing, in->next };
	const struct str written[AUDIENCE_COUNT] = {
		[AUDIENCE_LEADERSHIP] = in->leadership,
		[AUDIENCE_SUPPORT] = in->support,
		[AUDIENCE_ENGINEERS] = in->engineers,
		[AUDIENCE_CUSTOMERS] = in->customers,
	};
	struct str *const texts[AUDIENCE_COUNT] = {
		[AUDIENCE_LEADERSHIP] = &to->leadership,
		[AUDIENCE_SUPPORT] = &to->support,
		[AUDIENCE_ENGINEERS] = &to->engineers,
		[AUDIENCE_CUSTOMERS] = &to->customers,
	};
	to->audiences.at = ARENA_ARRAY(a, struct str, AUDIENCE_COUNT);
	for (int i = 0; i < AUDIENCE_COUNT; i++) {
		if (!is_meant[i])
			continue;
		to->audiences.at[to->audiences.len++] = str_of(audience_names[i]);
		*texts[i] = str_trim(written[i]).len
				    ? written[i]
				    : update_draft(inc, &parts, (enum audience)i, a);
	}
}

/* The update whose promise waits for an answer: still open, or missed and then moved. */
static struct update *promising(const struct incident *inc)
{
	struct update *found = NULL;
	LIST_EACH (u, &inc->updates)
		if (u->next.ms &&
		    (u->promise == PROMISE_OPEN || (u->promise == PROMISE_LATE && !u->late_by.ms)))
			found = u;
	return found;
}

/* What people wait for: moving a promise that was missed already does not keep it. */
static struct when owed(const struct incident *inc)
{
	const struct update *u = promising(inc);
	return u && u->promise == PROMISE_LATE ? u->next : inc->promised;
}

static int send_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct send *in = cmd->fields;
	bool is_meant[AUDIENCE_COUNT];
	if (incident_refuse_if_over(inc, e) || check_next(in->next, facts->now_ms, e) ||
	    read_audiences(&in->audiences, is_meant, e))
		return -1;
	if (!in->next.ms && !inc->resolved.ms) {
		err_field(e, "next", "Say when the next update comes.");
		err_next(e, "Promise a time that you can keep, such as +30m, even if there is no "
			    "news then.");
		return -1;
	}
	struct update_sent *to = decision_add(d, &update_events[SENT]);
	to->number = d->made = (int64_t)inc->updates.len + 1;
	to->happened = in->happened;
	to->impact = in->impact;
	to->doing = in->doing;
	to->next = in->next;
	fill_texts(inc, in, is_meant, to, d->arena);
	to->before = owed(inc);
	if (to->before.ms)
		to->promise = facts->now_ms > to->before.ms ? PROMISE_LATE : PROMISE_KEPT;
	if (to->promise == PROMISE_LATE)
		to->late_by.ms = facts->now_ms - to->before.ms;
	if (inc->moved.ms && facts->now_ms > inc->moved.ms) /* a clock may be set back */
		to->lag.ms = facts->now_ms - inc->moved.ms;
	return 0;
}

struct promise {
	struct when next;
	struct str reason;
};
static const struct field promise_fields[] = {
	FIELD(promise, next, "when the next update comes, such as +30m", .required = true),
	FIELD(promise, reason, "why it moved", .max = PART_MAX_BYTES),
	END,
};
static int promise_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct promise *in = cmd->fields;
	if (incident_refuse_if_over(inc, e) || check_next(in->next, facts->now_ms, e))
		return -1;
	if (in->next.ms == inc->promised.ms)
		return err_refuse(e, ERR_CONFLICT,
				  "The next update is promised for that time already.");
	struct update_promised *to = decision_add(d, &update_events[PROMISED]);
	*to = (struct update_promised){ in->next, inc->promised, in->reason };
	return 0;
}

/* Due: the millisecond after, since a word at the promised time keeps the promise */

static int64_t update_due(const void *state)
{
	const struct incident *inc = state;
	bool is_chased = inc->promise_chased || incident_has_ended(inc);
	return inc->promised.ms && !is_chased ? inc->promised.ms + 1 : NOTHING_DUE;
}

static void update_tick(const void *state, const struct facts *facts, struct decision *d)
{
	const struct incident *inc = state;
	if (update_due(inc) > facts->now_ms)
		return;
	struct update_late *to = decision_add(d, &update_events[LATE]);
	to->promised = inc->promised;
}

/* Events */

static void sent_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct update_sent *body = event->body;
	if (body->number != (int64_t)inc->updates.len + 1)
		return;
	struct update *before = promising(inc);
	if (before) {
		before->promise = body->promise;
		before->late_by = body->late_by;
	}
	struct update *u = LIST_ADD(inc->arena, &inc->updates);
	u->number = body->number;
	u->happened = incident_keep(inc, body->happened);
	u->impact = incident_keep(inc, body->impact);
	u->doing = incident_keep(inc, body->doing);
	u->audiences = incident_keep_all(inc, &body->audiences);
	u->leadership = incident_keep(inc, body->leadership);
	u->support = incident_keep(inc, body->support);
	u->engineers = incident_keep(inc, body->engineers);
	u->customers = incident_keep(inc, body->customers);
	u->sent.ms = event->happened_ms;
	u->next = body->next;
	u->lag = body->lag;
	u->by.id = incident_keep(inc, event->actor);
	inc->promised = body->next;
	inc->promise_chased = false;
	inc->moved.ms = 0;
}

static void promised_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct update_promised *body = event->body;
	struct update *before = promising(inc);
	if (before && event->happened_ms > before->next.ms)
		before->promise = PROMISE_LATE;
	else if (before)
		before->next = body->next;
	inc->promised = body->next;
	inc->promise_chased = false;
}

static void late_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct update_late *body = event->body;
	if (inc->promised.ms == body->promised.ms)
		inc->promise_chased = true;
}

static const struct event_type update_events[EVENTS + 1] = {
	[SENT] = { .name = "update.sent",
		   .version = 1,
		   .fields = update_sent_fields,
		   .size = sizeof(struct update_sent),
		   .clearance = CLEAR_PUBLIC,
		   .sentence = "{actor} sent update {number} to {audiences}[, {late_by} after it "
			       "was promised]."
			       "[ The next one is promised for {next}.]",
		   .evolve = sent_evolve },
	[PROMISED] = { .name = "update.promised",
		       .version = 1,
		       .fields = update_promised_fields,
		       .size = sizeof(struct update_promised),
		       .clearance = CLEAR_INTERNAL,
		       .sentence = "{actor} promised the next update for {next}[ instead of "
				   "{before}][: {reason}].",
		       .evolve = promised_evolve },
	[LATE] = { .name = "update.late",
		   .version = 1,
		   .fields = update_late_fields,
		   .size = sizeof(struct update_late),
		   .clearance = CLEAR_INTERNAL,
		   .sentence = "The update promised {promised} is late.",
		   .evolve = late_evolve },
	END_EVENTS,
};

static const struct verb update_verbs[] = {
	{ .noun = "update",
	  .name = "send",
	  .alias = "update",
	  .label = "Send update",
	  .help = "Tell each audience in its own words what happened, and promise the next word.",
	  .needs = RIGHT_RESPOND,
	  .traits = LEAVES_COMPANY,
	  .fields = send_fields,
	  .size = sizeof(struct send),
	  .decide = send_decide },
	{ .noun = "update",
	  .name = "promise",
	  .label = "Promise an update",
	  .help = "Say when the next update comes, or move one that was promised.",
	  .needs = RIGHT_RESPOND,
	  .fields = promise_fields,
	  .size = sizeof(struct promise),
	  .decide = promise_decide },
	END_VERBS,
};

extern const struct module update_module;
const struct module update_module = {
	.name = "update",
	.stream = &incident_stream,
	.verbs = update_verbs,
	.events = update_events,
	.due = update_due,
	.tick = update_tick,
};
