/* SPDX-License-Identifier: Apache-2.0 */
/* told: see told.h. Open addressing; a mark is random enough to be its own hash. */
#include "engine/told.h"

#include <pthread.h>

enum { FIRST_SLOTS = 1024 };

/* Half of a mark is enough to find the alert; the alert has all of it. */
struct slot {
	uint64_t mark, key; /* mark 0 = free */
};
struct told {
	pthread_rwlock_t lock;
	struct slot *slot;
	size_t slots, used; /* slots: a power of two */
};

struct told *told_new(void)
{
	struct told *t = heap_new(sizeof(*t));
	(void)pthread_rwlock_init(&t->lock, NULL);
	t->slots = FIRST_SLOTS;
	t->slot = heap_new(sizeof(*t->slot) * t->slots);
	return t;
}

void told_free(struct told **tp)
{
	struct told *t = *tp;
	if (!t)
		return;
	heap_free(t->slot);
	(void)pthread_rwlock_destroy(&t->lock);
	heap_free(t);
	*tp = NULL;
}

static struct slot *find(const struct told *t, uint64_t mark)
{
	size_t i = (size_t)mark & (t->slots - 1);
	while (t->slot[i].mark && t->slot[i].mark != mark)
		i = (i + 1) & (t->slots - 1);
	return &t->slot[i];
}

static void make_room(struct told *t)
{
	struct slot *old = t->slot;
	size_t n = t->slots;
	if ((t->used + 1) * 8 <= n * 7)
		return;
	t->slots = n * 2;
	t->slot = heap_new(sizeof(*t->slot) * t->slots);
	for (size_t i = 0; i < n; i++)
		if (old[i].mark)
			*find(t, old[i].mark) = old[i];
	heap_free(old);
}

void told_keep(struct told *t, const struct mark *m, uint64_t key)
{
	if (!m->one)
		return;
	(void)pthread_rwlock_wrlock(&t->lock);
	make_room(t);
	struct slot *at = find(t, m->one);
	t->used += !at->mark;
	*at = (struct slot){ m->one, key };
	(void)pthread_rwlock_unlock(&t->lock);
}

static void fetch(const struct told *t, const struct intake_result *r)
{
	LIST_EACH (s, &r->signals)
		__builtin_prefetch(&t->slot[s->mark.one & (t->slots - 1)]);
}

void told_fetch(struct told *t, const struct intake_result *r)
{
	(void)pthread_rwlock_rdlock(&t->lock);
	fetch(t, r);
	(void)pthread_rwlock_unlock(&t->lock);
}

static void free_slot(struct told *t, struct slot *at)
{
	size_t i = (size_t)(at - t->slot);
	at->mark = 0;
	t->used--;
	/* what had to step over this slot moves up */
	for (i = (i + 1) & (t->slots - 1); t->slot[i].mark; i = (i + 1) & (t->slots - 1)) {
		struct slot moved = t->slot[i];
		t->slot[i].mark = 0;
		*find(t, moved.mark) = moved;
	}
}

void told_drop(struct told *t, const struct mark *m)
{
	if (!m->one)
		return;
	(void)pthread_rwlock_wrlock(&t->lock);
	struct slot *at = find(t, m->one);
	if (at->mark)
		free_slot(t, at);
	(void)pthread_rwlock_unlock(&t->lock);
}

bool told_find(struct told *t, const struct intake_result *r, uint64_t *keys)
{
	bool has_all = true;
	(void)pthread_rwlock_rdlock(&t->lock);
	fetch(t, r); /* all are asked of memory before the first is looked at */
	for (size_t i = 0; i < r->signals.len && has_all; i++) {
		const struct slot *at = find(t, r->signals.at[i].mark.one);
		has_all = at->mark != 0;
		keys[i] = at->key;
	}
	(void)pthread_rwlock_unlock(&t->lock);
	return has_all;
}
