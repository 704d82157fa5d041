/* SPDX-License-Identifier: Apache-2.0 */
/* writer: the one thread that writes. It drains its queue into a batch, commits once for all, then answers. The clock's
 * work (deadlines, leases of alerts, sweeping) rides in the same batches. */
#include <errno.h>
#include <time.h>

#include "engine/inside.h"
#include "world/log.h"

enum {
	BATCH_JOBS = 1024,    /* one commit answers at most so many */
	LOOK_EVERY_MS = 1000, /* nothing sleeps past this: the wall clock may have jumped */
	GAP_MS = 60 * 1000,   /* between two looks at the clock: longer, and leases run anew */
	SWEEP_EVERY_MS = 3600 * 1000,
	REST_MS = 2000, /* without an idle moment for so long, a small step is taken all the same */
	TELL_EVERY_MS =
		500, /* in a storm of alerts pages look again so often: it ends within a second */
	SAVE_PACE_MS = 20, /* between two shards that are saved while nobody waits */
	QUEUE_MAX = 20000, /* beyond it senders are told to come back */
};

void writer_put(struct engine *en, struct job *j)
{
	(void)pthread_mutex_lock(&en->lock);
	j->next = NULL;
	*en->queue_end = j;
	en->queue_end = &j->next;
	en->queued++;
	(void)pthread_cond_signal(&en->wake);
	(void)pthread_mutex_unlock(&en->lock);
}

static void wait_for_work(struct engine *en, int64_t wait_ms)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += (wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	(void)pthread_cond_timedwait(&en->wake, &en->lock, &until);
}

/* 0: the pages may hear at once that alerts changed. */
static int64_t until_told(const struct engine *en)
{
	int64_t passed_ms = en->world->mono_ms(en->world) - en->desk_told_mono_ms;
	return !en->desk_told_mono_ms || passed_ms >= TELL_EVERY_MS ? 0 : TELL_EVERY_MS - passed_ms;
}

static int64_t until_due(const struct engine *en)
{
	int64_t now = en->world->now_ms(en->world), wait_ms = LOOK_EVERY_MS;
	if (en->next_due_ms - now < wait_ms)
		wait_ms = en->next_due_ms > now ? en->next_due_ms - now : 0;
	if (en->desk_changed && until_told(en) < wait_ms)
		wait_ms = until_told(en);
	if (en->is_saving && SAVE_PACE_MS < wait_ms)
		wait_ms = SAVE_PACE_MS;
	return wait_ms;
}

/* After a commit. The first change is told at once, those that follow it together. */
static void tell_desk(struct engine *en)
{
	commit_fn *told = atomic_load(&en->on_commit);
	if (!en->desk_changed || until_told(en) > 0)
		return;
	en->desk_changed = false;
	en->desk_told_mono_ms = en->world->mono_ms(en->world);
	(void)atomic_fetch_add(&en->desk_version, 1);
	if (told)
		told(en->on_commit_ctx);
}

/* What is queued, up to a batch; waits for some. */
static struct job *take_jobs(struct engine *en, bool *is_over)
{
	(void)pthread_mutex_lock(&en->lock);
	if (!en->queue && !en->is_stopping) {
		int64_t wait_ms = until_due(en);
		if (wait_ms > 0)
			wait_for_work(en, wait_ms);
	}
	struct job *first = en->queue, **end = &en->queue;
	for (size_t n = 0; *end && n < BATCH_JOBS; n++) {
		end = &(*end)->next;
		en->queued--;
	}
	en->queue = *end;
	*end = NULL;
	if (!en->queue)
		en->queue_end = &en->queue;
	*is_over = !first && en->is_stopping;
	(void)pthread_mutex_unlock(&en->lock);
	return first;
}

static int keep_delivery(struct batch *b, struct delivery *d, struct err *e)
{
	struct engine *en = b->engine;
	struct inbox_row *row = &d->row;
	if (!row->packed.len && inbox_pack(en->packer, d->arena, d->body, row, e) != 0)
		return -1;
	row->received_ms = d->received_ms ? d->received_ms : b->now_ms;
	row->source = str_of(d->source);
	row->is_rejected = d->rejected.len > 0;
	row->reason = d->rejected;
	if (inbox_append(en->db, row, &en->inbox, e) != 0)
		return -1;
	en->unsaved_bytes += row->bytes;
	return 0;
}

static int run_delivery(struct batch *b, struct delivery *d, struct err *e)
{
	struct alert_flips flips = { 0 };
	struct live_taking t = { .result = &d->result,
				 .source = str_of(d->source),
				 .now_ms = b->now_ms,
				 .inbox_id = b->engine->inbox.id + 1,
				 .few_flips = !board_has_groups(b->engine->board) };
	bool changes = live_take(b->engine->live, &t, b->arena, &flips);
	bool is_news = changes || delivery_tells_more(d);
	b->engine->desk_changed |= changes;
	if (is_news && keep_delivery(b, d, e) != 0) {
		b->is_broken = true;
		return -1;
	}
	if (execute_flips(b, &flips, e) == 0 && execute_lapses(b, &flips, e) == 0 &&
	    execute_acks(b, d, e) == 0 && execute_changes(b, d, e) == 0 &&
	    gate_take_call(b, d, e) == 0)
		return 0;
	b->is_broken = true; /* the desk knows of it already: the sender must send it again */
	return -1;
}

static int run_write(struct batch *b, const struct job *j, struct err *e)
{
	struct err ours = { 0 };
	if (db_mark(b->engine->db, e) != 0) {
		b->is_broken = true;
		return -1;
	}
	int result = j->write(b->engine->db, j->ctx, e);
	if ((result != 0 ? db_undo(b->engine->db, &ours) : db_release(b->engine->db, &ours)) != 0)
		b->is_broken = true;
	return result;
}

static void run_job(struct batch *b, struct job *j)
{
	struct err own = { 0 };
	size_t from = b->written.len;
	switch (j->kind) {
	case JOB_COMMAND:
		j->result = execute_command(b, j->command, j->arena, j->outcome, j->err);
		if (execute_corrections(b, from, &own) != 0)
			b->is_broken = true;
		break;
	case JOB_WRITE:
		j->result = run_write(b, j, j->err);
		break;
	case JOB_DELIVERY:
		j->result = run_delivery(b, j->delivery, &own);
		break;
	case JOB_GATE:
		gate_run_job(b, j);
		break;
	}
	if (b->is_broken)
		b->why = own.text[0] || !j->err ? own : *j->err;
}

/* The clock jumped, the machine slept, or a disk stood still: senders could not renew, so nothing is over for that. */
static void forgive_a_gap(struct engine *en, int64_t now_ms, int64_t mono_ms)
{
	bool had = en->expired_mono_ms > 0;
	if (had &&
	    (now_ms - en->expired_wall_ms > GAP_MS || mono_ms - en->expired_mono_ms > GAP_MS))
		live_renew_leases(en->live, now_ms);
	en->expired_wall_ms = now_ms;
	en->expired_mono_ms = mono_ms;
}

static int run_clock(struct batch *b, struct err *e)
{
	struct engine *en = b->engine;
	int64_t mono = en->world->mono_ms(en->world);
	if (mono - en->expired_mono_ms >= LOOK_EVERY_MS) {
		struct alert_flips flips = { 0 };
		forgive_a_gap(en, b->now_ms, mono);
		live_expire(en->live, b->now_ms, b->arena, &flips);
		en->desk_changed |= flips.len > 0;
		if (execute_flips(b, &flips, e) != 0)
			return -1;
	}
	if (en->next_due_ms > b->now_ms)
		return 0;
	struct deadlines due = { 0 };
	if (deadline_due(en->db, b->now_ms, b->arena, &due, e) != 0)
		return -1;
	LIST_EACH (d, &due)
		if (execute_tick(b, d->stream, e) != 0)
			return -1;
	return 0;
}

static void answer(struct engine *en, struct job *j, const struct err *failed)
{
	if (j->kind == JOB_DELIVERY) {
		if (!failed)
			counts_add(en->counts, j->delivery, en->world->now_ms(en->world));
		j->delivery->done(j->delivery, failed); /* and with it goes j */
		return;
	}
	if (j->kind == JOB_GATE) {
		gate_done(j, failed);
		return;
	}
	if (failed && j->result == 0) {
		*j->err = *failed;
		j->result = -1;
	}
	(void)sem_post(&j->done); /* j is the caller's again */
}

/* Memory goes back to what the disk has. Until that worked nothing may be written: the chain would lose its end. */
static int reload(struct engine *en, struct err *e)
{
	cache_clear(&en->cache);
	en->must_reload = true;
	if (ledger_head(en->db, &en->head, e) != 0 || inbox_head(en->db, &en->inbox, e) != 0 ||
	    ledger_ends(en->db, &en->ends, e) != 0 || desk_rebuild(en, e) != 0)
		return -1;
	en->must_reload = false;
	return 0;
}

/* The disk refused: nothing of the batch is there. */
static void undo_batch(struct batch *b)
{
	struct engine *en = b->engine;
	struct err e = { 0 };
	db_rollback(en->db);
	if (reload(en, &e) != 0)
		log_trouble(en->world, "reload", &e);
	en->next_due_ms = b->now_ms + LOOK_EVERY_MS;
	b->written.len = 0;
}

static void publish(struct batch *b, bool wrote_rows)
{
	struct engine *en = b->engine;
	struct err e = { 0 };
	crash_point(en->world, "committed");
	live_settle(en->live);
	if (wrote_rows) {
		if (roster_load(en, en->db, &e) != 0)
			log_trouble(en->world, "roster", &e);
		(void)atomic_fetch_add(&en->rows_written, 1);
	}
	LIST_EACH (ev, &b->written) {
		hub_add(en->hub, ev);
		suspects_hear(en->suspects, ev);
	}
	integrations_follow(b);
	services_follow(b);
	commit_fn *told = atomic_load(&en->on_commit);
	if (b->written.len && told)
		told(en->on_commit_ctx);
	en->next_due_ms = b->due_ms;
}

/* A row that says nothing: the disk takes it or does not. */
static int prove_disk(struct batch *b, struct err *e)
{
	struct str now = str_fmt(b->arena, "%lld", (long long)b->now_ms);
	return pulse_wants_proof(b->engine) ? setting_set(b->engine->db, "proven_ms", now, e) : 0;
}

/* What the callers are told, and the operator once a minute. */
static void tell_failure(struct batch *b, struct err *e)
{
	if (!e->text[0])
		*e = b->why;
	if (e->code != ERR_STORE)
		err_fail(e, ERR_STORE, "%s", err_sentence(ERR_STORE));
	pulse_failure(b->engine, e);
	log_trouble(b->engine->world, "commit", e);
}

/* `day`: of the inbox, that may leave; NULL = none */
static void run_batch(struct engine *en, struct job *first, struct inbox_segment *day)
{
	ARENA(a);
	struct batch b = { .engine = en, .arena = &a, .now_ms = en->world->now_ms(en->world) };
	struct err e = { 0 }, *failed = NULL;
	bool wrote_rows = false;
	int64_t jobs = 0;
	if ((en->must_reload && reload(en, &e) != 0) || db_begin(en->db, &e) != 0)
		b.is_broken = true;
	if (!b.is_broken && (run_clock(&b, &e) != 0 || prove_disk(&b, &e) != 0))
		b.is_broken = true;
	if (!b.is_broken && day && keep_day(&b, day, &e) != 0)
		e = (struct err){ 0 }; /* it comes again */
	for (struct job *j = first; j && !b.is_broken; j = j->next, jobs++) {
		run_job(&b, j);
		wrote_rows |= j->kind == JOB_WRITE && j->result == 0 && !j->is_note;
	}
	/* still inside the transaction: a look after it would be one more */
	if (!b.is_broken && deadline_next(en->db, &b.due_ms, &e) != 0)
		b.is_broken = true;
	crash_point(en->world, "before-commit");
	int64_t began_us = pulse_clock_us();
	if (b.is_broken || db_commit(en->db, &e) != 0) {
		undo_batch(&b);
		tell_failure(&b, &e);
		failed = &e;
	} else {
		pulse_batch(en, jobs, pulse_clock_us() - began_us);
		publish(&b, wrote_rows);
		en->must_scrub |= b.redacts;
		if (b.redacts)
			keep_scrub(en); /* before the answer: then it is true */
	}
	for (struct job *j = first; j;) {
		struct job *next = j->next;
		answer(en, j, failed);
		j = next;
	}
	/* nobody waits for it any more, but those who come now */
	if (!failed && store_after_commit(en->store, &e) != 0)
		log_trouble(en->world, "checkpoint", &e);
}

static int sweep(struct engine *en, struct err *e)
{
	int64_t removed = 0;
	if (db_begin(en->db, e) != 0)
		return -1;
	if (request_sweep(en->db, e) == 0 && session_sweep(en->db, e) == 0 &&
	    gate_callback_sweep(en->db, en->world->now_ms(en->world) - gate_callback_keep_ms, e) ==
		    0 &&
	    blob_sweep(en->store, &removed, e) == 0)
		return db_commit(en->db, e);
	db_rollback(en->db);
	return -1;
}

/* One shard, and after SAVE_PACE_MS the next: nothing waits for it, and what is told again meanwhile wants the cores. */
static void save_at_rest(struct engine *en)
{
	struct err e = { 0 };
	en->is_saving = false;
	if (!desk_should_save(en, true))
		return;
	int saved = desk_save_one(en, &e);
	if (saved < 0)
		log_trouble(en->world, "snapshot", &e);
	if (saved == 0)
		atomic_store(&en->pulse.snapshot_ms, en->world->now_ms(en->world));
	en->is_saving = saved == 0 && desk_should_save(en, true);
	if (!en->is_saving)
		heap_trim(); /* after a busy time: what it took goes back */
}

/* Old days of the inbox, in small steps. */
static void let_days_go(struct engine *en)
{
	struct inbox_segment day;
	struct err e = { 0 };
	if (en->is_expiring) {
		if (keep_step(en, &e) != 0)
			log_trouble(en->world, "expire", &e);
	} else if (keep_next_day(en, &day, &e) != 0) {
		log_trouble(en->world, "expire", &e);
	} else if (day.from_id) {
		run_batch(en, NULL, &day);
	}
}

/* House-keeping that may fail and come again: when nobody waits, and the small steps of it now and then although. */
static void rest(struct engine *en, bool is_idle)
{
	struct err e = { 0 };
	if (atomic_load(&en->pulse.is_failing))
		return;
	if (en->must_scrub)
		keep_scrub(en);
	let_days_go(en);
	int64_t mono = en->world->mono_ms(en->world);
	if (mono - en->swept_mono_ms >= SWEEP_EVERY_MS) {
		en->swept_mono_ms = mono;
		if (sweep(en, &e) != 0)
			log_trouble(en->world, "sweep", &e);
	}
	en->rested_mono_ms = en->world->mono_ms(en->world);
	if (!is_idle)
		return;
	save_at_rest(en);
	if (store_wal_pages(en->store) > STORE_WAL_IDLE_PAGES &&
	    store_checkpoint(en->store, false, &e) != 0)
		log_trouble(en->world, "checkpoint", &e);
}

void *writer_run(void *arg)
{
	struct engine *en = arg;
	bool is_over = false;
	while (!is_over) {
		struct job *first = take_jobs(en, &is_over);
		atomic_store(&en->pulse.beat_ms, en->world->mono_ms(en->world));
		bool clock_calls = en->next_due_ms <= en->world->now_ms(en->world) ||
				   en->world->mono_ms(en->world) - en->expired_mono_ms >=
					   LOOK_EVERY_MS;
		if (first || clock_calls)
			run_batch(en, first, NULL);
		tell_desk(en);
		struct err e = { 0 };
		bool is_overdue = en->world->mono_ms(en->world) - en->rested_mono_ms > REST_MS;
		if (!first || is_overdue)
			rest(en, !first);
		if (first && desk_should_save(en, false) && desk_save_one(en, &e) < 0)
			log_trouble(en->world, "snapshot", &e);
	}
	return NULL;
}

bool writer_is_full(struct engine *en)
{
	(void)pthread_mutex_lock(&en->lock);
	bool is_full = en->queued >= QUEUE_MAX;
	(void)pthread_mutex_unlock(&en->lock);
	return is_full;
}
