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

enum alert_texts look_texts(const struct look *l)
{
	return l->filter || l->active.len ? ALERT_LABELS : ALERT_WORDS;
}

enum { RANK_LEAST = 3 };

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
		if ((*severity.at | ' ') == *known[i].word.at && /* nearly always tells */
		    str_eq_nocase(severity, known[i].word))
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

/* Eight bytes a step. */
static uint64_t hash(uint64_t h, struct str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15u;
	uint64_t rest = 0;
	h ^= s.len;
	for (; s.len >= sizeof(h); s.at += sizeof(h), s.len -= sizeof(h)) {
		uint64_t word;
		memcpy(&word, s.at, sizeof(word));
		h = (h ^ word) * odd;
		h ^= h >> 32;
	}
	if (s.len)
		memcpy(&rest, s.at, s.len);
	h = (h ^ rest) * odd;
	return (h ^ h >> 32) | 1; /* 0 means free */
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

static size_t group_named(struct surveying *w, struct str name, uint64_t key)
{
	struct survey *s = w->survey;
	struct slot *at = table_slot(w->look->arena, &w->names, key);
	if (at->key)
		return at->value;
	*at = (struct slot){ key, s->groups.len };
	w->names.used++;
	*LIST_ADD(w->look->arena, &s->groups) = (struct alert_group){
		.name = str_copy(w->look->arena, name), .since_ms = INT64_MAX, .rank = RANK_LEAST
	};
	return at->value;
}

static size_t group_of(struct surveying *w, const struct live_alert *a)
{
	uint64_t name = hash(14695981039346656037u, a->name), both = hash(name, a->service);
	struct slot *pair = table_slot(w->look->arena, &w->pairs, both);
	if (!pair->key) {
		*pair = (struct slot){ both, group_named(w, a->name, name) };
		w->pairs.used++;
		w->survey->groups.at[pair->value].services++;
	}
	return pair->value;
}

static void count_in(struct alert_group *g, const struct live_alert *a, int rank)
{
	g->count++;
	g->rank = rank < g->rank ? rank : g->rank;
	g->since_ms = a->started.ms < g->since_ms ? a->started.ms : g->since_ms;
	g->newest_ms = a->started.ms > g->newest_ms ? a->started.ms : g->newest_ms;
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
	if (!look_wants(w->look, a))
		return;
	int standing = standing_of(w->look, a);
	w->survey->count[standing]++;
	struct seen_alert *seen = LIST_ADD(w->look->arena, &w->survey->seen);
	seen->standing = (uint8_t)standing;
	seen->at_ms = standing == OVER ? a->ends.ms : a->started.ms;
	memcpy(seen->fingerprint, a->fingerprint.at, sizeof(seen->fingerprint));
	if (standing != NEEDS_PERSON)
		return;
	size_t group = group_of(w, a);
	seen->group = (uint32_t)group;
	seen->rank = (uint8_t)severity_rank(a->severity);
	count_in(&w->survey->groups.at[group], a, seen->rank);
}

void look_survey(struct visit *v, struct look *l, struct survey *s)
{
	struct surveying w = { .look = l, .survey = s };
	*s = (struct survey){ .look = l };
	engine_each_alert(v->config->engine, look_texts(l), see, &w);
}
