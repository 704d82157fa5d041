/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_tree: what a file with lists and mappings may be, and the line of what it may not. */
#include "base/yaml_tree.h"

#include "base/buf.h"
#include "test.h"

static void refuses(const char *text, int line, const char *part)
{
	ARENA(a);
	struct yaml_tree t;
	struct err e = { 0 };
	assert_int_equal(yaml_tree_parse(&a, str_of(text), &t, &e), -1);
	assert_int_equal(t.line, line);
	if (str_find(str_of(e.text), str_of(part)) == SIZE_MAX)
		fail_msg("\"%s\" does not say \"%s\"", e.text, part);
}

TEST(reads_what_lies_inside_each_other)
{
	ARENA(a);
	struct yaml_tree t;
	struct err e = { 0 };
	assert_int_equal(
		yaml_tree_parse(&a,
				STR("# ours\nservices:\n  - name: api\n    depends: [db, "
				    "mail]\n    about: |\n      one\n      two\n  - name: db\n"),
				&t, &e),
		0);
	assert_int_equal(t.root->kind, YAML_MAP);
	const struct yaml_node *list = t.root->first;
	assert_str(list->name, "services");
	assert_int_equal(list->line, 2);
	assert_int_equal(list->kind, YAML_LIST);
	const struct yaml_node *api = list->first;
	assert_int_equal(api->kind, YAML_MAP);
	assert_str(api->first->text, "api");
	const struct yaml_node *depends = api->first->next;
	assert_int_equal(depends->line, 4);
	assert_str(depends->first->next->text, "mail");
	assert_null(depends->first->next->next);
	assert_str(depends->next->text, "one\ntwo\n");
	assert_int_equal(api->next->line, 8);
	assert_null(api->next->next);
}

TEST(nothing_is_an_empty_file)
{
	ARENA(a);
	struct yaml_tree t;
	struct err e = { 0 };
	static const char *const texts[] = { "", "# a remark\n", "---\n" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(yaml_tree_parse(&a, str_of(texts[i]), &t, &e), 0);
		assert_null(t.root);
	}
}

TEST(refuses_what_is_wrong_where_it_is)
{
	refuses("a: 1\nb:\n  - c: &x 1\n", 3, "Anchors");
	refuses("a: 1\nb:\n  c: *x\n", 3, "aliases");
	refuses("a: !int 1\n", 1, "Tags");
	refuses("a:\n  - b: 1\n    b: 2\n", 3, "said twice; the first time in line 2");
	refuses("a:\n", 1, "without a value");
	refuses("a: [1, 2\n", 2, "not YAML");
	refuses("a: 1\n---\nb: 2\n", 2, "one document");
	refuses("a: \"\\u0007\"\n", 1, "control");
	refuses("[[[[[[[[[[1]]]]]]]]]]", 1, "too deeply");
	refuses("? [a]\n: b\n", 1, "plain text");
}

TEST(refuses_what_is_too_much)
{
	ARENA(a);
	struct buf names = BUF(&a), items = BUF(&a);
	for (int i = 0; i < 101; i++)
		buf_fmt(&names, "n%d: 1\n", i);
	refuses(str_z(&a, buf_str(&names)), 101, "names");
	buf_z(&items, "[");
	for (int i = 0; i < YAML_TREE_NODES; i++)
		buf_z(&items, "1,");
	buf_z(&items, "1]");
	refuses(str_z(&a, buf_str(&items)), 1, "values");
	struct buf large = BUF(&a);
	for (int i = 0; i <= YAML_TREE_BYTES; i++)
		buf_c(&large, '#');
	refuses(str_z(&a, buf_str(&large)), 1, "bytes");
}

TESTS(T(reads_what_lies_inside_each_other), T(nothing_is_an_empty_file),
      T(refuses_what_is_wrong_where_it_is), T(refuses_what_is_too_much))
