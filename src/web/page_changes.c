/* SPDX-License-Identifier: Apache-2.0 */
/* page_changes: GET /changes: a strip of time on top, and every change of that window below, by the day. One of them:
 * page_change.c. What the strip shows: changes_strip.c. */
#include "base/when.h"
#include "core/catalog.h"
#include "ui.h"
#include "web/alert_look.h"
#include "web/changes_look.h"
#include "web/inside.h"

enum {
	STRIP_CHANGES = 1000, /* more than that in one strip is no picture */
	CHANGES_A_PAGE = 100,
	SERVICES_OFFERED = 200,
	AXIS_STEPS =
		240, /* the axis moves on in steps, so that an open page does not redraw without need */
};
static const int64_t minute_ms = 60 * 1000, hour_ms = 3600 * 1000, day_ms = 24LL * 3600 * 1000;
static const struct {
	const char *since, *name;
} windows[] = { { "2h", "2 h" }, { "8h", "8 h" }, { "24h", "24 h" }, { "7d", "7 days" } };

/* What is asked for, as the address says it. */
struct changes_query {
	struct span since;
	struct when from, to;
	struct str service, environment, text;
	int kind;
	bool near;
	int64_t before;
};
static const struct field changes_query_fields[] = {
	FIELD(changes_query, since, "the window up to now"),
	FIELD(changes_query, from, "where the window begins"),
	FIELD(changes_query, to, "where it ends"),
	FIELD(changes_query, service, "of this service", .max = CHANGE_NAME_BYTES),
	FIELD(changes_query, near, "and of what it calls or is called by"),
	FIELD(changes_query, environment, "of this environment", .max = CHANGE_NAME_BYTES),
	FIELD(changes_query, text, "that say this", .max = CHANGE_NAME_BYTES),
	CHOICE(changes_query, kind, change_kind, "of this kind"),
	FIELD(changes_query, before, "behind this one"),
	END,
};

struct changes_day {
	struct str day;
	struct change_lines changes;
};
static const struct field changes_day_fields[] = {
	FIELD(changes_day, day, "which day"),
	ITEMS(changes_day, changes, change_line, "of that day, newest first"),
	END,
};
struct window_way {
	struct str name, href;
	bool is_on;
};
static const struct field window_way_fields[] = {
	FIELD(window_way, name, "how long"),
	FIELD(window_way, href, "its address"),
	FIELD(window_way, is_on, "it is shown"),
	END,
};
struct changes_view {
	struct frame frame;
	struct html strip;
	LIST_OF(struct changes_day) days;
	LIST_OF(struct window_way) windows;
	struct strs services, environments;
	struct str service, environment, text, earlier, later, older, all, since, from_text,
		to_text;
	struct str count, neighbours;
	struct when from, to;
	struct change_lines last; /* where the window has none: the one before it */
	int kind;
	bool is_filtered, is_cut, is_fixed, may_act, names_many, near;
};
extern const struct field changes_view_fields[];
const struct field changes_view_fields[] = {
	FRAME_FIELDS(changes_view),
	FIELD(changes_view, strip, "the strip of time"),
	ITEMS(changes_view, days, changes_day, "newest first"),
	ITEMS(changes_view, windows, window_way, "how much may be shown"),
	FIELD(changes_view, services, "those that may be asked for"),
	FIELD(changes_view, environments, "likewise"),
	FIELD(changes_view, service, "as asked for"),
	FIELD(changes_view, environment, "likewise"),
	FIELD(changes_view, text, "likewise"),
	CHOICE(changes_view, kind, change_kind, "likewise"),
	FIELD(changes_view, earlier, "the address of the window before"),
	FIELD(changes_view, later, "of the one behind; empty = this is the last"),
	FIELD(changes_view, older, "of the next page; empty = there is none"),
	FIELD(changes_view, all, "of this window without filters"),
	FIELD(changes_view, since, "how long a window that ends now is"),
	FIELD(changes_view, from_text, "where a fixed window begins, for the form"),
	FIELD(changes_view, to_text, "where it ends"),
	FIELD(changes_view, from, "where the window begins"),
	FIELD(changes_view, to, "where it ends"),
	FIELD(changes_view, count, "how many changes are in it"),
	ITEMS(changes_view, last, change_line, "the newest one before a window without any"),
	FIELD(changes_view, is_filtered, "not all are asked for"),
	FIELD(changes_view, is_cut, "the strip does not have all"),
	FIELD(changes_view, is_fixed, "the window does not move on"),
	FIELD(changes_view, may_act, "the reader may record one"),
	FIELD(changes_view, near, "with the services around it"),
	FIELD(changes_view, neighbours, "which these are"),
	FIELD(changes_view, names_many, "there is more than one environment"),
	END,
};

struct asked_window {
	struct changes_query query;
	struct window window;
	bool is_fixed;
};

static int set_times(struct asked_window *w, int64_t now_ms, struct err *e)
{
	struct changes_query *q = &w->query;
	int64_t length = q->since.ms ? q->since.ms : 2 * hour_ms;
	w->is_fixed = q->from.ms || q->to.ms;
	if (w->is_fixed) {
		int64_t to = q->to.ms ? q->to.ms : now_ms;
		w->window.to_ms = to;
		w->window.from_ms = q->from.ms ? q->from.ms : to - length;
		length = to - w->window.from_ms;
		if (length <= 0)
			return err_field(e, "to", "The window would end before it begins.");
	} else {
		int64_t step = length / AXIS_STEPS > 0 ? length / AXIS_STEPS : 1;
		w->window.to_ms = (now_ms / step + 1) * step;
		w->window.from_ms = w->window.to_ms - length;
	}
	if (length < 5 * minute_ms || length > 31 * day_ms)
		return err_field(e, w->is_fixed ? "from" : "since",
				 "A window is five minutes to 31 days long.");
	return 0;
}

/* The service asked for, and with `near` what it calls and what calls it. */
static struct strs services_asked(struct visit *v, const struct changes_query *q)
{
	LIST_OF(struct str) all = { 0 };
	struct services known = { 0 };
	*LIST_ADD(v->arena, &all) = q->service;
	if (q->near)
		engine_services(v->config->engine, v->arena, &known);
	LIST_EACH (s, &known) {
		if (str_eq(s->name, q->service))
			for (size_t i = 0; i < s->depends.len; i++)
				*LIST_ADD(v->arena, &all) = s->depends.at[i];
		else if (strs_has(&s->depends, q->service))
			*LIST_ADD(v->arena, &all) = s->name;
	}
	return (struct strs){ all.at, all.len };
}

static int read_query(struct visit *v, struct asked_window *w, struct err *e)
{
	struct reading how = visit_reading(v);
	struct changes_query *q = &w->query;
	if (fields_from_form(changes_query_fields, &v->query, q, &how, e) != 0 ||
	    fields_check(changes_query_fields, q, e) != 0 || set_times(w, v->now_ms, e) != 0)
		return -1;
	q->service = str_trim(q->service);
	w->window.kind = q->kind;
	w->window.environment = str_trim(q->environment);
	w->window.text = str_trim(q->text);
	w->window.limit = STRIP_CHANGES + 1;
	if (q->service.len)
		w->window.services = services_asked(v, q);
	return 0;
}

/* Addresses */

static void add_part(struct buf *b, const char *name, struct str value)
{
	if (!value.len)
		return;
	buf_fmt(b, "%c%s=", memchr(b->at, '?', b->len) ? '&' : '?', name);
	buf_url(b, value);
}

static struct buf address(struct visit *v, const struct asked_window *w, bool with_filters)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "/changes");
	if (!with_filters)
		return b;
	add_part(&b, "service", w->query.service);
	if (w->query.service.len && w->query.near)
		add_part(&b, "near", STR("yes"));
	add_part(&b, "kind", str_of(change_kind_names[w->query.kind]));
	add_part(&b, "environment", w->window.environment);
	add_part(&b, "text", w->window.text);
	return b;
}

static struct str rfc3339(struct arena *a, int64_t at_ms)
{
	struct buf b = BUF(a);
	when_rfc3339(&b, at_ms / 1000 * 1000);
	return buf_str(&b);
}

static void add_times(struct visit *v, const struct asked_window *w, struct buf *b)
{
	if (w->is_fixed) {
		add_part(b, "from", rfc3339(v->arena, w->window.from_ms));
		add_part(b, "to", rfc3339(v->arena, w->window.to_ms));
	} else if (w->query.since.ms) {
		add_part(b, "since", form_get(&v->query, "since"));
	}
}

static struct str shifted(struct visit *v, const struct asked_window *w, int64_t by_ms)
{
	struct asked_window to = *w;
	struct buf b = address(v, w, true);
	to.is_fixed = true;
	to.window.from_ms += by_ms;
	to.window.to_ms += by_ms;
	add_times(v, &to, &b);
	return buf_str(&b);
}

static void add_ways(struct visit *v, const struct asked_window *w, struct changes_view *view)
{
	int64_t length = w->window.to_ms - w->window.from_ms;
	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		struct buf b = address(v, w, true);
		struct span span = { 0 };
		add_part(&b, "since", str_of(windows[i].since));
		*LIST_ADD(v->arena, &view->windows) = (struct window_way){
			.name = str_of(windows[i].name),
			.href = buf_str(&b),
			.is_on = !w->is_fixed && span_parse(str_of(windows[i].since), &span) &&
				 span.ms == length,
		};
	}
	view->earlier = shifted(v, w, -length);
	if (w->is_fixed && w->window.to_ms < v->now_ms)
		view->later = shifted(v, w, length);
	struct buf all = address(v, w, false);
	add_times(v, w, &all);
	view->all = buf_str(&all);
}

/* The list */

static struct str day_of(struct visit *v, int64_t at_ms)
{
	static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
						"Thursday", "Friday", "Saturday" };
	int64_t offset = zone_offset_ms(v->zone, at_ms);
	struct when_parts day = when_parts(at_ms + offset), today = when_parts(v->now_ms + offset);
	struct buf b = BUF(v->arena);
	when_day_clock(&b, at_ms, offset);
	struct str date = str_clip(buf_str(&b), b.len - 6); /* without the clock */
	if (day.year != today.year)
		return str_fmt(v->arena, "%s " STR_FMT " %d", weekdays[day.weekday], STR_ARG(date),
			       day.year);
	return str_fmt(v->arena, "%s " STR_FMT, weekdays[day.weekday], STR_ARG(date));
}

static void add_days(struct visit *v, const struct changes *list, struct changes_view *view)
{
	struct changes_day *day = NULL;
	size_t shown = 0;
	LIST_EACH (c, list) {
		struct str name = day_of(v, c->began.ms);
		if (shown++ == CHANGES_A_PAGE)
			break;
		if (!day || !str_eq(day->day, name)) {
			day = LIST_ADD(v->arena, &view->days);
			day->day = name;
		}
		*LIST_ADD(v->arena, &day->changes) = change_line_of(c, v->arena);
	}
}

static int add_list(struct visit *v, const struct asked_window *w, const struct changes *all,
		    struct changes_view *view, struct err *e)
{
	struct changes page = *all;
	if (w->query.before) {
		struct window behind = w->window;
		behind.before = w->query.before;
		behind.limit = CHANGES_A_PAGE + 1;
		page = (struct changes){ 0 };
		if (window_changes(v->db, &behind, v->arena, &page, e) != 0)
			return -1;
	}
	add_days(v, &page, view);
	if (page.len > CHANGES_A_PAGE) {
		struct buf b = address(v, w, true);
		add_times(v, w, &b);
		add_part(&b, "before",
			 str_fmt(v->arena, "%lld", (long long)page.at[CHANGES_A_PAGE - 1].number));
		view->older = buf_str(&b);
	}
	if (all->len || w->query.before)
		return 0;
	struct changes last = { 0 };
	struct window ever = w->window;
	ever.to_ms = ever.from_ms;
	ever.from_ms = 0;
	ever.limit = 1;
	if (window_changes(v->db, &ever, v->arena, &last, e) != 0)
		return -1;
	LIST_EACH (c, &last)
		*LIST_ADD(v->arena, &view->last) = change_line_of(c, v->arena);
	return 0;
}

static int add_offers(struct visit *v, const struct asked_window *w, struct changes_view *view,
		      struct err *e)
{
	struct services known = { 0 };
	LIST_OF(struct str) more = { 0 };
	if (window_services(v->db, SERVICES_OFFERED, v->arena, &view->services, e) != 0 ||
	    window_environments(v->db, w->window.from_ms - 31 * day_ms, v->arena,
				&view->environments, e) != 0)
		return -1;
	engine_services(v->config->engine, v->arena, &known);
	for (size_t i = 0; i < view->services.len; i++)
		*LIST_ADD(v->arena, &more) = view->services.at[i];
	LIST_EACH (s, &known)
		if (!strs_has(&view->services, s->name) && more.len < 2 * SERVICES_OFFERED)
			*LIST_ADD(v->arena, &more) = s->name;
	view->services = (struct strs){ more.at, more.len };
	view->names_many = view->environments.len > 1 || w->window.environment.len;
	return 0;
}

static void set_asked(struct visit *v, const struct asked_window *w, struct changes_view *view)
{
	view->service = w->query.service;
	view->environment = w->window.environment;
	view->text = w->window.text;
	view->kind = w->query.kind;
	view->near = w->query.near;
	if (w->query.near)
		view->neighbours = strs_join(v->arena, &w->window.services, ", ");
	view->from.ms = w->window.from_ms;
	view->to.ms = w->window.to_ms;
	view->is_fixed = w->is_fixed;
	view->since = w->query.since.ms ? form_get(&v->query, "since") : STR("2h");
	view->from_text = rfc3339(v->arena, w->window.from_ms);
	view->to_text = rfc3339(v->arena, w->window.to_ms);
	view->is_filtered = w->query.service.len || w->query.kind || w->window.environment.len ||
			    w->window.text.len;
}

int page_changes(struct visit *v, struct reply *r, struct err *e)
{
	struct changes_view view = { .frame = frame_of(v, "changes", STR("Changes")),
				     .may_act = v->right >= RIGHT_RESPOND };
	struct asked_window w = { 0 };
	struct changes all = { 0 };
	if (read_query(v, &w, e) != 0 || window_changes(v->db, &w.window, v->arena, &all, e) != 0)
		return -1;
	const struct strip_of strip = { &w.window, &all };
	view.is_cut = all.len > STRIP_CHANGES;
	all.len = view.is_cut ? STRIP_CHANGES : all.len;
	view.count = str_fmt(v->arena, STR_FMT "%s change%s",
			     STR_ARG(thousands(v->arena, (int64_t)all.len)),
			     view.is_cut ? " and more" : "", all.len == 1 ? "" : "s");
	set_asked(v, &w, &view);
	add_ways(v, &w, &view);
	if (changes_strip(v, &strip, &view.strip, e) != 0 || add_list(v, &w, &all, &view, e) != 0 ||
	    add_offers(v, &w, &view, e) != 0)
		return -1;
	return reply_page(v, &tpl_changes, changes_view_fields, &view, r);
}
