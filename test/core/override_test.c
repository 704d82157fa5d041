/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(a_reason_passes_a_guard_and_stays)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "role take", "role=lead|because=   ", ERR_GUARD, "one-lead");
	bench_yes(&b, "bob", "role take", "role=lead|because=Ana is asleep.");
	assert_int_equal(b.incident.overridden.len, 1);
	const struct overridden *o = &b.incident.overridden.at[0];
	assert_str(o->guard, "one-lead");
	assert_str(o->stands, "Ana leads since 14:00 UTC.");
	assert_str(o->reason, "Ana is asleep.");
	assert_str(o->by.id, "bob");
	assert_true(bench_told(
		&b, "Bob went on although: Ana leads since 14:00 UTC. Reason: Ana is asleep."));
	bench_close(&b);
}

TEST(a_reason_without_a_guard_leaves_no_trace)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "bob", "role take", "role=scribe|because=why not");
	assert_int_equal(b.incident.overridden.len, 0);
	bench_close(&b);
}

TEST(a_step_is_skipped_with_a_reason)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "incident skip", "step=Freeze", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "incident skip", "step=Panic|reason=x", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text, "There is no step \"Panic\".");
	bench_yes(&b, "ana", "incident skip", "step=freeze|reason=nothing deploys at night");
	assert_str(bench_said(&b), "Ana skipped the step Freeze: nothing deploys at night.");
	assert_str(b.incident.overridden.at[0].guard, "step:Freeze");
	bench_no(&b, "ana", "incident skip", "step=Freeze|reason=again", ERR_CONFLICT, "");
	bench_no(&b, "ana", "incident skip", "step=Lead|reason=x", ERR_CONFLICT, "");
	bench_close(&b);
}

TESTS(T(a_reason_passes_a_guard_and_stays), T(a_reason_without_a_guard_leaves_no_trace),
      T(a_step_is_skipped_with_a_reason))
