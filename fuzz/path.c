/* SPDX-License-Identifier: Apache-2.0 */
/* intake/path: a path or template in the first line, JSON in the rest. */
#include "fuzz.h"
#include "intake/path.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str path, text = text_of(bytes, len);
	struct json *j;
	struct err e = { 0 };
	struct buf shown = BUF(&a);
	(void)str_cut(&text, '\n', &path);
	if (!str_is_utf8(path) || json_parse_lax(&a, text, &j, &e))
		return 0;
	json_show(j, &shown);
	assert(is_json(&a, buf_str(&shown)));
	assert(str_is_utf8(path_text(j, path, &a)));
	assert(str_is_utf8(path_fill(j, path, &a)));
	if (path_check(path, &e))
		assert(e.text[0]);
	return 0;
}
