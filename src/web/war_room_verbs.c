/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_verbs: "Something else": every verb that the visitor may use here, in the order of the steps. */
#include "web/war_room.h"

#include <string.h>

static const struct {
	const char *module, *heading;
} headings[] = {
	{ "declare", "The incident" },
	{ "roles", "Lead and roles" },
	{ "freeze", "Freeze" },
	{ "symptom", "Symptoms" },
	{ "evidence", "Evidence" },
	{ "ranking", "What changed" },
	{ "series", "Series" },
	{ "hypothesis", "Hypothesis and test" },
	{ "mitigation", "Mitigate" },
	{ "recovery", "Verify" },
	{ "resolve", "Resolve" },
	{ "update", "Update" },
	{ "note", "Timeline" },
	{ "reset", "Pause" },
	{ "merge", "The same as another" },
	{ "review", "Review" },
	{ "action", "Actions" },
	{ "override", "Skip a step" },
	{ "redact", "Remove a secret" },
};

static struct str heading_of(const struct module *m)
{
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (strcmp(headings[i].module, m->name) == 0)
			return str_of(headings[i].heading);
	return str_of(m->name);
}

static void add_verbs(struct room_group *g, const struct module *m, struct visit *v)
{
	for (const struct verb *verb = m->verbs; verb && verb->name; verb++) {
		if ((verb->traits & (INTERNAL | MAKES_STREAM)) || v->right < verb->needs)
			continue;
		struct room_verb *row = LIST_ADD(v->arena, &g->verbs);
		*row = (struct room_verb){ str_of(verb->noun), str_of(verb->name),
					   str_of(verb->label), str_of(verb->help),
					   verb->traits & DANGEROUS };
	}
}

void room_verbs_fill(struct incident_view *view, struct visit *v)
{
	for (const struct module *const *m = modules; *m; m++) {
		struct room_group group = { .heading = heading_of(*m) };
		if ((*m)->stream != &incident_stream)
			continue;
		add_verbs(&group, *m, v);
		if (!group.verbs.len)
			continue;
		struct room_group *g = LIST_ADD(v->arena, &view->groups);
		*g = group;
	}
}
