/* SPDX-License-Identifier: Apache-2.0 */
/* head: the head of one HTTP/1.x request, read strictly (RFC 9112). Pure: bytes in, values out; what
 * could be read in two ways is refused, so that no proxy in front sees another request than we do.
 * Does not read bodies (see chunk.h) or know routes. */
#ifndef APLOMB_HEAD_H
#define APLOMB_HEAD_H
#include "base/list.h"
#include "base/str.h"

enum {
	HEAD_MAX_BYTES = 16 << 10, /* request line and headers; browsers stay under 8 KB */
	HEAD_MAX_HEADERS = 100,	   /* a browser behind two proxies sends about 30 */
};

struct header {
	struct str name, value; /* as sent; the value without outer blanks */
};
struct head {
	struct str method; /* as sent: "GET" */
	struct str target; /* as sent */
	struct str
		path; /* percent-decoded UTF-8 from '/' on, free of controls, "." and ".." parts */
	struct str query; /* raw, without '?'; may be empty */
	LIST_OF(struct header) headers;
	int64_t content_length; /* -1: none was given */
	int minor;		/* HTTP/1.minor: 0 or 1 */
	bool is_chunked, expects_continue, keep_alive;
};

/* Looks for the end of a head at the start of bytes. Returns 0 with *len its length, both final line
 * ends and one leading empty line included, or *len = 0 while it is not all there; else the HTTP status
 * to refuse with: 431 too long, 400 a line that does not end in CRLF. */
int head_find(struct str bytes, size_t *len) MUST_USE;
/* Reads one whole head, as head_find measured it. Returns 0, or the status to refuse with: 400, 417,
 * 431, 501, 505. Texts are borrowed from bytes, but for path, which may live in the arena. */
int head_parse(struct str bytes, struct arena *, struct head *out) MUST_USE;
/* The first header of that name (ASCII case ignored); empty when absent. */
struct str head_get(const struct head *, const char *name);
bool head_has(const struct head *, const char *name);
#endif
