/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_change: recent changes, by how suspect their service is (suspect_place.c), by their time against the onset, and by
 * what else is known of them. Every term is a factor; the score is their product. */
#include "core/suspect_place.h"

#include "base/stat.h"

#define NEAR_S 1200.0 /* a change so long before the onset counts half */
#define AFTER_S \
	120.0 /* clocks and samples are so coarse: a change a little after the onset may be it still */
#define AFTER_PART .5
#define UNSEEN .02     /* a change counts a little even where nothing was measured */
#define SURE_FROM .5   /* of the score: evens between this change and none */
#define EVEN_PLACE .36 /* so much says neither yes nor no */
#define EVEN_TIME .33
/* what else is known */
#define ALERT_BEHIND 1.25 /* its own service began to fire within BEHIND_MS of it */
#define ALERT_AHEAD .4	  /* ... fired before it already */
#define UNDONE_BEFORE .15
#define UNDONE_IN_VAIN .5 /* undone, and SETTLE_MS later its service fires still */
#define WAS_TO_BLAME .3	  /* for an incident that is over: it was dealt with */
#define ROLLED_BACK .7	  /* what it brought back ran before */
#define FAILED_PART 1.1	  /* part of it may be live */
#define ELSEWHERE .15	  /* another environment than the incident's */
#define NOT_LIVE .3 /* an environment that no customer sees, and the incident's is not known */
enum { BEHIND_MS = 30 * 60 * 1000, SETTLE_MS = 10 * 60 * 1000 };
/* what was learnt: a rate of causes among changes, against the average; few cases move it little */
#define USUAL_RATE .02	/* of all changes, before anything is known */
#define RATE_CHANGES 50 /* so many imagined ones stand behind it */
#define KIND_MOST 2.0	/* a kind counts at most so much more, or less */
#define SERVICE_MOST 4.0
#define IMAGINED_CAUSES 3 /* of each service and kind: one case moves it a little */
#define EVEN_INCIDENTS 5  /* imagined ones on each side of "a change set it off" */

struct hunt {
	const struct investigation *in;
	struct arena *arena;
	struct places places;
	int64_t onset_ms;
	double rate; /* causes among changes, all services together */
};

static double doublings(double factor)
{
	return stat_log(factor) / stat_log(2);
}

/* Multiplies the score; what is even between for and against adds no weight. */
static void term(struct suspicion *s, struct arena *a, const struct term *t, double even)
{
	s->score *= t->weight;
	*LIST_ADD(a, &s->terms) = (struct term){ t->name, doublings(t->weight / even), t->says };
}

/* Above 0: before the onset. A change that takes time may have done it at any moment of it. */
static int64_t age_of(const struct hunt *h, const struct recent_change *c)
{
	int64_t end_ms = c->ended_ms > c->at_ms ? c->ended_ms : c->at_ms;
	if (h->onset_ms > end_ms)
		return h->onset_ms - end_ms;
	return h->onset_ms >= c->at_ms ? 0 : h->onset_ms - c->at_ms;
}

static double nearness(int64_t age_ms)
{
	double age_s = (double)age_ms / 1000;
	if (age_s >= 0)
		return 1 / (1 + age_s / NEAR_S);
	double late = -age_s / AFTER_S; /* halves, and falls off fast */
	return AFTER_PART / (1 + late + late * late);
}

static void weigh_time(const struct hunt *h, const struct recent_change *c, struct suspicion *out)
{
	int64_t age_ms = age_of(h, c);
	struct str length = suspect_length(h->arena, age_ms);
	bool is_amid = age_ms == 0 && c->ended_ms > c->at_ms;
	struct str says = is_amid ? STR("it was under way when it began")
				  : str_fmt(h->arena, STR_FMT " %s it began", STR_ARG(length),
					    age_ms < 0 ? "after" : "before");
	term(out, h->arena, &(struct term){ "time", nearness(age_ms), says }, EVEN_TIME);
}

static void weigh_alert(const struct hunt *h, const struct recent_change *c,
			const struct place *place, struct suspicion *out)
{
	const struct symptom_alert *x = place->alert;
	struct arena *a = h->arena;
	if (!x)
		return;
	int64_t end_ms = c->ended_ms > c->at_ms ? c->ended_ms : c->at_ms;
	int64_t gap_ms = x->began_ms - (x->began_ms < c->at_ms ? c->at_ms : end_ms);
	struct str length = suspect_length(a, gap_ms), says;
	if (x->began_ms < c->at_ms) {
		says = str_fmt(a, STR_FMT " fired there " STR_FMT " before it already",
			       STR_ARG(x->name), STR_ARG(length));
		term(out, a, &(struct term){ "alert", ALERT_AHEAD, says }, 1);
	} else if (gap_ms <= BEHIND_MS) {
		says = gap_ms < 0
			       ? str_fmt(a, STR_FMT " began to fire there while it was under way",
					 STR_ARG(x->name))
			       : str_fmt(a, STR_FMT " began to fire there " STR_FMT " after it",
					 STR_ARG(x->name), STR_ARG(length));
		term(out, a, &(struct term){ "alert", ALERT_BEHIND, says }, 1);
	}
}

static void weigh_state(const struct hunt *h, const struct recent_change *c,
			const struct place *place, struct suspicion *out)
{
	int64_t since_ms = h->in->now_ms - c->undone_ms;
	if (c->undone_ms && c->undone_ms < h->onset_ms) {
		struct str length = suspect_length(h->arena, h->onset_ms - c->undone_ms);
		term(out, h->arena,
		     &(struct term){ "state", UNDONE_BEFORE,
				     str_fmt(h->arena, "it was undone " STR_FMT " before it began",
					     STR_ARG(length)) },
		     1);
	} else if (c->undone_ms && place->alert && place->alert->is_firing &&
		   since_ms > SETTLE_MS) {
		struct str length = suspect_length(h->arena, since_ms);
		term(out, h->arena,
		     &(struct term){ "state", UNDONE_IN_VAIN,
				     str_fmt(h->arena,
					     "it was undone " STR_FMT " ago, and " STR_FMT
					     " fires still",
					     STR_ARG(length), STR_ARG(place->alert->name)) },
		     1);
	}
	if (c->is_failed)
		term(out, h->arena,
		     &(struct term){ "state", FAILED_PART,
				     STR("it failed: part of it may be live") },
		     1);
	if (c->was_to_blame)
		term(out, h->arena,
		     &(struct term){ "before", WAS_TO_BLAME,
				     STR("it set off an incident that is over") },
		     1);
	if (c->is_rollback)
		term(out, h->arena,
		     &(struct term){ "rollback", ROLLED_BACK,
				     STR("it brought back what ran before") },
		     1);
}

static bool is_not_live(struct str environment)
{
	static const char *const names[] = { "staging", "stage", "dev", "development", "test",
					     "testing", "qa",	 "ci",	"sandbox",     "preview" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(environment, str_of(names[i])))
			return true;
	return false;
}

static void weigh_environment(const struct hunt *h, const struct recent_change *c,
			      struct suspicion *out)
{
	struct str ours = h->in->environment, its = c->environment;
	if (!its.len || str_eq_nocase(ours, its) || (!ours.len && !is_not_live(its)))
		return;
	struct str says = ours.len ? str_fmt(h->arena,
					     "it went to " STR_FMT ", and it shows in " STR_FMT,
					     STR_ARG(its), STR_ARG(ours))
				   : str_fmt(h->arena, "it went to " STR_FMT, STR_ARG(its));
	term(out, h->arena, &(struct term){ "environment", ours.len ? ELSEWHERE : NOT_LIVE, says },
	     1);
}

/* What was learnt from incidents whose cause was confirmed */

struct learnt {
	const char *name, *whose; /* of the term; "of payments", "of this kind" */
	double most;
};

static void weigh_past(const struct hunt *h, const struct past *p, const struct learnt *l,
		       struct suspicion *out)
{
	double imagined = IMAGINED_CAUSES / h->rate; /* changes */
	double rate = ((double)p->causes + IMAGINED_CAUSES) / ((double)p->changes + imagined);
	double factor = rate / h->rate;
	struct str says;
	factor = factor > l->most ? l->most : factor < 1 / l->most ? 1 / l->most : factor;
	if (p->causes)
		says = str_fmt(h->arena, "%lld of %lld changes %s set off an incident before",
			       (long long)p->causes, (long long)p->changes, l->whose);
	else
		says = str_fmt(h->arena, "none of %lld changes %s ever set off an incident",
			       (long long)p->changes, l->whose);
	if (p->changes)
		term(out, h->arena, &(struct term){ l->name, factor, says }, 1);
}

static const struct past *past_of(const struct hunt *h, bool of_service, struct str name)
{
	const struct past *at = of_service ? h->in->past_services.at : h->in->past_kinds.at;
	size_t len = of_service ? h->in->past_services.len : h->in->past_kinds.len;
	for (size_t i = 0; i < len; i++)
		if (str_eq(at[i].name, name))
			return &at[i];
	return NULL;
}

static double usual_rate(const struct investigation *in)
{
	double causes = USUAL_RATE * RATE_CHANGES, changes = RATE_CHANGES;
	LIST_EACH (p, &in->past_kinds) {
		causes += (double)p->causes;
		changes += (double)p->changes;
	}
	return causes / changes;
}

static void weigh_learnt(const struct hunt *h, const struct recent_change *c, struct suspicion *out)
{
	const struct past *service = past_of(h, true, c->service),
			  *kind = past_of(h, false, c->kind);
	if (h->in->past_changed == 0)
		return;
	if (service)
		weigh_past(h, service,
			   &(struct learnt){ "history", "of this service", SERVICE_MOST }, out);
	if (kind)
		weigh_past(h, kind, &(struct learnt){ "kind", "of this kind", KIND_MOST }, out);
}

static int worst_first(const void *pa, const void *pb)
{
	const struct suspicion *a = pa, *b = pb;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return str_cmp(a->name, b->name);
}

static void weigh(const struct hunt *h, const struct recent_change *c, struct suspicion *out)
{
	const struct place *place = places_of(&h->places, c->service);
	*out = (struct suspicion){ .name = c->id, .service = c->service, .score = 1 };
	term(out, h->arena, &(struct term){ "service", place->suspicion + UNSEEN, place->says },
	     EVEN_PLACE);
	weigh_time(h, c, out);
	weigh_alert(h, c, place, out);
	weigh_state(h, c, place, out);
	weigh_environment(h, c, out);
	weigh_learnt(h, c, out);
}

static double fourth(double x)
{
	return x * x * x * x;
}

/* Evens at SURE_FROM, where as many incidents were set off by a change as by none. */
static double none_of(const struct investigation *in, double best)
{
	double odds = ((double)in->past_none + EVEN_INCIDENTS) /
		      ((double)in->past_changed + EVEN_INCIDENTS);
	return odds / (odds + fourth(best / SURE_FROM));
}

void suspect_changes(const struct investigation *in, struct arena *a, struct suspicions *out,
		     double *none)
{
	struct hunt h = {
		.in = in, .arena = a, .onset_ms = suspect_onset(in, a, NULL), .rate = usual_rate(in)
	};
	double sum = 0;
	places_init(&h.places, in, a);
	LIST_EACH (c, &in->changes)
		if (c->at_ms <= in->now_ms)
			weigh(&h, c, LIST_ADD(a, out));
	LIST_SORT(out, worst_first);
	*none = none_of(in, out->len ? out->at[0].score : 0);
	LIST_EACH (s, out)
		sum += fourth(s->score);
	LIST_EACH (s, out)
		s->share = sum > 0 ? (1 - *none) * fourth(s->score) / sum : 0;
}
