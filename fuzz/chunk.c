/* SPDX-License-Identifier: Apache-2.0 */
/* net/chunk: a body means the same however the network cuts it. The first byte is the body's limit. */
#include "net/chunk.h"

#include "base/buf.h"
#include "fuzz.h"

/* Feeds pieces of at most `step` bytes; returns the status and the bytes taken. */
static int decode(struct str s, size_t max_bytes, size_t step, struct buf *body, size_t *taken)
{
	struct chunk c = chunk_start(max_bytes);
	*taken = 0;
	while (*taken < s.len && !chunk_is_done(&c)) {
		size_t used = 0;
		struct str data = { NULL, 0 };
		int status = chunk_feed(&c, str_sub(s, *taken, step), &used, &data);
		if (status)
			return status;
		assert(used > 0 && used <= step && data.len <= used);
		*taken += used;
		buf_add(body, data);
		assert(body->len <= max_bytes);
	}
	return chunk_is_done(&c) ? 1 : 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	size_t max_bytes = take_byte(&s), taken;
	struct buf whole = BUF(&a);
	int status = decode(s, max_bytes, SIZE_MAX, &whole, &taken);
	for (size_t step = 1; step < 5; step++) {
		struct buf pieces = BUF(&a);
		size_t taken_so;
		assert(decode(s, max_bytes, step, &pieces, &taken_so) == status);
		/* before a refusal, smaller pieces may hand out more */
		assert(status >= 400 ||
		       (taken_so == taken && str_eq(buf_str(&pieces), buf_str(&whole))));
	}
	return 0;
}
