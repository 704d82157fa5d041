/* SPDX-License-Identifier: Apache-2.0 */
/* json_scan: the reader behind json_parse_lax, through which every sender's body comes: it builds the tree that cJSON
 * would build, in the arena and in place, at several times the speed. fuzz/json_scan.c holds it to cJSON. */
#ifndef APLOMB_JSON_SCAN_H
#define APLOMB_JSON_SCAN_H
#include "base/err.h"
#include "base/str.h"

enum {
	JSON_MAX_VALUES = 100000, /* about 8 MiB of parsed tree */
	JSON_MAX_KEYS = 2000,	  /* per object; promises.md T15 */
};

struct cJSON;
/* Well-formed UTF-8 without NUL. Of keys that come twice the first is kept. On failure *what says why ("cannot be read")
 * and *at is the byte. The tree belongs to the arena: never cJSON_Delete it. */
struct cJSON *json_scan(struct arena *, struct str text, const char **what, size_t *at) MUST_USE;
#endif
