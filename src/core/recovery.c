/* SPDX-License-Identifier: Apache-2.0 */
/* recovery: checks that say when it works again, and that it held long enough. A person's check holds while
 * somebody looks often enough and sees it hold; an alert's check holds while the alert is quiet.
 * Ending the incident is resolve.c. */
#include "core/incident.h"
#include "core/phrase.h"

enum { WHAT_MAX_BYTES = 300 };			       /* one thing to look at */
static const int64_t max_hold_ms = 24LL * 3600 * 1000; /* longer is monitoring, not an incident */

enum { STATED, LOOKED, FAILED, DROPPED, HOLDING, RESTARTED, HELD, LOST, EVENTS };
static const struct event_type recovery_events[EVENTS + 1];

struct check_stated {
	int64_t number;
	struct str what;
	int kind;
	struct str alert;
	struct span hold, every;
	struct when since;
};
static const struct field check_stated_fields[] = {
	FIELD(check_stated, number, "its number"),
	FIELD(check_stated, what, "what must hold"),
	CHOICE(check_stated, kind, check_kind, "who looks"),
	FIELD(check_stated, alert, "the alert that must be quiet"),
	FIELD(check_stated, hold, "how long it must hold"),
	FIELD(check_stated, every, "how often a person looks"),
	FIELD(check_stated, since, "since when it holds already"),
	END,
};
/* A person looked. `since` is where the hold begins, empty when it does not hold. */
struct check_looked {
	int64_t number;
	struct str what, saw;
	struct when since;
};
static const struct field check_looked_fields[] = {
	FIELD(check_looked, number, "its number"),
	FIELD(check_looked, what, "what must hold"),
	FIELD(check_looked, saw, "what was seen"),
	FIELD(check_looked, since, "since when it holds"),
	END,
};
struct check_dropped {
	int64_t number;
	struct str what, reason;
};
static const struct field check_dropped_fields[] = {
	FIELD(check_dropped, number, "its number"),
	FIELD(check_dropped, what, "what had to hold"),
	FIELD(check_dropped, reason, "why it no longer counts"),
	END,
};
/* What the clock finds. */
struct check_turned {
	int64_t number;
	struct str what;
	struct when since; /* HOLDING, HELD: since when it holds; RESTARTED: the last look */
	struct span hold;
};
static const struct field check_turned_fields[] = {
	FIELD(check_turned, number, "its number"),
	FIELD(check_turned, what, "what must hold"),
	FIELD(check_turned, since, "since when"),
	FIELD(check_turned, hold, "how long it must hold"),
	END,
};

static const struct linked_alert *find_alert(const struct incident *inc, struct str fingerprint)
{
	LIST_EACH (a, &inc->alerts)
		if (str_eq(a->fingerprint, fingerprint))
			return a;
	return NULL;
}

static bool is_persons(const struct check *c)
{
	return c->kind == CHECK_PERSON && !c->dropped;
}

static bool is_alerts(const struct check *c)
{
	return c->kind == CHECK_ALERT && !c->dropped;
}

/* Two looks are at most twice `every` apart: one may be missed. */
static int64_t look_by_ms(const struct check *c)
{
	return c->last.ms + 2 * c->every.ms;
}

static void turn(struct decision *d, int type, const struct check *c, int64_t since_ms)
{
	struct check_turned *to = decision_add(d, &recovery_events[type]);
	*to = (struct check_turned){ c->number, c->what, { since_ms }, c->hold };
}

/* Verbs */

struct check_new {
	struct str what;
	int kind;
	struct str alert;
	struct span hold, every;
};
static const struct field check_new_fields[] = {
	FIELD(check_new, what, "what shows that it works again", .required = true,
	      .max = WHAT_MAX_BYTES),
	CHOICE(check_new, kind, check_kind, "who looks: a person, or the alert itself"),
	FIELD(check_new, alert, "the attached alert that must be quiet", .max = 200,
	      .suggest = "alert"),
	FIELD(check_new, hold, "how long it must hold, such as 10m"),
	FIELD(check_new, every, "how often a person looks, such as 5m"),
	END,
};

static int check_refuse(const struct incident *inc, const struct check_new *in, struct err *e)
{
	if (in->hold.ms < 0 || in->hold.ms > max_hold_ms)
		return err_field(e, "hold", "A check holds for at most 24 hours.");
	if (in->every.ms < 0 || in->every.ms > max_hold_ms)
		return err_field(e, "every", "Look at least once in 24 hours.");
	if (in->kind == CHECK_ALERT && !in->alert.len)
		return err_field(e, "alert", "Say which attached alert must be quiet.");
	if (in->alert.len && !find_alert(inc, in->alert)) {
		err_field(e, "alert", "The alert \"" STR_FMT "\" is not attached to this incident.",
			  STR_ARG(str_clip(in->alert, 80)));
		err_next(e, "Attach it first, or let a person look.");
		return -1;
	}
	return 0;
}

static int check_decide(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct check_new *in = cmd->fields;
	int64_t hold_ms = in->hold.ms ? in->hold.ms : facts->policy->hold_ms;
	int64_t every_ms = in->every.ms ? in->every.ms : facts->policy->look_every_ms;
	if (incident_refuse_unless_open(inc, e) || check_refuse(inc, in, e))
		return -1;
	const struct linked_alert *alert = in->alert.len ? find_alert(inc, in->alert) : NULL;
	struct check_stated *to = decision_add(d, &recovery_events[STATED]);
	to->number = d->made = (int64_t)inc->checks.len + 1;
	to->what = in->what;
	to->kind = alert ? CHECK_ALERT : CHECK_PERSON;
	to->alert = in->alert;
	to->hold.ms = hold_ms;
	to->every.ms = every_ms < hold_ms ? every_ms : hold_ms;
	if (alert && !alert->firing)
		to->since.ms = alert->changed.ms ? alert->changed.ms : facts->now_ms;
	return 0;
}

struct look {
	struct str saw;
	int64_t check;
};
static const struct field held_fields[] = {
	FIELD(look, check, "the check's number; the first one not held if left out"),
	FIELD(look, saw, "what you see", .max = 1000),
	END,
};
static const struct field failed_fields[] = {
	FIELD(look, saw, "what you see instead", .required = true, .max = 1000, .lines = 2),
	FIELD(look, check, "the check's number; the only one if left out"),
	END,
};

static const struct check *find_check(const struct incident *inc, int64_t number, struct err *e)
{
	const struct check *c = INCIDENT_ITEM(inc->checks, number);
	if (!c)
		phrase_no_item("check", number, inc->checks.len, e);
	else if (c->dropped)
		err_refuse(e, ERR_CONFLICT, "Check %lld was dropped.", (long long)number);
	else
		return c;
	return NULL;
}

static const struct check *find_persons(const struct incident *inc, int64_t number, struct err *e)
{
	const struct check *c = find_check(inc, number, e);
	if (!c || is_persons(c))
		return c;
	err_refuse(e, ERR_CONFLICT, "Check %lld follows an alert; nobody needs to look.",
		   (long long)number);
	err_next(e, "State a check of your own if you look at something else.");
	return NULL;
}

static const struct check *no_check(struct err *e)
{
	err_refuse(e, ERR_NOT_FOUND, "There is no recovery check for a person to look at.");
	err_next(e, "State one first: what shows that it works again, and for how long.");
	return NULL;
}

/* Left out: the first one that has not held yet; where all have, the only one. */
static const struct check *pick_to_hold(const struct incident *inc, int64_t number, struct err *e)
{
	const struct check *only = NULL;
	size_t count = 0;
	if (number)
		return find_persons(inc, number, e);
	LIST_EACH (c, &inc->checks) {
		if (is_persons(c) && !c->held.ms)
			return c;
		count += is_persons(c);
		only = is_persons(c) ? c : only;
	}
	if (count <= 1)
		return only ? only : no_check(e);
	err_refuse(e, ERR_CONFLICT, "All checks have held already.");
	err_next(e, "Name one by its number to look again, or resolve the incident.");
	return NULL;
}

static const struct check *pick_to_fail(const struct incident *inc, int64_t number, struct err *e)
{
	const struct check *only = NULL;
	size_t count = 0;
	if (number)
		return find_persons(inc, number, e);
	LIST_EACH (c, &inc->checks) {
		count += is_persons(c);
		only = is_persons(c) ? c : only;
	}
	if (count <= 1)
		return only ? only : no_check(e);
	err_field(e, "check", "There are %zu checks. Say which one does not hold.", count);
	return NULL;
}

static void look(struct decision *d, int type, const struct check *c, struct str saw,
		 int64_t since_ms)
{
	struct check_looked *to = decision_add(d, &recovery_events[type]);
	*to = (struct check_looked){ c->number, c->what, saw, { since_ms } };
}

static int held_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct look *in = cmd->fields;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	const struct check *c = pick_to_hold(inc, in->check, e);
	if (!c)
		return -1;
	bool goes_on = c->since.ms && (c->held.ms || facts->now_ms <= look_by_ms(c));
	int64_t since_ms = goes_on ? c->since.ms : facts->now_ms;
	look(d, LOOKED, c, in->saw, since_ms);
	if (!c->held.ms && facts->now_ms - since_ms >= c->hold.ms)
		turn(d, HELD, c, since_ms);
	return 0;
}

static int failed_decide(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct look *in = cmd->fields;
	(void)facts;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	const struct check *c = pick_to_fail(inc, in->check, e);
	if (!c)
		return -1;
	look(d, FAILED, c, in->saw, 0);
	return 0;
}

struct drop {
	int64_t check;
	struct str reason;
};
static const struct field drop_fields[] = {
	FIELD(drop, check, "the check's number", .required = true),
	FIELD(drop, reason, "why it no longer counts", .required = true, .max = 1000),
	END,
};
static int drop_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct drop *in = cmd->fields;
	(void)facts;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	const struct check *c = find_check(inc, in->check, e);
	if (!c)
		return -1;
	struct check_dropped *to = decision_add(d, &recovery_events[DROPPED]);
	*to = (struct check_dropped){ c->number, c->what, in->reason };
	return 0;
}

/* Due */

/* It fired, or fired and went quiet again, since the hold began. */
static bool is_broken(const struct check *c, const struct linked_alert *a)
{
	return c->since.ms && (a->firing || a->changed.ms > c->since.ms);
}

static bool begins(const struct check *c, const struct linked_alert *a)
{
	return !c->since.ms && !a->firing && a->changed.ms;
}

static int64_t alert_due(const struct incident *inc, const struct check *c)
{
	const struct linked_alert *a = find_alert(inc, c->alert);
	if (!a)
		return NOTHING_DUE;
	if (is_broken(c, a) || begins(c, a))
		return a->changed.ms;
	return c->since.ms && !c->held.ms ? c->since.ms + c->hold.ms : NOTHING_DUE;
}

static int64_t person_due(const struct check *c)
{
	return c->since.ms && !c->held.ms ? look_by_ms(c) + 1 : NOTHING_DUE;
}

static int64_t recovery_due(const void *state)
{
	const struct incident *inc = state;
	int64_t first = NOTHING_DUE;
	if (!incident_is_open(inc))
		return NOTHING_DUE;
	LIST_EACH (c, &inc->checks) {
		int64_t due = is_alerts(c)    ? alert_due(inc, c)
			      : is_persons(c) ? person_due(c)
					      : NOTHING_DUE;
		first = due < first ? due : first;
	}
	return first;
}

static void tick_alert(const struct incident *inc, const struct check *c, int64_t now_ms,
		       struct decision *d)
{
	const struct linked_alert *a = find_alert(inc, c->alert);
	if (!a)
		return;
	int64_t since_ms = c->since.ms;
	bool is_held = c->held.ms;
	if (is_broken(c, a)) {
		turn(d, LOST, c, since_ms);
		since_ms = 0;
		is_held = false;
	}
	if (!since_ms && !a->firing && a->changed.ms) {
		since_ms = a->changed.ms;
		turn(d, HOLDING, c, since_ms);
	}
	if (since_ms && !is_held && since_ms + c->hold.ms <= now_ms)
		turn(d, HELD, c, since_ms);
}

static void recovery_tick(const void *state, const struct facts *facts, struct decision *d)
{
	const struct incident *inc = state;
	if (!incident_is_open(inc))
		return;
	LIST_EACH (c, &inc->checks) {
		if (is_alerts(c))
			tick_alert(inc, c, facts->now_ms, d);
		else if (is_persons(c) && person_due(c) <= facts->now_ms)
			turn(d, RESTARTED, c, c->last.ms);
	}
}

/* Events */

static void stated_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_stated *body = event->body;
	if (body->number != (int64_t)inc->checks.len + 1)
		return;
	struct check *c = LIST_ADD(inc->arena, &inc->checks);
	c->number = body->number;
	c->what = incident_keep(inc, body->what);
	c->kind = body->kind;
	c->alert = incident_keep(inc, body->alert);
	c->hold = body->hold;
	c->every = body->every;
	c->since = body->since;
}

static void looked_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_looked *body = event->body;
	struct check *c = INCIDENT_ITEM(inc->checks, body->number);
	if (!c)
		return;
	c->since = body->since;
	c->last.ms = event->happened_ms;
	c->held.ms = body->since.ms ? c->held.ms : 0;
	c->samples++;
}

static void dropped_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_dropped *body = event->body;
	struct check *c = INCIDENT_ITEM(inc->checks, body->number);
	if (c)
		c->dropped = true;
}

static void holding_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_turned *body = event->body;
	struct check *c = INCIDENT_ITEM(inc->checks, body->number);
	if (c)
		c->since = body->since;
}

static void held_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_turned *body = event->body;
	struct check *c = INCIDENT_ITEM(inc->checks, body->number);
	if (c)
		c->held.ms = event->happened_ms;
}

static void broken_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct check_turned *body = event->body;
	struct check *c = INCIDENT_ITEM(inc->checks, body->number);
	if (c)
		c->since.ms = c->held.ms = 0;
}

#define EVENT(wire, body, words, fn)                                                              \
	{                                                                                         \
		.name = wire, .version = 1, .fields = body##_fields, .size = sizeof(struct body), \
		.clearance = CLEAR_INTERNAL, .sentence = words, .evolve = fn                      \
	}
static const struct event_type recovery_events[EVENTS + 1] = {
	[STATED] = EVENT("recovery.check_stated", check_stated,
			 "{actor} stated recovery check {number}: {what}, for {hold}.[ It holds "
			 "since {since}.]",
			 stated_evolve),
	[LOOKED] = EVENT("recovery.looked", check_looked,
			 "{actor} looked: check {number} holds ({what})[: {saw}].", looked_evolve),
	[FAILED] = EVENT("recovery.failed", check_looked,
			 "{actor} looked: check {number} does not hold ({what}): {saw}.",
			 looked_evolve),
	[DROPPED] = EVENT("recovery.check_dropped", check_dropped,
			  "{actor} dropped recovery check {number} ({what}): {reason}.",
			  dropped_evolve),
	[HOLDING] = EVENT(
		"recovery.check_holding", check_turned,
		"Recovery check {number} ({what}) holds since {since}; {hold} are needed.",
		holding_evolve),
	[RESTARTED] = EVENT("recovery.hold_restarted", check_turned,
			    "The hold of recovery check {number} ({what}) starts again: nobody has "
			    "looked since "
			    "{since}.",
			    broken_evolve),
	[HELD] = EVENT("recovery.check_held", check_turned,
		       "Recovery check {number} ({what}) has held for {hold}.", held_evolve),
	[LOST] = EVENT("recovery.check_lost", check_turned,
		       "Recovery check {number} ({what}) no longer holds: its alert fired again.",
		       broken_evolve),
	END_EVENTS,
};

#define VERB(word, button, hint, table, body, fn)                                                  \
	{                                                                                          \
		.noun = "recovery", .name = word, .label = button, .help = hint,                   \
		.needs = RIGHT_RESPOND, .fields = table, .size = sizeof(struct body), .decide = fn \
	}
static const struct verb recovery_verbs[] = {
	VERB("check", "State a recovery check",
	     "Say what shows that it works again, and for how long it must.", check_new_fields,
	     check_new, check_decide),
	VERB("held", "It holds", "You looked just now and the check holds.", held_fields, look,
	     held_decide),
	VERB("failed", "It does not hold", "You looked just now and the check does not hold.",
	     failed_fields, look, failed_decide),
	VERB("drop", "Drop the check", "Say that a check no longer counts, and why.", drop_fields,
	     drop, drop_decide),
	END_VERBS,
};

extern const struct module recovery_module;
const struct module recovery_module = {
	.name = "recovery",
	.stream = &incident_stream,
	.verbs = recovery_verbs,
	.events = recovery_events,
	.due = recovery_due,
	.tick = recovery_tick,
};
