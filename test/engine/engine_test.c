/* SPDX-License-Identifier: Apache-2.0 */
/* The engine on a real folder: commands become events on disk, once; alerts survive a restart; nobody races. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <semaphore.h>
#include <unistd.h>

#include "core/tell.h"
#include "engine/inside.h"
#include "engine/views.h"

struct rig {
	struct world world;
	struct store *store;
	struct engine *engine;
	char folder[64];
	struct arena arena;
	char ana[32], bob[32];
};

static int add_people(struct db *db, void *ctx, struct err *e)
{
	struct rig *r = ctx;
	struct account ana = { .login = STR("ana"), .name = STR("Ana"), .right = RIGHT_RESPOND };
	struct account bob = { .login = STR("bob"), .name = STR("Bob"), .right = RIGHT_VIEW };
	if (account_add(db, &r->arena, &ana, e) != 0 || account_add(db, &r->arena, &bob, e) != 0)
		return -1;
	(void)snprintf(r->ana, sizeof(r->ana), STR_FMT, STR_ARG(ana.id));
	(void)snprintf(r->bob, sizeof(r->bob), STR_FMT, STR_ARG(bob.id));
	return 0;
}

static void rig_start_engine(struct rig *r)
{
	struct err e = { 0 };
	struct engine_config c = { .store = r->store,
				   .world = &r->world,
				   .policy = &policy_default };
	assert_int_equal(engine_start(&c, &r->engine, &e), 0);
}

static void rig_start(struct rig *r)
{
	struct err e = { 0 };
	assert_int_equal(store_open(&r->world, r->folder, &r->store, &e), 0);
	rig_start_engine(r);
}

static void rig_stop(struct rig *r)
{
	engine_stop(&r->engine);
	store_close(&r->store);
}

static struct rig *rig_new(void)
{
	struct err e = { 0 };
	struct rig *r = heap_new(sizeof(*r));
	world_real(&r->world);
	(void)snprintf(r->folder, sizeof(r->folder), "/tmp/aplomb-engine-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	rig_start(r);
	assert_int_equal(engine_write(r->engine, add_people, r, &e), 0);
	return r;
}

static void rig_free(struct rig *r)
{
	ARENA(a);
	rig_stop(r);
	static const char *const files[] = { "aplomb.db", "aplomb.db-wal", "aplomb.db-shm",
					     "lock" };
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		(void)unlink(str_fmt(&a, "%s/%s", r->folder, files[i]).at);
	(void)rmdir(str_fmt(&a, "%s/blobs", r->folder).at);
	(void)rmdir(r->folder);
	arena_clear(&r->arena);
	heap_free(r);
}

/* Runs "noun verb" with fields given as JSON. */
static int run(struct rig *r, struct command c, const char *verb, const char *json,
	       struct outcome *out, struct err *e)
{
	struct str rest = str_of(verb), noun;
	struct json *j;
	(void)str_cut(&rest, ' ', &noun);
	c.verb = verb_find(noun, rest);
	assert_non_null(c.verb);
	void *fields = arena_alloc(&r->arena, c.verb->size);
	assert_int_equal(json_parse(&r->arena, str_of(json), &j, e), 0);
	assert_int_equal(fields_from_json(c.verb->fields, j, fields,
					  &(struct reading){ .arena = &r->arena }, e),
			 0);
	c.fields = fields;
	return engine_run(r->engine, &c, &r->arena, out, e);
}

static int64_t declare(struct rig *r)
{
	struct outcome out;
	struct err e = { 0 };
	struct command c = { .actor = str_of(r->ana) };
	assert_int_equal(run(r, c, "incident declare",
			     "{\"title\":\"Checkout is slow\",\"severity\":\"sev2\"}", &out, &e),
			 0);
	return out.stream;
}

TEST(a_command_becomes_events_and_views)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	int64_t n = declare(r);
	assert_int_equal(n, 1);
	struct db *reader = NULL;
	struct folded f;
	struct incident_row row;
	assert_int_equal(store_reader(r->store, &reader, &e), 0);
	assert_int_equal(engine_fold(reader, n, &r->arena, &f, &e), 0);
	assert_str(f.incident->title, "Checkout is slow");
	assert_str(f.incident->role[ROLE_LEAD].id, r->ana);
	assert_int_equal(view_incident(reader, n, &r->arena, &row, &e), 0);
	assert_true(row.is_open);
	assert_int_equal(engine_fold(reader, 7, &r->arena, &f, &e), -1);
	assert_int_equal(e.code, ERR_NOT_FOUND);
	db_close(&reader);
	rig_free(r);
}

TEST(a_repeated_key_does_nothing_twice)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome first, again;
	int64_t n = declare(r);
	struct command c = { .actor = str_of(r->ana), .stream = n, .idem = STR("k1") };
	assert_int_equal(run(r, c, "note add", "{\"text\":\"DB CPU is normal\"}", &first, &e), 0);
	assert_int_equal(run(r, c, "note add", "{\"text\":\"DB CPU is normal\"}", &again, &e), 0);
	assert_true(again.is_repeat);
	assert_int_equal(first.seq, again.seq);
	assert_int_equal(run(r, c, "note add", "{\"text\":\"something else\"}", &again, &e), -1);
	assert_int_equal(e.code, ERR_IDEM_REUSED);
	rig_free(r);
}

TEST(a_viewer_may_not_change_anything)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct command c = { .actor = str_of(r->bob), .stream = declare(r) };
	assert_int_equal(run(r, c, "note add", "{\"text\":\"hello\"}", &out, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	rig_free(r);
}

TEST(a_refused_command_leaves_nothing)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct command c = { .actor = str_of(r->ana), .stream = declare(r) };
	int64_t pos = engine_pos(r->engine);
	assert_int_equal(run(r, c, "incident resolve", "{}", &out, &e), -1);
	assert_int_equal(e.code, ERR_GUARD);
	assert_int_equal(engine_pos(r->engine), pos);
	assert_int_equal(run(r, c, "incident merge", "{\"into\":99}", &out, &e), -1);
	assert_int_equal(engine_pos(r->engine), pos);
	assert_int_equal(run(r, c, "note add", "{\"text\":\"still open\"}", &out, &e), 0);
	assert_int_equal(out.pos, pos + 1);
	rig_free(r);
}

static int make_responder(struct db *db, void *ctx, struct err *e)
{
	return account_set_right(db, str_of(((struct rig *)ctx)->bob), RIGHT_RESPOND, e);
}

TEST(a_stale_form_is_refused_with_what_happened)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	int64_t n = declare(r);
	assert_int_equal(engine_write(r->engine, make_responder, r, &e), 0);
	struct command bob = { .actor = str_of(r->bob), .stream = n };
	struct command ana = { .actor = str_of(r->ana), .stream = n, .seen_seq = 1 };
	assert_int_equal(run(r, bob, "note add", "{\"text\":\"cache nodes restarted\"}", &out, &e),
			 0);
	assert_int_equal(run(r, ana, "hypothesis open", "{\"cause\":\"the cache\"}", &out, &e), -1);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_true(str_find(str_of(e.text), STR("cache nodes restarted")) != SIZE_MAX);
	ana.seen_seq = 2;
	assert_int_equal(run(r, ana, "hypothesis open", "{\"cause\":\"the cache\"}", &out, &e), 0);
	rig_free(r);
}

struct taken {
	struct delivery d;
	struct arena arena;
	sem_t done;
	bool failed;
};

static void taken_done(struct delivery *d, const struct err *failed)
{
	struct taken *t = d->ctx;
	t->failed = failed != NULL;
	(void)sem_post(&t->done);
}

static void take_start(struct rig *r, struct taken *t, const char *body)
{
	struct err e = { 0 };
	*t = (struct taken){
		.d = { .source = "prometheus", .body = str_of(body), .done = taken_done }
	};
	t->d.arena = &t->arena;
	t->d.ctx = t;
	(void)sem_init(&t->done, 0, 0);
	struct intake_request q = { .body = str_of(body),
				    .now_ms = r->world.now_ms(&r->world),
				    .resolve_timeout_ms = 300000 };
	assert_int_equal(source_find(STR("prometheus"))->read(&q, &t->arena, &t->d.result, &e), 0);
	engine_take(r->engine, &t->d);
}

/* True when it was refused. */
static bool take_end(struct taken *t)
{
	(void)sem_wait(&t->done);
	(void)sem_destroy(&t->done);
	arena_clear(&t->arena);
	return t->failed;
}

static void take(struct rig *r, const char *body)
{
	struct taken t;
	take_start(r, &t, body);
	assert_false(take_end(&t));
}

#define FIRING "[{\"labels\":{\"alertname\":\"HighLatency\",\"service\":\"checkout\"}}]"
#define RESOLVED                                                                                   \
	"[{\"labels\":{\"alertname\":\"HighLatency\",\"service\":\"checkout\"},\"endsAt\":\"2020-" \
	"01-01T00:00:00Z\"}]"

TEST(alerts_survive_a_restart_and_tell_their_incident)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct live_alerts alerts = { 0 };
	take(r, FIRING);
	engine_alerts(r->engine, &r->arena, &alerts);
	assert_int_equal(alerts.len, 1);
	struct str body = str_fmt(&r->arena,
				  "{\"title\":\"Slow\",\"severity\":\"sev3\",\"alerts\":[\"" STR_FMT
				  "\"]}",
				  STR_ARG(alerts.at[0].fingerprint));
	struct command c = { .actor = str_of(r->ana) };
	assert_int_equal(run(r, c, "incident declare", body.at, &out, &e), 0);
	rig_stop(r);
	rig_start(r);
	alerts.len = 0;
	engine_alerts(r->engine, &r->arena, &alerts);
	assert_int_equal(alerts.len, 1);
	assert_true(alerts.at[0].is_firing);
	assert_int_equal(alerts.at[0].incident, out.stream);
	int64_t pos = engine_pos(r->engine);
	take(r, RESOLVED);
	assert_int_equal(engine_pos(r->engine), pos + 1);
	take(r, RESOLVED); /* a repeat changes nothing */
	assert_int_equal(engine_pos(r->engine), pos + 1);
	rig_free(r);
}

static bool believes_firing(struct rig *r, int64_t incident)
{
	struct err e = { 0 };
	struct db *reader = NULL;
	struct folded f;
	assert_int_equal(store_reader(r->store, &reader, &e), 0);
	assert_int_equal(engine_fold(reader, incident, &r->arena, &f, &e), 0);
	db_close(&reader);
	assert_int_equal(f.incident->alerts.len, 1);
	return f.incident->alerts.at[0].firing;
}

TEST(every_open_incident_hears_of_its_alert_and_a_reopened_one_catches_up)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct live_alerts alerts = { 0 };
	take(r, FIRING);
	engine_alerts(r->engine, &r->arena, &alerts);
	struct command c = { .actor = str_of(r->ana), .override_reason = STR("a drill") };
	for (int i = 0; i < 2; i++) {
		struct str body = str_fmt(
			&r->arena,
			"{\"title\":\"Slow\",\"severity\":\"sev3\",\"alerts\":[\"" STR_FMT "\"]}",
			STR_ARG(alerts.at[0].fingerprint));
		assert_int_equal(run(r, c, "incident declare", body.at, &out, &e), 0);
	}
	take(r, RESOLVED);
	assert_false(believes_firing(r, 1));
	assert_false(believes_firing(r, 2));
	c.stream = 1;
	assert_int_equal(run(r, c, "incident resolve", "{}", &out, &e), 0);
	take(r, FIRING);
	assert_false(believes_firing(r, 1)); /* it was over */
	assert_true(believes_firing(r, 2));
	assert_int_equal(run(r, c, "incident reopen", "{\"reason\":\"it is back\"}", &out, &e), 0);
	assert_true(believes_firing(r, 1));
	rig_free(r);
}

TEST(views_made_anew_are_identical_and_the_chain_verifies)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct command c = { .actor = str_of(r->ana), .stream = declare(r) };
	assert_int_equal(run(r, c, "action add", "{\"title\":\"Validate pool in CI\"}", &out, &e),
			 0);
	assert_int_equal(run(r, c, "update send",
			     "{\"happened\":\"slow\",\"impact\":\"some\",\"doing\":\"looking\","
			     "\"next\":\"2099-01-01\"}",
			     &out, &e),
			 -1); /* more than a day ahead is no promise */
	engine_stop(&r->engine);
	struct rebuilt rebuilt;
	struct verify_report report = { 0 };
	assert_int_equal(db_begin(store_writer(r->store), &e), 0);
	assert_int_equal(engine_rebuild_views(store_writer(r->store), &rebuilt, &e), 0);
	assert_int_equal(db_commit(store_writer(r->store), &e), 0);
	assert_true(rebuilt.is_same);
	assert_int_equal(rebuilt.incidents, 1);
	assert_int_equal(ledger_verify(store_writer(r->store), NULL, &report, &e), 0);
	assert_true(report.events >= 2);
	rig_free(r);
}

TEST(the_hub_tells_what_happened_since)
{
	struct rig *r = rig_new();
	struct names names = { 0 };
	struct buf b = BUF(&r->arena);
	engine_names(r->engine, &names);
	int64_t at = engine_hub_fill(r->engine, -1, 0, &names, &b);
	assert_int_equal(at, 0);
	int64_t n = declare(r);
	at = engine_hub_fill(r->engine, n, 0, &names, &b);
	assert_int_equal(at, engine_pos(r->engine));
	assert_true(str_find(buf_str(&b), STR("Checkout is slow")) != SIZE_MAX);
	assert_true(str_find(buf_str(&b), STR("\"actor\":\"Ana\"")) != SIZE_MAX);
	rig_stop(r);
	rig_start(r); /* now from the database, not from memory */
	struct buf again = BUF(&r->arena);
	engine_names(r->engine, &names);
	assert_int_equal(engine_hub_fill(r->engine, n, 0, &names, &again), at);
	assert_true(str_eq(buf_str(&b), buf_str(&again)));
	rig_free(r);
}

static int64_t ahead_ms; /* how far the clock of the test below was set on */

static int64_t now_ahead(const struct world *w)
{
	return w->mono_ms(w) + 1800000000000 + ahead_ms;
}

static int nothing(struct db *db, void *ctx, struct err *e)
{
	(void)db;
	(void)ctx;
	(void)e;
	return 0;
}

TEST(more_incidents_fall_due_at_once_than_the_cache_holds)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome out;
	struct names names = { 0 };
	r->world.now_ms = now_ahead;
	struct command c = { .actor = str_of(r->ana), .override_reason = STR("a drill") };
	for (int i = 0; i < 70; i++) {
		c.stream = 0;
		assert_int_equal(run(r, c, "incident declare",
				     "{\"title\":\"Slow\",\"severity\":\"sev3\"}", &out, &e),
				 0);
		c.stream = out.stream;
		assert_int_equal(run(r, c, "mitigation propose",
				     "{\"what\":\"roll back v812\",\"kind\":\"rollback\"}", &out,
				     &e),
				 0);
		assert_int_equal(run(r, c, "mitigation start",
				     "{\"mitigation\":1,\"lasts\":\"1m\"}", &out, &e),
				 0);
	}
	int64_t pos = engine_pos(r->engine);
	ahead_ms = 120000;
	assert_int_equal(engine_write(r->engine, nothing, NULL, &e), 0);
	ahead_ms = 0;
	assert_int_equal(engine_pos(r->engine), pos + 70);
	struct buf told = BUF(&r->arena);
	engine_names(r->engine, &names);
	(void)engine_hub_fill(r->engine, -1, pos, &names, &told);
	assert_true(str_find(buf_str(&told), STR("roll back v812")) != SIZE_MAX);
	rig_free(r);
}

TEST(the_same_key_with_a_later_moment_is_the_same_request)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct outcome first, again;
	int64_t now = r->world.now_ms(&r->world);
	struct command c = { .actor = str_of(r->ana), .stream = declare(r), .idem = STR("p1") };
	struct str body = str_fmt(&r->arena, "{\"next\":%lld}", (long long)now + 60000);
	struct str later = str_fmt(&r->arena, "{\"next\":%lld}", (long long)now + 61000);
	assert_int_equal(run(r, c, "update promise", body.at, &first, &e), 0);
	assert_int_equal(run(r, c, "update promise", later.at, &again, &e), 0);
	assert_true(again.is_repeat);
	rig_free(r);
}

/* A write that stands still inside its batch until it is told to go on, and may then break the batch as a disk would. */
struct held_write {
	struct rig *rig;
	pthread_t thread;
	sem_t is_running, may_go;
	bool breaks;
};

static int hold(struct db *db, void *ctx, struct err *e)
{
	struct held_write *w = ctx;
	(void)e;
	(void)sem_post(&w->is_running);
	(void)sem_wait(&w->may_go);
	if (w->breaks)
		db_rollback(db);
	return 0;
}

static void *write_held(void *arg)
{
	struct held_write *w = arg;
	struct err e = { 0 };
	assert_int_equal(engine_write(w->rig->engine, hold, w, &e) != 0, w->breaks);
	return NULL;
}

static void held_start(struct held_write *w, struct rig *r, bool breaks)
{
	*w = (struct held_write){ .rig = r, .breaks = breaks };
	(void)sem_init(&w->is_running, 0, 0);
	(void)sem_init(&w->may_go, 0, 0);
	assert_int_equal(pthread_create(&w->thread, NULL, write_held, w), 0);
}

static void held_end(struct held_write *w)
{
	(void)pthread_join(w->thread, NULL);
	(void)sem_destroy(&w->is_running);
	(void)sem_destroy(&w->may_go);
}

static void wait_for_queue(struct rig *r, size_t jobs)
{
	for (size_t n = 0; n != jobs;) {
		(void)pthread_mutex_lock(&r->engine->lock);
		n = r->engine->queued;
		(void)pthread_mutex_unlock(&r->engine->lock);
	}
}

static int64_t inbox_rows(struct rig *r)
{
	struct err e = { 0 };
	struct db *reader = NULL;
	struct inbox_head head;
	assert_int_equal(store_reader(r->store, &reader, &e), 0);
	assert_int_equal(inbox_head(reader, &head, &e), 0);
	db_close(&reader);
	return head.id;
}

TEST(a_repeat_waits_for_its_first_copy_and_is_kept_when_that_failed)
{
	struct rig *r = rig_new();
	struct held_write first, second;
	struct taken one, two;
	struct live_alert x;
	held_start(&first, r, false);
	(void)sem_wait(&first.is_running);
	take_start(r, &one, FIRING);
	held_start(&second, r, true);
	wait_for_queue(r, 2);
	(void)sem_post(&first.may_go);
	(void)sem_wait(&second.is_running); /* the alert was taken in, and is not committed */
	take_start(r, &two, FIRING);
	assert_int_equal(sem_trywait(&two.done), -1);
	(void)sem_post(&second.may_go);
	assert_true(take_end(&one));
	assert_false(take_end(&two));
	held_end(&first);
	held_end(&second);
	assert_int_equal(inbox_rows(r), 1);
	take(r, FIRING); /* now it is known */
	assert_int_equal(inbox_rows(r), 1);
	rig_stop(r);
	rig_start(r);
	struct live_alerts alerts = { 0 };
	engine_alerts(r->engine, &r->arena, &alerts);
	assert_int_equal(alerts.len, 1);
	assert_true(engine_alert(r->engine, alerts.at[0].fingerprint, &r->arena, &x));
	assert_str(x.source, "prometheus");
	rig_free(r);
}

/* Each shard is as of a row of its own. */
TEST(a_shard_that_cannot_be_read_comes_back_from_the_inbox)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	struct live_alerts before = { 0 }, after = { 0 };
	engine_stop(&r->engine);
	for (int round = 0; round < 3; round++) {
		rig_start_engine(r);
		for (int i = 0; i < 40; i++)
			take(r, str_fmt(&r->arena,
					"[{\"labels\":{\"alertname\":\"A%d\"},\"annotations\":{"
					"\"round\":\"%d\"}},{\"labels\":{\"alertname\":\"B\"},"
					"\"annotations\":{\"n\":\"%d\"}}]",
					i, round, i)
					.at);
		before.len = 0;
		engine_alerts(r->engine, &r->arena, &before);
		assert_int_equal(before.len, 41);
		engine_stop(&r->engine);
		/* some cannot be read: the inbox stands in for them, and for them alone */
		assert_int_equal(db_begin(store_writer(r->store), &e), 0);
		for (int64_t shard = round % 2; shard < LIVE_SHARDS; shard += 2) {
			struct snapshot bad = { shard, inbox_rows(r), STR("not a shard") };
			assert_int_equal(snapshot_put(store_writer(r->store), &bad, &e), 0);
		}
		assert_int_equal(db_commit(store_writer(r->store), &e), 0);
	}
	rig_start_engine(r);
	engine_alerts(r->engine, &r->arena, &after);
	assert_int_equal(after.len, before.len);
	for (size_t i = 0; i < before.len; i++) {
		struct live_alert x;
		assert_true(engine_alert(r->engine, before.at[i].fingerprint, &r->arena, &x));
		assert_true(str_eq(x.annotations, before.at[i].annotations));
		assert_true(str_eq(x.labels, before.at[i].labels));
	}
	rig_free(r);
}

static void count_wake(void *n)
{
	(void)atomic_fetch_add((atomic_int *)n, 1);
}

/* Alerts that change come without an event: whoever follows the desk is woken all the same, and in a storm seldom. */
TEST(pages_hear_of_alerts_without_an_event_and_rarely_in_a_storm)
{
	struct rig *r = rig_new();
	atomic_int woken = 0;
	int64_t pos = engine_pos(r->engine), from_ms = r->world.mono_ms(&r->world);
	engine_on_commit(r->engine, count_wake, &woken);
	for (int i = 0; i < 200; i++)
		take(r, str_fmt(&r->arena, "[{\"labels\":{\"alertname\":\"A%d\"}}]", i).at);
	for (int i = 0; i < 2000 && r->engine->desk_changed; i++)
		(void)usleep(10000); /* the last one is told too */
	assert_false(r->engine->desk_changed);
	int64_t told = engine_desk_version(r->engine);
	assert_in_range(told, 1, 2 + (r->world.mono_ms(&r->world) - from_ms) / 500);
	assert_int_equal(engine_pos(r->engine), pos);
	take(r, "[{\"labels\":{\"alertname\":\"A7\"}}]"); /* a repeat is no news */
	rig_stop(r);
	assert_int_equal(atomic_load(&woken), told);
	rig_start(r);
	rig_free(r);
}

TESTS(T(a_command_becomes_events_and_views), T(a_repeated_key_does_nothing_twice),
      T(a_viewer_may_not_change_anything), T(a_refused_command_leaves_nothing),
      T(a_stale_form_is_refused_with_what_happened),
      T(alerts_survive_a_restart_and_tell_their_incident),
      T(every_open_incident_hears_of_its_alert_and_a_reopened_one_catches_up),
      T(views_made_anew_are_identical_and_the_chain_verifies), T(the_hub_tells_what_happened_since),
      T(a_repeat_waits_for_its_first_copy_and_is_kept_when_that_failed),
      T(a_shard_that_cannot_be_read_comes_back_from_the_inbox),
      T(more_incidents_fall_due_at_once_than_the_cache_holds),
      T(pages_hear_of_alerts_without_an_event_and_rarely_in_a_storm),
      T(the_same_key_with_a_later_moment_is_the_same_request))
