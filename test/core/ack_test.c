/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(one_person_looks_after_an_alert)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "ana", "alert ack", "alert=DiskFull", ERR_BAD_FIELD, "");
	bench_alert(&b, "DiskFull", "db", true);
	bench_yes(&b, "ana", "alert ack", "alert=DiskFull");
	assert_str(bench_said(&b), "Ana looks after the alert DiskFull.");
	assert_str(desk_find_ack(&b.desk, STR("DiskFull"))->by.id, "ana");
	bench_no(&b, "bob", "alert ack", "alert=DiskFull", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Ana acknowledged DiskFull at 14:00 UTC.");
	bench_no(&b, "ana", "alert ack", "alert=DiskFull", ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "You acknowledged DiskFull at 14:00 UTC.");
	bench_close(&b);
}

TEST(it_can_be_given_back_and_taken_again)
{
	struct bench b;
	bench_open(&b);
	bench_alert(&b, "DiskFull", "db", true);
	bench_no(&b, "ana", "alert unack", "alert=DiskFull", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "alert ack", "alert=DiskFull");
	bench_yes(&b, "bob", "alert unack", "alert=DiskFull");
	assert_str(bench_said(&b), "Bob no longer looks after the alert DiskFull.");
	assert_null(desk_find_ack(&b.desk, STR("DiskFull")));
	bench_yes(&b, "bob", "alert ack", "alert=DiskFull");
	assert_str(desk_find_ack(&b.desk, STR("DiskFull"))->by.id, "bob");
	assert_int_equal(b.desk.acknowledged.len, 1);
	bench_no(&b, "vic", "alert unack", "alert=DiskFull", ERR_FORBIDDEN, "");
	bench_close(&b);
}

TESTS(T(one_person_looks_after_an_alert), T(it_can_be_given_back_and_taken_again))
