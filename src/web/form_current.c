/* SPDX-License-Identifier: Apache-2.0 */
/* form_current: what a form starts with: the values that hold now, drafts that core can write, and what a dangerous verb is
 * about to do. */
#include <string.h>

#include "core/reset.h"
#include "core/roles.h"
#include "core/tell.h"
#include "core/update.h"
#include "web/forms.h"

static bool is_verb(const struct forming *f, const char *noun, const char *name)
{
	return strcmp(f->verb->noun, noun) == 0 && strcmp(f->verb->name, name) == 0;
}

static size_t kind_bytes(enum field_kind kind)
{
	switch (kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		return sizeof(struct str);
	case KIND_INT:
	case KIND_WHEN:
	case KIND_SPAN:
		return sizeof(int64_t);
	case KIND_BOOL:
		return sizeof(bool);
	case KIND_MAYBE_INT:
		return sizeof(struct maybe_int);
	case KIND_STRS:
		return sizeof(struct strs);
	case KIND_CHOICE:
		return sizeof(int);
	case KIND_ITEMS:
		break;
	}
	return 0;
}

/* Members of the same name and kind: a verb that edits a thing names its members as the thing does. */
static void take_same(const struct field *to_fields, void *to, const struct field *from_fields,
		      const void *from)
{
	for (const struct field *f = to_fields; f->name; f++) {
		const struct field *g = field_find(from_fields, str_of(f->name));
		if (g && g->kind == f->kind)
			memcpy((char *)to + f->at, (const char *)from + g->at, kind_bytes(f->kind));
	}
}

static void set_text(const struct forming *f, void *fields, const char *name, struct str text)
{
	const struct field *x = field_find(f->verb->fields, str_of(name));
	if (x && x->kind == KIND_STR)
		*(struct str *)(void *)((char *)fields + x->at) = text;
}

static void set_ms(const struct forming *f, void *fields, const char *name, int64_t ms)
{
	const struct field *x = field_find(f->verb->fields, str_of(name));
	if (x && (x->kind == KIND_WHEN || x->kind == KIND_SPAN))
		*(int64_t *)(void *)((char *)fields + x->at) = ms;
}

static int64_t given_number(const struct forming *f, const char *name)
{
	int64_t n = 0;
	return f->given && str_to_int(str_trim(form_get(f->given, name)), &n) ? n : 0;
}

static void current_update(const struct forming *f, void *fields)
{
	const struct incident *inc = f->incident;
	const struct mitigation *change = incident_change_in_flight(inc);
	const struct field *to = field_find(f->verb->fields, STR("audiences"));
	struct strs all = { ARENA_ARRAY(f->v->arena, struct str, AUDIENCE_COUNT), 0 };
	const struct update *last = inc->updates.len ? &inc->updates.at[inc->updates.len - 1]
						     : NULL;
	set_text(f, fields, "happened", last ? last->happened : inc->title);
	set_text(f, fields, "impact", last ? last->impact : inc->symptoms.fails);
	if (change)
		set_text(f, fields, "doing", change->what);
	while (all.len < AUDIENCE_COUNT) {
		all.at[all.len] = str_of(audience_names[all.len]);
		all.len++;
	}
	*(struct strs *)(void *)((char *)fields + to->at) = all;
	if (incident_is_open(inc))
		set_ms(f, fields, "next", f->v->now_ms + policy_default.promise_ms[inc->severity]);
}

static void current_reset(const struct forming *f, void *fields)
{
	struct reset_card known = reset_known(f->incident, f->v->now_ms, f->v->arena);
	set_text(f, fields, "changed", known.changed);
	set_text(f, fields, "broken", known.broken);
	set_text(f, fields, "radius", known.radius);
	set_text(f, fields, "step", known.step);
}

static void current_hand(const struct forming *f, void *fields)
{
	struct roster people = { 0 };
	struct err ignored = { 0 };
	if (account_roster(f->v->db, f->v->arena, &people, &ignored) != 0)
		return;
	struct facts facts = { .now_ms = f->v->now_ms,
			       .actor = f->v->user,
			       .right = f->v->right,
			       .roster = &people,
			       .policy = &policy_default };
	set_text(f, fields, "note", roles_handover_note(f->incident, &facts, f->v->arena));
}

/* The service of that name, whole: what is emptied in the form is to be empty. */
static void current_service(const struct forming *f, void *fields)
{
	const struct service *s = service_form_of(f);
	const struct field *whole = field_find(f->verb->fields, STR("whole"));
	if (s)
		take_same(f->verb->fields, fields, service_fields, s);
	*(bool *)(void *)((char *)fields + whole->at) = true;
}

const void *form_current(const struct forming *f)
{
	const struct incident *inc = f->incident;
	void *fields = arena_alloc(f->v->arena, f->verb->size);
	if (service_form_is(f)) {
		current_service(f, fields);
		return fields;
	}
	if (!inc)
		return NULL;
	const struct action *action = INCIDENT_ITEM(inc->actions, given_number(f, "action"));
	if (is_verb(f, "incident", "edit"))
		take_same(f->verb->fields, fields, incident_fields, inc);
	else if (is_verb(f, "review", "edit"))
		take_same(f->verb->fields, fields, review_fields, &inc->review);
	else if (is_verb(f, "symptom", "record"))
		take_same(f->verb->fields, fields, symptoms_fields, &inc->symptoms);
	else if (is_verb(f, "action", "edit") && action)
		take_same(f->verb->fields, fields, action_fields, action);
	else if (is_verb(f, "update", "send"))
		current_update(f, fields);
	else if (is_verb(f, "reset", "end") && incident_active_pause(inc))
		current_reset(f, fields);
	else if (is_verb(f, "role", "hand"))
		current_hand(f, fields);
	else
		return NULL;
	return fields;
}

/* The one that a start without a number means: the only one that is approved or proposed. */
static const struct mitigation *to_be_started(const struct forming *f)
{
	const struct mitigation *found = NULL;
	int64_t number = given_number(f, "mitigation");
	if (number)
		return INCIDENT_ITEM(f->incident->mitigations, number);
	LIST_EACH (m, &f->incident->mitigations) {
		if (m->state != MITIGATION_PROPOSED && m->state != MITIGATION_APPROVED)
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found;
}

/* Which entry goes, in its own words: a number is easily mistaken. */
static struct str redaction_danger(const struct forming *f)
{
	struct folded all;
	struct err ignored = { 0 };
	int64_t entry = given_number(f, "entry");
	struct buf said = BUF(f->v->arena);
	if (entry && engine_fold(f->v->db, f->incident->id, f->v->arena, &all, &ignored) == 0)
		LIST_EACH (ev, &all.events)
			if (ev->seq == entry && ev->body)
				event_tell(ev, &f->v->names, CLEAR_INTERNAL, &said);
	if (!said.len)
		return str_of(f->verb->help);
	return str_fmt(f->v->arena, "Entry %lld goes: \"" STR_FMT "\" %s", (long long)entry,
		       STR_ARG(str_clip(buf_str(&said), 300)), f->verb->help);
}

struct str form_danger(const struct forming *f)
{
	if (!(f->verb->traits & DANGEROUS))
		return (struct str){ 0 };
	if (f->incident && is_verb(f, "entry", "redact"))
		return redaction_danger(f);
	const struct mitigation *m = f->incident && is_verb(f, "mitigation", "start")
					     ? to_be_started(f)
					     : NULL;
	if (!m)
		return str_of(f->verb->help);
	struct str services = strs_join(f->v->arena, &m->services, ", ");
	return str_fmt(f->v->arena,
		       "You are about to change what customers use%s" STR_FMT ": " STR_FMT
		       ". %s" STR_FMT "%s",
		       services.len ? ", in " : "", STR_ARG(services), STR_ARG(m->what),
		       m->undo.len ? "To take it back: " : "Nobody wrote down how to take it back",
		       STR_ARG(m->undo), ".");
}

static struct str text_of(const struct forming *f, const void *fields, const char *name)
{
	const struct field *x = field_find(f->verb->fields, str_of(name));
	return x && x->kind == KIND_STR
		       ? *(const struct str *)(const void *)((const char *)fields + x->at)
		       : (struct str){ 0 };
}

void form_draft_texts(const struct forming *f, void *fields)
{
	const struct field *next = field_find(f->verb->fields, STR("next"));
	const struct field *to = field_find(f->verb->fields, STR("audiences"));
	const struct strs *chosen = (const struct strs *)(const void *)((const char *)fields +
									to->at);
	struct update_parts parts = {
		.happened = text_of(f, fields, "happened"),
		.impact = text_of(f, fields, "impact"),
		.doing = text_of(f, fields, "doing"),
		.next = *(const struct when *)(const void *)((const char *)fields + next->at),
	};
	for (int i = 0; i < AUDIENCE_COUNT; i++)
		if (!chosen->len || strs_has(chosen, str_of(audience_names[i])))
			set_text(f, fields, audience_names[i],
				 update_draft(f->incident, &parts, (enum audience)i, f->v->arena));
}
