/* SPDX-License-Identifier: Apache-2.0 */
/* say: a line of the log is one line, whatever is in it. */
#include "base/say.h"

#include <string.h>

#include "base/json.h"
#include "test.h"

enum { NOON = 43200 };

static struct str line(struct arena *a, enum say_format f, struct str msg, struct str value)
{
	struct buf b = BUF(a);
	const struct say_pair pairs[] = { SAY_TEXT("who", value), SAY_NUMBER("took_ms", 3),
					  SAY_END };
	struct say_line l = {
		.at_ms = (int64_t)NOON * 1000, .level = SAY_WARN, .msg = msg, .pairs = pairs
	};
	say_add(&l, f, &b);
	return buf_str(&b);
}

TEST(writes_logfmt)
{
	ARENA(a);
	assert_str(line(&a, SAY_LOGFMT, STR("ready"), STR("ana")),
		   "ts=1970-01-01T12:00:00Z level=warn msg=ready who=ana took_ms=3\n");
	assert_str(line(&a, SAY_LOGFMT, STR("two words"), STR("a=b")),
		   "ts=1970-01-01T12:00:00Z level=warn msg=\"two words\" who=\"a=b\" took_ms=3\n");
	assert_str(line(&a, SAY_LOGFMT, STR("empty is left out"), STR("")),
		   "ts=1970-01-01T12:00:00Z level=warn msg=\"empty is left out\" took_ms=3\n");
}

TEST(writes_json)
{
	ARENA(a);
	struct json *j;
	struct err e = { 0 };
	struct str s = line(&a, SAY_JSON, STR("say \"hi\""), STR("caf\xc3\xa9\n\x01"));
	assert_str(s,
		   "{\"ts\":\"1970-01-01T12:00:00Z\",\"level\":\"warn\",\"msg\":\"say \\\"hi\\\"\","
		   "\"who\":\"caf\xc3\xa9\\n\\u0001\",\"took_ms\":3}\n");
	assert_int_equal(json_parse(&a, str_trim(s), &j, &e), 0);
	assert_str(json_text(json_get(j, "msg")), "say \"hi\"");
}

/* What a hostile text could do to a terminal or to whoever reads line by line. */
TEST(one_line_stays_one_line)
{
	ARENA(a);
	static const char *const nasty[] = {
		"a\nts=2026 level=error msg=forged",
		"a\rb",
		"\x1b[2Jgone",
		"a\xc2\x9b"
		"b",
		"abc\xe2\x80\xae"
		"fed",
		"a\xe2\x80\xa8"
		"b",
		"\xff\xfe",
		"a\x7f",
		"\xef\xbb\xbf"
		"a",
		"a\\nb",
	};
	for (size_t i = 0; i < sizeof(nasty) / sizeof(nasty[0]); i++)
		for (int f = SAY_LOGFMT; f <= SAY_JSON; f++) {
			struct str s = line(&a, (enum say_format)f, str_of(nasty[i]),
					    str_of(nasty[i]));
			assert_true(str_is_utf8(s));
			for (size_t n = 0; n + 1 < s.len; n++)
				assert_in_range((unsigned char)s.at[n], ' ', 0x7e);
			assert_int_equal(s.at[s.len - 1], '\n');
		}
	assert_int_not_equal(
		str_find(line(&a, SAY_LOGFMT, STR("x"), STR("a\nb")), STR("\"a\\nb\"")), SIZE_MAX);
}

TEST(masks_secrets_and_cuts_what_is_long)
{
	ARENA(a);
	char long_text[SAY_TEXT_BYTES + 100];
	struct str s = line(
		&a, SAY_LOGFMT,
		STR("Authorization: Bearer apl_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"),
		STR("password=hunter22"));
	assert_int_equal(str_find(s, STR("hunter22")), SIZE_MAX);
	assert_int_equal(str_find(s, STR("apl_0123")), SIZE_MAX);
	memset(long_text, 'x', sizeof(long_text));
	s = line(&a, SAY_LOGFMT, STR("x"), (struct str){ long_text, sizeof(long_text) });
	assert_in_range(s.len, SAY_TEXT_BYTES, SAY_TEXT_BYTES + 80);
}

TESTS(T(writes_logfmt), T(writes_json), T(one_line_stays_one_line),
      T(masks_secrets_and_cuts_what_is_long))
