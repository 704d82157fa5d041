/* SPDX-License-Identifier: Apache-2.0 */
/* hypothesis_test: one open at a time, prediction before test, evidence before verdict. */
#include "bench.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_declare(&b)

static const struct hypothesis *item(const struct bench *b, int64_t n)
{
	return INCIDENT_ITEM(b->incident.hypotheses, n);
}

static void keep_evidence(struct bench *b)
{
	bench_yes(b, "bob", "evidence add", "title=What we saw|text=x");
}

TEST(opens_one_and_says_so)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open",
		  "cause=Database overloaded|prediction=CPU above 90 %|test=read the graph");
	assert_int_equal(b.made, 1);
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_OPEN);
	assert_str(item(&b, 1)->prediction, "CPU above 90 %");
	assert_str(item(&b, 1)->by.id, "bob");
	assert_int_equal(item(&b, 1)->opened.ms, b.now_ms);
	assert_str(bench_said(&b), "Bob opened hypothesis 1: Database overloaded. Expected: CPU "
				   "above 90 %. Test: read the graph.");
}

TEST(says_it_plainly_without_prediction)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=Database overloaded");
	assert_str(bench_said(&b), "Bob opened hypothesis 1: Database overloaded.");
}

TEST(opening_another_parks_the_first)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=Database overloaded|prediction=CPU high");
	bench_yes(&b, "ana", "hypothesis open", "cause=Pool too small");
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_PARKED);
	assert_str(item(&b, 1)->verdict, "another was opened first");
	assert_int_equal(item(&b, 2)->state, HYPOTHESIS_OPEN);
	assert_true(bench_told(
		&b, "Ana parked hypothesis 1 (Database overloaded): another was opened first."));
	bench_yes(&b, "ana", "hypothesis open", "hypothesis=1");
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_OPEN);
	assert_str(item(&b, 1)->prediction, "CPU high");
	assert_int_equal(item(&b, 1)->verdict.len, 0);
	assert_int_equal(item(&b, 1)->settled.ms, 0);
	assert_int_equal(item(&b, 2)->state, HYPOTHESIS_PARKED);
	assert_int_equal(b.made, 0);
}

TEST(open_wants_a_cause_or_a_number_not_both)
{
	BENCH(b);
	bench_no(&b, "bob", "hypothesis open", "", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "cause");
	bench_yes(&b, "bob", "hypothesis suggest", "cause=DNS");
	assert_str(bench_said(&b), "Bob suggested hypothesis 1: DNS.");
	bench_no(&b, "bob", "hypothesis open", "cause=DNS|hypothesis=1", ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "hypothesis open", "hypothesis=7", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There is no hypothesis 7. The newest is 1.");
	bench_no(&b, "bob", "hypothesis open", "hypothesis=-1", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "hypothesis open", "hypothesis=1");
	bench_no(&b, "bob", "hypothesis open", "hypothesis=1", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Hypothesis 1 is open.");
}

TEST(prediction_comes_before_the_first_test)
{
	BENCH(b);
	bench_no(&b, "bob", "hypothesis predict", "prediction=CPU high", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "hypothesis open", "cause=Database overloaded");
	bench_no(&b, "bob", "hypothesis test", "what=graph|result=nothing", ERR_GUARD,
		 "prediction-first");
	bench_yes(&b, "bob", "hypothesis predict", "prediction=CPU high");
	bench_yes(&b, "bob", "hypothesis test", "what=graph|result=nothing");
	assert_str(bench_said(&b), "Bob tested hypothesis 1: graph. Result: nothing.");
	bench_no(&b, "bob", "hypothesis predict", "prediction=CPU low", ERR_CONFLICT, "");
	assert_str(item(&b, 1)->prediction, "CPU high");
}

TEST(prediction_of_a_parked_one_stays_after_a_test)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=Database overloaded|prediction=CPU high");
	bench_yes(&b, "bob", "hypothesis test", "what=graph|result=nothing");
	bench_yes(&b, "bob", "hypothesis park", "");
	assert_str(bench_said(&b), "Bob parked hypothesis 1 (Database overloaded).");
	bench_no(&b, "bob", "hypothesis open", "hypothesis=1|prediction=CPU low", ERR_BAD_FIELD,
		 "");
	assert_string_equal(b.err.field, "prediction");
	bench_yes(&b, "bob", "hypothesis open", "hypothesis=1");
	assert_int_equal(item(&b, 1)->tests.len, 1);
}

TEST(a_result_needs_evidence_that_exists)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=Database overloaded|prediction=CPU high");
	bench_no(&b, "bob", "hypothesis test", "what=graph|result=contradicts", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "evidence");
	bench_no(&b, "bob", "hypothesis test", "what=graph|result=supports|evidence=4",
		 ERR_BAD_FIELD, "");
	keep_evidence(&b);
	bench_yes(&b, "bob", "hypothesis test", "what=graph|result=contradicts|evidence=1");
	assert_str(bench_said(&b),
		   "Bob tested hypothesis 1: graph. Result: contradicts, see evidence 1.");
	const struct hypothesis_test *t = &item(&b, 1)->tests.at[0];
	assert_int_equal(t->number, 1);
	assert_int_equal(t->result, RESULT_CONTRADICTS);
	assert_str(t->by.id, "bob");
	assert_int_equal(t->evidence.len, 1);
}

TEST(an_override_is_recorded_with_its_reason)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=DNS");
	bench_yes(&b, "bob", "hypothesis test", "what=dig|result=nothing|because=one look only");
	assert_int_equal(b.incident.overridden.len, 1);
	assert_str(b.incident.overridden.at[0].guard, "prediction-first");
	assert_int_equal(item(&b, 1)->tests.len, 1);
}

TEST(confirm_and_refute_need_evidence)
{
	BENCH(b);
	bench_yes(&b, "bob", "hypothesis open", "cause=DNS|prediction=timeouts");
	bench_no(&b, "bob", "hypothesis confirm", "why=sure", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "evidence");
	bench_no(&b, "bob", "hypothesis refute", "why=no", ERR_BAD_FIELD, "");
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_OPEN);
}

TEST(confirmed_moves_the_incident)
{
	BENCH(b);
	bench_yes(&b, "ana", "update send", "happened=a|impact=b|doing=c|next=+30m");
	assert_int_equal(b.incident.moved.ms, 0);
	bench_yes(&b, "bob", "hypothesis open", "cause=DNS|prediction=timeouts");
	assert_int_equal(b.incident.moved.ms, 0);
	keep_evidence(&b);
	b.now_ms += BENCH_MINUTE_MS;
	bench_yes(&b, "bob", "hypothesis confirm", "why=dig times out|evidence=1");
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_CONFIRMED);
	assert_int_equal(b.incident.moved.ms, b.now_ms);
	assert_str(bench_said(&b),
		   "Bob confirmed hypothesis 1: DNS. Why: dig times out. Evidence: 1.");
	bench_no(&b, "bob", "hypothesis confirm", "hypothesis=1|evidence=1", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "hypothesis refute",
		  "hypothesis=1|evidence=1|why=it went away by itself");
	assert_int_equal(item(&b, 1)->state, HYPOTHESIS_REFUTED);
	bench_no(&b, "ana", "hypothesis refute", "hypothesis=1", ERR_CONFLICT, "");
	bench_no(&b, "ana", "hypothesis open", "hypothesis=1", ERR_CONFLICT, "");
}

TEST(at_most_seven_wait)
{
	BENCH(b);
	for (int i = 0; i < 7; i++)
		bench_yes(&b, "bob", "hypothesis suggest", "cause=DNS");
	bench_no(&b, "bob", "hypothesis suggest", "cause=DNS", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "hypothesis open", "hypothesis=3");
	bench_yes(&b, "bob", "hypothesis suggest", "cause=DNS");
	bench_no(&b, "bob", "hypothesis park", "", ERR_CONFLICT, "");
	bench_no(&b, "bob", "hypothesis open", "cause=an eighth", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "hypothesis open", "hypothesis=1");
	assert_int_equal(item(&b, 3)->state, HYPOTHESIS_PARKED);
}

TEST(a_viewer_may_not)
{
	BENCH(b);
	bench_no(&b, "vic", "hypothesis suggest", "cause=DNS", ERR_FORBIDDEN, "");
}

TESTS(T(opens_one_and_says_so), T(says_it_plainly_without_prediction),
      T(opening_another_parks_the_first), T(open_wants_a_cause_or_a_number_not_both),
      T(prediction_comes_before_the_first_test), T(prediction_of_a_parked_one_stays_after_a_test),
      T(a_result_needs_evidence_that_exists), T(an_override_is_recorded_with_its_reason),
      T(confirm_and_refute_need_evidence), T(confirmed_moves_the_incident), T(at_most_seven_wait),
      T(a_viewer_may_not))
