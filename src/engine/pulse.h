/* SPDX-License-Identifier: Apache-2.0 */
/* pulse: what the writer did and whether it does: for /metrics, /-/ready and the watchdog. The writer counts, anybody
 * reads; nobody waits for the disk. */
#ifndef APLOMB_ENGINE_PULSE_H
#define APLOMB_ENGINE_PULSE_H
#include <pthread.h>
#include <stdatomic.h>

#include "base/err.h"

struct engine;

enum {
	COMMIT_BUCKETS = 10,
	BATCH_BUCKETS = 7,
	WRITER_HANGS_MS = 10 * 1000, /* it goes round once a second: so long, and it hangs */
	PROOF_HOLDS_MS =
		5 *
		1000, /* a commit proves the disk for so long; older, and asking wants a new one */
};
extern const int64_t commit_bucket_us[COMMIT_BUCKETS]; /* upper bounds, rising */
extern const int64_t batch_bucket_jobs[BATCH_BUCKETS];

/* Since the start, where nothing else is said. Buckets count what is at most their bound. */
struct engine_counts {
	int64_t commits, commit_us, commit_bucket[COMMIT_BUCKETS]; /* that wrote something */
	int64_t failed;						   /* batches the disk refused */
	int64_t jobs, batches, batch_bucket[BATCH_BUCKETS]; /* of the batches that had any job */
	int64_t queued;					    /* now */
	int64_t wal_pages;				    /* after the last commit */
	int64_t pos, inbox_rows;			    /* last numbers on disk */
	int64_t snapshot_ms; /* when the desk was written last, wall clock; 0 = not since the start */
	int64_t firing, acknowledged, resolved; /* live alerts now; acknowledged ones fire too */
};
void engine_counts(struct engine *, struct engine_counts *); /* any thread */
/* Whether a command sent now would be taken. ERR_STORE: the disk refused the last commit, ERR_BUSY: the writer hangs.
 * Never waits; when nothing was written lately it has the writer prove the disk, for the next who asks. Any thread. */
int engine_is_ready(struct engine *, struct err *) MUST_USE;
/* The same as far as it is known, without having the disk proven: for who looks all the time. */
int engine_was_ready(struct engine *, struct err *) MUST_USE;
bool engine_is_alive(struct engine *); /* the writer went round lately, whatever the disk says */

/* The writer's side; the struct is part of struct engine. */
struct pulse {
	_Atomic int64_t commits, commit_us, commit_bucket[COMMIT_BUCKETS], failed, jobs, batches,
		batch_bucket[BATCH_BUCKETS], wal_pages, inbox_rows, snapshot_ms;
	_Atomic int64_t beat_ms,
		proven_ms; /* monotonic: the writer went round, the disk took something */
	atomic_bool wants_proof, is_failing;
	pthread_mutex_t lock; /* guards why */
	struct err why;	      /* of the last failure */
};
void pulse_init(struct pulse *, int64_t mono_ms);
void pulse_clear(struct pulse *);
int64_t pulse_clock_us(void); /* monotonic, for lengths */
/* A batch of so many jobs was committed, and the commit took so long. */
void pulse_batch(struct engine *, int64_t jobs, int64_t took_us);
void pulse_failure(struct engine *, const struct err *);
bool pulse_wants_proof(struct engine *); /* the writer should write something, so that we know */
#endif
