/* SPDX-License-Identifier: Apache-2.0 */
/* bench: the pure core on a test bench. A program includes this once; all is static.
 *     struct bench b; bench_open(&b);
 *     bench_declare(&b);                              INC-1, sev2, checkout, ana leads
 *     bench_yes(&b, "bob", "note add", "text=DB is fine|at=-5m");
 *     bench_no(&b, "bob", "role take", "role=lead", ERR_GUARD, "one-lead");
 *     assert_str(bench_said(&b), "Bob noted: DB is fine.");
 *     bench_close(&b);
 * Fields are parted by '|'; "because=..." is the override reason, "accept=..." the guards it is for. People: ana, bob, cleo
 * (responders), vic (viewer), root (admin). Always checked: decide leaves the state as it was and
 * adds nothing when it refuses; a body survives encode and decode; the fold of all events from
 * their text equals the fold step by step; after a tick nothing is due. */
#ifndef APLOMB_TEST_BENCH_H
#define APLOMB_TEST_BENCH_H
#include <string.h>

#include "base/when.h"
#include "core/core.h"
#include "core/event.h"
#include "core/tell.h"
#include "test.h"

#define BENCH_FN __attribute__((unused)) static
enum { BENCH_MINUTE_MS = 60000 };

struct bench {
	struct arena arena, folded; /* all that a test keeps; the states */
	struct incident incident;   /* INC-1 */
	struct desk desk;
	LIST_OF(struct event)
	events; /* of both streams, in order; bodies as decoded from their text */
	struct roster roster;
	struct policy policy;
	LIST_OF(struct alert_fact) alerts;  /* what facts->alerts offers */
	LIST_OF(struct open_incident) open; /* what facts->open offers */
	LIST_OF(struct follow) follows;	    /* what the last command left for other streams */
	int64_t now_ms, made;
	struct err err;
};

BENCH_FN void bench_person(struct bench *b, const char *id, const char *name, enum right right)
{
	struct roster_person *p = LIST_ADD(&b->arena, &b->roster.people);
	*p = (struct roster_person){ str_of(id), str_of(id), str_of(name), right };
}

/* 2026-11-23 14:00 UTC, nothing declared. */
BENCH_FN void bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->incident.arena = b->desk.arena = &b->folded;
	b->policy = policy_default;
	assert_true(when_parse_rfc3339(STR("2026-11-23T14:00:00Z"), &b->now_ms));
	bench_person(b, "ana", "Ana", RIGHT_RESPOND);
	bench_person(b, "bob", "Bob", RIGHT_RESPOND);
	bench_person(b, "cleo", "Cleo", RIGHT_RESPOND);
	bench_person(b, "vic", "Vic", RIGHT_VIEW);
	bench_person(b, "root", "Root", RIGHT_ADMIN);
}

BENCH_FN void bench_close(struct bench *b)
{
	arena_clear(&b->folded);
	arena_clear(&b->arena);
}

/* An alert that commands may cite from now on, or its newest state. */
BENCH_FN void bench_alert(struct bench *b, const char *fingerprint, const char *service,
			  bool firing)
{
	struct alert_fact *a = NULL;
	LIST_EACH (x, &b->alerts)
		if (str_is(x->fingerprint, fingerprint))
			a = x;
	if (!a)
		(a = LIST_ADD(&b->arena, &b->alerts))->started_ms = b->now_ms;
	*a = (struct alert_fact){
		.fingerprint = str_of(fingerprint),
		.name = str_of(fingerprint),
		.service = str_of(service),
		.summary = STR("p99 above 1 s"),
		.started_ms = a->started_ms,
		.is_firing = firing,
	};
}

BENCH_FN struct facts bench_facts(const struct bench *b, const char *who)
{
	const struct roster_person *p = roster_find(&b->roster, str_of(who));
	return (struct facts){
		.now_ms = b->now_ms,
		.actor = str_of(who),
		.right = p ? p->right : RIGHT_NONE,
		.roster = &b->roster,
		.policy = &b->policy,
		.alerts = b->alerts.at,
		.alert_count = b->alerts.len,
		.open = (const struct list *)(const void *)&b->open,
	};
}

BENCH_FN const struct stream_type *bench_stream(int64_t stream)
{
	return stream == DESK_STREAM ? &desk_stream : &incident_stream;
}

BENCH_FN void *bench_state(struct bench *b, int64_t stream)
{
	return stream == DESK_STREAM ? (void *)&b->desk : (void *)&b->incident;
}

BENCH_FN void bench_check_fold(const struct bench *b)
{
	ARENA(a);
	struct incident inc = { .arena = &a };
	struct desk desk = { .arena = &a };
	LIST_EACH (e, &b->events)
		core_evolve(bench_stream(e->stream), e->stream ? (void *)&inc : (void *)&desk, e);
	assert_true(fields_equal(incident_fields, &inc, &b->incident));
	assert_true(fields_equal(desk_fields, &desk, &b->desk));
}

BENCH_FN const void *bench_through_text(struct bench *b, const struct event *e)
{
	struct err err = { 0 };
	const void *body = NULL;
	struct str text = event_encode(&b->arena, e);
	if (event_decode(&b->arena, e->type, text, &body, &err))
		fail_msg("%s: %s: " STR_FMT, e->type->name, err.text, STR_ARG(text));
	assert_true(fields_equal(e->type->fields, e->body, body));
	struct event again = *e;
	again.body = body;
	assert_true(str_eq(event_encode(&b->arena, &again), text));
	return body;
}

/* With a body that is gone right afterwards: what evolve does not copy, the sanitizer finds. */
BENCH_FN void bench_evolve(struct bench *b, struct event e)
{
	ARENA(a);
	void *body = arena_alloc(&a, e.type->size);
	fields_copy(e.type->fields, body, e.body, e.type->size, &a);
	e.body = body;
	core_evolve(bench_stream(e.stream), bench_state(b, e.stream), &e);
}

BENCH_FN void bench_append(struct bench *b, int64_t stream, const char *who,
			   const struct decision *d)
{
	for (size_t i = 0; i < d->events.len; i++) {
		const struct pending_event *p = &d->events.at[i];
		struct event e = { .pos = (int64_t)b->events.len + 1,
				   .stream = stream,
				   .type = p->type };
		e.seq = (stream ? b->incident.seq : b->desk.seq) + 1;
		e.recorded_ms = b->now_ms;
		e.happened_ms = p->happened_ms ? p->happened_ms : b->now_ms;
		e.actor = str_of(who);
		e.body = p->body;
		e.body = bench_through_text(b, &e);
		*LIST_ADD(&b->arena, &b->events) = e;
		bench_evolve(b, e);
	}
	bench_check_fold(b);
}

/* decide with the two properties that always hold; `d` has its own arena. */
BENCH_FN int bench_decide(struct bench *b, const struct facts *facts, const struct command *cmd,
			  struct decision *d)
{
	ARENA(a);
	const struct stream_type *type = bench_stream(cmd->stream);
	const struct field *table = cmd->stream ? incident_fields : desk_fields;
	void *state = bench_state(b, cmd->stream);
	void *bytes = arena_alloc(&a, type->state_size), *deep = arena_alloc(&a, type->state_size);
	memcpy(bytes, state, type->state_size);
	fields_copy(table, deep, state, type->state_size, &a);
	b->err = (struct err){ 0 };
	int rc = core_decide(state, facts, cmd, d, &b->err);
	assert_memory_equal(bytes, state, type->state_size);
	assert_true(fields_equal(table, deep, state));
	if (rc) {
		assert_int_equal(d->events.len, 0);
		assert_true(b->err.text[0] != '\0');
	}
	return rc;
}

/* "name=value|..." into the struct; a field that is not there or does not parse ends the test. */
BENCH_FN void bench_fill(struct bench *b, struct command *cmd, void *fields, const char *text)
{
	struct str rest = str_of(*text ? text : NULL), part, name;
	while (str_cut(&rest, '|', &part)) {
		struct err e = { 0 };
		str_cut(&part, '=', &name);
		const struct field *f = field_find(cmd->verb->fields, name);
		if (str_is(name, "because"))
			cmd->override_reason = part;
		else if (str_is(name, "accept"))
			cmd->claim = part;
		else if (!f)
			fail_msg("%s %s has no field " STR_FMT, cmd->verb->noun, cmd->verb->name,
				 STR_ARG(name));
		else if (field_parse(f, fields, part,
				     &(struct reading){ .arena = &b->arena, .now_ms = b->now_ms },
				     &e))
			fail_msg("%s", e.text);
	}
}

/* Runs a verb, INTERNAL ones too. 0, or -1 with b->err. */
BENCH_FN int bench_do(struct bench *b, const char *who, const char *verb, const char *fields)
{
	struct str noun, name = str_of(verb);
	str_cut(&name, ' ', &noun);
	struct command cmd = { .verb = verb_find(noun, name), .actor = str_of(who), .stream = 1 };
	if (!cmd.verb)
		cmd.verb = verb_find_internal(noun, name);
	if (!cmd.verb)
		fail_msg("there is no verb %s", verb);
	if (verb_stream(cmd.verb) == &desk_stream)
		cmd.stream = DESK_STREAM;
	void *values = arena_alloc(&b->arena, cmd.verb->size);
	bench_fill(b, &cmd, values, fields ? fields : "");
	cmd.fields = values;
	ARENA(a);
	struct decision d = { .arena = &a };
	struct facts facts = bench_facts(b, who);
	if (bench_decide(b, &facts, &cmd, &d))
		return -1;
	b->made = d.made;
	b->follows.len = 0;
	for (size_t i = 0; i < d.follows.len; i++) {
		const struct follow *f = &d.follows.at[i];
		void *copy = arena_alloc(&b->arena, f->verb->size);
		fields_copy(f->verb->fields, copy, f->fields, f->verb->size, &b->arena);
		*LIST_ADD(&b->arena, &b->follows) = (struct follow){ f->verb, f->stream, copy };
	}
	bench_append(b, cmd.stream, who, &d);
	return 0;
}

/* What is due now, for both streams; a tick that leaves something due ends the test. */
BENCH_FN void bench_tick(struct bench *b)
{
	for (int64_t stream = 0; stream <= 1; stream++) {
		ARENA(a);
		struct decision d = { .arena = &a };
		struct facts facts = bench_facts(b, "");
		core_tick(bench_stream(stream), bench_state(b, stream), &facts, &d);
		bench_append(b, stream, "", &d);
		assert_true(core_due(bench_stream(stream), bench_state(b, stream)) > b->now_ms);
	}
}

/* Time goes on; what falls due on the way is done at its own time, in order. */
BENCH_FN void bench_later(struct bench *b, int minutes)
{
	int64_t until_ms = b->now_ms + (int64_t)minutes * BENCH_MINUTE_MS;
	for (;;) {
		int64_t desk_due = core_due(&desk_stream, &b->desk);
		int64_t due = core_due(&incident_stream, &b->incident);
		due = desk_due < due ? desk_due : due;
		if (due > until_ms)
			break;
		b->now_ms = due > b->now_ms ? due : b->now_ms;
		bench_tick(b);
	}
	b->now_ms = until_ms;
}

BENCH_FN struct str bench_name(const void *roster, struct str id)
{
	return roster_name(roster, id);
}

/* The sentence of an event, for a reader who may see all but what is private; kept by the bench. */
BENCH_FN struct str bench_tell(struct bench *b, const struct event *e)
{
	struct names names = { .person = bench_name, .ctx = &b->roster, .now_ms = b->now_ms };
	struct buf out = BUF(&b->arena);
	event_tell(e, &names, CLEAR_INTERNAL, &out);
	return buf_str(&out);
}

/* The last sentence on the timeline; empty when there is none. */
BENCH_FN struct str bench_said(struct bench *b)
{
	return b->events.len ? bench_tell(b, &b->events.at[b->events.len - 1]) : STR("");
}

/* How many events of a type there are. */
BENCH_FN int bench_count(const struct bench *b, const char *type)
{
	int n = 0;
	LIST_EACH (e, &b->events)
		n += strcmp(e->type->name, type) == 0;
	return n;
}

/* Does any sentence hold this text? */
BENCH_FN bool bench_told(struct bench *b, const char *text)
{
	LIST_EACH (e, &b->events)
		if (str_find(bench_tell(b, e), str_of(text)) != SIZE_MAX)
			return true;
	return false;
}

BENCH_FN void bench_declare(struct bench *b)
{
	if (bench_do(b, "ana", "incident declare",
		     "title=Checkout is slow|severity=2|services=checkout"))
		fail_msg("%s", b->err.text);
}

/* bench_do that must work; bench_no: that must be refused with this code (and guard, unless ""). */
#define bench_yes(b, who, verb, fields)                                               \
	do {                                                                          \
		if (bench_do((b), (who), (verb), (fields)))                           \
			fail_msg("%s: %s %s", (verb), (b)->err.text, (b)->err.field); \
	} while (0)
#define bench_no(b, who, verb, fields, wanted_code, wanted_guard)                    \
	do {                                                                         \
		assert_int_equal(bench_do((b), (who), (verb), (fields)), -1);        \
		assert_string_equal((b)->err.text[0] ? err_wire((b)->err.code) : "", \
				    err_wire(wanted_code));                          \
		assert_string_equal((b)->err.guard, (wanted_guard));                 \
	} while (0)
#endif
