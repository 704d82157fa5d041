/* SPDX-License-Identifier: Apache-2.0 */
/* wal: see wal.h. */
#include "store/wal.h"

enum wal_step wal_next(struct wal_tries *t, int64_t pages)
{
	if (pages < t->at_pages) /* it started over */
		*t = (struct wal_tries){ 0 };
	if (pages - t->at_pages < WAL_STEP_PAGES)
		return WAL_LEAVE;
	t->at_pages = pages;
	if (pages - t->waited_pages < WAL_WAIT_PAGES)
		return WAL_COPY;
	t->waited_pages = pages;
	return WAL_WAIT;
}
