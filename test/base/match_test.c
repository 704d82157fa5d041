/* SPDX-License-Identifier: Apache-2.0 */
/* match: matchers as Alertmanager reads them, and what fits them. */
#include "test.h"

#include <string.h>

#include "base/match.h"

static const char labels[] = "{\"alertname\":\"DiskFull\",\"instance\":\"db-3:9100\","
			     "\"note\":\"a \\\"b\\\" \\\\ \\u003cc\\u003e\",\"service\":\"db\"}";

static struct str printed(struct arena *a, const char *text)
{
	struct matcher m;
	struct err e = { 0 };
	struct buf b = BUF(a);
	if (matcher_parse(a, str_of(text), &m, &e) != 0) {
		assert_int_equal(e.code, ERR_BAD_INPUT);
		return STR("refused");
	}
	matcher_print(&m, &b);
	return buf_str(&b);
}

static bool fits(const char *matchers, const char *json)
{
	ARENA(a);
	struct matchers all = { 0 };
	struct match *m;
	struct err e = { 0 };
	if (matchers_parse(&a, str_of(matchers), &all, &e) != 0 || match_new(&a, &all, &m, &e) != 0)
		fail_msg("%s: %s", matchers, e.text);
	return match_fits(m, str_of(json));
}

TEST(reads_one_as_amtool_writes_it)
{
	ARENA(a);
	assert_str(printed(&a, "alertname=\"DiskFull\""), "alertname=\"DiskFull\"");
	assert_str(printed(&a, " alertname = DiskFull "), "alertname=\"DiskFull\"");
	assert_str(printed(&a, "a!=b"), "a!=\"b\"");
	assert_str(printed(&a, "a=~\"b.*|c\\\\d\""), "a=~\"b.*|c\\\\d\"");
	assert_str(printed(&a, "a=~b\\d+"), "a=~\"b\\\\d+\"");
	assert_str(printed(&a, "a!~x=y"), "a!~\"x=y\"");
	assert_str(printed(&a, "a="), "a=\"\"");
	assert_str(printed(&a, "a=\"x\\ny\\\"z\""), "a=\"x\\ny\\\"z\"");
	assert_str(printed(&a, "\"odd, name\"=\"v\""), "\"odd, name\"=\"v\"");
	assert_str(printed(&a, "service.name=x"), "service.name=\"x\"");
	static const char *const bad[] = { "",	     "DiskFull", "=x",	  "a=\"x",
					   "a=x\"y", "a=\"x\"y", "a b=c", "a=\"x\" \"y\"" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_str(printed(&a, bad[i]), "refused");
}

TEST(reads_several_with_or_without_braces)
{
	ARENA(a);
	struct err e = { 0 };
	static const char *const same[] = { "{a=\"x,y\",b=~\"c{1,2}\"}", "a=\"x,y\", b=~\"c{1,2}\"",
					    "{ a=\"x,y\" , b=~\"c{1,2}\" , }" };
	for (size_t i = 0; i < 3; i++) {
		struct matchers all = { 0 };
		assert_int_equal(matchers_parse(&a, str_of(same[i]), &all, &e), 0);
		assert_int_equal(all.len, 2);
		assert_str(all.at[0].value, "x,y");
		assert_str(all.at[1].value, "c{1,2}");
		assert_int_equal(all.at[1].op, MATCH_LIKE);
	}
	struct matchers none = { 0 };
	assert_int_equal(matchers_parse(&a, STR("{}"), &none, &e), 0);
	assert_int_equal(none.len, 0);
	assert_int_equal(matchers_parse(&a, STR("a=b,,c=d"), &none, &e), -1);
}

TEST(compares_whole_values)
{
	assert_true(fits("alertname=DiskFull", labels));
	assert_false(fits("alertname=Disk", labels));
	assert_false(fits("alertname!=DiskFull", labels));
	assert_true(fits("alertname=DiskFull,service!=web", labels));
	assert_true(fits("alertname=~\"Disk.*\"", labels));
	assert_false(fits("alertname=~Disk", labels));
	assert_false(fits("alertname=~Full", labels));
	assert_true(fits("alertname=~\"Disk|DiskFull\"", labels));
	assert_true(fits("instance=~\"db-\\\\d+:9100\"", labels));
	assert_true(fits("service!~\"web|api\"", labels));
	assert_false(fits("service!~\"d.\"", labels));
}

TEST(an_absent_label_is_empty)
{
	assert_true(fits("team=\"\"", labels));
	assert_true(fits("team!=x", labels));
	assert_true(fits("team=~\".*\"", labels));
	assert_false(fits("team=~\".+\"", labels));
	assert_false(fits("service=\"\"", labels));
	assert_true(fits("team=\"\"", "{}"));
}

TEST(texts_with_escapes_are_compared_as_texts)
{
	assert_true(fits("note=\"a \\\"b\\\" \\\\ <c>\"", labels));
	assert_true(fits("alertname=DiskFull", labels));
}

TEST(a_label_is_found_by_its_name_and_nothing_else)
{
	ARENA(a);
	struct str json = STR(
		"{\"name\":\"x\",\"surname\":\"\\\",\\\"service\\\":\\\"no\",\"z\":\"\"}");
	assert_str(match_label(&a, json, "name"), "x");
	assert_str(match_label(&a, json, "surname"), "\",\"service\":\"no");
	assert_int_equal(match_label(&a, json, "service").len, 0);
	assert_int_equal(match_label(&a, json, "z").len, 0);
	assert_int_equal(match_label(&a, STR(""), "z").len, 0);
	assert_int_equal(match_label(&a, STR("{\"a\":\"\\"), "a").len, 0);
}

TEST(a_pattern_that_does_not_compile_is_named)
{
	ARENA(a);
	struct matchers all = { 0 };
	struct match *m;
	struct err e = { 0 };
	assert_int_equal(matchers_parse(&a, STR("a=~\"(b\""), &all, &e), 0);
	assert_int_equal(match_new(&a, &all, &m, &e), -1);
	assert_string_equal(e.field, "matchers");
	assert_non_null(strstr(e.text, "\"(b\" cannot be read: missing closing parenthesis"));
}

/* Neither the pattern nor its opposite may silence what nobody could decide. */
TEST(a_pattern_that_costs_too_much_decides_nothing)
{
	static const char *const both[] = { "a=~\"(x+x+)+[yz]\"", "a!~\"(x+x+)+[yz]\"" };
	for (size_t i = 0; i < 2; i++) {
		ARENA(a);
		struct matchers all = { 0 };
		struct match *m;
		struct err e = { 0 };
		assert_int_equal(matchers_parse(&a, str_of(both[i]), &all, &e), 0);
		assert_int_equal(match_new(&a, &all, &m, &e), 0);
		struct str l = STR("{\"a\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}");
		for (int n = 0; n < 25; n++)
			assert_false(match_fits(m, l));
		assert_true(match_gave_up(m));
	}
}

TEST(knows_when_it_would_fit_anything)
{
	ARENA(a);
	struct err e = { 0 };
	static const struct {
		const char *text;
		bool anything;
	} cases[] = {
		{ "a=~\".*\"", true }, { "a!=b", true }, { "a=b", false }, { "a!=b,c=d", false }
	};
	for (size_t i = 0; i < 4; i++) {
		struct matchers all = { 0 };
		struct match *m;
		assert_int_equal(matchers_parse(&a, str_of(cases[i].text), &all, &e), 0);
		assert_int_equal(match_new(&a, &all, &m, &e), 0);
		assert_int_equal(match_takes_nothing(m), cases[i].anything);
	}
}

TESTS(T(reads_one_as_amtool_writes_it), T(reads_several_with_or_without_braces),
      T(compares_whole_values), T(an_absent_label_is_empty),
      T(texts_with_escapes_are_compared_as_texts), T(a_label_is_found_by_its_name_and_nothing_else),
      T(a_pattern_that_does_not_compile_is_named), T(a_pattern_that_costs_too_much_decides_nothing),
      T(knows_when_it_would_fit_anything))
