/* SPDX-License-Identifier: Apache-2.0 */
/* when: points in time as text, and back. */
#include "test.h"

#include "base/when.h"

/* 2026-11-23T11:05:42Z, a Monday */
static const int64_t now_ms = 1795431942000;

static int64_t rfc(const char *z)
{
	int64_t at = -1;
	return when_parse_rfc3339(str_of(z), &at) ? at : INT64_MIN;
}

static int64_t iso(const char *z)
{
	int64_t at = -1;
	return when_parse_iso8601(str_of(z), &at) ? at : INT64_MIN;
}

static int64_t human(const char *z, int64_t offset_ms)
{
	int64_t at = -1;
	return when_parse_human(str_of(z), now_ms, offset_ms, &at) ? at : INT64_MIN;
}

static const char *printed(struct arena *a, int64_t at_ms)
{
	struct buf b = BUF(a);
	when_rfc3339(&b, at_ms);
	return str_z(a, buf_str(&b));
}

static const char *length(struct arena *a, int64_t ms)
{
	struct buf b = BUF(a);
	when_length(&b, ms);
	return str_z(a, buf_str(&b));
}

TEST(reads_rfc3339)
{
	assert_int_equal(rfc("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(rfc("2026-11-23T11:05:42Z"), now_ms);
	assert_int_equal(rfc("2026-11-23t11:05:42.123z"), now_ms + 123);
	assert_int_equal(rfc("2026-11-23T11:05:42.1239999Z"), now_ms + 123);
	assert_int_equal(rfc("2026-11-23T12:05:42+01:00"), now_ms);
	assert_int_equal(rfc("2026-11-23 05:35:42-05:30"), now_ms);
	assert_int_equal(rfc("1969-12-31T23:59:59.999Z"), -1);
	assert_int_equal(rfc("0001-01-01T00:00:00Z"), -62135596800000);
	assert_int_equal(rfc("9999-12-31T23:59:59.999Z"), 253402300799999);
	assert_int_equal(rfc("2016-12-31T23:59:60Z"), rfc("2017-01-01T00:00:00Z"));
}

TEST(refuses_what_is_not_rfc3339)
{
	static const char *const bad[] = { "",
					   "2026-11-23",
					   "2026-11-23T11:05:42",
					   "2026-11-23T11:05Z",
					   "2026-13-23T11:05:42Z",
					   "2026-02-29T11:05:42Z",
					   "1900-02-29T11:05:42Z",
					   "2026-11-31T11:05:42Z",
					   "2026-11-23T24:05:42Z",
					   "2026-11-23T11:60:42Z",
					   "2026-11-23T11:05:61Z",
					   "2026-11-23T11:05:42.Z",
					   "2026-11-23T11:05:42+0100",
					   "2026-11-23T11:05:42+24:00",
					   "2026-11-23T11:05:42Z ",
					   "26-11-23T11:05:42Z",
					   "0000-01-01T00:00:00Z",
					   "0001-01-01T00:00:00+00:01",
					   "9999-12-31T23:59:59-00:01" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (rfc(bad[i]) != INT64_MIN)
			fail_msg("%s was taken", bad[i]);
	assert_int_not_equal(rfc("2000-02-29T00:00:00Z"), INT64_MIN);
}

TEST(reads_what_senders_write)
{
	static const char *const bad[] = { "",
					   "2026-11-23",
					   "11:05",
					   "2026-11-23T11",
					   "2026-11-23T11:05:42+1",
					   "2026-11-23T11:05:42+01:",
					   "2026-11-23T11:05:42+010",
					   "2026-11-23T11:05:42+01:00:00",
					   "2026-11-23T11:05:42+2400",
					   "2026-11-23T11:05:42Zulu",
					   "0001-01-01T00:00+0001" };
	assert_int_equal(iso("2026-11-23T11:05:42Z"), now_ms);
	assert_int_equal(iso("2026-11-23T11:05:42"), now_ms);
	assert_int_equal(iso("2026-11-23 11:05:42.5"), now_ms + 500);
	assert_int_equal(iso("2026-11-23T12:05:42+0100"), now_ms);
	assert_int_equal(iso("2026-11-23T12:05:42+01"), now_ms);
	assert_int_equal(iso("2026-11-23T05:35:42.25-0530"), now_ms + 250);
	assert_int_equal(iso("2026-11-23T11:05"), now_ms - 42000);
	assert_int_equal(iso("2026-11-23T12:05+01:00"), now_ms - 42000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (iso(bad[i]) != INT64_MIN)
			fail_msg("%s was taken", bad[i]);
}

TEST(prints_what_it_reads)
{
	ARENA(a);
	assert_string_equal(printed(&a, now_ms), "2026-11-23T11:05:42Z");
	assert_string_equal(printed(&a, now_ms + 7), "2026-11-23T11:05:42.007Z");
	assert_string_equal(printed(&a, -1), "1969-12-31T23:59:59.999Z");
	/* every fourth day and a bit over eight centuries, so all months and leap rules pass by */
	for (int64_t at = -12000000000000; at < 14000000000000; at += 4 * 86400000 + 3723004) {
		const char *text = printed(&a, at);
		assert_int_equal(rfc(text), at);
		struct when_parts p = when_parts(at);
		assert_int_equal(when_of_parts(&p), at);
	}
}

TEST(knows_weekdays_and_carries_over)
{
	assert_int_equal(when_parts(now_ms).weekday, 1);
	assert_int_equal(when_parts(0).weekday, 4);
	assert_int_equal(when_parts(-86400000).weekday, 3);
	struct when_parts p = { .year = 2026, .month = 14, .day = 1, .hour = 25, .minute = -1 };
	assert_int_equal(when_of_parts(&p), rfc("2027-02-02T00:59:00Z"));
	p = (struct when_parts){ .year = 2026, .month = 0, .day = 32 };
	assert_int_equal(when_of_parts(&p), rfc("2026-01-01T00:00:00Z"));
}

TEST(reads_what_a_person_types)
{
	const int64_t hour = 3600000;
	assert_int_equal(human("11:03", 0), rfc("2026-11-23T11:03:00Z"));
	assert_int_equal(human("11:06", 0), rfc("2026-11-23T11:06:00Z"));
	assert_int_equal(human("11:07", 0), rfc("2026-11-22T11:07:00Z"));
	assert_int_equal(human("14:03", 0), rfc("2026-11-22T14:03:00Z"));
	assert_int_equal(human("12:03", hour), rfc("2026-11-23T11:03:00Z"));
	assert_int_equal(human("23:30", 13 * hour), rfc("2026-11-23T10:30:00Z"));
	assert_int_equal(human("2026-11-23", 0), rfc("2026-11-23T00:00:00Z"));
	assert_int_equal(human("2026-11-23 14:03", hour), rfc("2026-11-23T13:03:00Z"));
	assert_int_equal(human("2026-11-23T14:03", 0), rfc("2026-11-23T14:03:00Z"));
	assert_int_equal(human(" 2026-11-23T14:03:00+01:00 ", 5 * hour),
			 rfc("2026-11-23T13:03:00Z"));
	assert_int_equal(human("+30m", hour), now_ms + hour / 2);
	assert_int_equal(human("-1h30m", 0), now_ms - hour - hour / 2);
	assert_int_equal(human("Now", 0), now_ms);
	static const char *const bad[] = {
		"",   "yesterday",	"14",		"25:00", "+",
		"+x", "14:03 tomorrow", "2026-11-23 x", "14:3",	 "2026-11-23 9:00"
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (human(bad[i], 0) != INT64_MIN)
			fail_msg("%s was taken", bad[i]);
}

TEST(stays_within_the_years_that_can_be_written)
{
	const int64_t hour = 3600000;
	assert_int_equal(human("0001-01-01", hour), INT64_MIN);
	assert_int_equal(human("0001-01-01", -hour), rfc("0001-01-01T01:00:00Z"));
	assert_int_equal(human("9999-12-31 23:30", -hour), INT64_MIN);
	assert_int_equal(human("9999-12-31 23:30", hour), rfc("9999-12-31T22:30:00Z"));
}

TEST(says_clock_and_length)
{
	ARENA(a);
	struct buf b = BUF(&a);
	when_clock(&b, now_ms, 3600000);
	buf_c(&b, '|');
	when_day_clock(&b, now_ms, -12 * 3600000);
	assert_str(buf_str(&b), "12:05|22 Nov 23:05");
	assert_string_equal(length(&a, 0), "0 s");
	assert_string_equal(length(&a, 12999), "12 s");
	assert_string_equal(length(&a, 27 * 60000 + 59999), "27 min");
	assert_string_equal(length(&a, 192 * 60000), "3 h 12 min");
	assert_string_equal(length(&a, 3 * 3600000), "3 h");
	assert_string_equal(length(&a, 6 * 86400000LL + 5), "6 days");
	assert_string_equal(length(&a, -90000), "-1 min");
}

TESTS(T(reads_rfc3339), T(refuses_what_is_not_rfc3339), T(reads_what_senders_write),
      T(prints_what_it_reads), T(knows_weekdays_and_carries_over), T(reads_what_a_person_types),
      T(says_clock_and_length), T(stays_within_the_years_that_can_be_written))
