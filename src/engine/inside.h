/* SPDX-License-Identifier: Apache-2.0 */
/* inside: what the rooms of engine share among themselves. Everybody else: engine.h. */
#ifndef APLOMB_ENGINE_INSIDE_H
#define APLOMB_ENGINE_INSIDE_H
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "engine/board.h"
#include "engine/cache.h"
#include "engine/pulse.h"
#include "engine/counts.h"
#include "engine/desk.h"
#include "engine/hub.h"

enum job_kind { JOB_COMMAND, JOB_WRITE, JOB_DELIVERY };

/* One thing for the writer to do. Commands and writes are waited for: they live on the caller's stack. */
struct job {
	enum job_kind kind;
	struct job *next;
	const struct command *command;
	struct arena *arena; /* the caller's, for the outcome */
	struct outcome *outcome;
	int (*write)(struct db *, void *ctx, struct err *);
	void *ctx;
	struct delivery *delivery;
	struct err *err; /* the caller's */
	int result;
	sem_t done;
};

typedef void commit_fn(void *);

struct engine {
	struct store *store;
	struct db *db; /* the writing handle: writer thread only */
	const struct world *world;
	const struct policy *policy;

	pthread_t thread;
	pthread_mutex_t lock; /* guards queue, queued, is_stopping */
	pthread_cond_t wake;
	struct job *queue, **queue_end;
	size_t queued;
	bool is_stopping;

	/* the writer thread's own */
	struct cache cache;
	struct ledger_head head;
	struct inbox_head inbox;
	int64_t last_stream, next_due_ms;
	int saves_due;		       /* shards to save at the next rest, whatever came */
	int64_t shard_id[LIVE_SHARDS]; /* the inbox row that each shard's snapshot knows up to */
	size_t shard_next;	       /* whose turn it is */
	int64_t unsaved_bytes;	       /* of bodies since the last one */
	int64_t expired_mono_ms, expired_wall_ms, swept_mono_ms;
	bool must_reload; /* a batch failed and the disk could not be read back yet */

	struct pulse pulse;
	struct inbox_packer *packer;
	struct live *live;
	struct board *board;
	struct hub *hub;
	_Atomic int64_t rows_written; /* commits that may have changed people, sessions or tokens */
	pthread_mutex_t roster_lock;  /* guards roster_arena and the swap */
	struct arena roster_arena;    /* every version since the start: accounts change rarely */
	_Atomic(const struct roster *) roster;
	_Atomic(const struct integrations *) integrations; /* in roster_arena too */
	struct counts *counts;
	_Atomic(commit_fn *) on_commit; /* after its ctx */
	void *on_commit_ctx;
};

/* One batch on the writer thread: everything in it is committed, or nothing is. */
struct batch {
	struct engine *engine;
	struct arena *arena;
	int64_t now_ms;
	LIST_OF(struct event) written;
	bool is_broken; /* the disk refused: roll back all of it */
	struct err why; /* that it is; may be empty */
};

/* execute.c: a command in the batch's transaction. Refusal: nothing of it stays. */
int execute_command(struct batch *, const struct command *, struct arena *, struct outcome *,
		    struct err *) MUST_USE;
int execute_tick(struct batch *, int64_t stream, struct err *) MUST_USE;
int execute_flips(struct batch *, const struct alert_flips *, struct err *) MUST_USE;
/* After commands whose events are b->written[from..]: an incident that is open again learns how its alerts stand now. */
int execute_corrections(struct batch *, size_t from, struct err *) MUST_USE;
/* append.c: a decision's events into the ledger, the state, the views and the deadline. */
int link_alerts(struct batch *, const struct incident *, struct err *) MUST_USE;
/* Alerts that fire like those of the incident belong to it while it is open. */
void link_groups(struct engine *, const struct incident *);
int append_decision(struct batch *, const struct command *, void *state, const struct decision *,
		    struct err *) MUST_USE;
/* writer.c */
void *writer_run(void *engine);
void writer_put(struct engine *, struct job *);
bool writer_is_full(struct engine *); /* senders are asked to come back */
/* acks.c: what a delivery says about who looks after its alerts. */
int execute_acks(struct batch *, const struct delivery *, struct err *) MUST_USE;
/* integrations.c: the version for readers, from the desk's state; after a commit, when it changed. */
int integrations_load(struct engine *, struct err *) MUST_USE;
void integrations_follow(struct batch *);
/* "generic/disk-checks" -> "generic" and its integration, a removed one too; NULL when it names none. */
const struct integration *integration_of_row(struct engine *, struct str source,
					     struct str *source_name);
/* roster.c */
int roster_load(struct engine *, struct db *, struct err *) MUST_USE;
/* rebuild.c: the live alerts from snapshot and inbox; snapshots of them, shard by shard. */
int desk_rebuild(struct engine *, struct err *) MUST_USE;
/* The next shard, in a transaction of its own. 1: it is too large for that. */
int desk_save_one(struct engine *, struct err *) MUST_USE;
/* Is so much behind the oldest shard's snapshot that the next is worth its time, amid work or at rest? */
bool desk_should_save(const struct engine *, bool at_rest);
int desk_save_all(struct engine *, struct err *) MUST_USE;
/* The inbox row that every shard's snapshot knows: a start reads those behind it. */
int64_t desk_saved_id(const struct engine *);
#endif
