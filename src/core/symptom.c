/* SPDX-License-Identifier: Apache-2.0 */
/* symptom: what we see, as answers to the same six questions each time. What it was seen in is
 * evidence.c; why it may be so is hypothesis.c. */
#include "core/incident.h"

extern const struct module symptom_module;

struct record {
	struct str fails, works;
	struct when started;
	struct str changed;
	int spread;
	struct str radius;
};
static const struct field record_fields[] = {
	FIELD(record, fails, "what fails", .lines = 2),
	FIELD(record, works, "what still works", .lines = 2),
	FIELD(record, started, "when it started"),
	FIELD(record, changed, "what changed before", .lines = 2),
	CHOICE(record, spread, spread, "how far it spreads"),
	FIELD(record, radius, "who is affected, in numbers if you can", .lines = 2),
	END,
};

static void keep_answer(struct incident *inc, struct str *to, struct str answer)
{
	if (answer.len)
		*to = incident_keep(inc, answer);
}

static void on_recorded(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct record *b = event->body;
	struct symptoms *s = &inc->symptoms;
	keep_answer(inc, &s->fails, b->fails);
	keep_answer(inc, &s->works, b->works);
	keep_answer(inc, &s->changed, b->changed);
	keep_answer(inc, &s->radius, b->radius);
	if (b->started.ms)
		s->started = inc->started = b->started;
	if (b->spread)
		s->spread = b->spread;
	s->answered.ms = event->happened_ms;
	s->entries++;
}

static const struct event_type symptom_events[] = {
	{ "symptom.recorded", 1, record_fields, sizeof(struct record), CLEAR_INTERNAL,
	  "{actor} recorded symptoms.[ Fails: {fails}.][ Works: {works}.][ Started at {started}.]"
	  "[ Changed before: {changed}.][ Spread: {spread}.][ Affected: {radius}.]",
	  on_recorded },
	END_EVENTS,
};

static int decide_record(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	struct record r = *(const struct record *)cmd->fields;
	if (incident_refuse_if_over(state, e))
		return -1;
	r.fails = str_trim(r.fails);
	r.works = str_trim(r.works);
	r.changed = str_trim(r.changed);
	r.radius = str_trim(r.radius);
	if (!r.fails.len && !r.works.len && !r.changed.len && !r.radius.len && !r.started.ms &&
	    !r.spread)
		return err_field(e, "fails",
				 "Answer at least one question: what fails, what works, when it "
				 "started, what changed, how far it spreads, who is affected.");
	if (r.started.ms > facts->now_ms)
		return err_field(e, "started", "started lies in the future.");
	*(struct record *)decision_add(d, &symptom_events[0]) = r;
	return 0;
}

static const struct verb symptom_verbs[] = {
	{ "symptom", "record", "symptom", "Record symptoms",
	  "Says what fails and what works, so that nobody has to guess.", RIGHT_RESPOND, 0,
	  record_fields, sizeof(struct record), decide_record },
	END_VERBS,
};

const struct module symptom_module = {
	.name = "symptom",
	.stream = &incident_stream,
	.verbs = symptom_verbs,
	.events = symptom_events,
};
