/* SPDX-License-Identifier: Apache-2.0 */
/* arena: see arena.h. Blocks double up to 256 KiB, so that a small request costs one malloc and no block comes straight
 * from the system, which would clear its pages anew for each. */
#include "base/arena.h"

#include <assert.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN_BYTES = 16, FIRST_BLOCK_BYTES = 4096, LARGEST_BLOCK_BYTES = 256 << 10 };

struct arena_defer {
	struct arena_defer *older;
	void (*fn)(void *);
	void *arg;
};

void *heap_new(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);
	if (!p)
		abort(); /* out of memory: nothing acknowledged is lost, the restart is two seconds */
	return p;
}

void *heap_grow(void *old, size_t new_bytes)
{
	void *p = realloc(old, new_bytes ? new_bytes : 1);
	if (!p)
		abort();
	return p;
}

void heap_free(void *p)
{
	free(p);
}

void heap_settle(void)
{
	enum { POOLS = 2, FROM_SYSTEM_BYTES = 512 << 10, KEPT_BYTES = 8 << 20 };
	(void)mallopt(M_ARENA_MAX, POOLS);
	(void)mallopt(M_MMAP_THRESHOLD, FROM_SYSTEM_BYTES);
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
}

void heap_trim(void)
{
	(void)malloc_trim(0);
}

static struct arena_block *block_add(struct arena *a, size_t at_least)
{
	size_t size = a->block ? a->block->size_bytes * 2 : FIRST_BLOCK_BYTES;
	if (size > LARGEST_BLOCK_BYTES)
		size = LARGEST_BLOCK_BYTES;
	if (size < at_least)
		size = at_least;
	struct arena_block *b = heap_grow(NULL, sizeof(*b) + size);
	*b = (struct arena_block){ .size_bytes = size, .older = a->block };
	a->block = b;
	a->held_bytes += size;
	return b;
}

static size_t rounded(size_t bytes)
{
	assert(bytes < SIZE_MAX / 2);
	return (bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
}

void *arena_more(struct arena *a, size_t bytes)
{
	size_t want = rounded(bytes ? bytes : 1);
	struct arena_block *b = a->block;
	if (!b || b->size_bytes - b->used_bytes < want)
		b = block_add(a, want);
	void *p = b->data + b->used_bytes;
	b->used_bytes += want;
	return p;
}

void *arena_stretch(struct arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
	assert(new_bytes >= old_bytes);
	struct arena_block *b = a->block;
	size_t had = rounded(old_bytes ? old_bytes : 1), want = rounded(new_bytes ? new_bytes : 1);
	unsigned char *end = b ? b->data + b->used_bytes : NULL;
	if (old && end == (unsigned char *)old + had &&
	    b->size_bytes - b->used_bytes >= want - had) {
		b->used_bytes += want - had;
		return old;
	}
	char *p = arena_raw(a, new_bytes);
	if (old_bytes)
		memcpy(p, old, old_bytes);
	return p;
}

void *arena_grow(struct arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
	char *p = arena_stretch(a, old, old_bytes, new_bytes);
	memset(p + old_bytes, 0, new_bytes - old_bytes);
	return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct arena_defer *d = ARENA_NEW(a, struct arena_defer);
	*d = (struct arena_defer){ .older = a->defer, .fn = fn, .arg = arg };
	a->defer = d;
}

void arena_clear(struct arena *a)
{
	for (struct arena_defer *d = a->defer; d; d = d->older)
		d->fn(d->arg);
	for (struct arena_block *b = a->block; b;) {
		struct arena_block *older = b->older;
		heap_free(b);
		b = older;
	}
	*a = (struct arena){ 0 };
}
