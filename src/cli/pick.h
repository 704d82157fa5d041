/* SPDX-License-Identifier: Apache-2.0 */
/* pick: what we look for in a reply, and replies printed as JSON again. Pure. */
#ifndef APLOMB_CLI_PICK_H
#define APLOMB_CLI_PICK_H
#include "base/json.h"

/* Texts, whole numbers, yes and no, arrays and objects, on one line; null for NULL and all else. */
void pick_print(const struct json *, struct buf *);
/* The rows of a list reply: itself when it is an array, else its first member (a number before it is
 * passed over) when that is one; NULL = it is no list. */
const struct json *pick_rows(const struct json *reply);
/* --json=a,b.c: of an object these members (a dot goes inside), of a list those of each row; null where
 * absent, as empty members are left out of replies. */
void pick_fields(struct arena *, const struct json *reply, struct str names, struct buf *);
/* Members, down a path of dots; empty, 0 and NULL when absent. */
const struct json *pick_at(const struct json *, const char *path);
struct str pick_text(struct arena *, const struct json *,
		     const char *path); /* numbers as text too */
int64_t pick_int(const struct json *, const char *path);
int64_t pick_when(const struct json *, const char *path); /* RFC 3339 or ms; 0 = not set */
#endif
