/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "core/freeze.h"

static bool covered(const struct bench *b, const char *service, const char *what)
{
	return freeze_covers(&b->incident, str_of(service), str_of(what), NULL);
}

TEST(freezes_the_services_of_the_incident)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	assert_false(covered(&b, "checkout", "deploy v231"));
	bench_yes(&b, "ana", "freeze start", "reason=we are looking");
	assert_str(bench_said(&b), "Ana froze changes to checkout until 15:00: we are looking.");
	assert_true(covered(&b, "checkout", "deploy v231"));
	assert_true(covered(&b, "", "deploy v231"));
	assert_false(covered(&b, "mail", "deploy v231"));
	assert_int_equal(b.made, 1);
	bench_close(&b);
}

TEST(freezes_everything_where_no_service_is_known)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "incident declare", "title=All is slow|severity=1");
	bench_yes(&b, "ana", "freeze start", "reason=looking|lasts=30m");
	assert_str(bench_said(&b), "Ana froze changes until 14:30: looking.");
	assert_true(covered(&b, "mail", "x"));
	bench_no(&b, "bob", "freeze start", "reason=me too|services=mail", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Changes are frozen until 14:30 UTC already.");
	bench_close(&b);
}

TEST(refuses_second_freeze)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "freeze start", "reason=looking|services=checkout,db");
	bench_no(&b, "bob", "freeze start", "reason=looking|services=db", ERR_CONFLICT, "");
	assert_string_equal(b.err.text,
			    "Changes to checkout, db are frozen until 15:00 UTC already.");
	bench_yes(&b, "bob", "freeze start", "reason=looking|services=db,mail");
	assert_int_equal(b.incident.freezes.len, 2);
	bench_close(&b);
}

TEST(refuses_lengths_out_of_bounds)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "freeze start", "reason=x|lasts=25h", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "freeze start", "reason=x|until=13:00", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "until");
	bench_no(&b, "ana", "freeze start", "reason=x|until=+25h", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "freeze start", "lasts=1h", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "reason");
	bench_yes(&b, "ana", "freeze start", "reason=x|lasts=24h");
	bench_no(&b, "ana", "freeze extend", "lasts=1m", ERR_BAD_FIELD, "");
	bench_close(&b);
}

TEST(lets_the_fix_pass_by_its_whole_name)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "freeze start", "reason=looking|allow=v23,rollback");
	assert_str(bench_said(&b),
		   "Ana froze changes to checkout until 15:00: looking. Allowed: v23, rollback.");
	assert_false(covered(&b, "checkout", "deploy v23"));
	assert_false(covered(&b, "checkout", "Rollback of api"));
	assert_true(covered(&b, "checkout", "deploy v231"));
	assert_true(covered(&b, "checkout", "deploy v23.1"));
	bench_close(&b);
}

TEST(runs_out_at_its_own_time)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "freeze start", "reason=looking|lasts=30m");
	int64_t until_ms = b.incident.freezes.at[0].until.ms;
	bench_later(&b, 20);
	bench_yes(&b, "bob", "freeze extend", "lasts=10m");
	assert_str(bench_said(&b), "Bob extended the freeze of changes to checkout until 14:40.");
	bench_later(&b, 15);
	assert_true(covered(&b, "checkout", "x"));
	b.now_ms += 60 * BENCH_MINUTE_MS; /* the machine was off */
	bench_tick(&b);
	assert_str(bench_said(&b), "The freeze of changes to checkout ran out at 14:40.");
	assert_int_equal(b.incident.freezes.at[0].ended.ms, until_ms + 10 * BENCH_MINUTE_MS);
	assert_false(covered(&b, "checkout", "x"));
	bench_no(&b, "bob", "freeze extend", "", ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(is_over_in_the_minute_it_was_frozen_until)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "freeze start", "reason=looking|lasts=30m");
	bench_yes(&b, "ana", "freeze start", "reason=looking|lasts=20m|services=db");
	bench_later(&b, 20);
	assert_int_equal(bench_count(&b, "changes.freeze_expired"), 1);
	assert_false(covered(&b, "db", "x"));
	bench_later(&b, 10);
	assert_false(covered(&b, "checkout", "x"));
	bench_close(&b);
}

TEST(is_lifted_once)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "freeze lift", "", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "freeze start", "reason=looking");
	bench_no(&b, "ana", "freeze lift", "freeze=4", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There is no freeze 4. The newest is 1.");
	bench_yes(&b, "ana", "freeze lift", "freeze=1|reason=the cause is known");
	assert_str(bench_said(&b),
		   "Ana lifted the freeze of changes to checkout: the cause is known.");
	bench_no(&b, "ana", "freeze lift", "freeze=1", ERR_CONFLICT, "");
	assert_null(incident_active_freeze(&b.incident));
	bench_close(&b);
}

TEST(a_bypass_is_counted)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "freeze bypass", "what=cert|reason=it expires", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "freeze start", "reason=looking");
	bench_no(&b, "bob", "freeze bypass", "what=cert|services=mail|reason=it expires",
		 ERR_CONFLICT, "");
	bench_no(&b, "bob", "freeze bypass", "what=cert", ERR_BAD_FIELD, "");
	bench_yes(&b, "bob", "freeze bypass",
		  "what=the new certificate|services=checkout|reason=it expires");
	assert_str(bench_said(&b),
		   "Bob let the new certificate pass the freeze of checkout: it expires.");
	assert_int_equal(b.incident.freezes.at[0].bypasses, 1);
	bench_close(&b);
}

TESTS(T(freezes_the_services_of_the_incident), T(freezes_everything_where_no_service_is_known),
      T(refuses_second_freeze), T(refuses_lengths_out_of_bounds),
      T(lets_the_fix_pass_by_its_whole_name), T(runs_out_at_its_own_time),
      T(is_over_in_the_minute_it_was_frozen_until), T(is_lifted_once), T(a_bypass_is_counted))
