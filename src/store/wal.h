/* SPDX-License-Identifier: Apache-2.0 */
/* wal: the rule for moving the write-ahead log into the database amid work. Pure; what it decides is done by
 * store_after_commit. A log that was moved whole starts over with the next commit, unless a reader still looks into it. */
#ifndef APLOMB_STORE_WAL_H
#define APLOMB_STORE_WAL_H
#include <stdint.h>

enum {
	WAL_STEP_PAGES = 2000,	/* 8 MB: a longer one costs more in one piece and slows readers */
	WAL_WAIT_PAGES = 16384, /* 64 MB: so long only if readers never leave a gap, or one stays */
};
enum wal_step {
	WAL_LEAVE, /* nothing to do */
	WAL_COPY,  /* move what no reader needs, at once */
	WAL_WAIT,  /* wait a moment for readers, then move it */
};
/* How long the log was when it was last tried, and when readers were last waited for; 0 = not since it started over. */
struct wal_tries {
	int64_t at_pages, waited_pages;
};
/* After a commit, with the log's length. A reader may stay for minutes (a backup), and each batch that asked after it
 * would pay: so a try that did not help comes again only when the log grew by a step, and a wait by 64 MB. Notes it. */
enum wal_step wal_next(struct wal_tries *, int64_t pages);
#endif
