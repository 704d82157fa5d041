/* SPDX-License-Identifier: Apache-2.0 */
/* field_path: names of fields in refusals. For the rooms that read field tables (field, json, form). */
#ifndef APLOMB_FIELD_PATH_H
#define APLOMB_FIELD_PATH_H
#include "base/field.h"

/* A refusal about a member of row `row` of list `list` gets its whole path ("actions.0.title"), both
 * in e->field and at the start of the sentence. Returns -1. */
int field_within(struct err *e, const char *list, size_t row);
/* Refuses a name the table does not have, and says which it has. Returns -1. */
int field_unknown(struct err *e, const struct field *table, struct str name);
/* What a person typed, short enough to quote. */
struct str field_quote(struct str text);
/* The length limit of a list (LIST_OF or a list of texts). */
size_t field_max_items(const struct field *);
int field_too_many(struct err *e, const struct field *);
/* The member itself, at its offset in the struct. */
void *field_at(const struct field *, void *base);
const void *field_in(const struct field *, const void *base);
#endif
