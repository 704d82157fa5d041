/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves: a redacted text is in no file and in no state, old deliveries go by the day and stay where an incident
 * cites them, and the chain verifies all along. */
#include "test.h"

#include <dirent.h>
#include <ftw.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/redact.h"
#include "engine/engine.h"
#include "engine/views.h"
#include "intake/source.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define SECRET "hunter2-XYZZY"

struct rig {
	struct world_sim sim;
	struct store *store;
	struct engine *engine;
	char folder[64];
	struct arena arena;
	struct str root;
};

static int add_root(struct db *db, void *ctx, struct err *e)
{
	struct rig *r = ctx;
	struct account root = { .login = STR("root"), .name = STR("Root"), .right = RIGHT_ADMIN };
	if (account_add(db, &r->arena, &root, e) != 0)
		return -1;
	r->root = root.id;
	return 0;
}

static void rig_start(struct rig *r)
{
	struct err e = { 0 };
	assert_int_equal(store_open(&r->sim.world, r->folder, &r->store, &e), 0);
	struct engine_config c = { .store = r->store,
				   .world = &r->sim.world,
				   .policy = &policy_default };
	assert_int_equal(engine_start(&c, &r->engine, &e), 0);
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
	world_sim(&r->sim, 1795431900000);
	(void)snprintf(r->folder, sizeof(r->folder), "/tmp/aplomb-keep-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	rig_start(r);
	assert_int_equal(engine_write(r->engine, add_root, r, &e), 0);
	return r;
}

static int remove_one(const char *path, __attribute__((unused)) const struct stat *st,
		      __attribute__((unused)) int kind, __attribute__((unused)) struct FTW *at)
{
	return remove(path);
}

static void rig_free(struct rig *r)
{
	rig_stop(r);
	(void)nftw(r->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_clear(&r->arena);
	heap_free(r);
}

static int run(struct rig *r, int64_t stream, const char *verb, const char *json,
	       struct outcome *out)
{
	struct err e = { 0 };
	struct str rest = str_of(verb), noun;
	struct json *j;
	(void)str_cut(&rest, ' ', &noun);
	struct command c = { .verb = verb_find(noun, rest),
			     .stream = stream,
			     .actor = r->root,
			     .idem = str_is(rest, "add") ? STR("k1") : STR("") };
	assert_non_null(c.verb);
	void *fields = arena_alloc(&r->arena, c.verb->size);
	assert_int_equal(json_parse(&r->arena, str_of(json), &j, &e), 0);
	assert_int_equal(fields_from_json(c.verb->fields, j, fields,
					  &(struct reading){ .arena = &r->arena }, &e),
			 0);
	c.fields = fields;
	return engine_run(r->engine, &c, &r->arena, out, &e) == 0 ? 0 : (int)e.code;
}

static void yes(struct rig *r, int64_t stream, const char *verb, const char *json)
{
	struct outcome out;
	assert_int_equal(run(r, stream, verb, json, &out), 0);
}

static struct incident *fold(struct rig *r, int64_t stream)
{
	DB *db = NULL;
	struct err e = { 0 };
	struct folded f;
	assert_int_equal(store_reader(r->store, &db, &e), 0);
	assert_int_equal(engine_fold(db, stream, &r->arena, &f, &e), 0);
	return f.incident;
}

/* Whether the secret is anywhere in a file of the folder. */
static bool is_in(struct rig *r, const char *file)
{
	struct str bytes = { 0 };
	struct err e = { 0 };
	(void)!file_read(&r->arena, str_fmt(&r->arena, "%s/%s", r->folder, file).at, 64 << 20,
			 &bytes, &e);
	return str_find(bytes, STR(SECRET)) != SIZE_MAX;
}

static bool is_on_disk(struct rig *r)
{
	return is_in(r, "aplomb.db") || is_in(r, "aplomb.db-wal") || is_in(r, "aplomb.db-shm");
}

static int verify_and_rebuild(struct db *db, void *ctx, struct err *e)
{
	struct rebuilt p;
	if (ledger_verify(db, NULL, ctx, e) != 0 || engine_rebuild_views(db, &p, e) != 0)
		return -1;
	return p.is_same ? 0 : err_fail(e, ERR_BROKEN, "a rebuild changes something");
}

static struct verify_report proof(struct rig *r)
{
	struct verify_report report;
	struct err e = { 0 };
	if (engine_write(r->engine, verify_and_rebuild, &report, &e) != 0)
		fail_msg("%s %s", e.text, report.what);
	return report;
}

TEST(a_redacted_text_is_nowhere)
{
	struct rig *r = rig_new();
	struct outcome out;
	yes(r, 0, "incident declare", "{\"title\":\"Slow, key " SECRET "\",\"severity\":\"sev2\"}");
	yes(r, 1, "note add", "{\"text\":\"the password is " SECRET "\"}");
	yes(r, 1, "hypothesis open",
	    "{\"cause\":\"" SECRET "\",\"prediction\":\"p " SECRET "\",\"test\":\"look\"}");
	assert_true(is_on_disk(r));
	yes(r, 0, "body redact", "{\"target\":\"1\",\"reason\":\"a key in the title\"}");
	yes(r, 1, "entry redact", "{\"entry\":2,\"reason\":\"a password in a note\"}");
	yes(r, 1, "entry redact", "{\"entry\":3,\"reason\":\"a key in a cause\"}");
	assert_false(is_on_disk(r));
	const struct incident *inc = fold(r, 1);
	assert_string_equal(str_z(&r->arena, inc->title), "redacted");
	assert_int_equal(inc->severity, SEV_2);
	assert_int_equal(inc->hypotheses.len, 1);
	assert_string_equal(str_z(&r->arena, inc->hypotheses.at[0].cause), "redacted");
	assert_int_equal(inc->hypotheses.at[0].state, HYPOTHESIS_OPEN);
	/* what its writer was told is forgotten, that it was asked is not */
	assert_int_equal(run(r, 1, "note add", "{\"text\":\"the password is " SECRET "\"}", &out),
			 0);
	assert_true(out.is_repeat);
	assert_int_equal(out.said.len, 0);
	/* work goes on with its number */
	yes(r, 1, "hypothesis predict", "{\"hypothesis\":1,\"prediction\":\"the pool is full\"}");
	/* once, and never what says so */
	assert_int_equal(run(r, 1, "entry redact", "{\"entry\":2,\"reason\":\"again\"}", &out),
			 ERR_CONFLICT);
	assert_int_equal(run(r, 1, "entry redact", "{\"entry\":4,\"reason\":\"more\"}", &out),
			 ERR_CONFLICT);
	assert_int_equal(run(r, 0, "body redact", "{\"target\":\"999\",\"reason\":\"x\"}", &out),
			 ERR_NOT_FOUND);
	assert_int_equal(proof(r).redacted, 3);
	rig_stop(r);
	rig_start(r);
	assert_int_equal(proof(r).redacted, 3);
	assert_false(is_on_disk(r));
	rig_free(r);
}

struct taken {
	struct delivery d;
	struct arena arena;
	sem_t done;
};

static void taken_done(struct delivery *d, const struct err *failed)
{
	assert_null(failed);
	(void)sem_post(&((struct taken *)d->ctx)->done);
}

static void take(struct rig *r, const char *body)
{
	struct err e = { 0 };
	struct taken t = {
		.d = { .source = "prometheus", .body = str_of(body), .done = taken_done }
	};
	t.d.arena = &t.arena;
	t.d.ctx = &t;
	(void)sem_init(&t.done, 0, 0);
	struct intake_request q = { .body = str_of(body),
				    .now_ms = r->sim.world.now_ms(&r->sim.world),
				    .resolve_timeout_ms = 300000 };
	assert_int_equal(source_find(STR("prometheus"))->read(&q, &t.arena, &t.d.result, &e), 0);
	engine_take(r->engine, &t.d);
	(void)sem_wait(&t.done);
	(void)sem_destroy(&t.done);
	arena_clear(&t.arena);
}

static void take_alert(struct rig *r, const char *name, const char *says)
{
	take(r, str_fmt(&r->arena,
			"[{\"labels\":{\"alertname\":\"%s\",\"service\":\"pay\"},"
			"\"annotations\":{\"summary\":\"%s\"}}]",
			name, says)
			.at);
}

static struct live_alert alert_named(struct rig *r, const char *name)
{
	struct live_alerts all = { 0 };
	engine_alerts(r->engine, &r->arena, &all);
	LIST_EACH (a, &all)
		if (str_is(a->name, name))
			return *a;
	return (struct live_alert){ 0 };
}

TEST(a_redacted_delivery_leaves_the_alert_and_not_its_words)
{
	struct rig *r = rig_new();
	take_alert(r, "Hot", "token " SECRET);
	assert_int_equal(alert_named(r, "Hot").inbox, 1);
	assert_int_equal(engine_pos(r->engine), 0);
	yes(r, 0, "body redact", "{\"target\":\"inbox:1\",\"reason\":\"a token\"}");
	assert_false(is_on_disk(r));
	assert_true(alert_named(r, "redacted").is_firing);
	assert_int_equal(proof(r).redacted, 1);
	rig_stop(r);
	rig_start(r); /* from the snapshot: the row it came with says nothing any more */
	assert_true(alert_named(r, "redacted").is_firing);
	assert_string_equal(str_z(&r->arena, alert_named(r, "redacted").annotations), "{}");
	rig_free(r);
}

struct bodies {
	int64_t kept, gone;
};

static int count_row(void *ctx, const struct inbox_row *row, __attribute__((unused)) struct err *e)
{
	struct bodies *b = ctx;
	*(row->is_expired ? &b->gone : &b->kept) += 1;
	return 0;
}

static struct bodies bodies(struct rig *r)
{
	DB *db = NULL;
	struct err e = { 0 };
	struct bodies b = { 0 };
	struct inbox_walk walk = { .fn = count_row, .ctx = &b };
	assert_int_equal(store_reader(r->store, &db, &e), 0);
	assert_int_equal(inbox_each(db, &walk, &e), 0);
	return b;
}

/* Until the writer's idle time has dropped so many bodies; 10 s at most. */
static struct bodies wait_for(struct rig *r, int64_t gone)
{
	struct bodies b = bodies(r);
	for (int i = 0; i < 1000 && b.gone < gone; i++) {
		(void)usleep(10 * 1000);
		b = bodies(r);
	}
	return b;
}

static int keep_for_ever(struct db *db, __attribute__((unused)) void *ctx, struct err *e)
{
	return setting_set(db, "inbox_days", STR("0"), e);
}

static int keep_as_usual(struct db *db, __attribute__((unused)) void *ctx, struct err *e)
{
	return setting_set(db, "inbox_days", STR(""), e);
}

static void later(struct rig *r, int64_t days)
{
	rig_stop(r);
	world_sim_set(&r->sim, r->sim.world.now_ms(&r->sim.world) + days * DAY_MS);
	rig_start(r);
}

TEST(old_days_leave_but_for_what_an_incident_cites)
{
	struct rig *r = rig_new();
	struct err e = { 0 };
	take_alert(r, "Cited", "one");
	take_alert(r, "Other", "two");
	yes(r, 0, "incident declare",
	    str_fmt(&r->arena,
		    "{\"title\":\"Slow\",\"severity\":\"sev2\",\"alerts\":[\"" STR_FMT "\"]}",
		    STR_ARG(alert_named(r, "Cited").fingerprint))
		    .at);
	take_alert(r, "Cited", "and then this"); /* nobody wrote it down: it may leave */
	assert_int_equal(engine_write(r->engine, keep_for_ever, NULL, &e), 0);
	later(r, 29);
	take_alert(r, "Young", "three");
	later(r, 2);
	yes(r, 0, "incident declare", "{\"title\":\"Another\",\"severity\":\"sev3\"}");
	assert_int_equal(bodies(r).gone, 0); /* a setting of 0 keeps all */
	assert_int_equal(engine_write(r->engine, keep_as_usual, NULL, &e), 0);
	later(r, 0);
	assert_int_equal(wait_for(r, 2).gone, 2);
	assert_int_equal(bodies(r).kept, 2);
	struct verify_report report = proof(r);
	assert_int_equal(report.expired, 2);
	assert_int_equal(report.inbox_rows, 4);
	assert_int_equal(report.events, 4); /* two incidents, an attached alert, and "they left" */
	later(r, 0);
	assert_int_equal(alert_named(r, "Young").inbox, 4); /* the desk needs no old body */
	rig_free(r);
}

/* The process dies between the event that lets a day go and the going. */
TEST(a_kill_while_a_day_leaves_loses_nothing)
{
	struct rig *r = rig_new();
	int status = 0;
	take_alert(r, "Old", "one");
	rig_stop(r);
	world_sim_set(&r->sim, r->sim.world.now_ms(&r->sim.world) + 40 * DAY_MS);
	pid_t child = fork();
	if (child == 0) {
		r->sim.world.crash_at = "expiring";
		rig_start(r);
		(void)sleep(20);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	rig_start(r);
	assert_int_equal(wait_for(r, 1).gone, 1);
	assert_int_equal(proof(r).expired, 1);
	assert_true(alert_named(r, "Old").inbox == 1);
	rig_free(r);
}

struct copying {
	struct rig *r;
	struct arena arena;
	struct str path;
	int result;
};

static void *copy(void *arg)
{
	struct copying *c = arg;
	struct err e = { 0 };
	struct backup row = { .name = STR("one.tar") };
	struct store_copying how = { c->r->store, &c->arena, &row };
	c->result = engine_copy(c->r->engine, &how, &c->path, &e);
	return NULL;
}

/* Until the copy has begun, 10 s at most. */
static void wait_for_copy(struct rig *r)
{
	const char *folder = str_fmt(&r->arena, "%s/blobs/tmp", r->folder).at;
	for (int i = 0, found = 0; i < 100000 && !found; i++) {
		DIR *d = opendir(folder);
		for (struct dirent *x = readdir(d); x; x = readdir(d))
			found |= str_starts(str_of(x->d_name), STR("copy-"));
		(void)closedir(d);
		(void)usleep(100);
	}
}

/* Random enough that it is as long when it is packed. */
static void fill(struct rig *r, size_t bytes)
{
	struct buf b = BUF(&r->arena);
	uint32_t x = 1;
	for (; b.len < bytes; x = x * 1664525 + 1013904223)
		buf_fmt(&b, "%08x", (unsigned)x);
	for (int i = 0; i < 24; i++)
		take_alert(r, str_fmt(&r->arena, "Big%d", i).at, str_z(&r->arena, buf_str(&b)));
}

/* A copy either does not hold it, or is named as one that does. */
TEST(no_copy_that_is_under_way_is_forgotten_by_a_redaction)
{
	struct rig *r = rig_new();
	struct outcome out;
	pthread_t thread;
	yes(r, 0, "incident declare", "{\"title\":\"Slow\",\"severity\":\"sev2\"}");
	yes(r, 1, "note add", "{\"text\":\"the password is " SECRET "\"}");
	fill(r, 1 << 20);
	struct copying c = { .r = r };
	assert_int_equal(pthread_create(&thread, NULL, copy, &c), 0);
	wait_for_copy(r);
	assert_int_equal(run(r, 1, "entry redact", "{\"entry\":2,\"reason\":\"a password\"}", &out),
			 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(c.result, 0);
	bool is_named = str_find(out.said, STR("one.tar")) != SIZE_MAX;
	bool is_held = is_in(
		r, str_z(&r->arena, str_sub(c.path, str_of(r->folder).len + 1, c.path.len)));
	assert_int_equal(is_named, is_held);
	/* the reader that copied held old pages: they leave at the next rest */
	for (int i = 0; i < 1000 && is_on_disk(r); i++)
		(void)usleep(10 * 1000);
	assert_false(is_on_disk(r));
	arena_clear(&c.arena);
	rig_free(r);
}

TESTS(T(no_copy_that_is_under_way_is_forgotten_by_a_redaction),
      T(a_kill_while_a_day_leaves_loses_nothing), T(a_redacted_text_is_nowhere),
      T(a_redacted_delivery_leaves_the_alert_and_not_its_words),
      T(old_days_leave_but_for_what_an_incident_cites))
