/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(a_note_may_tell_of_earlier)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "bob", "note add", "text=DB CPU is normal.|at=-5m");
	assert_str(bench_said(&b), "Bob noted: DB CPU is normal.");
	assert_int_equal(b.events.at[1].happened_ms, b.now_ms - 5 * BENCH_MINUTE_MS);
	assert_int_equal(b.events.at[1].recorded_ms, b.now_ms);
	bench_yes(&b, "bob", "note add", "text=two\nlines");
	assert_str(bench_said(&b), "Bob noted: two lines.");
	assert_int_equal(b.events.at[2].happened_ms, b.now_ms);
	assert_int_equal(b.incident.notes, 2);
	bench_no(&b, "bob", "note add", "text=x|at=+1m", ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "note add", "text=  ", ERR_BAD_FIELD, "");
	bench_close(&b);
}

TEST(an_entry_is_taken_back_once)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "bob", "note add", "text=it was bob");
	bench_no(&b, "ana", "note retract", "entry=3|reason=x", ERR_NOT_FOUND, "");
	assert_string_equal(b.err.text, "There is no entry 3. The newest is 2.");
	bench_no(&b, "ana", "note retract", "entry=-1|reason=x", ERR_NOT_FOUND, "");
	bench_no(&b, "ana", "note retract", "entry=2", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "note retract", "entry=2|reason=we blame no one");
	assert_str(bench_said(&b), "Ana took back entry 2: we blame no one.");
	assert_str(b.incident.retracted.at[0], "2");
	bench_no(&b, "ana", "note retract", "entry=2|reason=again", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "note retract", "entry=1|reason=wrong title");
	assert_int_equal(b.incident.retracted.len, 2);
	bench_close(&b);
}

TESTS(T(a_note_may_tell_of_earlier), T(an_entry_is_taken_back_once))
