/* SPDX-License-Identifier: Apache-2.0 */
/* csv: see csv.h. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

bool csv_row(struct str *rest, struct str *row)
{
	if (!rest->len || !str_cut(rest, '\n', row))
		return false;
	if (row->len && row->at[row->len - 1] == '\r')
		row->len--;
	return true;
}

/* Where a quoted cell ends: behind its closing quote. */
static size_t quoted_end(struct str row)
{
	for (size_t i = 1; i < row.len; i++) {
		if (row.at[i] != '"')
			continue;
		if (i + 1 < row.len && row.at[i + 1] == '"')
			i++;
		else
			return i + 1;
	}
	return row.len;
}

bool csv_cell(struct str *row, char separator, struct str *cell)
{
	if (!row->at)
		return false;
	bool is_quoted = row->len && row->at[0] == '"';
	size_t end = is_quoted ? quoted_end(*row) : 0;
	while (end < row->len && row->at[end] != separator)
		end++;
	*cell = str_sub(*row, 0, end);
	if (is_quoted && cell->len >= 2 && cell->at[cell->len - 1] == '"')
		*cell = str_sub(*cell, 1, cell->len - 2);
	*row = end < row->len ? (struct str){ row->at + end + 1, row->len - end - 1 }
			      : (struct str){ NULL, 0 };
	return true;
}

bool csv_number(struct str cell, double *out)
{
	char text[64], *end = NULL;
	if (!cell.len || cell.len >= sizeof(text))
		return false;
	for (size_t i = 0; i < cell.len; i++)
		if (!memchr("0123456789+-.eE", cell.at[i], 15))
			return false;
	memcpy(text, cell.at, cell.len);
	text[cell.len] = '\0';
	*out = strtod(text, &end);
	return end == text + cell.len;
}
