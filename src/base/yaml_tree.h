/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_tree: a YAML file with lists and mappings inside each other, as a tree that knows its lines; as strict as yaml.h. What
 * the names mean is the caller's. */
#ifndef APLOMB_YAML_TREE_H
#define APLOMB_YAML_TREE_H
#include "base/err.h"

enum {
	YAML_TREE_BYTES = 1 << 20, /* as large as a form */
	YAML_TREE_NODES = 100000,
	YAML_TREE_DEPTH = 8,
};
enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };
struct yaml_node {
	int kind;	 /* enum yaml_kind */
	int line;	 /* from 1; in a mapping that of the name */
	struct str name; /* in a mapping: the name it stands under, each once */
	struct str text;
	const struct yaml_node *first, *next; /* what is in it; what comes behind it */
};
struct yaml_tree {
	const struct yaml_node *root; /* NULL = an empty file */
	int line;		      /* where it was refused */
};
/* Copies in the arena. ERR_BAD_INPUT, ERR_TOO_LARGE. */
int yaml_tree_parse(struct arena *, struct str text, struct yaml_tree *, struct err *) MUST_USE;
#endif
