/* SPDX-License-Identifier: Apache-2.0 */
/* freeze_gate: see freeze_gate.h. What is frozen: freeze.c. How the answer reads: freeze_answer.c. */
#include "core/freeze_gate.h"

#include "core/freeze.h"

const struct field gate_ask_fields[] = {
	FIELD(gate_ask, what, "the change, such as deploy v231", .max = 500),
	FIELD(gate_ask, services, "the services it touches; without one it may touch anything",
	      .max = 50, .suggest = "service"),
	FIELD(gate_ask, environment, "where it goes, such as production", .max = 100),
	FIELD(gate_ask, who, "who wants it, as the pipeline names them", .max = 200),
	FIELD(gate_ask, link, "where to see it", .max = 1000),
	FIELD(gate_ask, via, "by which way it is asked: cli, github", .max = 40),
	FIELD(gate_ask, rollback, "it takes an older state back: always passes"),
	FIELD(gate_ask, passed, "it passed at this time, when nobody could be asked"),
	END,
};

/* Looking */

/* The running one; of a moment that has passed, the one that ran then. */
static bool was_under_way(const struct mitigation *m, const struct gate_ask *ask, int64_t at_ms)
{
	if (!ask->passed.ms)
		return m->state == MITIGATION_RUNNING && at_ms < m->lease.ms;
	return m->started.ms && m->started.ms <= at_ms && at_ms < m->lease.ms &&
	       (!m->ended.ms || at_ms < m->ended.ms);
}

/* One of the two texts holds the other as a whole. A single word is too little: "roll back from v231 to v230" does not let
 * v231 pass. */
static bool is_same_change(struct str one, struct str other)
{
	if (one.len < other.len)
		return is_same_change(other, one);
	other = str_trim(other);
	return str_eq_nocase(str_trim(one), other) ||
	       (str_find(other, STR(" ")) != SIZE_MAX && freeze_names(one, other));
}

static bool touches(const struct mitigation *m, struct str service)
{
	for (size_t i = 0; i < m->services.len; i++)
		if (str_eq_nocase(m->services.at[i], service))
			return true;
	return !m->services.len;
}

static const struct mitigation *under_way(const struct incident *inc, const struct gate_ask *ask,
					  struct str service, int64_t at_ms)
{
	LIST_EACH (m, &inc->mitigations)
		if (was_under_way(m, ask, at_ms) && touches(m, service) &&
		    is_same_change(m->what, ask->what))
			return m;
	return NULL;
}

/* Why this freeze lets the change touch this service; empty: it does not. */
static struct str why_allowed(const struct gate_look *l, const struct freeze *f,
			      const struct gate_ask *ask, struct str service)
{
	int64_t at_ms = ask->passed.ms ? ask->passed.ms : l->now_ms;
	struct str word = freeze_allowed(f, ask->what);
	const struct freeze_pass *pass = freeze_passed(f, service, ask->what);
	const struct mitigation *fix = under_way(l->incident, ask, service, at_ms);
	if (word.len)
		return str_fmt(l->arena, "the freeze allows \"" STR_FMT "\"", STR_ARG(word));
	if (pass)
		return str_fmt(l->arena, STR_FMT " let it pass: " STR_FMT,
			       STR_ARG(roster_name(l->roster, pass->by.id)), STR_ARG(pass->reason));
	if (fix)
		return str_fmt(l->arena, "it is mitigation %lld, which " STR_FMT " is at",
			       (long long)fix->number,
			       STR_ARG(roster_name(l->roster, fix->run_by.id)));
	return (struct str){ NULL, 0 };
}

/* How one freeze takes the change. */
enum taken { NOT_CONCERNED, ALLOWED, STOPPED };

static enum taken take(const struct gate_look *l, const struct freeze *f,
		       const struct gate_ask *ask, struct str *because)
{
	struct str any = { NULL, 0 };
	struct strs one = { &any, 1 };
	const struct strs *services = ask->services.len ? &ask->services : &one;
	enum taken taken = NOT_CONCERNED;
	for (size_t i = 0; i < services->len; i++) {
		if (!freeze_concerns(f, services->at[i]))
			continue;
		*because = why_allowed(l, f, ask, services->at[i]);
		if (!because->len)
			return STOPPED;
		taken = ALLOWED;
	}
	return taken;
}

static bool is_on_then(const struct freeze *f, const struct gate_ask *ask, int64_t now_ms)
{
	if (!ask->passed.ms)
		return freeze_is_on(f, now_ms);
	return f->since.ms <= ask->passed.ms && freeze_is_on(f, ask->passed.ms);
}

static void keep_stop(const struct gate_look *l, const struct freeze *f, struct str because,
		      struct gate_stop *out)
{
	out->incident = l->incident->id;
	out->title = str_copy(l->arena, l->incident->title);
	out->freeze = f->number;
	out->reason = str_copy(l->arena, f->reason);
	out->services = strs_copy(l->arena, &f->services);
	out->until = f->until;
	out->because = because;
}

bool gate_ask_incident(const struct gate_look *l, const struct gate_ask *ask, struct gate_stop *out)
{
	enum taken most = NOT_CONCERNED;
	*out = (struct gate_stop){ 0 };
	LIST_EACH (f, &l->incident->freezes) {
		struct str because = { NULL, 0 };
		enum taken taken = is_on_then(f, ask, l->now_ms) ? take(l, f, ask, &because)
								 : NOT_CONCERNED;
		if (taken == NOT_CONCERNED || taken < most)
			continue;
		most = taken;
		keep_stop(l, f, because, out);
	}
	if (most == NOT_CONCERNED)
		return false;
	if (ask->rollback)
		out->verdict = GATE_ROLLED_BACK;
	else if (most == ALLOWED)
		out->verdict = GATE_LET_THROUGH;
	else
		out->verdict = ask->passed.ms ? GATE_UNASKED : GATE_REFUSED;
	return true;
}

/* Telling the timeline */

struct asked {
	int64_t number, freeze;
	int verdict;
	struct str what, environment, who, link, via, because, reason;
	struct strs services;
	struct when until, passed;
};
static const struct field asked_fields[] = {
	FIELD(asked, number, "the entry's number"),
	CHOICE(asked, verdict, gate_verdict, "what the gate answered"),
	FIELD(asked, freeze, "the freeze's number"),
	FIELD(asked, what, "the change"),
	FIELD(asked, services, "the services it touches"),
	FIELD(asked, environment, "where it goes"),
	FIELD(asked, who, "who asked"),
	FIELD(asked, link, "where to see it"),
	FIELD(asked, via, "by which way it was asked"),
	FIELD(asked, because, "why it passed"),
	FIELD(asked, reason, "why changes are frozen"),
	FIELD(asked, until, "until when changes are frozen"),
	FIELD(asked, passed, "when it passed without an answer"),
	END,
};
struct full {
	int64_t entries;
};
static const struct field full_fields[] = {
	FIELD(full, entries, "how many are listed"),
	END,
};

static const struct field lost_fields[] = {
	FIELD(gate_lost, what, "the change", .max = 500),
	FIELD(gate_lost, environment, "where it goes", .max = 300),
	FIELD(gate_lost, trouble, "what was wrong", .max = 1000),
	END,
};

static void on_asked(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct asked *b = event->body;
	struct gate_entry *g = INCIDENT_ITEM(inc->gate, b->number);
	if (!g) {
		g = LIST_ADD(inc->arena, &inc->gate);
		*g = (struct gate_entry){ .number = (int64_t)inc->gate.len,
					  .freeze = b->freeze,
					  .verdict = b->verdict,
					  .what = incident_keep(inc, b->what),
					  .environment = incident_keep(inc, b->environment),
					  .who = incident_keep(inc, b->who),
					  .link = incident_keep(inc, b->link),
					  .via = incident_keep(inc, b->via),
					  .because = incident_keep(inc, b->because),
					  .services = incident_keep_all(inc, &b->services),
					  .first.ms = event->happened_ms };
	}
	g->last.ms = event->happened_ms;
	g->told++;
}

static void on_told(__attribute__((unused)) void *state,
		    __attribute__((unused)) const struct event *event)
{
}

enum { REFUSED, REFUSED_AGAIN, LET_THROUGH, ROLLED_BACK, UNASKED, FULL, LOST };
#define CHANGE "{what}[ on {services}][ in {environment}]"
#define UNSEEN "[ It began at {passed}, while Aplomb could not be asked.]"
static const struct event_type gate_events[] = {
	[REFUSED] = { "changes.refused", 1, asked_fields, sizeof(struct asked), CLEAR_INTERNAL,
		      "{who} was refused at the gate: " CHANGE
		      ". Changes are frozen until {until}: {reason}.",
		      on_asked },
	[REFUSED_AGAIN] = { "changes.refused_again", 1, asked_fields, sizeof(struct asked),
			    CLEAR_INTERNAL,
			    "{who} was refused again at the gate: " CHANGE
			    ". Changes are frozen until {until}.",
			    on_asked },
	[LET_THROUGH] = { "changes.let_through", 1, asked_fields, sizeof(struct asked),
			  CLEAR_INTERNAL,
			  "The gate let {who} through the freeze: " CHANGE "; {because}." UNSEEN,
			  on_asked },
	[ROLLED_BACK] = { "changes.rolled_back_through", 1, asked_fields, sizeof(struct asked),
			  CLEAR_INTERNAL,
			  "{who} rolled back through the freeze: " CHANGE
			  ". A rollback always passes." UNSEEN,
			  on_asked },
	[UNASKED] = { "changes.passed_unasked", 1, asked_fields, sizeof(struct asked),
		      CLEAR_INTERNAL,
		      "{who} changed something at {passed} although changes were frozen, while "
		      "Aplomb could not be asked: " CHANGE ".",
		      on_asked },
	[FULL] = { "changes.gate_full", 1, full_fields, sizeof(struct full), CLEAR_INTERNAL,
		   "So many changes were refused ({entries}) that further ones are not listed.",
		   on_told },
	[LOST] = { "changes.answer_lost", 1, lost_fields, sizeof(struct gate_lost), CLEAR_INTERNAL,
		   "The gate's answer to {what}[ in {environment}] did not get through: {trouble}. "
		   "It waits there for an answer.",
		   on_told },
	END_EVENTS,
};

static bool same_texts(const struct strs *a, const struct strs *b)
{
	for (size_t i = 0; i < a->len; i++)
		if (i >= b->len || !str_eq(a->at[i], b->at[i]))
			return false;
	return a->len == b->len;
}

static const struct gate_entry *find_entry(const struct incident *inc, const struct asked *b)
{
	LIST_EACH (g, &inc->gate)
		if (g->verdict == b->verdict && g->freeze == b->freeze &&
		    str_eq(g->what, b->what) && str_eq(g->via, b->via) &&
		    str_eq(g->environment, b->environment) &&
		    same_texts(&g->services, &b->services))
			return g;
	return NULL;
}

static size_t count_refused(const struct incident *inc)
{
	size_t n = 0;
	LIST_EACH (g, &inc->gate)
		n += g->verdict == GATE_REFUSED;
	return n;
}

static struct str or_else(struct str text, const char *otherwise)
{
	text = str_trim(text);
	return text.len ? text : str_of(otherwise);
}

static int event_of(int verdict, bool is_known)
{
	switch ((enum gate_verdict)verdict) {
	case GATE_LET_THROUGH:
		return LET_THROUGH;
	case GATE_ROLLED_BACK:
		return ROLLED_BACK;
	case GATE_UNASKED:
		return UNASKED;
	case GATE_OPEN:
	case GATE_REFUSED:
		break;
	}
	return is_known ? REFUSED_AGAIN : REFUSED;
}

static struct asked body_of(const struct gate_ask *ask, const struct gate_stop *stop,
			    const struct facts *facts)
{
	struct str actor = facts->actor.len ? roster_name(facts->roster, facts->actor)
					    : (struct str){ NULL, 0 };
	return (struct asked){
		.freeze = stop->freeze,
		.verdict = stop->verdict,
		.what = or_else(ask->what, ask->rollback ? "a rollback" : "a change"),
		.environment = ask->environment,
		.who = ask->who.len ? ask->who : (actor.len ? actor : STR("A pipeline")),
		.link = ask->link,
		.via = ask->via,
		.because = stop->because,
		.reason = stop->reason,
		.services = ask->services,
		.until = stop->until,
		.passed = ask->passed
	};
}

/* Was it told so lately that once is enough? */
static bool is_told(const struct gate_entry *known, int64_t at_ms)
{
	int64_t apart_ms = known ? at_ms - known->last.ms : GATE_FOLD_MS;
	return apart_ms < GATE_FOLD_MS && apart_ms > -GATE_FOLD_MS;
}

static int decide_ask(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, __attribute__((unused)) struct err *e)
{
	const struct incident *inc = state;
	struct gate_ask ask = *(const struct gate_ask *)cmd->fields;
	struct gate_look look = { inc, facts->roster, facts->now_ms, d->arena };
	struct gate_stop stop;
	if (ask.passed.ms > facts->now_ms)
		ask.passed.ms = facts->now_ms;
	if (!gate_ask_incident(&look, &ask, &stop))
		return 0;
	struct asked body = body_of(&ask, &stop, facts);
	const struct gate_entry *known = find_entry(inc, &body);
	size_t refused = count_refused(inc);
	int64_t at_ms = ask.passed.ms ? ask.passed.ms : facts->now_ms;
	if (is_told(known, at_ms) ||
	    (!known && body.verdict == GATE_REFUSED && refused >= GATE_ENTRIES_MAX))
		return 0;
	body.number = known ? known->number : (int64_t)inc->gate.len + 1;
	*(struct asked *)decision_add(d, &gate_events[event_of(body.verdict, known)]) = body;
	d->events.at[d->events.len - 1].happened_ms = at_ms;
	if (!known && body.verdict == GATE_REFUSED && refused + 1 == GATE_ENTRIES_MAX)
		((struct full *)decision_add(d, &gate_events[FULL]))->entries = GATE_ENTRIES_MAX;
	return 0;
}

static int decide_lose(__attribute__((unused)) const void *state,
		       __attribute__((unused)) const struct facts *facts, const struct command *cmd,
		       struct decision *d, __attribute__((unused)) struct err *e)
{
	*(struct gate_lost *)decision_add(
		d, &gate_events[LOST]) = *(const struct gate_lost *)cmd->fields;
	return 0;
}

static const struct verb gate_verbs[] = {
	{ "freeze", "ask", NULL, "Ask whether a change may go out",
	  "Answers a pipeline, and tells what was refused or let through.", RIGHT_NONE, INTERNAL,
	  gate_ask_fields, sizeof(struct gate_ask), decide_ask },
	{ "freeze", "lose", NULL, "Tell that an answer did not get through",
	  "Tells who looks after the incident that a pipeline still waits.", RIGHT_ADMIN, INTERNAL,
	  lost_fields, sizeof(struct gate_lost), decide_lose },
	END_VERBS,
};

extern const struct module freeze_gate_module;
const struct module freeze_gate_module = {
	.name = "gate",
	.stream = &incident_stream,
	.verbs = gate_verbs,
	.events = gate_events,
};
