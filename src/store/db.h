/* SPDX-License-Identifier: Apache-2.0 */
/* db: one handle on the database: transactions. Its statements are the store's own affair (stmt.h, for the rooms
 * of store alone). A handle is used by one thread at a time. */
#ifndef APLOMB_STORE_DB_H
#define APLOMB_STORE_DB_H
#include "base/err.h"

struct db;
struct world;

/* The writer's takes the write lock at once; a reader's sees one unchanging state until db_rollback. */
int db_begin(struct db *, struct err *) MUST_USE;
int db_commit(struct db *, struct err *) MUST_USE; /* on failure the transaction is rolled back */
void db_rollback(struct db *);			   /* nothing open: does nothing */
bool db_is_open(const struct db *);		   /* in a transaction */

/* A mark inside a transaction, for one command of a group commit. Undo goes back to it and ends it; release keeps
 * what came after it. One at a time. */
int db_mark(struct db *, struct err *) MUST_USE;
int db_undo(struct db *, struct err *) MUST_USE;
int db_release(struct db *, struct err *) MUST_USE;

void db_close(struct db **); /* of store_reader; NULL inside is fine. For the cleanup attribute: */
#define DB __attribute__((cleanup(db_close))) struct db

const struct world *db_world(const struct db *); /* clock and random of the store */
int64_t db_now_ms(const struct db *);
#endif
