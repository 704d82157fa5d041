/* SPDX-License-Identifier: Apache-2.0 */
/* stmt: named statements (sql/query), for the rooms of the store alone; other wings see db.h. A statement is prepared
 * once per handle and kept. Parameters and columns go by name.
 *     STMT(s, db, Q_DEADLINE_NEXT);
 *     stmt_int(&s, "now_ms", now);
 *     int got;
 *     while ((got = stmt_next(&s, e)) > 0) ... stmt_col_int(&s, "due_ms") ...
 * A wrong name is a bug and asserts. */
#ifndef APLOMB_STORE_STMT_H
#define APLOMB_STORE_STMT_H
#include "base/digest.h"
#include "base/field.h"
#include "sql.h"
#include "store/db.h"

struct sqlite3_stmt;
struct stmt {
	struct db *db;
	struct sqlite3_stmt *raw; /* NULL: it could not be prepared; stmt_next says so */
	enum query query;
	bool is_own; /* the kept one was in use: this one ends with the scope */
	int rc;	     /* the first trouble, of SQLite */
	int bound;   /* the parameter that was bound last: mostly the next one comes next */
};
#define STMT(name, db, query) \
	struct stmt name __attribute__((cleanup(stmt_end))) = stmt_begin((db), (query))
struct stmt stmt_begin(struct db *, enum query);
void stmt_end(struct stmt *);

/* Bytes are borrowed until the statement ends. */
void stmt_int(struct stmt *, const char *name, int64_t);
void stmt_text(struct stmt *, const char *name, struct str);
void stmt_blob(struct stmt *, const char *name, struct str bytes);
void stmt_hash(struct stmt *, const char *name, const struct sha256 *);
/* Every parameter that is a member of the struct, by its kind: lists of texts one a line, choices as their word. */
void stmt_fields(struct stmt *, const struct field *, const void *base);

int stmt_next(struct stmt *, struct err *) MUST_USE; /* 1: a row; 0: the end; -1 */
int stmt_run(struct stmt *, struct err *) MUST_USE;  /* to the end */
int64_t stmt_changes(const struct stmt *);	     /* rows that it changed */

/* Of the current row; borrowed until the next. */
int64_t stmt_col_int(const struct stmt *, const char *name); /* NULL = 0 */
struct str stmt_col_text(const struct stmt *, const char *name);
struct str stmt_col_blob(const struct stmt *, const char *name);
bool stmt_col_is_null(const struct stmt *, const char *name);
bool stmt_col_hash(const struct stmt *, const char *name,
		   struct sha256 *); /* false: not 32 bytes */
/* Every column into the member of its name, texts copied into the arena. A column without a member is a bug. */
int stmt_row(struct stmt *, const struct field *, void *out, struct arena *, struct err *) MUST_USE;
/* Every column as "name=value ", for view_dump. */
void stmt_print(const struct stmt *, struct buf *);

/* Opens one file. The writer makes it; the world is borrowed. */
struct db_config {
	const struct world *world;
	const char *path;
	bool is_writer;
	bool is_only_read; /* `path` is a URI; nothing is written, not even beside the file */
};
int db_open(const struct db_config *, struct db **, struct err *) MUST_USE;
int db_migrate(struct db *, struct err *) MUST_USE;
int db_check(struct db *, struct err *) MUST_USE; /* prepares every query */
int db_checkpoint(struct db *, bool force, struct err *) MUST_USE;
/* Everything into the database and the WAL file to no bytes. ERR_BUSY: a reader needs it. */
int db_truncate_wal(struct db *, struct err *) MUST_USE;
int64_t db_wal_pages(const struct db *);
/* SQLite's trouble as ours. Returns -1. */
int db_trouble(struct db *, int rc, const char *doing, struct err *);
/* "u" and 10 random letters or digits. */
struct str db_random_id(struct db *, struct arena *, char prefix);
/* 256 random bits as base64url, 43 characters. */
struct str db_random_secret(struct db *, struct arena *);
#endif
