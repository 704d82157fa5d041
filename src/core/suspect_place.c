/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_place: see suspect_place.h. */
#include "core/suspect_place.h"

/* Without series: so suspect is a service that fires an alert, one that people name, one that these call. */
#define FIRES 1.0
#define NAMED .8
#define CALLED_BY .75 /* directly */
#define CALLED_FAR .3 /* four calls away and more */
#define PER_CALL .2   /* less for each call more */
#define CALLER .1
#define APART .05
#define NOT_KNOWN .3  /* nothing says how it is connected */
#define EXPLAINED .6  /* of it is left where a service that it calls fires too */
#define UNMEASURED .5 /* of it is left where other services were measured and this one was not */
#define SHOWS .5      /* of the most suspect one's score: its series show the trouble */

struct survey {
	const struct investigation *in;
	struct arena *arena;
	struct places *out;
	bool *is_linked;  /* some call begins or ends there */
	int *blames;	  /* the service it calls, straight or through others, that fires */
	int *down, *up;	  /* calls from where it shows; to there */
	int symptom;	  /* one of where it shows, for words; MAP_NONE */
	double *measured; /* its series, as part of the most suspect; below 0 = it has none */
	double top;
};

static struct str name_of(const struct survey *s, int place)
{
	return place == MAP_NONE ? STR("there") : s->out->map.names.at[place];
}

static void find_symptoms(struct survey *s)
{
	const struct investigation *in = s->in;
	const struct suspect_map *m = &s->out->map;
	int told = map_find(m, in->symptom_service);
	if (told != MAP_NONE)
		s->out->at[told].is_symptom = true;
	for (size_t i = 0; i < in->where.len; i++)
		if (in->where.at[i].len)
			s->out->at[map_find(m, in->where.at[i])].is_symptom = true;
	LIST_EACH (x, &in->alerts) {
		int at = map_find(m, x->service);
		if (at == MAP_NONE)
			continue;
		struct place *p = &s->out->at[at];
		p->is_symptom = true;
		if (!p->alert || x->began_ms < p->alert->began_ms)
			p->alert = x;
	}
	s->symptom = told;
	for (size_t i = 0; s->symptom == MAP_NONE && i < m->names.len; i++)
		if (s->out->at[i].is_symptom)
			s->symptom = (int)i;
}

static void find_ways(struct survey *s)
{
	const struct suspect_map *m = &s->out->map;
	bool *starts = ARENA_ARRAY(s->arena, bool, m->names.len);
	s->is_linked = ARENA_ARRAY(s->arena, bool, m->names.len);
	s->blames = ARENA_ARRAY(s->arena, int, m->names.len);
	for (size_t i = 0; i < m->names.len; i++) {
		starts[i] = s->out->at[i].is_symptom;
		s->blames[i] = MAP_NONE;
	}
	s->down = map_hops(m, starts, false);
	s->up = map_hops(m, starts, true);
	for (bool grew = true; grew;) {
		grew = false;
		LIST_EACH (l, &m->links) {
			s->is_linked[l->from] = s->is_linked[l->to] = true;
			int to = s->out->at[l->to].alert ? l->to : s->blames[l->to];
			if (s->blames[l->from] != MAP_NONE || to == MAP_NONE || to == l->from)
				continue;
			s->blames[l->from] = to;
			grew = true;
		}
	}
}

static void find_measured(struct survey *s)
{
	struct suspicions services = { 0 };
	const struct suspect_map *m = &s->out->map;
	s->measured = ARENA_ARRAY(s->arena, double, m->names.len);
	for (size_t i = 0; i < m->names.len; i++)
		s->measured[i] = -1;
	if (!s->in->series.len)
		return;
	suspect_services(s->in, s->arena, &services);
	s->top = services.len ? services.at[0].score : 0;
	LIST_EACH (x, &s->in->series)
		if (x->samples.len)
			s->measured[map_find(m, x->service)] = 0;
	LIST_EACH (v, &services) {
		double *to = &s->measured[map_find(m, v->name)];
		if (*to >= 0 && s->top > 0 && v->score > 0)
			*to = v->score / s->top;
	}
}

static double by_calls(const struct survey *s, int at, struct str *says)
{
	int down = s->down[at], up = s->up[at];
	struct str symptom = name_of(s, s->symptom), name = name_of(s, at);
	if (s->symptom == MAP_NONE || !s->is_linked[at]) {
		*says = s->symptom == MAP_NONE ? STR("nothing says yet where the trouble shows")
					       : str_fmt(s->arena,
							 "how " STR_FMT " is connected to " STR_FMT
							 " is not in the catalogue",
							 STR_ARG(name), STR_ARG(symptom));
		return NOT_KNOWN;
	}
	if (down < MAP_FAR) {
		double left = CALLED_BY - PER_CALL * (down - 1);
		*says = down == 1
				? str_fmt(s->arena, STR_FMT " is called from where it shows",
					  STR_ARG(name))
				: str_fmt(s->arena, STR_FMT " is %d calls away from where it shows",
					  STR_ARG(name), down);
		return left > CALLED_FAR ? left : CALLED_FAR;
	}
	*says = up < MAP_FAR ? str_fmt(s->arena,
				       STR_FMT " calls the services where it shows: trouble seldom "
					       "goes that way",
				       STR_ARG(name))
			     : str_fmt(s->arena, "no calls lead to " STR_FMT " from where it shows",
				       STR_ARG(name));
	return up < MAP_FAR ? CALLER : APART;
}

static double by_signs(const struct survey *s, int at, struct str *says)
{
	const struct place *p = &s->out->at[at];
	struct str name = name_of(s, at);
	if (!p->is_symptom)
		return by_calls(s, at, says);
	*says = p->alert ? str_fmt(s->arena, STR_FMT " %s at " STR_FMT, STR_ARG(p->alert->name),
				   p->alert->is_firing ? "fires" : "fired", STR_ARG(name))
			 : str_fmt(s->arena, "the trouble shows at " STR_FMT, STR_ARG(name));
	if (s->blames[at] == MAP_NONE)
		return p->alert ? FIRES : NAMED;
	*says = str_fmt(s->arena, STR_FMT ", but " STR_FMT ", which it depends on, fires%s",
			STR_ARG(*says), STR_ARG(name_of(s, s->blames[at])), p->alert ? " too" : "");
	return (p->alert ? FIRES : NAMED) * EXPLAINED;
}

static void judge(const struct survey *s, int at)
{
	struct place *p = &s->out->at[at];
	double measured = s->measured[at];
	p->suspicion = by_signs(s, at, &p->says);
	if (s->top <= 0)
		return;
	if (measured < 0) {
		p->suspicion *= UNMEASURED;
	} else if (!p->alert || measured > p->suspicion) {
		p->suspicion = measured;
		p->says = str_fmt(s->arena, "%s " STR_FMT "%s",
				  measured > SHOWS ? "the series of"
				  : measured > 0
					  ? "the series of others show more trouble than those of"
					  : "the series of",
				  STR_ARG(name_of(s, at)),
				  measured > SHOWS ? " show the trouble"
				  : measured > 0   ? ""
						   : " show no trouble");
	}
}

void places_init(struct places *out, const struct investigation *in, struct arena *a)
{
	struct survey s = { .in = in, .arena = a, .out = out };
	map_init(&out->map, in, a);
	out->at = ARENA_ARRAY(a, struct place, out->map.names.len);
	out->nowhere = (struct place){ .suspicion = NOT_KNOWN,
				       .says = STR("which service it touched is not known") };
	find_symptoms(&s);
	find_ways(&s);
	find_measured(&s);
	for (size_t i = 0; i < out->map.names.len; i++)
		judge(&s, (int)i);
	if (s.top > 0)
		out->nowhere.suspicion *= UNMEASURED;
}

const struct place *places_of(const struct places *p, struct str service)
{
	int at = map_find(&p->map, service);
	return at == MAP_NONE ? &p->nowhere : &p->at[at];
}

struct str suspect_length(struct arena *a, int64_t length_ms)
{
	int64_t minutes = (length_ms < 0 ? -length_ms : length_ms) / 60000;
	if (minutes == 0)
		return STR("less than a minute");
	return minutes >= 120 ? str_fmt(a, "%lld h", (long long)(minutes / 60))
			      : str_fmt(a, "%lld min", (long long)minutes);
}
