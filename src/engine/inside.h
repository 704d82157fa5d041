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
#include "engine/gate.h"
#include "engine/hub.h"
#include "intake/glance.h"
#include "engine/suspects.h"

enum job_kind { JOB_COMMAND, JOB_WRITE, JOB_DELIVERY, JOB_GATE };

/* One thing for the writer to do. Commands and writes are waited for: they live on the caller's stack. */
struct job {
	enum job_kind kind;
	struct job *next;
	const struct command *command;
	struct arena *arena; /* the caller's, for the outcome */
	struct outcome *outcome;
	int (*write)(struct db *, void *ctx, struct err *);
	void *ctx;
	bool is_note; /* a write that changes nobody's rights */
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
	struct ledger_ends ends;
	int64_t next_due_ms;
	int saves_due;		       /* shards to save at the next rest, whatever came */
	int64_t shard_id[LIVE_SHARDS]; /* the inbox row that each shard's snapshot knows up to */
	size_t shard_next;	       /* whose turn it is */
	bool is_saving;		       /* shards, one after the other, at rest */
	int64_t unsaved_bytes;	       /* of bodies since the last one */
	int64_t expired_mono_ms, expired_wall_ms, swept_mono_ms, rested_mono_ms;
	int64_t looked_mono_ms; /* for old days of the inbox; 0 = not yet */
	bool is_expiring;	/* bodies of a day that may leave are still there */
	bool is_rewritten;	/* the database already is, the WAL not yet */
	bool must_scrub;	/* something was redacted, and old bytes may be in a file */
	bool must_reload;	/* a batch failed and the disk could not be read back yet */

	struct pulse pulse;
	struct inbox_packer *packer;
	struct glance_key glance_key;
	struct live *live;
	struct board *board;
	struct hub *hub;
	_Atomic int64_t rows_written; /* commits that may have changed people, sessions or tokens */
	pthread_mutex_t roster_lock;  /* guards roster_arena and the swap */
	struct arena roster_arena;    /* every version since the start: accounts change rarely */
	_Atomic(const struct roster *) roster;
	_Atomic(const struct integrations *) integrations; /* in roster_arena too */
	pthread_mutex_t services_lock;			   /* guards services */
	struct service_version *services;
	struct counts *counts;
	struct suspects *suspects;
	atomic_bool desk_changed;	/* alerts did, and pages were not told yet */
	int64_t desk_told_mono_ms;	/* writer's; 0 = never */
	_Atomic int64_t desk_version;	/* rises when pages should look at the alerts again */
	_Atomic(commit_fn *) on_commit; /* after its ctx */
	void *on_commit_ctx;
};

/* One batch on the writer thread: everything in it is committed, or nothing is. */
struct batch {
	struct engine *engine;
	struct arena *arena;
	int64_t now_ms, due_ms; /* due_ms: of the next deadline, as of the commit */
	LIST_OF(struct event) written;
	bool is_broken; /* the disk refused: roll back all of it */
	struct err why; /* that it is; may be empty */
	bool redacts;	/* after the commit old bytes are removed from the files */
	bool refold;	/* the stream at hand lost a body: its state has to be made anew */
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
/* *state is another one after a redaction. */
int append_decision(struct batch *, const struct command *, void **state, const struct decision *,
		    struct err *) MUST_USE;
/* keep.c: around the append of an event. prepare fills in what only the rows know and refuses what cannot be redacted. */
int keep_prepare(struct batch *, struct event *, struct err *) MUST_USE;
int keep_apply(struct batch *, const struct event *, struct err *) MUST_USE;
/* "body redact" of an incident's event becomes "entry redact" there. */
int keep_aim(struct batch *, struct command *, struct err *) MUST_USE;
/* The redaction of a change is followed by those of entries that repeat its words: rankings, and causes that were named. */
int keep_follow(struct batch *, const struct command *, struct decision *, struct err *) MUST_USE;
void keep_scrub(struct engine *); /* outside a transaction */
int keep_open(struct engine *,
	      struct err *) MUST_USE; /* at the start: what a crash left half done */
/* Now and then: a day of the inbox that is old enough; from_id 0 = none. keep_day runs it, keep_step drops bodies. */
int keep_next_day(struct engine *, struct inbox_segment *, struct err *) MUST_USE;
int keep_day(struct batch *, struct inbox_segment *, struct err *) MUST_USE;
int keep_step(struct engine *, struct err *) MUST_USE;
/* writer.c */
void *writer_run(void *engine);
void writer_put(struct engine *, struct job *);
bool writer_is_full(struct engine *); /* senders are asked to come back */
/* acks.c: what a delivery says about who looks after its alerts. */
int execute_acks(struct batch *, const struct delivery *, struct err *) MUST_USE;
int execute_lapses(struct batch *, const struct alert_flips *, struct err *) MUST_USE;
/* changes.c: news of a change that is known by its key goes to that one; and what a delivery tells of changes. */
int change_aim(struct batch *, struct command *, struct err *) MUST_USE;
int execute_changes(struct batch *, const struct delivery *, struct err *) MUST_USE;
/* gate.c: asks every incident that freezes something, and writes down what it answers. */
int gate_decide(struct batch *, const struct gate_question *, struct arena *, struct gate_answer *,
		struct err *) MUST_USE;
/* A delivery that asks the gate: its answer is to be sent by a callback. */
int gate_take_call(struct batch *, const struct delivery *, struct err *) MUST_USE;
void gate_run_job(struct batch *, struct job *);
void gate_done(struct job *, const struct err *failed); /* after the commit; the job is gone then */
bool delivery_tells_more(
	const struct delivery *); /* than alerts: it is kept whatever they say (engine.c) */
/* suspects.c: a named cause is a change that there is. */
int suspects_prepare(struct batch *, struct event *, struct err *) MUST_USE;
/* integrations.c: the version for readers, from the desk's state; after a commit, when it changed. */
int integrations_load(struct engine *, struct err *) MUST_USE;
void integrations_follow(struct batch *);
/* services.c: likewise; and the end of it. */
int services_load(struct engine *, struct err *) MUST_USE;
void services_follow(struct batch *);
void services_clear(struct engine *);
/* "generic/disk-checks" -> "generic" and its integration, a removed one too; NULL when it names none. */
const struct integration *integration_of_row(struct engine *, struct str source,
					     struct str *source_name);
/* roster.c */
int roster_load(struct engine *, struct db *, struct err *) MUST_USE;
/* rebuild.c: the live alerts from snapshot and inbox; snapshots of them, shard by shard. */
int desk_rebuild(struct engine *, struct err *) MUST_USE;
/* thaw.c: the shards whose snapshots can be read. */
int desk_thaw(struct engine *, struct err *) MUST_USE;
/* The next shard, in a transaction of its own. 1: it is too large for that. */
int desk_save_one(struct engine *, struct err *) MUST_USE;
/* Is so much behind the oldest shard's snapshot that the next is worth its time, amid work or at rest? */
bool desk_should_save(const struct engine *, bool at_rest);
/* All of them that are not too large, in one transaction of their own. */
int desk_save_all(struct engine *, struct err *) MUST_USE;
/* The inbox row that every shard's snapshot knows: a start reads those behind it. */
int64_t desk_saved_id(const struct engine *);
/* All shards, in the transaction at hand. */
int desk_save_within(struct engine *, struct err *) MUST_USE;
/* What a kept delivery says, read as when it came. 1: nothing can be read in it. */
int desk_read_row(struct engine *, const struct inbox_row *, struct arena *, struct intake_result *,
		  struct err *) MUST_USE;
#endif
