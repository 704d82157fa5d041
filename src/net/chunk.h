/* SPDX-License-Identifier: Apache-2.0 */
/* chunk: a chunked body (RFC 9112 section 7.1), decoded piece by piece. Pure. Strict: a size is hex
 * digits and CRLF, no extensions; trailers are read over within a bound and dropped. */
#ifndef APLOMB_CHUNK_H
#define APLOMB_CHUNK_H
#include "base/str.h"

enum {
	CHUNK_MAX_DIGITS = 8,		/* of one size: 4 GiB, far above every body limit */
	CHUNK_MAX_TRAILER_BYTES = 4096, /* all trailer lines together */
};
enum chunk_state {
	CHUNK_SIZE,
	CHUNK_SIZE_LF,
	CHUNK_DATA,
	CHUNK_DATA_CR,
	CHUNK_DATA_LF,
	CHUNK_LINE,    /* at the start of a trailer line */
	CHUNK_TRAILER, /* inside one */
	CHUNK_TRAILER_LF,
	CHUNK_END_LF,
	CHUNK_DONE,
};
struct chunk {
	enum chunk_state state;
	uint64_t left; /* bytes of this chunk still to come; while in CHUNK_SIZE the size so far */
	size_t digits; /* of this size */
	size_t trailer_bytes;
	size_t max_bytes; /* of the whole body */
	size_t bytes;	  /* promised by the sizes so far */
};

/* A decoder for a body of at most max_bytes. Plain value, nothing to free. */
struct chunk chunk_start(size_t max_bytes);
/* Reads on. Returns 0, or the status to refuse with: 400 or 413. *used is how many bytes were taken;
 * *data the body bytes among them (borrowed; may be empty). Call again while bytes remain and
 * chunk_is_done is false; bytes behind the end are not taken. */
int chunk_feed(struct chunk *, struct str bytes, size_t *used, struct str *data) MUST_USE;
bool chunk_is_done(const struct chunk *);
#endif
