/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/json.h"

static struct str shown(struct arena *a, struct str text)
{
	struct json *j;
	struct err e = { 0 };
	struct buf b = BUF(a);
	assert_int_equal(json_parse(a, text, &j, &e), 0);
	json_show(j, &b);
	return buf_str(&b);
}

static struct str plain(struct arena *a, struct str text)
{
	struct json *j;
	struct err e = { 0 };
	assert_int_equal(json_parse(a, text, &j, &e), 0);
	return json_plain(j, a);
}

TEST(a_value_is_shown_as_compact_json)
{
	ARENA(a);
	assert_str(shown(&a, STR(" { \"a\" : [ 1 , true, null, \"x\\ny\" ], \"b\":{} } ")),
		   "{\"a\":[1,true,null,\"x\\ny\"],\"b\":{}}");
}

TEST(numbers_are_short_and_read_back_the_same)
{
	ARENA(a);
	assert_str(shown(&a, STR("[0.1,21.573108436586445,-3,1e3,1234567890123,1e999]")),
		   "[0.1,21.573108436586445,-3,1000,1234567890123,null]");
}

TEST(plain_is_what_a_person_reads)
{
	ARENA(a);
	assert_str(plain(&a, STR("\"a\\\"b\"")), "a\"b");
	assert_str(plain(&a, STR("42")), "42");
	assert_str(plain(&a, STR("false")), "false");
	assert_str(plain(&a, STR("[\"a\",1]")), "[\"a\",1]");
	assert_int_equal(plain(&a, STR("null")).len, 0);
	assert_int_equal(json_plain(NULL, &a).len, 0);
}

TESTS(T(a_value_is_shown_as_compact_json), T(numbers_are_short_and_read_back_the_same),
      T(plain_is_what_a_person_reads))
