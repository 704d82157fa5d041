/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory for one unit of work (a request, a tick, a folded state), freed whole.
 * The only room that calls malloc. Memory runs out -> the process ends with a sentence; what was
 * acknowledged is on disk, so a restart loses nothing. */
#ifndef APLOMB_ARENA_H
#define APLOMB_ARENA_H
#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))

struct arena_block;
struct arena_defer;
struct arena {
	struct arena_block *block; /* newest; older ones hang behind it */
	struct arena_defer *defer;
	size_t held_bytes; /* all blocks, for limits and metrics */
};

/* An arena starts as all zero bytes: `ARENA(a);` declares one that clears itself at scope end. */
#define ARENA(name) struct arena name __attribute__((cleanup(arena_clear))) = { 0 }

/* Zeroed, 16-byte aligned, never NULL; lives until arena_clear. bytes may be 0. */
void *arena_alloc(struct arena *, size_t bytes) MUST_USE;
/* The same with whatever bytes lie there: for what is written over whole at once. */
void *arena_raw(struct arena *, size_t bytes) MUST_USE;
/* A copy of old's first old_bytes in new_bytes (zeroed behind); in place where old was the newest. */
void *arena_grow(struct arena *, void *old, size_t old_bytes, size_t new_bytes) MUST_USE;
/* fn(arg) runs at arena_clear, newest first: for what a library allocated by itself. */
void arena_defer(struct arena *, void (*fn)(void *), void *arg);
/* Frees everything and leaves an empty arena, ready for use. */
void arena_clear(struct arena *);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

/* Long-lived objects (a server, an engine): zeroed, never NULL; heap_free accepts NULL. */
void *heap_new(size_t bytes) MUST_USE;
void *heap_grow(void *old, size_t new_bytes) MUST_USE; /* new tail is not zeroed */
void heap_free(void *);
/* Once, before any thread: few pools, large blocks straight from the system, so that what a burst took goes back. */
void heap_settle(void);
void heap_trim(void); /* gives back what is free; takes milliseconds */
#endif
