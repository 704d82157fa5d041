/* SPDX-License-Identifier: Apache-2.0 */
/* db_inner: what a handle is made of, for db.c and stmt.c alone: nobody else sees SQLite. */
#ifndef APLOMB_STORE_DB_INNER_H
#define APLOMB_STORE_DB_INNER_H
#include <sqlite3.h>

#include "store/stmt.h"
#include "world/world.h"

struct db {
	sqlite3 *raw;
	const struct world *world;
	bool is_writer;
	int64_t wal_pages; /* as of the last commit; 0: all of it is in the database */
	sqlite3_stmt *kept[QUERY_COUNT];
};
#endif
