/* SPDX-License-Identifier: Apache-2.0 */
/* override: guards passed and steps skipped, each with its reason. The guards stand in the rooms;
 * which steps there are is rhythm.c's. */
#include "core/override.h"

#include "core/incident.h"
#include "core/rhythm.h"

extern const struct module override_module;

static const struct field guard_overridden_fields[] = {
	FIELD(guard_overridden, guard, "the guard's name"),
	FIELD(guard_overridden, stands, "what stood in the way"),
	FIELD(guard_overridden, reason, "why it was passed all the same"),
	END,
};

struct skip {
	struct str step, reason;
};
static const struct field skip_fields[] = {
	FIELD(skip, step, "the step's name", .required = true, .max = 40),
	FIELD(skip, reason, "why it is left out, in a few words", .required = true, .max = 1000),
	END,
};

static void keep_overridden(struct incident *inc, const struct event *event, struct overridden o)
{
	struct overridden *kept = LIST_ADD(inc->arena, &inc->overridden);
	kept->guard = o.guard;
	kept->stands = incident_keep(inc, o.stands);
	kept->reason = incident_keep(inc, o.reason);
	kept->at.ms = event->happened_ms;
	kept->by.id = incident_keep(inc, event->actor);
}

static void on_overridden(void *state, const struct event *event)
{
	const struct guard_overridden *b = event->body;
	struct overridden o = { .guard = incident_keep(state, b->guard), b->stands, b->reason };
	keep_overridden(state, event, o);
}

static void on_skipped(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct skip *b = event->body;
	struct overridden o = { .guard = str_fmt(inc->arena, "step:" STR_FMT, STR_ARG(b->step)),
				.reason = b->reason };
	keep_overridden(inc, event, o);
}

const struct event_type override_events[] = {
	[OVERRIDE_GUARD] = { "guard.overridden", 1, guard_overridden_fields,
			     sizeof(struct guard_overridden), CLEAR_INTERNAL,
			     "{actor} went on although: {stands} Reason: {reason}.",
			     on_overridden },
	[OVERRIDE_STEP] = { "step.skipped", 1, skip_fields, sizeof(struct skip), CLEAR_INTERNAL,
			    "{actor} skipped the step {step}: {reason}.", on_skipped },
	END_EVENTS,
};

static int refuse_step(const struct rhythm_step steps[RHYTHM_STEPS], struct str name, struct err *e)
{
	ARENA(a);
	struct buf b = BUF(&a);
	for (int i = 0; i < RHYTHM_STEPS; i++) {
		buf_z(&b, i ? ", " : "");
		buf_z(&b, steps[i].name);
	}
	err_field(e, "step", "There is no step \"" STR_FMT "\".", STR_ARG(name));
	err_next(e, "The steps are: " STR_FMT ".", STR_ARG(buf_str(&b)));
	return -1;
}

static int decide_skip(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct skip *f = cmd->fields;
	struct rhythm_step steps[RHYTHM_STEPS];
	const struct rhythm_step *step = NULL;
	if (incident_refuse_if_over(state, e))
		return -1;
	rhythm_steps(state, facts->now_ms, steps);
	for (int i = 0; i < RHYTHM_STEPS && !step; i++)
		step = str_eq_nocase(str_trim(f->step), str_of(steps[i].name)) ? &steps[i] : NULL;
	if (!step)
		return refuse_step(steps, f->step, e);
	if (step->state == STEP_DONE || step->state == STEP_SKIPPED)
		return err_refuse(e, ERR_CONFLICT, "The step %s is %s already.", step->name,
				  step_state_names[step->state]);
	struct skip *b = decision_add(d, &override_events[OVERRIDE_STEP]);
	b->step = str_of(step->name);
	b->reason = f->reason;
	return 0;
}

static const struct verb override_verbs[] = {
	{ "incident", "skip", NULL, "Skip this step",
	  "Leaves out a step of the rhythm. The reason goes on the timeline.", RIGHT_RESPOND, 0,
	  skip_fields, sizeof(struct skip), decide_skip },
	END_VERBS,
};

const struct module override_module = {
	.name = "override",
	.stream = &incident_stream,
	.verbs = override_verbs,
	.events = override_events,
};
