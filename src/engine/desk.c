/* SPDX-License-Identifier: Apache-2.0 */
/* desk: see desk.h. What the records are and where they lie: shard.c; their texts: packed.c. */
#include <stdlib.h>
#include <string.h>

#include "engine/shard.h"

const struct field live_alert_fields[] = {
	FIELD(live_alert, fingerprint, "identity: a hash of the label set"),
	FIELD(live_alert, name, "alertname"),
	FIELD(live_alert, service, "service, app or job label"),
	FIELD(live_alert, summary, "what it says"),
	FIELD(live_alert, severity, "as its sender rates it"),
	FIELD(live_alert, source, "who sent it"),
	FIELD(live_alert, labels, "label set as JSON", .max = 1 << 20),
	FIELD(live_alert, annotations, "annotations as JSON", .max = 1 << 20),
	FIELD(live_alert, generator, "where it comes from"),
	FIELD(live_alert, started, "firing since"),
	FIELD(live_alert, ends, "resolved at, or end of its lease"),
	FIELD(live_alert, updated, "last change"),
	FIELD(live_alert, is_firing, "is it firing"),
	FIELD(live_alert, by_timeout, "its end is our lease, not the sender's word"),
	FIELD(live_alert, incident, "the incident that holds it"),
	FIELD(live_alert, inbox, "the inbox row that last changed it"),
	FIELD(live_alert, acked_by, "who acknowledged it"),
	FIELD(live_alert, acked, "when"),
	END,
};

struct live *live_new(void)
{
	struct live *l = heap_new(sizeof(*l));
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		(void)pthread_mutex_init(&l->shard[i].lock, NULL);
		l->shard[i].next_ms = INT64_MAX;
	}
	l->texts = texts_new();
	l->told = told_new();
	(void)pthread_mutex_init(&l->loading, NULL);
	l->taking = 1;
	return l;
}

static void empty(struct live *l)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		shard_empty(l, s);
		(void)pthread_mutex_unlock(&s->lock);
	}
}

void live_reset(struct live *l)
{
	empty(l); /* what comes back waits for live_settle */
}

void live_settle(struct live *l)
{
	atomic_store(&l->settled, l->taking);
	l->taking++;
}

void live_free(struct live **lp)
{
	struct live *l = *lp;
	if (!l)
		return;
	empty(l);
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		(void)pthread_mutex_destroy(&l->shard[i].lock);
	texts_free(&l->texts);
	told_free(&l->told);
	heap_free(l->numbers);
	(void)pthread_mutex_destroy(&l->loading);
	heap_free(l);
	*lp = NULL;
}

/* Locked; unlock it. *x is NULL when the desk does not know the alert. */
static struct shard *lock_alert(struct live *l, struct str fingerprint, struct record **x)
{
	uint64_t key = key_of(fingerprint);
	struct shard *s = shard_of(l, key);
	(void)pthread_mutex_lock(&s->lock);
	*x = shard_find(l, s, key);
	return s;
}

static void unlock(struct shard *s)
{
	(void)pthread_mutex_unlock(&s->lock);
}

/* Does the sender's bare word about a key change anything? An acknowledgement starts nothing anew. */
static bool flips_partly(const struct record *x, const struct signal *s)
{
	return x->is_firing != s->is_firing && !(s->is_firing && s->is_acked);
}

static bool differs(const struct live *l, const struct record *x, const struct signal *s)
{
	if (record_has_seen(x, s->event))
		return false;
	if (s->is_acked && x->is_firing && !x->acked)
		return true;
	if (s->is_partial)
		return flips_partly(x, s);
	return x->is_firing != s->is_firing ||
	       !packed_same(l->texts, (struct str){ x->packed, x->len }, s->annotations,
			    s->generator);
}

enum live_answer live_ask(struct live *l, const struct intake_result *r)
{
	enum live_answer answer = LIVE_KNOWN;
	LIST_EACH (signal, &r->signals) {
		struct record *x;
		struct shard *s = lock_alert(l, signal->fingerprint, &x);
		/* a resolve of what we never saw firing is news too: it is kept as evidence */
		if (!x || differs(l, x, signal)) {
			unlock(s);
			return LIVE_NEWS;
		}
		if (x->taken_in > atomic_load(&l->settled)) {
			answer = LIVE_PENDING;
		} else {
			record_renew(x, signal);
			shard_look_again(s, x);
			record_mark(l, x, &signal->mark);
		}
		unlock(s);
	}
	return answer;
}

static void flip_note(const struct record *x, int64_t at_ms, struct arena *a,
		      struct alert_flips *flips)
{
	char *hex = arena_alloc(a, FINGERPRINT_HEX + 1);
	key_print(x->key, hex);
	*LIST_ADD(a, flips) = (struct alert_flip){ .fingerprint = { hex, FINGERPRINT_HEX },
						   .at_ms = at_ms,
						   .is_firing = x->is_firing,
						   .is_acked = x->acked != NULL };
}

/* The texts of what we have stay; of what we do not have, a bare word makes no alert. */
static struct record *take_partial(struct record *x, const struct signal *g)
{
	if (!x || !flips_partly(x, g))
		return NULL;
	x->is_firing = g->is_firing;
	x->ends_ms = g->ends_ms;
	x->by_timeout = g->by_timeout;
	return x;
}

static struct str pack(struct live *l, const struct signal *g, struct str source, struct buf *room)
{
	const struct str text[PACKED_TEXTS] = {
		[PACKED_ANNOTATIONS] = g->annotations, [PACKED_GENERATOR] = g->generator,
		[PACKED_LABELS] = g->labels,	       [PACKED_NAME] = g->name,
		[PACKED_SERVICE] = g->service,	       [PACKED_SUMMARY] = g->summary,
		[PACKED_SEVERITY] = g->severity,       [PACKED_SOURCE] = source,
	};
	return packed_make(l->texts, text, room);
}

static struct record *take_whole(struct live *l, struct shard *s, const struct record *old,
				 const struct signal *g, struct str packed)
{
	bool is_same = old && old->is_firing == g->is_firing, goes_on = old && !g->is_firing;
	int64_t started_ms = g->started_ms, ends_ms = is_same ? old->ends_ms : g->ends_ms;
	bool by_timeout = is_same ? old->by_timeout : g->by_timeout;
	/* who resolves an alert often names no start, or the time of the resolve */
	if ((is_same || goes_on) && old->started_ms < started_ms)
		started_ms = old->started_ms;
	struct record *x = shard_put(l, s, key_of(g->fingerprint), packed);
	x->started_ms = started_ms;
	x->ends_ms = ends_ms;
	x->by_timeout = by_timeout;
	record_end(x, g->ends_ms, g->by_timeout);
	x->is_firing = g->is_firing;
	return x;
}

/* False when it changes nothing but a lease. */
static bool take_one(struct live *l, const struct live_taking *t, const struct signal *g,
		     struct buf *room, struct alert_flips *flips)
{
	struct record *x;
	struct shard *s = lock_alert(l, g->fingerprint, &x);
	bool is_new = !x || differs(l, x, g), flips_now = !x || x->is_firing != g->is_firing;
	if (t->is_back && t->inbox_id <= s->inbox_id)
		x = NULL; /* its snapshot knows of it */
	else if (!is_new)
		record_renew(x, g);
	else if (g->is_partial)
		x = take_partial(x, g);
	else
		x = take_whole(l, s, x, g, pack(l, g, t->source, room));
	if (x && is_new) {
		record_see(x, g->event);
		x->updated_ms = t->now_ms;
		x->taken_in = l->taking;
		x->inbox = t->inbox_id;
		s->has_changed = true;
	}
	if (x && !g->is_partial)
		record_mark(l, x, &g->mark);
	if (x)
		shard_look_again(s, x);
	if (x && is_new && flips_now && (x->acked || !t->few_flips))
		flip_note(x,
			  !g->is_firing	  ? g->ends_ms
			  : g->is_partial ? t->now_ms
					  : g->started_ms,
			  room->arena, flips);
	unlock(s);
	return is_new;
}

/* Memory is slow and can bring many things at once. The writer alone changes the tables: it may look without their locks. */
static void fetch_all(struct live *l, const struct intake_result *r)
{
	enum { MOST = 256 }; /* more would push each other out */
	uint64_t keys[MOST];
	size_t n = r->signals.len < MOST ? r->signals.len : MOST;
	for (size_t i = 0; i < n; i++) {
		keys[i] = key_of(r->signals.at[i].fingerprint);
		shard_fetch_slot(l, shard_of(l, keys[i]), keys[i]);
	}
	told_fetch(l->told, r);
	for (size_t i = 0; i < n; i++)
		shard_fetch_record(l, shard_of(l, keys[i]), keys[i]);
}

bool live_take(struct live *l, const struct live_taking *t, struct arena *a,
	       struct alert_flips *flips)
{
	bool is_news = false;
	struct buf room = BUF(a); /* for each in turn */
	fetch_all(l, t->result);
	LIST_EACH (g, &t->result->signals)
		is_news |= take_one(l, t, g, &room, flips);
	return is_news;
}

static void expire_shard(struct live *l, struct shard *s, int64_t now_ms, struct arena *a,
			 struct alert_flips *flips)
{
	s->next_ms = INT64_MAX;
	for (size_t i = 0; i < s->slots; i++) {
		struct record *x = s->slot[i];
		if (x && record_next_ms(x) <= now_ms) {
			if (!x->is_firing) {
				shard_remove(l, s, i--); /* another may have moved here */
				continue;
			}
			x->is_firing = false;
			x->updated_ms = now_ms;
			s->has_changed = true;
			flip_note(x, x->ends_ms, a, flips);
		}
		if (x)
			shard_look_again(s, x);
	}
}

void live_expire(struct live *l, int64_t now_ms, struct arena *a, struct alert_flips *flips)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		if (s->next_ms <= now_ms)
			expire_shard(l, s, now_ms, a, flips);
		unlock(s);
	}
}

void live_renew_leases(struct live *l, int64_t now_ms)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		for (size_t k = 0; k < s->slots; k++) {
			struct record *x = s->slot[k];
			if (x && x->is_firing && x->ends_ms &&
			    x->ends_ms < now_ms + LIVE_LEASE_MS) {
				x->ends_ms = now_ms + LIVE_LEASE_MS;
				x->by_timeout =
					true; /* ours now: what the sender names next stands */
			}
		}
		unlock(s);
	}
}

void live_link(struct live *l, struct str fingerprint, int64_t incident)
{
	struct record *x;
	struct shard *s = lock_alert(l, fingerprint, &x);
	if (x)
		x->incident = incident;
	unlock(s);
}

/* fn for each record, its shard locked. */
typedef void record_fn(struct live *, struct record *, void *ctx);

/* Records lie all over memory: those that come are asked for while this one is looked at, first what tells where the words
 * of an alert are, then those. (Inlined by word: the compiler drops a call that only fetches.) */
static inline __attribute__((always_inline)) void fetch_ahead(const struct shard *s, size_t k)
{
	enum { HEADS = 12, WORDS = 6 };
	const struct record *head = k + HEADS < s->slots ? s->slot[k + HEADS] : NULL;
	const struct record *near = k + WORDS < s->slots ? s->slot[k + WORDS] : NULL;
	if (head) {
		__builtin_prefetch(head);
		__builtin_prefetch(&head->len);
	}
	if (near)
		__builtin_prefetch(near->packed + near->words);
}

static void each_record(struct live *l, record_fn *fn, void *ctx)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		for (size_t k = 0; k < s->slots; k++) {
			fetch_ahead(s, k);
			if (s->slot[k])
				fn(l, s->slot[k], ctx);
		}
		unlock(s);
	}
}

static void unlink_one(struct live *l, struct record *x, void *incident)
{
	(void)l;
	if (x->incident == *(const int64_t *)incident)
		x->incident = 0;
}

void live_unlink(struct live *l, int64_t incident)
{
	each_record(l, unlink_one, &incident);
}

void live_correct(struct live *l, const struct incident *inc, struct arena *a,
		  struct alert_flips *flips)
{
	LIST_EACH (held, &inc->alerts) {
		struct record *x;
		struct shard *s = lock_alert(l, held->fingerprint, &x);
		if (x && x->is_firing != held->firing)
			flip_note(x, x->updated_ms, a, flips);
		unlock(s);
	}
}

static void set_acked(struct record *x, struct str by, int64_t at_ms)
{
	heap_free(x->acked);
	x->acked = NULL;
	if (!by.len)
		return;
	x->acked = heap_new(sizeof(*x->acked) + by.len);
	x->acked->at_ms = at_ms;
	x->acked->len = by.len;
	memcpy(x->acked->by, by.at, by.len);
}

void live_follow_desk(struct live *l, const struct desk *d)
{
	LIST_EACH (a, &d->acknowledged) {
		struct record *x;
		struct shard *s = lock_alert(l, a->fingerprint, &x);
		if (x)
			set_acked(x, a->withdrawn ? (struct str){ NULL, 0 } : a->by.id, a->at.ms);
		unlock(s);
	}
}

/* With its texts borrowed, and who acknowledged it. */
static void tell(const struct record *x, const char *hex, const struct str text[PACKED_TEXTS],
		 struct live_alert *to)
{
	*to = (struct live_alert){ .fingerprint = { hex, FINGERPRINT_HEX },
				   .name = text[PACKED_NAME],
				   .service = text[PACKED_SERVICE],
				   .summary = text[PACKED_SUMMARY],
				   .severity = text[PACKED_SEVERITY],
				   .source = text[PACKED_SOURCE],
				   .labels = text[PACKED_LABELS],
				   .annotations = text[PACKED_ANNOTATIONS],
				   .generator = text[PACKED_GENERATOR],
				   .started = { x->started_ms },
				   .ends = { x->ends_ms },
				   .updated = { x->updated_ms },
				   .is_firing = x->is_firing,
				   .by_timeout = x->by_timeout,
				   .incident = x->incident,
				   .inbox = x->inbox };
	if (x->acked) {
		to->acked.ms = x->acked->at_ms;
		to->acked_by.id = (struct str){ x->acked->by, x->acked->len };
	}
}

static void copy_out(const struct live *l, const struct record *x, struct arena *a,
		     struct live_alert *to)
{
	struct str text[PACKED_TEXTS];
	char *hex = arena_alloc(a, FINGERPRINT_HEX + 1);
	key_print(x->key, hex);
	packed_read(l->texts, (struct str){ x->packed, x->len }, a, text);
	tell(x, hex, text, to);
	to->acked_by.id = str_copy(a, to->acked_by.id);
}

int64_t live_inbox(struct live *l, struct str fingerprint)
{
	struct record *x;
	struct shard *s = lock_alert(l, fingerprint, &x);
	int64_t inbox = x ? x->inbox : 0;
	unlock(s);
	return inbox;
}

static void blank(struct live *l, struct shard *s, struct record *old)
{
	ARENA(a);
	struct live_alert known;
	struct record was = *old;
	copy_out(l, old, &a, &known);
	const struct str text[PACKED_TEXTS] = {
		[PACKED_LABELS] = STR("{}"),	  [PACKED_ANNOTATIONS] = STR("{}"),
		[PACKED_NAME] = STR("redacted"),  [PACKED_SUMMARY] = STR("redacted"),
		[PACKED_SERVICE] = known.service, [PACKED_SEVERITY] = known.severity,
		[PACKED_SOURCE] = known.source,
	};
	struct buf room = BUF(&a);
	struct record *x = shard_put(l, s, was.key, packed_make(l->texts, text, &room));
	x->started_ms = was.started_ms;
	x->ends_ms = was.ends_ms;
	x->updated_ms = was.updated_ms;
	x->inbox = was.inbox;
	x->taken_in = was.taken_in;
	x->is_firing = was.is_firing;
	x->by_timeout = was.by_timeout;
}

void live_blank(struct live *l, struct str fingerprint)
{
	struct record *x;
	struct shard *s = lock_alert(l, fingerprint, &x);
	if (x)
		blank(l, s, x);
	unlock(s);
}

bool live_find(struct live *l, struct str fingerprint, struct arena *a, struct live_alert *out)
{
	struct record *x;
	struct shard *s = lock_alert(l, fingerprint, &x);
	if (x)
		copy_out(l, x, a, out);
	unlock(s);
	return x != NULL;
}

struct relinking {
	live_holder_fn *fn;
	void *ctx;
};

static void relink_one(struct live *l, struct record *x, void *ctx)
{
	ARENA(a);
	const struct relinking *r = ctx;
	struct live_alert alert;
	if (!x->is_firing || x->incident)
		return;
	copy_out(l, x, &a, &alert);
	x->incident = r->fn(r->ctx, &alert);
}

void live_relink(struct live *l, live_holder_fn *fn, void *ctx)
{
	each_record(l, relink_one, &(struct relinking){ fn, ctx });
}

struct looking {
	engine_alert_fn *fn;
	void *ctx;
	enum alert_texts texts;
	struct arena *arena; /* of one alert that is read whole */
	struct buf labels;
};

static void look_one(struct live *l, struct record *x, void *ctx)
{
	struct looking *look = ctx;
	struct live_alert alert;
	struct str text[PACKED_TEXTS] = { 0 }, packed = { x->packed, x->len };
	char hex[FINGERPRINT_HEX + 1];
	key_print(x->key, hex);
	if (look->texts == ALERT_ALL || !packed_words(l->texts, packed, &x->words, text)) {
		arena_clear(look->arena);
		packed_read(l->texts, packed, look->arena, text);
	} else if (look->texts == ALERT_LABELS) {
		look->labels.len = 0;
		packed_pairs(l->texts, packed, PACKED_LABELS, &look->labels);
		text[PACKED_LABELS] = buf_str(&look->labels);
	}
	tell(x, hex, text, &alert);
	look->fn(look->ctx, &alert);
}

void live_each(struct live *l, enum alert_texts texts, engine_alert_fn *fn, void *ctx)
{
	ARENA(one);
	ARENA(kept);
	each_record(l, look_one, &(struct looking){ fn, ctx, texts, &one, BUF(&kept) });
}

static int firing_first(const void *pa, const void *pb)
{
	const struct alert_sight *a = pa, *b = pb;
	if (a->is_firing != b->is_firing)
		return a->is_firing ? -1 : 1;
	if (a->started_ms != b->started_ms)
		return a->started_ms > b->started_ms ? -1 : 1;
	return memcmp(a->fingerprint, b->fingerprint, FINGERPRINT_HEX);
}

void live_sights(struct live *l, struct arena *a, struct alert_sights *out)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		for (size_t k = 0; k < s->slots; k++) {
			const struct record *x = s->slot[k];
			if (!x)
				continue;
			struct alert_sight *to = LIST_ADD(a, out);
			key_print(x->key, to->fingerprint);
			to->is_firing = x->is_firing;
			to->is_acked = x->acked != NULL;
			to->started_ms = x->started_ms;
			to->incident = x->incident;
		}
		unlock(s);
	}
	if (out->len)
		qsort(out->at, out->len, sizeof(*out->at), firing_first);
}

void live_list(struct live *l, struct arena *a, struct live_alerts *out)
{
	ARENA(scratch);
	struct alert_sights sights = { 0 };
	live_sights(l, &scratch, &sights);
	LIST_EACH (x, &sights) {
		struct live_alert alert;
		if (live_find(l, (struct str){ x->fingerprint, FINGERPRINT_HEX }, a, &alert))
			*LIST_ADD(a, out) = alert;
	}
}

void live_count(struct live *l, int64_t *firing, int64_t *acknowledged, int64_t *resolved)
{
	*firing = *acknowledged = *resolved = 0;
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		struct shard *s = &l->shard[i];
		(void)pthread_mutex_lock(&s->lock);
		for (size_t k = 0; k < s->slots; k++) {
			const struct record *x = s->slot[k];
			if (!x)
				continue;
			*(x->is_firing ? firing : resolved) += 1;
			*acknowledged += x->is_firing && x->acked;
		}
		unlock(s);
	}
}
