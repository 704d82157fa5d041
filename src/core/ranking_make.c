/* SPDX-License-Identifier: Apache-2.0 */
/* ranking_make: an incident, the changes around its beginning and what is known of services, as a question to suspect.h, and
 * its answer in words and percent. */
#include "core/ranking.h"
#include "core/suspect_map.h"

enum { PERCENT = 100, ALERT_LEAD_MS = ONSET_SLACK_MS };
#define SPEAKS .1 /* doublings: a term that moves less says nothing by itself */

/* When it began, before any series is read. */
static int64_t said_onset(const struct incident *inc)
{
	int64_t first_ms = inc->started.ms;
	if (inc->symptoms.started.ms)
		return inc->symptoms.started.ms;
	LIST_EACH (a, &inc->alerts)
		if (!first_ms || (a->started.ms && a->started.ms < first_ms))
			first_ms = a->started.ms;
	return first_ms;
}

int64_t ranking_onset(const struct incident *inc)
{
	int64_t said_ms = said_onset(inc);
	return said_ms ? said_ms : inc->declared.ms;
}

/* An alert that names no service may be one that the catalogue gives to a service. */
static struct str service_of(const struct ranking_facts *f, struct str service, struct str alert)
{
	const struct service *owner = service.len ? NULL : services_of_alert(f->services, alert);
	return owner ? owner->name : service;
}

static void add_alerts(const struct ranking_facts *f, struct arena *a, struct investigation *q)
{
	const struct incident *inc = f->incident;
	const struct symptom_alert *first = NULL;
	LIST_EACH (x, &inc->alerts)
		*LIST_ADD(a, &q->alerts) = (struct symptom_alert){ .service = service_of(
									   f, x->service, x->name),
								   .name = x->name,
								   .began_ms = x->started.ms,
								   .is_firing = x->firing };
	LIST_EACH (x, &q->alerts)
		if (x->service.len && (!first || x->began_ms < first->began_ms))
			first = x;
	q->symptom_service = first		 ? first->service
			     : inc->services.len ? inc->services.at[0]
						 : STR("");
}

static bool is_own(const struct incident *inc, struct str fingerprint)
{
	LIST_EACH (x, &inc->alerts)
		if (str_eq(x->fingerprint, fingerprint))
			return true;
	return false;
}

/* Calls from where it shows to each service of the map. */
static const int *hops_from_symptom(const struct suspect_map *map, const struct investigation *q)
{
	bool *starts = ARENA_ARRAY(map->arena, bool, map->names.len);
	for (size_t i = 0; i < q->where.len; i++)
		if (q->where.at[i].len)
			starts[map_find(map, q->where.at[i])] = true;
	LIST_EACH (x, &q->alerts)
		if (x->service.len)
			starts[map_find(map, x->service)] = true;
	return map_hops(map, starts, false);
}

/* What fires at the desk, of a service that calls lead to from where it shows. */
static void add_near(const struct ranking_facts *f, struct arena *a, struct investigation *q)
{
	struct suspect_map map;
	int64_t from_ms = ranking_onset(f->incident) - RANKING_NEAR_MS;
	if (!f->near.len)
		return;
	map_init(&map, q, a);
	const int *hops = hops_from_symptom(&map, q);
	LIST_EACH (x, &f->near) {
		struct str service = service_of(f, x->service, x->name);
		int at = map_find(&map, service);
		if (at == MAP_NONE || hops[at] == MAP_FAR || x->started_ms < from_ms ||
		    is_own(f->incident, x->fingerprint))
			continue;
		*LIST_ADD(a, &q->alerts) = (struct symptom_alert){ .service = service,
								   .name = x->name,
								   .began_ms = x->started_ms,
								   .is_firing = true,
								   .is_near = true };
	}
}

static int by_number(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;
	return (*a > *b) - (*a < *b);
}

static void add_change(const struct ranking_facts *f, const struct change *c, struct arena *a,
		       struct investigation *q)
{
	const struct list *to_blame = (const struct list *)(const void *)&f->to_blame;
	bool is_undone = c->state == CHANGE_UNDONE;
	int64_t ended_ms = c->state == CHANGE_RUNNING ? INT64_MAX : c->ended.ms;
	*LIST_ADD(a, &q->changes) = (struct recent_change){
		.id = str_fmt(a, "%lld", (long long)c->number),
		.service = c->service,
		.kind = str_of(change_kind_names[c->kind]),
		.at_ms = c->began.ms,
		.ended_ms = is_undone ? 0 : ended_ms,
		.undone_ms = is_undone ? c->ended.ms : 0,
		.environment = c->environment,
		.is_failed = c->state == CHANGE_FAILED,
		.is_rollback = c->is_rollback,
		.was_to_blame = list_find(to_blame, &c->number, sizeof(int64_t), by_number),
	};
}

static void add_names(struct investigation *q, struct arena *a)
{
	LIST_OF(struct str) names = { 0 };
	struct suspect_map map;
	map_init(&map, q, a);
	for (size_t i = 0; i < map.names.len; i++)
		*LIST_ADD(a, &names) = map.names.at[i];
	q->services = (struct strs){ names.at, names.len };
}

static struct investigation question(const struct ranking_facts *f, struct arena *a)
{
	const struct incident *inc = f->incident;
	int64_t onset_ms = ranking_onset(inc);
	struct investigation q = { .symptom_kind = -1,
				   .symptom_ms = onset_ms - ALERT_LEAD_MS,
				   .now_ms = f->now_ms,
				   .where = inc->services,
				   .environment = f->environment };
	add_alerts(f, a, &q);
	/* what a person said of its beginning counts more than its alerts */
	if (inc->symptoms.started.ms || !q.alerts.len)
		q.began_ms = onset_ms;
	LIST_EACH (s, f->services)
		for (size_t i = 0; i < s->depends.len; i++)
			*LIST_ADD(a, &q.edges) = (struct call_edge){ s->name, s->depends.at[i] };
	add_near(f, a, &q);
	LIST_EACH (c, f->changes)
		add_change(f, c, a, &q);
	LIST_EACH (s, &inc->series) {
		struct series *to = LIST_ADD(a, &q.series);
		to->service = s->service;
		to->kind = (enum series_kind)s->kind;
		series_samples(s, a, &to->samples);
	}
	LIST_EACH (p, &f->past_services)
		*LIST_ADD(a, &q.past_services) = *p;
	LIST_EACH (p, &f->past_kinds)
		*LIST_ADD(a, &q.past_kinds) = *p;
	q.past_changed = f->past_changed;
	q.past_none = f->past_none;
	add_names(&q, a);
	return q;
}

static int strongest_first(const void *pa, const void *pb)
{
	const struct term *a = pa, *b = pb;
	double x = a->weight < 0 ? -a->weight : a->weight,
	       y = b->weight < 0 ? -b->weight : b->weight;
	if (x != y)
		return x > y ? -1 : 1;
	return str_cmp(a->says, b->says);
}

static void split(const struct suspicion *s, struct arena *a, struct suspect *out)
{
	struct terms sorted = { 0 };
	LIST_EACH (t, &s->terms)
		*LIST_ADD(a, &sorted) = *t;
	LIST_SORT(&sorted, strongest_first);
	out->says.at = ARENA_ARRAY(a, struct str, sorted.len + 1);
	out->against.at = ARENA_ARRAY(a, struct str, sorted.len + 1);
	LIST_EACH (t, &sorted) {
		struct strs *to = t->weight > -SPEAKS ? &out->says : &out->against;
		to->at[to->len++] = t->says;
	}
}

static int64_t percent(double part)
{
	return (int64_t)(part * PERCENT + .5);
}

void ranking_make(const struct ranking_facts *f, struct arena *a, struct ranked *out)
{
	struct investigation q = question(f, a);
	struct suspicions found = { 0 };
	double none = 0;
	*out = (struct ranked){ .known = (int64_t)q.changes.len };
	out->onset.ms = suspect_onset(&q, a, &out->onset_from);
	suspect_changes(&q, a, &found, &none);
	out->none = percent(none);
	for (size_t i = 0; i < found.len && i < RANKING_SHOWN; i++) {
		const struct suspicion *s = &found.at[i];
		struct suspect *to = LIST_ADD(a, &out->suspects);
		(void)str_to_int(s->name, &to->change);
		LIST_EACH (c, f->changes) {
			if (c->number != to->change)
				continue;
			to->title = c->title;
			to->service = c->service;
			to->kind = c->kind;
			to->began = c->began;
		}
		to->share = percent(s->share);
		split(s, a, to);
	}
}
