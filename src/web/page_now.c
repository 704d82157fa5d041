/* SPDX-License-Identifier: Apache-2.0 */
/* page_now: the start page: what is open and its next safest step, which alerts need a person, what the reader owes. And
 * the list of all incidents. */
#include "core/rhythm.h"
#include "store/view_window.h"
#include "ui.h"
#include "web/alert_look.h"
#include "web/inside.h"

/* In a storm the first screen stays one to read; the rest is a click away. */
enum { NOW_ALERTS = 30 };

struct now_incident {
	int64_t id;
	struct str name, next_step, change;
	int severity, phase;
	struct person lead;
	struct when declared, promised, frozen_until, resolved;
	struct when paused_since; /* 0 = no pause is called */
	struct str why_paused;
	bool is_late, is_open;
	int64_t merged_into;
};
static const struct field now_incident_fields[] = {
	FIELD(now_incident, id, "its number"),
	FIELD(now_incident, name, "its title"),
	FIELD(now_incident, next_step, "the next safest step"),
	FIELD(now_incident, change, "what is being done right now"),
	CHOICE(now_incident, severity, severity, "how bad it is"),
	CHOICE(now_incident, phase, phase, "how far it is"),
	FIELD(now_incident, lead, "who leads"),
	FIELD(now_incident, declared, "when it was declared"),
	FIELD(now_incident, promised, "when the next update is promised for"),
	FIELD(now_incident, frozen_until, "until when changes are frozen"),
	FIELD(now_incident, resolved, "when it was resolved"),
	FIELD(now_incident, paused_since, "since when a pause is called"),
	FIELD(now_incident, why_paused, "its reason"),
	FIELD(now_incident, is_late, "the promise is broken"),
	FIELD(now_incident, is_open, "it is open"),
	FIELD(now_incident, merged_into, "the incident it was merged into"),
	END,
};

struct owed {
	int64_t incident, number;
	struct str name;
	struct when due;
	bool is_late;
};
static const struct field owed_fields[] = {
	FIELD(owed, incident, "whose it is"),	 FIELD(owed, number, "the action's; 0 = a review"),
	FIELD(owed, name, "what is to be done"), FIELD(owed, due, "by when"),
	FIELD(owed, is_late, "it is late"),	 END,
};

struct now_view {
	struct frame frame;
	LIST_OF(struct now_incident) incidents;
	struct alert_rows alerts;
	LIST_OF(struct owed) owed;
	int64_t incident_count;
	struct str changes_hour, frozen; /* of the last hour; by freezes that are on */
	struct str alert_count, watched, silenced, others, back; /* counts; empty = none */
	bool is_quiet, is_deaf, may_act, more;
};
extern const struct field now_view_fields[];
const struct field now_view_fields[] = {
	FRAME_FIELDS(now_view),
	ITEMS(now_view, incidents, now_incident, "open ones"),
	ITEMS(now_view, alerts, alert_row, "those that need a person, floods as one"),
	ITEMS(now_view, owed, owed, "what the reader owes"),
	FIELD(now_view, incident_count, "how many are open"),
	FIELD(now_view, changes_hour, "how many changes began in the last hour"),
	FIELD(now_view, frozen, "what open incidents froze; empty = nothing"),
	FIELD(now_view, alert_count, "how many alerts need a person"),
	FIELD(now_view, more, "not all of these are shown"),
	FIELD(now_view, watched, "how many fire and are looked after"),
	FIELD(now_view, silenced, "how many fire and are silenced"),
	FIELD(now_view, others, "both in words"),
	FIELD(now_view, is_deaf, "no sender told of anything for a day"),
	FIELD(now_view, back, "where to go after a click"),
	FIELD(now_view, is_quiet, "nothing is open and nothing needs a person"),
	FIELD(now_view, may_act, "the reader may change things"),
	END,
};

struct str row_next_step(const struct incident_row *row, int64_t now_ms)
{
	if (row->is_open && row->promised.ms && row->promised.ms < now_ms)
		return STR("Write the update that was promised.");
	return row->next_step;
}

static struct now_incident now_of(const struct visit *v, const struct incident_row *row)
{
	return (struct now_incident){
		.id = row->id,
		.name = row->title,
		.next_step = row_next_step(row, v->now_ms),
		.change = row->change,
		.severity = row->severity,
		.phase = row->phase,
		.lead = row->lead,
		.declared = row->declared,
		.promised = row->promised,
		.frozen_until = row->frozen_until,
		.resolved = row->resolved,
		.is_late = row->is_open && row->promised.ms && row->promised.ms < v->now_ms,
		.is_open = row->is_open,
		.merged_into = row->merged_into,
	};
}

static void note_freezes(struct arena *a, const struct incident *inc, struct buf *b)
{
	LIST_EACH (f, &inc->freezes) {
		if (f->ended.ms)
			continue;
		buf_z(b, b->len ? ", " : "");
		buf_add(b, f->services.len ? strs_join(a, &f->services, ", ") : STR("everything"));
	}
}

/* The rows hold neither pauses nor what is frozen; the open incidents are few. */
static int mark_pauses(struct visit *v, struct now_view *view, struct err *e)
{
	struct buf frozen = BUF(v->arena);
	LIST_EACH (i, &view->incidents) {
		struct folded f;
		if (engine_fold(v->db, i->id, v->arena, &f, e) != 0)
			return -1;
		const struct pause *pause = incident_active_pause(f.incident);
		note_freezes(v->arena, f.incident, &frozen);
		if (!pause)
			continue;
		i->paused_since = pause->since;
		i->why_paused = pause->reason;
	}
	view->frozen = buf_str(&frozen);
	return 0;
}

static int add_open(struct visit *v, struct now_view *view, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter open = { .open_only = true };
	if (view_incidents(v->db, &open, v->arena, &rows, e) != 0)
		return -1;
	/* the worst first, then the newest, as they came */
	for (int severity = SEV_1; severity <= SEV_4 + 1; severity++)
		LIST_EACH (row, &rows)
			if (row->severity == severity ||
			    (severity > SEV_4 && row->severity == SEV_NONE))
				*LIST_ADD(v->arena, &view->incidents) = now_of(v, row);
	view->incident_count = (int64_t)view->incidents.len;
	return mark_pauses(v, view, e);
}

static struct str count_of(struct visit *v, int64_t n)
{
	return n ? thousands(v->arena, n) : (struct str){ NULL, 0 };
}

static struct str others_of(struct visit *v, const struct now_view *view)
{
	struct str watched = view->watched, silenced = view->silenced;
	if (!watched.len && !silenced.len)
		return watched;
	return str_fmt(v->arena, STR_FMT "%s%s" STR_FMT "%s", STR_ARG(watched),
		       watched.len ? " looked after" : "",
		       watched.len && silenced.len ? " and " : "", STR_ARG(silenced),
		       silenced.len ? " silenced" : "");
}

/* Quiet because nothing is wrong, or because nobody would tell? */
static bool is_deaf(struct visit *v)
{
	struct intake_counts counts = { 0 };
	int64_t day = 0;
	engine_intake_counts(v->config->engine, v->arena, &counts);
	LIST_EACH (c, &counts)
		day += c->day;
	return day == 0;
}

static int add_alerts(struct visit *v, struct now_view *view, struct err *e)
{
	struct look look;
	struct survey s;
	struct row_page page;
	const struct row_query q = { NEEDS_PERSON, NEEDS_PERSON, NOW_ALERTS, .collapse = true };
	if (look_open(v, &look, e) != 0)
		return -1;
	look_survey(v, &look, &s);
	view->alert_count = count_of(v, s.count[NEEDS_PERSON]);
	view->watched = count_of(v, s.count[LOOKED_AFTER]);
	view->silenced = count_of(v, s.count[SILENCED]);
	view->others = others_of(v, view);
	view->is_deaf = is_deaf(v);
	if (survey_rows(v, &s, &q, &page, e) != 0)
		return -1;
	view->alerts = page.rows;
	view->more = page.next.len > 0;
	return 0;
}

static int add_owed(struct visit *v, struct now_view *view, struct err *e)
{
	struct action_rows actions = { 0 };
	struct incident_rows rows = { 0 };
	struct view_filter mine = { .open_only = true, .owner = v->user }, all = { 0 };
	if (view_actions(v->db, &mine, v->arena, &actions, e) != 0 ||
	    view_incidents(v->db, &all, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		bool due = row->resolved.ms && row->review != REVIEW_PUBLISHED && !row->merged_into;
		if (due && str_eq(row->lead.id, v->user))
			*LIST_ADD(v->arena, &view->owed) = (struct owed){
				.incident = row->id,
				.name = row->title,
				.due = row->review_due,
				.is_late = row->review_due.ms && row->review_due.ms < v->now_ms,
			};
	}
	LIST_EACH (action, &actions)
		*LIST_ADD(v->arena, &view->owed) = (struct owed){
			.incident = action->incident,
			.number = action->number,
			.name = action->title,
			.due = action->due,
			.is_late = action->due.ms && action->due.ms < v->now_ms,
		};
	return 0;
}

static int count_changes(struct visit *v, struct now_view *view, struct err *e)
{
	int64_t n = 0;
	if (window_count(v->db, v->now_ms - 3600 * 1000, &n, e) != 0)
		return -1;
	view->changes_hour = thousands(v->arena, n);
	return 0;
}

int page_now(struct visit *v, struct reply *r, struct err *e)
{
	struct now_view view = { .frame = frame_of(v, "now", STR("Now")),
				 .back = STR("/"),
				 .may_act = v->right >= RIGHT_RESPOND };
	if (add_open(v, &view, e) != 0 || (v->user.len && add_owed(v, &view, e) != 0) ||
	    add_alerts(v, &view, e) != 0 || count_changes(v, &view, e) != 0)
		return -1;
	view.is_quiet = !view.incidents.len && !view.alerts.len;
	return reply_page(v, &tpl_now, now_view_fields, &view, r);
}

struct incidents_view {
	struct frame frame;
	LIST_OF(struct now_incident) incidents;
	int64_t older; /* number to page on from; 0 = no more */
};
extern const struct field incidents_view_fields[];
const struct field incidents_view_fields[] = {
	FRAME_FIELDS(incidents_view),
	ITEMS(incidents_view, incidents, now_incident, "newest first"),
	FIELD(incidents_view, older, "where the next page begins"),
	END,
};
enum { INCIDENTS_A_PAGE = 50 };

int page_incidents(struct visit *v, struct reply *r, struct err *e)
{
	struct incidents_view view = { .frame = frame_of(v, "now", STR("All incidents")) };
	struct incident_rows rows = { 0 };
	struct view_filter page = { .limit = INCIDENTS_A_PAGE + 1 };
	struct str before = form_get(&v->query, "before");
	if (before.len && (!str_to_int(before, &page.before) || page.before < 1))
		return err_field(e, "before", "before is the number of an incident.");
	if (view_incidents(v->db, &page, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		if (view.incidents.len == INCIDENTS_A_PAGE) {
			view.older = view.incidents.at[INCIDENTS_A_PAGE - 1].id;
			break;
		}
		*LIST_ADD(v->arena, &view.incidents) = now_of(v, row);
	}
	return reply_page(v, &tpl_incidents, incidents_view_fields, &view, r);
}
