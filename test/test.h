/* SPDX-License-Identifier: Apache-2.0 */
/* test: cmocka in our spelling. TEST(name) {...} defines one; TESTS(T(a), T(b)) makes main. */
#ifndef APLOMB_TEST_H
#define APLOMB_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

#define TEST(name) static void name(__attribute__((unused)) void **state)
#define T(name) cmocka_unit_test(name)
#define TESTS(...)                                                 \
	int main(void)                                             \
	{                                                          \
		const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
		return cmocka_run_group_tests(tests, NULL, NULL);  \
	}

/* Texts compared as texts, both shown when they differ. */
#define assert_str(got, want)                                             \
	do {                                                              \
		ARENA(assert_arena);                                      \
		assert_string_equal(str_z(&assert_arena, (got)), (want)); \
	} while (0)
#endif
