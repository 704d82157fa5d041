/* SPDX-License-Identifier: Apache-2.0 */
/* page_integrations: Settings > Integrations: the doors of senders, what came through each, and adding one. One of them:
 * page_integration.c. */
#include "ui.h"
#include "web/inside.h"
#include "web/integrations.h"

const struct field intake_line_fields[] = {
	FIELD(intake_line, name, "the integration; empty: there is none"),
	FIELD(intake_line, source, "the sender"),
	FIELD(intake_line, label, "the sender, for people"),
	FIELD(intake_line, note, "what it is for"),
	FIELD(intake_line, reason, "why the last one that could not be read could not"),
	FIELD(intake_line, reason_id, "its number in the inbox"),
	FIELD(intake_line, last, "when the last one came"),
	FIELD(intake_line, made, "since when it has its key"),
	FIELD(intake_line, day, "how many came in 24 hours"),
	FIELD(intake_line, rejected, "of those, how many could not be read"),
	FIELD(intake_line, last_id, "the last one's number in the inbox"),
	END,
};

struct source_choice {
	struct str name, label;
	bool is_chosen;
};
static const struct field source_choice_fields[] = {
	FIELD(source_choice, name, "its name"),
	FIELD(source_choice, label, "for people"),
	FIELD(source_choice, is_chosen, "it is chosen"),
	END,
};

struct integrations_view {
	struct frame frame;
	struct str problem, next_step, said;
	struct intake_lines integrations, others;
	LIST_OF(struct source_choice) choices;
	struct str name, note;
	bool may_change, is_adding;
};
extern const struct field integrations_view_fields[];
const struct field integrations_view_fields[] = {
	FRAME_FIELDS(integrations_view),
	FIELD(integrations_view, problem, "why it was refused"),
	FIELD(integrations_view, next_step, "the safest next step"),
	FIELD(integrations_view, said, "what was done"),
	ITEMS(integrations_view, integrations, intake_line, "by name"),
	ITEMS(integrations_view, others, intake_line, "senders without an integration"),
	ITEMS(integrations_view, choices, source_choice, "what can be added"),
	FIELD(integrations_view, name, "a name as typed"),
	FIELD(integrations_view, note, "a note as typed"),
	FIELD(integrations_view, may_change, "the reader may change them"),
	FIELD(integrations_view, is_adding, "the form is open"),
	END,
};

struct str source_label(struct str name)
{
	const struct source *s = source_find(name);
	return s ? str_of(s->label) : name;
}

static void add_made(struct intake_line *line, const struct integration_keys *keys)
{
	LIST_EACH (k, keys)
		if (str_eq(k->name, line->name)) {
			line->made = k->made;
			line->last = k->used;
		}
}

/* PagerDuty's integrations have three doors, each counted by itself in the inbox. */
static bool is_of(const struct intake_line *line, struct str counted)
{
	struct str name = counted, source = { NULL, 0 };
	(void)str_cut(&name, '/', &source);
	return line->name.len ? str_eq(name, line->name) : str_eq(counted, line->source);
}

static int add_counts(struct visit *v, struct intake_line *line, const struct intake_counts *counts,
		      struct err *e)
{
	LIST_EACH (c, counts) {
		int64_t id = 0;
		struct inbox_row row;
		if (!is_of(line, c->source))
			continue;
		line->day += c->day;
		line->rejected += c->rejected;
		if (c->last.ms > line->last.ms)
			line->last = c->last;
		if (c->last_id > line->last_id)
			line->last_id = c->last_id;
		if (inbox_last_rejected(v->db, c->source, &id, e) != 0)
			return -1;
		if (id <= line->reason_id)
			continue;
		if (inbox_get(v->db, id, v->arena, &row, e) != 0)
			return -1;
		line->reason_id = id;
		line->reason = row.reason;
	}
	return 0;
}

static void sort_by_name(struct intake_lines *lines)
{
	for (size_t i = 1; i < lines->len; i++)
		for (size_t k = i; k && str_cmp(lines->at[k].name, lines->at[k - 1].name) < 0;
		     k--) {
			struct intake_line swap = lines->at[k];
			lines->at[k] = lines->at[k - 1];
			lines->at[k - 1] = swap;
		}
}

int intake_lines_load(struct visit *v, struct intake_lines *out, struct err *e)
{
	struct integration_keys keys = { 0 };
	struct intake_counts counts = { 0 };
	if (integration_key_list(v->db, v->arena, &keys, e) != 0)
		return -1;
	engine_intake_counts(v->config->engine, v->arena, &counts);
	LIST_EACH (i, engine_integrations(v->config->engine))
		if (!i->is_removed)
			*LIST_ADD(v->arena, out) = (struct intake_line){ .name = i->name,
									 .source = i->source,
									 .note = i->note };
	sort_by_name(out);
	LIST_EACH (c, &counts)
		if (str_find(c->source, STR("/")) == SIZE_MAX)
			*LIST_ADD(v->arena, out) = (struct intake_line){ .source = c->source };
	LIST_EACH (line, out) {
		line->label = source_label(line->source);
		add_made(line, &keys);
		if (add_counts(v, line, &counts, e) != 0)
			return -1;
	}
	return 0;
}

static void add_choices(struct visit *v, struct integrations_view *view, struct str chosen)
{
	for (size_t i = 0; sources[i]; i++) {
		struct str name = str_of(sources[i]->name);
		if (str_is(name, "pagerduty_v1") || str_is(name, "pagerduty_change"))
			continue; /* they share the keys of pagerduty */
		*LIST_ADD(v->arena,
			  &view->choices) = (struct source_choice){ name, str_of(sources[i]->label),
								    str_eq(name, chosen) };
	}
}

int integrations_show(struct visit *v, const struct integrations_news *news, struct reply *r,
		      struct err *e)
{
	struct integrations_view view = { .frame = frame_of(v, "settings", STR("Integrations")),
					  .said = news->said,
					  .may_change = v->right >= RIGHT_ADMIN,
					  .is_adding = news->given != NULL };
	struct intake_lines all = { 0 };
	struct str source = { NULL, 0 };
	if (news->given) {
		view.name = form_get(news->given, "name");
		view.note = form_get(news->given, "note");
		source = form_get(news->given, "source");
	}
	if (news->refused) {
		r->status = err_status(news->refused->code);
		view.problem = str_copy(v->arena, str_of(news->refused->text));
		view.next_step = str_copy(v->arena, str_of(news->refused->next));
	}
	if (intake_lines_load(v, &all, e) != 0)
		return -1;
	LIST_EACH (line, &all)
		*LIST_ADD(v->arena, line->name.len ? &view.integrations : &view.others) = *line;
	add_choices(v, &view, source);
	view.is_adding = view.is_adding || !view.integrations.len;
	return reply_page(v, &tpl_integrations, integrations_view_fields, &view, r);
}

int page_integrations(struct visit *v, struct reply *r, struct err *e)
{
	struct integrations_news nothing = { 0 };
	if (str_is(form_get(&v->query, "removed"), "1"))
		nothing.said = STR("Removed. Its key opens nothing any more.");
	return integrations_show(v, &nothing, r, e);
}
