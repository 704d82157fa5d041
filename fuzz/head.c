/* SPDX-License-Identifier: Apache-2.0 */
/* net/head: a head that is taken reads in one way only; and the cookie in it. */
#include "net/server.h"

#include "fuzz.h"

static void check(const struct head *h)
{
	assert(h->path.len && h->path.at[0] == '/' && str_is_utf8(h->path));
	assert(str_find(h->path, STR("/../")) == SIZE_MAX && !str_ends(h->path, STR("/..")));
	for (size_t i = 0; i < h->path.len; i++)
		assert((unsigned char)h->path.at[i] >= ' ' && h->path.at[i] != 0x7f);
	assert(h->headers.len <= HEAD_MAX_HEADERS);
	assert(!h->is_chunked || h->content_length == -1);
	assert(h->content_length >= -1);
	LIST_EACH (x, &h->headers) {
		assert(x->name.len && str_find(x->name, STR(" ")) == SIZE_MAX);
		assert(str_find(x->value, STR("\r")) == SIZE_MAX);
		assert(str_find(x->value, STR("\n")) == SIZE_MAX);
		assert(str_find(x->value, STR("\0")) == SIZE_MAX);
		assert(str_eq(str_trim(x->value), x->value));
	}
}

/* A cookie is a piece of a header's value, as it stands there. */
static void check_cookie(const struct head *h)
{
	const struct request q = { .head = h };
	struct str found = request_cookie(&q, "sid");
	bool is_inside = !found.len;
	LIST_EACH (x, &h->headers)
		is_inside = is_inside || (found.at >= x->value.at &&
					  found.at + found.len <= x->value.at + x->value.len);
	assert(is_inside && str_find(found, STR(";")) == SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
	ARENA(a);
	struct str s = text_of(bytes, size);
	struct head h = { 0 };
	size_t len = 0, part = 0;
	if (head_find(s, &len) || !len)
		return 0;
	assert(len <= size);
	/* a head that comes in pieces is not found before its last byte */
	for (size_t i = 0; i < len; i++)
		assert(head_find(str_sub(s, 0, i), &part) == 0 && part == 0);
	int status = head_parse(str_sub(s, 0, len), &a, &h);
	assert(!status || (status >= 400 && status < 600));
	if (status)
		return 0;
	check(&h);
	check_cookie(&h);
	return 0;
}
