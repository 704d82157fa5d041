/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include "test.h"

TEST(cells_with_quotes_and_empty_ones)
{
	struct str text = STR("a,\"b,c\",,d\r\ne\n"), row, cell;
	assert_true(csv_row(&text, &row));
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "a");
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "b,c");
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "");
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "d");
	assert_false(csv_cell(&row, ',', &cell));
	assert_true(csv_row(&text, &row));
	assert_str(row, "e");
	assert_false(csv_row(&text, &row));
}

TEST(a_last_empty_cell_counts)
{
	struct str text = STR("a,\n"), row, cell;
	assert_true(csv_row(&text, &row));
	assert_true(csv_cell(&row, ',', &cell));
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "");
	assert_false(csv_cell(&row, ',', &cell));
}

TEST(an_unclosed_quote_ends_with_the_line)
{
	struct str text = STR("\"a,b"), row, cell;
	assert_true(csv_row(&text, &row));
	assert_true(csv_cell(&row, ',', &cell));
	assert_str(cell, "\"a,b");
	assert_false(csv_cell(&row, ',', &cell));
}

TEST(numbers_and_what_is_none)
{
	double n = 0;
	assert_true(csv_number(STR("-1.5e-3"), &n));
	assert_true(n < -.00149 && n > -.00151);
	assert_false(csv_number(STR(""), &n));
	assert_false(csv_number(STR("nan"), &n));
	assert_false(csv_number(STR("inf"), &n));
	assert_false(csv_number(STR("0x10"), &n));
	assert_false(csv_number(STR("1 "), &n));
	assert_false(csv_number(STR("1-2"), &n));
}

TESTS(T(cells_with_quotes_and_empty_ones), T(a_last_empty_cell_counts),
      T(an_unclosed_quote_ends_with_the_line), T(numbers_and_what_is_none))
