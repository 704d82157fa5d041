/* SPDX-License-Identifier: Apache-2.0 */
/* recovery_test: a person's hold with its gaps, an alert's hold, and what ends each. */
#include "bench.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	declare(&b)

/* INC-1 with the alert f1 attached, which fires. */
static void declare(struct bench *b)
{
	bench_alert(b, "f1", "checkout", true);
	bench_yes(b, "ana", "incident declare", "title=Checkout is slow|severity=2|alerts=f1");
}

static const struct check *item(const struct bench *b, int64_t n)
{
	return INCIDENT_ITEM(b->incident.checks, n);
}

static void alert_turns(struct bench *b, bool firing)
{
	bench_yes(b, "", "alert change",
		  firing ? "fingerprint=f1|firing=yes" : "fingerprint=f1|firing=no");
	bench_tick(b);
}

TEST(a_persons_check_holds_after_looks_in_time)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=p99 under 1 s");
	assert_int_equal(b.made, 1);
	assert_str(bench_said(&b), "Bob stated recovery check 1: p99 under 1 s, for 10 min.");
	assert_int_equal(item(&b, 1)->kind, CHECK_PERSON);
	assert_int_equal(item(&b, 1)->since.ms, 0);
	bench_yes(&b, "bob", "recovery held", "saw=0.4 s");
	assert_str(bench_said(&b), "Bob looked: check 1 holds (p99 under 1 s): 0.4 s.");
	int64_t since_ms = b.now_ms;
	bench_later(&b, 9);
	bench_yes(&b, "bob", "recovery held", "");
	assert_int_equal(item(&b, 1)->held.ms, 0);
	assert_int_equal(item(&b, 1)->since.ms, since_ms);
	assert_false(incident_is_verified(&b.incident));
	bench_later(&b, 1);
	bench_yes(&b, "bob", "recovery held", "");
	assert_str(bench_said(&b), "Recovery check 1 (p99 under 1 s) has held for 10 min.");
	assert_int_equal(item(&b, 1)->held.ms, b.now_ms);
	assert_int_equal(item(&b, 1)->samples, 3);
	assert_true(incident_is_verified(&b.incident));
}

TEST(two_looks_may_be_twice_every_apart_and_no_more)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=p99 under 1 s|hold=30m|every=5m");
	bench_yes(&b, "bob", "recovery held", "");
	bench_later(&b, 10);
	assert_int_equal(bench_count(&b, "recovery.hold_restarted"), 0);
	bench_yes(&b, "bob", "recovery held", "");
	bench_later(&b, 11);
	assert_int_equal(bench_count(&b, "recovery.hold_restarted"), 1);
	assert_str(bench_said(&b), "The hold of recovery check 1 (p99 under 1 s) starts again: "
				   "nobody has looked since 14:10.");
	assert_int_equal(item(&b, 1)->since.ms, 0);
	bench_yes(&b, "bob", "recovery held", "");
	assert_int_equal(item(&b, 1)->since.ms, b.now_ms);
	/* a late look before the clock was heard starts anew as well */
	b.now_ms += 15 * BENCH_MINUTE_MS;
	bench_yes(&b, "bob", "recovery held", "");
	assert_int_equal(item(&b, 1)->since.ms, b.now_ms);
}

TEST(a_failed_look_ends_the_hold_even_after_it_held)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=checkout works|hold=5m|every=5m");
	bench_yes(&b, "bob", "recovery held", "");
	bench_later(&b, 5);
	bench_yes(&b, "bob", "recovery held", "");
	assert_true(incident_is_verified(&b.incident));
	bench_later(&b, 60);
	assert_true(incident_is_verified(&b.incident));
	bench_no(&b, "bob", "recovery failed", "", ERR_BAD_FIELD, "");
	bench_yes(&b, "bob", "recovery failed", "saw=502 at the till");
	assert_str(bench_said(&b),
		   "Bob looked: check 1 does not hold (checkout works): 502 at the till.");
	assert_false(incident_is_verified(&b.incident));
	assert_int_equal(item(&b, 1)->since.ms, 0);
	assert_int_equal(item(&b, 1)->held.ms, 0);
}

TEST(picks_the_first_that_has_not_held)
{
	BENCH(b);
	bench_no(&b, "bob", "recovery held", "", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "recovery check", "what=one|hold=1m");
	bench_yes(&b, "bob", "recovery check", "what=two|hold=1m");
	assert_int_equal(item(&b, 1)->every.ms, BENCH_MINUTE_MS);
	bench_yes(&b, "bob", "recovery held", "");
	bench_later(&b, 1);
	bench_yes(&b, "bob", "recovery held", "");
	assert_true(item(&b, 1)->held.ms);
	bench_yes(&b, "bob", "recovery held", "");
	assert_int_equal(item(&b, 2)->samples, 1);
	bench_no(&b, "bob", "recovery failed", "saw=down", ERR_BAD_FIELD, "");
	bench_yes(&b, "bob", "recovery failed", "saw=down|check=2");
	bench_no(&b, "bob", "recovery held", "check=3", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There is no check 3. The newest is 2.");
}

TEST(a_dropped_check_no_longer_counts)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=one|hold=1m");
	bench_yes(&b, "bob", "recovery held", "");
	bench_yes(&b, "bob", "recovery drop", "check=1|reason=wrong graph");
	assert_str(bench_said(&b), "Bob dropped recovery check 1 (one): wrong graph.");
	assert_int_equal(core_due(&incident_stream, &b.incident), NOTHING_DUE);
	assert_false(incident_is_verified(&b.incident));
	bench_no(&b, "bob", "recovery held", "check=1", ERR_CONFLICT, "");
	bench_no(&b, "bob", "recovery drop", "check=1|reason=again", ERR_CONFLICT, "");
}

TEST(an_alerts_check_holds_while_the_alert_is_quiet)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check",
		  "what=the alert is quiet|kind=alert|alert=f1|hold=10m");
	assert_int_equal(item(&b, 1)->kind, CHECK_ALERT);
	assert_int_equal(core_due(&incident_stream, &b.incident), NOTHING_DUE);
	bench_later(&b, 3);
	alert_turns(&b, false);
	assert_int_equal(item(&b, 1)->since.ms, b.now_ms);
	assert_str(bench_said(&b),
		   "Recovery check 1 (the alert is quiet) holds since 14:03; 10 min are needed.");
	bench_later(&b, 9);
	assert_false(incident_is_verified(&b.incident));
	bench_later(&b, 1);
	assert_true(incident_is_verified(&b.incident));
	alert_turns(&b, true);
	assert_false(incident_is_verified(&b.incident));
	assert_str(bench_said(&b),
		   "Recovery check 1 (the alert is quiet) no longer holds: its alert fired again.");
	bench_no(&b, "bob", "recovery held", "check=1", ERR_CONFLICT, "");
}

TEST(a_flap_between_two_ticks_ends_the_hold)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=quiet|alert=f1|hold=10m");
	alert_turns(&b, false);
	bench_later(&b, 5);
	bench_yes(&b, "", "alert change", "fingerprint=f1|firing=yes");
	b.now_ms += BENCH_MINUTE_MS;
	bench_yes(&b, "", "alert change", "fingerprint=f1|firing=no");
	bench_tick(&b);
	assert_int_equal(bench_count(&b, "recovery.check_lost"), 1);
	assert_int_equal(item(&b, 1)->since.ms, b.now_ms);
	bench_later(&b, 10);
	assert_true(incident_is_verified(&b.incident));
	assert_int_equal(item(&b, 1)->held.ms, b.now_ms);
}

TEST(a_quiet_alert_counts_from_when_it_went_quiet)
{
	BENCH(b);
	bench_later(&b, 2);
	alert_turns(&b, false);
	int64_t quiet_ms = b.now_ms;
	bench_later(&b, 20);
	bench_yes(&b, "bob", "recovery check", "what=quiet|alert=f1|hold=10m");
	assert_int_equal(item(&b, 1)->since.ms, quiet_ms);
	bench_tick(&b);
	assert_true(incident_is_verified(&b.incident));
}

TEST(refuses_an_alert_that_is_not_attached)
{
	BENCH(b);
	bench_no(&b, "bob", "recovery check", "what=quiet|kind=alert", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "alert");
	bench_no(&b, "bob", "recovery check", "what=quiet|alert=f2", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text, "The alert \"f2\" is not attached to this incident.");
	bench_no(&b, "bob", "recovery check", "what=quiet|hold=25h", ERR_BAD_FIELD, "");
}

TESTS(T(a_persons_check_holds_after_looks_in_time),
      T(two_looks_may_be_twice_every_apart_and_no_more),
      T(a_failed_look_ends_the_hold_even_after_it_held), T(picks_the_first_that_has_not_held),
      T(a_dropped_check_no_longer_counts), T(an_alerts_check_holds_while_the_alert_is_quiet),
      T(a_flap_between_two_ticks_ends_the_hold), T(a_quiet_alert_counts_from_when_it_went_quiet),
      T(refuses_an_alert_that_is_not_attached))
