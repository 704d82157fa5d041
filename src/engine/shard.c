/* SPDX-License-Identifier: Apache-2.0 */
/* shard: see shard.h. Open addressing; and a shard as bytes for its snapshot, in this machine's byte order:
 *   struct head, then its texts (length, bytes), then its records (struct saved, packed). Ids in packed count from 1. */
#include "engine/shard.h"

#include <endian.h>
#include <string.h>

enum { FIRST_SLOTS = 16, SNAPSHOT_FORM = 0x41504c32 /* of so many shards */ };

struct head {
	uint32_t form, texts, records, shard;
};
struct saved {
	uint64_t key;
	int64_t started_ms, ends_ms, updated_ms, inbox;
	uint32_t len;
	uint8_t is_firing, by_timeout, seen,
		zero; /* seen: so many names of events follow the texts */
};

/* Eight hex digits at once: in each byte, whether it is one, and what it stands for. */
static bool hex8(const char *at, uint64_t *out)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	uint64_t w;
	memcpy(&w, at, 8);
	if (w & highs)
		return false;
	uint64_t digit = (w + ones * (0x80 - '0')) & ~(w + ones * (0x80 - '9' - 1));
	uint64_t letter = (w + ones * (0x80 - 'a')) & ~(w + ones * (0x80 - 'f' - 1));
	if (((digit | letter) & highs) != highs)
		return false;
	w = (w & ones * 15) + 9 * (w >> 6 & ones);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	w = (w | w >> 4) & 0x00ff00ff00ff00ffu;
	w = (w | w >> 8) & 0x0000ffff0000ffffu;
	*out = (w | w >> 16) & 0xffffffffu;
	return true;
}

uint64_t key_of(struct str fp)
{
	uint64_t high, low, h = 14695981039346656037u;
	if (fp.len == FINGERPRINT_HEX && hex8(fp.at, &high) && hex8(fp.at + 8, &low))
		return high << 32 | low;
	for (size_t i = 0; i < fp.len; i++)
		h = (h ^ (unsigned char)fp.at[i]) * 1099511628211u;
	return h;
}

void key_print(uint64_t key, char hex[FINGERPRINT_HEX + 1])
{
	for (int half = 1; half >= 0; half--, key >>= 32) {
		uint64_t x = key & 0xFFFFFFFFu, letters;
		/* eight digits, a byte each, worked on together */
		x = (x | x << 16) & 0x0000FFFF0000FFFFu;
		x = (x | x << 8) & 0x00FF00FF00FF00FFu;
		x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Fu;
		letters = (x + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
		x += 0x3030303030303030u + letters * ('a' - '0' - 10);
		x = htobe64(x);
		memcpy(hex + half * FINGERPRINT_HEX / 2, &x, sizeof(x));
	}
	hex[FINGERPRINT_HEX] = '\0';
}

/* Senders choose fingerprints: all bits take part. Snapshots rely on it, so it has no seed. */
static uint64_t mixed(uint64_t key)
{
	key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
	key = (key ^ key >> 27) * 0x94D049BB133111EBu;
	return key ^ key >> 31;
}

struct shard *shard_of(struct live *l, uint64_t key)
{
	return &l->shard[mixed(key) % LIVE_SHARDS];
}

/* Where the table lies is its seed: what clusters in one clusters in no other. */
static size_t home_of(const struct live *l, const struct shard *s, uint64_t key)
{
	return (size_t)mixed(key ^ (uint64_t)(uintptr_t)l) & (s->slots - 1);
}

void shard_fetch_slot(const struct live *l, const struct shard *s, uint64_t key)
{
	if (!s->slots)
		return;
	__builtin_prefetch(&s->slot[home_of(l, s, key)]);
	__builtin_prefetch(&s->key[home_of(l, s, key)]);
}

void shard_fetch_record(const struct live *l, const struct shard *s, uint64_t key)
{
	if (s->slots)
		__builtin_prefetch(s->slot[home_of(l, s, key)]);
}

static size_t slot_of(const struct live *l, const struct shard *s, uint64_t key)
{
	size_t i = home_of(l, s, key);
	while (s->slot[i] && s->key[i] != key)
		i = (i + 1) & (s->slots - 1);
	return i;
}

struct record *shard_find(struct live *l, struct shard *s, uint64_t key)
{
	return s->slots ? s->slot[slot_of(l, s, key)] : NULL;
}

static void set_slot(struct shard *s, size_t i, struct record *x)
{
	s->slot[i] = x;
	s->key[i] = x->key;
}

static void widen(struct live *l, struct shard *s)
{
	struct shard old = *s;
	s->slots = old.slots ? old.slots * 2 : FIRST_SLOTS;
	s->slot = heap_new(sizeof(*s->slot) * s->slots);
	s->key = heap_new(sizeof(*s->key) * s->slots);
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i])
			set_slot(s, slot_of(l, s, old.key[i]), old.slot[i]);
	heap_free(old.slot);
	heap_free(old.key);
}

static void make_room(struct live *l, struct shard *s)
{
	if ((s->used + 1) * 5 > s->slots * 4)
		widen(l, s);
}

static void free_record(struct live *l, struct shard *s, struct record *x)
{
	packed_drop(l->texts, (struct str){ x->packed, x->len });
	told_drop(l->told, &x->mark);
	s->bytes -= sizeof(*x) + x->len;
	heap_free(x->acked);
	heap_free(x->seen);
	heap_free(x);
}

void record_mark(struct live *l, struct record *x, const struct mark *m)
{
	if (!m->one || (x->mark.one == m->one && x->mark.two == m->two))
		return;
	told_drop(l->told, &x->mark);
	x->mark = *m;
	told_keep(l->told, m, x->key);
}

struct record *shard_put(struct live *l, struct shard *s, uint64_t key, struct str packed)
{
	make_room(l, s);
	size_t i = slot_of(l, s, key);
	struct record *old = s->slot[i], *x = heap_new(sizeof(*x) + packed.len);
	x->key = key;
	x->len = (uint32_t)packed.len;
	memcpy(x->packed, packed.at, packed.len);
	s->bytes += sizeof(*x) + x->len;
	if (old) {
		x->incident = old->incident;
		x->acked = old->acked;
		x->seen = old->seen;
		old->acked = NULL;
		old->seen = NULL;
		free_record(l, s, old);
	} else {
		s->used++;
	}
	set_slot(s, i, x);
	s->has_changed = true;
	return x;
}

void shard_remove(struct live *l, struct shard *s, size_t i)
{
	free_record(l, s, s->slot[i]);
	s->slot[i] = NULL;
	s->used--;
	s->has_changed = true;
	/* what had to step over this slot moves up */
	for (size_t j = (i + 1) & (s->slots - 1); s->slot[j]; j = (j + 1) & (s->slots - 1)) {
		struct record *x = s->slot[j];
		s->slot[j] = NULL;
		set_slot(s, slot_of(l, s, x->key), x);
	}
}

void shard_empty(struct live *l, struct shard *s)
{
	for (size_t i = 0; i < s->slots; i++)
		if (s->slot[i])
			free_record(l, s, s->slot[i]);
	heap_free(s->slot);
	heap_free(s->key);
	s->slot = NULL;
	s->key = NULL;
	s->slots = s->used = 0;
	s->next_ms = INT64_MAX;
	s->inbox_id = 0;
	s->has_changed = false;
}

static bool has_seen(const struct record *x, uint64_t event)
{
	for (size_t i = 0; x->seen && i < x->seen->len; i++)
		if (x->seen->event[i] == event)
			return true;
	return false;
}

bool record_has_seen(const struct record *x, struct str event)
{
	return event.len && has_seen(x, key_of(event));
}

static void see(struct record *x, uint64_t event)
{
	if (!x->seen)
		x->seen = heap_new(sizeof(*x->seen));
	struct seen *s = x->seen;
	if (s->len == SEEN_EVENTS)
		memmove(s->event, s->event + 1, sizeof(s->event[0]) * --s->len);
	s->event[s->len++] = event;
}

void record_see(struct record *x, struct str event)
{
	if (event.len && !has_seen(x, key_of(event)))
		see(x, key_of(event));
}

int64_t record_next_ms(const struct record *x)
{
	if (!x->is_firing)
		return x->updated_ms + LIVE_RESOLVED_KEPT_MS;
	return x->ends_ms ? x->ends_ms : INT64_MAX;
}

/* Alertmanager's merge (alert/alert.go): the later end that a sender named stays; ours gives way to any. 0 is no end at all,
 * which only a sender that names no ends says: the last word stands. */
void record_end(struct record *x, int64_t ends_ms, bool by_timeout)
{
	bool stays = x->by_timeout ? by_timeout : x->ends_ms && ends_ms;
	if (stays && ends_ms < x->ends_ms)
		return;
	x->ends_ms = ends_ms;
	x->by_timeout = by_timeout;
}

void record_renew(struct record *x, const struct signal *s)
{
	if (s->is_partial || record_has_seen(x, s->event))
		return;
	record_see(x, s->event);
	if (s->started_ms < x->started_ms)
		x->started_ms = s->started_ms;
	record_end(x, s->ends_ms, s->by_timeout);
}

void shard_look_again(struct shard *s, const struct record *x)
{
	if (record_next_ms(x) < s->next_ms)
		s->next_ms = record_next_ms(x);
}

/* Our ids -> those of the snapshot, in order of first use. */
struct saving {
	const struct texts *texts;
	uint32_t *own;	  /* by id: of the live desk, all 0 between two snapshots */
	struct buf named; /* our ids in that order */
	uint32_t count;
	struct buf *out;
};

static uint32_t number_of(void *ctx, uint32_t id)
{
	struct saving *v = ctx;
	if (v->own[id])
		return v->own[id];
	struct str s = texts_get(v->texts, id);
	uint32_t len = (uint32_t)s.len;
	buf_add(v->out, (struct str){ (const char *)&len, sizeof(len) });
	buf_add(v->out, s);
	buf_add(&v->named, (struct str){ (const char *)&id, sizeof(id) });
	return v->own[id] = ++v->count;
}

/* Room for a number of each id. It is kept: to clear it for each snapshot would cost more than the snapshot. */
static void saving_begin(struct live *l, struct saving *v)
{
	size_t ids = texts_ids(l->texts);
	if (l->numbers_room < ids) {
		heap_free(l->numbers);
		l->numbers_room = ids + ids / 2;
		l->numbers = heap_new(sizeof(*l->numbers) * l->numbers_room);
	}
	v->own = l->numbers;
}

static void saving_end(const struct saving *v)
{
	for (size_t i = 0; i < v->named.len; i += sizeof(uint32_t)) {
		uint32_t id;
		memcpy(&id, v->named.at + i, sizeof(id));
		v->own[id] = 0;
	}
}

static void save_record(struct saving *v, const struct record *x, struct buf *records)
{
	struct saved head = { .key = x->key,
			      .started_ms = x->started_ms,
			      .ends_ms = x->ends_ms,
			      .updated_ms = x->updated_ms,
			      .inbox = x->inbox,
			      .len = x->len,
			      .is_firing = x->is_firing,
			      .by_timeout = x->by_timeout,
			      .seen = x->seen ? x->seen->len : 0 };
	buf_add(records, (struct str){ (const char *)&head, sizeof(head) });
	char *to = buf_room(records, x->len);
	if (!to)
		return;
	memcpy(to, x->packed, x->len);
	(void)packed_renumber(to, x->len, number_of, v);
	if (x->seen)
		buf_add(records, (struct str){ (const char *)x->seen->event,
					       sizeof(x->seen->event[0]) * x->seen->len });
}

struct str live_shard_save(struct live *l, size_t n, struct arena *a)
{
	struct shard *s = &l->shard[n];
	struct buf out = BUF(a), records = BUF(a);
	struct head head = { .form = SNAPSHOT_FORM, .shard = (uint32_t)n };
	struct saving v = { .texts = l->texts, .named = BUF(a), .out = &out };
	saving_begin(l, &v);
	(void)pthread_mutex_lock(&s->lock);
	head.records = (uint32_t)s->used;
	buf_add(&out, (struct str){ (const char *)&head, sizeof(head) });
	for (size_t i = 0; i < s->slots; i++)
		if (s->slot[i])
			save_record(&v, s->slot[i], &records);
	(void)pthread_mutex_unlock(&s->lock);
	saving_end(&v);
	head.texts = v.count;
	memcpy(out.at, &head, sizeof(head));
	buf_add(&out, buf_str(&records));
	/* too much for a text of ours: the inbox alone still rebuilds it */
	return out.too_big || records.too_big ? (struct str){ NULL, 0 } : buf_str(&out);
}

struct loading {
	struct live *live;
	struct shard *shard;
	struct adoption from;
	struct buf room; /* for one record */
};

static bool take_bytes(struct str *from, void *to, size_t n)
{
	if (from->len < n)
		return false;
	memcpy(to, from->at, n);
	from->at += n;
	from->len -= n;
	return true;
}

static bool load_texts(struct loading *v, struct str *bytes)
{
	for (uint32_t i = 1; i <= v->from.count; i++) {
		uint32_t len;
		if (!take_bytes(bytes, &len, sizeof(len)) || len > bytes->len)
			return false;
		v->from.text[i].ours = texts_keep(v->live->texts, str_sub(*bytes, 0, len));
		v->from.text[i].len = len;
		bytes->at += len;
		bytes->len -= len;
	}
	return true;
}

/* The records hold what they name, and nothing else does. */
static void hand_over_texts(struct loading *v)
{
	for (uint32_t i = 1; i <= v->from.count; i++) {
		const struct adopted *t = &v->from.text[i];
		if (!t->ours)
			continue;
		texts_hold(v->live->texts, t->ours, t->users);
		texts_drop(v->live->texts, t->ours);
	}
}

/* Of a snapshot that turns out to be unsound some texts stay held, which costs their memory alone. */
static bool load_record(struct loading *v, struct str *bytes)
{
	struct saved head;
	uint64_t seen[SEEN_EVENTS];
	if (!take_bytes(bytes, &head, sizeof(head)) || head.len > bytes->len ||
	    head.seen > SEEN_EVENTS || shard_of(v->live, head.key) != v->shard)
		return false;
	v->room.len = 0;
	char *packed = buf_room(&v->room, head.len);
	if (!packed || !take_bytes(bytes, packed, head.len) ||
	    !take_bytes(bytes, seen, sizeof(seen[0]) * head.seen) ||
	    !packed_adopt(packed, head.len, &v->from) || shard_find(v->live, v->shard, head.key))
		return false;
	struct record *x = shard_put(v->live, v->shard, head.key, buf_str(&v->room));
	x->started_ms = head.started_ms;
	x->ends_ms = head.ends_ms;
	x->updated_ms = head.updated_ms;
	x->inbox = head.inbox;
	x->is_firing = head.is_firing;
	x->by_timeout = head.by_timeout;
	for (size_t i = 0; i < head.seen; i++)
		see(x, seen[i]);
	x->taken_in = v->live->taking; /* rows behind the snapshot may say otherwise */
	if (record_next_ms(x) < v->shard->next_ms)
		v->shard->next_ms = record_next_ms(x);
	return true;
}

static bool load_records(struct loading *v, uint32_t count, struct str *bytes)
{
	while (v->shard->slots * 4 < (size_t)count * 5)
		widen(v->live, v->shard);
	for (uint32_t i = 0; i < count; i++)
		if (!load_record(v, bytes))
			return false;
	return true;
}

bool live_shard_load(struct live *l, size_t n, struct str bytes, int64_t inbox_id)
{
	ARENA(a);
	struct head head;
	struct shard *s = &l->shard[n];
	if (!take_bytes(&bytes, &head, sizeof(head)) || head.form != SNAPSHOT_FORM ||
	    head.shard != n || head.texts > bytes.len / sizeof(uint32_t) ||
	    head.records > bytes.len / sizeof(struct saved))
		return false;
	struct loading v = {
		l, s, { ARENA_ARRAY(&a, struct adopted, head.texts + 1), head.texts }, BUF(&a)
	};
	(void)pthread_mutex_lock(&s->lock);
	(void)pthread_mutex_lock(&l->loading);
	bool is_good = load_texts(&v, &bytes);
	(void)pthread_mutex_unlock(&l->loading);
	is_good = is_good && load_records(&v, head.records, &bytes);
	(void)pthread_mutex_lock(&l->loading);
	hand_over_texts(&v);
	if (!is_good)
		shard_empty(l, s);
	(void)pthread_mutex_unlock(&l->loading);
	if (is_good)
		s->inbox_id = inbox_id;
	s->has_changed = false;
	(void)pthread_mutex_unlock(&s->lock);
	return is_good;
}

void live_shard_saved(struct live *l, size_t n)
{
	l->shard[n].has_changed = false;
}

bool live_shard_changed(struct live *l, size_t n)
{
	return l->shard[n].has_changed;
}

size_t live_shard_bytes(struct live *l, size_t n)
{
	return l->shard[n].bytes;
}
