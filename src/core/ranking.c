/* SPDX-License-Identifier: Apache-2.0 */
/* ranking: see ranking.h. The series: ranking_series.c. */
#include "core/ranking.h"

extern const struct module ranking_module;

enum { SHOWN_IN_A_SENTENCE = 3 };
static const char *const places[] = { "first", "second", "third", "fourth", "fifth" };

static const struct field ranked_fields[] = {
	FIELD(ranked, onset, "when the trouble began, as far as known"),
	FIELD(ranked, onset_from, "from what that is known"),
	FIELD(ranked, none, "how sure it is that no recent change explains this, in percent"),
	FIELD(ranked, known, "how many recent changes were looked at"),
	ITEMS(ranked, suspects, suspect, "the changes that may have set it off",
	      .max = RANKING_SHOWN),
	FIELD(ranked, moved, "what moved"),
	END,
};

static const struct field cause_named_fields[] = {
	FIELD(cause_named, change, "the change that set it off; 0: none did"),
	FIELD(cause_named, title, "what the cause was"),
	FIELD(cause_named, first_place, "where the first ranking had it"),
	FIELD(cause_named, last_place, "where the last ranking had it"),
	END,
};

/* What moved, in words */

/* From 0; as many as there are = not among them. */
static size_t place_of(const struct suspect_list *list, int64_t change)
{
	size_t i = 0;
	while (i < list->len && list->at[i].change != change)
		i++;
	return i;
}

static struct str because(const struct suspect *s, struct arena *a)
{
	return s->says.len ? str_fmt(a, ": " STR_FMT, STR_ARG(s->says.at[0])) : STR("");
}

static struct str say_none(const struct ranked *r, struct arena *a)
{
	return str_fmt(a, "No recent change explains this (%lld %%). %lld change%s looked at",
		       (long long)r->none, (long long)r->known, r->known == 1 ? " was" : "s were");
}

static struct str say_first(const struct ranked *r, struct arena *a)
{
	const struct suspect *s = &r->suspects.at[0];
	struct str why = because(s, a);
	if (r->none >= RANKING_NONE_FROM)
		return say_none(r, a);
	return str_fmt(a, STR_FMT " is the first suspect of %lld change%s (%lld %%)" STR_FMT,
		       STR_ARG(s->title), (long long)r->known, r->known == 1 ? "" : "s",
		       (long long)s->share, STR_ARG(why));
}

static struct str say_place(const struct incident *inc, const struct ranked *r, size_t now,
			    struct arena *a)
{
	const struct suspect *s = &r->suspects.at[now];
	size_t was = place_of(&inc->ranking.suspects, s->change);
	struct str why = because(s, a);
	return str_fmt(a, STR_FMT " is %s now (was %s)" STR_FMT, STR_ARG(s->title), places[now],
		       was < inc->ranking.suspects.len ? places[was] : "not among the first",
		       STR_ARG(why));
}

static int64_t gap(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

struct str ranking_moved(const struct incident *inc, const struct ranked *r, struct arena *a)
{
	const struct ranking *old = &inc->ranking;
	bool had_none = old->none >= RANKING_NONE_FROM, has_none = r->none >= RANKING_NONE_FROM;
	if (!old->at.ms)
		return r->suspects.len ? say_first(r, a) : STR("");
	if (!had_none && has_none)
		return say_none(r, a);
	if (had_none && !has_none)
		return say_first(r, a);
	for (size_t i = 0; i < r->suspects.len && i < SHOWN_IN_A_SENTENCE; i++)
		if (place_of(&old->suspects, r->suspects.at[i].change) != i)
			return say_place(inc, r, i, a);
	if (!r->suspects.len && old->suspects.len)
		return say_none(r, a);
	for (size_t i = 0; i < r->suspects.len && i < old->suspects.len; i++)
		if (r->suspects.at[i].change == old->suspects.at[i].change &&
		    !str_eq(r->suspects.at[i].title, old->suspects.at[i].title))
			return str_fmt(a, "Suspect %zu is called " STR_FMT " now", i + 1,
				       STR_ARG(r->suspects.at[i].title));
	for (size_t i = 0; i < r->suspects.len && i < SHOWN_IN_A_SENTENCE; i++) {
		const struct suspect *s = &r->suspects.at[i], *was = &old->suspects.at[i];
		struct str why = because(s, a);
		if (gap(s->share, was->share) >= RANKING_MARKED)
			return str_fmt(a, STR_FMT " stays %s, at %lld %% now (was %lld %%)" STR_FMT,
				       STR_ARG(s->title), places[i], (long long)s->share,
				       (long long)was->share, STR_ARG(why));
	}
	return gap(r->none, old->none) >= RANKING_MARKED ? say_none(r, a) : STR("");
}

static int decide_rank(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	struct ranked r = *(const struct ranked *)cmd->fields;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	bool is_early = inc->ranking.at.ms && facts->now_ms - inc->ranking.at.ms < RANKING_EVERY_MS;
	r.moved = ranking_moved(inc, &r, d->arena);
	if (r.moved.len && !is_early)
		*(struct ranked *)decision_add(d, &ranking_events[RANKING_RANKED]) = r;
	return 0;
}

static void keep_first(struct incident *inc)
{
	const struct ranking *r = &inc->ranking;
	if (r->none >= RANKING_NONE_FROM)
		incident_keep_also(inc, &inc->first_suspects, STR("none"));
	LIST_EACH (s, &r->suspects)
		incident_keep_also(inc, &inc->first_suspects,
				   str_fmt(inc->arena, "%lld", (long long)s->change));
}

static void on_ranked(void *state, const struct event *event)
{
	struct incident *inc = state;
	struct ranked copy;
	fields_copy(ranked_fields, &copy, event->body, sizeof(copy), inc->arena);
	inc->ranking = (struct ranking){ .at.ms = event->happened_ms,
					 .onset = copy.onset,
					 .onset_from = copy.onset_from,
					 .none = copy.none,
					 .known = copy.known,
					 .suspects = copy.suspects };
	if (inc->rankings++ == 0)
		keep_first(inc);
}

/* The cause */

/* From 1; 0 = not among them. */
static int64_t first_place(const struct incident *inc, int64_t change, struct arena *a)
{
	const struct strs *first = &inc->first_suspects;
	bool has_none = first->len && str_is(first->at[0], "none");
	if (!change)
		return has_none;
	struct str number = str_fmt(a, "%lld", (long long)change);
	for (size_t i = has_none; i < first->len; i++)
		if (str_eq(first->at[i], number))
			return (int64_t)i + 1 - has_none;
	return 0;
}

static int64_t last_place(const struct incident *inc, int64_t change)
{
	const struct suspect_list *list = &inc->ranking.suspects;
	if (!change)
		return inc->ranking.at.ms && inc->ranking.none >= RANKING_NONE_FROM;
	size_t at = place_of(list, change);
	return at < list->len ? (int64_t)at + 1 : 0;
}

int ranking_name_cause(const struct incident *inc, struct str cause, struct decision *d,
		       struct err *e)
{
	int64_t change = 0;
	struct str text = str_trim(cause);
	struct str number = str_starts(text, STR("#")) ? str_sub(text, 1, text.len) : text;
	if (!str_eq_nocase(text, STR("none")) && (!str_to_int(number, &change) || change < 1))
		return err_field(e, "cause",
				 "Give the number of the change that set it off, or \"none\".");
	struct cause_named *to = decision_add(d, &ranking_events[RANKING_CAUSE]);
	size_t at = place_of(&inc->ranking.suspects, change);
	to->change = change;
	to->title = !change ? STR("no change")
		    : at < inc->ranking.suspects.len
			    ? inc->ranking.suspects.at[at].title
			    : str_fmt(d->arena, "change %lld", (long long)change);
	to->first_place = first_place(inc, change, d->arena);
	to->last_place = last_place(inc, change);
	return 0;
}

struct name_cause {
	struct str cause;
};
static const struct field name_cause_fields[] = {
	FIELD(name_cause, cause, "the number of the change that set it off, or none",
	      .required = true, .max = 40, .suggest = "cause"),
	END,
};

static int decide_confirm(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct name_cause *in = cmd->fields;
	const struct incident *inc = state;
	(void)facts;
	if (!inc->closed.ms && incident_refuse_if_over(state, e)) /* a review may find out late */
		return -1;
	return ranking_name_cause(state, in->cause, d, e);
}

static void on_cause(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct cause_named *b = event->body;
	inc->cause = (struct cause){ .at.ms = event->happened_ms,
				     .change = b->change,
				     .title = incident_keep(inc, b->title),
				     .first_place = b->first_place,
				     .last_place = b->last_place,
				     .by.id = incident_keep(inc, event->actor) };
}

#define EVENT(wire, body, words, fn)                                                              \
	{                                                                                         \
		.name = wire, .version = 1, .fields = body##_fields, .size = sizeof(struct body), \
		.clearance = CLEAR_INTERNAL, .sentence = words, .evolve = fn                      \
	}
const struct event_type ranking_events[] = {
	[RANKING_RANKED] = EVENT("suspects.ranked", ranked, "{moved}.", on_ranked),
	[RANKING_CAUSE] = EVENT(
		"cause.named", cause_named,
		"{actor} named the cause: {title}.[ The first ranking had it in place "
		"{first_place}.][ The last had it in place {last_place}.]",
		on_cause),
	END_EVENTS,
};

static const struct verb ranking_verbs[] = {
	{ "suspect", "rank", NULL, "Rank the recent changes", "Keeps a ranking of recent changes.",
	  RIGHT_RESPOND, INTERNAL, ranked_fields, sizeof(struct ranked), decide_rank },
	{ "suspect", "confirm", NULL, "Name the cause",
	  "Says which change set it off, or that none did: later rankings learn from it.",
	  RIGHT_RESPOND, 0, name_cause_fields, sizeof(struct name_cause), decide_confirm },
	END_VERBS,
};

const struct module ranking_module = {
	.name = "ranking",
	.stream = &incident_stream,
	.verbs = ranking_verbs,
	.events = ranking_events,
};
