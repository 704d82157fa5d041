/* SPDX-License-Identifier: Apache-2.0 */
/* db: handles, transactions, checkpoints. Statements: stmt.c; migrations: migrate.c. One handle writes and checkpoints
 * (SQLite before 3.51.3 can damage a WAL that two reset); readers are query-only. */
#include "store/db_inner.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

enum {
	BUSY_TIMEOUT_MS = 5000,
	FORCE_TIMEOUT_MS = 40, /* senders wait meanwhile: a POST is to be answered within 50 ms */
	TRUNCATE_TIMEOUT_MS = 200,
};

/* A disk that was mounted anew for reading fails each write as if it were broken. */
static bool is_read_only(const struct db *db)
{
	const char *path = sqlite3_db_filename(db->raw, "main");
	return path && path[0] && access(path, W_OK) != 0 && errno == EROFS;
}

static int no_writes(struct err *e)
{
	err_fail(e, ERR_STORE, "The disk or the data folder takes no writes.");
	err_next(e,
		 "Check that it is mounted for writing and belongs to the user that runs aplomb.");
	return -1;
}

int db_trouble(struct db *db, int rc, const char *doing, struct err *e)
{
	/* The kernel forgets what it could not write and says yes the next time: a second try would lie. */
	if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
		world_give_up(
			"the disk did not keep what was written to it (fsync failed). "
			"Nothing that was answered is lost. Check the disk, then start again.");
	switch (rc & 0xff) {
	case SQLITE_FULL:
		err_fail(e, ERR_STORE, "The disk is full.");
		err_next(e, "Free some space; nothing that was acknowledged is lost.");
		return -1;
	case SQLITE_READONLY:
		return no_writes(e);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		if (is_read_only(db))
			return no_writes(e);
		return err_fail(e, ERR_STORE, "%s: the disk failed (%s).", doing,
				sqlite3_errmsg(db->raw));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		err_fail(e, ERR_BROKEN, "%s: the database file is damaged (%s).", doing,
			 sqlite3_errmsg(db->raw));
		err_next(e, "Stop the server, keep a copy of the data folder, and restore the "
			    "newest backup.");
		return -1;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_fail(e, ERR_BUSY, "%s: the database is busy.", doing);
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
			return err_fail(e, ERR_CONFLICT, "%s: there is one already.", doing);
		return err_fail(e, ERR_FAILED, "%s: %s.", doing, sqlite3_errmsg(db->raw));
	default: /* not an enum of ours */
		return err_fail(e, ERR_FAILED, "%s: %s.", doing, sqlite3_errmsg(db->raw));
	}
}

static int count_wal(void *ctx, __attribute__((unused)) sqlite3 *raw,
		     __attribute__((unused)) const char *name, int pages)
{
	struct db *db = ctx;
	db->wal_pages = pages;
	return SQLITE_OK;
}

static int configure(struct db *db)
{
	int rc = sqlite3_extended_result_codes(db->raw, 1);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db->raw, BUSY_TIMEOUT_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (rc == SQLITE_OK && !db->is_writer)
		rc = sqlite3_db_config(db->raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->raw,
				  query_text[db->is_writer ? Q_DB_OPEN_WRITER : Q_DB_OPEN_READER],
				  NULL, NULL, NULL);
	if (rc != SQLITE_OK || !db->is_writer)
		return rc;
	int persist = 1; /* keeping the WAL file saves making it anew */
	(void)sqlite3_file_control(db->raw, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
	(void)sqlite3_wal_hook(db->raw, count_wal, db);
	return SQLITE_OK;
}

int db_open(const struct db_config *config, struct db **out, struct err *e)
{
	DB *db = heap_new(sizeof(*db));
	db->world = config->world;
	db->is_writer = config->is_writer;
	int flags = SQLITE_OPEN_NOMUTEX |
		    (config->is_only_read ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
					  : SQLITE_OPEN_READWRITE) |
		    (config->is_writer ? SQLITE_OPEN_CREATE : 0);
	int rc = sqlite3_open_v2(config->path, &db->raw, flags, NULL);
	if (rc == SQLITE_OK)
		rc = configure(db);
	if (rc != SQLITE_OK)
		return db_trouble(db, rc, "Opening the database", e);
	*out = db;
	db = NULL;
	return 0;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	for (size_t i = 0; i < QUERY_COUNT; i++)
		(void)sqlite3_finalize((*db)->kept[i]);
	int rc = sqlite3_close((*db)->raw);
	assert(rc == SQLITE_OK); /* a statement outlived its scope */
	(void)rc;
	heap_free(*db);
	*db = NULL;
}

const struct world *db_world(const struct db *db)
{
	return db->world;
}

int64_t db_now_ms(const struct db *db)
{
	return db->world->now_ms(db->world);
}

static int run(struct db *db, enum query query, struct err *e)
{
	STMT(s, db, query);
	return stmt_run(&s, e);
}

int db_begin(struct db *db, struct err *e)
{
	return run(db, db->is_writer ? Q_DB_BEGIN_WRITE : Q_DB_BEGIN_READ, e);
}

int db_commit(struct db *db, struct err *e)
{
	crash_point(db->world, "store.before-commit");
	if (run(db, Q_DB_COMMIT, e)) {
		db_rollback(db);
		return -1;
	}
	crash_point(db->world, "store.after-commit");
	return 0;
}

void db_rollback(struct db *db)
{
	struct err ignored = {
		0
	}; /* SQLite may have rolled back by itself; either way nothing is kept */
	if (db_is_open(db))
		(void)!run(db, Q_DB_ROLLBACK, &ignored);
}

bool db_is_open(const struct db *db)
{
	return !sqlite3_get_autocommit(db->raw);
}

/* A full or failing disk makes SQLite give up the whole transaction, marks and all. */
static int still_open(struct db *db, struct err *e)
{
	if (db_is_open(db))
		return 0;
	return err_fail(e, ERR_STORE, "The disk failed and the whole transaction was given up.");
}

int db_mark(struct db *db, struct err *e)
{
	return still_open(db, e) ? -1 : run(db, Q_DB_MARK, e);
}

int db_undo(struct db *db, struct err *e)
{
	return still_open(db, e) || run(db, Q_DB_UNDO, e) || run(db, Q_DB_RELEASE, e) ? -1 : 0;
}

int db_release(struct db *db, struct err *e)
{
	return still_open(db, e) ? -1 : run(db, Q_DB_RELEASE, e);
}

int db_check(struct db *db, struct err *e)
{
	for (int i = 0; i < QUERY_COUNT; i++) {
		STMT(s, db, (enum query)i);
		if (s.rc != SQLITE_OK)
			return db_trouble(db, s.rc, query_name[i], e);
	}
	return 0;
}

int64_t db_wal_pages(const struct db *db)
{
	return db->wal_pages;
}

int db_checkpoint(struct db *db, bool force, struct err *e)
{
	int in_wal = 0, moved = 0;
	crash_point(db->world, "store.checkpoint");
	if (force)
		(void)sqlite3_busy_timeout(db->raw, FORCE_TIMEOUT_MS);
	int rc = sqlite3_wal_checkpoint_v2(
		db->raw, NULL, force ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
		&in_wal, &moved);
	if (force)
		(void)sqlite3_busy_timeout(db->raw, BUSY_TIMEOUT_MS);
	if (rc != SQLITE_OK &&
	    rc != SQLITE_BUSY) /* busy: a reader still needs the rest; next time */
		return db_trouble(db, rc, "Checkpoint", e);
	if (in_wal >= 0 && moved >= 0)
		db->wal_pages = moved < in_wal ? in_wal : 0;
	return 0;
}

int db_truncate_wal(struct db *db, struct err *e)
{
	(void)sqlite3_busy_timeout(db->raw, TRUNCATE_TIMEOUT_MS);
	int rc = sqlite3_wal_checkpoint_v2(db->raw, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(db->raw, BUSY_TIMEOUT_MS);
	if (rc != SQLITE_OK)
		return db_trouble(db, rc, "Checkpoint", e);
	db->wal_pages = 0;
	return 0;
}

struct str db_random_id(struct db *db, struct arena *a, char prefix)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char random[10];
	db->world->random(db->world, random, sizeof(random));
	struct buf b = BUF(a);
	buf_c(&b, prefix);
	for (size_t i = 0; i < sizeof(random); i++)
		buf_c(&b, letters[random[i] & 31]);
	return buf_str(&b);
}

struct str db_random_secret(struct db *db, struct arena *a)
{
	char random[32];
	db->world->random(db->world, random, sizeof(random));
	struct buf b = BUF(a);
	base64_add(&b, (struct str){ random, sizeof(random) }, true);
	return buf_str(&b);
}
