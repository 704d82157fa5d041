/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_tree: see yaml_tree.h. */
#include "base/yaml_tree.h"

#include "base/yaml_reader.h"

struct reader {
	struct yaml_reader base;
	size_t nodes;
};
/* The last of a chain, to hang the next one on. */
struct chain {
	struct yaml_node *first, *last;
};

static int read_node(struct reader *, int depth, struct yaml_node *, struct err *);

static struct yaml_node *add(struct reader *r, struct chain *c, struct err *e)
{
	if (++r->nodes > YAML_TREE_NODES) {
		err_refuse(e, ERR_TOO_LARGE, "The file has more than %d values.", YAML_TREE_NODES);
		return NULL;
	}
	struct yaml_node *n = ARENA_NEW(r->base.arena, struct yaml_node);
	n->line = r->base.line;
	if (c->last)
		c->last->next = n;
	else
		c->first = n;
	c->last = n;
	return n;
}

static int read_list(struct reader *r, int depth, struct yaml_node *list, struct err *e)
{
	struct chain items = { 0 };
	for (;;) {
		if (yaml_reader_next(&r->base, e) != 0)
			return -1;
		if (r->base.event.type == YAML_SEQUENCE_END_EVENT)
			break;
		struct yaml_node *n = add(r, &items, e);
		if (!n || read_node(r, depth + 1, n, e) != 0)
			return -1;
	}
	list->first = items.first;
	return 0;
}

static int read_name(struct reader *r, const struct chain *before, struct str *out, struct err *e)
{
	if (r->base.event.type != YAML_SCALAR_EVENT)
		return err_refuse(e, ERR_BAD_INPUT, "A name is a plain text.");
	if (yaml_reader_text(&r->base, out, e) != 0)
		return -1;
	for (const struct yaml_node *n = before->first; n; n = n->next)
		if (str_eq(n->name, *out))
			return err_refuse(e, ERR_BAD_INPUT,
					  STR_FMT " is said twice; the first time in line %d.",
					  STR_ARG(str_clip(*out, 60)), n->line);
	return 0;
}

static int read_map(struct reader *r, int depth, struct yaml_node *map, struct err *e)
{
	enum { NAMES_MAX = 100 }; /* each is compared with those before it */
	struct chain rows = { 0 };
	for (int names = 0;; names++) {
		struct str name;
		if (yaml_reader_next(&r->base, e) != 0)
			return -1;
		if (r->base.event.type == YAML_MAPPING_END_EVENT)
			break;
		if (names == NAMES_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "There are more than %d names here.",
					  NAMES_MAX);
		if (read_name(r, &rows, &name, e) != 0)
			return -1;
		struct yaml_node *n = add(r, &rows, e);
		if (!n || yaml_reader_next(&r->base, e) != 0 || read_node(r, depth + 1, n, e) != 0)
			return -1;
		n->name = name;
	}
	map->first = rows.first;
	return 0;
}

/* The newest event begins it. */
static int read_node(struct reader *r, int depth, struct yaml_node *n, struct err *e)
{
	if (depth > YAML_TREE_DEPTH)
		return err_refuse(e, ERR_BAD_INPUT, "This is nested too deeply.");
	if (r->base.event.type == YAML_SEQUENCE_START_EVENT) {
		n->kind = YAML_LIST;
		return read_list(r, depth, n, e);
	}
	if (r->base.event.type == YAML_MAPPING_START_EVENT) {
		n->kind = YAML_MAP;
		return read_map(r, depth, n, e);
	}
	n->kind = YAML_TEXT;
	return yaml_reader_text(&r->base, &n->text, e);
}

static int read_file(struct reader *r, struct yaml_tree *out, struct err *e)
{
	struct chain top = { 0 };
	bool is_empty;
	if (yaml_reader_begin(&r->base, &is_empty, e) != 0)
		return -1;
	bool is_blank = !is_empty && r->base.event.type == YAML_SCALAR_EVENT &&
			!r->base.event.data.scalar.length;
	if (is_empty || is_blank) /* comments alone */
		return is_empty ? 0 : yaml_reader_end(&r->base, e);
	struct yaml_node *root = add(r, &top, e);
	if (!root || read_node(r, 0, root, e) != 0)
		return -1;
	out->root = root;
	return yaml_reader_end(&r->base, e);
}

int yaml_tree_parse(struct arena *a, struct str text, struct yaml_tree *out, struct err *e)
{
	struct reader r = { .base = { .arena = a, .has_lines = true } };
	*out = (struct yaml_tree){ 0 };
	int result = yaml_reader_open(&r.base, text, YAML_TREE_BYTES, e);
	if (result == 0) {
		result = read_file(&r, out, e);
		yaml_reader_close(&r.base);
	}
	out->line = r.base.line;
	return result;
}
