/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(an_answer_replaces_the_one_before)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "symptom record",
		  "fails=Paying by card|works=Browsing|spread=partial");
	assert_str(bench_said(&b), "Ana recorded symptoms. Fails: Paying by card. Works: Browsing. "
				   "Spread: partial.");
	b.now_ms += BENCH_MINUTE_MS;
	bench_yes(&b, "bob", "symptom record", "fails=Paying|radius=1 in 5 customers");
	assert_str(b.incident.symptoms.fails, "Paying");
	assert_str(b.incident.symptoms.works, "Browsing");
	assert_int_equal(b.incident.symptoms.spread, SPREAD_PARTIAL);
	assert_int_equal(b.incident.symptoms.entries, 2);
	assert_int_equal(b.incident.symptoms.answered.ms, b.now_ms);
	assert_true(bench_told(&b, "Paying by card"));
	bench_close(&b);
}

TEST(a_known_start_is_the_start_of_the_incident)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "symptom record", "started=+1m", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "symptom record", "started=13:38");
	assert_int_equal(b.incident.started.ms, b.now_ms - 22 * BENCH_MINUTE_MS);
	assert_str(bench_said(&b), "Ana recorded symptoms. Started at 13:38.");
	bench_close(&b);
}

TEST(refuses_no_answer)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "ana", "symptom record", "fails=x", ERR_NOT_FOUND, "");
	bench_declare(&b);
	bench_no(&b, "ana", "symptom record", "", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "symptom record", "fails=  ", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "fails");
	bench_close(&b);
}

TESTS(T(an_answer_replaces_the_one_before), T(a_known_start_is_the_start_of_the_incident),
      T(refuses_no_answer))
