/* SPDX-License-Identifier: Apache-2.0 */
/* page_alert: one alert with its labels, how it stands and why it is here; the same as JSON. */
#include "base/json.h"
#include "ui.h"
#include "web/alert_why.h"
#include "web/inside.h"

struct alert_label {
	struct str key, value;
	bool is_link;
};
static const struct field alert_label_fields[] = {
	FIELD(alert_label, key, "its name"),
	FIELD(alert_label, value, "what it says"),
	FIELD(alert_label, is_link, "it is an address"),
	END,
};
struct alert_view {
	struct frame frame;
	struct str fingerprint, name, service, summary, severity, source, generator, as_matchers;
	struct when started, ended, updated, acked, silenced_until, was_over;
	struct person acked_by, silenced_by;
	struct str silence_reason, silence_author;
	struct str owner;   /* of its service */
	struct str by_name; /* the service that lists it as its own; it names none */
	struct why_steps why;
	LIST_OF(struct alert_label) labels, annotations;
	LIST_OF(struct alert_label) open; /* incidents it could join: key = number, value = title */
	int64_t incident, was;
	bool is_firing, by_timeout, may_act, is_unowned;
};
extern const struct field alert_view_fields[];
const struct field alert_view_fields[] = {
	FRAME_FIELDS(alert_view),
	FIELD(alert_view, fingerprint, "what tells it from others"),
	FIELD(alert_view, name, "its name"),
	FIELD(alert_view, service, "what it is about"),
	FIELD(alert_view, owner, "who looks after its service"),
	FIELD(alert_view, by_name, "the service that lists it as its own"),
	FIELD(alert_view, is_unowned, "nobody put its service into the catalogue"),
	FIELD(alert_view, summary, "what it says"),
	FIELD(alert_view, severity, "as the sender says"),
	FIELD(alert_view, source, "the sender"),
	FIELD(alert_view, generator, "where the sender shows it; empty unless a web address"),
	FIELD(alert_view, started, "since when"),
	FIELD(alert_view, ended, "until when"),
	FIELD(alert_view, updated, "when it was last heard of"),
	FIELD(alert_view, acked, "since when somebody looks after it"),
	FIELD(alert_view, acked_by, "who"),
	FIELD(alert_view, as_matchers, "its labels, as a silence names them"),
	FIELD(alert_view, silenced_until, "until when it is silenced"),
	FIELD(alert_view, silenced_by, "by whom"),
	FIELD(alert_view, silence_reason, "why"),
	FIELD(alert_view, silence_author, "who asked for that, as a client says"),
	FIELD(alert_view, was, "the incident that held it and is over"),
	FIELD(alert_view, was_over, "since when that is over"),
	ITEMS(alert_view, why, why_step, "from the body to the incident"),
	ITEMS(alert_view, labels, alert_label, "as received"),
	ITEMS(alert_view, annotations, alert_label, "as received"),
	ITEMS(alert_view, open, alert_label, "open incidents"),
	FIELD(alert_view, incident, "that holds it"),
	FIELD(alert_view, is_firing, "it fires"),
	FIELD(alert_view, by_timeout, "it ended because nothing was heard any more"),
	FIELD(alert_view, may_act, "the reader may change things"),
	END,
};

/* Senders write addresses; only web addresses may become links. */
static bool is_web(struct str s)
{
	return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

static void add_pairs(struct visit *v, struct str object, struct alert_view *view, bool labels)
{
	struct json *json = NULL;
	struct err unreadable = { 0 };
	if (!object.len || json_parse_lax(v->arena, object, &json, &unreadable) != 0)
		return;
	for (const struct json *x = json_first(json); x; x = json_next(x)) {
		struct str value = json_text(x);
		struct alert_label *l = labels ? LIST_ADD(v->arena, &view->labels)
					       : LIST_ADD(v->arena, &view->annotations);
		*l = (struct alert_label){ json_key(x), value, is_web(value) };
	}
}

static int add_open(struct visit *v, struct alert_view *view, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter open = { .open_only = true };
	if (view_incidents(v->db, &open, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows)
		if (row->id != view->incident)
			*LIST_ADD(v->arena, &view->open) = (struct alert_label){
				str_fmt(v->arena, "%lld", (long long)row->id), row->title, false
			};
	return 0;
}

/* What would silence this one alert alone. */
static struct str as_matchers(struct visit *v, const struct alert_view *view)
{
	struct buf b = BUF(v->arena);
	LIST_EACH (x, &view->labels) {
		if (b.len)
			buf_z(&b, ", ");
		matcher_print(&(struct matcher){ x->key, x->value, MATCH_IS }, &b);
	}
	return buf_str(&b);
}

static int find(struct visit *v, struct live_alert *a, struct err *e)
{
	if (engine_alert(v->config->engine, v->arg[0], v->arena, a))
		return 0;
	err_refuse(e, ERR_NOT_FOUND, "No alert of that fingerprint is known.");
	err_next(e, "Alerts lists those that are.");
	return -1;
}

static void fill(struct visit *v, const struct live_alert *a, struct alert_view *view)
{
	view->fingerprint = a->fingerprint;
	view->name = a->name;
	view->service = a->service;
	view->summary = a->summary;
	view->severity = a->severity;
	view->source = a->source;
	view->generator = is_web(a->generator) ? a->generator : (struct str){ NULL, 0 };
	view->started = a->started;
	view->ended.ms = a->is_firing ? 0 : a->ends.ms;
	view->updated = a->updated;
	view->acked = a->acked;
	view->acked_by = a->acked_by;
	view->incident = a->incident;
	view->is_firing = a->is_firing;
	view->by_timeout = a->by_timeout;
	view->may_act = v->right >= RIGHT_RESPOND;
}

static void fill_row(const struct alert_row *row, struct alert_view *view)
{
	view->silenced_until = row->silenced_until;
	view->silenced_by = row->silenced_by;
	view->silence_reason = row->silence_reason;
	view->silence_author = row->silence_author;
	view->was = row->was;
	view->was_over = row->was_over;
}

/* What the catalogue knows of it. */
static void fill_service(struct visit *v, struct alert_view *view)
{
	struct services all;
	engine_services(v->config->engine, v->arena, &all);
	const struct service *s = view->service.len ? services_find(&all, view->service)
						    : services_of_alert(&all, view->name);
	view->is_unowned = view->service.len && !s;
	if (!s)
		return;
	view->owner = s->owner;
	if (!view->service.len)
		view->by_name = s->name;
}

int page_alert(struct visit *v, struct reply *r, struct err *e)
{
	struct live_alert a;
	struct alert_row row;
	struct look look;
	if (find(v, &a, e) != 0 || look_open(v, &look, e) != 0 ||
	    alert_row_of(v, &look, &a, &row, e) != 0)
		return -1;
	struct alert_view view = { .frame = frame_of(v, "alerts", a.name) };
	fill(v, &a, &view);
	fill_row(&row, &view);
	fill_service(v, &view);
	add_pairs(v, a.labels, &view, true);
	add_pairs(v, a.annotations, &view, false);
	view.as_matchers = as_matchers(v, &view);
	if (add_open(v, &view, e) != 0 || alert_why(v, &a, &row, &view.why, e) != 0)
		return -1;
	return reply_page(v, &tpl_alert, alert_view_fields, &view, r);
}

int api_alert(struct visit *v, struct reply *r, struct err *e)
{
	struct live_alert a;
	struct alert_row row;
	struct look look;
	struct why_steps why = { 0 };
	struct buf b = BUF(v->arena);
	if (find(v, &a, e) != 0 || look_open(v, &look, e) != 0 ||
	    alert_row_of(v, &look, &a, &row, e) != 0 || alert_why(v, &a, &row, &why, e) != 0)
		return -1;
	fields_to_json(live_alert_fields, &a, &b);
	b.len--; /* the closing brace: the way here joins it */
	buf_fmt(&b, ",\"needs_person\":%s,\"why\":[", row.needs_person ? "true" : "false");
	LIST_EACH (s, &why) {
		if (s != why.at)
			buf_c(&b, ',');
		fields_to_json(why_step_fields, s, &b);
	}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}
