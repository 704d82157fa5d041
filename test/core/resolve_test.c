/* SPDX-License-Identifier: Apache-2.0 */
/* resolve_test: verified before resolved, nothing in flight, and the way back. */
#include "bench.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_declare(&b)

static void make_verified(struct bench *b)
{
	bench_yes(b, "bob", "recovery check", "what=checkout works|hold=5m|every=5m");
	bench_yes(b, "bob", "recovery held", "");
	bench_later(b, 5);
	bench_yes(b, "bob", "recovery held", "");
}

TEST(says_which_check_has_not_held)
{
	BENCH(b);
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	assert_string_equal(b.err.text, "No recovery check is stated.");
	bench_yes(&b, "bob", "recovery check", "what=checkout works");
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	assert_string_equal(b.err.text,
			    "Check 1 (\"checkout works\") does not hold yet and must for 10 min.");
	bench_yes(&b, "bob", "recovery held", "");
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	assert_string_equal(b.err.text,
			    "Check 1 (\"checkout works\") holds since 14:00 UTC and needs 10 min.");
	bench_yes(&b, "bob", "recovery drop", "check=1|reason=no");
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	assert_string_equal(b.err.text, "No recovery check is stated.");
}

TEST(a_finished_rollback_is_not_recovery)
{
	BENCH(b);
	bench_yes(&b, "bob", "mitigation propose", "what=Roll back|kind=rollback");
	bench_yes(&b, "bob", "mitigation start",
		  "because=now|accept=approval-first,evidence-first");
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "change-in-flight");
	assert_string_equal(
		b.err.text,
		"Mitigation 1 (\"Roll back\") is still running; Bob started it at 14:00 UTC.");
	bench_yes(&b, "bob", "mitigation done", "outcome=deployed");
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	assert_string_equal(b.err.text,
			    "No recovery check is stated. A finished rollback is not recovery.");
}

TEST(resolves_when_verified_and_ends_freezes)
{
	BENCH(b);
	bench_yes(&b, "ana", "freeze start", "reason=quiet please|lasts=4h");
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	make_verified(&b);
	bench_yes(&b, "ana", "incident resolve", "summary=the pool is large again");
	assert_str(
		bench_said(&b),
		"Ana resolved the incident: the pool is large again. No longer frozen: checkout.");
	assert_int_equal(b.incident.resolved.ms, b.now_ms);
	assert_int_equal(b.incident.moved.ms, b.now_ms);
	assert_int_equal(b.incident.review.due.ms, b.now_ms + policy_default.review_due_ms);
	assert_null(incident_active_freeze(&b.incident));
	assert_int_equal(incident_phase(&b.incident), PHASE_RESOLVED);
	bench_no(&b, "ana", "incident resolve", "", ERR_CONFLICT, "");
	bench_no(&b, "ana", "mitigation propose", "what=more", ERR_CONFLICT, "");
}

TEST(resolves_unverified_with_a_reason)
{
	BENCH(b);
	bench_yes(&b, "ana", "incident resolve", "because=the service is being switched off");
	assert_str(b.incident.overridden.at[0].guard, "verified-first");
	assert_str(bench_said(&b), "Ana resolved the incident.");
}

TEST(reopened_must_be_verified_anew)
{
	BENCH(b);
	bench_no(&b, "ana", "incident reopen", "reason=x", ERR_CONFLICT, "");
	make_verified(&b);
	bench_yes(&b, "ana", "incident resolve", "summary=done");
	bench_later(&b, 30);
	bench_no(&b, "ana", "incident reopen", "", ERR_BAD_FIELD, "");
	bench_yes(&b, "bob", "incident reopen", "reason=it is slow again");
	assert_str(bench_said(&b), "Bob reopened the incident: it is slow again.");
	assert_true(incident_is_open(&b.incident));
	assert_int_equal(b.incident.resolution.len, 0);
	assert_int_equal(b.incident.review.due.ms, 0);
	bench_no(&b, "ana", "incident resolve", "", ERR_GUARD, "verified-first");
	bench_yes(&b, "bob", "recovery held", "");
	bench_later(&b, 5);
	bench_yes(&b, "bob", "recovery held", "check=1");
	bench_yes(&b, "ana", "incident resolve", "summary=done for good");
}

TEST(a_closed_one_opens_again_with_its_review)
{
	BENCH(b);
	bench_yes(&b, "ana", "incident resolve", "because=test");
	bench_yes(&b, "ana", "review draft", "");
	bench_yes(&b, "ana", "review edit", "summary=s|root_cause=r");
	bench_yes(&b, "ana", "review publish", "");
	assert_int_equal(incident_phase(&b.incident), PHASE_CLOSED);
	bench_yes(&b, "ana", "incident reopen", "reason=again");
	assert_int_equal(incident_phase(&b.incident), PHASE_INVESTIGATING);
	assert_int_equal(b.incident.review.state, REVIEW_DRAFT);
	assert_int_equal(b.incident.review.published.ms, 0);
}

TEST(nobody_need_look_once_it_is_resolved)
{
	BENCH(b);
	bench_yes(&b, "bob", "recovery check", "what=checkout works");
	bench_yes(&b, "bob", "recovery held", "");
	assert_true(core_due(&incident_stream, &b.incident) < NOTHING_DUE);
	bench_yes(&b, "ana", "incident resolve", "because=test");
	assert_int_equal(core_due(&incident_stream, &b.incident), NOTHING_DUE);
	bench_no(&b, "bob", "recovery failed", "saw=down", ERR_CONFLICT, "");
}

TEST(a_quiet_alert_holds_anew_after_reopening)
{
	struct bench b __attribute__((cleanup(bench_close)));
	bench_open(&b);
	bench_alert(&b, "f1", "checkout", true);
	bench_yes(&b, "ana", "incident declare", "title=Slow|severity=2|alerts=f1");
	bench_yes(&b, "", "alert change", "fingerprint=f1|firing=no");
	bench_yes(&b, "bob", "recovery check", "what=quiet|alert=f1|hold=10m");
	bench_later(&b, 10);
	bench_yes(&b, "ana", "incident resolve", "");
	bench_later(&b, 60);
	bench_yes(&b, "ana", "incident reopen", "reason=users call");
	assert_false(incident_is_verified(&b.incident));
	bench_later(&b, 9);
	assert_false(incident_is_verified(&b.incident));
	bench_later(&b, 1);
	assert_true(incident_is_verified(&b.incident));
}

TESTS(T(a_closed_one_opens_again_with_its_review), T(nobody_need_look_once_it_is_resolved),
      T(says_which_check_has_not_held), T(a_finished_rollback_is_not_recovery),
      T(resolves_when_verified_and_ends_freezes), T(resolves_unverified_with_a_reason),
      T(reopened_must_be_verified_anew), T(a_quiet_alert_holds_anew_after_reopening))
