/* SPDX-License-Identifier: Apache-2.0 */
/* core: see core.h. Only finds the room and hands over; what a room decides is in the room. */
#include "core/core.h"

#include <assert.h>

#define MODULE(room) extern const struct module room##_module;
#include "core/modules.def"
#undef MODULE

const struct module *const modules[] = {
#define MODULE(room) &room##_module,
#include "core/modules.def"
#undef MODULE
	NULL,
};

enum { REASON_MAX_BYTES = 1000 }; /* a reason is a few words; the rest is a note */

struct because {
	struct str because;
};
static const struct field because_fields[] = {
	FIELD(because, because, "why you go on although a guard stands in the way",
	      .max = REASON_MAX_BYTES),
	END,
};

static int check_command(const struct facts *facts, const struct command *cmd, struct err *e)
{
	const struct verb *v = cmd->verb;
	const struct because because = { cmd->override_reason };
	if (!(v->traits & INTERNAL) && facts->right < v->needs)
		return err_refuse(e, ERR_FORBIDDEN, "\"%s\" needs the right of a %s; yours is %s.",
				  v->label, right_names[v->needs], right_names[facts->right]);
	if (fields_check(because_fields, &because, e))
		return -1;
	return fields_check(v->fields, cmd->fields, e);
}

int core_decide(const void *state, const struct facts *facts, const struct command *cmd,
		struct decision *d, struct err *e)
{
	size_t events = d->events.len, follows = d->follows.len;
	int64_t made = d->made;
	if (!check_command(facts, cmd, e) && !cmd->verb->decide(state, facts, cmd, d, e))
		return 0;
	d->events.len = events;
	d->follows.len = follows;
	d->made = made;
	return -1;
}

static bool module_has_event(const struct module *m, const struct event_type *type)
{
	for (const struct event_type *t = m->events; t && t->name; t++)
		if (t == type)
			return true;
	return false;
}

/* A type of the other stream's rooms would write into a struct that is not there. */
static bool stream_has_event(const struct stream_type *stream, const struct event_type *type)
{
	for (const struct module *const *m = modules; *m; m++)
		if ((*m)->stream == stream && module_has_event(*m, type))
			return true;
	return false;
}

const struct stream_type *stream_type_of(int64_t stream)
{
	return stream > DESK_STREAM   ? &incident_stream
	       : stream < DESK_STREAM ? &change_stream
				      : &desk_stream;
}

void *core_blank(int64_t stream, struct arena *a)
{
	const struct stream_type *type = stream_type_of(stream);
	char *state = arena_alloc(a, type->state_size);
	*(struct arena **)(void *)(state + type->arena_at) = a;
	if (type == &incident_stream)
		((struct incident *)(void *)state)->id = stream;
	if (type == &change_stream)
		((struct change *)(void *)state)->number = -stream;
	return state;
}

int64_t *core_seq(const struct stream_type *type, void *state)
{
	return (int64_t *)(void *)((char *)state + type->seq_at);
}

void core_evolve(const struct stream_type *stream, void *state, const struct event *event)
{
	*core_seq(stream, state) = event->seq;
	if (stream == &incident_stream)
		((struct incident *)state)->id = event->stream;
	/* a redacted event has no body: it moves nothing but the count */
	if (event->body && event->type->evolve && stream_has_event(stream, event->type))
		event->type->evolve(state, event);
}

int64_t core_due(const struct stream_type *stream, const void *state)
{
	int64_t first = NOTHING_DUE;
	for (const struct module *const *m = modules; *m; m++) {
		int64_t due = (*m)->stream == stream && (*m)->due ? (*m)->due(state) : NOTHING_DUE;
		first = due < first ? due : first;
	}
	return first;
}

void core_tick(const struct stream_type *stream, const void *state, const struct facts *facts,
	       struct decision *d)
{
	for (const struct module *const *m = modules; *m; m++) {
		if ((*m)->stream != stream || !(*m)->due || (*m)->due(state) > facts->now_ms)
			continue;
		assert((*m)->tick);
		(*m)->tick(state, facts, d);
	}
}

static const struct verb *module_verb(const struct module *m, struct str noun, struct str name)
{
	for (const struct verb *v = m->verbs; v && v->name; v++)
		if (str_is(noun, v->noun) && str_is(name, v->name))
			return v;
	return NULL;
}

static const struct verb *find_any(struct str noun, struct str name)
{
	const struct verb *v = NULL;
	for (const struct module *const *m = modules; *m && !v; m++)
		v = module_verb(*m, noun, name);
	return v;
}

const struct verb *verb_find(struct str noun, struct str name)
{
	const struct verb *v = find_any(noun, name);
	return v && !(v->traits & INTERNAL) ? v : NULL;
}

const struct verb *verb_find_internal(struct str noun, struct str name)
{
	const struct verb *v = find_any(noun, name);
	return v && v->traits & INTERNAL ? v : NULL;
}

const struct verb *verb_by_alias(struct str alias)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (v->alias && !(v->traits & INTERNAL) && str_is(alias, v->alias))
				return v;
	return NULL;
}

const struct stream_type *verb_stream(const struct verb *verb)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (v == verb)
				return (*m)->stream;
	return NULL;
}

const struct event_type *event_type_find(struct str name)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++)
			if (str_is(name, t->name))
				return t;
	return NULL;
}
