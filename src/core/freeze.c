/* SPDX-License-Identifier: Apache-2.0 */
/* freeze: changes stop while we look, but for the fix itself. Here is what is frozen; what a pipeline is answered that
 * asks: freeze_gate.c. */
#include "core/freeze.h"

#include "core/phrase.h"

enum {
	FREEZE_MAX_MS = 24 * 3600 * 1000
}; /* longer than a day is a decision of its own: extend it */

extern const struct module freeze_module;

struct start {
	struct str reason;
	struct strs services;
	struct span lasts;
	struct when until;
	struct strs allow;
};
static const struct field start_fields[] = {
	FIELD(start, reason, "why changes stop", .required = true, .max = 1000),
	FIELD(start, services, "what is frozen; the incident's services where nobody says",
	      .suggest = "service"),
	FIELD(start, lasts, "how long, at most 24h"),
	FIELD(start, until, "or until when"),
	FIELD(start, allow, "what may pass: the fix itself"),
	END,
};

struct extend {
	int64_t freeze;
	struct span lasts;
};
static const struct field extend_fields[] = {
	FIELD(extend, freeze, "its number; the one that is on where nobody says"),
	FIELD(extend, lasts, "how much longer"),
	END,
};

struct lift {
	int64_t freeze;
	struct str reason;
};
static const struct field lift_fields[] = {
	FIELD(lift, freeze, "its number; the one that is on where nobody says"),
	FIELD(lift, reason, "why changes may go on", .max = 1000),
	END,
};

struct bypass {
	struct str what;
	struct strs services;
	struct str reason;
};
static const struct field bypass_fields[] = {
	FIELD(bypass, what, "the change that passes", .required = true, .max = 1000),
	FIELD(bypass, services, "the services it touches", .suggest = "service"),
	FIELD(bypass, reason, "why it cannot wait", .required = true, .max = 1000),
	END,
};

/* One shape for all that happens to a freeze; each event sets what it is about. */
struct frozen {
	int64_t number;
	struct strs services;
	struct str what, reason;
	struct strs allow;
	struct when until;
};
static const struct field frozen_fields[] = {
	FIELD(frozen, number, "the freeze's number"),
	FIELD(frozen, services, "what is frozen; empty means everything"),
	FIELD(frozen, what, "the change that passed"),
	FIELD(frozen, reason, "why"),
	FIELD(frozen, allow, "what may pass"),
	FIELD(frozen, until, "until when"),
	END,
};

static struct freeze *frozen_item(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct frozen *b = event->body;
	return INCIDENT_ITEM(inc->freezes, b->number);
}

static void on_frozen(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct frozen *b = event->body;
	struct freeze *f = LIST_ADD(inc->arena, &inc->freezes);
	f->number = (int64_t)inc->freezes.len;
	f->services = incident_keep_all(inc, &b->services);
	f->reason = incident_keep(inc, b->reason);
	f->allow = incident_keep_all(inc, &b->allow);
	f->since.ms = event->happened_ms;
	f->until = b->until;
	f->by.id = incident_keep(inc, event->actor);
}

static void on_extended(void *state, const struct event *event)
{
	struct freeze *f = frozen_item(state, event);
	if (f)
		f->until = ((const struct frozen *)event->body)->until;
}

static void on_ended(void *state, const struct event *event)
{
	struct freeze *f = frozen_item(state, event);
	if (f && !f->ended.ms)
		f->ended.ms = event->happened_ms;
}

static void on_bypassed(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct frozen *b = event->body;
	struct freeze *f = frozen_item(state, event);
	if (!f)
		return;
	f->bypasses++;
	*LIST_ADD(inc->arena, &f->passes) = (struct freeze_pass){
		.what = incident_keep(inc, b->what),
		.reason = incident_keep(inc, b->reason),
		.services = incident_keep_all(inc, &b->services),
		.by.id = incident_keep(inc, event->actor)
	};
}

enum { FROZEN, EXTENDED, LIFTED, EXPIRED, BYPASSED };
static const struct event_type freeze_events[] = {
	[FROZEN] = { "changes.frozen", 1, frozen_fields, sizeof(struct frozen), CLEAR_INTERNAL,
		     "{actor} froze changes[ to {services}] until {until}: {reason}.[ Allowed: "
		     "{allow}.]",
		     on_frozen },
	[EXTENDED] = { "changes.freeze_extended", 1, frozen_fields, sizeof(struct frozen),
		       CLEAR_INTERNAL,
		       "{actor} extended the freeze of changes[ to {services}] until {until}.",
		       on_extended },
	[LIFTED] = { "changes.freeze_lifted", 1, frozen_fields, sizeof(struct frozen),
		     CLEAR_INTERNAL,
		     "{actor} lifted the freeze of changes[ to {services}][: {reason}].",
		     on_ended },
	[EXPIRED] = { "changes.freeze_expired", 1, frozen_fields, sizeof(struct frozen),
		      CLEAR_INTERNAL, "The freeze of changes[ to {services}] ran out at {until}.",
		      on_ended },
	[BYPASSED] = { "changes.bypassed", 1, frozen_fields, sizeof(struct frozen), CLEAR_INTERNAL,
		       "{actor} let {what} pass the freeze[ of {services}]: {reason}.",
		       on_bypassed },
	END_EVENTS,
};

static bool is_name_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '.' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

bool freeze_names(struct str what, struct str name)
{
	for (size_t i = 0; name.len && i + name.len <= what.len; i++) {
		size_t after = i + name.len;
		bool starts = i == 0 || !is_name_byte(what.at[i - 1]);
		bool ends = after == what.len || !is_name_byte(what.at[after]);
		if (starts && ends && str_eq_nocase(str_sub(what, i, name.len), name))
			return true;
	}
	return false;
}

/* A pipeline spells a name as it likes: a capital must not open the gate. */
static bool has_service(const struct strs *services, struct str service)
{
	for (size_t i = 0; i < services->len; i++)
		if (str_eq_nocase(services->at[i], service))
			return true;
	return false;
}

bool freeze_concerns(const struct freeze *f, struct str service)
{
	return !f->services.len || !service.len || has_service(&f->services, service);
}

bool freeze_is_on(const struct freeze *f, int64_t at_ms)
{
	return at_ms < f->until.ms && (!f->ended.ms || at_ms < f->ended.ms);
}

struct str freeze_allowed(const struct freeze *f, struct str what)
{
	for (size_t i = 0; i < f->allow.len; i++)
		if (freeze_names(what, f->allow.at[i]))
			return f->allow.at[i];
	return (struct str){ NULL, 0 };
}

const struct freeze_pass *freeze_passed(const struct freeze *f, struct str service, struct str what)
{
	LIST_EACH (p, &f->passes)
		if (freeze_names(what, p->what) &&
		    (!p->services.len || has_service(&p->services, service)))
			return p;
	return NULL;
}

bool freeze_covers(const struct incident *inc, struct str service, struct str what,
		   const struct freeze **by)
{
	const struct freeze *found = NULL;
	LIST_EACH (f, &inc->freezes)
		if (!f->ended.ms && freeze_concerns(f, service) && !freeze_allowed(f, what).len &&
		    !freeze_passed(f, service, what))
			found = f;
	if (by)
		*by = found;
	return found != NULL;
}

static bool includes(const struct freeze *f, const struct strs *services)
{
	for (size_t i = 0; i < services->len; i++)
		if (f->services.len && !strs_has(&f->services, services->at[i]))
			return false;
	return services->len || !f->services.len;
}

static struct str scope(struct arena *a, const struct strs *services)
{
	struct str list = strs_join(a, services, ", ");
	return list.len ? str_fmt(a, " to " STR_FMT, STR_ARG(list)) : list;
}

static int refuse_second(const struct incident *inc, const struct strs *services, struct arena *a,
			 struct err *e)
{
	LIST_EACH (f, &inc->freezes) {
		if (f->ended.ms || !includes(f, services))
			continue;
		err_refuse(e, ERR_CONFLICT,
			   "Changes" STR_FMT " are frozen until " STR_FMT " already.",
			   STR_ARG(scope(a, &f->services)), STR_ARG(phrase_clock(a, f->until.ms)));
		err_next(e, "Extend freeze %lld if it needs longer.", (long long)f->number);
		return -1;
	}
	return 0;
}

static int check_until(int64_t until_ms, int64_t now_ms, const char *field, struct err *e)
{
	if (until_ms <= now_ms)
		return err_field(e, field,
				 "The freeze would be over already. Say how long, such as 30m.");
	if (until_ms - now_ms > FREEZE_MAX_MS)
		return err_field(e, field, "A freeze lasts at most 24 hours. It can be extended.");
	return 0;
}

static int check_lasts(struct span lasts, struct err *e)
{
	if (lasts.ms < 0 || lasts.ms > FREEZE_MAX_MS)
		return err_field(e, "lasts",
				 "A freeze lasts at most 24 hours. It can be extended.");
	return 0;
}

static int decide_start(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct start *f = cmd->fields;
	const struct strs services = f->services.len ? f->services : inc->services;
	int64_t length_ms = f->lasts.ms ? f->lasts.ms : facts->policy->freeze_ms;
	int64_t until_ms = f->until.ms ? f->until.ms : facts->now_ms + length_ms;
	if (incident_refuse_unless_open(inc, e) || check_lasts(f->lasts, e) ||
	    check_until(until_ms, facts->now_ms, f->until.ms ? "until" : "lasts", e) ||
	    refuse_second(inc, &services, d->arena, e))
		return -1;
	struct frozen *b = decision_add(d, &freeze_events[FROZEN]);
	b->number = d->made = (int64_t)inc->freezes.len + 1;
	b->services = services;
	b->reason = f->reason;
	b->allow = f->allow;
	b->until.ms = until_ms;
	return 0;
}

/* 0 means the newest that is on. Refuses when there is none, or when it is over. */
static int find_freeze(const struct incident *inc, int64_t number, const struct freeze **out,
		       struct err *e)
{
	const struct freeze *f = number ? INCIDENT_ITEM(inc->freezes, number)
					: incident_active_freeze(inc);
	if (!f && number)
		return phrase_no_item("freeze", number, inc->freezes.len, e);
	if (!f)
		return err_refuse(e, ERR_CONFLICT, "Nothing is frozen.");
	if (f->ended.ms)
		return err_refuse(e, ERR_CONFLICT, "Freeze %lld is over already.",
				  (long long)f->number);
	*out = f;
	return 0;
}

static int decide_extend(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct extend *f = cmd->fields;
	const struct freeze *on;
	int64_t length_ms = f->lasts.ms ? f->lasts.ms : facts->policy->freeze_ms;
	if (incident_refuse_unless_open(inc, e) || find_freeze(inc, f->freeze, &on, e) ||
	    check_lasts(f->lasts, e) ||
	    check_until(on->until.ms + length_ms, facts->now_ms, "lasts", e))
		return -1;
	struct frozen *b = decision_add(d, &freeze_events[EXTENDED]);
	b->number = on->number;
	b->services = on->services;
	b->until.ms = on->until.ms + length_ms;
	return 0;
}

/* In a merged incident too: its freezes stay on until someone lifts them or they run out. */
static int decide_lift(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct lift *f = cmd->fields;
	const struct freeze *on;
	(void)facts;
	if (find_freeze(state, f->freeze, &on, e))
		return -1;
	struct frozen *b = decision_add(d, &freeze_events[LIFTED]);
	b->number = on->number;
	b->services = on->services;
	b->reason = f->reason;
	return 0;
}

static const struct freeze *freeze_of(const struct incident *inc, const struct bypass *f)
{
	const struct freeze *by = NULL;
	for (size_t i = 0; i < f->services.len && !by; i++)
		freeze_covers(inc, f->services.at[i], f->what, &by);
	if (!f->services.len)
		freeze_covers(inc, STR(""), f->what, &by);
	return by;
}

static int decide_bypass(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct bypass *f = cmd->fields;
	const struct freeze *on = freeze_of(inc, f);
	(void)facts;
	if (!on) {
		err_refuse(e, ERR_CONFLICT, "No freeze stands in the way of this change.");
		err_next(e, "Go ahead, and add a note.");
		return -1;
	}
	struct frozen *b = decision_add(d, &freeze_events[BYPASSED]);
	b->number = on->number;
	b->services = f->services.len ? f->services : on->services;
	b->what = f->what;
	b->reason = f->reason;
	return 0;
}

static int64_t due(const void *state)
{
	const struct incident *inc = state;
	int64_t first = NOTHING_DUE;
	LIST_EACH (f, &inc->freezes)
		if (!f->ended.ms && f->until.ms < first)
			first = f->until.ms;
	return first;
}

static void tick(const void *state, const struct facts *facts, struct decision *d)
{
	const struct incident *inc = state;
	LIST_EACH (f, &inc->freezes) {
		if (f->ended.ms || f->until.ms > facts->now_ms)
			continue;
		struct frozen *b = decision_add(d, &freeze_events[EXPIRED]);
		b->number = f->number;
		b->services = f->services;
		b->until = f->until;
		d->events.at[d->events.len - 1].happened_ms = f->until.ms;
	}
}

static const struct verb freeze_verbs[] = {
	{ "freeze", "start", "freeze", "Freeze changes",
	  "Asks everyone and every pipeline to hold changes while we look.", RIGHT_RESPOND, 0,
	  start_fields, sizeof(struct start), decide_start },
	{ "freeze", "extend", NULL, "Extend the freeze", "Keeps a freeze on for longer.",
	  RIGHT_RESPOND, 0, extend_fields, sizeof(struct extend), decide_extend },
	{ "freeze", "lift", NULL, "Lift the freeze", "Lets changes go on.", RIGHT_RESPOND,
	  NEEDS_FRESH, lift_fields, sizeof(struct lift), decide_lift },
	{ "freeze", "bypass", NULL, "Let one change pass",
	  "Lets this change go out although changes are frozen, and says why.", RIGHT_RESPOND,
	  DANGEROUS, bypass_fields, sizeof(struct bypass), decide_bypass },
	END_VERBS,
};

const struct module freeze_module = {
	.name = "freeze",
	.stream = &incident_stream,
	.verbs = freeze_verbs,
	.events = freeze_events,
	.due = due,
	.tick = tick,
};
