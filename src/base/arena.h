/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory for one unit of work (a request, a tick, a folded state), freed whole.
 * The only room that calls malloc. Memory runs out -> the process ends with a sentence; what was
 * acknowledged is on disk, so a restart loses nothing. */
#ifndef APLOMB_ARENA_H
#define APLOMB_ARENA_H
#include <stddef.h>
#include <string.h>

#define MUST_USE __attribute__((warn_unused_result))

struct arena_block { /* of arena.c; here for the calls below alone */
	struct arena_block *older;
	size_t size_bytes, used_bytes;
	size_t unused_pad; /* keeps data[] on a 16-byte line */
	unsigned char data[];
};
struct arena_defer;
struct arena {
	struct arena_block *block; /* newest; older ones hang behind it */
	struct arena_defer *defer;
	size_t held_bytes; /* all blocks, for limits and metrics */
};

/* An arena starts as all zero bytes: `ARENA(a);` declares one that clears itself at scope end. */
#define ARENA(name) struct arena name __attribute__((cleanup(arena_clear))) = { 0 }

void *arena_more(struct arena *, size_t bytes) MUST_USE; /* arena_raw where the block is full */

/* 16-byte aligned, never NULL, whatever bytes lie there; lives until arena_clear. bytes may be 0. */
MUST_USE static inline void *arena_raw(struct arena *a, size_t bytes)
{
	struct arena_block *b = a->block;
	size_t left = b ? b->size_bytes - b->used_bytes : 0;
	if (left < 16 || bytes > left - 16) /* so that rounding up stays within */
		return arena_more(a, bytes);
	void *p = b->data + b->used_bytes;
	b->used_bytes += bytes ? (bytes + 15) & ~(size_t)15 : 16;
	return p;
}
/* The same, zeroed. */
MUST_USE static inline void *arena_alloc(struct arena *a, size_t bytes)
{
	return memset(arena_raw(a, bytes), 0, bytes);
}
/* A copy of old's first old_bytes in new_bytes; in place where old was the newest. What lies behind is any bytes. */
void *arena_stretch(struct arena *, void *old, size_t old_bytes, size_t new_bytes) MUST_USE;
/* The same, zeroed behind. */
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
