/* SPDX-License-Identifier: Apache-2.0 */
/* backup: copies of the database and their names, see keep.h. The file with its blobs and its manifest: admin/backup.c. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/when.h"
#include "store/db_inner.h"
#include "store/inbox.h"
#include "store/keep.h"
#include "store/ledger.h"

enum {
	COPY_PAGES = 256
}; /* 1 MB at a time, and to the disk at once: others get at it in between */

int backup_note(struct db *db, const struct backup *b, struct err *e)
{
	STMT(s, db, Q_BACKUP_ADD);
	stmt_text(&s, "name", b->name);
	stmt_int(&s, "at_ms", b->at_ms);
	stmt_int(&s, "pos", b->pos);
	stmt_int(&s, "inbox_id", b->inbox_id);
	return stmt_run(&s, e);
}

int backup_is_outdated(struct db *db, int64_t pos, bool *is_outdated, struct err *e)
{
	STMT(s, db, Q_REDACTION_BEHIND);
	stmt_int(&s, "pos", pos);
	if (stmt_next(&s, e) <= 0)
		return -1;
	*is_outdated = stmt_col_int(&s, "is_any") != 0;
	return 0;
}

int backup_last(struct db *db, struct arena *a, struct backup *out, struct err *e)
{
	STMT(s, db, Q_BACKUP_LAST);
	*out = (struct backup){ 0 };
	int got = stmt_next(&s, e);
	if (got > 0) {
		out->name = str_copy(a, stmt_col_text(&s, "name"));
		out->at_ms = stmt_col_int(&s, "at_ms");
	}
	return got < 0 ? -1 : 0;
}

int backups_with(struct db *db, const struct backup *at_least, struct arena *a, struct strs *out,
		 struct err *e)
{
	STMT(s, db, Q_BACKUP_WITH);
	stmt_int(&s, "pos", at_least->pos);
	stmt_int(&s, "inbox_id", at_least->inbox_id);
	stmt_int(&s, "at_ms", at_least->at_ms);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		struct buf b = BUF(a);
		buf_add(&b, stmt_col_text(&s, "name"));
		buf_z(&b, " of ");
		when_rfc3339(&b, stmt_col_int(&s, "at_ms"));
		size_t bytes = out->len * sizeof(*out->at);
		out->at = arena_grow(a, out->at, bytes, bytes + sizeof(*out->at));
		out->at[out->len++] = buf_str(&b);
	}
	return got;
}

int store_facts(struct db *db, struct copy_facts *f, struct err *e)
{
	struct ledger_head ledger;
	struct inbox_head inbox;
	if (ledger_head(db, &ledger, e) || inbox_head(db, &inbox, e))
		return -1;
	f->at_ms = db_now_ms(db);
	f->pos = ledger.pos;
	f->hash = ledger.hash;
	f->inbox_id = inbox.id;
	f->inbox_hash = inbox.hash;
	return 0;
}

/* fd: of the copy */
static int copy_pages(struct db *from, sqlite3 *to, int fd, struct err *e)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from->raw, "main");
	if (!b)
		return db_trouble(from, sqlite3_errcode(to), "Copying the database", e);
	int rc;
	do {
		rc = sqlite3_backup_step(b, COPY_PAGES);
		crash_point(from->world, "store.copying");
		if (rc == SQLITE_OK && fdatasync(fd) != 0)
			rc = SQLITE_IOERR_FSYNC;
	} while (rc == SQLITE_OK);
	int end = sqlite3_backup_finish(b);
	if (rc != SQLITE_DONE || end != SQLITE_OK)
		return db_trouble(from, rc != SQLITE_DONE ? rc : end, "Copying the database", e);
	return 0;
}

static int sync_file(const char *path, int64_t *bytes, struct err *e)
{
	struct stat st;
	FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fsync(fd) != 0 || fstat(fd, &st) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	*bytes = st.st_size;
	return 0;
}

static int copy_to(struct db *from, const char *path, int fd, struct err *e)
{
	sqlite3 *to = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int rc = sqlite3_open_v2(path, &to, flags, NULL);
	/* nobody reads it before it is whole, and a broken one is thrown away: it needs no journal */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(to, query_text[Q_COPY_OPEN], NULL, NULL, NULL);
	int result = rc == SQLITE_OK ? copy_pages(from, to, fd, e)
				     : db_trouble(from, rc, "Copying the database", e);
	(void)sqlite3_close(to);
	return result;
}

int store_copy(struct db *reader, const char *to, struct copy_facts *f, struct err *e)
{
	FD fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_fail(e, ERR_STORE, "%s: %s.", to, strerror(errno));
	if (db_begin(reader, e)) {
		(void)unlink(to);
		return -1;
	}
	/* the first read fixes the moment: head and pages are of the same one */
	int result = store_facts(reader, f, e) || copy_to(reader, to, fd, e) ||
		     sync_file(to, &f->bytes, e);
	db_rollback(reader);
	if (result)
		(void)unlink(to);
	return result ? -1 : 0;
}

int store_look(const struct world *w, const char *db_path, struct db **out, struct err *e)
{
	ARENA(a);
	struct stat wal;
	const char *slash = strrchr(db_path, '/');
	const char *folder = slash ? str_z(&a, (struct str){ db_path, (size_t)(slash - db_path) })
				   : ".";
	bool has_wal = stat(str_fmt(&a, "%s-wal", db_path).at, &wal) == 0 && wal.st_size > 0;
	struct buf uri = BUF(&a);
	buf_z(&uri, "file:");
	for (const char *p = db_path; *p; p++)
		if (*p == '%' || *p == '?' || *p == '#')
			buf_fmt(&uri, "%%%02X", (unsigned)*p);
		else
			buf_c(&uri, *p);
	if (!has_wal)
		buf_z(&uri, "?immutable=1");
	struct db_config config = { .world = w,
				    .path = str_z(&a, buf_str(&uri)),
				    .is_only_read = true };
	if (db_open(&config, out, e) == 0)
		return 0;
	if (has_wal && access(folder, W_OK) != 0) {
		err_fail(e, ERR_STORE,
			 "%s has changes in its WAL, and the folder takes no writes to read them "
			 "with.",
			 db_path);
		err_next(e, "Copy the whole folder to a place that takes writes and look there.");
	}
	return -1;
}

int blob_list(struct db *db, struct arena *a, struct blob_rows *out, struct err *e)
{
	STMT(s, db, Q_BLOB_FILES);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = (struct blob_row){ str_copy(a, stmt_col_text(&s, "hash")),
						       stmt_col_int(&s, "size"),
						       stmt_col_int(&s, "is_cited") != 0 };
	return got;
}
