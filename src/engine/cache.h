/* SPDX-License-Identifier: Apache-2.0 */
/* cache: folded states by stream, the least recently used one leaving first. Writer thread only. */
#ifndef APLOMB_ENGINE_CACHE_H
#define APLOMB_ENGINE_CACHE_H
#include "core/core.h"
#include "store/store.h"

enum { CACHE_STATES = 64 }; /* more incidents than are worked on at a time */

struct cached {
	int64_t stream;
	struct arena arena; /* the state's own */
	void *state;	    /* NULL = this place is free */
	uint64_t used;
};
struct cache {
	struct cached at[CACHE_STATES];
	uint64_t clock;
};

/* Folds the stream when it is not at hand; a stream without events gives a blank state. Borrowed until the next call. */
int cache_get(struct cache *, struct db *, int64_t stream, void **state, struct err *) MUST_USE;
/* All events of the stream into a blank state: what cache_get does where it has none. */
int cache_fold(struct db *, int64_t stream, void *state, struct err *) MUST_USE;
void cache_drop(struct cache *, int64_t stream);
void cache_clear(struct cache *);
#endif
