/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

/* Runs the follow that a merge left on a second incident, as the engine does. */
static int absorb(struct bench *b, struct bench *other, struct decision *d)
{
	const struct follow *f = &b->follows.at[0];
	struct command cmd = {
		.verb = f->verb, .stream = 1, .actor = STR("ana"), .fields = f->fields
	};
	struct facts facts = bench_facts(other, "ana");
	if (bench_decide(other, &facts, &cmd, d))
		return -1;
	bench_append(other, 1, "ana", d);
	return 0;
}

TEST(the_other_one_goes_on_with_the_alerts)
{
	struct bench b, other;
	ARENA(a);
	struct decision d = { .arena = &a };
	bench_open(&b);
	bench_open(&other);
	bench_declare(&b);
	bench_declare(&other);
	bench_alert(&b, "A", "db", true);
	bench_alert(&b, "B", "db", true);
	bench_alert(&other, "A", "db", true);
	bench_yes(&b, "ana", "alert attach", "alerts=A,B");
	bench_yes(&other, "ana", "alert attach", "alerts=A");
	bench_yes(&b, "ana", "incident merge", "into=7|reason=one pool");
	assert_str(bench_said(&b), "Ana merged this incident into INC-7: one pool.");
	assert_int_equal(incident_phase(&b.incident), PHASE_MERGED);
	assert_int_equal(b.follows.len, 1);
	assert_int_equal(b.follows.at[0].stream, 7);
	assert_true(b.follows.at[0].verb->traits & INTERNAL);
	assert_int_equal(absorb(&b, &other, &d), 0);
	assert_true(
		bench_told(&other, "Ana merged INC-1 \"Checkout is slow\" into this incident."));
	assert_int_equal(other.incident.alerts.len, 2);
	assert_int_equal(bench_count(&other, "alert.attached"), 2);
	assert_str(other.incident.merged.at[0], "1");
	bench_close(&b);
	bench_close(&other);
}

TEST(refuses_itself_and_what_is_over)
{
	struct bench b, other;
	ARENA(a);
	struct decision d = { .arena = &a };
	bench_open(&b);
	bench_open(&other);
	bench_declare(&b);
	bench_no(&b, "ana", "incident merge", "into=1", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "incident merge", "into=-2", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "incident merge", "", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "incident merge", "into=7");
	assert_int_equal(absorb(&b, &other, &d), -1);
	assert_int_equal(other.err.code, ERR_NOT_FOUND);
	bench_no(&b, "ana", "incident merge", "into=8", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "INC-1 was merged into INC-7.");
	assert_string_equal(b.err.next, "Go on in INC-7.");
	bench_no(&b, "ana", "note add", "text=x", ERR_CONFLICT, "");
	bench_close(&b);
	bench_close(&other);
}

TEST(a_freeze_stays_on_until_someone_lifts_it)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "freeze start", "reason=looking");
	bench_yes(&b, "ana", "incident merge", "into=7");
	assert_non_null(incident_active_freeze(&b.incident));
	bench_yes(&b, "ana", "freeze lift", "");
	assert_null(incident_active_freeze(&b.incident));
	bench_close(&b);
}

TESTS(T(the_other_one_goes_on_with_the_alerts), T(refuses_itself_and_what_is_over),
      T(a_freeze_stays_on_until_someone_lifts_it))
