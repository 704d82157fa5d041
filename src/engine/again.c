/* SPDX-License-Identifier: Apache-2.0 */
/* again: alerts that are told again, known by their marks alone (intake/glance.h). The rest of the desk: desk.c. */
#include "engine/shard.h"

/* Is it on disk, and does it say what this mark stands for? */
static bool is_told_again(const struct live *l, const struct record *x, const struct signal *s)
{
	return x && x->mark.one == s->mark.one && x->mark.two == s->mark.two &&
	       x->is_firing == s->is_firing && x->taken_in <= atomic_load(&l->settled);
}

/* Signals in the order of their shards, so that each shard is locked once. */
struct turn {
	uint64_t key;
	const struct signal *signal;
};
struct turns {
	struct turn *at;
	size_t from[LIVE_SHARDS + 1]; /* those of shard i are from[i] to from[i + 1] */
};

static void turns_make(struct live *l, const struct intake_result *r, const uint64_t *keys,
		       struct turns *out, struct arena *a)
{
	size_t n = r->signals.len, next[LIVE_SHARDS];
	*out = (struct turns){ .at = arena_raw(a, sizeof(struct turn) * n) };
	for (size_t i = 0; i < n; i++)
		out->from[(shard_of(l, keys[i]) - l->shard) + 1]++;
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		next[i] = out->from[i];
		out->from[i + 1] += out->from[i];
	}
	for (size_t i = 0; i < n; i++)
		out->at[next[shard_of(l, keys[i]) - l->shard]++] = (struct turn){
			keys[i], &r->signals.at[i]
		};
}

/* Those of one shard, under its lock: what memory is asked for at once comes at once. */
static bool renew_told(struct live *l, struct shard *s, const struct turn *from,
		       const struct turn *to)
{
	for (const struct turn *t = from; t < to; t++)
		shard_fetch_slot(l, s, t->key);
	for (const struct turn *t = from; t < to; t++)
		shard_fetch_record(l, s, t->key);
	for (const struct turn *t = from; t < to; t++) {
		struct record *x = shard_find(l, s, t->key);
		if (!is_told_again(l, x, t->signal))
			return false;
		record_renew(x, t->signal);
		shard_look_again(s, x);
	}
	return true;
}

bool live_knows(struct live *l, const struct intake_result *glanced, struct arena *a)
{
	struct turns turns;
	uint64_t *keys = arena_raw(a, sizeof(*keys) * glanced->signals.len);
	if (!told_find(l->told, glanced, keys))
		return false;
	turns_make(l, glanced, keys, &turns, a);
	bool knows = true;
	for (size_t i = 0; i < LIVE_SHARDS && knows; i++) {
		struct shard *s = &l->shard[i];
		if (turns.from[i] == turns.from[i + 1])
			continue;
		(void)pthread_mutex_lock(&s->lock);
		knows = renew_told(l, s, turns.at + turns.from[i], turns.at + turns.from[i + 1]);
		(void)pthread_mutex_unlock(&s->lock);
	}
	return knows;
}
