/* SPDX-License-Identifier: Apache-2.0 */
/* clean: text from elsewhere, made safe for a terminal, and how wide it stands there. Pure. */
#ifndef APLOMB_CLI_CLEAN_H
#define APLOMB_CLI_CLEAN_H
#include "base/buf.h"

/* Adds the text without escape sequences, control characters (line end and tab stay) and marks that turn
 * the direction of writing; bytes that are no UTF-8 become '?'. */
void clean_add(struct buf *, struct str);
/* The same in a copy. */
struct str clean(struct arena *, struct str);
/* Line ends and tabs become one blank too: for a cell or a line. */
struct str clean_line(struct arena *, struct str);
/* Columns on a terminal: wide East Asian characters and emoji take two, combining marks none. */
size_t clean_width(struct str);
/* At most `columns` wide; what is cut ends with "…". Borrowed when it fits. */
struct str clean_fit(struct arena *, struct str, size_t columns);
#endif
