/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "core/roles.h"

TEST(one_person_leads)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "role take", "role=lead", ERR_GUARD, "one-lead");
	assert_string_equal(b.err.text, "Ana leads since 14:00 UTC.");
	assert_string_equal(b.err.next, "Ask Ana to hand over, or override with a reason.");
	bench_no(&b, "ana", "role take", "role=lead", ERR_CONFLICT, "");
	b.now_ms += BENCH_MINUTE_MS;
	bench_yes(&b, "bob", "role take", "role=lead|because=Ana lost her connection");
	assert_str(bench_said(&b), "Bob took the role lead from Ana.");
	assert_str(b.incident.role[ROLE_LEAD].id, "bob");
	assert_int_equal(b.incident.role_since[ROLE_LEAD].ms, b.now_ms);
	assert_int_equal(b.incident.overridden.len, 1);
	bench_close(&b);
}

TEST(roles_are_taken_given_and_left)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "bob", "role take", "role=scribe");
	assert_str(bench_said(&b), "Bob took the role scribe.");
	bench_no(&b, "cleo", "role give", "role=scribe|who=cleo", ERR_CONFLICT, "");
	bench_yes(&b, "cleo", "role give", "role=communications|who=bob");
	assert_str(bench_said(&b), "Cleo gave the role communications to Bob.");
	bench_yes(&b, "ana", "role give", "role=scribe|who=cleo");
	assert_str(bench_said(&b), "Ana gave the role scribe to Cleo, who has it from Bob.");
	bench_no(&b, "bob", "role leave", "role=scribe", ERR_CONFLICT, "");
	bench_yes(&b, "cleo", "role leave", "role=scribe");
	assert_int_equal(b.incident.role[ROLE_SCRIBE].id.len, 0);
	assert_int_equal(b.incident.role_since[ROLE_SCRIBE].ms, 0);
	bench_no(&b, "ana", "role leave", "role=lead", ERR_CONFLICT, "");
	assert_str(b.incident.role[ROLE_LEAD].id, "ana");
	bench_close(&b);
}

TEST(a_person_must_be_known_and_may_respond)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "role hand", "who=zoe", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.next, "These can take a role: Ana, Bob, Cleo, Root.");
	bench_no(&b, "ana", "role hand", "who=vic", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text, "Vic may look on only, and so cannot take a role.");
	bench_no(&b, "ana", "role hand", "who=ana", ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(only_the_lead_hands_over)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "role hand", "who=cleo", ERR_GUARD, "one-lead");
	bench_no(&b, "bob", "role give", "role=lead|who=cleo", ERR_GUARD, "one-lead");
	bench_yes(&b, "ana", "role hand", "who=bob|note=Look at the pool");
	assert_str(bench_said(&b), "Ana handed the lead to Bob. Look at the pool.");
	bench_yes(&b, "bob", "role give", "role=lead|who=cleo");
	assert_true(bench_told(&b, "Bob handed the lead to Cleo. What we know:"));
	assert_str(b.incident.role[ROLE_LEAD].id, "cleo");
	bench_close(&b);
}

TEST(the_note_says_what_is_known)
{
	struct bench b;
	ARENA(a);
	bench_open(&b);
	bench_declare(&b);
	struct facts facts = bench_facts(&b, "ana");
	assert_str(roles_handover_note(&b.incident, &facts, &a),
		   "What we know: nothing is recorded yet.\nWhat was tried: nothing yet.\n"
		   "No hypothesis is open.");
	bench_yes(&b, "ana", "symptom record", "fails=Paying|works=Browsing.");
	bench_yes(&b, "ana", "freeze start", "reason=looking|services=checkout|lasts=30m");
	bench_yes(&b, "ana", "hypothesis open", "cause=The pool is too small");
	facts = bench_facts(&b, "ana");
	assert_str(roles_handover_note(&b.incident, &facts, &a),
		   "What we know: Fails: Paying. Works: Browsing.\nWhat was tried: nothing yet.\n"
		   "Open hypothesis: The pool is too small.\nFrozen: checkout, until 14:30 UTC.");
	bench_close(&b);
}

TESTS(T(one_person_leads), T(roles_are_taken_given_and_left),
      T(a_person_must_be_known_and_may_respond), T(only_the_lead_hands_over),
      T(the_note_says_what_is_known))
