/* SPDX-License-Identifier: Apache-2.0 */
/* retention: the inbox by days, see keep.h. When a day goes is the engine's to decide. The space of what leaves is used
 * again by what comes. */
#include "store/keep.h"
#include "store/stmt.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static int find_first(struct db *db, struct inbox_segment *out, struct err *e)
{
	STMT(s, db, Q_INBOX_SEGMENT_FIRST);
	int got = stmt_next(&s, e);
	if (got <= 0)
		return got;
	out->from_id = stmt_col_int(&s, "id");
	out->day_ms = stmt_col_int(&s, "received_ms") / DAY_MS * DAY_MS;
	return 0;
}

/* A segment ends where the next day begins. */
static int find_end(struct db *db, struct inbox_segment *out, struct err *e)
{
	STMT(s, db, Q_INBOX_SEGMENT_END);
	stmt_int(&s, "from_id", out->from_id);
	stmt_int(&s, "end_ms", out->day_ms + DAY_MS);
	if (stmt_next(&s, e) <= 0)
		return -1;
	out->to_id = stmt_col_int(&s, "to_id");
	return 0;
}

static int count(struct db *db, struct inbox_segment *out, struct err *e)
{
	STMT(s, db, Q_INBOX_SEGMENT_COUNT);
	stmt_int(&s, "from_id", out->from_id);
	stmt_int(&s, "to_id", out->to_id);
	if (stmt_next(&s, e) <= 0)
		return -1;
	out->kept = stmt_col_int(&s, "kept");
	out->rows = stmt_col_int(&s, "rows") - out->kept;
	return 0;
}

int inbox_segment_next(struct db *db, int64_t before_ms, struct inbox_segment *out, struct err *e)
{
	*out = (struct inbox_segment){ 0 };
	if (find_first(db, out, e))
		return -1;
	if (out->from_id && out->day_ms + DAY_MS > before_ms)
		out->from_id = 0;
	if (!out->from_id)
		return 0;
	return find_end(db, out, e) || count(db, out, e) ? -1 : 0;
}

int inbox_expire(struct db *db, const struct inbox_segment *segment, int64_t by_pos, struct err *e)
{
	STMT(s, db, Q_INBOX_EXPIRY_ADD);
	stmt_int(&s, "from_id", segment->from_id);
	stmt_int(&s, "to_id", segment->to_id);
	stmt_int(&s, "pos", by_pos);
	return stmt_run(&s, e) ? err_context(e, "inbox: expire") : 0;
}

int inbox_expire_step(struct db *db, int64_t limit, int64_t *removed, struct err *e)
{
	STMT(s, db, Q_INBOX_EXPIRY_STEP);
	stmt_int(&s, "limit", limit);
	if (stmt_run(&s, e))
		return -1;
	*removed = stmt_changes(&s);
	return 0;
}

int inbox_cite(struct db *db, int64_t id, int64_t incident, struct err *e)
{
	STMT(s, db, Q_INBOX_CITE);
	stmt_int(&s, "id", id);
	stmt_int(&s, "incident", incident);
	return stmt_run(&s, e);
}
