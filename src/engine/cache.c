/* SPDX-License-Identifier: Apache-2.0 */
/* cache: see cache.h. */
#include "engine/cache.h"

#include "core/event.h"

int cache_fold(struct db *db, int64_t stream, void *state, struct err *e)
{
	ARENA(scratch);
	struct ledger_rows rows = { 0 };
	struct ledger_range all = { .stream = stream };
	if (ledger_read(db, &all, &scratch, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		if (row->json.len &&
		    event_decode(&scratch, row->event.type, row->json, &row->event.body, e) != 0)
			return err_context(e, "ledger %lld", (long long)row->event.pos);
		core_evolve(stream_type_of(stream), state, &row->event);
	}
	return 0;
}

static struct cached *place_for(struct cache *c)
{
	struct cached *oldest = &c->at[0];
	for (size_t i = 0; i < CACHE_STATES; i++) {
		if (!c->at[i].state)
			return &c->at[i];
		if (c->at[i].used < oldest->used)
			oldest = &c->at[i];
	}
	arena_clear(&oldest->arena);
	oldest->state = NULL;
	return oldest;
}

int cache_get(struct cache *c, struct db *db, int64_t stream, void **state, struct err *e)
{
	for (size_t i = 0; i < CACHE_STATES; i++) {
		if (c->at[i].state && c->at[i].stream == stream) {
			c->at[i].used = ++c->clock;
			*state = c->at[i].state;
			return 0;
		}
	}
	struct cached *x = place_for(c);
	void *blank = core_blank(stream, &x->arena);
	if (cache_fold(db, stream, blank, e) != 0) {
		arena_clear(&x->arena);
		return -1;
	}
	x->stream = stream;
	x->used = ++c->clock;
	x->state = blank;
	*state = blank;
	return 0;
}

void cache_drop(struct cache *c, int64_t stream)
{
	for (size_t i = 0; i < CACHE_STATES; i++) {
		if (c->at[i].state && c->at[i].stream == stream) {
			arena_clear(&c->at[i].arena);
			c->at[i].state = NULL;
		}
	}
}

void cache_clear(struct cache *c)
{
	for (size_t i = 0; i < CACHE_STATES; i++)
		if (c->at[i].state)
			cache_drop(c, c->at[i].stream);
}
