/* SPDX-License-Identifier: Apache-2.0 */
/* page_incident: GET /incidents/N, the war room. What it shows: war_room.h; its looks: ui/page/incident.html; what its
 * buttons do: page_form.c. */
#include "ui.h"
#include "web/inside.h"
#include "web/war_room.h"

enum {
	LONG_MS = 12 * 3600 *
		  1000,		 /* from here on a start's clock time alone could be yesterday's */
	TEXT_SHOWN_BYTES = 4000, /* of one piece of evidence; the API has the rest */
};

static bool is_web_address(struct str s)
{
	return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

/* An address that no browser should follow from here ("javascript:...") becomes text; long evidence is cut. */
static void make_safe(struct incident *inc, struct arena *a)
{
	LIST_EACH (ev, &inc->evidence) {
		if (ev->link.len && !is_web_address(ev->link)) {
			ev->source = ev->source.len
					     ? str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(ev->source),
						       STR_ARG(ev->link))
					     : ev->link;
			ev->link = (struct str){ 0 };
		}
		if (ev->text.len > TEXT_SHOWN_BYTES) {
			struct str start = str_clip(ev->text, TEXT_SHOWN_BYTES);
			ev->text = str_fmt(a, STR_FMT "\n(cut here; the API has all of it)",
					   STR_ARG(start));
		}
	}
	LIST_EACH (act, &inc->actions) {
		if (!act->link.len || is_web_address(act->link))
			continue;
		act->title = str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(act->title),
				     STR_ARG(act->link));
		act->link = (struct str){ 0 };
	}
}

static bool any_firing(const struct incident *inc)
{
	LIST_EACH (a, &inc->alerts)
		if (a->firing)
			return true;
	return false;
}

static bool any_check(const struct incident *inc)
{
	LIST_EACH (c, &inc->checks)
		if (!c->dropped)
			return true;
	return false;
}

static bool any_symptom(const struct incident *inc)
{
	const struct symptoms *s = &inc->symptoms;
	return s->fails.len || s->works.len || s->radius.len || s->spread != SPREAD_UNKNOWN;
}

static void fill_facts(struct incident_view *view, const struct incident *inc,
		       const struct visit *v)
{
	const struct verb *pause = verb_find(STR("reset"), STR("call"));
	view->phase = (int)incident_phase(inc);
	view->may_act = v->right >= RIGHT_RESPOND;
	view->is_open = incident_is_open(inc);
	view->may_only_pause = !view->may_act && view->is_open && v->right >= pause->needs &&
			       !incident_active_pause(inc);
	view->is_over = incident_has_ended(inc);
	view->is_late = inc->promised.ms && inc->promised.ms < v->now_ms;
	view->is_long = v->now_ms - inc->started.ms > LONG_MS;
	view->is_frozen = incident_active_freeze(inc);
	view->has_symptoms = any_symptom(inc);
	view->has_open_cause = incident_open_hypothesis(inc);
	view->has_firing = any_firing(inc);
	view->has_checks = any_check(inc);
	view->wants_review = inc->resolved.ms || inc->review.state != REVIEW_NONE;
}

int page_incident(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	struct incident_view view = { 0 };
	if (engine_fold(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	const struct incident *inc = f.incident;
	view.frame = frame_for(
		v, "now",
		str_fmt(v->arena, "INC-%lld " STR_FMT, (long long)inc->id, STR_ARG(inc->title)),
		inc);
	fill_facts(&view, inc, v);
	room_next_fill(&view, inc, v);
	room_suspects_fill(&view, inc, v);
	room_log_fill(&view, &f, v);
	room_verbs_fill(&view, v);
	make_safe(f.incident, v->arena);
	struct incident *shown = LIST_ADD(v->arena, &view.inc);
	*shown = *inc;
	return reply_page(v, &tpl_incident, incident_view_fields, &view, r);
}
