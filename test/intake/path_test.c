/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "intake/path.h"

static const struct json *body(struct arena *a)
{
	struct json *j;
	struct err e = { 0 };
	assert_int_equal(
		json_parse(a,
			   STR("{\"alert\":{\"host\":\"web-1\",\"load\":0.5,\"up\":false,\"none\":"
			       "null},"
			       "\"items\":[{\"id\":7},{\"id\":8,\"tags\":[\"a\",\"b\"]}],"
			       "\"labels\":{\"kubernetes.io/name\":\"api\"},\"check\":\" disk \"}"),
			   &j, &e),
		0);
	return j;
}

TEST(a_path_leads_through_objects_and_lists)
{
	ARENA(a);
	const struct json *j = body(&a);
	assert_str(path_text(j, STR("alert.host"), &a), "web-1");
	assert_str(path_text(j, STR("items.1.id"), &a), "8");
	assert_str(path_text(j, STR("items.1.tags"), &a), "[\"a\",\"b\"]");
	assert_str(path_text(j, STR("alert.up"), &a), "false");
	assert_str(path_text(j, STR("check"), &a), "disk");
}

TEST(a_name_with_dots_is_found)
{
	ARENA(a);
	assert_str(path_text(body(&a), STR("labels.kubernetes.io/name"), &a), "api");
}

TEST(nothing_there_is_empty)
{
	ARENA(a);
	static const char *const paths[] = { "",
					     "alert.hosts",
					     "alert.host.x",
					     "items.2.id",
					     "items.x",
					     "items.-1",
					     "alert.none",
					     ".",
					     "alert.",
					     "alert..host",
					     "items.99999999999999999999" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(path_text(body(&a), str_of(paths[i]), &a).len, 0);
	assert_null(path_get(NULL, STR("a")));
}

TEST(a_template_fills_its_holes)
{
	ARENA(a);
	const struct json *j = body(&a);
	assert_str(path_fill(j, STR("{{alert.host}}: {{ check }} ({{alert.load}})"), &a),
		   "web-1: disk (0.5)");
	assert_str(path_fill(j, STR("{{alert.host}}: {{missing}}"), &a), "web-1:");
	assert_str(path_fill(j, STR("{{check}} {{not closed"), &a), "disk {{not closed");
	assert_str(path_fill(j, STR(" alert.host "), &a), "web-1");
	assert_int_equal(path_fill(j, STR("Host {{missing}} is down"), &a).len, 0);
}

TEST(a_template_of_many_large_holes_stays_small)
{
	ARENA(a);
	struct buf b = BUF(&a);
	struct json *j;
	struct err e = { 0 };
	buf_z(&b, "{\"x\":\"");
	for (int i = 0; i < 100000; i++)
		buf_c(&b, 'x');
	buf_z(&b, "\"}");
	assert_int_equal(json_parse(&a, buf_str(&b), &j, &e), 0);
	assert_int_equal(path_fill(j, STR("{{x}}{{x}}"), &a).len, 2 * 16384);
}

TEST(a_broken_template_is_refused_where_it_is_set_up)
{
	struct err e = { 0 };
	assert_int_equal(path_check(STR("{{a}} {{b.c}} d"), &e), 0);
	assert_int_equal(path_check(STR("alert.host"), &e), 0);
	assert_int_equal(path_check(STR(""), &e), 0);
	assert_int_equal(path_check(STR("{{a}} {{b"), &e), -1);
	assert_int_equal(path_check(STR("{{ }}"), &e), -1);
	assert_true(e.text[0] != 0);
}

TESTS(T(a_path_leads_through_objects_and_lists), T(a_name_with_dots_is_found),
      T(nothing_there_is_empty), T(a_template_fills_its_holes),
      T(a_template_of_many_large_holes_stays_small),
      T(a_broken_template_is_refused_where_it_is_set_up))
