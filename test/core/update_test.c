/* SPDX-License-Identifier: Apache-2.0 */
/* update_test: promises kept and late, who reads what, and what the drafts leave out. */
#include "bench.h"
#include "core/update.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_declare(&b)

static const struct update *item(const struct bench *b, int64_t n)
{
	return INCIDENT_ITEM(b->incident.updates, n);
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part)) != SIZE_MAX;
}

TEST(sends_to_everybody_unless_told)
{
	BENCH(b);
	b.now_ms += 4 * BENCH_MINUTE_MS;
	bench_yes(&b, "ana", "update send",
		  "happened=p99 is 1.4 s|impact=Paying is slow|doing=Rolling back|next=+30m");
	assert_str(
		bench_said(&b),
		"Ana sent update 1 to leadership, support, engineers, customers. The next one is "
		"promised for 14:34.");
	assert_int_equal(item(&b, 1)->audiences.len, 4);
	assert_int_equal(item(&b, 1)->lag.ms, 4 * BENCH_MINUTE_MS);
	assert_int_equal(b.incident.moved.ms, 0);
	assert_int_equal(b.incident.promised.ms, b.now_ms + 30 * BENCH_MINUTE_MS);
	assert_str(item(&b, 1)->customers, "What you may notice: Paying is slow\nWe are looking "
					   "for the cause.\nNext update by 14:34 UTC");
}

TEST(sends_to_whom_it_is_told_and_keeps_the_written_text)
{
	BENCH(b);
	bench_yes(&b, "ana", "update send",
		  "happened=a|impact=b|doing=c|next=+30m|audiences=Support,customers,support|"
		  "customers=Hello.");
	assert_int_equal(item(&b, 1)->audiences.len, 2);
	assert_str(item(&b, 1)->customers, "Hello.");
	assert_int_equal(item(&b, 1)->leadership.len, 0);
	assert_true(item(&b, 1)->support.len > 0);
	bench_no(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m|audiences=press",
		 ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "audiences");
}

TEST(a_promise_is_asked_for_and_can_be_kept)
{
	BENCH(b);
	bench_no(&b, "ana", "update send", "happened=a|impact=b|doing=c", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "next");
	bench_no(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=-1m", ERR_BAD_FIELD,
		 "");
	bench_no(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+25h", ERR_BAD_FIELD,
		 "");
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	bench_later(&b, 30);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	assert_int_equal(item(&b, 1)->promise, PROMISE_KEPT);
	assert_int_equal(item(&b, 2)->promise, PROMISE_OPEN);
	assert_int_equal(bench_count(&b, "update.late"), 0);
}

TEST(a_late_one_is_said_once)
{
	BENCH(b);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	bench_later(&b, 60);
	assert_int_equal(bench_count(&b, "update.late"), 1);
	assert_str(bench_said(&b), "The update promised 14:30 is late.");
	assert_true(b.incident.promise_chased);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	assert_true(bench_told(&b, "Ana sent update 2 to leadership, support, engineers, "
				   "customers, 30 min after it was "
				   "promised."));
	assert_int_equal(item(&b, 1)->promise, PROMISE_LATE);
	assert_int_equal(item(&b, 1)->late_by.ms, 30 * BENCH_MINUTE_MS);
	bench_later(&b, 31);
	assert_int_equal(bench_count(&b, "update.late"), 2);
}

TEST(a_promise_moves_and_says_so)
{
	BENCH(b);
	bench_yes(&b, "ana", "update promise", "next=+15m");
	assert_str(bench_said(&b), "Ana promised the next update for 14:15.");
	bench_yes(&b, "ana", "update promise", "next=+20m|reason=the vendor calls back");
	assert_str(
		bench_said(&b),
		"Ana promised the next update for 14:20 instead of 14:15: the vendor calls back.");
	bench_no(&b, "ana", "update promise", "next=+20m", ERR_CONFLICT, "");
	bench_later(&b, 19);
	assert_int_equal(bench_count(&b, "update.late"), 0);
	bench_later(&b, 2);
	assert_true(bench_told(&b, "The update promised 14:20 is late."));
	bench_yes(&b, "ana", "update promise", "next=+5m");
	bench_later(&b, 6);
	assert_int_equal(bench_count(&b, "update.late"), 2);
}

TEST(a_moved_promise_is_kept_at_its_new_time)
{
	BENCH(b);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	bench_yes(&b, "ana", "update promise", "next=+60m");
	bench_later(&b, 50);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	assert_int_equal(item(&b, 1)->promise, PROMISE_KEPT);
}

TEST(the_last_one_promises_nothing)
{
	BENCH(b);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	bench_yes(&b, "ana", "incident resolve", "because=test");
	bench_yes(&b, "ana", "update send", "happened=a|impact=Paying was slow|doing=c");
	assert_int_equal(b.incident.promised.ms, 0);
	assert_str(item(&b, 2)->customers, "What was affected: Paying was slow\nThis is resolved.");
	assert_int_equal(core_due(&incident_stream, &b.incident), NOTHING_DUE);
}

TEST(customers_read_no_internal_names)
{
	BENCH(b);
	ARENA(a);
	bench_yes(&b, "ana", "incident edit", "services=checkout,payments-api,payments-api-v2,db2");
	bench_yes(&b, "bob", "hypothesis open", "cause=db2 lost its pool");
	struct update_parts parts = {
		.happened = STR("Bob rolls back payments-api"),
		.impact = STR("Payments-API-v2 and payments-api fail, so checkout is slow; db2x is "
			      "not db2"),
		.doing = STR("restart db2"),
	};
	struct str text = update_draft(&b.incident, &parts, AUDIENCE_CUSTOMERS, &a);
	assert_str(text, "What you may notice: our service and our service fail, so checkout is "
			 "slow; db2x is not "
			 "our service\nWe are looking for the cause.");
	assert_false(holds(text, "sev"));
	assert_false(holds(text, "Bob"));
	bench_yes(&b, "ana", "incident edit", "services=db.one.eu,db.one");
	parts.impact = STR("db.one.eu is down");
	text = update_draft(&b.incident, &parts, AUDIENCE_CUSTOMERS, &a);
	assert_true(str_starts(text, STR("What you may notice: our service is down\n")));
}

TEST(each_audience_reads_its_own_words)
{
	BENCH(b);
	ARENA(a);
	struct update_parts parts = { .happened = STR("p99 is 1.4 s"),
				      .impact = STR("Paying is slow"),
				      .doing = STR("Rolling back"),
				      .next = { b.now_ms + 30 * BENCH_MINUTE_MS } };
	bench_yes(&b, "bob", "symptom record",
		  "works=Paying by invoice|fails=Paying by card|radius=All of Europe");
	bench_yes(&b, "bob", "hypothesis open", "cause=Pool too small|prediction=waits grow");
	bench_yes(&b, "bob", "mitigation propose", "what=Roll back api|kind=rollback");
	bench_yes(&b, "bob", "mitigation start",
		  "because=now|accept=approval-first,evidence-first,undo-known");
	struct str leadership = update_draft(&b.incident, &parts, AUDIENCE_LEADERSHIP, &a);
	assert_true(str_starts(leadership,
			       STR("Impact: Paying is slow\nWho is affected: All of Europe\n")));
	assert_true(holds(leadership, "Next update by 14:30 UTC"));
	struct str support = update_draft(&b.incident, &parts, AUDIENCE_SUPPORT, &a);
	assert_true(holds(support, "What still works: Paying by invoice"));
	assert_true(holds(support, "there is news by 14:30 UTC"));
	struct str engineers = update_draft(&b.incident, &parts, AUDIENCE_ENGINEERS, &a);
	assert_true(
		str_starts(engineers, STR("sev2, INC-1: Checkout is slow\nServices: checkout\n")));
	assert_true(holds(engineers, "Open hypothesis 1: Pool too small\nIt predicts: waits grow"));
	assert_true(holds(engineers, "Change in flight: Roll back api (until 14:30 UTC)"));
}

TEST(a_draft_of_nothing_is_still_a_text)
{
	BENCH(b);
	ARENA(a);
	struct update_parts parts = { .next = { 0 } };
	assert_str(update_draft(&b.incident, &parts, AUDIENCE_CUSTOMERS, &a),
		   "We know of a problem with our service.\nWe are looking for the cause.");
	assert_str(update_draft(&b.incident, &parts, AUDIENCE_SUPPORT, &a),
		   "Tell customers: we know and we are working on it.");
}

TESTS(T(sends_to_everybody_unless_told), T(sends_to_whom_it_is_told_and_keeps_the_written_text),
      T(a_promise_is_asked_for_and_can_be_kept), T(a_late_one_is_said_once),
      T(a_promise_moves_and_says_so), T(a_moved_promise_is_kept_at_its_new_time),
      T(the_last_one_promises_nothing), T(customers_read_no_internal_names),
      T(each_audience_reads_its_own_words), T(a_draft_of_nothing_is_still_a_text))
