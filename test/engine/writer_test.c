/* SPDX-License-Identifier: Apache-2.0 */
/* The writer and those who read meanwhile: it never sleeps for a reader, and the log starts over when that has gone. */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "house.h"
#include "store/wal.h"

enum { VALUE_BYTES = 64 * 1024, COMMIT_PAGES = VALUE_BYTES / 4096 };

/* SQLite waits for a lock by its VFS: who waits is counted. */
static atomic_int slept;
static int counting_sleep(__attribute__((unused)) sqlite3_vfs *vfs, int us)
{
	(void)atomic_fetch_add(&slept, 1);
	(void)usleep((useconds_t)us);
	return us;
}

struct writing {
	struct house house;
	char value[VALUE_BYTES + 1];
};

static int put(struct db *db, void *ctx, struct err *e)
{
	struct writing *w = ctx;
	/* SQLite writes no page of a row that stays as it is: each byte must change for the log to grow */
	(void)memset(w->value, w->value[0] == 'x' ? 'y' : 'x', VALUE_BYTES);
	return setting_set(db, "test", str_of(w->value), e);
}

/* A commit for each, one after the other, until so many pages were written. */
static void write_pages(struct writing *w, int64_t pages)
{
	for (int64_t written = 0; written < pages; written += COMMIT_PAGES)
		if (engine_write(w->house.engine, put, w, &w->house.e) != 0)
			fail_msg("%s", w->house.e.text);
}

static int64_t wal_bytes(const struct house *h)
{
	char path[96];
	struct stat st;
	(void)snprintf(path, sizeof(path), "%s/aplomb.db-wal", h->folder);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

TEST(a_reader_that_stays_holds_up_no_batch)
{
	static struct writing w; /* too much for a stack */
	struct house *h = &w.house;
	ARENA(a);
	house_open(h, NULL);
	DB *reader = NULL;
	struct str v;
	assert_int_equal(store_reader(h->store, &reader, &h->e), 0);
	assert_int_equal(db_begin(reader, &h->e), 0);
	/* the moment is fixed by the first row that is read, not by BEGIN */
	assert_int_equal(setting_get(reader, "test", &a, &v, &h->e), 0);
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	int (*real)(sqlite3_vfs *, int) = vfs->xSleep;
	vfs->xSleep = counting_sleep;
	write_pages(&w, 3 * WAL_STEP_PAGES);
	vfs->xSleep = real;
	assert_int_equal(atomic_load(&slept), 0);
	int64_t long_bytes = wal_bytes(h);
	assert_true(long_bytes > (int64_t)3 * WAL_STEP_PAGES * 4096);
	db_rollback(reader);
	write_pages(&w,
		    4 * WAL_STEP_PAGES); /* it starts over within a step, and fits where it was */
	assert_true(wal_bytes(h) < long_bytes + (int64_t)2 * WAL_STEP_PAGES * 4096);
	db_close(&reader);
	house_close(h);
}

TESTS(T(a_reader_that_stays_holds_up_no_batch))
