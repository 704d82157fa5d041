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

void buf_add(struct buf *, struct str);
void buf_z(struct buf *, const char *z);
void buf_c(struct buf *, char);
void buf_int(struct buf *, int64_t);
void buf_fmt(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* n bytes to write into, already counted in len; NULL when that would pass the cap. */
char *buf_room(struct buf *, size_t n) MUST_USE;
struct str buf_str(const struct buf *);	 /* borrowed until the next addition */
void buf_html(struct buf *, struct str); /* escaped for HTML text and quoted attributes */
void buf_url(struct buf *, struct str);	 /* percent-encoded for one path or query part */
void buf_json(struct buf *, struct str); /* quoted and escaped; safe inside HTML too */
#endif
