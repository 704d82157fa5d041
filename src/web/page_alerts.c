/* SPDX-License-Identifier: Apache-2.0 */
/* page_alerts: the alerts that the desk knows, those that need a person first, and the same list as JSON. One of them:
 * page_alert.c. What a person says about one goes through page_form.c. */
#include "base/json.h"
#include "ui.h"
#include "web/alert_look.h"
#include "web/inside.h"

enum {
	ALERTS_A_PAGE = 50, /* a page that a phone can load */
	ENDED_SHOWN = 50,
	API_ALERTS = 1000, /* where nobody says `limit` */
	API_ALERTS_MAX = 5000
};

struct alerts_view {
	struct frame frame;
	struct alert_rows firing, ended;
	struct str firing_count, needing_count, watched_count, silenced_count, ended_count,
		ended_more;
	struct str name, filter, next, back;
	int64_t silences;
	bool has_firing, has_ended, is_filtered, can_declare, may_act;
};
extern const struct field alerts_view_fields[];
const struct field alerts_view_fields[] = {
	FRAME_FIELDS(alerts_view),
	ITEMS(alerts_view, firing, alert_row, "those that fire, in order of need"),
	ITEMS(alerts_view, ended, alert_row, "those that ended, newest first"),
	FIELD(alerts_view, firing_count, "how many fire"),
	FIELD(alerts_view, needing_count, "of those, how many need a person"),
	FIELD(alerts_view, watched_count, "how many are looked after"),
	FIELD(alerts_view, silenced_count, "how many are silenced"),
	FIELD(alerts_view, ended_count, "how many ended"),
	FIELD(alerts_view, ended_more, "of those, how many are not shown; empty = none"),
	FIELD(alerts_view, name, "the one name that is shown"),
	FIELD(alerts_view, filter, "matchers, as typed"),
	FIELD(alerts_view, next, "where the next page is"),
	FIELD(alerts_view, back, "where to go after a click"),
	FIELD(alerts_view, silences, "how many silences hold now"),
	FIELD(alerts_view, has_firing, "any fires"),
	FIELD(alerts_view, has_ended, "any ended"),
	FIELD(alerts_view, is_filtered, "not all are asked for"),
	FIELD(alerts_view, can_declare, "some of these need a person"),
	FIELD(alerts_view, may_act, "the reader may change things"),
	END,
};

static void add_counts(struct visit *v, const struct survey *s, struct alerts_view *view)
{
	const int64_t *n = s->count;
	int64_t more = n[OVER] - (int64_t)view->ended.len;
	view->firing_count = thousands(v->arena, n[NEEDS_PERSON] + n[LOOKED_AFTER] + n[SILENCED]);
	view->needing_count = thousands(v->arena, n[NEEDS_PERSON]);
	view->watched_count = thousands(v->arena, n[LOOKED_AFTER]);
	view->silenced_count = thousands(v->arena, n[SILENCED]);
	view->ended_count = thousands(v->arena, n[OVER]);
	view->ended_more = more ? thousands(v->arena, more) : (struct str){ NULL, 0 };
	view->has_firing = view->firing.len > 0;
	view->has_ended = view->ended.len > 0;
	view->can_declare = n[NEEDS_PERSON] > 0;
}

/* The address of the following page, with what was asked for. */
static struct str next_address(struct visit *v, struct str cursor)
{
	struct buf b = BUF(v->arena);
	if (!cursor.len)
		return cursor;
	buf_z(&b, "/alerts?next=");
	buf_url(&b, cursor);
	LIST_EACH (p, &v->query.pairs) {
		if (!str_is(p->name, "name") && !str_is(p->name, "filter"))
			continue;
		buf_c(&b, '&');
		buf_add(&b, p->name);
		buf_c(&b, '=');
		buf_url(&b, p->value);
	}
	return buf_str(&b);
}

int page_alerts(struct visit *v, struct reply *r, struct err *e)
{
	struct alerts_view view = { .frame = frame_of(v, "alerts", STR("Alerts")),
				    .filter = form_get(&v->query, "filter"),
				    .back = STR("/alerts"),
				    .may_act = v->right >= RIGHT_RESPOND };
	struct look look;
	struct survey s;
	struct row_page fire, over = { 0 };
	if (look_open(v, &look, e) != 0)
		return -1;
	look_survey(v, &look, &s);
	const struct row_query firing = { NEEDS_PERSON, SILENCED, ALERTS_A_PAGE,
					  .collapse = !look.name.len,
					  .cursor = form_get(&v->query, "next") };
	const struct row_query ended = { OVER, OVER, ENDED_SHOWN, .collapse = false };
	if (survey_rows(v, &s, &firing, &fire, e) != 0 ||
	    (!firing.cursor.len && survey_rows(v, &s, &ended, &over, e) != 0))
		return -1;
	view.firing = fire.rows;
	view.ended = over.rows;
	view.name = look.name;
	view.is_filtered = look.name.len || look.filter;
	view.silences = (int64_t)look.active.len;
	view.next = next_address(v, fire.next);
	add_counts(v, &s, &view);
	return reply_page(v, &tpl_alerts, alerts_view_fields, &view, r);
}

/* The alert as the desk has it, and how it stands. */
static int add_json(struct visit *v, struct look *l, const struct live_alert *a, struct buf *b,
		    struct err *e)
{
	struct alert_row row;
	if (alert_row_of(v, l, a, &row, e) != 0)
		return -1;
	fields_to_json(live_alert_fields, a, b);
	b->len--; /* the closing brace: what follows joins it */
	if (row.silence) {
		buf_fmt(b, ",\"silence\":%lld,\"silenced_until\":%lld,\"silence_reason\":",
			(long long)row.silence, (long long)row.silenced_until.ms);
		buf_json(b, row.silence_reason);
	}
	if (row.was)
		buf_fmt(b, ",\"was_incident\":%lld", (long long)row.was);
	buf_fmt(b, ",\"needs_person\":%s}", row.needs_person ? "true" : "false");
	return 0;
}

int api_alerts(struct visit *v, struct reply *r, struct err *e)
{
	struct look look;
	struct survey s;
	struct row_page page;
	struct str asked = form_get(&v->query, "limit");
	struct buf b = BUF(v->arena);
	int64_t limit = API_ALERTS;
	if (asked.len && (!str_to_int(asked, &limit) || limit < 1 || limit > API_ALERTS_MAX))
		return err_field(e, "limit", "limit is a number from 1 to %d.", API_ALERTS_MAX);
	if (look_open(v, &look, e) != 0)
		return -1;
	look_survey(v, &look, &s);
	const struct row_query q = { NEEDS_PERSON, OVER, (size_t)limit,
				     .cursor = form_get(&v->query, "next") };
	if (survey_rows(v, &s, &q, &page, e) != 0)
		return -1;
	buf_z(&b, "{\"alerts\":[");
	LIST_EACH (row, &page.rows) {
		struct live_alert a;
		if (!engine_alert(v->config->engine, row->fingerprint, v->arena, &a))
			continue;
		if (row != page.rows.at)
			buf_c(&b, ',');
		if (add_json(v, &look, &a, &b, e) != 0)
			return -1;
	}
	buf_fmt(&b, "],\"count\":%lld",
		(long long)(s.count[NEEDS_PERSON] + s.count[LOOKED_AFTER] + s.count[SILENCED] +
			    s.count[OVER]));
	if (page.next.len) {
		buf_z(&b, ",\"next\":");
		buf_json(&b, page.next);
	}
	buf_c(&b, '}');
	return reply_json(v, 200, &b, r);
}
