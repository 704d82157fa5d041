/* SPDX-License-Identifier: Apache-2.0 */
/* thaw: the shards of live alerts from their snapshots, several at a time: a start waits for nothing else as long. The
 * writer's handle reads one after the other. What it read goes to a thread that has nothing to do, else it is loaded on
 * the spot. The inbox rows behind the snapshots: rebuild.c. */
#include <unistd.h>

#include "engine/inside.h"

enum {
	HELPERS = 3,		/* besides the thread that reads */
	WORTH_BYTES = 16 << 10, /* of a packed shard: below, no thread is begun for it */
};

/* A snapshot on its way from the reader to a helper. */
struct parcel {
	struct snapshot snapshot;
	struct arena arena; /* of its bytes */
};

struct thaw {
	struct engine *engine;
	struct arena arena;
	struct buf bytes; /* the reader's, unpacked; kept from one to the next */
	pthread_t helper[HELPERS];
	size_t helpers;
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t more;
	struct parcel parcel[LIVE_SHARDS];
	size_t len, taken;
	bool is_all;
};

static void load(struct engine *en, const struct snapshot *s, struct buf *bytes)
{
	if (snapshot_unpack(s->bytes, bytes) &&
	    live_shard_load(en->live, (size_t)s->shard, buf_str(bytes), s->inbox_id))
		en->shard_id[s->shard] = s->inbox_id;
}

/* Waits for the next one; NULL: there is none any more. */
static struct parcel *take(struct thaw *t)
{
	(void)pthread_mutex_lock(&t->lock);
	while (t->taken == t->len && !t->is_all)
		(void)pthread_cond_wait(&t->more, &t->lock);
	struct parcel *p = t->taken < t->len ? &t->parcel[t->taken++] : NULL;
	(void)pthread_mutex_unlock(&t->lock);
	return p;
}

static void unpack_parcels(struct thaw *t, struct buf *bytes)
{
	for (struct parcel *p; (p = take(t));) {
		load(t->engine, &p->snapshot, bytes);
		arena_clear(&p->arena);
	}
}

static void *help(void *ctx)
{
	ARENA(a);
	struct buf bytes = BUF(&a);
	unpack_parcels(ctx, &bytes);
	return NULL;
}

static void call_helpers(struct thaw *t)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	while (t->helpers < HELPERS && (long)t->helpers + 1 < cores &&
	       pthread_create(&t->helper[t->helpers], NULL, help, t) == 0)
		t->helpers++;
}

/* False: each helper has enough to do. */
static bool hand_over(struct thaw *t, const struct snapshot *s)
{
	(void)pthread_mutex_lock(&t->lock);
	bool is_wanted = t->len - t->taken < t->helpers;
	if (is_wanted) {
		/* the shard is the table's key: none comes twice, and there is room */
		struct parcel *p = &t->parcel[t->len++];
		p->snapshot = *s;
		p->snapshot.bytes = str_copy(&p->arena, s->bytes);
		(void)pthread_cond_signal(&t->more);
	}
	(void)pthread_mutex_unlock(&t->lock);
	return is_wanted;
}

static void take_shard(void *ctx, const struct snapshot *s)
{
	struct thaw *t = ctx;
	if (s->shard < 0 || s->shard >= LIVE_SHARDS || s->inbox_id > t->engine->inbox.id)
		return;
	if (!t->helpers && s->bytes.len >= WORTH_BYTES)
		call_helpers(t);
	if (!hand_over(t, s))
		load(t->engine, s, &t->bytes);
}

int desk_thaw(struct engine *en, struct err *e)
{
	struct thaw t = { .engine = en };
	t.bytes = BUF(&t.arena);
	(void)pthread_mutex_init(&t.lock, NULL);
	(void)pthread_cond_init(&t.more, NULL);
	int result = snapshot_each(en->db, take_shard, &t, e);
	(void)pthread_mutex_lock(&t.lock);
	t.is_all = true;
	(void)pthread_cond_broadcast(&t.more);
	(void)pthread_mutex_unlock(&t.lock);
	unpack_parcels(&t, &t.bytes);
	for (size_t i = 0; i < t.helpers; i++)
		(void)pthread_join(t.helper[i], NULL);
	(void)pthread_cond_destroy(&t.more);
	(void)pthread_mutex_destroy(&t.lock);
	arena_clear(&t.arena);
	return result;
}
