/* SPDX-License-Identifier: Apache-2.0 */
/* world: the seam to what is not ours to decide: clock, random, files, the folder's lock, crash points.
 * real.c is the machine, sim.c the machine with a clock that a test sets. Engine and store take a world and
 * ask nothing else. */
#ifndef APLOMB_WORLD_H
#define APLOMB_WORLD_H
#include <stdatomic.h>

#include "base/err.h"

struct log;
struct world {
	int64_t (*now_ms)(const struct world *);  /* wall clock, ms since 1970 UTC */
	int64_t (*mono_ms)(const struct world *); /* never goes back; for waits */
	void (*random)(const struct world *, void *to, size_t bytes);
	const char *crash_at; /* the named point at which to die (tests); NULL = none */
	struct log *log;      /* where trouble is said (log.h); NULL = nowhere. Borrowed */
};

void world_real(struct world *); /* crash_at from APLOMB_CRASH_AT */

/* A world whose wall clock stands still until it is set: hand on &sim->world, which points back into the sim. Any
 * thread may set and read it. */
struct world_sim {
	struct world world; /* first: sim.c goes back from it to the sim */
	_Atomic int64_t now_ms;
};
void world_sim(struct world_sim *, int64_t now_ms);
void world_sim_set(struct world_sim *, int64_t now_ms);

/* Says so on standard error and ends the process with exit code 1: going on would not be honest. */
void world_give_up(const char *sentence) __attribute__((noreturn));

/* Dies at once, as kill -9 would, when world->crash_at names this point. */
void crash_point(const struct world *, const char *name);

/* The whole file; ERR_NOT_FOUND, ERR_TOO_LARGE past max, ERR_STORE. */
int file_read(struct arena *, const char *path, size_t max, struct str *, struct err *) MUST_USE;
/* Temporary file, fsync, rename, fsync of the folder. mode 0600 keeps secrets. */
int file_write(const char *path, struct str, unsigned mode, struct err *) MUST_USE;
int folder_make(const char *path, struct err *) MUST_USE; /* 0700; parents too; existing is fine */
int folder_sync(const char *path, struct err *) MUST_USE;
/* An exclusive lock on path/lock; refuses with the way out when another process holds it. */
int folder_lock(const char *path, int *fd, struct err *) MUST_USE;
void fd_close(int *fd); /* for the cleanup attribute; -1 is fine */
#define FD __attribute__((cleanup(fd_close))) int
#endif
