/* SPDX-License-Identifier: Apache-2.0 */
/* form_hints: what may be picked in a form: services, people, alerts, and the numbered things of the incident. */
#include "core/update.h"
#include "store/view_change.h"
#include "web/alert_look.h"
#include "web/forms.h"

enum {
	HINT_BYTES = 70,     /* a label fits a phone's line */
	HINT_SERVICES = 100, /* besides those of the catalogue */
	HINT_ALERTS = 60,
	HINT_INCIDENTS = 100, /* whose services are offered */
	HINT_CHANGES = 60,    /* that may have set it off */
	HOUR_MS = 3600 * 1000,
	DAY_MS = 24 * HOUR_MS,
};

struct gathering {
	struct arena *arena;
	struct form_offers *to;
};

static void offer(const struct gathering *g, struct str value, struct str label)
{
	*LIST_ADD(g->arena, g->to) = (struct form_offer){ .value = value,
							  .label = str_clip(label, HINT_BYTES) };
}

static void offer_number(const struct gathering *g, int64_t number, struct str what)
{
	offer(g, str_fmt(g->arena, "%lld", (long long)number),
	      str_fmt(g->arena, "%lld: " STR_FMT, (long long)number, STR_ARG(str_clip(what, 200))));
}

static void offer_once(const struct gathering *g, struct str service, size_t limit)
{
	LIST_EACH (o, g->to)
		if (str_eq(o->value, service))
			return;
	if (service.len && g->to->len < limit)
		*LIST_ADD(g->arena, g->to) = (struct form_offer){ .value = service,
								  .label = service };
}

static int add_services(struct visit *v, const struct alert_rows *alerts, struct form_hints *out,
			struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter newest = { .limit = HINT_INCIDENTS };
	struct gathering g = { v->arena, &out->services };
	struct services catalog;
	if (view_incidents(v->db, &newest, v->arena, &rows, e) != 0)
		return -1;
	engine_services(v->config->engine, v->arena, &catalog);
	size_t limit = catalog.len + HINT_SERVICES;
	LIST_EACH (s, &catalog)
		*LIST_ADD(v->arena, &out->services) = (struct form_offer){ .value = s->name,
									   .label = s->name };
	LIST_EACH (row, &rows)
		for (size_t i = 0; i < row->services.len; i++)
			offer_once(&g, row->services.at[i], limit);
	LIST_EACH (alert, alerts)
		offer_once(&g, alert->service, limit);
	return 0;
}

static void add_alerts(struct visit *v, const struct alert_rows *alerts, struct form_hints *out)
{
	struct gathering g = { v->arena, &out->alerts };
	LIST_EACH (alert, alerts) {
		struct str says = alert->summary.len ? alert->summary : alert->service;
		offer(&g, alert->fingerprint,
		      str_fmt(v->arena, STR_FMT "%s" STR_FMT, STR_ARG(alert->name),
			      says.len ? ": " : "", STR_ARG(str_clip(says, 200))));
	}
}

/* Those that fire, the ones that need a person first. */
static int find_alerts(struct visit *v, struct row_page *out, struct err *e)
{
	struct look look;
	struct survey s;
	const struct row_query q = { NEEDS_PERSON, SILENCED, HINT_ALERTS, .collapse = false };
	if (look_open(v, &look, e) != 0)
		return -1;
	look_survey(v, &look, &s);
	return survey_rows(v, &s, &q, out, e);
}

static int add_people(struct visit *v, struct form_hints *out, struct err *e)
{
	struct accounts people = { 0 };
	if (account_list(v->db, v->arena, &people, e) != 0)
		return -1;
	LIST_EACH (who, &people) {
		struct form_offer o = { .value = who->login, .label = who->name, .id = who->id };
		if (who->disabled.ms)
			continue;
		*LIST_ADD(v->arena, &out->people) = o;
		if (who->right >= RIGHT_RESPOND)
			*LIST_ADD(v->arena, &out->responders) = o;
	}
	return 0;
}

static int add_incidents(struct visit *v, const struct incident *inc, struct form_hints *out,
			 struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter open = { .open_only = true };
	struct gathering g = { v->arena, &out->incidents };
	if (view_incidents(v->db, &open, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows)
		if (!inc || row->id != inc->id)
			offer(&g, str_fmt(v->arena, "%lld", (long long)row->id),
			      str_fmt(v->arena, "INC-%lld " STR_FMT, (long long)row->id,
				      STR_ARG(row->title)));
	return 0;
}

static void add_items(struct arena *a, const struct incident *inc, struct form_hints *out)
{
	struct gathering evidence = { a, &out->evidence }, hypotheses = { a, &out->hypotheses };
	struct gathering mitigations = { a, &out->mitigations }, checks = { a, &out->checks };
	struct gathering freezes = { a, &out->freezes }, actions = { a, &out->actions };
	LIST_EACH (x, &inc->evidence)
		if (!x->retracted)
			offer_number(&evidence, x->number, x->title);
	LIST_EACH (x, &inc->hypotheses)
		if (x->state != HYPOTHESIS_REFUTED)
			offer_number(&hypotheses, x->number, x->cause);
	LIST_EACH (x, &inc->mitigations)
		if (x->state != MITIGATION_WITHDRAWN)
			offer_number(&mitigations, x->number, x->what);
	LIST_EACH (x, &inc->checks)
		if (!x->dropped)
			offer_number(&checks, x->number, x->what);
	LIST_EACH (x, &inc->freezes)
		if (!x->ended.ms)
			offer_number(&freezes, x->number, x->reason);
	LIST_EACH (x, &inc->actions)
		offer_number(&actions, x->number, x->title);
}

static bool is_suspect(const struct incident *inc, int64_t change)
{
	LIST_EACH (x, &inc->ranking.suspects)
		if (x->change == change)
			return true;
	return false;
}

/* The suspects first, then "none", then what else was changed around its beginning. */
static int add_causes(struct visit *v, const struct incident *inc, struct form_hints *out,
		      struct err *e)
{
	struct changes all = { 0 };
	struct gathering causes = { v->arena, &out->causes };
	int64_t onset_ms = inc->ranking.onset.ms ? inc->ranking.onset.ms : inc->started.ms;
	struct change_filter recent = { .since_ms = onset_ms - DAY_MS,
					.until_ms = onset_ms + HOUR_MS,
					.limit = HINT_CHANGES };
	LIST_EACH (x, &inc->ranking.suspects)
		offer_number(&causes, x->change, x->title);
	offer(&causes, STR("none"), STR("No change set it off"));
	if (view_changes(v->db, &recent, v->arena, &all, e) != 0)
		return -1;
	LIST_EACH (c, &all)
		if (!is_suspect(inc, c->number))
			offer_number(&causes, c->number, c->title);
	return 0;
}

int form_hints_of(struct visit *v, const struct incident *inc, struct form_hints *out,
		  struct err *e)
{
	struct row_page alerts;
	struct gathering audiences = { v->arena, &out->audiences };
	if (find_alerts(v, &alerts, e) != 0)
		return -1;
	add_alerts(v, &alerts.rows, out);
	if (add_services(v, &alerts.rows, out, e) != 0 || add_people(v, out, e) != 0 ||
	    add_incidents(v, inc, out, e) != 0)
		return -1;
	for (int i = 0; i < AUDIENCE_COUNT; i++)
		offer(&audiences, str_of(audience_names[i]),
		      form_label(v->arena, audience_names[i]));
	if (inc)
		add_items(v->arena, inc, out);
	return inc ? add_causes(v, inc, out, e) : 0;
}
