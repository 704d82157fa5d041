/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch, the codec, the chain and the sentences. */
#include "bench.h"

TEST(a_refusal_leaves_the_decision_as_it_was)
{
	struct bench b;
	ARENA(a);
	struct decision d = { .arena = &a, .made = 5 };
	bench_open(&b);
	bench_declare(&b);
	decision_add(&d, b.events.at[0].type);
	struct open_incident *o = LIST_ADD(&b.arena, &b.open);
	*o = (struct open_incident){ .id = 9, .title = STR("Slow") };
	struct incident none = { .arena = &a };
	struct facts facts = bench_facts(&b, "ana");
	struct command cmd = { .verb = verb_by_alias(STR("declare")), .actor = STR("ana") };
	void *fields = arena_alloc(&a, cmd.verb->size);
	cmd.fields = fields;
	bench_fill(&b, &cmd, fields, "title=slow|severity=2");
	assert_int_equal(core_decide(&none, &facts, &cmd, &d, &b.err), -1);
	assert_int_equal(b.err.code, ERR_GUARD);
	assert_int_equal(d.events.len, 1);
	assert_int_equal(d.follows.len, 0);
	assert_int_equal(d.made, 5);
	bench_close(&b);
}

TEST(a_reason_must_be_readable)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "note add", "text=x|because=\x01", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "because");
	bench_close(&b);
}

TEST(an_event_of_another_stream_changes_nothing_but_the_seq)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	struct event e = b.events.at[0];
	e.seq = 7;
	core_evolve(&desk_stream, &b.desk, &e);
	assert_int_equal(b.desk.seq, 7);
	assert_int_equal(b.desk.acknowledged.len, 0);
	bench_close(&b);
}

TEST(a_body_with_an_unknown_key_is_broken)
{
	struct err e = { 0 };
	ARENA(a);
	const void *body = NULL;
	const struct event_type *type = event_type_find(STR("note.added"));
	assert_int_equal(event_decode(&a, type, STR("{\"text\":\"x\"}"), &body, &e), 0);
	assert_int_equal(event_decode(&a, type, STR("{\"text\":\"x\",\"more\":1}"), &body, &e), -1);
	assert_int_equal(e.code, ERR_BROKEN);
	assert_int_equal(event_decode(&a, type, STR("{"), &body, &e), -1);
	assert_int_equal(e.code, ERR_BROKEN);
	assert_int_equal(event_decode(&a, NULL, STR("{}"), &body, &e), -1);
	assert_int_equal(e.code, ERR_BROKEN);
}

static bool same_hash(struct sha256 x, struct sha256 y)
{
	return memcmp(x.b, y.b, SHA256_BYTES) == 0;
}

/* Each part changes the hash, and no part can lend a byte to its neighbour. */
TEST(the_hash_holds_every_part)
{
	const struct event_type *note = event_type_find(STR("note.added"));
	const struct event_type *moved = event_type_find(STR("note.retracted"));
	struct sha256 body = event_body_hash(STR("salt"), STR("{}")), prev = sha256_of(STR("prev"));
	const struct event e = { .stream = 4,
				 .seq = 2,
				 .recorded_ms = 10,
				 .happened_ms = 9,
				 .actor = STR("ana"),
				 .type = note };
	struct event changed[] = { e, e, e, e, e, e };
	changed[0].stream = 5;
	changed[1].seq = 3;
	changed[2].recorded_ms = 11;
	changed[3].happened_ms = 8;
	changed[4].actor = STR("an");
	changed[5].type = moved;
	struct sha256 h = event_hash(&prev, &e, &body);
	assert_true(same_hash(h, event_hash(&prev, &e, &body)));
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++)
		assert_false(same_hash(h, event_hash(&prev, &changed[i], &body)));
	assert_false(same_hash(h, event_hash(NULL, &e, &body)));
	assert_false(same_hash(h, event_hash(&prev, &e, &prev)));
	assert_false(same_hash(body, event_body_hash(STR("sal"), STR("t{}"))));
}

struct sample {
	struct str what;
	struct person who;
	struct when at, day;
	struct span length;
	struct strs services;
	int severity;
	int64_t number;
};
static const struct field sample_fields[] = {
	FIELD(sample, what, ""),
	FIELD(sample, who, ""),
	FIELD(sample, at, ""),
	FIELD(sample, day, ""),
	FIELD(sample, length, ""),
	FIELD(sample, services, ""),
	CHOICE(sample, severity, severity, ""),
	FIELD(sample, number, ""),
	END,
};

static struct str tell(struct bench *b, const char *sentence, const struct sample *s,
		       enum clearance reader)
{
	struct names names = { .person = bench_name, .ctx = &b->roster };
	struct event_type type = { .name = "x",
				   .fields = sample_fields,
				   .clearance = CLEAR_SUPPORT };
	type.sentence = sentence;
	struct event e = { .happened_ms = b->now_ms, .type = &type, .body = s };
	struct buf out = BUF(&b->arena);
	event_tell(&e, &names, reader, &out);
	return buf_str(&out);
}

TEST(a_sentence_is_told_in_words)
{
	struct bench b;
	bench_open(&b);
	struct str services[] = { STR("api"), STR("db") };
	struct sample s = { .what = STR("Look\nhere!"),
			    .who = { STR("bob") },
			    .length = { 1800000 },
			    .services = { services, 2 },
			    .severity = SEV_2,
			    .number = 3 };
	s.at.ms = b.now_ms + 3 * BENCH_MINUTE_MS;
	s.day.ms = b.now_ms + 10LL * 24 * 60 * BENCH_MINUTE_MS;
	assert_str(tell(&b, "{actor} told {who}: {what}. {number} {severity}.", &s, CLEAR_INTERNAL),
		   "Aplomb told Bob: Look here! 3 sev2.");
	assert_str(tell(&b, "At {at}, {day}, {length} in {services}.", &s, CLEAR_SUPPORT),
		   "At 14:03, 3 Dec 14:00, 30 min in api, db.");
	assert_str(tell(&b, "{what}", &s, CLEAR_PUBLIC),
		   "Something happened that is not shown here.");
	bench_close(&b);
}

TEST(what_is_empty_is_left_out)
{
	struct bench b;
	bench_open(&b);
	struct sample s = { .number = 3 };
	assert_str(
		tell(&b, "It[ is {what}][ has {number}][ and {number} {what}].", &s, CLEAR_PRIVATE),
		"It has 3.");
	bench_close(&b);
}

TEST(people_are_found_by_id_or_login)
{
	struct bench b;
	bench_open(&b);
	struct roster_person *p = LIST_ADD(&b.arena, &b.roster.people);
	*p = (struct roster_person){ STR("u7"), STR("dora"), STR(""), RIGHT_VIEW };
	assert_str(roster_find(&b.roster, STR("DORA"))->id, "u7");
	assert_str(roster_find(&b.roster, STR("u7"))->login, "dora");
	assert_null(roster_find(&b.roster, STR("U7")));
	assert_str(roster_name(&b.roster, STR("u7")), "u7");
	assert_str(roster_name(&b.roster, STR("ana")), "Ana");
	assert_str(roster_name(&b.roster, STR("nobody")), "nobody");
	bench_close(&b);
}

TEST(phases_follow_the_facts)
{
	ARENA(a);
	struct incident inc = { .arena = &a, .declared = { 1 } };
	assert_int_equal(incident_phase(&inc), PHASE_INVESTIGATING);
	struct mitigation *m = LIST_ADD(&a, &inc.mitigations);
	m->state = MITIGATION_RUNNING;
	assert_int_equal(incident_phase(&inc), PHASE_MITIGATING);
	m->state = MITIGATION_DONE;
	assert_int_equal(incident_phase(&inc), PHASE_VERIFYING);
	m->state = MITIGATION_UNDONE;
	struct check *c = LIST_ADD(&a, &inc.checks);
	assert_int_equal(incident_phase(&inc), PHASE_VERIFYING);
	assert_false(incident_is_verified(&inc));
	c->held.ms = 5;
	assert_true(incident_is_verified(&inc));
	c->dropped = true;
	assert_false(incident_is_verified(&inc));
	assert_int_equal(incident_phase(&inc), PHASE_INVESTIGATING);
	inc.resolved.ms = 6;
	assert_int_equal(incident_phase(&inc), PHASE_RESOLVED);
	assert_false(incident_is_open(&inc));
	inc.closed.ms = 7;
	assert_int_equal(incident_phase(&inc), PHASE_CLOSED);
	inc.merged_into = 2;
	assert_int_equal(incident_phase(&inc), PHASE_MERGED);
}

TESTS(T(a_refusal_leaves_the_decision_as_it_was), T(a_reason_must_be_readable),
      T(an_event_of_another_stream_changes_nothing_but_the_seq),
      T(a_body_with_an_unknown_key_is_broken), T(the_hash_holds_every_part),
      T(a_sentence_is_told_in_words), T(what_is_empty_is_left_out),
      T(people_are_found_by_id_or_login), T(phases_follow_the_facts))
