/* SPDX-License-Identifier: Apache-2.0 */
/* page_declare: opens an incident from a form: prefilled from alerts, and where one that is open looks the same, showing
 * that one first. From a flood of alerts the first of them are attached; the rest belong to it by name and service. */
#include "ui.h"
#include "web/alert_look.h"
#include "web/forms.h"
#include "web/inside.h"

struct similar {
	int64_t id;
	struct str name;
	int severity, phase;
	struct person lead;
	struct when declared;
	bool is_first;
};
static const struct field similar_fields[] = {
	FIELD(similar, id, "its number"),
	FIELD(similar, name, "its title"),
	CHOICE(similar, severity, severity, "how bad it is"),
	CHOICE(similar, phase, phase, "how far it is"),
	FIELD(similar, lead, "who leads"),
	FIELD(similar, declared, "when it was declared"),
	FIELD(similar, is_first, "it leads the list: its button is the page's primary one"),
	END,
};
struct declare_view {
	struct frame frame;
	struct str problem, next_step, because, submit;
	struct html body, more;
	LIST_OF(struct similar) similar;
	struct strs alerts; /* fingerprints given, to attach instead */
	struct str group, group_text, attached;
	bool is_guarded, has_similar, has_alerts;
};
extern const struct field declare_view_fields[];
const struct field declare_view_fields[] = {
	FRAME_FIELDS(declare_view),
	FIELD(declare_view, problem, "why it was refused"),
	FIELD(declare_view, next_step, "the safest next step"),
	FIELD(declare_view, because, "the reason as typed"),
	FIELD(declare_view, submit, "the button"),
	FIELD(declare_view, body, "the fields everybody fills in"),
	FIELD(declare_view, more, "the others"),
	ITEMS(declare_view, similar, similar, "open ones that look the same"),
	FIELD(declare_view, alerts, "the alerts given"),
	FIELD(declare_view, group, "the flood it stands for: the alerts' name"),
	FIELD(declare_view, group_text, "how large that is"),
	FIELD(declare_view, attached, "how many of it are attached"),
	FIELD(declare_view, is_guarded, "it was refused: one that is open looks the same"),
	FIELD(declare_view, has_similar, "joining one that is open comes first"),
	FIELD(declare_view, has_alerts, "alerts are given"),
	END,
};

static const char *const first_names[] = { "title", "severity", "services", NULL };
static const char *const flood_names[] = { "title", "severity", "services", "alerts", NULL };

static const struct verb *declare_verb(void)
{
	return verb_find(STR("incident"), STR("declare"));
}

/* Of a flood: which of its alerts are attached, and what the form says of it. */
struct flood {
	struct str name, text; /* text: "4,812 alerts on 37 services" */
	struct strs alerts;
	struct strs services;
};

/* One of each service before the second of any, so that each of its groups is named. */
static void pick_alerts(struct visit *v, const struct alert_rows *rows, struct flood *out)
{
	out->alerts.at = ARENA_ARRAY(v->arena, struct str, rows->len + 1);
	out->services.at = ARENA_ARRAY(v->arena, struct str, rows->len + 1);
	for (int first = 1; first >= 0; first--)
		LIST_EACH (row, rows) {
			bool is_new = !strs_has(&out->services, row->service);
			if (first && is_new)
				out->services.at[out->services.len++] = row->service;
			if (out->alerts.len < FIELD_MAX_ITEMS &&
			    (first ? is_new : !strs_has(&out->alerts, row->fingerprint)))
				out->alerts.at[out->alerts.len++] = row->fingerprint;
		}
}

static int find_flood(struct visit *v, struct str name, struct flood *out, struct err *e)
{
	enum { LOOKED_AT = 400 }; /* enough to meet its services */
	struct look look;
	struct survey s;
	struct row_page page;
	const struct row_query q = { NEEDS_PERSON, NEEDS_PERSON, LOOKED_AT, .collapse = false };
	*out = (struct flood){ .name = name };
	if (!name.len)
		return 0;
	if (look_open(v, &look, e) != 0)
		return -1;
	look.name = name;
	look_survey(v, &look, &s);
	if (survey_rows(v, &s, &q, &page, e) != 0)
		return -1;
	pick_alerts(v, &page.rows, out);
	if (!s.groups.len)
		return err_refuse(e, ERR_NOT_FOUND,
				  "No alert named " STR_FMT " needs a person now.",
				  STR_ARG(str_clip(name, 100)));
	out->text = str_fmt(v->arena, STR_FMT " alerts on " STR_FMT " services",
			    STR_ARG(thousands(v->arena, s.groups.at[0].count)),
			    STR_ARG(thousands(v->arena, s.groups.at[0].services)));
	return 0;
}

static struct strs given_alerts(struct visit *v, const struct form *given)
{
	struct strs all = { ARENA_ARRAY(v->arena, struct str, FORM_MAX_PAIRS), 0 };
	LIST_EACH (p, &given->pairs) {
		struct strs some = str_is(p->name, "alerts") ? strs_split(v->arena, p->value, ',')
							     : (struct strs){ 0 };
		for (size_t i = 0; i < some.len && all.len < FORM_MAX_PAIRS; i++)
			all.at[all.len++] = some.at[i];
	}
	return all;
}

static void add_pair(struct visit *v, struct form *form, const char *name, struct str value)
{
	if (value.len && !form_has(form, name))
		*LIST_ADD(v->arena, &form->pairs) = (struct form_pair){ str_of(name), value };
}

/* The alert's own; where it names none, the one that lists it as its own in the catalogue. */
static struct str service_of(struct visit *v, const struct live_alert *a)
{
	struct services all;
	if (a->service.len)
		return a->service;
	engine_services(v->config->engine, v->arena, &all);
	const struct service *s = services_of_alert(&all, a->name);
	return s ? s->name : a->service;
}

/* What the alerts say already need not be typed. */
static struct form prefill(struct visit *v, const struct strs *alerts, const struct flood *flood)
{
	struct form form = { 0 };
	enum { SERVICES_NAMED = 10 };
	struct strs named = flood->services;
	if (flood->name.len) {
		named.len = named.len > SERVICES_NAMED ? SERVICES_NAMED : named.len;
		add_pair(v, &form, "title",
			 str_clip(str_fmt(v->arena, STR_FMT ": " STR_FMT, STR_ARG(flood->name),
					  STR_ARG(flood->text)),
				  200));
		add_pair(v, &form, "services", strs_join(v->arena, &named, ", "));
	}
	LIST_EACH (p, &v->query.pairs)
		*LIST_ADD(v->arena, &form.pairs) = *p;
	for (size_t i = 0; i < alerts->len; i++) {
		struct live_alert a;
		if (!engine_alert(v->config->engine, alerts->at[i], v->arena, &a))
			continue;
		add_pair(v, &form, "title", str_clip(a.summary.len ? a.summary : a.name, 200));
		add_pair(v, &form, "services", service_of(v, &a));
	}
	return form;
}

static bool shares(const struct strs *a, const struct strs *b)
{
	for (size_t i = 0; i < a->len; i++)
		if (strs_has(b, a->at[i]))
			return true;
	return false;
}

/* Those typed, and those that the alerts fire in. */
static struct strs given_services(struct visit *v, const struct form *given,
				  const struct strs *alerts)
{
	struct strs typed = strs_split(v->arena, form_get(given, "services"), ',');
	struct strs all = { ARENA_ARRAY(v->arena, struct str, typed.len + alerts->len), 0 };
	for (size_t i = 0; i < typed.len; i++)
		all.at[all.len++] = typed.at[i];
	for (size_t i = 0; i < alerts->len; i++) {
		struct live_alert a;
		if (engine_alert(v->config->engine, alerts->at[i], v->arena, &a) && a.service.len)
			all.at[all.len++] = a.service;
	}
	return all;
}

static bool is_named(struct visit *v, const struct err *refused, int64_t id)
{
	struct str name = str_fmt(v->arena, "INC-%lld", (long long)id),
		   text = str_of(refused->text);
	size_t at = str_find(text, name);
	char after = at != SIZE_MAX && at + name.len < text.len ? text.at[at + name.len] : ' ';
	return at != SIZE_MAX && (after < '0' || after > '9');
}

/* refused: NULL = nothing was sent yet */
static int add_similar(struct visit *v, const struct form *given, const struct err *refused,
		       struct declare_view *view, struct err *e)
{
	struct open_incidents open = { 0 };
	struct strs services = given_services(v, given, &view->alerts);
	if (view_open(v->db, v->arena, &open, e) != 0)
		return -1;
	LIST_EACH (o, &open) {
		struct incident_row row;
		bool is_first = view->similar.len == 0;
		if (!(refused && is_named(v, refused, o->id)) && !shares(&services, &o->services) &&
		    !shares(&view->alerts, &o->alerts))
			continue;
		if (view_incident(v->db, o->id, v->arena, &row, e) != 0)
			return -1;
		*LIST_ADD(v->arena, &view->similar) = (struct similar){ .id = row.id,
									.name = row.title,
									.severity = row.severity,
									.phase = row.phase,
									.lead = row.lead,
									.declared = row.declared,
									.is_first = is_first };
	}
	return 0;
}

/* The alerts given are offered even where they do not fire any more. */
static void offer_given(struct visit *v, const struct strs *alerts, struct form_hints *hints)
{
	for (size_t i = 0; i < alerts->len; i++) {
		struct live_alert a;
		bool known = false;
		LIST_EACH (o, &hints->alerts)
			known = known || str_eq(o->value, alerts->at[i]);
		if (known)
			continue;
		known = engine_alert(v->config->engine, alerts->at[i], v->arena, &a);
		*LIST_ADD(v->arena, &hints->alerts) = (struct form_offer){
			.value = alerts->at[i], .label = known ? a.name : alerts->at[i]
		};
	}
}

static int show(struct visit *v, const struct form *given, const struct err *refused,
		struct reply *r, struct err *e)
{
	struct flood flood;
	struct form_hints hints = { 0 };
	struct declare_view view = { .frame = frame_of(v, "now", STR("Declare an incident")),
				     .because = form_get(given, "_because"),
				     .submit = STR("Declare") };
	struct form_print how = { .table = declare_verb()->fields,
				  .given = given,
				  .is_posted = refused != NULL,
				  .hints = &hints,
				  .zone = v->zone,
				  .only = first_names };
	if (find_flood(v, form_get(given, "group"), &flood, e) != 0)
		return -1;
	view.group = flood.name;
	view.group_text = flood.text;
	view.attached = thousands(v->arena, (int64_t)flood.alerts.len);
	view.alerts = flood.name.len ? flood.alerts : given_alerts(v, given);
	view.has_alerts = view.alerts.len > 0;
	if (refused) {
		r->status = err_status(refused->code);
		view.problem = str_copy(v->arena, str_of(refused->text));
		view.next_step = str_copy(v->arena, str_of(refused->next));
		view.is_guarded = refused->code == ERR_GUARD;
		how.bad = refused->field;
	}
	if (view.is_guarded)
		view.submit = STR("Declare anyway");
	if (form_hints_of(v, NULL, &hints, e) != 0 ||
	    ((view.is_guarded || !refused) && add_similar(v, given, refused, &view, e) != 0))
		return -1;
	view.has_similar = view.similar.len > 0;
	if (!flood.name.len)
		offer_given(v, &view.alerts, &hints);
	view.body = form_html(&how, v->arena);
	how.only = NULL;
	how.skip = flood.name.len ? flood_names : first_names;
	view.more = form_html(&how, v->arena);
	return reply_page(v, &tpl_declare, declare_view_fields, &view, r);
}

int page_declare(struct visit *v, struct reply *r, struct err *e)
{
	struct strs alerts = given_alerts(v, &v->query);
	struct flood flood;
	if (find_flood(v, form_get(&v->query, "group"), &flood, e) != 0)
		return -1;
	struct form form = prefill(v, &alerts, &flood);
	return show(v, &form, NULL, r, e);
}

/* The form names the flood; which alerts it has is found when it is sent. */
static int attach_flood(struct visit *v, struct asked *q, struct err *e)
{
	struct flood flood;
	const struct field *alerts = field_find(q->verb->fields, STR("alerts"));
	struct strs *to = (struct strs *)(void *)((char *)q->fields + alerts->at);
	if (to->len || find_flood(v, form_get(&v->form, "group"), &flood, e) != 0)
		return to->len ? 0 : -1;
	*to = flood.alerts;
	return 0;
}

int post_declare(struct visit *v, struct reply *r, struct err *e)
{
	const struct verb *verb = declare_verb();
	struct forming f = { .v = v, .verb = verb, .given = &v->form, .is_posted = true };
	struct asked q = { 0 };
	struct outcome done;
	struct err refused = { 0 };
	if (form_read(&f, &q, &refused) == 0 && attach_flood(v, &q, &refused) == 0 &&
	    verb_run(v, &q, &done, &refused) == 0)
		return reply_see(v, str_fmt(v->arena, "/incidents/%lld", (long long)done.stream),
				 r);
	if (!v->wants_html) {
		*e = refused;
		return -1;
	}
	return show(v, &v->form, &refused, r, e);
}
