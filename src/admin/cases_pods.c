/* SPDX-License-Identifier: Apache-2.0 */
/* cases_pods: the layout of pods and windows: metrics once a minute; traces and logs a minute of a window each, where
 * earlier windows and the one called "normal" are the baseline. A pod counts for its service. */
#include "admin/cases.h"
#include "base/csv.h"

enum {
	MINUTE_MS = 60 * 1000,
	BASELINE_MS = 2 * 3600 * 1000, /* of metrics before the symptom */
	MINUTES_MAX = 4096,
};

struct reader {
	struct tables *tables;
	struct arena *arena;
	struct case_facts *out;
	int64_t window;
	struct str text; /* of the table that is read */
};

/* "ts-route-service-b6c59fb57-zv8dt" -> "ts-route-service" */
static struct str service_of(struct str pod)
{
	size_t n = pod.len;
	for (int part = 0; part < 2; part++) {
		size_t at = n;
		while (at && pod.at[at - 1] != '-')
			at--;
		if (!at)
			return pod;
		n = at - 1;
	}
	return str_sub(pod, 0, n);
}

static struct series *series_of(struct reader *r, struct str service, enum series_kind kind)
{
	struct series *s = LIST_ADD(r->arena, &r->out->question.series);
	s->service = service;
	s->kind = kind;
	return s;
}

static void add(struct reader *r, struct series *s, int64_t at_ms, double value)
{
	*LIST_ADD(r->arena, &s->samples) = (struct sample){ at_ms, value };
}

/* A row of a windowed table: when it counts (0 = a later window: not to be read) and its cells behind the minute. */
static int64_t window_row(const struct reader *r, struct str *row, int64_t *minute)
{
	struct str window, cell;
	int64_t n = 0;
	int64_t symptom_ms = r->out->question.symptom_ms;
	if (!csv_cell(row, ',', &window) || !csv_cell(row, ',', &cell) || !str_to_int(cell, minute))
		return 0;
	if (str_is(window, "normal"))
		n = -1;
	else if (!str_to_int(window, &n))
		return 0;
	*minute += (n + 1) * MINUTES_MAX; /* told apart from those of other windows */
	if (n > r->window)
		return 0;
	/* a minute is known at its end */
	return n == r->window ? symptom_ms + (*minute % MINUTES_MAX + 1) * MINUTE_MS : symptom_ms;
}

/* One value of a row: for which service (and which pair), when. */
struct fact {
	struct str who, what; /* what: the other end, or the log template; may be empty */
	int64_t at_ms, minute;
	double value[2];
};
LIST_DECLARE(facts_read, struct fact);

static int by_who(const void *pa, const void *pb)
{
	const struct fact *a = pa, *b = pb;
	int c = str_cmp(a->who, b->who);
	if (c == 0)
		c = str_cmp(a->what, b->what);
	if (c == 0)
		c = (a->minute > b->minute) - (a->minute < b->minute);
	return c;
}

static bool same(const struct fact *a, const struct fact *b)
{
	return str_eq(a->who, b->who) && str_eq(a->what, b->what);
}

static size_t group_end(const struct facts_read *f, size_t from)
{
	size_t to = from + 1;
	while (to < f->len && same(&f->at[from], &f->at[to]))
		to++;
	return to;
}

/* Each group of rows becomes two series, of its two values. */
static void pairs_to_series(struct reader *r, struct facts_read *f, enum series_kind first,
			    double unit)
{
	LIST_SORT(f, by_who);
	for (size_t from = 0, to; from < f->len; from = to) {
		to = group_end(f, from);
		for (int which = 0; which < 2; which++) {
			struct series *s = series_of(r, f->at[from].who,
						     (enum series_kind)((int)first + which));
			for (size_t i = from; i < to; i++)
				add(r, s, f->at[i].at_ms, f->at[i].value[which] * unit);
		}
	}
}

/* window,minute,pod,spans,self_p50_us,self_p90_us */
static void read_self(struct reader *r)
{
	struct facts_read f = { 0 };
	struct str row, pod, cell;
	while (csv_row(&r->text, &row)) {
		struct fact one = { 0 };
		one.at_ms = window_row(r, &row, &one.minute);
		if (!one.at_ms || !csv_cell(&row, ',', &pod) || !csv_cell(&row, ',', &cell))
			continue;
		one.who = service_of(pod);
		bool is_whole = true;
		for (int i = 0; i < 2; i++)
			is_whole &= csv_cell(&row, ',', &cell) && csv_number(cell, &one.value[i]);
		if (is_whole)
			*LIST_ADD(r->arena, &f) = one;
	}
	pairs_to_series(r, &f, SERIES_SELF_P50, 1e-6);
}

/* window,minute,caller,callee,spans,callee_p50_us,callee_p90_us,gap_p50_us,gap_p90_us */
static void read_gaps(struct reader *r)
{
	struct facts_read f = { 0 };
	struct str row, pod, cell;
	while (csv_row(&r->text, &row)) {
		struct fact one = { 0 };
		one.at_ms = window_row(r, &row, &one.minute);
		if (!one.at_ms || !csv_cell(&row, ',', &one.what) || !csv_cell(&row, ',', &pod))
			continue;
		one.who = service_of(pod);
		bool is_whole = true;
		for (int i = 0; i < 3; i++)
			is_whole &= csv_cell(&row, ',', &cell);
		for (int i = 0; i < 2; i++)
			is_whole &= csv_cell(&row, ',', &cell) && csv_number(cell, &one.value[i]);
		if (is_whole)
			*LIST_ADD(r->arena, &f) = one;
	}
	pairs_to_series(r, &f, SERIES_GAP_P50, 1e-6);
}

/* ts,pod,cpu,... */
static void read_metrics(struct reader *r)
{
	const struct investigation *q = &r->out->question;
	struct facts_read f = { 0 };
	struct str row, pod, cell;
	while (csv_row(&r->text, &row)) {
		double at_s, cpu;
		if (!csv_cell(&row, ',', &cell) || !csv_number(cell, &at_s) ||
		    !csv_cell(&row, ',', &pod) || !csv_cell(&row, ',', &cell) ||
		    !csv_number(cell, &cpu))
			continue;
		int64_t at_ms = (int64_t)(at_s * 1000);
		if (at_ms >= q->symptom_ms - BASELINE_MS && at_ms <= q->now_ms)
			*LIST_ADD(r->arena, &f) = (struct fact){
				service_of(pod), pod, at_ms, at_ms, { cpu, 0 }
			};
	}
	LIST_SORT(&f, by_who);
	for (size_t from = 0, to; from < f.len; from = to) {
		struct series *s = series_of(r, f.at[from].who, SERIES_CPU);
		to = group_end(&f, from);
		for (size_t i = from; i < to; i++)
			add(r, s, f.at[i].at_ms, f.at[i].value[0]);
	}
}

/* The minutes that any log of the windows has: where a template is absent it counts 0. */
struct minutes {
	LIST_OF(struct fact) at; /* minute and at_ms, sorted by minute */
};

static int by_minute(const void *pa, const void *pb)
{
	const struct fact *a = pa, *b = pb;
	return (a->minute > b->minute) - (a->minute < b->minute);
}

static struct minutes minutes_of(struct arena *a, const struct facts_read *f)
{
	struct minutes all = { 0 }, once = { 0 };
	LIST_EACH (x, f)
		*LIST_ADD(a, &all.at) = *x;
	LIST_SORT(&all.at, by_minute);
	LIST_EACH (x, &all.at)
		if (!once.at.len || once.at.at[once.at.len - 1].minute != x->minute)
			*LIST_ADD(a, &once.at) = *x;
	return once;
}

/* Rows of one group summed into a series with every minute. */
static void counts_to_series(struct reader *r, const struct facts_read *f, const size_t span[2],
			     const struct minutes *all, int which)
{
	struct series *s = series_of(r, f->at[span[0]].who, which ? SERIES_ERRORS : SERIES_LOGS);
	size_t i = span[0];
	LIST_EACH (m, &all->at) {
		double sum = 0;
		for (; i < span[1] && f->at[i].minute == m->minute; i++)
			sum += f->at[i].value[which];
		add(r, s, m->at_ms, sum);
	}
}

/* window,minute,pod,template,count,errors */
static void read_logs(struct reader *r)
{
	struct facts_read f = { 0 };
	struct str row, pod, cell, errors;
	while (csv_row(&r->text, &row)) {
		struct fact one = { 0 };
		one.at_ms = window_row(r, &row, &one.minute);
		if (!one.at_ms || !csv_cell(&row, ',', &pod) || !csv_cell(&row, ',', &one.what) ||
		    !csv_cell(&row, ',', &cell) || !csv_cell(&row, ',', &errors) ||
		    !csv_number(cell, &one.value[0]) || !csv_number(errors, &one.value[1]))
			continue;
		one.who = service_of(pod);
		*LIST_ADD(r->arena, &f) = one;
	}
	const struct minutes all = minutes_of(r->arena, &f);
	LIST_SORT(&f, by_who);
	for (size_t from = 0, to; from < f.len; from = to) {
		to = group_end(&f, from);
		counts_to_series(r, &f, (size_t[2]){ from, to }, &all, 0);
	}
	LIST_EACH (x, &f)
		x->what = (struct str){ NULL, 0 };
	LIST_SORT(&f, by_who);
	for (size_t from = 0, to; from < f.len; from = to) {
		to = group_end(&f, from);
		counts_to_series(r, &f, (size_t[2]){ from, to }, &all, 1);
	}
}

/* The services are those that have series: the calls of some sets are not known. */
static void name_services(struct reader *r)
{
	struct investigation *q = &r->out->question;
	LIST_OF(struct str) all = { 0 };
	LIST_EACH (s, &q->series) {
		bool is_known = false;
		LIST_EACH (name, &all)
			is_known |= str_eq(*name, s->service);
		if (!is_known)
			*LIST_ADD(r->arena, &all) = s->service;
	}
	q->services = (struct strs){ all.at, all.len };
}

static int read_one(struct reader *r, struct str path, void (*fn)(struct reader *), struct err *e)
{
	struct str head;
	if (tables_get(r->tables, path, &r->text, e) != 0)
		return -1;
	(void)csv_row(&r->text, &head);
	fn(r);
	return 0;
}

/* "nezha/DAY-trace-{pods,edges}.csv.xz" names two tables. */
static struct str one_of(struct arena *a, struct str path, const char *which)
{
	size_t from = str_find(path, STR("{")), to = str_find(path, STR("}"));
	if (from == SIZE_MAX || to == SIZE_MAX || to < from)
		return path;
	return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(path, 0, from)), which,
		       STR_ARG(str_sub(path, to + 1, path.len)));
}

int case_read_pods(struct tables *t, struct case_facts *out, struct err *e)
{
	struct arena *a = t->one;
	struct reader r = { .tables = t, .arena = a, .out = out };
	struct str metrics = json_text(json_get(out->json, "metrics")),
		   trace = json_text(json_get(out->json, "trace")),
		   logs = json_text(json_get(out->json, "logs"));
	(void)json_int(json_get(out->json, "window"), &r.window);
	if (read_one(&r, metrics, read_metrics, e) != 0 ||
	    read_one(&r, one_of(a, trace, "pods"), read_self, e) != 0 ||
	    read_one(&r, one_of(a, trace, "edges"), read_gaps, e) != 0 ||
	    (logs.len && read_one(&r, logs, read_logs, e) != 0))
		return -1;
	name_services(&r);
	return 0;
}
