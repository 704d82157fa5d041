/* SPDX-License-Identifier: Apache-2.0 */
/* form_show: a verb's form as a page, with the refusal on top and the values kept; and the way back from it. */
#include <string.h>

#include "core/update.h"
#include "ui.h"
#include "web/forms.h"

const struct field form_view_fields[] = {
	FRAME_FIELDS(form_view),
	FIELD(form_view, help, "what the verb does"),
	FIELD(form_view, subject, "the incident's title"),
	FIELD(form_view, action, "where the form posts to"),
	FIELD(form_view, back, "where to go afterwards"),
	FIELD(form_view, submit, "the button"),
	FIELD(form_view, problem, "why it was refused"),
	FIELD(form_view, next_step, "the safest next step"),
	FIELD(form_view, because, "the reason as typed"),
	FIELD(form_view, accept, "the guards shown so far, by name"),
	FIELD(form_view, danger, "what it will do"),
	FIELD(form_view, file, "the file that is kept already"),
	FIELD(form_view, body, "the fields"),
	FIELD(form_view, texts, "the drafted texts"),
	FIELD(form_view, incident, "its number; 0 = the desk's"),
	FIELD(form_view, seen, "the last entry that the writer saw"),
	FIELD(form_view, is_guarded, "a guard stands in the way"),
	FIELD(form_view, leaves_company, "what is sent leaves the company"),
	FIELD(form_view, takes_file, "a file may be added"),
	FIELD(form_view, drafts, "texts are drafted first"),
	FIELD(form_view, is_drafted, "they are drafted"),
	FIELD(form_view, has_readiness, "how ready its services are is known"),
	FIELD(form_view, is_unproven, "one of them was not rolled back lately"),
	ITEMS(form_view, readiness, readiness_line, "when what may be rolled back last was"),
	END,
};

/* Texts of an update stand in a second step. */
static const char *const text_names[] = { "leadership", "support", "engineers", "customers", NULL };

int form_verb(struct forming *f, const struct stream_type *stream, struct str noun, struct str name,
	      struct err *e)
{
	const struct verb *verb = verb_of_words(noun, name);
	enum right right = f->v->right;
	bool is_declare = verb && verb->traits & MAKES_STREAM && stream == &incident_stream;
	if (!verb || verb_stream(verb) != stream || is_declare) {
		err_refuse(e, ERR_NOT_FOUND, "There is no form for " STR_FMT " " STR_FMT ".",
			   STR_ARG(str_clip(noun, 40)), STR_ARG(str_clip(name, 40)));
		err_next(e, "Go back and pick what you want to do.");
		return -1;
	}
	f->verb = verb;
	if (right < verb->needs)
		return err_refuse(e, ERR_FORBIDDEN, "\"%s\" needs the right of a %s; yours is %s.",
				  verb->label, right_names[verb->needs], right_names[right]);
	return 0;
}

/* Where in the bar the verbs of no incident are at home. */
static const char *place_of(const struct verb *verb)
{
	if (verb_stream(verb) == &change_stream)
		return "changes";
	return strcmp(verb->noun, "service") == 0 ? "services" : "alerts";
}

struct str form_back(const struct forming *f)
{
	struct str back = form_get(f->given, "_back");
	bool reviewed = strcmp(f->verb->noun, "review") == 0 ||
			strcmp(f->verb->noun, "action") == 0;
	if (is_own_path(back))
		return back;
	if (f->stream == DESK_STREAM)
		return str_fmt(f->v->arena, "/%s", place_of(f->verb));
	return str_fmt(f->v->arena, reviewed ? "/reviews/%lld" : "/incidents/%lld",
		       (long long)f->stream);
}

int form_read(const struct forming *f, struct asked *q, struct err *e)
{
	struct reading how = visit_reading(f->v);
	q->verb = f->verb;
	q->stream = f->stream;
	q->fields = arena_alloc(f->v->arena, f->verb->size);
	q->because = form_get(f->given, "_because");
	q->accept = form_get(f->given, "_accept");
	q->idem = form_get(f->given, "_idem");
	if (!str_to_int(form_get(f->given, "_seen"), &q->seen))
		q->seen = 0;
	if (fields_from_form(f->verb->fields, f->given, q->fields, &how, e) != 0)
		return -1;
	return fields_check(f->verb->fields, q->fields, e);
}

static bool is_update(const struct verb *verb)
{
	return verb->traits & LEAVES_COMPANY;
}

/* Texts of those who are told; of all where nobody is chosen. Ended by NULL. */
static const char *const *told_names(const struct forming *f)
{
	const char **names = arena_alloc(f->v->arena, sizeof(text_names));
	const struct field *to = field_find(f->verb->fields, STR("audiences"));
	const struct strs *chosen = (const struct strs *)(const void *)((const char *)f->texts +
									to->at);
	for (size_t i = 0, n = 0; text_names[i]; i++)
		if (!chosen->len || strs_has(chosen, str_of(text_names[i])))
			names[n++] = text_names[i];
	return names;
}

static int print_fields(const struct forming *f, struct form_view *view, struct err *e)
{
	struct form_hints hints = { 0 };
	struct form_print how = { .table = f->verb->fields,
				  .current = form_current(f),
				  .given = f->given,
				  .is_posted = f->is_posted,
				  .bad = f->refused ? f->refused->field : NULL,
				  .hints = &hints,
				  .zone = f->v->zone,
				  .skip = is_update(f->verb) ? text_names : service_form_skip(f) };
	if (form_hints_of(f->v, f->incident, &hints, e) != 0)
		return -1;
	if (strcmp(f->verb->noun, "role") == 0)
		hints.people = hints.responders;
	view->body = form_html(&how, f->v->arena);
	if (!f->texts)
		return 0;
	how.skip = NULL;
	how.only = told_names(f);
	how.current = f->texts;
	how.given = f->refused ? f->given : NULL;
	view->texts = form_html(&how, f->v->arena);
	return 0;
}

static struct str submit_label(const struct forming *f)
{
	if (f->refused && f->refused->code == ERR_GUARD)
		return STR("Go on anyway");
	return str_of(f->verb->label);
}

static void show_refusal(const struct forming *f, struct form_view *view, struct reply *r)
{
	const struct err *e = f->refused;
	if (!e)
		return;
	r->status = err_status(e->code);
	view->problem = str_copy(f->v->arena, str_of(e->text[0] ? e->text : err_sentence(e->code)));
	view->next_step = str_copy(f->v->arena, str_of(e->next));
	view->is_guarded = e->code == ERR_GUARD;
	struct str before = form_get(f->given, "_accept");
	if (view->is_guarded)
		view->accept = str_fmt(f->v->arena, STR_FMT "%s%s", STR_ARG(before),
				       before.len ? "," : "", e->guard);
}

/* Whoever picks a way back hears whether anybody ever went it. */
static bool chooses_mitigation(const struct forming *f)
{
	const char *name = f->verb->name;
	return f->incident && strcmp(f->verb->noun, "mitigation") == 0 &&
	       (strcmp(name, "propose") == 0 || strcmp(name, "approve") == 0 ||
		strcmp(name, "start") == 0);
}

int form_show(const struct forming *f, struct reply *r, struct err *e)
{
	struct visit *v = f->v;
	const struct incident *inc = f->incident;
	bool change = verb_stream(f->verb) == &change_stream, desk = f->stream == DESK_STREAM;
	struct str words = str_fmt(v->arena, "%s/%s", f->verb->noun, f->verb->name);
	struct form_view view = {
		.frame = inc ? frame_for(v, "now", str_of(f->verb->label), inc)
			     : frame_of(v, desk ? place_of(f->verb) : "now",
					str_of(f->verb->label)),
		.help = str_of(f->verb->help),
		.subject = inc ? inc->title : (struct str){ 0 },
		.action = change ? STR("/changes/new")
			  : desk ? str_fmt(v->arena, "/desk/do/" STR_FMT, STR_ARG(words))
				 : str_fmt(v->arena, "/incidents/%lld/do/" STR_FMT,
					   (long long)f->stream, STR_ARG(words)),
		.back = form_back(f),
		.submit = submit_label(f),
		.because = form_get(f->given, "_because"),
		.danger = form_danger(f),
		.file = f->file,
		.incident = f->stream,
		.seen = inc ? inc->seq : 0,
		.leaves_company = is_update(f->verb),
		.takes_file = strcmp(words.at, "evidence/add") == 0,
		.drafts = is_update(f->verb),
		.is_drafted = f->texts != NULL,
	};
	show_refusal(f, &view, r);
	if (chooses_mitigation(f) && readiness_of_room(v, inc, &view.readiness, e) != 0)
		return -1;
	view.has_readiness = view.readiness.len > 0;
	LIST_EACH (line, &view.readiness)
		view.is_unproven = view.is_unproven || !line->is_fresh;
	if (print_fields(f, &view, e) != 0)
		return -1;
	service_form_dress(f, &view);
	return reply_page(v, &tpl_form, form_view_fields, &view, r);
}
