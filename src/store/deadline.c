/* SPDX-License-Identifier: Apache-2.0 */
/* deadline: see deadline.h. */
#include "store/deadline.h"

#include "store/stmt.h"

int deadline_set(struct db *db, int64_t stream, int64_t due_ms, struct err *e)
{
	bool remove = due_ms == NOTHING_DUE;
	STMT(s, db, remove ? Q_DEADLINE_REMOVE : Q_DEADLINE_SET);
	stmt_int(&s, "stream", stream);
	if (!remove)
		stmt_int(&s, "due_ms", due_ms);
	return stmt_run(&s, e);
}

int deadline_next(struct db *db, int64_t *due_ms, struct err *e)
{
	STMT(s, db, Q_DEADLINE_NEXT);
	if (stmt_next(&s, e) <= 0)
		return -1;
	*due_ms = stmt_col_is_null(&s, "due_ms") ? NOTHING_DUE : stmt_col_int(&s, "due_ms");
	return 0;
}

int deadline_clear(struct db *db, struct err *e)
{
	STMT(s, db, Q_DEADLINE_CLEAR);
	return stmt_run(&s, e);
}

int deadline_due(struct db *db, int64_t now_ms, struct arena *a, struct deadlines *out,
		 struct err *e)
{
	STMT(s, db, Q_DEADLINE_DUE);
	stmt_int(&s, "now_ms", now_ms);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = (struct deadline){ stmt_col_int(&s, "stream"),
						       stmt_col_int(&s, "due_ms") };
	return got;
}
