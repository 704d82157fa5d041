/* SPDX-License-Identifier: Apache-2.0 */
/* mitigation: one change at a time, proposed with the way back, held by a lease while it runs. The rules that
 * stand before a start are in mitigation_guard.c; whether it helped is recovery.c. */
#include "core/mitigation.h"

#include "core/phrase.h"

enum { WHAT_MAX_BYTES = 500 };				/* one change in a sentence */
static const int64_t max_lease_ms = 24LL * 3600 * 1000; /* whoever needs longer renews it */

enum { PROPOSED, APPROVED, STARTED, RENEWED, DONE, UNDONE, WITHDRAWN, LAPSED, EVENTS };
static const struct event_type mitigation_events[EVENTS + 1];

struct mitigation_proposed {
	int64_t number;
	struct str what, undo;
	int kind;
	struct strs services;
};
static const struct field mitigation_proposed_fields[] = {
	FIELD(mitigation_proposed, number, "its number"),
	FIELD(mitigation_proposed, what, "the change"),
	CHOICE(mitigation_proposed, kind, mitigation_kind, "what kind of change it is"),
	FIELD(mitigation_proposed, services, "what it touches"),
	FIELD(mitigation_proposed, undo, "how to take it back"),
	END,
};
struct mitigation_approved {
	int64_t number;
	struct str what;
};
static const struct field mitigation_approved_fields[] = {
	FIELD(mitigation_approved, number, "its number"),
	FIELD(mitigation_approved, what, "the change"),
	END,
};
/* Also a renewal's. */
struct mitigation_started {
	int64_t number;
	struct str what, undo;
	struct strs services;
	struct when lease;
};
static const struct field mitigation_started_fields[] = {
	FIELD(mitigation_started, number, "its number"),
	FIELD(mitigation_started, what, "the change"),
	FIELD(mitigation_started, services, "what it touches"),
	FIELD(mitigation_started, undo, "how to take it back"),
	FIELD(mitigation_started, lease, "until when it holds its place"),
	END,
};
struct mitigation_ended {
	int64_t number;
	struct str what, outcome;
};
static const struct field mitigation_ended_fields[] = {
	FIELD(mitigation_ended, number, "its number"),
	FIELD(mitigation_ended, what, "the change"),
	FIELD(mitigation_ended, outcome, "how it went, or why it ended"),
	END,
};
struct mitigation_lapsed {
	int64_t number;
	struct str what;
	struct person run_by;
	struct when started;
};
static const struct field mitigation_lapsed_fields[] = {
	FIELD(mitigation_lapsed, number, "its number"),
	FIELD(mitigation_lapsed, what, "the change"),
	FIELD(mitigation_lapsed, run_by, "who started it"),
	FIELD(mitigation_lapsed, started, "when it started"),
	END,
};

/* Picking one: states as a set of bits */

#define IN(state) (1u << (MITIGATION_##state))

static struct str states_text(struct arena *a, unsigned states)
{
	struct buf b = BUF(a);
	for (int i = 0; mitigation_state_names[i]; i++)
		if (states & 1u << i)
			buf_fmt(&b, "%s%s", b.len ? " or " : "", mitigation_state_names[i]);
	return buf_str(&b);
}

/* The only one in these states; several must be told apart by number. */
static const struct mitigation *pick_only(const struct incident *inc, unsigned states,
					  struct arena *a, struct err *e)
{
	const struct mitigation *found = NULL;
	struct buf numbers = BUF(a);
	size_t count = 0;
	LIST_EACH (m, &inc->mitigations) {
		if (!(states & 1u << m->state))
			continue;
		buf_fmt(&numbers, "%s%lld", count++ ? ", " : "", (long long)m->number);
		found = m;
	}
	struct str all = buf_str(&numbers), words = states_text(a, states);
	if (count == 1)
		return found;
	if (count) {
		err_field(e, "mitigation",
			  "Several mitigations are " STR_FMT ": " STR_FMT ". Say which.",
			  STR_ARG(words), STR_ARG(all));
		return NULL;
	}
	err_refuse(e, ERR_NOT_FOUND, "No mitigation is " STR_FMT ".", STR_ARG(words));
	err_next(e, "Propose one first: what you would change, and how to take it back.");
	return NULL;
}

/* `number` 0 means the only one in these states. */
static const struct mitigation *pick(const struct incident *inc, int64_t number, unsigned states,
				     struct arena *a, struct err *e)
{
	const struct mitigation *m = INCIDENT_ITEM(inc->mitigations, number);
	if (!number)
		return pick_only(inc, states, a, e);
	if (!m) {
		phrase_no_item("mitigation", number, inc->mitigations.len, e);
		return NULL;
	}
	if (states & 1u << m->state)
		return m;
	err_refuse(e, ERR_CONFLICT, "Mitigation %lld is %s.", (long long)number,
		   mitigation_state_names[m->state]);
	err_next(e, "This can be said only of one that is " STR_FMT ".",
		 STR_ARG(states_text(a, states)));
	return NULL;
}

static bool any_in(const struct incident *inc, unsigned states)
{
	LIST_EACH (m, &inc->mitigations)
		if (states & 1u << m->state)
			return true;
	return false;
}

static int lease_until(const struct facts *facts, struct span lasts, struct when *until,
		       struct err *e)
{
	if (lasts.ms < 0 || lasts.ms > max_lease_ms)
		return err_field(e, "lasts",
				 "A change holds its place for at most 24 hours at a time.");
	until->ms = facts->now_ms + (lasts.ms ? lasts.ms : facts->policy->lease_ms);
	return 0;
}

/* Verbs */

struct propose {
	struct str what, undo;
	int kind;
	struct strs services;
};
static const struct field propose_fields[] = {
	FIELD(propose, what, "what you would change", .required = true, .max = WHAT_MAX_BYTES),
	CHOICE(propose, kind, mitigation_kind, "what kind of change it is"),
	FIELD(propose, services, "what it touches", .suggest = "service"),
	FIELD(propose, undo, "how to take it back", .max = 1000, .lines = 2),
	END,
};
static int propose_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct propose *in = cmd->fields;
	(void)facts;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	struct mitigation_proposed *to = decision_add(d, &mitigation_events[PROPOSED]);
	to->number = d->made = (int64_t)inc->mitigations.len + 1;
	to->what = in->what;
	to->undo = in->undo;
	to->kind = in->kind;
	to->services = in->services;
	return 0;
}

struct approve {
	int64_t mitigation;
};
static const struct field approve_fields[] = {
	FIELD(approve, mitigation, "its number", .required = true),
	END,
};
static int approve_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct approve *in = cmd->fields;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	const struct mitigation *m = pick(inc, in->mitigation, IN(PROPOSED), d->arena, e);
	if (!m || mitigation_guard_approve(inc, facts, cmd, d, e))
		return -1;
	struct mitigation_approved *to = decision_add(d, &mitigation_events[APPROVED]);
	to->number = m->number;
	to->what = m->what;
	return 0;
}

static void lapse(struct decision *d, const struct mitigation *m)
{
	struct mitigation_lapsed *to = decision_add(d, &mitigation_events[LAPSED]);
	*to = (struct mitigation_lapsed){ m->number, m->what, m->run_by, m->started };
}

static void lapse_overdue(const struct incident *inc, int64_t now_ms, struct decision *d)
{
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_RUNNING && m->lease.ms <= now_ms)
			lapse(d, m);
}

struct start {
	int64_t mitigation;
	struct span lasts;
	struct str undo;
};
static const struct field start_fields[] = {
	FIELD(start, mitigation, "its number; may be left out if only one waits"),
	FIELD(start, lasts, "how long it may hold its place, such as 20m"),
	FIELD(start, undo, "how to take it back, if that is not written down yet", .max = 1000,
	      .lines = 2),
	END,
};
static int start_decide(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct start *in = cmd->fields;
	unsigned waiting = IN(PROPOSED) | IN(APPROVED);
	struct when lease = { 0 };
	if (incident_refuse_unless_open(inc, e))
		return -1;
	/* one that lapsed may be taken up again, by name */
	const struct mitigation *m = pick(
		inc, in->mitigation, in->mitigation ? waiting | IN(LAPSED) : waiting, d->arena, e);
	if (!m || lease_until(facts, in->lasts, &lease, e))
		return -1;
	struct mitigation wanted = *m;
	wanted.undo = str_trim(in->undo).len ? in->undo : m->undo;
	struct start_guards g = { inc, facts, cmd, d, &wanted };
	if (mitigation_guard_start(&g, e))
		return -1;
	lapse_overdue(inc, facts->now_ms, d);
	struct mitigation_started *to = decision_add(d, &mitigation_events[STARTED]);
	*to = (struct mitigation_started){ m->number, m->what, wanted.undo, m->services, lease };
	return 0;
}

struct renew {
	struct span lasts;
	int64_t mitigation;
};
static const struct field renew_fields[] = {
	FIELD(renew, lasts, "how much longer from now, such as 20m"),
	FIELD(renew, mitigation, "its number; the running one if left out"),
	END,
};
static int renew_decide(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct renew *in = cmd->fields;
	struct when lease = { 0 };
	if (incident_refuse_unless_open(inc, e))
		return -1;
	const struct mitigation *m = pick(inc, in->mitigation, IN(RUNNING), d->arena, e);
	if (!m || lease_until(facts, in->lasts, &lease, e))
		return -1;
	struct mitigation_started *to = decision_add(d, &mitigation_events[RENEWED]);
	*to = (struct mitigation_started){ m->number, m->what, m->undo, m->services, lease };
	return 0;
}

static int end(struct decision *d, int type, const struct mitigation *m, struct str outcome)
{
	if (!m)
		return -1;
	struct mitigation_ended *to = decision_add(d, &mitigation_events[type]);
	*to = (struct mitigation_ended){ m->number, m->what, outcome };
	return 0;
}

struct done {
	struct str outcome;
	int64_t mitigation;
};
static const struct field done_fields[] = {
	FIELD(done, outcome, "how it went: what you see now", .required = true, .max = 1000,
	      .lines = 2),
	FIELD(done, mitigation, "its number; the running one if left out"),
	END,
};
static int done_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct done *in = cmd->fields;
	unsigned states = IN(RUNNING) | IN(LAPSED);
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!in->mitigation && any_in(inc, IN(RUNNING)))
		states = IN(RUNNING);
	return end(d, DONE, pick(inc, in->mitigation, states, d->arena, e), in->outcome);
}

struct undo {
	struct str reason;
	int64_t mitigation;
};
static const struct field undo_fields[] = {
	FIELD(undo, reason, "why it was taken back", .required = true, .max = 1000, .lines = 2),
	FIELD(undo, mitigation, "its number; the running one if left out"),
	END,
};
static int undo_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct undo *in = cmd->fields;
	unsigned states = IN(RUNNING) | IN(DONE) | IN(LAPSED);
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!in->mitigation && any_in(inc, IN(RUNNING)))
		states = IN(RUNNING);
	return end(d, UNDONE, pick(inc, in->mitigation, states, d->arena, e), in->reason);
}

struct withdraw {
	int64_t mitigation;
	struct str reason;
};
static const struct field withdraw_fields[] = {
	FIELD(withdraw, mitigation, "its number", .required = true),
	FIELD(withdraw, reason, "why it is no longer wanted", .max = 1000),
	END,
};
static int withdraw_decide(const void *state, const struct facts *facts, const struct command *cmd,
			   struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct withdraw *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct mitigation *m = pick(inc, in->mitigation,
					  IN(PROPOSED) | IN(APPROVED) | IN(LAPSED), d->arena, e);
	return end(d, WITHDRAWN, m, in->reason);
}

/* Due */

static int64_t mitigation_due(const void *state)
{
	const struct incident *inc = state;
	int64_t first = NOTHING_DUE;
	if (incident_has_ended(inc))
		return NOTHING_DUE;
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_RUNNING && m->lease.ms < first)
			first = m->lease.ms;
	return first;
}

static void mitigation_tick(const void *state, const struct facts *facts, struct decision *d)
{
	const struct incident *inc = state;
	if (!incident_has_ended(inc))
		lapse_overdue(inc, facts->now_ms, d);
}

/* Events */

static void proposed_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct mitigation_proposed *body = event->body;
	if (body->number != (int64_t)inc->mitigations.len + 1)
		return;
	struct mitigation *m = LIST_ADD(inc->arena, &inc->mitigations);
	m->number = body->number;
	m->what = incident_keep(inc, body->what);
	m->undo = incident_keep(inc, body->undo);
	m->kind = body->kind;
	m->services = incident_keep_all(inc, &body->services);
	m->state = MITIGATION_PROPOSED;
	m->proposed.ms = event->happened_ms;
	m->by.id = incident_keep(inc, event->actor);
}

static void approved_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct mitigation_approved *body = event->body;
	struct mitigation *m = INCIDENT_ITEM(inc->mitigations, body->number);
	if (!m)
		return;
	m->state = MITIGATION_APPROVED;
	m->approved.ms = event->happened_ms;
	m->approved_by.id = incident_keep(inc, event->actor);
}

static void move(struct incident *inc, const struct event *event)
{
	if (!inc->moved.ms)
		inc->moved.ms = event->happened_ms;
}

static void started_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct mitigation_started *body = event->body;
	struct mitigation *m = INCIDENT_ITEM(inc->mitigations, body->number);
	if (!m)
		return;
	m->state = MITIGATION_RUNNING;
	m->undo = incident_keep(inc, body->undo);
	m->started.ms = event->happened_ms;
	m->lease = body->lease;
	m->run_by.id = incident_keep(inc, event->actor);
	move(inc, event);
}

static void renewed_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct mitigation_started *body = event->body;
	struct mitigation *m = INCIDENT_ITEM(inc->mitigations, body->number);
	if (m)
		m->lease = body->lease;
}

static bool ended_evolve(struct incident *inc, const struct event *event, int to_state)
{
	const struct mitigation_ended *body = event->body;
	struct mitigation *m = INCIDENT_ITEM(inc->mitigations, body->number);
	if (!m)
		return false;
	m->state = to_state;
	m->ended.ms = event->happened_ms;
	m->outcome = incident_keep(inc, body->outcome);
	return true;
}

static void done_evolve(void *state, const struct event *event)
{
	if (ended_evolve(state, event, MITIGATION_DONE))
		move(state, event);
}

static void undone_evolve(void *state, const struct event *event)
{
	if (ended_evolve(state, event, MITIGATION_UNDONE))
		move(state, event);
}

static void withdrawn_evolve(void *state, const struct event *event)
{
	ended_evolve(state, event, MITIGATION_WITHDRAWN);
}

static void lapsed_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct mitigation_lapsed *body = event->body;
	struct mitigation *m = INCIDENT_ITEM(inc->mitigations, body->number);
	if (m)
		m->state = MITIGATION_LAPSED;
}

#define EVENT(wire, body, words, fn)                                                              \
	{                                                                                         \
		.name = wire, .version = 1, .fields = body##_fields, .size = sizeof(struct body), \
		.clearance = CLEAR_INTERNAL, .sentence = words, .evolve = fn                      \
	}
static const struct event_type mitigation_events[EVENTS + 1] = {
	[PROPOSED] = EVENT("mitigation.proposed", mitigation_proposed,
			   "{actor} proposed mitigation {number}: {what}[ on {services}].[ To undo "
			   "it: {undo}.]",
			   proposed_evolve),
	[APPROVED] = EVENT("mitigation.approved", mitigation_approved,
			   "{actor} approved mitigation {number}: {what}.", approved_evolve),
	[STARTED] = EVENT("mitigation.started", mitigation_started,
			  "{actor} started mitigation {number}: {what}[ on {services}]. It holds "
			  "its place until "
			  "{lease}.",
			  started_evolve),
	[RENEWED] = EVENT("mitigation.renewed", mitigation_started,
			  "{actor} needs longer for mitigation {number} ({what}): until {lease}.",
			  renewed_evolve),
	[DONE] = EVENT("mitigation.done", mitigation_ended,
		       "{actor} finished mitigation {number} ({what}): {outcome}.", done_evolve),
	[UNDONE] = EVENT("mitigation.undone", mitigation_ended,
			 "{actor} took back mitigation {number} ({what}): {outcome}.",
			 undone_evolve),
	[WITHDRAWN] = EVENT("mitigation.withdrawn", mitigation_ended,
			    "{actor} withdrew mitigation {number} ({what})[: {outcome}].",
			    withdrawn_evolve),
	[LAPSED] = EVENT("mitigation.lapsed", mitigation_lapsed,
			 "Mitigation {number} ({what}): nobody has said how it went since {run_by} "
			 "started it at "
			 "{started}; it no longer blocks others.",
			 lapsed_evolve),
	END_EVENTS,
};

#define VERB(word, button, hint, t, body, fn)                                      \
	{                                                                          \
		.noun = "mitigation", .name = word, .label = button, .help = hint, \
		.needs = RIGHT_RESPOND, .traits = t, .fields = body##_fields,      \
		.size = sizeof(struct body), .decide = fn                          \
	}
static const struct verb mitigation_verbs[] = {
	VERB("propose", "Propose a mitigation",
	     "Say what you would change, and how to take it back.", 0, propose, propose_decide),
	VERB("approve", "Approve", "Agree that this change is made; for SEV 1 and 2 the lead does.",
	     NEEDS_FRESH, approve, approve_decide),
	VERB("start", "Start", "Say that you begin the change now; one runs at a time.",
	     NEEDS_FRESH | DANGEROUS, start, start_decide),
	VERB("renew", "Keep going", "Say that the running change needs longer.", 0, renew,
	     renew_decide),
	VERB("done", "Done", "Say that the change is made, and how it went.", 0, done, done_decide),
	VERB("undo", "Taken back", "Say that the change was taken back, and why.", 0, undo,
	     undo_decide),
	VERB("withdraw", "Withdraw", "Take back a proposal.", 0, withdraw, withdraw_decide),
	END_VERBS,
};

extern const struct module mitigation_module;
const struct module mitigation_module = {
	.name = "mitigation",
	.stream = &incident_stream,
	.verbs = mitigation_verbs,
	.events = mitigation_events,
	.due = mitigation_due,
	.tick = mitigation_tick,
};
