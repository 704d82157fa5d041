/* SPDX-License-Identifier: Apache-2.0 */
/* net/multipart: the first line is the content type, what follows it the body. */
#include "net/multipart.h"

#include "fuzz.h"

static void assert_within(struct str part, struct str whole)
{
	assert(!part.len || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str body = text_of(bytes, len), type = { NULL, 0 };
	struct multipart m = { 0 };
	struct err e = { 0 };
	str_cut(&body, '\n', &type);
	(void)multipart_is(type);
	if (multipart_parse(&a, type, body, &m, &e)) {
		assert(e.code == ERR_MEDIA || e.code == ERR_BAD_INPUT || e.code == ERR_TOO_LARGE);
		return 0;
	}
	assert(m.form.pairs.len + m.uploads.len <= MULTIPART_MAX_PARTS);
	LIST_EACH (p, &m.form.pairs)
		assert(p->name.len && str_is_utf8(p->name) && str_is_utf8(p->value));
	LIST_EACH (u, &m.uploads) {
		assert(u->name.len && u->file.len && str_is_utf8(u->name) && str_is_utf8(u->file));
		assert(str_find(u->file, STR("/")) == SIZE_MAX);
		assert(str_find(u->file, STR("\\")) == SIZE_MAX);
		assert_within(u->bytes, body);
	}
	return 0;
}
