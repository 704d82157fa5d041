/* SPDX-License-Identifier: Apache-2.0 */
/* merge: two incidents turn out to be one. This one ends; the other goes on and takes over the
 * alerts and services, in the same commit. */
#include "core/declare.h"
#include "core/incident.h"
#include "core/phrase.h"

extern const struct module merge_module;

struct merge {
	int64_t into;
	struct str reason;
};
static const struct field merge_fields[] = {
	FIELD(merge, into, "the number of the incident that goes on", .required = true,
	      .suggest = "incident"),
	FIELD(merge, reason, "why they are one", .max = 1000),
	END,
};

struct absorb {
	int64_t other;
	struct str title;
	struct strs services;
	LIST_OF(struct linked_alert) alerts;
};
static const struct field absorb_fields[] = {
	FIELD(absorb, other, "the incident that ends", .required = true),
	FIELD(absorb, title, "its title"),
	FIELD(absorb, services, "its services"),
	ITEMS(absorb, alerts, linked_alert, "its alerts", .max = 1000),
	END,
};

struct absorbed {
	int64_t other;
	struct str title;
	struct strs services; /* those that were not ours already */
};
static const struct field absorbed_fields[] = {
	FIELD(absorbed, other, "the incident that ended"),
	FIELD(absorbed, title, "its title"),
	FIELD(absorbed, services, "services that it brought"),
	END,
};

static void on_merged(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct merge *b = event->body;
	inc->merged_into = b->into;
	inc->promised.ms = 0; /* from now on the other one's updates speak for both */
}

static void on_absorbed(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct absorbed *b = event->body;
	incident_keep_also(inc, &inc->merged, str_fmt(inc->arena, "%lld", (long long)b->other));
	for (size_t i = 0; i < b->services.len; i++)
		incident_keep_also(inc, &inc->services, b->services.at[i]);
}

enum { MERGED, ABSORBED };
static const struct event_type merge_events[] = {
	[MERGED] = { "incident.merged", 1, merge_fields, sizeof(struct merge), CLEAR_INTERNAL,
		     "{actor} merged this incident into INC-{into}[: {reason}].", on_merged },
	[ABSORBED] = { "incident.absorbed", 1, absorbed_fields, sizeof(struct absorbed),
		       CLEAR_INTERNAL,
		       "{actor} merged INC-{other}[ \"{title}\"] into this incident[, with "
		       "{services}].",
		       on_absorbed },
	END_EVENTS,
};

static struct strs new_services(struct arena *a, const struct incident *inc,
				const struct strs *theirs)
{
	struct strs fresh = { ARENA_ARRAY(a, struct str, theirs->len), 0 };
	for (size_t i = 0; i < theirs->len; i++)
		if (!strs_has(&inc->services, theirs->at[i]))
			fresh.at[fresh.len++] = theirs->at[i];
	return fresh;
}

static int decide_absorb(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct absorb *f = cmd->fields;
	(void)facts;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	struct absorbed *b = decision_add(d, &merge_events[ABSORBED]);
	b->other = f->other;
	b->title = f->title;
	b->services = new_services(d->arena, inc, &f->services);
	LIST_EACH (a, &f->alerts) {
		bool has = false;
		LIST_EACH (mine, &inc->alerts)
			has = has || str_eq(mine->fingerprint, a->fingerprint);
		if (has)
			continue;
		struct alert_attached *t = decision_add(d, &declare_events[DECLARE_ATTACHED]);
		t->fingerprint = a->fingerprint;
		t->name = a->name;
		t->service = a->service;
		t->summary = a->summary;
		t->started = a->started;
		t->firing = a->firing;
	}
	return 0;
}

static int decide_merge(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e);

enum { MERGE, ABSORB };
static const struct verb merge_verbs[] = {
	[MERGE] = { "incident", "merge", "merge", "Merge into another incident",
		    "Ends this incident because another one is about the same trouble.",
		    RIGHT_RESPOND, NEEDS_FRESH, merge_fields, sizeof(struct merge), decide_merge },
	[ABSORB] = { "incident", "absorb", NULL, "Absorb another incident",
		     "Takes over the alerts of an incident that was merged into this one.",
		     RIGHT_RESPOND, INTERNAL, absorb_fields, sizeof(struct absorb), decide_absorb },
	END_VERBS,
};

/* A change that runs here would run on unseen: its lease and its outcome belong to this incident. */
static int no_change_in_flight(const struct incident *inc, const struct facts *facts,
			       const struct command *cmd, struct decision *d, struct err *e)
{
	const struct mitigation *m = incident_change_in_flight(inc);
	if (!m)
		return 0;
	struct str name = roster_name(facts->roster, m->run_by.id),
		   since = phrase_clock(d->arena, m->started.ms);
	struct str stands = str_fmt(d->arena,
				    "Mitigation %lld (\"" STR_FMT
				    "\") is still running here; " STR_FMT " started it at " STR_FMT
				    ".",
				    (long long)m->number, STR_ARG(str_clip(m->what, 200)),
				    STR_ARG(name), STR_ARG(since));
	struct str next = STR("Say first how it went, or merge with a reason.");
	return guard(cmd, d, &(struct obstacle){ "change-in-flight", stands, next }, e);
}

static int decide_merge(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct merge *f = cmd->fields;
	if (incident_refuse_unless_open(inc, e))
		return -1;
	if (f->into == inc->id)
		return err_field(e, "into", "An incident cannot be merged into itself.");
	if (f->into < 1)
		return err_field(e, "into", "into must be the number of an incident, such as 41.");
	if (no_change_in_flight(inc, facts, cmd, d, e) != 0)
		return -1;
	*(struct merge *)decision_add(d, &merge_events[MERGED]) = *f;
	struct absorb *other = ARENA_NEW(d->arena, struct absorb);
	other->other = inc->id;
	other->title = inc->title;
	other->services = inc->services;
	LIST_EACH (a, &inc->alerts)
		*LIST_ADD(d->arena, &other->alerts) = *a;
	*LIST_ADD(d->arena, &d->follows) = (struct follow){ .verb = &merge_verbs[ABSORB],
							    .stream = f->into,
							    .fields = other };
	return 0;
}

const struct module merge_module = {
	.name = "merge",
	.stream = &incident_stream,
	.verbs = merge_verbs,
	.events = merge_events,
};
