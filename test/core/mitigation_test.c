/* SPDX-License-Identifier: Apache-2.0 */
/* mitigation_test: the order of the guards, the lease, and what ends a change. */
#include "bench.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_declare(&b)

static const struct mitigation *item(const struct bench *b, int64_t n)
{
	return INCIDENT_ITEM(b->incident.mitigations, n);
}

/* Proposed and approved, evidence kept: nothing stands in the way. */
static void make_ready(struct bench *b)
{
	bench_yes(b, "bob", "evidence add", "title=p99 graph|text=1.4 s");
	bench_yes(b, "bob", "mitigation propose",
		  "what=Roll back api v231|kind=rollback|services=checkout");
	bench_yes(b, "ana", "mitigation approve", "mitigation=1");
}

TEST(proposes_approves_starts_and_finishes)
{
	BENCH(b);
	make_ready(&b);
	assert_true(bench_told(&b, "Bob proposed mitigation 1: Roll back api v231 on checkout."));
	assert_str(bench_said(&b), "Ana approved mitigation 1: Roll back api v231.");
	assert_str(item(&b, 1)->approved_by.id, "ana");
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	bench_yes(&b, "bob", "mitigation start", "");
	assert_str(bench_said(&b), "Bob started mitigation 1: Roll back api v231 on checkout. It "
				   "holds its place until 14:30.");
	assert_int_equal(item(&b, 1)->state, MITIGATION_RUNNING);
	assert_int_equal(b.incident.moved.ms, b.now_ms);
	assert_int_equal(incident_phase(&b.incident), PHASE_MITIGATING);
	bench_yes(&b, "bob", "mitigation done", "outcome=p99 is falling");
	assert_str(bench_said(&b),
		   "Bob finished mitigation 1 (Roll back api v231): p99 is falling.");
	assert_int_equal(item(&b, 1)->state, MITIGATION_DONE);
	assert_int_equal(item(&b, 1)->ended.ms, b.now_ms);
}

TEST(the_lead_approves_in_a_severe_one)
{
	BENCH(b);
	bench_yes(&b, "bob", "mitigation propose", "what=Restart api|undo=none needed");
	bench_no(&b, "bob", "mitigation approve", "mitigation=1", ERR_GUARD, "lead-approves");
	assert_string_equal(b.err.text, "In a SEV 2 the lead approves changes, and that is Ana.");
	assert_string_equal(b.err.next, "Ask Ana to approve it, or override with a reason.");
	bench_yes(&b, "bob", "mitigation approve", "mitigation=1|because=Ana is on a train");
	bench_no(&b, "ana", "mitigation approve", "mitigation=1", ERR_CONFLICT, "");
	bench_no(&b, "ana", "mitigation approve", "mitigation=2", ERR_NOT_FOUND, "");
}

TEST(anybody_approves_in_a_mild_one)
{
	BENCH(b);
	bench_yes(&b, "ana", "incident edit", "severity=sev3");
	bench_yes(&b, "bob", "mitigation propose", "what=Restart api|undo=none needed");
	bench_yes(&b, "bob", "mitigation approve", "mitigation=1");
	bench_yes(&b, "bob", "mitigation propose", "what=Scale out|kind=scale|undo=scale in");
	bench_yes(&b, "bob", "evidence add", "title=load graph|text=x");
	bench_yes(&b, "bob", "mitigation start", "mitigation=2");
}

TEST(guards_stand_in_their_order)
{
	BENCH(b);
	bench_yes(&b, "bob", "mitigation propose", "what=Roll back|kind=rollback");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=1");
	bench_yes(&b, "ana", "mitigation start", "mitigation=1|because=no graphs left");
	bench_yes(&b, "bob", "mitigation propose", "what=Restart api|kind=restart");
	bench_yes(&b, "ana", "reset call", "reason=too many hands");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_GUARD, "paused");
	bench_yes(&b, "ana", "reset end", "because=x");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_GUARD, "approval-first");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=2");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_GUARD, "one-change");
	assert_string_equal(b.err.text, "Ana has been at \"Roll back\" since 14:00 UTC.");
	assert_string_equal(b.err.next,
			    "Wait until Ana says how it went, or override with a reason.");
	bench_yes(&b, "ana", "mitigation done", "outcome=no change");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_GUARD, "undo-known");
	bench_no(&b, "bob", "mitigation start", "mitigation=2|undo=nothing to undo", ERR_GUARD,
		 "evidence-first");
	assert_string_equal(b.err.text,
			    "No evidence is kept yet, and this change wipes out traces.");
	bench_yes(&b, "bob", "evidence add", "title=thread dump|text=x");
	bench_yes(&b, "bob", "mitigation start", "mitigation=2|undo=nothing to undo");
	assert_str(item(&b, 2)->undo, "nothing to undo");
}

TEST(one_reason_passes_one_guard_and_more_only_by_name)
{
	BENCH(b);
	bench_yes(&b, "bob", "mitigation propose", "what=Restart api|kind=restart");
	bench_no(&b, "bob", "mitigation start", "mitigation=1|because=data is being lost",
		 ERR_GUARD, "undo-known");
	assert_true(str_ends(str_of(b.err.next), STR("say --accept approval-first,undo-known.")));
	bench_no(&b, "bob", "mitigation start",
		 "mitigation=1|because=data is being lost|accept=approval-first,undo-known",
		 ERR_GUARD, "evidence-first");
	assert_int_equal(b.incident.overridden.len, 0);
	bench_yes(&b, "bob", "mitigation start",
		  "mitigation=1|because=data is being "
		  "lost|accept=approval-first,undo-known,evidence-first");
	assert_int_equal(b.incident.overridden.len, 3);
	assert_str(b.incident.overridden.at[0].guard, "approval-first");
	assert_str(b.incident.overridden.at[1].guard, "undo-known");
	assert_str(b.incident.overridden.at[2].guard, "evidence-first");
	assert_int_equal(item(&b, 1)->state, MITIGATION_RUNNING);
}

TEST(a_small_change_with_a_known_cause_needs_no_more_evidence)
{
	BENCH(b);
	bench_yes(&b, "bob", "evidence add", "title=diff|text=x");
	bench_yes(&b, "bob", "hypothesis open", "cause=bad flag|prediction=flag is on");
	bench_yes(&b, "bob", "hypothesis confirm", "evidence=1");
	bench_yes(&b, "bob", "evidence retract", "evidence=1|reason=wrong file");
	bench_yes(&b, "bob", "mitigation propose",
		  "what=Flag off|kind=flag|services=checkout|undo=flag on");
	bench_yes(&b, "bob", "mitigation propose",
		  "what=Flags off|kind=flag|services=checkout,cart|undo=flags on");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=1");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=2");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_GUARD, "evidence-first");
	bench_yes(&b, "bob", "mitigation start", "mitigation=1");
}

TEST(a_lease_runs_out_and_blocks_nobody)
{
	BENCH(b);
	make_ready(&b);
	bench_yes(&b, "bob", "mitigation start", "mitigation=1|lasts=10m");
	bench_later(&b, 9);
	assert_int_equal(item(&b, 1)->state, MITIGATION_RUNNING);
	bench_later(&b, 1);
	assert_int_equal(item(&b, 1)->state, MITIGATION_LAPSED);
	assert_true(bench_told(&b, "nobody has said how it went since Bob started it at 14:00"));
	bench_no(&b, "bob", "mitigation renew", "", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "mitigation start", "mitigation=1");
	bench_yes(&b, "bob", "mitigation done", "outcome=fine");
}

TEST(a_lease_that_ran_out_unseen_lapses_at_the_next_start)
{
	BENCH(b);
	make_ready(&b);
	bench_yes(&b, "bob", "mitigation propose", "what=Scale out|kind=scale|undo=scale in");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=2");
	bench_yes(&b, "bob", "mitigation start", "mitigation=1|lasts=10m");
	b.now_ms += 10 * BENCH_MINUTE_MS;
	bench_yes(&b, "cleo", "mitigation start", "mitigation=2");
	assert_int_equal(item(&b, 1)->state, MITIGATION_LAPSED);
	assert_int_equal(item(&b, 2)->state, MITIGATION_RUNNING);
	bench_yes(&b, "bob", "mitigation done", "mitigation=1|outcome=it helped a little");
	assert_int_equal(item(&b, 1)->state, MITIGATION_DONE);
}

TEST(a_renewed_lease_lasts_longer)
{
	BENCH(b);
	make_ready(&b);
	bench_yes(&b, "bob", "mitigation start", "lasts=10m");
	bench_later(&b, 9);
	bench_yes(&b, "bob", "mitigation renew", "lasts=20m");
	assert_str(bench_said(&b),
		   "Bob needs longer for mitigation 1 (Roll back api v231): until 14:29.");
	bench_later(&b, 19);
	assert_int_equal(item(&b, 1)->state, MITIGATION_RUNNING);
	bench_later(&b, 1);
	assert_int_equal(item(&b, 1)->state, MITIGATION_LAPSED);
	bench_no(&b, "bob", "mitigation start", "mitigation=1|lasts=25h", ERR_BAD_FIELD, "");
}

TEST(says_which_one_where_several_wait)
{
	BENCH(b);
	bench_no(&b, "bob", "mitigation start", "", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "No mitigation is proposed or approved.");
	bench_yes(&b, "bob", "mitigation propose", "what=Scale out");
	bench_yes(&b, "bob", "mitigation propose", "what=Fail over");
	bench_no(&b, "bob", "mitigation start", "", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text,
			    "Several mitigations are proposed or approved: 1, 2. Say which.");
	bench_yes(&b, "bob", "mitigation withdraw", "mitigation=2");
	assert_str(bench_said(&b), "Bob withdrew mitigation 2 (Fail over).");
	bench_no(&b, "bob", "mitigation start", "mitigation=2", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Mitigation 2 is withdrawn.");
	bench_no(&b, "bob", "mitigation start", "mitigation=9", ERR_NOT_FOUND, "");
}

TEST(takes_a_finished_one_back)
{
	BENCH(b);
	make_ready(&b);
	bench_no(&b, "bob", "mitigation undo", "reason=worse", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "mitigation start", "");
	bench_yes(&b, "bob", "mitigation done", "outcome=done");
	bench_yes(&b, "bob", "mitigation undo", "reason=errors doubled");
	assert_int_equal(item(&b, 1)->state, MITIGATION_UNDONE);
	assert_str(item(&b, 1)->outcome, "errors doubled");
	assert_str(bench_said(&b),
		   "Bob took back mitigation 1 (Roll back api v231): errors doubled.");
}

TESTS(T(proposes_approves_starts_and_finishes), T(the_lead_approves_in_a_severe_one),
      T(anybody_approves_in_a_mild_one), T(guards_stand_in_their_order),
      T(one_reason_passes_one_guard_and_more_only_by_name),
      T(a_small_change_with_a_known_cause_needs_no_more_evidence),
      T(a_lease_runs_out_and_blocks_nobody),
      T(a_lease_that_ran_out_unseen_lapses_at_the_next_start), T(a_renewed_lease_lasts_longer),
      T(says_which_one_where_several_wait), T(takes_a_finished_one_back))
