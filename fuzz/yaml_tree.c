/* SPDX-License-Identifier: Apache-2.0 */
/* base/yaml_tree: what is taken is a tree of texts without control characters, no deeper than it may be, names once each. */
#include "base/yaml_tree.h"

#include "fuzz.h"

static void check_text(struct str s)
{
	assert(str_is_utf8(s));
	for (size_t i = 0; i < s.len; i++)
		assert((unsigned char)s.at[i] >= ' ' || s.at[i] == '\n' || s.at[i] == '\t');
}

static void check_node(const struct yaml_node *n, int depth, int last_line)
{
	assert(depth <= YAML_TREE_DEPTH && n->line >= 1 && n->line <= last_line);
	check_text(n->name);
	check_text(n->text);
	assert(n->kind != YAML_TEXT || !n->first);
	for (const struct yaml_node *x = n->first; x; x = x->next) {
		for (const struct yaml_node *y = x->next; n->kind == YAML_MAP && y; y = y->next)
			assert(!str_eq(x->name, y->name));
		check_node(x, depth + 1, last_line);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct yaml_tree t;
	struct err e = { 0 };
	const struct str text = text_of(bytes, len);
	int lines = 2;
	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] >= 0x80;
	if (yaml_tree_parse(&a, text, &t, &e) != 0) {
		assert(e.text[0] && t.line >= 1);
		return 0;
	}
	if (t.root)
		check_node(t.root, 0, lines);
	return 0;
}
