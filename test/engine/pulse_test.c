/* SPDX-License-Identifier: Apache-2.0 */
/* pulse: ready, unready and ready again; a writer that hangs; what is counted. */
#include "engine/pulse.h"

#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "house.h"

enum { PATIENCE_MS = 20 * 1000 };

static _Atomic int64_t leap_ms; /* what the monotonic clock is turned on by */
static int64_t leaping_mono(__attribute__((unused)) const struct world *w)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + atomic_load(&leap_ms);
}

static int put(struct db *db, void *text, struct err *e)
{
	return setting_set(db, "test", str_of(text), e);
}

/* Asks until it is so; each asking may make the writer look. */
static bool becomes(struct house *h, bool is_ready)
{
	const struct timespec wait = { 0, 20 * 1000000 };
	for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
		h->e = (struct err){ 0 };
		if ((engine_is_ready(h->engine, &h->e) == 0) == is_ready)
			return true;
		(void)nanosleep(&wait, NULL);
	}
	return false;
}

static void limit_files(rlim_t bytes)
{
	struct rlimit l;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

TEST(counts_what_was_committed)
{
	struct house h;
	struct engine_counts before, after;
	atomic_store(&leap_ms, 0);
	house_open(&h, leaping_mono);
	engine_counts(h.engine, &before);
	assert_int_equal(engine_write(h.engine, put, (void *)(uintptr_t) "a", &h.e), 0);
	assert_int_equal(engine_write(h.engine, put, (void *)(uintptr_t) "b", &h.e), 0);
	engine_counts(h.engine, &after);
	assert_int_equal(after.commits - before.commits, 2);
	assert_int_equal(after.jobs - before.jobs, 2);
	assert_int_equal(after.batch_bucket[0] - before.batch_bucket[0], 2);
	assert_true(after.commit_us > before.commit_us && after.wal_pages > 0);
	assert_true(after.commit_bucket[COMMIT_BUCKETS - 1] <= after.commits);
	assert_int_equal(after.failed, 0);
	house_close(&h);
}

/* A file that may not grow is what a full disk looks like. */
TEST(a_full_disk_is_unready_and_heals_by_itself)
{
	struct house h;
	struct engine_counts n;
	atomic_store(&leap_ms, 0);
	house_open(&h, leaping_mono);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_true(becomes(&h, true));
	limit_files(1024);
	int result = engine_write(h.engine, put, (void *)(uintptr_t) "c", &h.e);
	bool was_unready = becomes(&h, false);
	enum err_code code = h.e.code;
	limit_files(RLIM_INFINITY);
	assert_int_equal(result, -1);
	assert_true(was_unready);
	assert_int_equal(code, ERR_STORE);
	assert_true(becomes(&h, true)); /* nobody writes: it tries by itself */
	engine_counts(h.engine, &n);
	assert_true(n.failed >= 1);
	assert_int_equal(engine_write(h.engine, put, (void *)(uintptr_t) "d", &h.e), 0);
	house_close(&h);
}

/* Nobody writes, and the disk fills up: asking finds it. */
TEST(an_idle_disk_is_tried_when_somebody_asks)
{
	struct house h;
	atomic_store(&leap_ms, 0);
	house_open(&h, leaping_mono);
	(void)signal(SIGXFSZ, SIG_IGN);
	limit_files(1024);
	atomic_fetch_add(&leap_ms, PROOF_HOLDS_MS + 1);
	bool was_unready = becomes(&h, false);
	limit_files(RLIM_INFINITY);
	assert_true(was_unready);
	assert_true(becomes(&h, true));
	house_close(&h);
}

struct block {
	sem_t is_in, may_go;
};

static int hang(__attribute__((unused)) struct db *db, void *ctx,
		__attribute__((unused)) struct err *e)
{
	struct block *b = ctx;
	(void)sem_post(&b->is_in);
	while (sem_wait(&b->may_go) != 0)
		continue;
	return 0;
}

struct hanging {
	struct house *house;
	struct block block;
};

static void *write_and_hang(void *arg)
{
	struct hanging *h = arg;
	struct err e = { 0 };
	assert_int_equal(engine_write(h->house->engine, hang, &h->block, &e), 0);
	return NULL;
}

TEST(a_writer_that_hangs_is_not_alive)
{
	struct house h;
	struct hanging hanging = { .house = &h };
	pthread_t thread;
	atomic_store(&leap_ms, 0);
	house_open(&h, leaping_mono);
	(void)sem_init(&hanging.block.is_in, 0, 0);
	(void)sem_init(&hanging.block.may_go, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, write_and_hang, &hanging), 0);
	assert_int_equal(sem_wait(&hanging.block.is_in), 0);
	assert_true(engine_is_alive(h.engine));
	atomic_fetch_add(&leap_ms, WRITER_HANGS_MS + 1);
	assert_false(engine_is_alive(h.engine));
	assert_int_equal(engine_is_ready(h.engine, &h.e), -1);
	assert_int_equal(h.e.code, ERR_BUSY);
	(void)sem_post(&hanging.block.may_go);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(becomes(&h, true));
	assert_true(engine_is_alive(h.engine));
	house_close(&h);
}

TESTS(T(counts_what_was_committed), T(a_full_disk_is_unready_and_heals_by_itself),
      T(an_idle_disk_is_tried_when_somebody_asks), T(a_writer_that_hangs_is_not_alive))
