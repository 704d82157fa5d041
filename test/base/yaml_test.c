/* SPDX-License-Identifier: Apache-2.0 */
/* yaml: what a settings file may be, and the line of what it may not. */
#include "base/yaml.h"

#include "test.h"

static struct yaml read_good(struct arena *a, const char *text)
{
	struct yaml y;
	struct err e = { 0 };
	if (yaml_parse(a, str_of(text), &y, &e) != 0)
		fail_msg("line %d: %s", y.line, e.text);
	return y;
}

static void refuses(const char *text, int line, const char *part)
{
	ARENA(a);
	struct yaml y;
	struct err e = { 0 };
	assert_int_equal(yaml_parse(&a, str_of(text), &y, &e), -1);
	assert_int_equal(y.line, line);
	if (str_find(str_of(e.text), str_of(part)) == SIZE_MAX)
		fail_msg("\"%s\" does not say \"%s\"", e.text, part);
}

TEST(reads_texts_and_lists)
{
	ARENA(a);
	struct yaml y = read_good(
		&a, "# ours\nlisten: 127.0.0.1:8420\n\ndata: '/srv/a b'\n"
		    "behind_proxy:\n  - 10.0.0.1\n  - \"::1\"\nempty: []\nflow: [a, b]\n");
	assert_int_equal(y.rows.len, 5);
	assert_str(y.rows.at[0].name, "listen");
	assert_str(y.rows.at[0].values.at[0], "127.0.0.1:8420");
	assert_int_equal(y.rows.at[0].line, 2);
	assert_false(y.rows.at[0].is_list);
	assert_str(yaml_find(&y, "data")->values.at[0], "/srv/a b");
	assert_int_equal(yaml_find(&y, "behind_proxy")->values.len, 2);
	assert_str(yaml_find(&y, "behind_proxy")->values.at[1], "::1");
	assert_true(yaml_find(&y, "empty")->is_list);
	assert_int_equal(yaml_find(&y, "flow")->values.len, 2);
	assert_null(yaml_find(&y, "lis"));
	y = read_good(&a, "\xef\xbb\xbflisten: a\r\ndata: b\r\n"); /* from another kind of editor */
	assert_str(y.rows.at[0].name, "listen");
	assert_str(y.rows.at[1].values.at[0], "b");
	assert_int_equal(y.rows.at[1].line, 2);
}

TEST(nothing_is_an_empty_file)
{
	ARENA(a);
	assert_int_equal(read_good(&a, "").rows.len, 0);
	assert_int_equal(read_good(&a, "# only a remark\n\n").rows.len, 0);
	assert_int_equal(read_good(&a, "---\n").rows.len, 0);
	assert_int_equal(read_good(&a, "---\na: b\n...\n").rows.len, 1);
	assert_str(read_good(&a, "a: ''\n").rows.at[0].values.at[0], "");
}

TEST(refuses_what_is_clever)
{
	refuses("a: 1\nb: &x 2\n", 2, "Anchors");
	refuses("a: *x\n", 1, "Anchors");
	refuses("a: [&x b]\n", 1, "Anchors");
	refuses("a: !!str b\n", 1, "Tags");
	refuses("a: b\nc: !ours [d]\n", 2, "Tags");
	refuses("&m\na: b\n", 1, "Anchors");
	refuses("%YAML 1.1\n---\na: b\n", 1, "Directives");
	refuses("a: b\n---\nc: d\n", 2, "one document");
	refuses("a:\n  b: c\n", 2, "nested");
	refuses("a: [[b]]\n", 1, "nothing inside");
	refuses("? [a]\n: b\n", 1, "plain text");
	refuses("- a\n- b\n", 1, "lines such as");
	refuses("just words\n", 1, "lines such as");
}

TEST(refuses_what_is_wrong)
{
	refuses("a: 1\nb: 2\na: 3\n", 3, "twice; the first time in line 1");
	refuses("a: 1\nb:\nc: 2\n", 2, "without a value");
	refuses("a: ~\n", 1, "without a value");
	refuses("a: null\n", 1, "without a value");
	refuses("a: \"b\\nc\"\n", 1, "one line");
	refuses("a: \"\\e[2J\"\n", 1, "one line");
	refuses("a: b\n\tc: d\n", 2, "not YAML");
	refuses("a: [b\n", 2, "not YAML");
	refuses("a: \"b\n", 2, "not YAML");
	refuses("a: \xff\n", 1, "UTF-8");
}

TEST(refuses_what_is_too_much)
{
	ARENA(a);
	struct buf rows = BUF(&a), items = BUF(&a), bytes = BUF(&a);
	for (int i = 0; i <= YAML_MAX_ROWS; i++)
		buf_fmt(&rows, "n%d: x\n", i);
	buf_z(&items, "a:\n");
	for (int i = 0; i <= YAML_MAX_ITEMS; i++)
		buf_z(&items, "- x\n");
	buf_z(&bytes, "a: ");
	while (bytes.len <= YAML_MAX_BYTES)
		buf_z(&bytes, "xxxxxxxxxxxxxxxx");
	refuses(str_z(&a, buf_str(&rows)), YAML_MAX_ROWS + 1, "at most");
	refuses(str_z(&a, buf_str(&items)), YAML_MAX_ITEMS + 2, "at most");
	refuses(str_z(&a, buf_str(&bytes)), 1, "at most");
}

struct sample {
	struct strs hosts;
	bool on;
	int64_t n;
};
static const struct field sample_fields[] = {
	FIELD(sample, hosts, "hosts"),
	FIELD(sample, on, "a switch"),
	FIELD(sample, n, "a number"),
	END,
};

TEST(takes_rows_by_the_table)
{
	ARENA(a);
	struct sample s = { 0 };
	struct err e = { 0 };
	const struct reading how = { .arena = &a };
	struct yaml y = read_good(&a, "hosts: [a, 'b,c']\non: true\nn: [1]\n");
	assert_int_equal(yaml_take(&y.rows.at[0], &sample_fields[0], &s, &how, &e), 0);
	assert_int_equal(s.hosts.len, 2); /* a comma in a list's entry splits nothing */
	assert_str(s.hosts.at[1], "b,c");
	assert_int_equal(yaml_take(&y.rows.at[1], &sample_fields[1], &s, &how, &e), 0);
	assert_true(s.on);
	assert_int_equal(yaml_take(&y.rows.at[2], &sample_fields[2], &s, &how, &e), -1);
	assert_string_equal(e.field, "n");
}

TESTS(T(reads_texts_and_lists), T(nothing_is_an_empty_file), T(refuses_what_is_clever),
      T(refuses_what_is_wrong), T(refuses_what_is_too_much), T(takes_rows_by_the_table))
