/* SPDX-License-Identifier: Apache-2.0 */
/* engine: start, stop and the doors of engine.h. The work is the writer's (writer.c, execute.c, append.c). */
#include "engine/engine.h"

#include "engine/inside.h"
#include "world/log.h"

static int read_heads(struct engine *en, struct err *e)
{
	if (ledger_head(en->db, &en->head, e) != 0 || inbox_head(en->db, &en->inbox, e) != 0 ||
	    ledger_ends(en->db, &en->ends, e) != 0 ||
	    deadline_next(en->db, &en->next_due_ms, e) != 0 || keep_open(en, e) != 0)
		return -1;
	return roster_load(en, en->db, e);
}

static struct engine *engine_new(const struct engine_config *c)
{
	struct engine *en = heap_new(sizeof(*en));
	pthread_condattr_t monotonic;
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&en->wake, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	(void)pthread_mutex_init(&en->lock, NULL);
	(void)pthread_mutex_init(&en->roster_lock, NULL);
	(void)pthread_mutex_init(&en->services_lock, NULL);
	en->store = c->store;
	en->db = store_writer(c->store);
	en->world = c->world;
	en->policy = c->policy;
	en->queue_end = &en->queue;
	en->live = live_new();
	en->board = board_new();
	pulse_init(&en->pulse, c->world->mono_ms(c->world));
	en->counts = counts_new();
	en->packer = inbox_packer_new(c->world);
	c->world->random(c->world, &en->glance_key, sizeof(en->glance_key));
	return en;
}

static void engine_free(struct engine *en)
{
	cache_clear(&en->cache);
	hub_free(&en->hub);
	live_free(&en->live);
	board_free(&en->board);
	pulse_clear(&en->pulse);
	counts_free(&en->counts);
	suspects_free(&en->suspects);
	inbox_packer_free(&en->packer);
	arena_clear(&en->roster_arena);
	services_clear(en);
	(void)pthread_cond_destroy(&en->wake);
	(void)pthread_mutex_destroy(&en->lock);
	(void)pthread_mutex_destroy(&en->roster_lock);
	(void)pthread_mutex_destroy(&en->services_lock);
	heap_free(en);
}

int engine_start(const struct engine_config *c, struct engine **out, struct err *e)
{
	struct engine *en = engine_new(c);
	struct db *reader = NULL;
	if (read_heads(en, e) != 0 || desk_rebuild(en, e) != 0 ||
	    counts_load(en->counts, en->db, en->inbox.id, e) != 0 ||
	    store_reader(c->store, &reader, e) != 0) {
		engine_free(en);
		return -1;
	}
	en->hub = hub_new(reader, en->head.pos);
	if (suspects_new(en, c->store, &en->suspects, e) != 0) {
		engine_free(en);
		return -1;
	}
	if (pthread_create(&en->thread, NULL, writer_run, en) != 0) {
		engine_free(en);
		return err_fail(e, ERR_FAILED, "The writer's thread did not start.");
	}
	if (suspects_start(en->suspects, e) != 0) {
		engine_stop(&en);
		return -1;
	}
	*out = en;
	return 0;
}

void engine_stop(struct engine **enp)
{
	struct engine *en = *enp;
	struct err e = { 0 };
	if (!en)
		return;
	suspects_stop(en->suspects);
	(void)pthread_mutex_lock(&en->lock);
	en->is_stopping = true;
	(void)pthread_cond_signal(&en->wake);
	(void)pthread_mutex_unlock(&en->lock);
	(void)pthread_join(en->thread, NULL);
	/* the next start reads a longer tail then */
	if (desk_save_all(en, &e) != 0 || store_checkpoint(en->store, true, &e) != 0)
		log_trouble(en->world, "stop", &e);
	engine_free(en);
	*enp = NULL;
}

static int put_and_wait(struct engine *en, struct job *j)
{
	(void)sem_init(&j->done, 0, 0);
	writer_put(en, j);
	while (sem_wait(&j->done) != 0)
		continue; /* a signal came in between */
	(void)sem_destroy(&j->done);
	return j->result;
}

int engine_run(struct engine *en, const struct command *c, struct arena *a, struct outcome *out,
	       struct err *e)
{
	*out = (struct outcome){ 0 };
	struct job j = { .kind = JOB_COMMAND, .command = c, .arena = a, .outcome = out, .err = e };
	return put_and_wait(en, &j);
}

int engine_write(struct engine *en, int (*fn)(struct db *, void *, struct err *), void *ctx,
		 struct err *e)
{
	struct job j = { .kind = JOB_WRITE, .write = fn, .ctx = ctx, .err = e };
	return put_and_wait(en, &j);
}

int engine_note(struct engine *en, int (*fn)(struct db *, void *, struct err *), void *ctx,
		struct err *e)
{
	struct job j = { .kind = JOB_WRITE, .write = fn, .ctx = ctx, .err = e, .is_note = true };
	return put_and_wait(en, &j);
}

bool delivery_tells_more(const struct delivery *d)
{
	return d->rejected.len || d->result.changes.len || d->result.gate || d->result.is_quiet;
}

const struct glance_key *engine_glance_key(struct engine *en)
{
	return &en->glance_key;
}

bool engine_take_again(struct engine *en, struct delivery *d)
{
	if (!live_knows(en->live, &d->result, d->arena))
		return false;
	counts_add(en->counts, d, en->world->now_ms(en->world));
	d->done(d, NULL);
	return true;
}

void engine_take(struct engine *en, struct delivery *d)
{
	struct err e = { 0 };
	enum live_answer known = delivery_tells_more(d) ? LIVE_NEWS
							: live_ask(en->live, &d->result);
	if (known == LIVE_KNOWN) {
		counts_add(en->counts, d, en->world->now_ms(en->world));
		d->done(d, NULL);
		return;
	}
	if (writer_is_full(en)) {
		err_fail(&e, ERR_BUSY, "%s", err_sentence(ERR_BUSY));
		d->done(d, &e);
		return;
	}
	/* packing is the costly part: on the sender's thread, and only for what looks new */
	if (known == LIVE_NEWS && inbox_pack(en->packer, d->arena, d->body, &d->row, &e) != 0) {
		d->done(d, &e);
		return;
	}
	struct job *j = ARENA_NEW(d->arena, struct job);
	j->kind = JOB_DELIVERY;
	j->delivery = d;
	writer_put(en, j);
}

void engine_alerts(struct engine *en, struct arena *a, struct live_alerts *out)
{
	live_list(en->live, a, out);
}

bool engine_alert(struct engine *en, struct str fingerprint, struct arena *a,
		  struct live_alert *out)
{
	return live_find(en->live, fingerprint, a, out);
}

void engine_intake_counts(struct engine *en, struct arena *a, struct intake_counts *out)
{
	counts_list(en->counts, en->world->now_ms(en->world), a, out);
}

int64_t engine_hub_fill(struct engine *en, int64_t stream, int64_t cursor,
			const struct names *names, struct buf *out)
{
	return hub_fill(en->hub, stream, cursor, names, out);
}

bool engine_may_watch(struct engine *en, struct watcher *w)
{
	/* before the look: a change that comes in between is looked up by the next call */
	int64_t now = atomic_load(&en->rows_written);
	if (w->proven == now)
		return true;
	w->proven = now;
	return hub_admits(en->hub, w);
}

int64_t engine_pos(struct engine *en)
{
	return hub_pos(en->hub);
}

int64_t engine_desk_version(struct engine *en)
{
	return atomic_load(&en->desk_version);
}

void engine_on_commit(struct engine *en, void (*fn)(void *), void *ctx)
{
	en->on_commit_ctx = ctx;
	atomic_store(&en->on_commit, fn);
}
