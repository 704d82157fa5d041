/* SPDX-License-Identifier: Apache-2.0 */
/* zone: TZif bytes made here, so that the tests do not hang on the machine's zone files. */
#include "test.h"

#include "base/when.h"
#include "base/zone.h"

struct change {
	int64_t at_s;
	int type;
};

static void big_endian(struct buf *b, int64_t v, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_c(b, (char)(unsigned char)((uint64_t)v >> (8 * i)));
}

/* Types: 0 = LMT +53:28, 1 = CET, 2 = CEST. */
static void block(struct buf *b, char version, int time_bytes, const struct change *c, int n)
{
	static const int offsets[] = { 3208, 3600, 7200 };
	static const int names[] = { 0, 4, 8 };
	buf_z(b, "TZif");
	buf_c(b, version);
	for (int i = 0; i < 15; i++)
		buf_c(b, '\0');
	for (int i = 0; i < 3; i++)
		big_endian(b, 0, 4);
	big_endian(b, n, 4);
	big_endian(b, 3, 4);
	big_endian(b, 13, 4);
	for (int i = 0; i < n; i++)
		big_endian(b, c[i].at_s, time_bytes);
	for (int i = 0; i < n; i++)
		buf_c(b, (char)c[i].type);
	for (int i = 0; i < 3; i++) {
		big_endian(b, offsets[i], 4);
		buf_c(b, i == 2);
		buf_c(b, (char)names[i]);
	}
	buf_add(b, (struct str){ "LMT\0CET\0CEST\0", 13 });
}

static const struct change changes[] = { { -2422054408, 1 }, { 1743296400, 2 }, { 1761440400, 1 } };

static struct str file(struct arena *a, const char *rule)
{
	struct buf b = BUF(a);
	block(&b, '2', 4, changes + 1, 2);
	block(&b, '2', 8, changes, 3);
	buf_fmt(&b, "\n%s\n", rule);
	return buf_str(&b);
}

static int64_t minutes_at(const struct zone *z, const char *text)
{
	int64_t at;
	assert_true(when_parse_rfc3339(str_of(text), &at));
	return zone_offset_ms(z, at) / 60000;
}

static const struct zone *zone_of(struct arena *a, const char *rule)
{
	struct err e = { 0 };
	const struct zone *z = NULL;
	assert_int_equal(zone_parse(a, file(a, rule), &z, &e), 0);
	return z;
}

TEST(follows_changes_then_the_rule)
{
	ARENA(a);
	const struct zone *z = zone_of(&a, "CET-1CEST,M3.5.0,M10.5.0/3");
	assert_int_equal(zone_offset_ms(z, -2422054409000), 3208000);
	assert_int_equal(zone_offset_ms(z, -2422054408001), 3208000);
	assert_int_equal(zone_offset_ms(z, -2422054408000), 3600000);
	assert_int_equal(minutes_at(z, "2025-03-30T00:59:59.999Z"), 60);
	assert_int_equal(minutes_at(z, "2025-03-30T01:00:00Z"), 120);
	assert_int_equal(minutes_at(z, "2025-10-26T00:59:59Z"), 120);
	assert_int_equal(minutes_at(z, "2025-10-26T01:00:00Z"), 60);
	assert_int_equal(minutes_at(z, "2026-03-29T00:59:59Z"), 60);
	assert_int_equal(minutes_at(z, "2026-03-29T01:00:00Z"), 120);
	assert_int_equal(minutes_at(z, "2026-10-25T00:59:59Z"), 120);
	assert_int_equal(minutes_at(z, "2026-10-25T01:00:00Z"), 60);
	assert_int_equal(minutes_at(z, "2026-12-31T23:30:00Z"), 60);
	assert_str(zone_abbreviation(z, 1795431942000), "CET");
	assert_str(zone_abbreviation(z, 1785431942000), "CEST");
	assert_str(zone_abbreviation(NULL, 0), "UTC");
	assert_int_equal(zone_offset_ms(NULL, 0), 0);
}

TEST(reads_every_kind_of_rule)
{
	ARENA(a);
	const struct zone *sydney = zone_of(&a, "AEST-10AEDT,M10.1.0,M4.1.0/3");
	assert_int_equal(minutes_at(sydney, "2026-01-01T00:00:00Z"), 660);
	assert_int_equal(minutes_at(sydney, "2026-04-04T15:59:59Z"), 660);
	assert_int_equal(minutes_at(sydney, "2026-04-04T16:00:00Z"), 600);
	assert_int_equal(minutes_at(sydney, "2026-10-03T15:59:59Z"), 600);
	assert_int_equal(minutes_at(sydney, "2026-10-03T16:00:00Z"), 660);
	const struct zone *nuuk = zone_of(&a, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
	assert_int_equal(minutes_at(nuuk, "2026-03-29T00:59:59Z"), -120);
	assert_int_equal(minutes_at(nuuk, "2026-03-29T01:00:00Z"), -60);
	assert_str(zone_abbreviation(nuuk, 1795431942000), "-02");
	const struct zone *kolkata = zone_of(&a, "IST-5:30");
	assert_int_equal(minutes_at(kolkata, "2026-07-01T00:00:00Z"), 330);
	const struct zone *dublin = zone_of(&a, "IST-1GMT0,M10.5.0,M3.5.0/1");
	assert_int_equal(minutes_at(dublin, "2026-07-01T00:00:00Z"), 60);
	assert_int_equal(minutes_at(dublin, "2026-12-01T00:00:00Z"), 0);
	const struct zone *days = zone_of(&a, "AAA0BBB,J60/0,100/0");
	assert_int_equal(minutes_at(days, "2028-02-29T23:59:59Z"), 0);
	assert_int_equal(minutes_at(days, "2028-03-01T00:00:00Z"), 60);
	assert_int_equal(minutes_at(days, "2028-04-09T22:59:59Z"), 60);
	assert_int_equal(minutes_at(days, "2028-04-09T23:00:00Z"), 0);
	const struct zone *none = zone_of(&a, "");
	assert_int_equal(minutes_at(none, "2030-07-01T00:00:00Z"), 60);
}

TEST(reads_version_1)
{
	ARENA(a);
	struct err e = { 0 };
	const struct zone *z = NULL;
	struct buf b = BUF(&a);
	block(&b, '\0', 4, changes + 1, 2);
	assert_int_equal(zone_parse(&a, buf_str(&b), &z, &e), 0);
	assert_int_equal(minutes_at(z, "2025-07-01T00:00:00Z"), 120);
	assert_int_equal(minutes_at(z, "2030-07-01T00:00:00Z"), 60);
}

TEST(refuses_every_cut_and_bad_rules)
{
	ARENA(a);
	struct err e = { 0 };
	const struct zone *z = NULL;
	struct str whole = file(&a, "CET-1CEST,M3.5.0,M10.5.0/3");
	for (size_t n = 0; n < whole.len; n++)
		assert_int_equal(zone_parse(&a, str_copy(&a, str_sub(whole, 0, n)), &z, &e), -1);
	assert_int_equal(e.code, ERR_BAD_INPUT);
	static const char *const bad[] = { "CET",
					   "C-1",
					   "CET-1CEST",
					   "CET-1CEST,M3.5.0",
					   "CET-1CEST,M13.5.0,M10.5.0",
					   "CET-1CEST,M3.6.0,M10.5.0",
					   "CET-1CEST,M3.5.7,M10.5.0",
					   "CET-1CEST,J0,J1",
					   "CET-168",
					   "CET-25",
					   "CET-1CEST-26,M3.5.0,M10.5.0",
					   "<CET-1",
					   "CET-1CEST,M3.5.0,M10.5.0/3x",
					   "CET-1CEST,366,J1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (zone_parse(&a, file(&a, bad[i]), &z, &e) == 0)
			fail_msg("%s was taken", bad[i]);
	const struct change backwards[] = { { 200, 1 }, { 100, 2 } },
			    no_such_type[] = { { 100, 3 } };
	struct buf b = BUF(&a), c = BUF(&a);
	block(&b, '\0', 4, backwards, 2);
	assert_int_equal(zone_parse(&a, buf_str(&b), &z, &e), -1);
	block(&c, '\0', 4, no_such_type, 1);
	assert_int_equal(zone_parse(&a, buf_str(&c), &z, &e), -1);
}

/* Any single byte changed gives a refusal or an offset within a day or so, never a stray read. */
TEST(survives_changed_bytes)
{
	ARENA(a);
	struct str whole = file(&a, "CET-1CEST,M3.5.0,M10.5.0/3");
	for (size_t i = 0; i < whole.len; i++)
		for (int v = 0; v < 256; v += 17) {
			ARENA(one);
			struct err e = { 0 };
			const struct zone *z = NULL;
			struct str s = str_copy(&one, whole);
			((char *)(uintptr_t)s.at)[i] = (char)v;
			if (zone_parse(&one, s, &z, &e))
				continue;
			int64_t offset_ms = zone_offset_ms(z, 1795431942000);
			assert_true(offset_ms >= -26 * 3600000LL && offset_ms <= 26 * 3600000LL);
		}
}

TEST(names_cannot_leave_the_folder)
{
	static const char *const good[] = { "Europe/Berlin", "UTC",
					    "America/Argentina/Buenos_Aires", "Etc/GMT+5",
					    "Etc/GMT-14" };
	static const char *const bad[] = {
		"",	   "/etc/passwd",
		"../x",	   "Europe/../x",
		"a.b",	   "Europe//Berlin",
		"Europe/", "Europe Berlin",
		"x\n",	   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(zone_name_is_safe(str_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (zone_name_is_safe(str_of(bad[i])))
			fail_msg("%s was taken", bad[i]);
}

TESTS(T(follows_changes_then_the_rule), T(reads_every_kind_of_rule), T(reads_version_1),
      T(refuses_every_cut_and_bad_rules), T(survives_changed_bytes),
      T(names_cannot_leave_the_folder))
