/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_change: recent changes, by how suspect their service is and by their time against the onset. */
#include "core/suspect.h"

#define NEAR_S 1200.0 /* a change so long before the onset counts half */
#define AFTER_S \
	120.0 /* clocks and samples are so coarse: a change a little after the onset may be it still */
#define AFTER_PART .5
#define UNSEEN .02   /* a change counts a little even where nothing was measured */
#define SURE_FROM .5 /* of the score: evens between this change and none */

static double nearness(int64_t age_ms)
{
	double age_s = (double)age_ms / 1000;
	if (age_s >= 0)
		return 1 / (1 + age_s / NEAR_S);
	double late = -age_s / AFTER_S; /* halves, and falls off fast */
	return AFTER_PART / (1 + late + late * late);
}

static double suspicion_of(const struct suspicions *services, struct str name)
{
	double most = services->len ? services->at[0].score : 0;
	LIST_EACH (s, services)
		if (most > 0 && str_eq(s->service, name))
			return s->score > 0 ? s->score / most : 0;
	return 0;
}

static struct str lead(struct arena *a, int64_t age_ms)
{
	int64_t minutes = (age_ms < 0 ? -age_ms : age_ms) / 60000;
	const char *side = age_ms < 0 ? "after" : "before";
	if (minutes >= 120)
		return str_fmt(a, "%lld h %s it began", (long long)(minutes / 60), side);
	return str_fmt(a, "%lld min %s it began", (long long)minutes, side);
}

static int worst_first(const void *pa, const void *pb)
{
	const struct suspicion *a = pa, *b = pb;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return str_cmp(a->name, b->name);
}

static void weigh(const struct recent_change *c, double suspicion, int64_t age_ms, struct arena *a,
		  struct suspicion *out)
{
	double near = nearness(age_ms);
	out->name = c->id;
	out->service = c->service;
	out->score = (suspicion + UNSEEN) * near;
	*LIST_ADD(a, &out->terms) = (struct term){
		"service",
		suspicion,
		suspicion > .5	? STR("its service shows the trouble")
		: suspicion > 0 ? STR("its service shows less trouble than another")
				: STR("its service shows no trouble"),
	};
	*LIST_ADD(a, &out->terms) = (struct term){ "time", near, lead(a, age_ms) };
}

void suspect_changes(const struct investigation *in, struct arena *a, struct suspicions *out,
		     double *none)
{
	struct suspicions services = { 0 };
	int64_t onset_ms = suspect_onset(in, a);
	suspect_services(in, a, &services);
	LIST_EACH (c, &in->changes)
		if (c->at_ms <= in->now_ms)
			weigh(c, suspicion_of(&services, c->service), onset_ms - c->at_ms, a,
			      LIST_ADD(a, out));
	LIST_SORT(out, worst_first);
	double best = out->len ? out->at[0].score / SURE_FROM : 0;
	*none = 1 / (1 + best * best * best * best);
}
