/* SPDX-License-Identifier: Apache-2.0 */
/* redact: what was kept is removed for good, see keep.h. A secret is gone only when it is in no file: not in a freed
 * page, not in the WAL, not in blobs/. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store/blob.h"
#include "store/keep.h"
#include "store/stmt.h"
#include "store/store.h"

int redaction_add(struct db *db, struct str kind, struct str target, int64_t by_pos, struct err *e)
{
	STMT(s, db, Q_REDACTION_ADD);
	stmt_text(&s, "kind", kind);
	stmt_text(&s, "target", target);
	stmt_int(&s, "pos", by_pos);
	return stmt_run(&s, e);
}

static int one_gone(struct stmt *s, const char *what, struct err *e)
{
	if (stmt_run(s, e))
		return -1;
	if (stmt_changes(s) == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no %s with a content.", what);
	return 0;
}

int inbox_redact(struct db *db, int64_t id, int64_t by_pos, struct err *e)
{
	ARENA(a);
	if (redaction_add(db, STR("inbox"), str_fmt(&a, "%lld", (long long)id), by_pos, e))
		return err_context(e, "inbox: redact %lld", (long long)id);
	STMT(s, db, Q_INBOX_REDACT);
	stmt_int(&s, "id", id);
	return one_gone(&s, "such delivery", e);
}

int blob_redact(struct db *db, struct str hash, int64_t by_pos, struct err *e)
{
	if (redaction_add(db, STR("blob"), hash, by_pos, e))
		return err_context(e, "blob: redact");
	STMT(s, db, Q_BLOB_REDACT);
	stmt_text(&s, "hash", hash);
	return one_gone(&s, "such attachment", e);
}

int request_blank(struct db *db, int64_t stream, int64_t seq, struct err *e)
{
	STMT(s, db, Q_REQUEST_BLANK);
	stmt_int(&s, "stream", stream);
	stmt_int(&s, "seq", seq);
	return stmt_run(&s, e);
}

static int run(struct db *db, enum query query, struct err *e)
{
	STMT(s, db, query);
	return stmt_run(&s, e);
}

int store_secure_delete(struct store *store, bool on, struct err *e)
{
	return run(store_writer(store), on ? Q_KEEP_SECURE_ON : Q_KEEP_SECURE_OFF, e);
}

int blob_scrub(struct store *store, struct err *e)
{
	STMT(s, store_writer(store), Q_BLOB_REDACTED);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		ARENA(a);
		const char *path = blob_path(store, stmt_col_text(&s, "target"), &a);
		if (!path || unlink(path) == 0)
			continue;
		if (errno != ENOENT)
			return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	}
	return got;
}

int store_scrub(struct store *store, struct err *e)
{
	/* pages that were split keep copies of rows in their gaps: only a rewrite is sure */
	if (run(store_writer(store), Q_KEEP_VACUUM, e))
		return -1;
	crash_point(db_world(store_writer(store)), "store.vacuumed");
	return store_scrub_wal(store, e);
}

int store_scrub_wal(struct store *store, struct err *e)
{
	return db_truncate_wal(store_writer(store), e);
}
