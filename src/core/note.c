/* SPDX-License-Identifier: Apache-2.0 */
/* note: what a person writes on the timeline, and the taking back of an entry. Nothing is ever
 * deleted; to remove a secret is the store's redaction. */
#include "core/incident.h"

extern const struct module note_module;

struct add {
	struct str text;
	struct when at;
};
static const struct field add_fields[] = {
	FIELD(add, text, "what you saw, did or decided", .required = true, .lines = 3),
	FIELD(add, at, "when it was; now where nobody says"),
	END,
};

struct added {
	struct str text;
};
static const struct field added_fields[] = {
	FIELD(added, text, "what was seen, done or decided"),
	END,
};

struct retract {
	int64_t entry;
	struct str reason;
};
static const struct field retract_fields[] = {
	FIELD(retract, entry, "the number of the timeline's entry", .required = true),
	FIELD(retract, reason, "what is wrong with it", .required = true, .max = 1000),
	END,
};

static void on_added(void *state, const struct event *event)
{
	struct incident *inc = state;
	(void)event;
	inc->notes++;
}

static void on_retracted(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct retract *b = event->body;
	incident_keep_also(inc, &inc->retracted, str_fmt(inc->arena, "%lld", (long long)b->entry));
}

enum { ADDED, RETRACTED };
static const struct event_type note_events[] = {
	[ADDED] = { "note.added", 1, added_fields, sizeof(struct added), CLEAR_INTERNAL,
		    "{actor} noted: {text}.", on_added },
	[RETRACTED] = { "note.retracted", 1, retract_fields, sizeof(struct retract), CLEAR_INTERNAL,
			"{actor} took back entry {entry}: {reason}.", on_retracted },
	END_EVENTS,
};

static int decide_add(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct add *f = cmd->fields;
	if (incident_refuse_if_over(state, e))
		return -1;
	if (f->at.ms > facts->now_ms)
		return err_field(e, "at", "at lies in the future.");
	struct added *b = decision_add(d, &note_events[ADDED]);
	b->text = str_trim(f->text);
	d->events.at[d->events.len - 1].happened_ms = f->at.ms;
	return 0;
}

static int decide_retract(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct retract *f = cmd->fields;
	long long entry = (long long)f->entry;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (f->entry < 1 || f->entry > inc->seq)
		return err_refuse(e, ERR_NOT_FOUND, "There is no entry %lld. The newest is %lld.",
				  entry, (long long)inc->seq);
	if (strs_has(&inc->retracted, str_fmt(d->arena, "%lld", entry)))
		return err_refuse(e, ERR_CONFLICT, "Entry %lld is taken back already.", entry);
	*(struct retract *)decision_add(d, &note_events[RETRACTED]) = *f;
	return 0;
}

static const struct verb note_verbs[] = {
	{ "note", "add", "note", "Add a note", "Puts a sentence of yours on the timeline.",
	  RIGHT_RESPOND, 0, add_fields, sizeof(struct add), decide_add },
	{ "note", "retract", NULL, "Take back an entry",
	  "Marks an entry of the timeline as wrong, with the reason. It stays readable.",
	  RIGHT_RESPOND, 0, retract_fields, sizeof(struct retract), decide_retract },
	END_VERBS,
};

const struct module note_module = {
	.name = "note",
	.stream = &incident_stream,
	.verbs = note_verbs,
	.events = note_events,
};
