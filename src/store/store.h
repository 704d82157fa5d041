/* SPDX-License-Identifier: Apache-2.0 */
/* store: the data folder: its lock, aplomb.db, blobs/. One process opens it; in it one handle writes,
 * any number read. Rows of each kind have a room of their own (ledger, inbox, view, ...); rules about
 * them live in core and engine. */
#ifndef APLOMB_STORE_H
#define APLOMB_STORE_H
#include "store/account.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/deadline.h"
#include "store/gate_callback.h"
#include "store/inbox.h"
#include "store/inbox_count.h"
#include "store/integration_key.h"
#include "store/keep.h"
#include "store/ledger.h"
#include "store/request.h"
#include "store/session.h"
#include "store/setting.h"
#include "store/snapshot.h"
#include "store/token.h"
#include "store/view.h"
#include "world/world.h"

struct store; /* what it holds besides the writer does not change: readers may be asked for by any thread */

/* Makes the folder, takes its lock, opens the database for writing and brings its schema up to date. The world is
 * borrowed until store_close. ERR_CONFLICT: another process has the folder. ERR_BROKEN: the schema is a
 * newer Aplomb's, or a migration that ran has changed since. */
int store_open(const struct world *, const char *data_dir, struct store **, struct err *) MUST_USE;
void store_close(struct store **); /* close every reader first; NULL inside is fine */

struct db *store_writer(
	struct store *); /* the only writing handle; one thread at a time, the engine's writer */
/* A query-only handle of the caller's own, for one thread at a time; db_close ends it. */
int store_reader(struct store *, struct db **, struct err *) MUST_USE;
const char *store_folder(const struct store *);

/* Moves committed pages from the WAL into the database. On the writer's thread, outside a transaction. Without
 * force it takes what no reader needs and waits for nobody; with force it waits a moment for readers so that the
 * WAL starts over. */
int store_checkpoint(struct store *, bool force, struct err *) MUST_USE;
enum { STORE_WAL_IDLE_PAGES = 256 }; /* 1 MB: worth a checkpoint when the writer idles */
/* As of the last commit; 0: all of it is in the database. On the writer's thread. */
int64_t store_wal_pages(const struct store *);
/* The same amid work, when the WAL is long (store/wal.h): for the writer, when a batch is answered. */
int store_after_commit(struct store *, struct err *) MUST_USE;
/* Prepares every query of the store on this database: a misspelt one is found by a test, not by a user. */
int store_check(struct store *, struct err *) MUST_USE;
#endif
