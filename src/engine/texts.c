/* SPDX-License-Identifier: Apache-2.0 */
/* texts: see texts.h. A hash table with open addressing, in which the hash lies beside the id; ids lead to texts through a table that never moves, so that reading one
 * needs no lock of ours. */
#include "engine/texts.h"

#include <assert.h>
#include <string.h>

enum {
	FIRST_SLOTS = 2048,
	BLOCK_IDS = 1024,
	BLOCKS = 8192, /* 8 million texts shared at a time; more are written out */
	SEEN = 16384,  /* hashes of texts seen lately: a storm says the same within moments */
	LEAST_BYTES = 4,
	PATIENCE = 32, /* texts that nobody shared, until a spot is looked at */
	ONE_IN = 8,    /* only so often */
};

struct text {
	uint32_t users, len, hash;
	char at[];
};
struct slot {
	uint32_t hash, id; /* id 0 = free */
};
struct spot {
	uint32_t last;	 /* an id that may be given up since; 0 = none */
	uint32_t missed; /* texts in a row that nobody shares */
};
struct block {
	struct text *text[BLOCK_IDS];
};
struct texts {
	struct block *block[BLOCKS];
	uint32_t ids, used; /* ids given out so far (0 is none); texts that live */
	uint32_t *freed;    /* ids to give out again */
	size_t freed_len, freed_room;
	struct slot *slot;
	uint32_t slots; /* power of two */
	uint32_t seen[SEEN];
	struct spot spot[TEXT_SPOTS];
	uint32_t passed; /* looks that were spared */
};

struct texts *texts_new(void)
{
	struct texts *t = heap_new(sizeof(*t));
	t->ids = 1;
	t->slots = FIRST_SLOTS;
	t->slot = heap_new(sizeof(*t->slot) * t->slots);
	return t;
}

static struct text **place(const struct texts *t, uint32_t id)
{
	assert(id && id < t->ids);
	return &t->block[id / BLOCK_IDS]->text[id % BLOCK_IDS];
}

void texts_free(struct texts **tp)
{
	struct texts *t = *tp;
	if (!t)
		return;
	for (uint32_t id = 1; id < t->ids; id++)
		heap_free(*place(t, id));
	for (size_t i = 0; i < BLOCKS && t->block[i]; i++)
		heap_free(t->block[i]);
	heap_free(t->freed);
	heap_free(t->slot);
	heap_free(t);
	*tp = NULL;
}

__extension__ typedef unsigned __int128 wide;

static uint64_t folded(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Sixteen bytes a step. Where the table lies is its seed: nobody outside knows it. */
static uint32_t hash_of(const struct texts *t, struct str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15u, other = 0xBF58476D1CE4E5B9u;
	uint64_t h = (uint64_t)(uintptr_t)t ^ s.len * odd, w[2];
	for (; s.len >= 16; s.at += 16, s.len -= 16) {
		memcpy(w, s.at, 16);
		h = folded(h ^ w[0] ^ odd, w[1] ^ other);
	}
	w[0] = w[1] = 0;
	if (s.len)
		memcpy(w, s.at, s.len);
	h = folded(h ^ w[0] ^ odd, w[1] ^ other);
	return (uint32_t)h ? (uint32_t)h : 1;
}

/* Where the text is, or the free slot where it would be. */
static struct slot *find(const struct texts *t, struct str s, uint32_t hash)
{
	for (uint32_t i = hash;; i++) {
		struct slot *x = &t->slot[i & (t->slots - 1)];
		if (!x->id)
			return x;
		if (x->hash != hash)
			continue;
		const struct text *have = *place(t, x->id);
		if (have->len == s.len && memcmp(have->at, s.at, s.len) == 0)
			return x;
	}
}

static void insert(struct texts *t, struct slot new)
{
	uint32_t i = new.hash;
	while (t->slot[i & (t->slots - 1)].id)
		i++;
	t->slot[i & (t->slots - 1)] = new;
}

static void grow(struct texts *t)
{
	struct slot *old = t->slot;
	uint32_t n = t->slots;
	t->slots *= 2;
	t->slot = heap_new(sizeof(*t->slot) * t->slots);
	for (uint32_t i = 0; i < n; i++)
		if (old[i].id)
			insert(t, old[i]);
	heap_free(old);
}

static void forget(struct texts *t, uint32_t id, uint32_t hash)
{
	uint32_t mask = t->slots - 1, i = hash & mask;
	while (t->slot[i].id != id)
		i = (i + 1) & mask;
	t->slot[i].id = 0;
	/* what had to step over this slot moves up */
	for (i = (i + 1) & mask; t->slot[i].id; i = (i + 1) & mask) {
		struct slot moved = t->slot[i];
		t->slot[i].id = 0;
		insert(t, moved);
	}
}

static uint32_t fresh_id(struct texts *t)
{
	if (t->freed_len)
		return t->freed[--t->freed_len];
	if (t->ids == BLOCKS * BLOCK_IDS)
		return 0;
	if (!t->block[t->ids / BLOCK_IDS])
		t->block[t->ids / BLOCK_IDS] = heap_new(sizeof(struct block));
	return t->ids++;
}

static uint32_t add(struct texts *t, struct str s, uint32_t hash)
{
	uint32_t id = fresh_id(t);
	if (!id)
		return 0;
	struct text *x = heap_new(sizeof(*x) + s.len);
	x->len = (uint32_t)s.len;
	x->hash = hash;
	x->users = 1;
	if (s.len)
		memcpy(x->at, s.at, s.len);
	*place(t, id) = x;
	if (++t->used > t->slots / 2)
		grow(t);
	insert(t, (struct slot){ hash, id });
	return id;
}

uint32_t texts_share(struct texts *t, struct str s)
{
	if (s.len < LEAST_BYTES || s.len > UINT32_MAX)
		return 0;
	uint32_t hash = hash_of(t, s), id = find(t, s, hash)->id;
	if (id) {
		(*place(t, id))->users++;
		return id;
	}
	uint32_t *seen = &t->seen[hash % SEEN];
	if (*seen == hash)
		return add(t, s, hash);
	*seen = hash;
	return 0;
}

/* Names of pods, addresses: most of them are nobody else's. */
static bool is_worth_a_look(struct texts *t, const struct spot *spot)
{
	return spot->missed < PATIENCE || ++t->passed % ONE_IN == 0;
}

uint32_t texts_share_at(struct texts *t, unsigned where, struct str s)
{
	struct spot *spot = &t->spot[where % TEXT_SPOTS];
	struct text *x = spot->last ? *place(t, spot->last) : NULL;
	if (x && x->len == s.len && memcmp(x->at, s.at, s.len) == 0) {
		x->users++;
		return spot->last;
	}
	if (!is_worth_a_look(t, spot))
		return 0;
	uint32_t id = texts_share(t, s);
	spot->missed = id ? 0 : spot->missed + 1;
	if (id)
		spot->last = id;
	return id;
}

uint32_t texts_keep(struct texts *t, struct str s)
{
	uint32_t hash = hash_of(t, s), id = find(t, s, hash)->id;
	if (!id)
		return add(t, s, hash);
	(*place(t, id))->users++;
	return id;
}

void texts_hold(struct texts *t, uint32_t id, uint32_t users)
{
	(*place(t, id))->users += users;
}

void texts_drop(struct texts *t, uint32_t id)
{
	struct text **at = place(t, id), *x = *at;
	if (--x->users)
		return;
	forget(t, id, x->hash);
	heap_free(x);
	*at = NULL;
	t->used--;
	if (t->freed_len == t->freed_room) {
		t->freed_room = t->freed_room ? t->freed_room * 2 : BLOCK_IDS;
		t->freed = heap_grow(t->freed, t->freed_room * sizeof(*t->freed));
	}
	t->freed[t->freed_len++] = id;
}

struct str texts_get(const struct texts *t, uint32_t id)
{
	/* not place(): the count of ids is the writer's */
	const struct text *x = t->block[id / BLOCK_IDS]->text[id % BLOCK_IDS];
	return (struct str){ x->at, x->len };
}

size_t texts_ids(const struct texts *t)
{
	return t->ids;
}
