/* SPDX-License-Identifier: Apache-2.0 */
/* inbox_count: see inbox_count.h. */
#include "store/inbox_count.h"

#include "store/stmt.h"

int inbox_count(struct db *db, int64_t after_id, struct arena *a, struct inbox_hours *out,
		struct err *e)
{
	STMT(s, db, Q_INBOX_COUNT);
	stmt_int(&s, "after", after_id);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = (struct inbox_hour){
			.source = str_copy(a, stmt_col_text(&s, "source")),
			.hour = stmt_col_int(&s, "hour"),
			.count = stmt_col_int(&s, "count"),
			.rejected = stmt_col_int(&s, "rejected"),
			.last_id = stmt_col_int(&s, "last_id"),
			.last_ms = stmt_col_int(&s, "last_ms"),
		};
	return got;
}

int inbox_last_rejected(struct db *db, struct str source, int64_t *id, struct err *e)
{
	STMT(s, db, Q_INBOX_LAST_REJECTED);
	stmt_text(&s, "source", source);
	int got = stmt_next(&s, e);
	*id = got > 0 ? stmt_col_int(&s, "id") : 0;
	return got < 0 ? -1 : 0;
}
