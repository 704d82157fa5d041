/* SPDX-License-Identifier: Apache-2.0 */
/* base/field: text into one member and back. The first byte picks the member. */
#include "rich.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	struct reading r = { .arena = &a, .now_ms = noon_ms, .offset_ms = 7200000 };
	enum { ROWS = sizeof(rich_fields) / sizeof(rich_fields[0]) - 1 };
	const struct field *f = &rich_fields[take_byte(&s) % ROWS];
	struct rich x = { 0 }, y = { 0 };
	struct err e = { 0 };
	struct buf text = BUF(&a);
	if (field_parse(f, &x, s, &r, &e)) {
		assert(e.code == ERR_BAD_FIELD && str_is(str_of(f->name), e.field));
		assert(str_is_utf8(str_of(e.text)));
		return 0;
	}
	field_print(f, &x, &text);
	assert(field_parse(f, &y, buf_str(&text), &r, &e) == 0);
	assert(fields_equal(rich_fields, &x, &y));
	(void)fields_check(rich_fields, &x, &e);
	return 0;
}
