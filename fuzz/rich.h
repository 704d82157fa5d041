/* SPDX-License-Identifier: Apache-2.0 */
/* rich: a struct with a member of every kind that has a door, lists within lists included. */
#ifndef APLOMB_FUZZ_RICH_H
#define APLOMB_FUZZ_RICH_H
#include "fuzz.h"

struct leaf {
	struct str word;
	int64_t n;
};
struct row {
	struct str title;
	struct when at;
	struct strs tags;
	LIST_OF(struct leaf) leaves;
};
struct rich {
	struct str text, more;
	int64_t number;
	bool yes, must;
	struct when at;
	struct span length;
	struct maybe_int maybe;
	struct person who;
	struct strs list;
	int level;
	LIST_OF(struct row) rows;
};

static const char *const level_names[] = { "", "sev1", "sev2", "a word", "other", NULL };
static const struct field leaf_fields[] = {
	FIELD(leaf, word, "a word", .required = true),
	FIELD(leaf, n, "a number"),
	END,
};
static const struct field row_fields[] = {
	FIELD(row, title, "a title"),
	FIELD(row, at, "a time"),
	FIELD(row, tags, "tags", .max = 5),
	ITEMS(row, leaves, leaf, "leaves", .max = 4),
	END,
};
static const struct field rich_fields[] = {
	FIELD(rich, text, "a text"),
	FIELD(rich, more, "a short one", .max = 20),
	FIELD(rich, number, "a number", .max = 1000),
	FIELD(rich, yes, "yes or no"),
	FIELD(rich, must, "yes or no", .required = true),
	FIELD(rich, at, "a time"),
	FIELD(rich, length, "a length"),
	FIELD(rich, maybe, "perhaps a number"),
	FIELD(rich, who, "a person"),
	FIELD(rich, list, "texts", .max = 10),
	CHOICE(rich, level, level, "a level"),
	ITEMS(rich, rows, row, "rows", .max = 6),
	END,
};

/* What was read can be written, and reads back as the same. */
static inline void assert_json_identity(const struct rich *x, const struct reading *r)
{
	struct err e = { 0 };
	struct json *j;
	struct rich y = { 0 };
	struct buf first = BUF(r->arena), second = BUF(r->arena);
	fields_to_json(rich_fields, x, &first);
	assert(json_parse(r->arena, buf_str(&first), &j, &e) == 0);
	assert(fields_from_json(rich_fields, j, &y, r, &e) == 0);
	assert(fields_equal(rich_fields, x, &y));
	fields_to_json(rich_fields, &y, &second);
	assert(str_eq(buf_str(&first), buf_str(&second)));
}
#endif
