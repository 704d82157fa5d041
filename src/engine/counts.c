/* SPDX-License-Identifier: Apache-2.0 */
/* counts: how much each sender delivered in the last 24 hours, in memory: no delivery costs a write for it. After a start
 * it is counted again from the newest rows of the inbox, where repeats that said nothing new are not. */
#include "engine/counts.h"

#include <pthread.h>
#include <stdio.h>

enum {
	COUNTS_MAX = 1000,   /* senders; integrations are limited to fewer */
	COUNT_ROWS = 200000, /* rows of the inbox that a start looks at: a fraction of a second */
	NAME_BYTES = 96,
	HOUR_MS = 3600 * 1000,
	HOURS = 24,
};

struct hour {
	int64_t hour, count, rejected;
};
struct sender {
	char source[NAME_BYTES];
	struct hour hours[HOURS]; /* hour h is at h % HOURS */
	int64_t last_ms, last_id;
};
struct counts {
	pthread_mutex_t lock; /* guards the rest */
	struct sender *at[COUNTS_MAX];
	size_t len;
};

struct counts *counts_new(void)
{
	struct counts *c = heap_new(sizeof(*c));
	(void)pthread_mutex_init(&c->lock, NULL);
	return c;
}

void counts_free(struct counts **cp)
{
	struct counts *c = *cp;
	if (!c)
		return;
	for (size_t i = 0; i < c->len; i++)
		heap_free(c->at[i]);
	(void)pthread_mutex_destroy(&c->lock);
	heap_free(c);
	*cp = NULL;
}

static struct sender *sender_of(struct counts *c, struct str source)
{
	for (size_t i = 0; i < c->len; i++)
		if (str_is(source, c->at[i]->source))
			return c->at[i];
	if (c->len == COUNTS_MAX || source.len >= NAME_BYTES)
		return NULL;
	struct sender *s = heap_new(sizeof(*s));
	(void)snprintf(s->source, sizeof(s->source), STR_FMT, STR_ARG(source));
	c->at[c->len++] = s;
	return s;
}

static void add(struct counts *c, const struct inbox_hour *h)
{
	struct sender *s = sender_of(c, h->source);
	if (!s)
		return;
	struct hour *to = &s->hours[h->hour % HOURS];
	if (to->hour < h->hour)
		*to = (struct hour){ .hour = h->hour };
	if (to->hour == h->hour) {
		to->count += h->count;
		to->rejected += h->rejected;
	}
	if (h->last_ms > s->last_ms)
		s->last_ms = h->last_ms;
	if (h->last_id > s->last_id)
		s->last_id = h->last_id;
}

void counts_add(struct counts *c, const struct delivery *d, int64_t now_ms)
{
	const struct inbox_hour one = { .source = str_of(d->source),
					.hour = now_ms / HOUR_MS,
					.count = 1,
					.rejected = d->rejected.len > 0,
					.last_id = d->row.id,
					.last_ms = now_ms };
	(void)pthread_mutex_lock(&c->lock);
	add(c, &one);
	(void)pthread_mutex_unlock(&c->lock);
}

int counts_load(struct counts *c, struct db *db, int64_t last_id, struct err *e)
{
	ARENA(a);
	struct inbox_hours hours = { 0 };
	if (inbox_count(db, last_id > COUNT_ROWS ? last_id - COUNT_ROWS : 0, &a, &hours, e) != 0)
		return -1;
	(void)pthread_mutex_lock(&c->lock);
	LIST_EACH (h, &hours)
		add(c, h);
	(void)pthread_mutex_unlock(&c->lock);
	return 0;
}

void counts_list(struct counts *c, int64_t now_ms, struct arena *a, struct intake_counts *out)
{
	int64_t oldest = now_ms / HOUR_MS - HOURS;
	(void)pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->len; i++) {
		const struct sender *s = c->at[i];
		struct intake_count *n = LIST_ADD(a, out);
		*n = (struct intake_count){ .source = str_copy(a, str_of(s->source)),
					    .last = { s->last_ms },
					    .last_id = s->last_id };
		for (size_t h = 0; h < HOURS; h++) {
			if (s->hours[h].hour <= oldest)
				continue;
			n->day += s->hours[h].count;
			n->rejected += s->hours[h].rejected;
		}
	}
	(void)pthread_mutex_unlock(&c->lock);
}
