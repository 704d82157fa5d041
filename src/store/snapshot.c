/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot: see snapshot.h. */
#include "store/snapshot.h"

#include "store/stmt.h"

int snapshot_put(struct db *db, const struct snapshot *snapshot, struct err *e)
{
	STMT(s, db, Q_SNAPSHOT_PUT);
	stmt_int(&s, "inbox_id", snapshot->inbox_id);
	stmt_blob(&s, "bytes", snapshot->bytes);
	return stmt_run(&s, e);
}

int snapshot_get(struct db *db, struct arena *a, struct snapshot *out, struct err *e)
{
	*out = (struct snapshot){ 0 };
	STMT(s, db, Q_SNAPSHOT_GET);
	int got = stmt_next(&s, e);
	if (got <= 0)
		return got;
	out->inbox_id = stmt_col_int(&s, "inbox_id");
	out->bytes = str_copy(a, stmt_col_blob(&s, "bytes"));
	return 0;
}
