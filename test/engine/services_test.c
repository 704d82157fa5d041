/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as readers get it: what one holds stays as it was, and the next look sees what was committed. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/inside.h"

struct rig {
	struct world world;
	struct store *store;
	struct engine *engine;
	char folder[64], user[32];
	struct arena arena;
	atomic_bool is_over;
};

static int add_person(struct db *db, void *ctx, struct err *e)
{
	struct rig *r = ctx;
	struct account ana = { .login = STR("ana"), .name = STR("Ana"), .right = RIGHT_RESPOND };
	if (account_add(db, &r->arena, &ana, e) != 0)
		return -1;
	(void)snprintf(r->user, sizeof(r->user), STR_FMT, STR_ARG(ana.id));
	return 0;
}

static void open_rig(struct rig *r)
{
	struct err e = { 0 };
	struct engine_config c = { .world = &r->world, .policy = &policy_default };
	assert_int_equal(store_open(&r->world, r->folder, &r->store, &e), 0);
	c.store = r->store;
	assert_int_equal(engine_start(&c, &r->engine, &e), 0);
}

static void close_rig(struct rig *r)
{
	engine_stop(&r->engine);
	store_close(&r->store);
}

static void start(struct rig *r)
{
	struct err e = { 0 };
	memset(r, 0, sizeof(*r));
	world_real(&r->world);
	(void)snprintf(r->folder, sizeof(r->folder), "/tmp/aplomb-services-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	open_rig(r);
	assert_int_equal(engine_write(r->engine, add_person, r, &e), 0);
}

static void stop(struct rig *r)
{
	static const char *const files[] = { "aplomb.db", "aplomb.db-wal", "aplomb.db-shm",
					     "lock" };
	close_rig(r);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		(void)unlink(str_fmt(&r->arena, "%s/%s", r->folder, files[i]).at);
	(void)rmdir(str_fmt(&r->arena, "%s/blobs/tmp", r->folder).at);
	(void)rmdir(str_fmt(&r->arena, "%s/blobs", r->folder).at);
	(void)rmdir(r->folder);
	arena_clear(&r->arena);
}

static void set(struct rig *r, const char *name, const char *owner)
{
	ARENA(a);
	struct err e = { 0 };
	struct outcome out;
	struct json *j;
	struct command c = { .verb = verb_find(STR("service"), STR("set")),
			     .actor = str_of(r->user) };
	void *fields = arena_alloc(&a, c.verb->size);
	struct str text = str_fmt(&a, "{\"name\":\"%s\",\"owner\":\"%s\"}", name, owner);
	assert_int_equal(json_parse(&a, text, &j, &e), 0);
	assert_int_equal(
		fields_from_json(c.verb->fields, j, fields, &(struct reading){ .arena = &a }, &e),
		0);
	c.fields = fields;
	if (engine_run(r->engine, &c, &a, &out, &e) != 0)
		fail_msg("%s", e.text);
}

TEST(what_a_reader_holds_stays_as_it_was)
{
	struct rig r;
	ARENA(before);
	ARENA(after);
	struct services held, now;
	start(&r);
	engine_services(r.engine, &before, &held);
	assert_int_equal(held.len, 0);
	set(&r, "payments", "web");
	engine_services(r.engine, &before, &held);
	set(&r, "payments", "core");
	set(&r, "ledger", "core");
	engine_services(r.engine, &after, &now);
	assert_int_equal(held.len, 1);
	assert_str(held.at[0].owner, "web");
	assert_int_equal(now.len, 2);
	assert_str(services_find(&now, STR("payments"))->owner, "core");
	arena_clear(&before);
	arena_clear(&after);
	close_rig(&r);
	open_rig(&r); /* and a restart knows it */
	engine_services(r.engine, &after, &now);
	assert_int_equal(now.len, 2);
	assert_str(now.at[0].name, "ledger");
	arena_clear(&after);
	stop(&r);
}

static void *read_on(void *ctx)
{
	struct rig *r = ctx;
	size_t most = 0;
	while (!atomic_load(&r->is_over)) {
		ARENA(a);
		struct services all;
		engine_services(r->engine, &a, &all);
		assert_true(all.len >= most);
		most = all.len;
		LIST_EACH (s, &all)
			assert_true(str_eq(s->owner, s->name));
	}
	return NULL;
}

TEST(others_read_while_it_changes)
{
	enum { READERS = 3, SERVICES = 60 };
	struct rig r;
	pthread_t readers[READERS];
	start(&r);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, read_on, &r), 0);
	for (int i = 0; i < SERVICES; i++) {
		char name[20];
		(void)snprintf(name, sizeof(name), "svc-%d", i);
		set(&r, name, name);
	}
	atomic_store(&r.is_over, true);
	for (size_t i = 0; i < READERS; i++)
		(void)pthread_join(readers[i], NULL);
	stop(&r);
}

TESTS(T(what_a_reader_holds_stays_as_it_was), T(others_read_while_it_changes))
