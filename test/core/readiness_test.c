/* SPDX-License-Identifier: Apache-2.0 */
/* readiness: what proves that a service can be taken back, and what does not. */
#include "core/readiness.h"

#include "bench.h"

enum { MINUTE_MS = 60 * 1000 };
static const int64_t day_ms = 24LL * 3600 * 1000;

static struct change deploy(int state, bool is_rollback)
{
	return (struct change){ .number = 7,
				.title = STR("payments v790"),
				.service = STR("payments"),
				.version = STR("v790"),
				.kind = CHANGE_DEPLOY,
				.state = state,
				.is_rollback = is_rollback,
				.began = { day_ms },
				.ended = { day_ms + 4 * MINUTE_MS } };
}

TEST(a_change_proves_by_taking_back)
{
	ARENA(a);
	struct readiness r;
	struct change back = deploy(CHANGE_DONE, true), undone = deploy(CHANGE_UNDONE, false);
	assert_true(readiness_of_change(&back, &a, &r));
	assert_int_equal(r.how, READINESS_ROLLBACK);
	assert_int_equal(r.change, 7);
	assert_str(readiness_say(&r, day_ms * 22, &a),
		   "Rolling payments back was last proven 2 weeks ago (deploy v790 took it back in "
		   "4 min).");
	assert_true(readiness_of_change(&undone, &a, &r));
	assert_str(
		readiness_say(&r, day_ms * 2, &a),
		"Rolling payments back was last proven 23 h 56 min ago (deploy v790 was undone 4 "
		"min after it began).");
}

TEST(other_changes_prove_nothing)
{
	ARENA(a);
	struct readiness r;
	struct change cases[] = { deploy(CHANGE_DONE, false), deploy(CHANGE_RUNNING, true),
				  deploy(CHANGE_FAILED, true), deploy(CHANGE_UNDONE, true),
				  deploy(CHANGE_DONE, true) };
	cases[4].service = (struct str){ NULL, 0 };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_false(readiness_of_change(&cases[i], &a, &r));
}

TEST(an_old_proof_is_a_warning)
{
	ARENA(a);
	struct readiness r, none = { .service = STR("mail") };
	struct change back = deploy(CHANGE_DONE, true);
	assert_true(readiness_of_change(&back, &a, &r));
	assert_true(readiness_is_fresh(&r, 365 * day_ms));
	assert_false(readiness_is_fresh(&r, 367 * day_ms));
	assert_str(
		readiness_say(&r, 400 * day_ms, &a),
		"Nobody has rolled payments back in a year that we know of: expect surprises. The "
		"last time was 13 months ago (deploy v790 took it back in 4 min).");
	assert_false(readiness_is_fresh(&none, day_ms));
	assert_str(readiness_say(&none, day_ms, &a),
		   "Nobody has rolled mail back that we know of: expect surprises.");
}

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_yes(&b, "ana", "incident declare", "title=Slow|severity=3|services=checkout, cart")

static void roll_back(struct bench *b, const char *what, const char *services)
{
	ARENA(a);
	bench_yes(b, "ana", "mitigation propose",
		  str_z(&a, str_fmt(&a, "what=%s|kind=rollback|undo=again|services=%s", what,
				    services)));
	bench_yes(b, "ana", "mitigation start",
		  str_z(&a, str_fmt(&a, "mitigation=%zu|because=it burns",
				    b->incident.mitigations.len)));
	bench_later(b, 3);
	bench_yes(b, "ana", "mitigation done", "outcome=done");
}

static void look_for_ten_minutes(struct bench *b)
{
	bench_yes(b, "ana", "recovery held", "");
	bench_later(b, 8);
	bench_yes(b, "ana", "recovery held", "");
	bench_later(b, 3);
	bench_yes(b, "ana", "recovery held", "");
}

static size_t proofs(struct bench *b, struct readinesses *out)
{
	*out = (struct readinesses){ 0 };
	readiness_of_incident(&b->incident, &b->arena, out);
	return out->len;
}

TEST(a_mitigation_proves_once_the_recovery_held)
{
	BENCH(b);
	struct readinesses r;
	roll_back(&b, "Back to v141", "checkout");
	assert_int_equal(proofs(&b, &r), 0);
	bench_yes(&b, "ana", "recovery check", "what=p99 under 1 s|hold=10m");
	assert_int_equal(proofs(&b, &r), 0);
	look_for_ten_minutes(&b);
	assert_int_equal(proofs(&b, &r), 1);
	assert_str(r.at[0].service, "checkout");
	assert_int_equal(r.at[0].took.ms, 3 * MINUTE_MS);
	assert_str(
		readiness_say(&r.at[0], b.now_ms, &b.arena),
		"Rolling checkout back was last proven 11 min ago (\"Back to v141\" in INC-1, done "
		"in 3 min, and it held).");
	bench_yes(&b, "ana", "recovery failed", "saw=3 s");
	assert_int_equal(proofs(&b, &r), 0);
}

TEST(of_two_the_one_before_the_recovery_counts)
{
	BENCH(b);
	struct readinesses r;
	bench_yes(&b, "ana", "recovery check", "what=p99 under 1 s|hold=10m");
	roll_back(&b, "Back to cart v8", "cart");
	roll_back(&b, "Back to v141", "");
	look_for_ten_minutes(&b);
	assert_int_equal(proofs(&b, &r), 2); /* no service named: those of the incident */
	assert_str(r.at[0].service, "checkout");
	assert_str(r.at[1].service, "cart");
	assert_int_equal(r.at[0].mitigation, 2);
	assert_int_equal(r.at[1].mitigation, 2);
}

TEST(a_restart_is_no_rollback)
{
	BENCH(b);
	struct readinesses r;
	bench_yes(&b, "ana", "mitigation propose", "what=Restart|kind=restart|undo=none needed");
	bench_yes(&b, "ana", "mitigation start", "mitigation=1|because=it burns");
	bench_yes(&b, "ana", "mitigation done", "outcome=done");
	bench_yes(&b, "ana", "recovery check", "what=p99 under 1 s|hold=10m");
	look_for_ten_minutes(&b);
	assert_true(incident_is_verified(&b.incident));
	assert_int_equal(proofs(&b, &r), 0);
}

TESTS(T(a_change_proves_by_taking_back), T(other_changes_prove_nothing),
      T(an_old_proof_is_a_warning), T(a_mitigation_proves_once_the_recovery_held),
      T(of_two_the_one_before_the_recovery_counts), T(a_restart_is_no_rollback))
