/* SPDX-License-Identifier: Apache-2.0 */
/* pulse: see pulse.h. How they look to Prometheus: web/metrics.c. */
#include "engine/pulse.h"

#include <time.h>

#include "engine/inside.h"
#include "world/log.h"

const int64_t commit_bucket_us[COMMIT_BUCKETS] = { 250,	  500,	 1000,	 2500,	 5000,
						   10000, 25000, 100000, 500000, 2500000 };
const int64_t batch_bucket_jobs[BATCH_BUCKETS] = { 1, 4, 16, 64, 128, 256, 512 };

void pulse_init(struct pulse *c, int64_t mono_ms)
{
	(void)pthread_mutex_init(&c->lock, NULL);
	atomic_store(&c->beat_ms, mono_ms);
	atomic_store(&c->proven_ms, mono_ms);
}

void pulse_clear(struct pulse *c)
{
	(void)pthread_mutex_destroy(&c->lock);
}

int64_t pulse_clock_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void add(_Atomic int64_t *n, int64_t more)
{
	(void)atomic_fetch_add_explicit(n, more, memory_order_relaxed);
}

static void bucket(_Atomic int64_t *buckets, const int64_t *bounds, int count, int64_t value)
{
	for (int i = 0; i < count; i++)
		if (value <= bounds[i])
			add(&buckets[i], 1);
}

void pulse_batch(struct engine *en, int64_t jobs, int64_t took_us)
{
	struct pulse *c = &en->pulse;
	int64_t pages = store_wal_pages(en->store);
	if (jobs) {
		add(&c->batches, 1);
		add(&c->jobs, jobs);
		bucket(c->batch_bucket, batch_bucket_jobs, BATCH_BUCKETS, jobs);
	}
	atomic_store(&c->inbox_rows, en->inbox.id);
	/* a look at the clock that finds nothing commits nothing, and proves nothing */
	if (atomic_exchange(&c->wal_pages, pages) == pages)
		return;
	add(&c->commits, 1);
	add(&c->commit_us, took_us);
	bucket(c->commit_bucket, commit_bucket_us, COMMIT_BUCKETS, took_us);
	atomic_store(&c->proven_ms, en->world->mono_ms(en->world));
	if (atomic_exchange(&c->is_failing, false))
		log_say(en->world, SAY_INFO, "The disk takes writes again.", NULL);
}

void pulse_failure(struct engine *en, const struct err *e)
{
	struct pulse *c = &en->pulse;
	add(&c->failed, 1);
	(void)pthread_mutex_lock(&c->lock);
	c->why = *e;
	(void)pthread_mutex_unlock(&c->lock);
	atomic_store(&c->is_failing, true);
}

bool pulse_wants_proof(struct engine *en)
{
	return atomic_exchange(&en->pulse.wants_proof, false) || atomic_load(&en->pulse.is_failing);
}

bool engine_is_alive(struct engine *en)
{
	return en->world->mono_ms(en->world) - atomic_load(&en->pulse.beat_ms) < WRITER_HANGS_MS;
}

int engine_was_ready(struct engine *en, struct err *e)
{
	struct pulse *c = &en->pulse;
	if (!engine_is_alive(en)) {
		err_fail(e, ERR_BUSY, "The writer has not come back from the disk for %d s.",
			 WRITER_HANGS_MS / 1000);
		err_next(e, "Look at the disk; what was acknowledged is safe.");
		return -1;
	}
	if (atomic_load(&c->is_failing)) {
		(void)pthread_mutex_lock(&c->lock);
		*e = c->why;
		(void)pthread_mutex_unlock(&c->lock);
		if (!e->next[0])
			err_next(e, "Make room on the disk; it goes on by itself.");
		return -1;
	}
	return 0;
}

int engine_is_ready(struct engine *en, struct err *e)
{
	struct pulse *c = &en->pulse;
	if (en->world->mono_ms(en->world) - atomic_load(&c->proven_ms) > PROOF_HOLDS_MS)
		atomic_store(&c->wants_proof, true);
	return engine_was_ready(en, e);
}

void engine_counts(struct engine *en, struct engine_counts *out)
{
	struct pulse *c = &en->pulse;
	*out = (struct engine_counts){
		.commits = atomic_load(&c->commits),
		.commit_us = atomic_load(&c->commit_us),
		.failed = atomic_load(&c->failed),
		.jobs = atomic_load(&c->jobs),
		.batches = atomic_load(&c->batches),
		.wal_pages = atomic_load(&c->wal_pages),
		.inbox_rows = atomic_load(&c->inbox_rows),
		.snapshot_ms = atomic_load(&c->snapshot_ms),
		.pos = hub_pos(en->hub),
	};
	for (int i = 0; i < COMMIT_BUCKETS; i++)
		out->commit_bucket[i] = atomic_load(&c->commit_bucket[i]);
	for (int i = 0; i < BATCH_BUCKETS; i++)
		out->batch_bucket[i] = atomic_load(&c->batch_bucket[i]);
	(void)pthread_mutex_lock(&en->lock);
	out->queued = (int64_t)en->queued;
	(void)pthread_mutex_unlock(&en->lock);
	live_count(en->live, &out->firing, &out->acknowledged, &out->resolved);
}
