/* SPDX-License-Identifier: Apache-2.0 */
/* cases: a case's line, and the layout of one table a case. Pods and windows: cases_pods.c. */
#include "admin/cases.h"

#include "base/csv.h"

static const struct metric {
	const char *name;
	enum series_kind kind;
} metrics[] = {
	{ "latency", SERIES_LATENCY },
	{ "availability", SERIES_AVAILABILITY },
};
enum { METRICS = sizeof(metrics) / sizeof(metrics[0]) };
/* Views of a call from outside the called service, in the names of the tracing system. */
static const char *const foreign_ends[] = { "_remote", "_client" };

static int64_t ms_of(const struct json *object, const char *key)
{
	int64_t n = 0;
	return json_int(json_get(object, key), &n) ? n * 1000 : 0;
}

static int metric_kind(struct str name)
{
	for (size_t i = 0; i < METRICS; i++)
		if (str_is(name, metrics[i].name))
			return (int)metrics[i].kind;
	return -1;
}

/* Every name that the calls mention, once. */
struct name_list {
	LIST_OF(struct str) at;
};

static void add_name(struct arena *a, struct name_list *l, struct str name)
{
	LIST_EACH (known, &l->at)
		if (str_eq(*known, name))
			return;
	*LIST_ADD(a, &l->at) = name;
}

static bool is_foreign(struct str name)
{
	for (size_t i = 0; i < sizeof(foreign_ends) / sizeof(foreign_ends[0]); i++)
		if (str_ends(name, str_of(foreign_ends[i])))
			return true;
	return false;
}

static void read_edges(const struct json *line, struct arena *a, struct investigation *q)
{
	struct name_list all = { 0 }, foreign = { 0 };
	const struct json *edges = json_get(line, "edges");
	for (const struct json *j = json_first(edges); j; j = json_next(j)) {
		const struct json *from = json_first(j), *to = json_next(from);
		struct call_edge edge = { json_text(from), json_text(to) };
		*LIST_ADD(a, &q->edges) = edge;
		add_name(a, &all, edge.caller);
		add_name(a, &all, edge.callee);
	}
	LIST_EACH (name, &all.at)
		if (is_foreign(*name))
			add_name(a, &foreign, *name);
	q->services = (struct strs){ all.at.at, all.at.len };
	q->foreign = (struct strs){ foreign.at.at, foreign.at.len };
}

static void read_changes(const struct json *line, struct arena *a, struct investigation *q)
{
	const struct json *changes = json_get(line, "changes");
	for (const struct json *j = json_first(changes); j; j = json_next(j))
		*LIST_ADD(a, &q->changes) = (struct recent_change){
			.id = json_text(json_get(j, "id")),
			.service = json_text(json_get(j, "service")),
			.kind = json_text(json_get(j, "kind")),
			.at_ms = ms_of(j, "at")
		};
}

/* The series of a table, by the whole name of its column: a service has several statistics of a kind. */
struct column {
	struct str name;
	struct series series; /* service empty = not of interest */
};
struct columns {
	LIST_OF(struct column) at;
};

static size_t column_of(struct columns *c, struct arena *a, struct str name)
{
	for (size_t i = 0; i < c->at.len; i++)
		if (str_eq(c->at.at[i].name, name))
			return i;
	struct column *new = LIST_ADD(a, &c->at);
	struct str rest = name, service = { 0 }, metric = { 0 };
	new->name = name;
	if (str_cut(&rest, '|', &service) && str_cut(&rest, '|', &metric) &&
	    metric_kind(metric) >= 0) {
		new->series.service = service;
		new->series.kind = (enum series_kind)metric_kind(metric);
	}
	return c->at.len - 1;
}

/* at_ms 0 = each row's own time. */
static void read_rows(struct str text, struct arena *a, struct columns *c, int64_t at_ms)
{
	LIST_OF(size_t) place = { 0 };
	struct str row = { 0 }, cell;
	if (!csv_row(&text, &row) || !csv_cell(&row, ',', &cell))
		return;
	while (csv_cell(&row, ',', &cell))
		*LIST_ADD(a, &place) = column_of(c, a, cell);
	while (csv_row(&text, &row)) {
		double at_s = 0, value;
		if (!csv_cell(&row, ',', &cell) || !csv_number(cell, &at_s))
			continue;
		for (size_t i = 0; i < place.len && csv_cell(&row, ',', &cell); i++) {
			struct series *s = &c->at.at[place.at[i]].series;
			if (s->service.len && csv_number(cell, &value))
				*LIST_ADD(a, &s->samples) = (struct sample){
					at_ms ? at_ms : (int64_t)(at_s * 1000), value
				};
		}
	}
}

static struct str folder_of(struct str path)
{
	size_t n = path.len;
	while (n && path.at[n - 1] != '/')
		n--;
	return str_sub(path, 0, n);
}

/* The case's own rows, and quiet days from whenever, which are all baseline. Some sets lack those. */
static int read_table(struct tables *t, struct str path, struct case_facts *out, struct err *e)
{
	struct arena *a = t->one;
	struct columns columns = { 0 };
	struct err none = { 0 };
	struct str text, folder = folder_of(path);
	if (tables_get(t, path, &text, e) != 0)
		return -1;
	read_rows(text, a, &columns, 0);
	if (tables_get(t, str_fmt(a, STR_FMT "normal.csv.xz", STR_ARG(folder)), &text, &none) == 0)
		read_rows(text, a, &columns, out->question.symptom_ms);
	LIST_EACH (c, &columns.at)
		if (c->series.service.len)
			*LIST_ADD(a, &out->question.series) = c->series;
	return 0;
}

int case_read(struct tables *t, struct str line, struct case_facts *out, struct err *e)
{
	struct arena *a = t->one;
	struct json *j;
	*out = (struct case_facts){ 0 };
	if (json_parse(a, line, &j, e) != 0)
		return -1;
	const struct json *symptom = json_get(j, "symptom");
	struct investigation *q = &out->question;
	struct str id = json_text(json_get(j, "id")), data = json_text(json_get(j, "data"));
	out->json = j;
	out->id = out->group = id;
	(void)str_cut(&id, '/', &out->group);
	if (json_text(json_get(j, "system")).len)
		out->group = json_text(json_get(j, "system"));
	q->symptom_service = json_text(json_get(symptom, "service"));
	q->symptom_kind = metric_kind(json_text(json_get(symptom, "metric")));
	q->symptom_ms = ms_of(symptom, "at");
	if (!out->id.len || !q->symptom_ms)
		return err_field(e, "symptom", "A case needs an id and symptom.at.");
	q->now_ms = q->symptom_ms + t->budget_ms;
	read_edges(j, a, q);
	read_changes(j, a, q);
	if (data.len)
		return read_table(t, data, out, e);
	if (json_text(json_get(j, "metrics")).len)
		return case_read_pods(t, out, e);
	return err_field(e, "data", "A case needs data, or metrics and trace.");
}

struct str case_truth(const struct case_facts *c)
{
	const struct json *truth = json_get(c->json, "truth");
	return json_text(json_get(truth, c->question.changes.len ? "change" : "service"));
}
