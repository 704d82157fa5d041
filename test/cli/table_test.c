/* SPDX-License-Identifier: Apache-2.0 */
/* table: the widest that fits. */
#include "cli/table.h"
#include "test.h"

static const struct column columns[] = {
	{ "ID", 0, 0 }, { "TITLE", 8, 0 }, { "LEAD", 0, 1 }, { "NEXT", 6, 2 }, { NULL, 0, 0 }
};

static struct table two_rows(struct arena *a)
{
	struct table t = { .arena = a, .columns = columns };
	struct str *row = table_row(&t);
	row[0] = STR("INC-1");
	row[1] = STR("Checkout is slow");
	row[2] = STR("Ana");
	row[3] = STR("Test it");
	row = table_row(&t);
	row[0] = STR("INC-12");
	row[1] = STR("Mail\nis\033[31m late");
	return t;
}

static struct str printed(struct arena *a, size_t width)
{
	const struct table t = two_rows(a);
	struct buf b = BUF(a);
	table_print(&t, width, &b);
	return buf_str(&b);
}

TEST(shows_all_where_there_is_room)
{
	ARENA(a);
	assert_str(printed(&a, 80), "ID      TITLE             LEAD  NEXT\n"
				    "INC-1   Checkout is slow  Ana   Test it\n"
				    "INC-12  Mail is late\n");
}

TEST(cuts_the_widest_first)
{
	ARENA(a);
	assert_str(printed(&a, 35), "ID      TITLE         LEAD  NEXT\n"
				    "INC-1   Checkout is\xe2\x80\xa6  Ana   Test it\n"
				    "INC-12  Mail is late\n");
}

TEST(drops_the_least_needed_columns)
{
	ARENA(a);
	assert_str(printed(&a, 24), "ID      TITLE       LEAD\n"
				    "INC-1   Checkout\xe2\x80\xa6   Ana\n"
				    "INC-12  Mail is l\xe2\x80\xa6\n");
	assert_str(printed(&a, 16), "ID      TITLE\n"
				    "INC-1   Checkou\xe2\x80\xa6\n"
				    "INC-12  Mail is\xe2\x80\xa6\n");
}

TEST(is_parted_by_tabs_when_piped)
{
	ARENA(a);
	assert_str(printed(&a, TABLE_TABS), "INC-1\tCheckout is slow\tAna\tTest it\n"
					    "INC-12\tMail is late\t\t\n");
}

TEST(leaves_out_a_column_without_text)
{
	ARENA(a);
	struct table t = { .arena = &a, .columns = columns };
	struct buf b = BUF(&a);
	struct str *row = table_row(&t);
	row[0] = STR("INC-1");
	row[3] = STR("Go");
	table_print(&t, 80, &b);
	assert_str(buf_str(&b), "ID     NEXT\nINC-1  Go\n");
}

TESTS(T(shows_all_where_there_is_room), T(cuts_the_widest_first), T(drops_the_least_needed_columns),
      T(is_parted_by_tabs_when_piped), T(leaves_out_a_column_without_text))
