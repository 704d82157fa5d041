/* SPDX-License-Identifier: Apache-2.0 */
/* ack: somebody looks after an alert. What alerts there are is engine's desk; an alert that needs
 * more than one person is declared. */
#include "core/desk.h"
#include "core/phrase.h"

extern const struct module ack_module;

struct ack {
	struct str alert;
};
static const struct field ack_fields[] = {
	FIELD(ack, alert, "the alert's fingerprint", .required = true, .max = 1000,
	      .suggest = "alert"),
	END,
};

struct acked {
	struct str fingerprint, name;
};
static const struct field acked_fields[] = {
	FIELD(acked, fingerprint, "the alert's fingerprint"),
	FIELD(acked, name, "its name"),
	END,
};

static struct acknowledged *entry_of(struct desk *desk, struct str fingerprint)
{
	LIST_EACH (a, &desk->acknowledged)
		if (str_eq(a->fingerprint, fingerprint))
			return a;
	return NULL;
}

static void on_acked(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct acked *b = event->body;
	struct acknowledged *a = entry_of(desk, b->fingerprint);
	if (!a) {
		a = LIST_ADD(desk->arena, &desk->acknowledged);
		a->fingerprint = str_copy(desk->arena, b->fingerprint);
	}
	a->name = str_copy(desk->arena, b->name);
	a->by.id = str_copy(desk->arena, event->actor);
	a->at.ms = event->happened_ms;
	a->withdrawn = false;
}

static void on_unacked(void *state, const struct event *event)
{
	const struct acked *b = event->body;
	struct acknowledged *a = entry_of(state, b->fingerprint);
	if (a)
		a->withdrawn = true;
}

enum { ACKED, UNACKED, LAPSED };
static const struct event_type ack_events[] = {
	[ACKED] = { "alert.acknowledged", 1, acked_fields, sizeof(struct acked), CLEAR_INTERNAL,
		    "{actor} looks after the alert {name}.", on_acked },
	[UNACKED] = { "alert.unacknowledged", 1, acked_fields, sizeof(struct acked), CLEAR_INTERNAL,
		      "{actor} no longer looks after the alert {name}.", on_unacked },
	[LAPSED] = { "alert.acknowledgement-lapsed", 1, acked_fields, sizeof(struct acked),
		     CLEAR_INTERNAL, "The alert {name} fires again: nobody looks after it yet.",
		     on_unacked },
	END_EVENTS,
};

static const struct alert_fact *find_fact(const struct facts *facts, struct str fingerprint)
{
	for (size_t i = 0; i < facts->alert_count; i++)
		if (str_eq(facts->alerts[i].fingerprint, fingerprint))
			return &facts->alerts[i];
	return NULL;
}

static int decide_ack(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct ack *f = cmd->fields;
	const struct alert_fact *alert = find_fact(facts, f->alert);
	const struct acknowledged *before = desk_find_ack(state, f->alert);
	if (!alert)
		return err_field(e, "alert", "There is no alert \"" STR_FMT "\" here.",
				 STR_ARG(str_clip(f->alert, 200)));
	if (before) {
		struct str who = str_eq(before->by.id, facts->actor)
					 ? STR("You")
					 : roster_name(facts->roster, before->by.id);
		err_refuse(e, ERR_CONFLICT, STR_FMT " acknowledged " STR_FMT " at " STR_FMT ".",
			   STR_ARG(who), STR_ARG(before->name),
			   STR_ARG(phrase_clock(d->arena, before->at.ms)));
		err_next(e, "Ask how it goes, or declare an incident if it needs more than one "
			    "person.");
		return -1;
	}
	struct acked *b = decision_add(d, &ack_events[ACKED]);
	b->fingerprint = alert->fingerprint;
	b->name = alert->name.len ? alert->name : alert->fingerprint;
	return 0;
}

static int end_ack(const void *state, const struct command *cmd, const struct event_type *how,
		   struct decision *d, struct err *e)
{
	const struct ack *f = cmd->fields;
	const struct acknowledged *before = desk_find_ack(state, f->alert);
	if (!before)
		return err_refuse(e, ERR_CONFLICT, "Nobody looks after this alert.");
	struct acked *b = decision_add(d, how);
	b->fingerprint = before->fingerprint;
	b->name = before->name;
	return 0;
}

static int decide_unack(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	(void)facts;
	return end_ack(state, cmd, &ack_events[UNACKED], d, e);
}

/* It was over in between: who looked after it then need not know that it came back. */
static int decide_lapse(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	(void)facts;
	return end_ack(state, cmd, &ack_events[LAPSED], d, e);
}

static const struct verb ack_verbs[] = {
	{ "alert", "ack", "ack", "I look after it", "Says that you look after an alert.",
	  RIGHT_RESPOND, 0, ack_fields, sizeof(struct ack), decide_ack },
	{ "alert", "unack", NULL, "Give it back", "Says that you no longer look after an alert.",
	  RIGHT_RESPOND, 0, ack_fields, sizeof(struct ack), decide_unack },
	{ "alert", "lapse", NULL, "It fires again",
	  "Ends an acknowledgement, since the alert was over and fires again.", RIGHT_RESPOND,
	  INTERNAL, ack_fields, sizeof(struct ack), decide_lapse },
	END_VERBS,
};

const struct module ack_module = {
	.name = "ack",
	.stream = &desk_stream,
	.verbs = ack_verbs,
	.events = ack_events,
};
