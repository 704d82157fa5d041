/* SPDX-License-Identifier: Apache-2.0 */
/* csv: rows and cells of comma- or tab-separated text (RFC 4180): quoted cells may hold separators, not line ends. */
#ifndef APLOMB_CSV_H
#define APLOMB_CSV_H
#include "base/str.h"

/* Takes the next line off *rest, without its line end. False at the end; a last empty line is none. */
bool csv_row(struct str *rest, struct str *row);
/* Takes the next cell off *row, unquoted ("" inside quotes is kept as it stands). False when there is no more. *row must
 * come from csv_row; a cell behind a last separator is empty and counts. */
bool csv_cell(struct str *row, char separator, struct str *cell);
/* A decimal number, "1.5e-3" too, the whole cell; false for an empty cell, "nan" and all else. No locale. */
bool csv_number(struct str cell, double *out);
#endif
