/* SPDX-License-Identifier: Apache-2.0 */
/* The gate in the writer's order: what asks by a delivery has its answer as a row in the same commit, once; and a writer
 * that hangs keeps nobody waiting for ever. Planted bugs that this finds: an answer that is freed while the other side
 * holds it (with the address sanitizer), a row for each redelivery. */
#include "test.h"

#include <ftw.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "engine/gate.h"

struct rig {
	struct world world;
	struct store *store;
	struct engine *engine;
	char folder[64];
	struct arena arena;
	int64_t incident;
};

static int64_t run(struct rig *r, const char *noun, const char *name, const char *json)
{
	struct err e = { 0 };
	struct outcome out;
	struct json *j;
	struct command c = { .verb = verb_find(str_of(noun), str_of(name)), .stream = r->incident };
	void *fields = arena_alloc(&r->arena, c.verb->size);
	struct reading how = { .arena = &r->arena };
	c.fields = fields;
	assert_int_equal(json_parse(&r->arena, str_of(json), &j, &e), 0);
	assert_int_equal(fields_from_json(c.verb->fields, j, fields, &how, &e), 0);
	if (engine_run(r->engine, &c, &r->arena, &out, &e) != 0)
		fail_msg("%s %s: %s", noun, name, e.text);
	return out.stream;
}

static void start(struct rig *r)
{
	struct err e = { 0 };
	assert_int_equal(store_open(&r->world, r->folder, &r->store, &e), 0);
	struct engine_config c = { .store = r->store,
				   .world = &r->world,
				   .policy = &policy_default };
	assert_int_equal(engine_start(&c, &r->engine, &e), 0);
}

static void stop(struct rig *r)
{
	engine_stop(&r->engine);
	store_close(&r->store);
}

/* An incident that freezes checkout. */
static struct rig *rig_new(void)
{
	struct rig *r = heap_new(sizeof(*r));
	world_real(&r->world);
	(void)snprintf(r->folder, sizeof(r->folder), "/tmp/aplomb-gate-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	start(r);
	r->incident = run(r, "incident", "declare", "{\"title\":\"Slow\",\"severity\":\"sev3\"}");
	run(r, "freeze", "start", "{\"reason\":\"looking\",\"services\":[\"checkout\"]}");
	return r;
}

static int remove_one(const char *path, __attribute__((unused)) const struct stat *s,
		      __attribute__((unused)) int flag, __attribute__((unused)) struct FTW *ftw)
{
	return remove(path);
}

static void rig_free(struct rig *r)
{
	stop(r);
	(void)nftw(r->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_clear(&r->arena);
	heap_free(r);
}

static struct gate_question question(const char *what)
{
	static struct str service = { "checkout", sizeof("checkout") - 1 };
	return (struct gate_question){
		.ask = { .what = str_of(what), .services = { &service, 1 }, .who = STR("octocat") },
		.actor = STR("GitHub"),
		.is_sender = true
	};
}

TEST(answers_after_the_commit_and_after_a_restart)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct gate_answer a;
	struct gate_question q = question("deploy v1");
	assert_int_equal(engine_gate(r->engine, &q, &r->arena, &a, &e), 0);
	assert_false(a.is_open);
	assert_int_equal(a.recorded, engine_pos(r->engine));
	stop(r);
	start(r);
	assert_int_equal(engine_gate(r->engine, &q, &r->arena, &a, &e), 0);
	assert_false(a.is_open);
	assert_int_equal(a.recorded, 0);
	assert_int_equal(a.stops.at[0].incident, r->incident);
	rig_free(r);
}

struct gate_delivery {
	struct delivery delivery;
	struct gate_call call;
	sem_t done;
	bool has_failed;
};

static void delivered(struct delivery *d, const struct err *failed)
{
	struct gate_delivery *g = d->ctx;
	g->has_failed = failed != NULL;
	(void)sem_post(&g->done);
}

static void deliver(struct rig *r, const char *key)
{
	struct gate_delivery g = { .call = { .ask = question("deploy v1").ask,
					     .key = str_of(key),
					     .callback = STR("https://x/"),
					     .environment = STR("production") } };
	g.delivery = (struct delivery){ .arena = &r->arena,
					.source = "github",
					.body = STR("{}"),
					.acked_by = STR("GitHub"),
					.done = delivered,
					.ctx = &g };
	g.delivery.result.gate = &g.call;
	(void)sem_init(&g.done, 0, 0);
	engine_take(r->engine, &g.delivery);
	while (sem_wait(&g.done) != 0)
		continue;
	assert_false(g.has_failed);
	(void)sem_destroy(&g.done);
}

static struct gate_callback waiting(struct rig *r)
{
	struct db *reader = NULL;
	struct err e = { 0 };
	struct gate_callback row;
	assert_int_equal(store_reader(r->store, &reader, &e), 0);
	assert_int_equal(gate_callback_next(reader, INT64_MAX, &r->arena, &row, &e), 0);
	db_close(&reader);
	return row;
}

static int is_over(struct db *db, void *row, struct err *e)
{
	((struct gate_callback *)row)->due.ms = 0;
	return gate_callback_end(db, row, e);
}

TEST(a_delivery_that_asks_leaves_one_row_for_its_answer)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	deliver(r, "github/1");
	int64_t pos = engine_pos(r->engine);
	deliver(r, "github/1");
	assert_int_equal(engine_pos(r->engine), pos);
	stop(r);
	start(r);
	struct gate_callback row = waiting(r);
	assert_str(row.key, "github/1");
	assert_false(row.approves);
	assert_int_equal(row.incident, r->incident);
	assert_true(str_find(row.comment, STR("looking")) != SIZE_MAX);
	assert_true(str_find(row.ask, STR("\"checkout\"")) != SIZE_MAX);
	assert_int_equal(engine_note(r->engine, is_over, &row, &e), 0);
	assert_int_equal(waiting(r).id, 0);
	rig_free(r);
}

struct hang {
	struct engine *engine;
	sem_t begun, end;
};

static int hang(__attribute__((unused)) struct db *db, void *ctx,
		__attribute__((unused)) struct err *e)
{
	struct hang *h = ctx;
	(void)sem_post(&h->begun);
	while (sem_wait(&h->end) != 0)
		continue;
	return 0;
}

static void *hang_up(void *ctx)
{
	struct hang *h = ctx;
	struct err e = { 0 };
	(void)!engine_note(h->engine, hang, h, &e);
	return NULL;
}

TEST(a_writer_that_hangs_keeps_nobody_waiting)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct gate_answer a;
	struct gate_question q = question("deploy v2");
	struct hang h = { .engine = r->engine };
	pthread_t thread;
	(void)sem_init(&h.begun, 0, 0);
	(void)sem_init(&h.end, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, hang_up, &h), 0);
	while (sem_wait(&h.begun) != 0)
		continue;
	assert_int_equal(engine_gate(r->engine, &q, &r->arena, &a, &e), -1);
	assert_int_equal(e.code, ERR_STORE);
	(void)sem_post(&h.end);
	(void)pthread_join(thread, NULL);
	/* the question was not forgotten: it is told once the writer goes on */
	e = (struct err){ 0 };
	assert_int_equal(engine_gate(r->engine, &q, &r->arena, &a, &e), 0);
	assert_false(a.is_open);
	assert_int_equal(a.recorded, 0);
	(void)sem_destroy(&h.begun);
	(void)sem_destroy(&h.end);
	rig_free(r);
}

TESTS(T(answers_after_the_commit_and_after_a_restart),
      T(a_delivery_that_asks_leaves_one_row_for_its_answer),
      T(a_writer_that_hangs_keeps_nobody_waiting))
