/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot: the desk's live alerts as of an inbox row, so that a start reads only the tail. One is kept. */
#ifndef APLOMB_STORE_SNAPSHOT_H
#define APLOMB_STORE_SNAPSHOT_H
#include "store/db.h"

struct snapshot {
	int64_t inbox_id; /* the last row it knows of; 0 = there is no snapshot */
	struct str bytes; /* the engine's own format */
};
int snapshot_put(struct db *, const struct snapshot *, struct err *) MUST_USE;
int snapshot_get(struct db *, struct arena *, struct snapshot *, struct err *) MUST_USE;
#endif
