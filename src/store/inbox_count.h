/* SPDX-License-Identifier: Apache-2.0 */
/* inbox_count: how much each sender delivered, from the newest rows of the inbox. Bodies: inbox.h. */
#ifndef APLOMB_STORE_INBOX_COUNT_H
#define APLOMB_STORE_INBOX_COUNT_H
#include "base/list.h"
#include "store/db.h"

/* One sender in one hour. */
struct inbox_hour {
	struct str source; /* as in the inbox: "generic/disk-checks" */
	int64_t hour;	   /* hours since 1970 UTC */
	int64_t count, rejected, last_id, last_ms;
};
LIST_DECLARE(inbox_hours, struct inbox_hour);
/* Of the rows behind after_id. Reads no body, but every such row: mind how many. */
int inbox_count(struct db *, int64_t after_id, struct arena *, struct inbox_hours *,
		struct err *) MUST_USE;
/* *id: the newest rejected row of a sender, 0 = none. */
int inbox_last_rejected(struct db *, struct str source, int64_t *id, struct err *) MUST_USE;
#endif
