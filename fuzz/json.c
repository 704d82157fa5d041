/* SPDX-License-Identifier: Apache-2.0 */
/* base/json: what is read into a struct and written again reads the same. */
#include "rich.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	struct reading r = { .arena = &a, .now_ms = noon_ms, .offset_ms = 3600000 };
	struct err e = { 0 }, lax = { 0 };
	struct rich x = { 0 };
	struct json *j, *kept;
	int status = json_parse_lax(&a, s, &kept, &lax);
	if (json_parse(&a, s, &j, &e)) {
		assert(e.code == ERR_BAD_INPUT && e.text[0]);
		return 0;
	}
	assert(status == 0); /* the lax door takes all that the strict one takes */
	assert(str_is_utf8(s));
	if (fields_from_json(rich_fields, j, &x, &r, &e)) {
		assert(e.text[0]);
		return 0;
	}
	/* words of a list may be more than a list may hold */
	if (fields_check(rich_fields, &x, &e) == 0)
		assert_json_identity(&x, &r);
	return 0;
}
