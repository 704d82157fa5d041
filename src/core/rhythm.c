/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm: the ten steps, ticked by facts. What to do next: rhythm_next.c. */
#include "core/review.h"
#include "core/rhythm_next.h"

const char *const step_state_names[] = { "todo", "current", "done", "late", "skipped", NULL };
const char *const rhythm_names[] = { "Lead",	 "Freeze",   "Symptoms", "Hypothesis",
				     "Test",	 "Mitigate", "Verify",	 "Update",
				     "Timeline", "Review",   NULL };

bool rhythm_skipped(const struct incident *inc, enum rhythm_name step)
{
	LIST_EACH (o, &inc->overridden) {
		if (str_starts(o->guard, STR("step:")) &&
		    str_eq_nocase(str_sub(o->guard, 5, o->guard.len), str_of(rhythm_names[step])))
			return true;
		/* Resolving without a check that held was a choice with a reason: the step is over. */
		if (step == RHYTHM_VERIFY && inc->resolved.ms && str_is(o->guard, "verified-first"))
			return true;
	}
	return false;
}

static bool test_done(const struct incident *inc)
{
	LIST_EACH (h, &inc->hypotheses) {
		if (h->state != HYPOTHESIS_OPEN && h->state != HYPOTHESIS_CONFIRMED)
			continue;
		if (h->state == HYPOTHESIS_CONFIRMED)
			return true;
		LIST_EACH (t, &h->tests)
			if (t->result != RESULT_NONE)
				return true;
	}
	return false;
}

static bool any_opened(const struct incident *inc)
{
	LIST_EACH (h, &inc->hypotheses)
		if (h->opened.ms)
			return true;
	return false;
}

static bool any_done(const struct incident *inc)
{
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_DONE)
			return true;
	return false;
}

static bool symptoms_done(const struct incident *inc)
{
	const struct symptoms *s = &inc->symptoms;
	return s->fails.len && (s->works.len || s->spread != SPREAD_UNKNOWN);
}

static bool is_done(const struct incident *inc, enum rhythm_name step)
{
	switch (step) {
	case RHYTHM_LEAD:
		return inc->role[ROLE_LEAD].id.len > 0;
	case RHYTHM_FREEZE:
		return inc->freezes.len > 0;
	case RHYTHM_SYMPTOMS:
		return symptoms_done(inc);
	case RHYTHM_HYPOTHESIS:
		return any_opened(inc);
	case RHYTHM_TEST:
		return test_done(inc);
	case RHYTHM_MITIGATE:
		return any_done(inc);
	case RHYTHM_VERIFY:
		return incident_is_verified(inc);
	case RHYTHM_UPDATE:
		return inc->updates.len > 0;
	case RHYTHM_TIMELINE:
		return inc->notes > 0 || inc->evidence.len > 0;
	case RHYTHM_REVIEW:
		return review_stands(inc);
	case RHYTHM_NO_STEP:
		break;
	}
	return false;
}

static bool is_late(const struct incident *inc, enum rhythm_name step, int64_t now_ms)
{
	bool ended = incident_has_ended(inc);
	if (step == RHYTHM_UPDATE)
		return !ended && inc->promised.ms && inc->promised.ms < now_ms;
	if (step == RHYTHM_REVIEW)
		return !ended && inc->resolved.ms && !review_stands(inc) && inc->review.due.ms &&
		       inc->review.due.ms < now_ms;
	return false;
}

/* When the step falls due or its effect ends, where it has such a time. */
static struct when due_of(const struct incident *inc, enum rhythm_name step)
{
	const struct freeze *on = incident_active_freeze(inc);
	if (step == RHYTHM_UPDATE)
		return inc->promised;
	if (step == RHYTHM_FREEZE && on)
		return on->until;
	if (step == RHYTHM_REVIEW && inc->resolved.ms && !review_stands(inc))
		return inc->review.due;
	return (struct when){ 0 };
}

void rhythm_steps(const struct incident *inc, int64_t now_ms, struct rhythm_step out[RHYTHM_STEPS])
{
	enum rhythm_name next = rhythm_next_step(inc, now_ms);
	for (int i = 0; i < RHYTHM_STEPS; i++) {
		enum rhythm_name step = (enum rhythm_name)i;
		out[i] = (struct rhythm_step){ .name = rhythm_names[i], .due = due_of(inc, step) };
		if (is_late(inc, step, now_ms))
			out[i].state = STEP_LATE;
		else if (is_done(inc, step))
			out[i].state = STEP_DONE;
		else if (rhythm_skipped(inc, step))
			out[i].state = STEP_SKIPPED;
		else
			out[i].state = step == next ? STEP_CURRENT : STEP_TODO;
	}
}
