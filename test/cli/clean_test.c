/* SPDX-License-Identifier: Apache-2.0 */
/* clean: nothing from elsewhere moves a cursor, sets a title or hides a word. */
#include "cli/clean.h"
#include "test.h"

TEST(strips_escape_sequences)
{
	static const char *const pairs[][2] = {
		{ "plain \xc3\xa9 text\n\tkept", "plain \xc3\xa9 text\n\tkept" },
		{ "a\033[31mred\033[0mb", "aredb" },
		{ "a\033]0;title\007b", "ab" },
		{ "a\033]8;;http://x\033\\link\033]8;;\033\\b", "alinkb" },
		{ "a\033Pq#0;2\033\\b", "ab" },
		{ "a\033cb\033(Bc", "abc" },
		{ "a\xc2\x9b"
		  "31mb",
		  "ab" },
		{ "a\xc2\x9d"
		  "0;t\xc2\x9c"
		  "b",
		  "ab" },
		{ "never ends \033]0;x", "never ends " },
		{ "half \033[", "half " },
		{ "half \033", "half " },
		{ "bell\007 back\b del\177 cr\r", "bell back del cr" },
		{ "user\xe2\x80\xaegnp.exe", "usergnp.exe" },
		{ "bad \xff\xc3", "bad ??" },
		{ "cut \033[31", "cut " },
	};
	ARENA(a);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_str(clean(&a, str_of(pairs[i][0])), pairs[i][1]);
}

TEST(a_line_is_one_line)
{
	ARENA(a);
	assert_str(clean_line(&a, STR("  one\n\n two\tthree \033[1m ")), "one two three");
}

TEST(measures_what_a_terminal_shows)
{
	assert_int_equal(clean_width(STR("abc")), 3);
	assert_int_equal(clean_width(STR("\xc3\xa9t\xc3\xa9")), 3);
	assert_int_equal(clean_width(STR("e\xcc\x81")), 1); /* e and a combining accent */
	assert_int_equal(clean_width(STR("\xe6\x97\xa5\xe6\x9c\xac")), 4); /* two wide characters */
	assert_int_equal(clean_width(STR("\xf0\x9f\x94\xa5")), 2);
}

TEST(fits_by_cutting_between_characters)
{
	ARENA(a);
	assert_str(clean_fit(&a, STR("short"), 5), "short");
	assert_str(clean_fit(&a, STR("checkout is slow"), 9), "checkout\xe2\x80\xa6");
	assert_str(clean_fit(&a, STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), 4),
		   "\xe6\x97\xa5\xe2\x80\xa6");
	assert_int_equal(clean_fit(&a, STR("x y"), 0).len, 0);
}

TESTS(T(strips_escape_sequences), T(a_line_is_one_line), T(measures_what_a_terminal_shows),
      T(fits_by_cutting_between_characters))
