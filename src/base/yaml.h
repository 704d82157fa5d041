/* SPDX-License-Identifier: Apache-2.0 */
/* yaml: settings files: the strict part of YAML that people write them in, one mapping of names to texts or to lists of
 * texts (libyaml reads it). Refused: anchors, aliases, tags, directives, a second document, mappings inside, a name said
 * twice, a name without a value, control characters. What the names mean is the caller's. */
#ifndef APLOMB_YAML_H
#define APLOMB_YAML_H
#include "base/field.h"

enum {
	YAML_MAX_BYTES = 64 << 10, /* nobody writes a longer settings file by hand */
	YAML_MAX_ROWS = 200,
	YAML_MAX_ITEMS = 200,
};

struct yaml_row {
	struct str name;
	struct strs values; /* one where it is no list */
	bool is_list;
	int line; /* from 1 */
};
struct yaml {
	LIST_OF(struct yaml_row) rows;
	int line; /* where it was refused */
};
/* Texts are copies in the arena. An empty text is an empty mapping. ERR_BAD_INPUT, ERR_TOO_LARGE. */
int yaml_parse(struct arena *, struct str text, struct yaml *, struct err *) MUST_USE;
/* A row into the member that `field` describes. Refusal names the field. */
int yaml_take(const struct yaml_row *, const struct field *, void *base, const struct reading *,
	      struct err *) MUST_USE;
const struct yaml_row *yaml_find(const struct yaml *, const char *name); /* NULL when absent */
#endif
