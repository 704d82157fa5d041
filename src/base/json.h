/* SPDX-License-Identifier: Apache-2.0 */
/* json: cJSON behind our own door. A parsed value lives as long as its arena. Refuses: nesting past
 * 32, trailing text, integers past 2^53 where an int is asked for. json_parse refuses duplicate keys, ill-formed UTF-8,
 * half a surrogate pair and \u0000, too; the lax door for senders keeps the first of the keys, and has U+FFFD for the
 * others, as Go has: one bad byte must not lose a batch. */
#ifndef APLOMB_JSON_H
#define APLOMB_JSON_H
#include "base/field.h"

struct json; /* borrowed from the arena it was parsed into */

enum { JSON_MAX_DEPTH = 32 }; /* promises.md T15 */

int json_parse(struct arena *, struct str text, struct json **out, struct err *) MUST_USE;
int json_parse_lax(struct arena *, struct str text, struct json **out, struct err *) MUST_USE;
bool json_is_object(const struct json *);
bool json_is_array(const struct json *);
bool json_is_text(const struct json *);
bool json_is_null(const struct json *);
const struct json *json_get(const struct json *object,
			    const char *key);	    /* NULL: absent, null or no object */
const struct json *json_first(const struct json *); /* child of an array or object, NULL = none */
const struct json *json_next(const struct json *);
struct str json_key(const struct json *);	  /* of a child of an object */
struct str json_text(const struct json *);	  /* empty unless a string; NULL accepted */
bool json_int(const struct json *, int64_t *out); /* false unless an exact integer */
bool json_bool(const struct json *, bool *out);
void json_show(const struct json *, struct buf *); /* the value as compact JSON; NULL is null */
/* What a person would read: a text as it is, a number, true or false, lists and objects as compact JSON; null is empty. */
struct str json_plain(const struct json *, struct arena *);
/* Takes a member out of an object of json_parse before its table is asked; copy what you need of it first. */
void json_remove(struct json *object, const char *key);
/* An object -> a struct by its table. An unknown key is refused by name, null counts as absent, a
 * wrong type names the field. Does not run fields_check. */
int fields_from_json(const struct field *, const struct json *, void *out, const struct reading *,
		     struct err *) MUST_USE;
/* The struct as an object. Empty optional members are left out; key order is the table's, so equal
 * structs give equal bytes. person is its id, when RFC 3339, span ms, choice its name. Secrets and
 * html are left out. */
void fields_to_json(const struct field *, const void *base, struct buf *);
#endif
