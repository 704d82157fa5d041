/* SPDX-License-Identifier: Apache-2.0 */
/* fixture: a store in a folder of its own with a clock that a test sets, for the tests of this folder. */
#ifndef APLOMB_TEST_STORE_FIXTURE_H
#define APLOMB_TEST_STORE_FIXTURE_H
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"
#include "test.h"

#define FIXTURE_NOW 1795431900000 /* 2026-11-23 11:05 UTC */

struct fixture {
	struct world world; /* first: the clock finds the rest by it */
	int64_t now_ms;
	char folder[64];
	struct store *store;
	struct arena arena;
	struct err e;
};

static int64_t fixture_now(const struct world *w)
{
	return ((const struct fixture *)(const void *)w)->now_ms;
}

static int fixture_remove(const char *path, __attribute__((unused)) const struct stat *st,
			  __attribute__((unused)) int kind, __attribute__((unused)) struct FTW *at)
{
	return remove(path);
}

static void fixture_end(struct fixture *f)
{
	store_close(&f->store);
	arena_clear(&f->arena);
	(void)nftw(f->folder, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static struct fixture fixture_begin(void)
{
	struct fixture f = { .now_ms = FIXTURE_NOW, .folder = "/tmp/aplomb-store-XXXXXX" };
	world_real(&f.world);
	f.world.now_ms = fixture_now;
	f.world.crash_at = NULL;
	assert_non_null(mkdtemp(f.folder));
	return f;
}

static void fixture_open(struct fixture *f)
{
	if (store_open(&f->world, f->folder, &f->store, &f->e))
		fail_msg("%s", f->e.text);
}

/* A store that is gone at the end of the scope; `w` is its writer. */
#define FIXTURE(f, w)                                                             \
	__attribute__((cleanup(fixture_end))) struct fixture f = fixture_begin(); \
	fixture_open(&f);                                                         \
	struct db *w = store_writer(f.store)

#define OK(f, call)                                            \
	do {                                                   \
		if ((call) != 0)                               \
			fail_msg("%s: %s", #call, (f).e.text); \
	} while (0)
#define REFUSED(f, call, why)                        \
	do {                                         \
		(f).e = (struct err){ 0 };           \
		assert_int_equal((call), -1);        \
		assert_int_equal((f).e.code, (why)); \
		assert_true((f).e.text[0]);          \
	} while (0)

/* SQL by hand, as someone with a shell would, past every guard of ours. */
__attribute__((unused)) static int fixture_sql(const struct fixture *f, const char *sql)
{
	char path[128];
	sqlite3 *raw = NULL;
	(void)snprintf(path, sizeof(path), "%s/aplomb.db", f->folder);
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	int rc = sqlite3_exec(raw, sql, NULL, NULL, NULL);
	(void)sqlite3_close(raw);
	return rc;
}
#endif
