/* SPDX-License-Identifier: Apache-2.0 */
/* reset: a called pause. Nobody starts a change while it lasts (the guard is in mitigation.c); the
 * team answers four questions and goes on. The next step itself comes from rhythm_next.c. */
#include "core/reset.h"

#include "core/rhythm.h"

extern const struct module reset_module;

struct reset_call {
	struct str reason, changed, broken, radius, step;
};
static const struct field reset_call_fields[] = {
	FIELD(reset_call, reason, "why the team should stop for a moment", .max = 400),
	FIELD(reset_call, changed, "what changed", .max = 2000, .lines = 3),
	FIELD(reset_call, broken, "what is broken", .max = 2000, .lines = 3),
	FIELD(reset_call, radius, "how far it reaches", .max = 2000, .lines = 3),
	FIELD(reset_call, step, "the one next safest step", .max = 2000, .lines = 3),
	END,
};

struct reset_end {
	struct str changed, broken, radius, step;
};
static const struct field reset_end_fields[] = {
	FIELD(reset_end, step, "the one next safest step", .max = 2000, .lines = 3),
	FIELD(reset_end, changed, "what changed", .max = 2000, .lines = 3),
	FIELD(reset_end, broken, "what is broken", .max = 2000, .lines = 3),
	FIELD(reset_end, radius, "how far it reaches", .max = 2000, .lines = 3),
	END,
};

struct reset_event {
	int64_t number;
	struct str reason, changed, broken, radius, step;
};
static const struct field reset_event_fields[] = {
	FIELD(reset_event, number, "which pause of this incident"),
	FIELD(reset_event, reason, "why"),
	FIELD(reset_event, changed, "what changed"),
	FIELD(reset_event, broken, "what is broken"),
	FIELD(reset_event, radius, "how far it reaches"),
	FIELD(reset_event, step, "the next step"),
	END,
};

static void called(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct reset_event *b = ev->body;
	struct pause *p = LIST_ADD(inc->arena, &inc->pauses);
	*p = (struct pause){
		.number = b->number,
		.reason = incident_keep(inc, b->reason),
		.changed = incident_keep(inc, b->changed),
		.broken = incident_keep(inc, b->broken),
		.radius = incident_keep(inc, b->radius),
		.step = incident_keep(inc, b->step),
		.since = { ev->happened_ms },
		.by = { incident_keep(inc, ev->actor) },
	};
}

static void ended(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct reset_event *b = ev->body;
	struct pause *p = INCIDENT_ITEM(inc->pauses, b->number);
	if (!p)
		return;
	p->changed = incident_keep(inc, b->changed);
	p->broken = incident_keep(inc, b->broken);
	p->radius = incident_keep(inc, b->radius);
	p->step = incident_keep(inc, b->step);
	p->ended.ms = ev->happened_ms;
}

enum { CALLED, ENDED };
static const struct event_type events[] = {
	[CALLED] = { "reset.called", 1, reset_event_fields, sizeof(struct reset_event),
		     CLEAR_INTERNAL, "{actor} called a pause[: {reason}].", called },
	[ENDED] = { "reset.ended", 1, reset_event_fields, sizeof(struct reset_event),
		    CLEAR_INTERNAL, "{actor} ended the pause[. Next step: {step}].", ended },
	END_EVENTS,
};

static int decide_call(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct reset_call *v = c->fields;
	const struct pause *on = incident_active_pause(inc);
	if (incident_refuse_unless_open(inc, e))
		return -1;
	if (on) {
		struct str who = roster_name(f->roster, on->by.id);
		err_refuse(e, ERR_CONFLICT, STR_FMT " has called a pause already.", STR_ARG(who));
		err_next(e, "Answer the four questions and end it.");
		return -1;
	}
	struct reset_event *b = decision_add(d, &events[CALLED]);
	*b = (struct reset_event){ .number = (int64_t)inc->pauses.len + 1,
				   .reason = v->reason,
				   .changed = v->changed,
				   .broken = v->broken,
				   .radius = v->radius,
				   .step = v->step };
	d->made = b->number;
	return 0;
}

static struct str or_else(struct str said, struct str before)
{
	return said.len ? said : before;
}

static int decide_end(const void *state, const struct facts *f, const struct command *c,
		      struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct reset_end *v = c->fields;
	const struct pause *on = incident_active_pause(inc);
	(void)f;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!on) {
		err_refuse(e, ERR_CONFLICT, "No pause is called.");
		return -1;
	}
	struct reset_event *b = decision_add(d, &events[ENDED]);
	*b = (struct reset_event){ .number = on->number,
				   .changed = or_else(v->changed, on->changed),
				   .broken = or_else(v->broken, on->broken),
				   .radius = or_else(v->radius, on->radius),
				   .step = or_else(v->step, on->step) };
	return 0;
}

static const struct verb verbs[] = {
	{ "reset", "call", "reset", "Call a pause",
	  "Stops the rush: nobody starts a change until four questions are answered.", RIGHT_VIEW,
	  0, reset_call_fields, sizeof(struct reset_call), decide_call },
	{ "reset", "end", NULL, "End the pause", "Ends the pause with what the team knows now.",
	  RIGHT_RESPOND, 0, reset_end_fields, sizeof(struct reset_end), decide_end },
	END_VERBS,
};

const struct module reset_module = { "reset", &incident_stream, verbs, events, NULL, NULL };

/* "Label: text. " where the text is not empty. */
static void say(struct buf *b, const char *label, struct str text)
{
	text = str_trim(text);
	if (!text.len)
		return;
	if (b->len)
		buf_c(b, ' ');
	buf_z(b, label);
	buf_add(b, text);
	if (!str_ends(text, STR(".")) && !str_ends(text, STR("!")) && !str_ends(text, STR("?")))
		buf_c(b, '.');
}

static struct str answer(const struct buf *b)
{
	return b->len ? buf_str(b) : STR("Not known yet.");
}

static struct str known_changed(const struct incident *inc, const struct pause *on, struct arena *a)
{
	struct buf b = BUF(a);
	say(&b, "", on ? on->changed : (struct str){ 0 });
	say(&b, "", inc->symptoms.changed);
	LIST_EACH (m, &inc->mitigations) {
		if (m->state == MITIGATION_RUNNING)
			say(&b, "In flight: ", m->what);
		else if (m->state == MITIGATION_DONE)
			say(&b, "Done by us: ", m->what);
	}
	return answer(&b);
}

static struct str known_broken(const struct incident *inc, const struct pause *on, struct arena *a)
{
	const struct hypothesis *sure = incident_confirmed_hypothesis(inc);
	const struct hypothesis *open = incident_open_hypothesis(inc);
	struct buf b = BUF(a);
	say(&b, "", on ? on->broken : (struct str){ 0 });
	say(&b, "Fails: ", inc->symptoms.fails);
	say(&b, "Works: ", inc->symptoms.works);
	if (sure)
		say(&b, "Confirmed cause: ", sure->cause);
	if (open)
		say(&b, "Not proven: ", open->cause);
	LIST_EACH (h, &inc->hypotheses)
		if (h->state == HYPOTHESIS_REFUTED)
			say(&b, "Ruled out: ", h->cause);
	return answer(&b);
}

static struct str known_radius(const struct incident *inc, const struct pause *on, struct arena *a)
{
	struct buf b = BUF(a);
	say(&b, "", on ? on->radius : (struct str){ 0 });
	say(&b, "", inc->symptoms.radius);
	say(&b, "Spread: ", str_of(spread_names[inc->symptoms.spread]));
	if (inc->services.len)
		say(&b, "Services: ", strs_join(a, &inc->services, ", "));
	return answer(&b);
}

struct reset_card reset_known(const struct incident *inc, int64_t now_ms, struct arena *a)
{
	const struct pause *on = incident_active_pause(inc);
	struct reset_card card = {
		.changed = known_changed(inc, on, a),
		.broken = known_broken(inc, on, a),
		.radius = known_radius(inc, on, a),
	};
	/* The step that would come next were there no pause: "end the pause" is no answer here. */
	struct incident calm = *inc;
	calm.pauses.len = 0;
	card.step = on && on->step.len ? on->step : rhythm_next(&calm, now_ms, a).text;
	return card;
}
