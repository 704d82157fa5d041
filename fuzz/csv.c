/* SPDX-License-Identifier: Apache-2.0 */
/* base/csv: rows and cells end, stay inside the text, and a number is one that strtod takes whole. */
#include "base/csv.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct str rest = text_of(bytes, len), row, cell;
	const struct str all = rest;
	while (csv_row(&rest, &row)) {
		size_t cells = 0;
		while (csv_cell(&row, ',', &cell)) {
			double n = 0;
			assert(!cell.len ||
			       (cell.at >= all.at && cell.at + cell.len <= all.at + all.len));
			(void)csv_number(cell, &n);
			assert(++cells <= len + 1);
		}
	}
	return 0;
}
