/* SPDX-License-Identifier: Apache-2.0 */
/* page_alerts: the alerts that the desk knows, and one of them with its labels. What a person says about one goes through
 * page_form.c. */
#include "base/json.h"
#include "ui.h"
#include "web/inside.h"

enum { ALERTS_SHOWN = 200 }; /* of each kind: a page that a phone can load; the API lists all */

struct alerts_view {
	struct frame frame;
	struct live_alerts firing, ended;
	int64_t firing_count, ended_count;
	int64_t firing_more, ended_more; /* of these, not shown */
	bool may_act;
};
extern const struct field alerts_view_fields[];
const struct field alerts_view_fields[] = {
	FRAME_FIELDS(alerts_view),
	ITEMS(alerts_view, firing, live_alert, "those that fire, newest first"),
	ITEMS(alerts_view, ended, live_alert, "those that ended"),
	FIELD(alerts_view, firing_count, "how many fire"),
	FIELD(alerts_view, ended_count, "how many ended"),
	FIELD(alerts_view, firing_more, "of those, how many are not shown"),
	FIELD(alerts_view, ended_more, "likewise"),
	FIELD(alerts_view, may_act, "the reader may change things"),
	END,
};

int page_alerts(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct alerts_view view = { .frame = frame_of(v, "alerts", STR("Alerts")),
				    .may_act = v->right >= RIGHT_RESPOND };
	struct live_alerts all = { 0 };
	engine_alerts(v->config->engine, v->arena, &all);
	LIST_EACH (alert, &all) {
		struct live_alerts *to = alert->is_firing ? &view.firing : &view.ended;
		int64_t *count = alert->is_firing ? &view.firing_count : &view.ended_count;
		if ((*count)++ < ALERTS_SHOWN)
			*LIST_ADD(v->arena, to) = *alert;
	}
	view.firing_more = view.firing_count - (int64_t)view.firing.len;
	view.ended_more = view.ended_count - (int64_t)view.ended.len;
	return reply_page(v, &tpl_alerts, alerts_view_fields, &view, r);
}

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
	struct str fingerprint, name, service, summary, severity, source, generator;
	struct when started, ended, updated, acked;
	struct person acked_by;
	LIST_OF(struct alert_label) labels, annotations;
	LIST_OF(struct alert_label) open; /* incidents it could join: key = number, value = title */
	int64_t incident;
	bool is_firing, by_timeout, may_act;
};
extern const struct field alert_view_fields[];
const struct field alert_view_fields[] = {
	FRAME_FIELDS(alert_view),
	FIELD(alert_view, fingerprint, "what tells it from others"),
	FIELD(alert_view, name, "its name"),
	FIELD(alert_view, service, "what it is about"),
	FIELD(alert_view, summary, "what it says"),
	FIELD(alert_view, severity, "as the sender says"),
	FIELD(alert_view, source, "the sender"),
	FIELD(alert_view, generator, "where the sender shows it; empty unless a web address"),
	FIELD(alert_view, started, "since when"),
	FIELD(alert_view, ended, "until when"),
	FIELD(alert_view, updated, "when it was last heard of"),
	FIELD(alert_view, acked, "since when somebody looks after it"),
	FIELD(alert_view, acked_by, "who"),
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

int page_alert(struct visit *v, struct reply *r, struct err *e)
{
	struct live_alert a;
	if (!engine_alert(v->config->engine, v->arg[0], v->arena, &a)) {
		err_refuse(e, ERR_NOT_FOUND, "No alert of that fingerprint is known.");
		err_next(e, "Alerts lists those that are.");
		return -1;
	}
	struct alert_view view = { .frame = frame_of(v, "alerts", a.name),
				   .fingerprint = a.fingerprint,
				   .name = a.name,
				   .service = a.service,
				   .summary = a.summary,
				   .severity = a.severity,
				   .source = a.source,
				   .generator = is_web(a.generator) ? a.generator
								    : (struct str){ 0 },
				   .started = a.started,
				   .ended = { a.is_firing ? 0 : a.ends.ms },
				   .updated = a.updated,
				   .acked = a.acked,
				   .acked_by = a.acked_by,
				   .incident = a.incident,
				   .is_firing = a.is_firing,
				   .by_timeout = a.by_timeout,
				   .may_act = v->right >= RIGHT_RESPOND };
	add_pairs(v, a.labels, &view, true);
	add_pairs(v, a.annotations, &view, false);
	if (add_open(v, &view, e) != 0)
		return -1;
	return reply_page(v, &tpl_alert, alert_view_fields, &view, r);
}
