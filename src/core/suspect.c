/* SPDX-License-Identifier: Apache-2.0 */
/* suspect: services by their series. What a change adds to it: suspect_change.c. */
#include "core/suspect.h"

#include "base/buf.h"
#include "base/stat.h"
#include "core/suspect_map.h"

enum { FEW = 10, LOG_FLOOR_OF_FEW_X10 = 25 };
#define OTHER_KIND .3	 /* a series of another kind than the symptom's counts so much */
#define BY_CALLEES .5	 /* of what a callee shows too, so much is taken off */
#define NOT_REACHED .6	 /* no path of calls from the symptom leads to it */
#define NOT_OURS .3	 /* nobody deploys an address */
#define NEW_TEMPLATE 2.0 /* a line that was never seen before, in standard deviations of a count */
#define OFTEN .6	 /* a template is always there when this part of the samples has it */
#define ONSET_SPREADS 3.0

enum scale { AS_IT_IS, LOGARITHM, ROOT };
enum direction { UP = 1, DOWN = -1 };

/* One configuration for everything: learnt on development cases, frozen. `floor` is the least spread that is believed,
 * in parts of the median (rel) and in the unit (abs): effect floors matter more than the test. At `half` spreads a series
 * says half of what it can. */
static const struct kind {
	const char *name, *says;
	enum direction direction;
	enum scale scale;
	double floor_rel, floor_abs, half, weight, most;
	bool through_callees; /* what a callee does shows here too */
} kinds[SERIES_KINDS] = {
	[SERIES_LATENCY] = { "latency", "its latency rose", UP, LOGARITHM, .10, .001, 4, 1.0, 30,
			     true },
	[SERIES_AVAILABILITY] = { "availability", "its availability fell", DOWN, AS_IT_IS, 0, .5, 3,
				  1.0, 30, true },
	[SERIES_CPU] = { "cpu", "its CPU use rose", UP, AS_IT_IS, .10, 1, 15, 1.5, 1e9, false },
	[SERIES_SELF_P50] = { "self p50", "its own code got slower", UP, AS_IT_IS, .2, .0002, 20,
			      .3, 1e9, false },
	[SERIES_SELF_P90] = { "self p90", "its own code got slower for some", UP, AS_IT_IS, .2,
			      .0002, 20, .6, 1e9, false },
	[SERIES_GAP_P50] = { "gap p50", "calls take longer to reach it", UP, AS_IT_IS, .2, .0005,
			     50, .8, 1e9, false },
	[SERIES_GAP_P90] = { "gap p90", "some calls take longer to reach it", UP, AS_IT_IS, .2,
			     .0005, 50, .8, 1e9, false },
	[SERIES_LOGS] = { "logs", "it logs what it did not", UP, ROOT, 0, 1, 5, .9, 1e9, false },
	[SERIES_ERRORS] = { "errors", "it logs more errors", UP, AS_IT_IS, 0, 2, 4, .8, 1e9,
			    false },
	[SERIES_SILENT] = { "silent", "it no longer logs what it always did", DOWN, ROOT, 0, 1, 4,
			    .6, 1e9, false },
};

const char *const series_kind_names[] = { "latency", "availability", "cpu",  "self-p50", "self-p90",
					  "gap-p50", "gap-p90",	     "logs", "errors",	 NULL };

/* The services by name, and what is known of each. */
struct seen {
	struct str name;
	double z[SERIES_KINDS], part[SERIES_KINDS], taken; /* taken: explained by callees */
	bool is_foreign, is_reached;
};
struct board {
	const struct investigation *in;
	struct arena *arena;
	LIST_OF(struct seen) seen; /* sorted by name */
};

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct seen *)a)->name, ((const struct seen *)b)->name);
}

static struct seen *find(const struct board *b, struct str name)
{
	const struct seen key = { .name = name };
	return list_find((const struct list *)(const void *)&b->seen, &key, sizeof(key), by_name);
}

static double scaled(const struct kind *k, double x)
{
	double up = x > 0 ? x : 0;
	if (k->scale == LOGARITHM)
		return stat_log(up + k->floor_abs);
	return k->scale == ROOT ? 2 * stat_root(up) : x;
}

/* The baseline of a series: sorted, scaled values up to the symptom. */
struct baseline {
	double *values;
	size_t n, zeros;
	double median, spread;
};

static struct baseline baseline_of(const struct board *b, const struct series *s,
				   const struct kind *k)
{
	struct baseline base = { .values = ARENA_ARRAY(b->arena, double, s->samples.len) };
	bool skips_zero = k == &kinds[SERIES_SILENT];
	LIST_EACH (x, &s->samples) {
		if (x->at_ms > b->in->symptom_ms)
			continue;
		base.zeros += x->value <= 0;
		if (!skips_zero || x->value > 0)
			base.values[base.n++] = scaled(k, x->value);
	}
	stat_sort(base.values, base.n);
	base.median = stat_quantile(base.values, base.n, .5);
	base.spread = stat_spread(base.values, base.n);
	double rel = base.n < FEW && k->scale == LOGARITHM
			     ? k->floor_rel * LOG_FLOOR_OF_FEW_X10 / 10
			     : k->floor_rel;
	double floor = k->scale == LOGARITHM ? rel
					     : rel * (base.median < 0 ? -base.median : base.median);
	if (k->scale != LOGARITHM && floor < k->floor_abs)
		floor = k->floor_abs;
	if (base.spread < floor)
		base.spread = floor;
	return base;
}

static bool is_usable(const struct baseline *base, const struct kind *k)
{
	if (k == &kinds[SERIES_SILENT])
		return base->n > 0 && (double)base->n >= OFTEN * (double)(base->n + base->zeros);
	return base->n > 0 || k == &kinds[SERIES_LOGS];
}

/* How far a sample lies from the baseline, in spreads, in the direction that means harm. */
static double distance(const struct baseline *base, const struct kind *k, double value)
{
	double now = scaled(k, value);
	if (k == &kinds[SERIES_LOGS] && base->zeros == base->n && value > 0)
		now += NEW_TEMPLATE;
	return (double)(int)k->direction * (now - base->median) / base->spread;
}

/* The worst sample behind the symptom; below 0 = none. */
static double worst(const struct board *b, const struct series *s, const struct kind *k)
{
	struct baseline base = baseline_of(b, s, k);
	double most = -1;
	if (!is_usable(&base, k))
		return -1;
	LIST_EACH (x, &s->samples) {
		if (x->at_ms <= b->in->symptom_ms || x->at_ms > b->in->now_ms)
			continue;
		double z = distance(&base, k, x->value);
		if (z > most)
			most = z;
	}
	return most;
}

static void note(const struct board *b, const struct series *s, enum series_kind kind)
{
	struct seen *v = find(b, s->service);
	double z = v ? worst(b, s, &kinds[kind]) : -1;
	if (v && z > v->z[kind])
		v->z[kind] = z;
}

static double ours(const struct seen *v)
{
	return v->is_foreign ? NOT_OURS : 1;
}

static double clip(double z, double most)
{
	return z < most ? z : most;
}

/* What a kind says of each service: saturating, and against the service that shows it most. */
static void weigh_kind(const struct board *b, enum series_kind kind)
{
	const struct kind *k = &kinds[kind];
	double top = 0, weight = k->weight;
	if (b->in->symptom_kind >= 0 && b->in->symptom_kind != (int)kind)
		weight *= OTHER_KIND;
	LIST_EACH (v, &b->seen)
		if (v->z[kind] * ours(v) > top)
			top = v->z[kind] * ours(v);
	top = clip(top, k->most);
	LIST_EACH (v, &b->seen) {
		if (top <= 0)
			break;
		double share = clip(v->z[kind], k->most) / top;
		v->part[kind] = weight * v->z[kind] / (v->z[kind] + k->half) * clip(share, 1);
	}
	if (!k->through_callees)
		return;
	double *explained = ARENA_ARRAY(b->arena, double, b->seen.len);
	LIST_EACH (edge, &b->in->edges) {
		struct seen *from = find(b, edge->caller), *to = find(b, edge->callee);
		if (!from || !to || from == to)
			continue;
		double by = clip(to->part[kind] * ours(to), from->part[kind]);
		if (by > explained[from - b->seen.at])
			explained[from - b->seen.at] = by;
	}
	for (size_t i = 0; i < b->seen.len; i++)
		b->seen.at[i].taken += BY_CALLEES * explained[i];
}

/* Which services calls from the symptom reach; without a symptom, all. */
static void reach(const struct board *b)
{
	struct suspect_map map;
	bool is_known = find(b, b->in->symptom_service) != NULL;
	map_init(&map, b->in, b->arena);
	bool *starts = ARENA_ARRAY(b->arena, bool, map.names.len);
	if (is_known)
		starts[map_find(&map, b->in->symptom_service)] = true;
	const int *hops = map_hops(&map, starts, false);
	LIST_EACH (v, &b->seen)
		v->is_reached = !is_known || hops[map_find(&map, v->name)] < MAP_FAR;
}

static void add_term(struct suspicion *s, struct arena *a, const struct term *t)
{
	*LIST_ADD(a, &s->terms) = *t;
}

static void explain(const struct board *b, const struct seen *v, struct suspicion *s)
{
	double sum = 0;
	for (int kind = 0; kind < SERIES_KINDS; kind++) {
		if (v->part[kind] < .005)
			continue;
		sum += v->part[kind];
		add_term(s, b->arena,
			 &(struct term){ kinds[kind].name, v->part[kind],
					 str_fmt(b->arena, "%s: %.0f times its usual spread",
						 kinds[kind].says, v->z[kind]) });
	}
	if (v->taken >= .005)
		add_term(s, b->arena,
			 &(struct term){ "explained", -v->taken,
					 STR("a service that it calls shows the same") });
	sum -= v->taken;
	if (v->is_foreign && sum > 0)
		add_term(s, b->arena,
			 &(struct term){ "foreign", -sum * (1 - NOT_OURS),
					 STR("nobody here deploys it") });
	sum *= ours(v);
	if (!v->is_reached && sum > 0)
		add_term(s, b->arena,
			 &(struct term){ "unreached", -sum * (1 - NOT_REACHED),
					 STR("no calls lead to it from where the trouble shows") });
	s->score = v->is_reached ? sum : sum * NOT_REACHED;
}

static void board_init(struct board *b, const struct investigation *in, struct arena *a)
{
	*b = (struct board){ .in = in, .arena = a };
	for (size_t i = 0; i < in->services.len; i++)
		LIST_ADD(a, &b->seen)->name = in->services.at[i];
	LIST_SORT(&b->seen, by_name);
	for (size_t i = 0; i < in->foreign.len; i++) {
		struct seen *v = find(b, in->foreign.at[i]);
		if (v)
			v->is_foreign = true;
	}
}

static int worst_first(const void *pa, const void *pb)
{
	const struct suspicion *a = pa, *b = pb;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return str_cmp(a->name, b->name);
}

void suspect_services(const struct investigation *in, struct arena *a, struct suspicions *out)
{
	struct board b;
	board_init(&b, in, a);
	LIST_EACH (s, &in->series) {
		note(&b, s, s->kind);
		if (s->kind == SERIES_LOGS)
			note(&b, s, SERIES_SILENT);
	}
	for (int kind = 0; kind < SERIES_KINDS; kind++)
		weigh_kind(&b, (enum series_kind)kind);
	reach(&b);
	for (size_t i = 0; i < b.seen.len; i++) {
		struct suspicion *s = LIST_ADD(a, out);
		s->name = s->service = b.seen.at[i].name;
		explain(&b, &b.seen.at[i], s);
	}
	LIST_SORT(out, worst_first);
}

static int by_time(const void *pa, const void *pb)
{
	const struct sample *a = pa, *b = pb;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return (a->value > b->value) - (a->value < b->value);
}

/* The first sample that is beyond ONSET_SPREADS and followed by another, or is the last; 0 = none. One that stands alone
 * is noise. */
static int64_t leaves_at(const struct board *b, const struct series *s)
{
	const struct kind *k = &kinds[s->kind];
	struct baseline base = baseline_of(b, s, k);
	struct samples sorted = { 0 };
	int64_t first_ms = 0;
	if (!is_usable(&base, k))
		return 0;
	LIST_EACH (x, &s->samples)
		if (x->at_ms > b->in->symptom_ms && x->at_ms <= b->in->now_ms)
			*LIST_ADD(b->arena, &sorted) = *x;
	LIST_SORT(&sorted, by_time);
	LIST_EACH (x, &sorted) {
		if (distance(&base, k, x->value) < ONSET_SPREADS)
			first_ms = 0;
		else if (first_ms)
			return first_ms;
		else
			first_ms = x->at_ms;
	}
	return first_ms;
}

static bool shows_symptom(const struct investigation *in, const struct series *s)
{
	if (in->symptom_kind >= 0 && in->symptom_kind != (int)s->kind)
		return false;
	return !in->symptom_service.len || str_eq(s->service, in->symptom_service);
}

static int64_t told_onset(const struct investigation *in, struct arena *a, struct str *says)
{
	const struct symptom_alert *first = NULL;
	LIST_EACH (x, &in->alerts)
		if (!x->is_near && (!first || x->began_ms < first->began_ms))
			first = x;
	*says = STR("as was said of it");
	if (in->began_ms || !first)
		return in->began_ms ? in->began_ms : in->symptom_ms;
	*says = str_fmt(a, "then " STR_FMT " began to fire", STR_ARG(first->name));
	return first->began_ms;
}

int64_t suspect_onset(const struct investigation *in, struct arena *a, struct str *says)
{
	struct board b = { .in = in, .arena = a };
	struct str said;
	int64_t told_ms = told_onset(in, a, &said), found_ms = 0;
	bool is_told = in->began_ms || in->alerts.len;
	LIST_EACH (s, &in->series) {
		if (!shows_symptom(in, s))
			continue;
		int64_t at_ms = leaves_at(&b, s);
		int64_t off_ms = at_ms < told_ms ? told_ms - at_ms : at_ms - told_ms;
		if (!at_ms || (found_ms && found_ms <= at_ms) ||
		    (is_told && off_ms > ONSET_SLACK_MS))
			continue;
		found_ms = at_ms;
		said = str_fmt(a, "then the %s of " STR_FMT " left its usual range",
			       kinds[s->kind].name, STR_ARG(s->service));
	}
	if (says)
		*says = said;
	return found_ms ? found_ms : told_ms;
}
