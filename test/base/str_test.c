/* SPDX-License-Identifier: Apache-2.0 */
/* What is UTF-8 wherever it stands: plain stretches are passed many bytes at a time. */
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static void stands_anywhere(const char *bytes, size_t n, bool is_utf8)
{
	enum { MOST = 200 };
	for (size_t len = n; len <= MOST; len++) {
		char *p = malloc(len); /* of its own, so that a sanitizer sees its end */
		assert_non_null(p);
		for (size_t at = 0; at + n <= len; at++) {
			memset(p, 'a', len);
			memcpy(p + at, bytes, n);
			assert_int_equal(str_is_utf8((struct str){ p, len }), is_utf8);
		}
		free(p);
	}
}

TEST(utf8_is_known_at_every_place)
{
	stands_anywhere("\x7F", 1, true);
	stands_anywhere("\xC3\xA9", 2, true);
	stands_anywhere("\xF0\x9F\x98\x80", 4, true);
	stands_anywhere("", 1, false); /* NUL */
	stands_anywhere("\x80", 1, false);
	stands_anywhere("\xC3", 1, false);
	stands_anywhere("\xED\xA0\x80", 3, false);
	assert_true(str_is_utf8(STR("")));
}

TESTS(T(utf8_is_known_at_every_place))
