/* SPDX-License-Identifier: Apache-2.0 */
/* str: text as pointer and length, borrowed from whoever holds the bytes. Not NUL-terminated
 * unless str_z made it. Always UTF-8 once past a door (json, form). */
#ifndef APLOMB_STR_H
#define APLOMB_STR_H
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
	const char *at; /* may be NULL when len is 0 */
	size_t len;	/* bytes */
};
struct strs {
	struct str *at;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).at ? (s).at : ""

/* NULL gives empty. These three stand here so that a literal's length costs nothing. */
static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool str_is(struct str s, const char *z)
{
	return str_eq(s, str_of(z));
}
bool str_eq_nocase(struct str, struct str); /* ASCII only */
bool str_starts(struct str, struct str prefix);
bool str_ends(struct str, struct str suffix);
int str_cmp(struct str, struct str);
size_t str_find(struct str, struct str needle);		 /* SIZE_MAX when absent */
struct str str_sub(struct str, size_t from, size_t len); /* clipped */
struct str str_trim(struct str);			 /* ASCII space at both ends */
/* Takes the text before the first `sep` off *rest (all of it when there is none). False at the end. */
bool str_cut(struct str *rest, char sep, struct str *part);
bool str_to_int(struct str, int64_t *); /* the whole text, decimal, an optional minus */
int hex_value(char);			/* 0 to 15, -1 when it is no hex digit */
bool str_is_utf8(struct str);		/* well-formed and free of NUL */
/* At most max bytes, cut between characters. */
struct str str_clip(struct str, size_t max);
struct str str_copy(struct arena *, struct str);
const char *str_z(struct arena *, struct str); /* a NUL-terminated copy */
struct str str_fmt(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool strs_has(const struct strs *, struct str);
struct strs strs_copy(struct arena *, const struct strs *);
/* "a, b,c" -> trimmed parts, empty ones left out; copies nothing. */
struct strs strs_split(struct arena *, struct str, char sep);
struct str strs_join(struct arena *, const struct strs *, const char *between);
#endif
