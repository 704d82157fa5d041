/* SPDX-License-Identifier: Apache-2.0 */
/* action: owners, dates, and how the last one closes the incident. */
#include "bench.h"

static void publish(struct bench *b, const char *action)
{
	bench_declare(b);
	bench_yes(b, "ana", "action add", action);
	bench_yes(b, "ana", "incident resolve", "because=Nothing to look at");
	bench_yes(b, "ana", "review draft", NULL);
	bench_yes(b, "ana", "review edit", "root_cause=The pool was cut");
	bench_yes(b, "ana", "review publish", NULL);
}

TEST(an_action_may_start_without_an_owner)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "action add", "title=Alert on the pool");
	assert_str(bench_said(&b), "Ana added action 1: Alert on the pool.");
	bench_yes(&b, "ana", "action edit", "action=1|owner=bob|due=+2d");
	assert_str(b.incident.actions.at[0].owner.id, "bob");
	assert_int_equal(b.incident.actions.at[0].due.ms, b.now_ms + 2 * 24 * 3600 * 1000);
	assert_str(b.incident.actions.at[0].title, "Alert on the pool");
	bench_close(&b);
}

TEST(refuses_what_makes_no_sense)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "action done", "action=1", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There are no actions yet.");
	bench_no(&b, "ana", "action add", "title=x|owner=dave", ERR_NOT_FOUND, "");
	bench_no(&b, "ana", "action add", "title=x|due=-5d", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "action add", "title=x");
	bench_no(&b, "ana", "action edit", "action=1", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "action done", "action=7", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There is no action 7. The newest is 1.");
	bench_no(&b, "ana", "action drop", "action=1", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "action drop", "action=1|reason=It is done elsewhere");
	assert_str(bench_said(&b), "Ana dropped action 1: x. Reason: It is done elsewhere.");
	bench_no(&b, "ana", "action done", "action=1", ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(the_last_action_closes_the_incident)
{
	struct bench b;
	bench_open(&b);
	publish(&b, "title=Alert on the pool|owner=bob|due=+7d");
	assert_int_equal(incident_phase(&b.incident), PHASE_RESOLVED);
	bench_no(&b, "ana", "action add", "title=One more", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "action add", "title=One more|owner=ana|due=+7d");
	bench_yes(&b, "bob", "action done", "action=1|outcome=Merged");
	assert_int_equal(incident_phase(&b.incident), PHASE_RESOLVED);
	bench_yes(&b, "ana", "action drop", "action=2|reason=Not needed");
	assert_str(bench_said(&b),
		   "The incident is closed: its review is published, 2 actions settled.");
	assert_int_equal(incident_phase(&b.incident), PHASE_CLOSED);
	bench_close(&b);
}

TEST(an_action_done_early_does_not_close)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "action add", "title=Alert on the pool");
	bench_yes(&b, "ana", "action done", "action=1");
	assert_str(bench_said(&b), "Ana finished action 1: Alert on the pool.");
	assert_int_equal(b.incident.closed.ms, 0);
	bench_close(&b);
}

TESTS(T(an_action_may_start_without_an_owner), T(refuses_what_makes_no_sense),
      T(the_last_action_closes_the_incident), T(an_action_done_early_does_not_close))
