/* SPDX-License-Identifier: Apache-2.0 */
/* changes_strip: what a strip of a window shows: alerts of one name that are many become a band, freezes and incidents are
 * spans, changes are marks. Drawing: strip_svg.c. */
#include "base/when.h"
#include "core/catalog.h"
#include "web/alert_look.h"
#include "web/changes_look.h"
#include "web/strip_svg.h"

enum {
	INCIDENTS_SHOWN = 30,
	BUNCHES = 256, /* names of alerts; what comes behind them stands together */
	SLOTS = 1024,  /* of the table by name, a power of two */
};
enum { INCIDENTS, FREEZES, ALERTS, DEPLOYS, SETTINGS, OTHERS, LANES };
static const char *const lane_names[LANES] = {
	"Incidents", "Freezes",		 "Alerts",
	"Deploys",   "Config and flags", "Infrastructure, data and commands",
};

struct one_alert {
	struct str service;
	int64_t from_ms, to_ms; /* to: 0 = it fires */
};
/* The alerts of one name. */
struct bunch {
	struct str name;
	int64_t count, from_ms, to_ms;
	bool fires;
	struct one_alert few[HANDFUL];
};
struct drawing {
	struct visit *v;
	const struct window *window;
	struct strip strip;
	struct services services; /* empty where all are wanted anyway */
	int64_t count[LANES];
	LIST_OF(struct bunch) bunches;
	uint16_t slot[SLOTS]; /* 1 + place in bunches; 0 = none */
};

static bool is_wanted(const struct window *w, struct str service)
{
	return !w->services.len || strs_has(&w->services, service);
}

/* Those that name no service are about anything. */
static bool any_wanted(const struct window *w, const struct strs *services)
{
	bool any = !services->len;
	for (size_t i = 0; i < services->len; i++)
		any = any || is_wanted(w, services->at[i]);
	return any;
}

static struct str clock_of(const struct drawing *d, int64_t at_ms)
{
	struct buf b = BUF(d->v->arena);
	int64_t offset = zone_offset_ms(d->v->zone, at_ms);
	if (d->window->to_ms - d->window->from_ms > 12LL * 3600 * 1000)
		when_day_clock(&b, at_ms, offset);
	else
		when_clock(&b, at_ms, offset);
	return buf_str(&b);
}

/* "16:03 to 16:09", "since 16:03" */
static struct str span_of(const struct drawing *d, int64_t from_ms, int64_t to_ms)
{
	struct str from = clock_of(d, from_ms);
	if (!to_ms)
		return str_fmt(d->v->arena, "since " STR_FMT, STR_ARG(from));
	struct str to = clock_of(d, to_ms);
	return str_fmt(d->v->arena, STR_FMT " to " STR_FMT, STR_ARG(from), STR_ARG(to));
}

static void add_mark(struct drawing *d, struct strip_mark mark)
{
	d->count[mark.lane]++;
	*LIST_ADD(d->v->arena, &d->strip.marks) = mark;
}

/* Alerts */

static struct bunch *bunch_of(struct drawing *d, struct str name)
{
	uint32_t at =
		2166136261u; /* FNV-1a: the names are the team's own, and the table is a request's */
	for (size_t i = 0; i < name.len; i++)
		at = (at ^ (unsigned char)name.at[i]) * 16777619u;
	for (at &= SLOTS - 1; d->slot[at]; at = (at + 1) & (SLOTS - 1)) {
		struct bunch *b = &d->bunches.at[d->slot[at] - 1];
		if (str_eq(b->name, name))
			return b;
	}
	if (d->bunches.len >= BUNCHES - 1 && !str_is(name, "other alerts"))
		return bunch_of(d, STR("other alerts"));
	struct bunch *b = LIST_ADD(d->v->arena, &d->bunches);
	b->name = str_copy(d->v->arena, name);
	d->slot[at] = (uint16_t)d->bunches.len;
	return b;
}

static void add_alert(struct drawing *d, struct str name, struct one_alert one)
{
	if (one.from_ms >= d->window->to_ms || (one.to_ms && one.to_ms < d->window->from_ms) ||
	    !is_wanted(d->window, one.service))
		return;
	struct bunch *b = bunch_of(d, name);
	if (b->count < HANDFUL) {
		one.service = str_copy(d->v->arena, one.service);
		b->few[b->count] = one;
	}
	b->from_ms = !b->count || one.from_ms < b->from_ms ? one.from_ms : b->from_ms;
	b->to_ms = one.to_ms > b->to_ms ? one.to_ms : b->to_ms;
	b->fires = b->fires || !one.to_ms;
	b->count++;
}

/* When what is over was over; a sender may not have said. */
static int64_t end_of(struct when said, struct when known, struct when from)
{
	int64_t ms = said.ms ? said.ms : known.ms;
	return ms > from.ms ? ms : from.ms;
}

/* One that names no service belongs to the service that lists its name. */
static void see_alert(void *ctx, const struct live_alert *a)
{
	const struct drawing *d = ctx;
	const struct service *owner = a->service.len ? NULL
						     : services_of_alert(&d->services, a->name);
	add_alert(ctx, a->name,
		  (struct one_alert){ owner ? owner->name : a->service, a->started.ms,
				      a->is_firing ? 0 : end_of(a->ends, a->updated, a->started) });
}

/* Alerts that the desk has forgotten are remembered by the incidents that held them. */
static void add_linked(struct drawing *d, const struct incident *inc)
{
	LIST_EACH (l, &inc->alerts) {
		struct live_alert known;
		if (!l->started.ms || l->started.ms >= d->window->to_ms ||
		    engine_alert(d->v->config->engine, l->fingerprint, d->v->arena, &known))
			continue;
		add_alert(d, l->name,
			  (struct one_alert){
				  l->service, l->started.ms,
				  l->firing ? 0 : end_of(l->changed, l->started, l->started) });
	}
}

static void mark_one(struct drawing *d, const struct bunch *b, const struct one_alert *one)
{
	struct arena *a = d->v->arena;
	struct str when = span_of(d, one->from_ms, one->to_ms);
	struct str label = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(b->name),
				   one->service.len ? " " : "", STR_ARG(one->service));
	add_mark(d, (struct strip_mark){
			    .lane = ALERTS,
			    .from_ms = one->from_ms,
			    .to_ms = one->to_ms,
			    .shape = STRIP_SPAN,
			    .tone = "alert",
			    .label = label,
			    .title = str_fmt(a, "Alert " STR_FMT ", %s" STR_FMT, STR_ARG(label),
					     one->to_ms ? "fired " : "fires ", STR_ARG(when)),
		    });
}

static void mark_bunches(struct drawing *d)
{
	struct arena *a = d->v->arena;
	LIST_EACH (b, &d->bunches) {
		struct str count = thousands(a, b->count);
		for (int64_t i = 0; b->count <= HANDFUL && i < b->count; i++)
			mark_one(d, b, &b->few[i]);
		if (b->count <= HANDFUL)
			continue;
		struct str label = str_fmt(a, STR_FMT ": " STR_FMT " alerts", STR_ARG(b->name),
					   STR_ARG(count));
		struct str when = span_of(d, b->from_ms, b->fires ? 0 : b->to_ms);
		add_mark(d, (struct strip_mark){
				    .lane = ALERTS,
				    .from_ms = b->from_ms,
				    .to_ms = b->fires ? 0 : b->to_ms,
				    .shape = STRIP_SPAN,
				    .tone = "alert flood",
				    .label = label,
				    .title = str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(label),
						     STR_ARG(when)),
			    });
		d->count[ALERTS] += b->count - 1;
	}
}

/* Incidents and their freezes */

static void mark_freezes(struct drawing *d, const struct incident *inc)
{
	struct arena *a = d->v->arena;
	LIST_EACH (f, &inc->freezes) {
		int64_t to_ms = f->ended.ms ? f->ended.ms : f->until.ms;
		struct str what = f->services.len ? strs_join(a, &f->services, ", ")
						  : STR("everything");
		struct str when = span_of(d, f->since.ms, to_ms);
		if (f->since.ms >= d->window->to_ms || to_ms < d->window->from_ms ||
		    !any_wanted(d->window, &f->services))
			continue;
		add_mark(d, (struct strip_mark){
				    .lane = FREEZES,
				    .from_ms = f->since.ms,
				    .to_ms = to_ms > d->window->to_ms ? 0 : to_ms,
				    .shape = STRIP_SPAN,
				    .tone = "freeze",
				    .label = what,
				    .title = str_fmt(a,
						     "Frozen for INC-%lld: " STR_FMT ", " STR_FMT
						     ". " STR_FMT,
						     (long long)inc->id, STR_ARG(what),
						     STR_ARG(when), STR_ARG(f->reason)),
			    });
	}
}

static void mark_incident(struct drawing *d, const struct incident *inc)
{
	struct arena *a = d->v->arena;
	int64_t from_ms = inc->started.ms ? inc->started.ms : inc->declared.ms;
	int64_t to_ms = inc->resolved.ms ? inc->resolved.ms : inc->closed.ms;
	struct str when = span_of(d, from_ms, to_ms);
	struct str label = str_fmt(a, "INC-%lld " STR_FMT, (long long)inc->id, STR_ARG(inc->title));
	add_mark(d, (struct strip_mark){
			    .lane = INCIDENTS,
			    .from_ms = from_ms,
			    .to_ms = to_ms,
			    .shape = STRIP_SPAN,
			    .tone = inc->severity ? severity_names[inc->severity] : "sev4",
			    .label = label,
			    .title = str_fmt(a, STR_FMT ", " STR_FMT "%s", STR_ARG(label),
					     STR_ARG(when), to_ms ? "" : ", open"),
			    .is_onset = true,
		    });
}

static int see_incidents(struct drawing *d, struct err *e)
{
	struct window_ids ids = { 0 };
	struct window w = *d->window;
	w.limit = INCIDENTS_SHOWN;
	if (window_incidents(d->v->db, &w, d->v->arena, &ids, e) != 0)
		return -1;
	LIST_EACH (id, &ids) {
		struct folded f;
		if (engine_fold(d->v->db, *id, d->v->arena, &f, e) != 0)
			return -1;
		mark_freezes(d, f.incident);
		add_linked(d, f.incident);
		if (any_wanted(d->window, &f.incident->services))
			mark_incident(d, f.incident);
	}
	return 0;
}

/* Changes */

static int lane_of(const struct change *c)
{
	switch ((enum change_kind)c->kind) {
	case CHANGE_CONFIG:
	case CHANGE_FLAG:
		return SETTINGS;
	case CHANGE_INFRASTRUCTURE:
	case CHANGE_DATA:
	case CHANGE_COMMAND:
		return OTHERS;
	case CHANGE_KIND_UNSET:
	case CHANGE_DEPLOY:
		break;
	}
	return DEPLOYS;
}

static int shape_of(const struct change *c)
{
	switch ((enum change_state)c->state) {
	case CHANGE_FAILED:
		return STRIP_FAILED;
	case CHANGE_UNDONE:
		return STRIP_UNDONE;
	case CHANGE_RUNNING:
		return c->is_rollback ? STRIP_BACK : STRIP_RUNNING;
	case CHANGE_STATE_UNSET:
	case CHANGE_DONE:
		break;
	}
	return c->is_rollback ? STRIP_BACK : STRIP_DONE;
}

static void mark_change(struct drawing *d, const struct change *c)
{
	static const char *const tones[] = { "", "runs", "failed", "", "undone" };
	struct arena *a = d->v->arena;
	bool says_service = !c->service.len || str_find(c->title, c->service) != SIZE_MAX;
	struct str title = c->title.len ? c->title : STR("(redacted)");
	struct str what = says_service ? title
				       : str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(title),
						 STR_ARG(c->service));
	struct str when = span_of(d, c->began.ms, c->ended.ms);
	const char *state = change_state_names[c->state];
	bool is_plain = c->state == CHANGE_DONE;
	add_mark(d,
		 (struct strip_mark){
			 .lane = (size_t)lane_of(c),
			 .from_ms = c->began.ms,
			 .to_ms = c->ended.ms,
			 .shape = shape_of(c),
			 .tone = tones[c->state],
			 .label = str_fmt(a, STR_FMT "%s%s", STR_ARG(what), is_plain ? "" : ", ",
					  is_plain ? "" : state),
			 .title = str_fmt(a, "Change %lld, %s, %s%s: " STR_FMT ", " STR_FMT,
					  (long long)c->number, change_kind_names[c->kind], state,
					  c->is_rollback ? ", takes an older state back" : "",
					  STR_ARG(what), STR_ARG(when)),
		 });
}

/* Lanes without marks are left out, but for those that everybody looks for. */
static void add_lanes(struct drawing *d)
{
	size_t place[LANES] = { 0 };
	for (size_t i = 0; i < LANES; i++) {
		if (!d->count[i] && i != ALERTS && i != DEPLOYS && i != SETTINGS)
			continue;
		place[i] = d->strip.lanes.len;
		LIST_ADD(d->v->arena, &d->strip.lanes)->name = str_of(lane_names[i]);
	}
	LIST_EACH (m, &d->strip.marks)
		m->lane = place[m->lane];
}

static void count_words(struct buf *b, int64_t n, const char *one, const char *many)
{
	if (n)
		buf_fmt(b, ", " STR_FMT " %s", STR_ARG(thousands(b->arena, n)),
			n == 1 ? one : many);
}

static struct str about(const struct drawing *d)
{
	struct buf b = BUF(d->v->arena);
	buf_fmt(&b, "A strip of time, " STR_FMT,
		STR_ARG(span_of(d, d->window->from_ms, d->window->to_ms)));
	count_words(&b, d->count[DEPLOYS] + d->count[SETTINGS] + d->count[OTHERS], "change",
		    "changes");
	count_words(&b, d->count[ALERTS], "alert", "alerts");
	count_words(&b, d->count[INCIDENTS], "incident", "incidents");
	count_words(&b, d->count[FREEZES], "freeze", "freezes");
	buf_z(&b, ". The list below has every change.");
	return buf_str(&b);
}

int changes_strip(struct visit *v, const struct strip_of *of, struct html *out, struct err *e)
{
	struct drawing *d = ARENA_NEW(v->arena, struct drawing);
	d->v = v;
	d->window = of->window;
	d->strip.from_ms = of->window->from_ms;
	d->strip.to_ms = of->window->to_ms;
	d->strip.now_ms = v->now_ms;
	d->strip.zone = v->zone;
	if (of->window->services.len)
		engine_services(v->config->engine, v->arena, &d->services);
	engine_each_alert(v->config->engine, ALERT_WORDS, see_alert, d);
	if (see_incidents(d, e) != 0)
		return -1;
	mark_bunches(d);
	LIST_EACH (c, of->changes)
		mark_change(d, c);
	add_lanes(d);
	d->strip.about = about(d);
	*out = strip_svg(&d->strip, v->arena);
	return 0;
}
