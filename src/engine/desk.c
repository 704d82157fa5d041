/* SPDX-License-Identifier: Apache-2.0 */
/* desk: see desk.h. A table by fingerprint with open addressing; each alert is one block of memory that holds
 * its texts behind it, so that 100,000 of them cost two allocations each and nothing else. */
#include "engine/desk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256, TEXTS = 9 };

/* The texts of a live alert, in the order they lie in its block. */
static const size_t text_at[TEXTS] = {
	offsetof(struct live_alert, fingerprint), offsetof(struct live_alert, name),
	offsetof(struct live_alert, service),	  offsetof(struct live_alert, summary),
	offsetof(struct live_alert, severity),	  offsetof(struct live_alert, source),
	offsetof(struct live_alert, labels),	  offsetof(struct live_alert, annotations),
	offsetof(struct live_alert, generator),
};

struct entry {
	struct live_alert alert; /* its nine texts point behind this struct */
	char *acked_by;		 /* of its own, since it comes later */
};

struct live {
	pthread_mutex_t lock;
	struct entry **slots; /* power of two; NULL = free */
	size_t slot_count, used;
};

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
	(void)pthread_mutex_init(&l->lock, NULL);
	l->slot_count = FIRST_SLOTS;
	l->slots = heap_new(sizeof(*l->slots) * l->slot_count);
	return l;
}

static void entry_free(struct entry *x)
{
	if (x)
		heap_free(x->acked_by);
	heap_free(x);
}

static void empty(struct live *l)
{
	for (size_t i = 0; i < l->slot_count; i++) {
		entry_free(l->slots[i]);
		l->slots[i] = NULL;
	}
	l->used = 0;
}

void live_reset(struct live *l)
{
	(void)pthread_mutex_lock(&l->lock);
	empty(l);
	(void)pthread_mutex_unlock(&l->lock);
}

void live_free(struct live **lp)
{
	struct live *l = *lp;
	if (!l)
		return;
	empty(l);
	(void)pthread_mutex_destroy(&l->lock);
	heap_free(l->slots);
	heap_free(l);
	*lp = NULL;
}

/* FNV-1a over the fingerprint's text: senders choose it, so the table stays under half full. */
static size_t slot_of(const struct live *l, struct str fp)
{
	uint64_t h = 14695981039346656037u;
	for (size_t i = 0; i < fp.len; i++)
		h = (h ^ (unsigned char)fp.at[i]) * 1099511628211u;
	size_t i = (size_t)(h ^ (h >> 32)) & (l->slot_count - 1);
	while (l->slots[i] && !str_eq(l->slots[i]->alert.fingerprint, fp))
		i = (i + 1) & (l->slot_count - 1);
	return i;
}

static void grow(struct live *l)
{
	struct live bigger = { .slot_count = l->slot_count * 2, .used = l->used };
	bigger.slots = heap_new(sizeof(*bigger.slots) * bigger.slot_count);
	for (size_t i = 0; i < l->slot_count; i++)
		if (l->slots[i])
			bigger.slots[slot_of(&bigger, l->slots[i]->alert.fingerprint)] =
				l->slots[i];
	heap_free(l->slots);
	l->slots = bigger.slots;
	l->slot_count = bigger.slot_count;
}

static struct str *text_of(struct live_alert *a, size_t i)
{
	return (struct str *)(void *)((char *)a + text_at[i]);
}

/* A copy of the alert with its texts behind it. */
static struct entry *entry_new(const struct live_alert *from)
{
	struct live_alert a = *from;
	size_t bytes = 0;
	for (size_t i = 0; i < TEXTS; i++)
		bytes += text_of(&a, i)->len;
	struct entry *x = heap_new(sizeof(*x) + bytes);
	char *w = (char *)(x + 1);
	for (size_t i = 0; i < TEXTS; i++) {
		struct str *t = text_of(&a, i);
		if (t->len)
			memcpy(w, t->at, t->len);
		t->at = w;
		w += t->len;
	}
	x->alert = a;
	x->alert.acked_by.id = (struct str){ NULL, 0 };
	return x;
}

static void put(struct live *l, const struct live_alert *a)
{
	if ((l->used + 1) * 2 > l->slot_count)
		grow(l);
	size_t i = slot_of(l, a->fingerprint);
	struct entry *old = l->slots[i], *x = entry_new(a);
	if (old) {
		x->acked_by = old->acked_by;
		x->alert.acked_by = old->alert.acked_by;
		old->acked_by = NULL;
		entry_free(old);
	} else {
		l->used++;
	}
	l->slots[i] = x;
}

static struct entry *find(struct live *l, struct str fp)
{
	return l->slots[slot_of(l, fp)];
}

/* Does the sender's bare word about a key change anything? An acknowledgement starts nothing anew. */
static bool flips_partly(const struct live_alert *have, const struct signal *s)
{
	return have->is_firing != s->is_firing && !(s->is_firing && s->is_acked);
}

static bool differs(const struct live_alert *have, const struct signal *s)
{
	if (s->is_acked && have->is_firing && !have->acked.ms)
		return true;
	if (s->is_partial)
		return flips_partly(have, s);
	return have->is_firing != s->is_firing || !str_eq(have->annotations, s->annotations) ||
	       !str_eq(have->generator, s->generator);
}

bool live_would_change(struct live *l, const struct intake_result *r)
{
	bool changes = false;
	(void)pthread_mutex_lock(&l->lock);
	LIST_EACH (s, &r->signals) {
		const struct entry *x = find(l, s->fingerprint);
		/* a resolve of what we never saw firing is news too: it is kept as evidence */
		if (!x || differs(&x->alert, s))
			changes = true;
	}
	(void)pthread_mutex_unlock(&l->lock);
	return changes;
}

static void flip_note(const struct live_alert *x, int64_t at_ms, struct arena *a,
		      struct alert_flips *flips)
{
	*LIST_ADD(a, flips) = (struct alert_flip){ .fingerprint = str_copy(a, x->fingerprint),
						   .at_ms = at_ms,
						   .is_firing = x->is_firing };
}

static struct live_alert of_signal(const struct signal *s, int64_t now_ms)
{
	return (struct live_alert){ .fingerprint = s->fingerprint,
				    .name = s->name,
				    .service = s->service,
				    .summary = s->summary,
				    .severity = s->severity,
				    .labels = s->labels,
				    .annotations = s->annotations,
				    .generator = s->generator,
				    .started = { s->started_ms },
				    .ends = { s->ends_ms },
				    .updated = { now_ms },
				    .is_firing = s->is_firing,
				    .by_timeout = s->by_timeout };
}

/* The texts of what we have stay; of what we do not have, a bare word makes no alert. */
static void take_partial(struct live *l, const struct signal *s, int64_t now_ms, struct arena *a,
			 struct alert_flips *flips)
{
	struct entry *x = find(l, s->fingerprint);
	if (!x || !flips_partly(&x->alert, s))
		return;
	x->alert.is_firing = s->is_firing;
	x->alert.ends.ms = s->ends_ms;
	x->alert.by_timeout = s->by_timeout;
	x->alert.updated.ms = now_ms;
	flip_note(&x->alert, s->is_firing ? now_ms : s->ends_ms, a, flips);
}

/* Alertmanager's merge: the earliest start; the later end that a sender named wins over our lease. */
static void take_one(struct live *l, const struct signal *s, int64_t now_ms, struct arena *a,
		     struct alert_flips *flips)
{
	if (s->is_partial) {
		take_partial(l, s, now_ms, a, flips);
		return;
	}
	struct live_alert next = of_signal(s, now_ms);
	struct entry *x = find(l, s->fingerprint);
	bool flips_now = !x || x->alert.is_firing != s->is_firing;
	if (x) {
		next.incident = x->alert.incident;
		next.acked = x->alert.acked;
		if (!flips_now && x->alert.started.ms < next.started.ms)
			next.started = x->alert.started;
		if (!differs(&x->alert, s)) {
			x->alert.started = next.started;
			if (next.ends.ms > x->alert.ends.ms || !next.by_timeout)
				x->alert.ends = next.ends;
			return;
		}
	}
	put(l, &next);
	if (flips_now)
		flip_note(&next, s->is_firing ? s->started_ms : s->ends_ms, a, flips);
}

void live_take(struct live *l, const struct intake_result *r, int64_t now_ms, struct arena *a,
	       struct alert_flips *flips)
{
	(void)pthread_mutex_lock(&l->lock);
	LIST_EACH (s, &r->signals)
		take_one(l, s, now_ms, a, flips);
	(void)pthread_mutex_unlock(&l->lock);
}

static void remove_at(struct live *l, size_t i)
{
	entry_free(l->slots[i]);
	l->slots[i] = NULL;
	l->used--;
	/* what had to step over this slot moves up */
	for (size_t j = (i + 1) & (l->slot_count - 1); l->slots[j];
	     j = (j + 1) & (l->slot_count - 1)) {
		struct entry *x = l->slots[j];
		l->slots[j] = NULL;
		l->slots[slot_of(l, x->alert.fingerprint)] = x;
	}
}

void live_expire(struct live *l, int64_t now_ms, struct arena *a, struct alert_flips *flips)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++) {
		struct live_alert *x = l->slots[i] ? &l->slots[i]->alert : NULL;
		if (x && x->is_firing && x->ends.ms && x->ends.ms <= now_ms) {
			x->is_firing = false;
			x->updated.ms = now_ms;
			flip_note(x, x->ends.ms, a, flips);
		} else if (x && !x->is_firing && x->updated.ms + LIVE_RESOLVED_KEPT_MS <= now_ms) {
			remove_at(l, i);
		}
	}
	(void)pthread_mutex_unlock(&l->lock);
}

void live_renew_leases(struct live *l, int64_t now_ms)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++) {
		struct live_alert *x = l->slots[i] ? &l->slots[i]->alert : NULL;
		if (x && x->is_firing && x->ends.ms && x->ends.ms < now_ms + LIVE_LEASE_MS)
			x->ends.ms = now_ms + LIVE_LEASE_MS;
	}
	(void)pthread_mutex_unlock(&l->lock);
}

static void set_acked(struct entry *x, struct str by, int64_t at_ms)
{
	heap_free(x->acked_by);
	x->acked_by = heap_new(by.len + 1);
	if (by.len)
		memcpy(x->acked_by, by.at, by.len);
	x->alert.acked_by.id = (struct str){ x->acked_by, by.len };
	x->alert.acked.ms = by.len ? at_ms : 0;
}

void live_link(struct live *l, struct str fingerprint, int64_t incident)
{
	(void)pthread_mutex_lock(&l->lock);
	struct entry *x = find(l, fingerprint);
	if (x)
		x->alert.incident = incident;
	(void)pthread_mutex_unlock(&l->lock);
}

void live_unlink(struct live *l, int64_t incident)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++)
		if (l->slots[i] && l->slots[i]->alert.incident == incident)
			l->slots[i]->alert.incident = 0;
	(void)pthread_mutex_unlock(&l->lock);
}

void live_relink(struct live *l, live_holder_fn *fn, void *ctx)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++)
		if (l->slots[i] && l->slots[i]->alert.is_firing && !l->slots[i]->alert.incident)
			l->slots[i]->alert.incident = fn(ctx, &l->slots[i]->alert);
	(void)pthread_mutex_unlock(&l->lock);
}

void live_correct(struct live *l, const struct incident *inc, struct arena *a,
		  struct alert_flips *flips)
{
	(void)pthread_mutex_lock(&l->lock);
	LIST_EACH (held, &inc->alerts) {
		const struct entry *x = find(l, held->fingerprint);
		if (x && x->alert.is_firing != held->firing)
			flip_note(&x->alert, x->alert.updated.ms, a, flips);
	}
	(void)pthread_mutex_unlock(&l->lock);
}

void live_follow_desk(struct live *l, const struct desk *d)
{
	(void)pthread_mutex_lock(&l->lock);
	LIST_EACH (a, &d->acknowledged) {
		struct entry *x = find(l, a->fingerprint);
		if (x)
			set_acked(x, a->withdrawn ? (struct str){ NULL, 0 } : a->by.id, a->at.ms);
	}
	(void)pthread_mutex_unlock(&l->lock);
}

void live_mark(struct live *l, const struct intake_result *r, int64_t now_ms, int64_t inbox)
{
	(void)pthread_mutex_lock(&l->lock);
	LIST_EACH (s, &r->signals) {
		struct entry *x = find(l, s->fingerprint);
		if (x && x->alert.updated.ms == now_ms)
			x->alert.inbox = inbox;
	}
	(void)pthread_mutex_unlock(&l->lock);
}

/* Alerts lie anywhere in memory: fetching those to come while this one is looked at makes the walk twice as fast. */
static void fetch_ahead(const struct live *l, size_t i)
{
	enum { AHEAD = 12, LINE_BYTES = 64, LINES = 7 };
	const char *at = i + AHEAD < l->slot_count ? (const char *)l->slots[i + AHEAD] : NULL;
	for (size_t n = 0; at && n < LINES; n++)
		__builtin_prefetch(at + n * LINE_BYTES);
}

void live_each(struct live *l, engine_alert_fn *fn, void *ctx)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++) {
		fetch_ahead(l, i);
		if (l->slots[i])
			fn(ctx, &l->slots[i]->alert);
	}
	(void)pthread_mutex_unlock(&l->lock);
}

static void copy_out(struct arena *a, const struct live_alert *from, struct live_alert *to)
{
	fields_copy(live_alert_fields, to, from, sizeof(*to), a);
}

bool live_find(struct live *l, struct str fingerprint, struct arena *a, struct live_alert *out)
{
	(void)pthread_mutex_lock(&l->lock);
	struct entry *x = find(l, fingerprint);
	if (x)
		copy_out(a, &x->alert, out);
	(void)pthread_mutex_unlock(&l->lock);
	return x != NULL;
}

static int firing_first(const void *pa, const void *pb)
{
	const struct live_alert *a = pa, *b = pb;
	if (a->is_firing != b->is_firing)
		return a->is_firing ? -1 : 1;
	if (a->started.ms != b->started.ms)
		return a->started.ms > b->started.ms ? -1 : 1;
	return str_cmp(a->fingerprint, b->fingerprint);
}

void live_list(struct live *l, struct arena *a, struct live_alerts *out)
{
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++)
		if (l->slots[i])
			copy_out(a, &l->slots[i]->alert, LIST_ADD(a, out));
	(void)pthread_mutex_unlock(&l->lock);
	if (out->len)
		qsort(out->at, out->len, sizeof(*out->at), firing_first);
}

void live_restore(struct live *l, const struct live_alert *a)
{
	(void)pthread_mutex_lock(&l->lock);
	put(l, a);
	(void)pthread_mutex_unlock(&l->lock);
}

void live_count(struct live *l, int64_t *firing, int64_t *acknowledged, int64_t *resolved)
{
	*firing = *acknowledged = *resolved = 0;
	(void)pthread_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->slot_count; i++) {
		const struct entry *x = l->slots[i];
		if (!x)
			continue;
		*(x->alert.is_firing ? firing : resolved) += 1;
		*acknowledged += x->alert.is_firing && x->alert.acked.ms;
	}
	(void)pthread_mutex_unlock(&l->lock);
}
