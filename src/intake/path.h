/* SPDX-License-Identifier: Apache-2.0 */
/* path: "alert.items.0.host" names a value inside JSON; "{{alert.host}}: {{check}}" is a text with such values in it. */
#ifndef APLOMB_INTAKE_PATH_H
#define APLOMB_INTAKE_PATH_H
#include "base/json.h"

/* A list takes an index (0 is the first). A member whose own name has dots ("kubernetes.io/name") is found by it. NULL:
 * there is nothing at this path; an empty path leads nowhere. */
const struct json *path_get(const struct json *, struct str path);
/* The value as a person reads it (see json_plain); empty where nothing is. */
struct str path_text(const struct json *, struct str path, struct arena *);
/* A path, or a template: where it has {{holes}}, each is filled with at most 16 KiB; a hole that leads nowhere is empty. A template none of
 * whose holes leads to a text is empty as a whole. */
struct str path_fill(const struct json *, struct str path_or_template, struct arena *);
/* Does each hole, or the path, lead to a text? */
bool path_fills(const struct json *, struct str path_or_template, struct arena *);
/* For a settings form: refuses a hole that is not closed or is empty. */
int path_check(struct str path_or_template, struct err *) MUST_USE;
#endif
