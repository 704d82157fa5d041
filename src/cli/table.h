/* SPDX-License-Identifier: Apache-2.0 */
/* table: rows in columns, the widest that fits: a narrow terminal loses the columns it needs least, then
 * long texts are cut. Pure. */
#ifndef APLOMB_CLI_TABLE_H
#define APLOMB_CLI_TABLE_H
#include "base/buf.h"
#include "base/list.h"

enum { TABLE_TABS = 0, TABLE_GAP = 2, TABLE_MAX_COLUMNS = 12 };

struct column {
	const char *name;
	size_t least; /* cut down to so many columns when there is no room; 0 = never cut */
	int drop;     /* left out when there is no room, the highest first; 0 = never */
};
struct table {
	struct arena *arena;
	const struct column *columns; /* name NULL ends it; at most TABLE_MAX_COLUMNS */
	LIST_OF(struct str) cells;    /* row by row */
};

/* A row of empty cells, to be filled by the caller until the next one. */
struct str *table_row(struct table *);
/* Lines. `width` is the terminal's; TABLE_TABS: no heading, all columns, parted by tabs. Cells are made
 * safe (clean.h). */
void table_print(const struct table *, size_t width, struct buf *);
#endif
