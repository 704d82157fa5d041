/* SPDX-License-Identifier: Apache-2.0 */
/* ranking_series: the series that people and scripts give an incident, so that the ranking sees when and where the trouble
 * began. What a series says: suspect.c. */
#include "core/ranking.h"

#include "base/csv.h"
#include "base/when.h"

extern const struct module series_module;

enum {
	POINT_BYTES = 48, /* "1763908920000 0.000123456789\n" */
	VALUE_BYTES = 24,
	POINTS_BYTES = SERIES_KEPT * POINT_BYTES,
	TEXT_BYTES = 2 * SERIES_POST_MAX * POINT_BYTES, /* as people write it */
	AHEAD_MS = 60 * 1000,				/* so far a sender's clock may be ahead */
};
static const int64_t back_ms = (int64_t)30 * 24 * 3600 * 1000; /* older is a slip */
static const int64_t ms_from =
	100000000000; /* a time from here on is in ms: in seconds it were the year 5138 */

/* One point as it is kept; value: the text of it */
struct point {
	int64_t at_ms;
	struct str value;
};
LIST_DECLARE(points, struct point);

static bool read_time(struct str text, int64_t *at_ms)
{
	double n;
	if (when_parse_rfc3339(text, at_ms))
		return true;
	if (!csv_number(text, &n) || n < 1 || n > 1e15)
		return false;
	*at_ms = n >= (double)ms_from ? (int64_t)n : (int64_t)(n * 1000);
	return true;
}

/* "TIME VALUE", parted by a blank, a tab, a comma or a semicolon. */
static bool read_point(struct str line, struct point *out)
{
	double unused;
	size_t n = 0;
	line = str_trim(line);
	while (n < line.len && !strchr(" \t,;", line.at[n]))
		n++;
	if (n == line.len)
		return false;
	struct str rest = str_trim(str_sub(line, n + 1, line.len));
	out->value = rest;
	return rest.len <= VALUE_BYTES && csv_number(rest, &unused) &&
	       read_time(str_sub(line, 0, n), &out->at_ms);
}

static int by_time(const void *pa, const void *pb)
{
	const struct point *a = pa, *b = pb;
	return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* Oldest first, one a moment. */
static void settle(struct points *p)
{
	size_t kept = 0;
	LIST_SORT(p, by_time);
	for (size_t i = 0; i < p->len; i++)
		if (!kept || p->at[kept - 1].at_ms != p->at[i].at_ms)
			p->at[kept++] = p->at[i];
	p->len = kept;
}

static int read_points(struct str text, int64_t now_ms, struct arena *a, struct points *out,
		       struct err *e)
{
	struct str line;
	for (int number = 1; text.len && str_cut(&text, '\n', &line); number++) {
		struct point p;
		if (!str_trim(line).len)
			continue;
		if (!read_point(line, &p)) {
			if (number == 1)
				continue; /* the head of a table */
			return err_field(e, "points",
					 "Line %d is no time and value: \"" STR_FMT "\".", number,
					 STR_ARG(str_clip(str_trim(line), 60)));
		}
		if (p.at_ms > now_ms + AHEAD_MS)
			return err_field(e, "points", "Line %d lies in the future.", number);
		if (p.at_ms < now_ms - back_ms)
			return err_field(
				e, "points",
				"Line %d lies more than 30 days back. A time is seconds or "
				"ms since 1970 UTC, or 2026-11-23T14:03:00Z.",
				number);
		if (out->len == SERIES_POST_MAX)
			return err_field(e, "points", "At most %d samples at a time.",
					 SERIES_POST_MAX);
		*LIST_ADD(a, out) = p;
	}
	settle(out);
	if (!out->len)
		return err_field(e, "points",
				 "Give a line for each sample: a time, a blank and a value.");
	return 0;
}

static void write_points(const struct points *p, size_t from, struct buf *out)
{
	for (size_t i = from; i < p->len; i++)
		buf_fmt(out, "%lld " STR_FMT "\n", (long long)p->at[i].at_ms,
			STR_ARG(p->at[i].value));
}

/* Lines of our own making; others are left out. */
static void known_points(struct str text, struct arena *a, struct points *out)
{
	struct str line;
	while (text.len && str_cut(&text, '\n', &line)) {
		struct point p;
		if (read_point(line, &p))
			*LIST_ADD(a, out) = p;
	}
}

void series_samples(const struct given_series *s, struct arena *a, struct samples *out)
{
	struct points p = { 0 };
	known_points(s->points, a, &p);
	LIST_EACH (x, &p) {
		struct sample *to = LIST_ADD(a, out);
		to->at_ms = x->at_ms;
		(void)csv_number(x->value, &to->value);
	}
}

/* The verb and its event */

struct series_given {
	struct str service;
	int kind;
	struct str points;
	struct when from, to;
	int64_t samples;
};
static const struct field series_given_fields[] = {
	FIELD(series_given, service, "the service it measures"),
	CHOICE(series_given, kind, series_kind, "what it measures"),
	FIELD(series_given, points, "the samples", .max = TEXT_BYTES),
	FIELD(series_given, from, "the oldest sample"),
	FIELD(series_given, to, "the newest sample"),
	FIELD(series_given, samples, "how many there are"),
	END,
};

static struct given_series *find_series(const struct incident *inc, struct str service, int kind)
{
	LIST_EACH (s, &inc->series)
		if (s->kind == kind && str_eq(s->service, service))
			return s;
	return NULL;
}

/* What is given replaces what was known from its first moment on; only the newest stay. The room for the text is taken once. */
static void on_given(void *state, const struct event *event)
{
	ARENA(a);
	struct incident *inc = state;
	const struct series_given *b = event->body;
	struct given_series *s = find_series(inc, b->service, b->kind);
	struct points old = { 0 }, all = { 0 };
	struct buf text = BUF(&a);
	if (!s) {
		s = LIST_ADD(inc->arena, &inc->series);
		s->service = incident_keep(inc, b->service);
		s->kind = b->kind;
		s->points.at = arena_alloc(inc->arena, POINTS_BYTES);
	}
	known_points(s->points, &a, &old);
	LIST_EACH (p, &old)
		if (p->at_ms < b->from.ms)
			*LIST_ADD(&a, &all) = *p;
	known_points(b->points, &a, &all);
	size_t from = all.len > SERIES_KEPT ? all.len - SERIES_KEPT : 0;
	write_points(&all, from, &text);
	struct str clipped = str_clip(buf_str(&text), POINTS_BYTES);
	memcpy((char *)(uintptr_t)s->points.at, clipped.at ? clipped.at : "", clipped.len);
	s->points.len = clipped.len;
	s->samples = (int64_t)(all.len - from);
	s->from.ms = all.len ? all.at[from].at_ms : 0;
	s->to.ms = all.len ? all.at[all.len - 1].at_ms : 0;
}

static const struct event_type series_events[] = {
	{ "series.given", 1, series_given_fields, sizeof(struct series_given), CLEAR_INTERNAL,
	  "{actor} gave the {kind} of {service} from {from} to {to}, {samples} in number.",
	  on_given },
	END_EVENTS,
};

struct give_series {
	struct str service;
	int kind;
	struct str points;
};
static const struct field give_series_fields[] = {
	FIELD(give_series, points, "a line each: a time, a blank or a comma, and the value",
	      .required = true, .max = TEXT_BYTES, .lines = 8),
	FIELD(give_series, service, "the service that it measures", .required = true,
	      .max = CHANGE_NAME_BYTES, .suggest = "service"),
	CHOICE(give_series, kind, series_kind,
	       "what it measures: latency in seconds, availability in percent"),
	END,
};

static int decide_give(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct give_series *in = cmd->fields;
	struct points points = { 0 };
	struct buf text = BUF(d->arena);
	if (incident_refuse_unless_open(inc, e) ||
	    read_points(in->points, facts->now_ms, d->arena, &points, e))
		return -1;
	if (inc->series.len >= SERIES_MAX && !find_series(inc, str_trim(in->service), in->kind)) {
		err_refuse(e, ERR_CONFLICT, "INC-%lld has %d series already.", (long long)inc->id,
			   SERIES_MAX);
		err_next(e, "Give those of the services nearest to the trouble.");
		return -1;
	}
	write_points(&points, 0, &text);
	struct series_given *to = decision_add(d, &series_events[0]);
	to->service = str_trim(in->service);
	to->kind = in->kind;
	to->points = buf_str(&text);
	to->from.ms = points.at[0].at_ms;
	to->to.ms = points.at[points.len - 1].at_ms;
	to->samples = (int64_t)points.len;
	return 0;
}

static const struct verb series_verbs[] = {
	{ "suspect", "series", NULL, "Give a series",
	  "Gives samples of a service, so that the ranking sees when and where it began.",
	  RIGHT_RESPOND, 0, give_series_fields, sizeof(struct give_series), decide_give },
	END_VERBS,
};

const struct module series_module = {
	.name = "series",
	.stream = &incident_stream,
	.verbs = series_verbs,
	.events = series_events,
};
