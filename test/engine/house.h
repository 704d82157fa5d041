/* SPDX-License-Identifier: Apache-2.0 */
/* house: an engine on a folder of its own, for tests that run the writer. */
#ifndef APLOMB_TEST_HOUSE_H
#define APLOMB_TEST_HOUSE_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/engine.h"
#include "test.h"

struct house {
	struct world world;
	char folder[64];
	struct store *store;
	struct engine *engine;
	struct err e;
};

/* mono_ms: its monotonic clock; NULL = the real one */
static void house_open(struct house *h, int64_t (*mono_ms)(const struct world *))
{
	*h = (struct house){ .folder = "/tmp/aplomb-engine-XXXXXX" };
	assert_non_null(mkdtemp(h->folder));
	world_real(&h->world);
	if (mono_ms)
		h->world.mono_ms = mono_ms;
	if (store_open(&h->world, h->folder, &h->store, &h->e) != 0)
		fail_msg("%s", h->e.text);
	struct engine_config c = { .store = h->store,
				   .world = &h->world,
				   .policy = &policy_default };
	if (engine_start(&c, &h->engine, &h->e) != 0)
		fail_msg("%s", h->e.text);
}

static void house_close(struct house *h)
{
	static const char *const files[] = { "aplomb.db", "aplomb.db-wal", "aplomb.db-shm",
					     "lock",	  "blobs/tmp",	   "blobs" };
	char path[96];
	engine_stop(&h->engine);
	store_close(&h->store);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", h->folder, files[i]);
		(void)remove(path);
	}
	assert_int_equal(rmdir(h->folder), 0);
}
#endif
