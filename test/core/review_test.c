/* SPDX-License-Identifier: Apache-2.0 */
/* review: from draft to publication, and what the draft says. */
#include "core/review.h"

#include "bench.h"

static void resolve(struct bench *b)
{
	bench_declare(b);
	bench_later(b, 30);
	bench_yes(b, "ana", "incident resolve", "summary=It went away|because=Nothing to look at");
}

TEST(no_review_before_the_end)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "review draft", NULL, ERR_CONFLICT, "");
	bench_no(&b, "ana", "review edit", "summary=x", ERR_CONFLICT, "");
	bench_no(&b, "ana", "review publish", NULL, ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(the_draft_says_what_was_skipped)
{
	struct bench b;
	bench_open(&b);
	resolve(&b);
	bench_yes(&b, "bob", "review draft", NULL);
	const struct review *r = &b.incident.review;
	assert_int_equal(r->state, REVIEW_DRAFT);
	assert_str(r->owner.id, "ana");
	assert_true(str_find(r->summary, STR("Checkout is slow. Severity 2.")) != SIZE_MAX);
	assert_true(str_find(r->summary, STR("It went away.")) != SIZE_MAX);
	assert_true(str_find(r->summary, STR("From onset to recovery: 30 min.")) != SIZE_MAX);
	assert_int_equal(r->root_cause.len, 0);
	assert_true(str_find(r->went_poorly, STR("- No update was sent.")) != SIZE_MAX);
	assert_true(str_find(r->went_poorly, STR("- Recovery was not verified by a check.")) !=
		    SIZE_MAX);
	assert_true(str_find(r->went_poorly, STR("Reason: Nothing to look at")) != SIZE_MAX);
	assert_true(str_find(r->went_well, STR("No rule")) == SIZE_MAX);
	assert_int_equal(r->timeline.len, b.incident.seq - 1);
	bench_no(&b, "bob", "review draft", NULL, ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(edit_replaces_only_what_is_given)
{
	struct bench b;
	bench_open(&b);
	resolve(&b);
	bench_no(&b, "bob", "review edit", "lessons=x", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "review draft", NULL);
	bench_no(&b, "bob", "review edit", NULL, ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "review edit", "owner=nobody", ERR_NOT_FOUND, "");
	assert_true(str_find(str_of(b.err.text), STR("ana, bob, cleo")) != SIZE_MAX);
	bench_yes(&b, "bob", "review edit", "lessons=Look at the pool first|owner=cleo");
	assert_str(b.incident.review.lessons, "Look at the pool first");
	assert_str(b.incident.review.owner.id, "cleo");
	assert_true(b.incident.review.summary.len > 0);
	bench_close(&b);
}

TEST(entries_are_picked_in_order)
{
	struct bench b;
	bench_open(&b);
	resolve(&b);
	bench_yes(&b, "bob", "review draft", NULL);
	bench_no(&b, "bob", "review pick", "entry=99", ERR_NOT_FOUND, "");
	bench_no(&b, "bob", "review pick", "entry=1", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "review pick", "entry=1|hidden=yes");
	assert_str(bench_said(&b), "Bob left entry 1 out of the review.");
	assert_str(b.incident.review.timeline.at[0], "2");
	bench_no(&b, "bob", "review pick", "entry=1|hidden=yes", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "review pick", "entry=1");
	assert_str(b.incident.review.timeline.at[0], "1");
	bench_close(&b);
}

TEST(publish_wants_a_cause_owners_and_dates)
{
	struct bench b;
	bench_open(&b);
	resolve(&b);
	bench_yes(&b, "bob", "review draft", NULL);
	bench_no(&b, "bob", "review publish", NULL, ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "root_cause");
	bench_yes(&b, "bob", "review edit", "root_cause=The pool was cut");
	bench_yes(&b, "bob", "action add", "title=Check the pool in CI");
	bench_no(&b, "bob", "review publish", NULL, ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Action 1 has no owner.");
	bench_yes(&b, "bob", "action edit", "action=1|owner=cleo");
	bench_no(&b, "bob", "review publish", NULL, ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Action 1 has no due date.");
	bench_yes(&b, "bob", "action edit", "action=1|due=+7d");
	bench_yes(&b, "bob", "review publish", NULL);
	assert_int_equal(b.incident.review.state, REVIEW_PUBLISHED);
	assert_true(review_stands(&b.incident));
	assert_int_equal(b.incident.closed.ms, 0);
	bench_no(&b, "bob", "review edit", "lessons=x", ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(without_open_actions_publishing_closes)
{
	struct bench b;
	bench_open(&b);
	resolve(&b);
	bench_yes(&b, "bob", "review draft", NULL);
	bench_yes(&b, "bob", "review edit", "root_cause=The pool was cut");
	bench_yes(&b, "bob", "review publish", NULL);
	assert_str(bench_said(&b), "The incident is closed: its review is published.");
	assert_int_equal(incident_phase(&b.incident), PHASE_CLOSED);
	bench_close(&b);
}

TESTS(T(no_review_before_the_end), T(the_draft_says_what_was_skipped),
      T(edit_replaces_only_what_is_given), T(entries_are_picked_in_order),
      T(publish_wants_a_cause_owners_and_dates), T(without_open_actions_publishing_closes))
