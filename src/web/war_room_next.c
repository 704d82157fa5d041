/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_next: the rail and the one next safest step, with the button that takes it. What the step is: core/rhythm.h. */
#include "web/war_room.h"

#include <string.h>

typedef int64_t pick_fn(const struct incident *);

static int64_t waiting_change(const struct incident *inc)
{
	const struct mitigation *first = NULL;
	LIST_EACH (m, &inc->mitigations) {
		if (m->state == MITIGATION_APPROVED)
			return m->number;
		if (m->state == MITIGATION_PROPOSED && !first)
			first = m;
	}
	return first ? first->number : 0;
}

static int64_t proposed_change(const struct incident *inc)
{
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_PROPOSED)
			return m->number;
	return 0;
}

static int64_t running_change(const struct incident *inc)
{
	const struct mitigation *m = incident_change_in_flight(inc);
	return m ? m->number : 0;
}

static int64_t check_to_look_at(const struct incident *inc)
{
	LIST_EACH (c, &inc->checks)
		if (c->kind == CHECK_PERSON && !c->dropped && !c->held.ms)
			return c->number;
	return 0;
}

static int64_t action_to_own(const struct incident *inc)
{
	LIST_EACH (a, &inc->actions)
		if (a->state == ACTION_OPEN && (!a->owner.id.len || !a->due.ms))
			return a->number;
	return 0;
}

static int64_t action_to_do(const struct incident *inc)
{
	LIST_EACH (a, &inc->actions)
		if (a->state == ACTION_OPEN)
			return a->number;
	return 0;
}

/* Verbs whose form needs no typing act at once; some others take along what they are about. */
struct shortcut {
	const char *noun, *verb;
	const char *field; /* NULL = none */
	const char *word;  /* its value; NULL = pick gives a number */
	pick_fn *pick;
	bool is_direct;
};
static const struct shortcut shortcuts[] = {
	{ "role", "take", "role", "lead", NULL, true },
	{ "mitigation", "approve", "mitigation", NULL, proposed_change, true },
	{ "mitigation", "start", "mitigation", NULL, waiting_change, true },
	{ "mitigation", "done", "mitigation", NULL, running_change, false },
	{ "recovery", "held", "check", NULL, check_to_look_at, true },
	{ "reset", "end", NULL, NULL, NULL, true },
	{ "review", "draft", NULL, NULL, NULL, true },
	{ "review", "publish", NULL, NULL, NULL, true },
	{ "action", "edit", "action", NULL, action_to_own, false },
	{ "action", "done", "action", NULL, action_to_do, false },
};

static const struct shortcut *shortcut_of(const struct verb *verb)
{
	for (size_t i = 0; i < sizeof(shortcuts) / sizeof(shortcuts[0]); i++)
		if (strcmp(shortcuts[i].noun, verb->noun) == 0 &&
		    strcmp(shortcuts[i].verb, verb->name) == 0)
			return &shortcuts[i];
	return NULL;
}

static void take_shortcut(struct room_next *n, const struct verb *verb, const struct incident *inc,
			  struct arena *a)
{
	const struct shortcut *s = shortcut_of(verb);
	if (!s)
		return;
	int64_t number = s->pick ? s->pick(inc) : 0;
	n->is_direct = s->is_direct && (!s->pick || number);
	if (s->word)
		n->value = str_of(s->word);
	else if (number)
		n->value = str_fmt(a, "%lld", (long long)number);
	if (n->value.len)
		n->field = str_of(s->field);
}

static void fill_next(struct incident_view *view, const struct incident *inc, struct visit *v)
{
	struct rhythm_next step = rhythm_next(inc, v->now_ms, v->arena);
	struct room_next *n = LIST_ADD(v->arena, &view->next);
	*n = (struct room_next){ .text = step.text, .why = step.why, .label = step.label };
	if (!step.verb || v->right < step.verb->needs)
		return;
	n->has_verb = true;
	n->is_danger = step.verb->traits & DANGEROUS;
	n->noun = str_of(step.verb->noun);
	n->verb = str_of(step.verb->name);
	take_shortcut(n, step.verb, inc, v->arena);
}

void room_next_fill(struct incident_view *view, const struct incident *inc, struct visit *v)
{
	struct rhythm_step steps[RHYTHM_STEPS];
	rhythm_steps(inc, v->now_ms, steps);
	for (size_t i = 0; i < RHYTHM_STEPS; i++) {
		struct room_step *s = LIST_ADD(v->arena, &view->steps);
		*s = (struct room_step){ str_of(steps[i].name), steps[i].due, steps[i].state };
	}
	fill_next(view, inc, v);
}
