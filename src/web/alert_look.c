/* SPDX-License-Identifier: Apache-2.0 */
/* alert_look: see alert_look.h. From what was seen to rows: alert_rows.c. */
#include "web/alert_look.h"

#include <string.h>

static int add_active(struct look *l, struct err *e)
{
	LIST_EACH (s, &l->silences) {
		if (silence_state_at(s, l->now_ms) != SILENCE_ACTIVE)
			continue;
		struct hush *h = LIST_ADD(l->arena, &l->active);
		h->silence = s;
		if (silence_match(s, l->arena, &h->match, e) != 0)
			return -1;
	}
	return 0;
}

int look_open(struct visit *v, struct look *l, struct err *e)
{
	struct matchers all = { 0 };
	*l = (struct look){ .arena = v->arena, .now_ms = v->now_ms };
	engine_silences(v->config->engine, v->arena, &l->silences);
	l->name = form_get(&v->query, "name");
	LIST_EACH (p, &v->query.pairs)
		if (str_is(p->name, "filter") && str_trim(p->value).len &&
		    matchers_parse(v->arena, p->value, &all, e) != 0)
			return -1;
	if (all.len && match_new(v->arena, &all, &l->filter, e) != 0)
		return -1;
	return add_active(l, e);
}

bool look_wants(struct look *l, const struct live_alert *a)
{
	if (l->name.len && !str_eq(l->name, a->name))
		return false;
	return !l->filter || match_fits(l->filter, a->labels);
}

const struct silence *look_silence(struct look *l, const struct live_alert *a)
{
	const struct silence *last = NULL;
	LIST_EACH (h, &l->active)
		if (match_fits(h->match, a->labels) &&
		    (!last || h->silence->ends.ms > last->ends.ms))
			last = h->silence;
	return last;
}

#define WORD(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

int severity_rank(struct str severity)
{
	static const struct {
		struct str word;
		int rank;
	} known[] = { { WORD("warning"), 2 },	{ WORD("critical"), 0 }, { WORD("page"), 0 },
		      { WORD("emergency"), 0 }, { WORD("fatal"), 0 },	 { WORD("disaster"), 0 },
		      { WORD("p1"), 0 },	{ WORD("sev1"), 0 },	 { WORD("error"), 1 },
		      { WORD("high"), 1 },	{ WORD("major"), 1 },	 { WORD("urgent"), 1 },
		      { WORD("p2"), 1 },	{ WORD("sev2"), 1 },	 { WORD("info"), 3 },
		      { WORD("low"), 3 },	{ WORD("none"), 3 },	 { WORD("notice"), 3 },
		      { WORD("p4"), 3 },	{ WORD("p5"), 3 },	 { WORD("sev4"), 3 } };
	for (size_t i = 0; severity.len && i < sizeof(known) / sizeof(*known); i++)
		if (str_eq_nocase(severity, known[i].word))
			return known[i].rank;
	return 2;
}

/* Numbers by hash: where a name's group is, and which pairs of name and service were met. */
struct slot {
	uint64_t key;
	size_t value;
};
struct table {
	struct slot *slots;
	size_t count, used; /* count: a power of two */
};

static uint64_t hash(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 1099511628211u;
	return (h ^ 255u) * 1099511628211u | 1; /* 0 means free */
}

static struct slot *slot_of(const struct table *t, uint64_t key)
{
	size_t i = (size_t)(key ^ (key >> 29)) & (t->count - 1);
	while (t->slots[i].key && t->slots[i].key != key)
		i = (i + 1) & (t->count - 1);
	return &t->slots[i];
}

static struct slot *table_slot(struct arena *a, struct table *t, uint64_t key)
{
	if ((t->used + 1) * 2 > t->count) {
		struct table bigger = { .count = t->count ? t->count * 2 : 64, .used = t->used };
		bigger.slots = ARENA_ARRAY(a, struct slot, bigger.count);
		for (size_t i = 0; i < t->count; i++)
			if (t->slots[i].key)
				*slot_of(&bigger, t->slots[i].key) = t->slots[i];
		*t = bigger;
	}
	return slot_of(t, key);
}

struct surveying {
	struct look *look;
	struct survey *survey;
	struct table names, pairs;
};

static size_t group_of(struct surveying *w, const struct live_alert *a, int rank)
{
	struct survey *s = w->survey;
	uint64_t name = hash(14695981039346656037u, a->name);
	struct slot *at = table_slot(w->look->arena, &w->names, name);
	if (!at->key) {
		*at = (struct slot){ name, s->groups.len };
		w->names.used++;
		*LIST_ADD(w->look->arena, &s->groups) = (struct alert_group){
			.name = str_copy(w->look->arena, a->name),
			.since_ms = INT64_MAX,
			.rank = rank
		};
	}
	struct alert_group *g = &s->groups.at[at->value];
	uint64_t both = hash(name, a->service);
	struct slot *pair = table_slot(w->look->arena, &w->pairs, both);
	if (!pair->key) {
		pair->key = both;
		w->pairs.used++;
		g->services++;
	}
	g->count++;
	g->rank = rank < g->rank ? rank : g->rank;
	g->since_ms = a->started.ms < g->since_ms ? a->started.ms : g->since_ms;
	g->newest_ms = a->started.ms > g->newest_ms ? a->started.ms : g->newest_ms;
	return at->value;
}

static int standing_of(struct look *l, const struct live_alert *a)
{
	if (!a->is_firing)
		return OVER;
	if (look_silence(l, a))
		return SILENCED;
	return a->acked_by.id.len || a->incident ? LOOKED_AFTER : NEEDS_PERSON;
}

static void see(void *ctx, const struct live_alert *a)
{
	struct surveying *w = ctx;
	struct arena *arena = w->look->arena;
	if (!look_wants(w->look, a))
		return;
	int standing = standing_of(w->look, a), rank = severity_rank(a->severity);
	w->survey->count[standing]++;
	*LIST_ADD(arena, &w->survey->seen) = (struct seen_alert){
		.group = standing == NEEDS_PERSON ? group_of(w, a, rank) : 0,
		.standing = standing,
		.rank = standing == NEEDS_PERSON ? rank : 0,
		.at_ms = standing == OVER ? a->ends.ms : a->started.ms,
		.fingerprint = str_copy(arena, a->fingerprint),
	};
}

void look_survey(struct visit *v, struct look *l, struct survey *s)
{
	struct surveying w = { .look = l, .survey = s };
	*s = (struct survey){ .look = l };
	engine_each_alert(v->config->engine, see, &w);
}
