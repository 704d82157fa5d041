/* SPDX-License-Identifier: Apache-2.0 */
/* buf: text that grows, in an arena, up to a cap. Past the cap it stops growing and remembers so
 * (too_big), so that a caller checks once at the end. */
#ifndef APLOMB_BUF_H
#define APLOMB_BUF_H
#include "base/str.h"

enum {
	BUF_MAX_BYTES = 64 << 20
}; /* no text of ours is larger; a bug stops here, not the machine */

struct buf {
	struct arena *arena;
	char *at;
	size_t len, cap, max; /* bytes; max 0 means BUF_MAX_BYTES */
	bool too_big;
};

#define BUF(a) ((struct buf){ .arena = (a) })

char *buf_more(struct buf *, size_t n) MUST_USE; /* buf_room where it must grow or is full */
/* n bytes to write into, already counted in len; NULL when that would pass the cap. */
MUST_USE static inline char *buf_room(struct buf *b, size_t n)
{
	if (b->max || b->too_big || n >= b->cap - b->len || n > BUF_MAX_BYTES - b->len)
		return buf_more(b, n);
	char *p = b->at + b->len;
	b->len += n;
	b->at[b->len] = '\0';
	return p;
}
static inline void buf_c(struct buf *b, char c)
{
	char *p = buf_room(b, 1);
	if (p)
		*p = c;
}
static inline void buf_add(struct buf *b, struct str s)
{
	char *p = s.len ? buf_room(b, s.len) : NULL;
	if (p)
		memcpy(p, s.at, s.len);
}
void buf_z(struct buf *, const char *z);
void buf_int(struct buf *, int64_t);
void buf_fmt(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str(const struct buf *);	 /* borrowed until the next addition */
void buf_html(struct buf *, struct str); /* escaped for HTML text and quoted attributes */
void buf_url(struct buf *, struct str);	 /* percent-encoded for one path or query part */
void buf_json(struct buf *, struct str); /* quoted and escaped; safe inside HTML too */
#endif
