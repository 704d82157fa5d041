/* SPDX-License-Identifier: Apache-2.0 */
/* page_service: one service: who owns it, what it calls and what calls it, what fires, its incidents. A name that alerts or
 * incidents use and nobody put into the catalogue has a page, too, which asks to be owned. */
#include "ui.h"
#include "web/alert_look.h"
#include "web/changes_look.h"
#include "web/inside.h"
#include "web/readiness.h"
#include "web/service_graph.h"

enum {
	ALERTS_SHOWN = 20,
	INCIDENTS_SHOWN = 10, /* that ended */
	CHANGES_SHOWN = 10,
	CHANGES_DAYS = 30,
};

struct neighbour {
	struct str name, word, tone;
};
static const struct field neighbour_fields[] = {
	FIELD(neighbour, name, "its name"),
	FIELD(neighbour, word, "how it stands"),
	FIELD(neighbour, tone, "the class for that"),
	END,
};
struct service_link_row {
	struct str label, address;
};
static const struct field service_link_row_fields[] = {
	FIELD(service_link_row, label, "what it leads to"),
	FIELD(service_link_row, address, "its address"),
	END,
};
struct service_alert {
	struct str fingerprint, name, summary;
	struct when started;
	bool is_silenced;
};
static const struct field service_alert_fields[] = {
	FIELD(service_alert, fingerprint, "what tells it from others"),
	FIELD(service_alert, name, "its name"),
	FIELD(service_alert, summary, "what it says"),
	FIELD(service_alert, started, "since when"),
	FIELD(service_alert, is_silenced, "it is silenced"),
	END,
};
struct service_incident {
	int64_t id;
	int severity;
	struct str name;
	struct when declared, resolved;
};
static const struct field service_incident_fields[] = {
	FIELD(service_incident, id, "its number"),
	CHOICE(service_incident, severity, severity, "how bad it is"),
	FIELD(service_incident, name, "its title"),
	FIELD(service_incident, declared, "when it was declared"),
	FIELD(service_incident, resolved, "when it was resolved"),
	END,
};

struct service_view {
	struct frame frame;
	struct str name, owner, word, tone, about, runbook, file, revision;
	int tier;
	LIST_OF(struct neighbour) calls, called_by;
	LIST_OF(struct service_link_row) links;
	LIST_OF(struct service_alert) firing;
	LIST_OF(struct service_incident) open, recent;
	struct change_lines changes;
	struct readiness_lines readiness;
	struct strs drift, alerts;
	struct html picture;
	struct person by;
	struct when at;
	int64_t firing_count, more_firing;
	bool is_known, is_filed, may_act, may_own, has_drift, has_alerts;
};
extern const struct field service_view_fields[];
const struct field service_view_fields[] = {
	FRAME_FIELDS(service_view),
	FIELD(service_view, name, "its name"),
	FIELD(service_view, owner, "who looks after it"),
	FIELD(service_view, word, "how it stands"),
	FIELD(service_view, tone, "the class for that"),
	FIELD(service_view, about, "what it does"),
	FIELD(service_view, runbook, "what to do when it is ill"),
	FIELD(service_view, file, "the last file that named it"),
	FIELD(service_view, revision, "its revision"),
	CHOICE(service_view, tier, tier, "how much hangs on it"),
	ITEMS(service_view, calls, neighbour, "what it calls"),
	ITEMS(service_view, called_by, neighbour, "what calls it"),
	ITEMS(service_view, links, service_link_row, "where to look"),
	ITEMS(service_view, firing, service_alert, "alerts that fire"),
	ITEMS(service_view, open, service_incident, "open incidents about it"),
	ITEMS(service_view, recent, service_incident, "incidents that ended, newest first"),
	ITEMS(service_view, changes, change_line, "its newest changes of the last weeks"),
	ITEMS(service_view, readiness, readiness_line, "when it was last taken back"),
	FIELD(service_view, drift, "where it differs from its file"),
	FIELD(service_view, alerts, "alerts that are its own by name"),
	FIELD(service_view, picture, "what is around it"),
	FIELD(service_view, by, "who said so last"),
	FIELD(service_view, at, "when"),
	FIELD(service_view, firing_count, "how many alerts fire"),
	FIELD(service_view, more_firing, "how many of them are not shown"),
	FIELD(service_view, is_known, "it is in the catalogue"),
	FIELD(service_view, is_filed, "a file said so last"),
	FIELD(service_view, may_act, "the reader may change things"),
	FIELD(service_view, may_own, "the catalogue can take this name"),
	FIELD(service_view, has_drift, "it differs from its file"),
	FIELD(service_view, has_alerts, "it has alerts of its own"),
	END,
};

struct finding {
	struct visit *v;
	struct look look;
	struct strs own; /* names of alerts that are its own where they name no service */
	struct service_view *view;
};

static void find_alert(void *ctx, const struct live_alert *a)
{
	struct finding *f = ctx;
	struct arena *arena = f->v->arena;
	bool is_its = a->service.len ? str_eq(a->service, f->view->name)
				     : strs_has(&f->own, a->name);
	if (!a->is_firing || !is_its)
		return;
	f->view->firing_count++;
	if (f->view->firing.len < ALERTS_SHOWN)
		*LIST_ADD(arena, &f->view->firing) = (struct service_alert){
			.fingerprint = str_copy(arena, a->fingerprint),
			.name = str_copy(arena, a->name),
			.summary = str_copy(arena, a->summary),
			.started = a->started,
			.is_silenced = look_silence(&f->look, a) != NULL,
		};
}

/* An alert that two services list as their own belongs to the first. */
static struct strs own_alerts(struct visit *v, const struct services *all, const struct service *s)
{
	struct strs own = { ARENA_ARRAY(v->arena, struct str, s ? s->alerts.len : 0), 0 };
	for (size_t i = 0; s && i < s->alerts.len; i++)
		if (services_of_alert(all, s->alerts.at[i]) == s)
			own.at[own.len++] = s->alerts.at[i];
	return own;
}

static int newest_first(const void *a, const void *b)
{
	const struct service_alert *x = a, *y = b;
	return (x->started.ms < y->started.ms) - (x->started.ms > y->started.ms);
}

static int find_incidents(struct visit *v, struct service_view *view, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter all = { 0 };
	if (view_incidents(v->db, &all, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		const struct service_incident x = { row->id, row->severity, row->title,
						    row->declared, row->resolved };
		if (!strs_has(&row->services, view->name))
			continue;
		if (row->is_open)
			*LIST_ADD(v->arena, &view->open) = x;
		else if (view->recent.len < INCIDENTS_SHOWN)
			*LIST_ADD(v->arena, &view->recent) = x;
	}
	return 0;
}

/* What changed lately, and whether a change of it was ever taken back. */
static int find_changes(struct visit *v, struct service_view *view, struct err *e)
{
	const struct strs self = { &view->name, 1 };
	struct changes list = { 0 };
	const struct window w = { .from_ms = v->now_ms - CHANGES_DAYS * 24LL * 3600 * 1000,
				  .to_ms = v->now_ms + 1,
				  .services = self,
				  .limit = CHANGES_SHOWN };
	if (window_changes(v->db, &w, v->arena, &list, e) != 0)
		return -1;
	LIST_EACH (c, &list)
		*LIST_ADD(v->arena, &view->changes) = change_line_of(c, v->arena);
	return readiness_lines(v, &self, &view->readiness, e);
}

static struct neighbour neighbour_of(const struct services_now *now, struct str name)
{
	const struct service_now *s = service_now_find(now, name);
	LIST_EACH (u, &now->unowned)
		if (!s && str_eq(u->name, name))
			s = u;
	if (!s)
		return (struct neighbour){ name, STR("not in the catalogue"), STR("unknown") };
	return (struct neighbour){ name, s->word, str_of(service_tone(s)) };
}

static void fill_known(struct visit *v, const struct services_now *now,
		       const struct service_now *row, struct service_view *view)
{
	const struct service *s = row->service;
	view->is_known = true;
	view->owner = s->owner;
	view->tier = s->tier;
	view->about = s->about;
	view->runbook = s->runbook;
	view->file = s->file;
	view->revision = str_clip(s->revision, 12);
	view->is_filed = s->origin == ORIGIN_FILE;
	view->by = s->by;
	view->at = s->at;
	view->drift = service_drift(s, v->arena);
	view->has_drift = view->drift.len > 0;
	view->alerts = s->alerts;
	view->has_alerts = s->alerts.len > 0;
	for (size_t i = 0; i < s->depends.len; i++)
		*LIST_ADD(v->arena, &view->calls) = neighbour_of(now, s->depends.at[i]);
	for (size_t i = 0; i < row->used_by.len; i++)
		*LIST_ADD(v->arena, &view->called_by) = neighbour_of(now, row->used_by.at[i]);
	for (size_t i = 0; i < s->links.len; i++) {
		struct service_link_row link;
		if (service_link(s->links.at[i], &link.label, &link.address))
			*LIST_ADD(v->arena, &view->links) = link;
	}
}

/* Services that call a name which the catalogue does not have. */
static void fill_unknown(struct visit *v, const struct services_now *now, struct service_view *view)
{
	struct err no = { 0 };
	const struct service_words words = { .name = view->name };
	const struct neighbour shown = neighbour_of(now, view->name);
	view->may_own = view->may_act && service_check(&words, &no) == 0;
	view->word = shown.word;
	view->tone = shown.tone;
	LIST_EACH (s, &now->known)
		if (strs_has(&s->service->depends, view->name))
			*LIST_ADD(v->arena, &view->called_by) = neighbour_of(now, s->name);
}

static bool is_named(const struct services_now *now, struct str name)
{
	LIST_EACH (u, &now->unowned)
		if (str_eq(u->name, name))
			return true;
	return false;
}

static int refuse_unknown(struct str name, struct err *e)
{
	err_refuse(e, ERR_NOT_FOUND, "No service is called " STR_FMT ".",
		   STR_ARG(str_clip(name, 60)));
	err_next(e, "Case counts; Services lists those there are.");
	return -1;
}

int page_service(struct visit *v, struct reply *r, struct err *e)
{
	struct services_now now;
	struct service_picture picture;
	struct service_view view = { .frame = frame_of(v, "services", v->arg[0]),
				     .name = v->arg[0],
				     .may_act = v->right >= RIGHT_RESPOND };
	struct finding f = { .v = v, .view = &view };
	if (services_now(v, &now, e) != 0 || look_open(v, &f.look, e) != 0)
		return -1;
	const struct service_now *row = service_now_find(&now, view.name);
	f.own = own_alerts(v, &now.services, row ? row->service : NULL);
	engine_each_alert(v->config->engine, ALERT_ALL, find_alert, &f);
	LIST_SORT(&view.firing, newest_first);
	view.more_firing = view.firing_count - (int64_t)view.firing.len;
	if (find_incidents(v, &view, e) != 0 || find_changes(v, &view, e) != 0)
		return -1;
	if (row) {
		view.word = row->word;
		view.tone = str_of(service_tone(row));
		fill_known(v, &now, row, &view);
	} else {
		fill_unknown(v, &now, &view);
		if (!view.firing.len && !view.open.len && !view.recent.len && !view.called_by.len &&
		    !is_named(&now, view.name))
			return refuse_unknown(view.name, e);
	}
	service_graph(&now, view.name, v->arena, &picture);
	view.picture = picture.svg;
	return reply_page(v, &tpl_service, service_view_fields, &view, r);
}
