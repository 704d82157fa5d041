/* SPDX-License-Identifier: Apache-2.0 */
/* declare: an incident begins, its title, severity and services, and the alerts attached to it.
 * Who leads afterwards is roles.c; joining two incidents is merge.c. */
#include "core/declare.h"

#include "core/incident.h"

enum { TITLE_MAX_BYTES = 200, SAME_WORDS_PCT = 60 };

extern const struct module declare_module;

struct declare {
	struct str title;
	int severity;
	struct strs services, alerts;
	struct when started;
	struct str group;
};
static const struct field declare_fields[] = {
	FIELD(declare, title, "what is wrong, in a few words", .required = true,
	      .max = TITLE_MAX_BYTES),
	CHOICE(declare, severity, severity, "how bad it is: sev1 is the worst", .required = true),
	FIELD(declare, services, "the services concerned; those of the alerts where nobody says",
	      .suggest = "service"),
	FIELD(declare, alerts, "the alerts that tell of it", .suggest = "alert"),
	FIELD(declare, started, "when it began, as far as known"),
	FIELD(declare, group, "the flood of alerts it stands for: their name", .hidden = true,
	      .max = TITLE_MAX_BYTES),
	END,
};

struct declared {
	struct str title;
	int severity;
	struct strs services;
	struct when started;
	struct person lead;
	struct str group;
};
static const struct field declared_fields[] = {
	FIELD(declared, title, "what is wrong"),
	CHOICE(declared, severity, severity, "how bad it is"),
	FIELD(declared, services, "the services concerned"),
	FIELD(declared, started, "when it began, as far as known"),
	FIELD(declared, lead, "who leads"),
	FIELD(declared, group, "the flood of alerts it stands for"),
	END,
};

struct edit {
	struct str title;
	int severity;
	struct strs services;
};
static const struct field edit_fields[] = {
	FIELD(edit, title, "a better title", .max = TITLE_MAX_BYTES),
	CHOICE(edit, severity, severity, "how bad it is now"),
	FIELD(edit, services, "all services concerned", .suggest = "service"),
	END,
};

struct attach {
	struct strs alerts;
};
static const struct field attach_fields[] = {
	FIELD(attach, alerts, "the alerts that belong to this incident", .required = true,
	      .suggest = "alert"),
	END,
};

static const struct field alert_attached_fields[] = {
	FIELD(alert_attached, fingerprint, "what tells this alert from others"),
	FIELD(alert_attached, name, "its name"),
	FIELD(alert_attached, service, "the service it is about"),
	FIELD(alert_attached, summary, "what it says"),
	FIELD(alert_attached, started, "when it began to fire"),
	FIELD(alert_attached, firing, "whether it fires"),
	END,
};

struct change {
	struct str fingerprint;
	bool firing;
	struct when at;
};
static const struct field change_fields[] = {
	FIELD(change, fingerprint, "the alert's fingerprint", .required = true),
	FIELD(change, firing, "whether it fires now"),
	FIELD(change, at, "since when; now where nobody says"),
	END,
};

struct changed {
	struct str fingerprint, name,
		state; /* state: "fires again" or "has stopped firing", for the sentence */
	bool firing;
	struct when at;
};
static const struct field changed_fields[] = {
	FIELD(changed, fingerprint, "the alert's fingerprint"),
	FIELD(changed, name, "its name"),
	FIELD(changed, state, "what it does now, in words"),
	FIELD(changed, firing, "whether it fires"),
	FIELD(changed, at, "since when"),
	END,
};

static void on_declared(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct declared *b = event->body;
	inc->title = incident_keep(inc, b->title);
	inc->severity = b->severity;
	inc->services = incident_keep_all(inc, &b->services);
	inc->started = b->started;
	inc->declared.ms = inc->moved.ms = event->happened_ms;
	inc->declared_by.id = incident_keep(inc, event->actor);
	inc->role[ROLE_LEAD].id = incident_keep(inc, b->lead.id);
	inc->role_since[ROLE_LEAD].ms = b->lead.id.len ? event->happened_ms : 0;
}

static void on_edited(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct edit *b = event->body;
	if (b->title.len)
		inc->title = incident_keep(inc, b->title);
	if (b->services.len)
		inc->services = incident_keep_all(inc, &b->services);
	if (!b->severity)
		return;
	inc->severity = b->severity;
	if (!inc->moved.ms)
		inc->moved.ms = event->happened_ms;
}

static struct linked_alert *find_linked(const struct incident *inc, struct str fingerprint)
{
	LIST_EACH (a, &inc->alerts)
		if (str_eq(a->fingerprint, fingerprint))
			return a;
	return NULL;
}

static void on_attached(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct alert_attached *b = event->body;
	if (find_linked(inc, b->fingerprint))
		return;
	struct linked_alert *a = LIST_ADD(inc->arena, &inc->alerts);
	a->fingerprint = incident_keep(inc, b->fingerprint);
	a->name = incident_keep(inc, b->name);
	a->service = incident_keep(inc, b->service);
	a->summary = incident_keep(inc, b->summary);
	a->started = b->started;
	a->firing = b->firing;
	a->changed.ms = b->firing ? b->started.ms : event->happened_ms;
}

static void on_changed(void *state, const struct event *event)
{
	const struct changed *b = event->body;
	struct linked_alert *a = find_linked(state, b->fingerprint);
	if (!a)
		return;
	a->firing = b->firing;
	a->changed = b->at;
}

const struct event_type declare_events[] = {
	[DECLARE_DECLARED] = { "incident.declared", 1, declared_fields, sizeof(struct declared),
			       CLEAR_PUBLIC,
			       "{actor} declared: {title} ({severity}).[ It stands for all alerts "
			       "named "
			       "{group}.]",
			       on_declared },
	[DECLARE_EDITED] = { "incident.edited", 1, edit_fields, sizeof(struct edit), CLEAR_INTERNAL,
			     "{actor} edited the incident.[ Title: {title}.][ Severity: "
			     "{severity}.]"
			     "[ Services: {services}.]",
			     on_edited },
	[DECLARE_ATTACHED] = { "alert.attached", 1, alert_attached_fields,
			       sizeof(struct alert_attached), CLEAR_INTERNAL,
			       "{actor} attached the alert {name}[ of {service}][: {summary}].",
			       on_attached },
	[DECLARE_CHANGED] = { "alert.changed", 1, changed_fields, sizeof(struct changed),
			      CLEAR_INTERNAL, "The alert {name} {state}.", on_changed },
	END_EVENTS,
};

static const struct alert_fact *find_fact(const struct facts *facts, struct str fingerprint)
{
	for (size_t i = 0; i < facts->alert_count; i++)
		if (str_eq(facts->alerts[i].fingerprint, fingerprint))
			return &facts->alerts[i];
	return NULL;
}

static int check_alerts(const struct facts *facts, const struct strs *alerts, struct err *e)
{
	for (size_t i = 0; i < alerts->len; i++)
		if (!find_fact(facts, alerts->at[i]))
			return err_field(e, "alerts", "There is no alert \"" STR_FMT "\" here.",
					 STR_ARG(str_clip(alerts->at[i], TITLE_MAX_BYTES)));
	return 0;
}

/* Those that are not attached yet, each once; returns how many. */
static size_t add_attached(const struct incident *inc, const struct facts *facts,
			   const struct strs *alerts, struct decision *d)
{
	size_t added = 0;
	for (size_t i = 0; i < alerts->len; i++) {
		const struct strs before = { alerts->at, i };
		const struct alert_fact *fact = find_fact(facts, alerts->at[i]);
		if (!fact || find_linked(inc, fact->fingerprint) ||
		    strs_has(&before, fact->fingerprint))
			continue;
		struct alert_attached *b = decision_add(d, &declare_events[DECLARE_ATTACHED]);
		b->fingerprint = fact->fingerprint;
		b->name = fact->name.len ? fact->name : fact->fingerprint;
		b->service = fact->service;
		b->summary = fact->summary;
		b->started.ms = fact->started_ms;
		b->firing = fact->is_firing;
		added++;
	}
	return added;
}

static struct strs services_of(const struct facts *facts, const struct declare *f, struct arena *a)
{
	struct strs all = { ARENA_ARRAY(a, struct str, f->alerts.len), 0 };
	for (size_t i = 0; i < f->alerts.len; i++) {
		struct str service = find_fact(facts, f->alerts.at[i])->service;
		if (service.len && !strs_has(&all, service))
			all.at[all.len++] = service;
	}
	return f->services.len ? f->services : all;
}

static int64_t started_at(const struct facts *facts, const struct declare *f)
{
	int64_t first_ms = facts->now_ms;
	for (size_t i = 0; i < f->alerts.len; i++) {
		int64_t ms = find_fact(facts, f->alerts.at[i])->started_ms;
		first_ms = ms && ms < first_ms ? ms : first_ms;
	}
	return f->started.ms ? f->started.ms : first_ms;
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

static struct strs words_of(struct arena *a, struct str text)
{
	struct strs words = { ARENA_ARRAY(a, struct str, text.len), 0 };
	size_t from = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && is_word_byte(text.at[i]))
			continue;
		if (i > from)
			words.at[words.len++] = str_sub(text, from, i - from);
		from = i + 1;
	}
	return words;
}

static bool sounds_the_same(struct arena *a, struct str one, struct str other)
{
	struct strs x = words_of(a, one), y = words_of(a, other);
	size_t same = 0, most = x.len > y.len ? x.len : y.len;
	for (size_t i = 0; i < x.len; i++)
		for (size_t j = 0; j < y.len; j++)
			if (str_eq_nocase(x.at[i], y.at[j])) {
				same++;
				break;
			}
	return most && same * 100 >= most * SAME_WORDS_PCT;
}

static struct str shared(const struct strs *one, const struct strs *other)
{
	for (size_t i = 0; i < one->len; i++)
		if (strs_has(other, one->at[i]))
			return one->at[i];
	return STR("");
}

/* How the open incident resembles the new one; empty when it does not. */
static struct str likeness(const struct open_incident *o, const struct declare *f,
			   const struct strs *services, struct arena *a)
{
	struct str alert = shared(&f->alerts, &o->alerts);
	struct str service = shared(services, &o->services);
	if (alert.len)
		return STR("has the same alert");
	if (service.len)
		return str_fmt(a, "names " STR_FMT " too", STR_ARG(service));
	return sounds_the_same(a, f->title, o->title) ? STR("sounds the same") : STR("");
}

static int guard_same(const struct facts *facts, const struct command *cmd,
		      const struct strs *services, struct decision *d, struct err *e)
{
	const struct declare *f = cmd->fields;
	const struct open_incident *open = facts->open ? facts->open->at : NULL;
	size_t count = open ? facts->open->len : 0;
	for (size_t i = 0; i < count; i++) {
		struct str like = likeness(&open[i], f, services, d->arena);
		long long id = (long long)open[i].id;
		if (!like.len)
			continue;
		return guard(
			cmd, d,
			&(struct obstacle){
				"looks-the-same",
				str_fmt(d->arena,
					"INC-%lld \"" STR_FMT "\" is open and " STR_FMT ".", id,
					STR_ARG(open[i].title), STR_ARG(like)),
				str_fmt(d->arena, "Join INC-%lld, or declare anyway with a reason.",
					id) },
			e);
	}
	return 0;
}

static int decide_declare(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct declare *f = cmd->fields;
	if (inc->declared.ms)
		return err_refuse(e, ERR_CONFLICT, "INC-%lld is declared already.",
				  (long long)inc->id);
	if (f->started.ms > facts->now_ms)
		return err_field(e, "started", "started lies in the future.");
	if (check_alerts(facts, &f->alerts, e))
		return -1;
	struct declared *b = decision_add(d, &declare_events[DECLARE_DECLARED]);
	b->title = str_trim(f->title);
	b->severity = f->severity;
	b->services = services_of(facts, f, d->arena);
	b->started.ms = started_at(facts, f);
	b->lead.id = facts->actor;
	b->group = f->group;
	if (guard_same(facts, cmd, &b->services, d, e))
		return -1;
	add_attached(inc, facts, &f->alerts, d);
	return 0;
}

static bool same_texts(const struct strs *x, const struct strs *y)
{
	bool same = x->len == y->len;
	for (size_t i = 0; same && i < x->len; i++)
		same = str_eq(x->at[i], y->at[i]);
	return same;
}

static int decide_edit(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	struct edit now = *(const struct edit *)cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	now.title = str_trim(now.title);
	if (str_eq(now.title, inc->title))
		now.title = STR("");
	if (now.severity == inc->severity)
		now.severity = SEV_NONE;
	if (same_texts(&now.services, &inc->services))
		now.services = (struct strs){ NULL, 0 };
	if (!now.title.len && !now.severity && !now.services.len)
		return err_refuse(e, ERR_BAD_FIELD,
				  "This changes nothing: say a new title, severity or services.");
	*(struct edit *)decision_add(d, &declare_events[DECLARE_EDITED]) = now;
	return 0;
}

static int decide_attach(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct attach *f = cmd->fields;
	if (incident_refuse_if_over(inc, e) || check_alerts(facts, &f->alerts, e))
		return -1;
	if (!add_attached(inc, facts, &f->alerts, d))
		return err_refuse(e, ERR_CONFLICT, "INC-%lld has %s already.", (long long)inc->id,
				  f->alerts.len == 1 ? "this alert" : "these alerts");
	return 0;
}

/* The desk tells every incident that has the alert; what changes nothing leaves no trace. */
static int decide_change(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct change *f = cmd->fields;
	const struct linked_alert *a = find_linked(inc, f->fingerprint);
	if (!a)
		return err_refuse(e, ERR_NOT_FOUND, "This alert is not attached here.");
	if (a->firing == f->firing || incident_has_ended(inc))
		return 0;
	struct changed *b = decision_add(d, &declare_events[DECLARE_CHANGED]);
	b->fingerprint = a->fingerprint;
	b->name = a->name;
	b->state = f->firing ? STR("fires again") : STR("has stopped firing");
	b->firing = f->firing;
	b->at.ms = f->at.ms && f->at.ms < facts->now_ms ? f->at.ms : facts->now_ms;
	d->events.at[d->events.len - 1].happened_ms = b->at.ms;
	return 0;
}

static const struct verb declare_verbs[] = {
	{ "incident", "declare", "declare", "Declare an incident",
	  "Opens an incident. You lead it until you hand it over.", RIGHT_RESPOND, MAKES_STREAM,
	  declare_fields, sizeof(struct declare), decide_declare },
	{ "incident", "edit", "edit", "Edit the incident",
	  "Changes the title, the severity or the services of an incident.", RIGHT_RESPOND,
	  NEEDS_FRESH, edit_fields, sizeof(struct edit), decide_edit },
	{ "alert", "attach", NULL, "Attach an alert",
	  "Attaches alerts to the incident that they tell of.", RIGHT_RESPOND, 0, attach_fields,
	  sizeof(struct attach), decide_attach },
	{ "alert", "change", NULL, "An alert changed",
	  "Records that an attached alert fires again or has stopped.", RIGHT_RESPOND, INTERNAL,
	  change_fields, sizeof(struct change), decide_change },
	END_VERBS,
};

const struct module declare_module = {
	.name = "declare",
	.stream = &incident_stream,
	.verbs = declare_verbs,
	.events = declare_events,
};
