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

const struct stream_type *stream_type_of(int64_t stream);
int64_t *state_seq(const struct stream_type *, void *state);
/* Folds the stream when it is not at hand; a stream without events gives a blank state. Borrowed until the next call. */
int cache_get(struct cache *, struct db *, int64_t stream, void **state, struct err *) MUST_USE;
void cache_drop(struct cache *, int64_t stream);
void cache_clear(struct cache *);
/* An empty state of the stream whose texts live in the arena. */
void *state_blank(const struct stream_type *, int64_t stream, struct arena *) MUST_USE;
#endif
