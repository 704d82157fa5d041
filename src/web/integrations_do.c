/* SPDX-License-Identifier: Apache-2.0 */
/* integrations_do: the forms of Settings > Integrations. What is decided: core/integration.c. The key is a row, not history:
 * it is made when the verb has run. */
#include "intake/path.h"
#include "web/inside.h"
#include "web/intake.h"
#include "web/integrations.h"

static bool is_verb(const struct asked *q, const char *name)
{
	return str_is(str_of(q->verb->noun), "integration") && str_is(str_of(q->verb->name), name);
}

static struct str text_in(const struct asked *q, const char *name)
{
	const struct field *f = field_find(q->verb->fields, str_of(name));
	if (!f || f->kind != KIND_STR)
		return (struct str){ NULL, 0 };
	return *(const struct str *)(const void *)((const char *)q->fields + f->at);
}

static int check_paths(const struct asked *q, struct err *e)
{
	static const char *const members[] = { "items", "title",   "description", "severity",
					       "state", "service", "key",	  "link",
					       "kind",	"version", "environment", "who",
					       "began", "ended",   "differs",	  "undo" };
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct err bad = { 0 };
		struct str path = text_in(q, members[i]);
		if (path.len && path_check(path, &bad) != 0)
			return err_field(e, members[i], "%s", bad.text);
	}
	return 0;
}

int integration_check(const struct asked *q, struct err *e)
{
	struct str source = text_in(q, "source");
	if (!is_verb(q, "add") && !is_verb(q, "edit"))
		return 0;
	if (is_verb(q, "add") && !source_find(source)) {
		err_field(e, "source", "No source is called " STR_FMT ".",
			  STR_ARG(str_clip(source, 60)));
		err_next(e, "Settings > Integrations lists them; generic reads any JSON.");
		return -1;
	}
	return check_paths(q, e);
}

bool integration_signs(const struct integration *i)
{
	const struct source *source = i ? source_find(i->source) : NULL;
	return source && source->prove;
}

struct key_change {
	struct arena *arena;
	struct str name, text;
	bool is_secret; /* the sender signs with it */
};

static int make_key(struct db *db, void *ctx, struct err *e)
{
	struct key_change *c = ctx;
	if (integration_key_make(db, c->arena, c->name, &c->text, e) != 0)
		return -1;
	return c->is_secret ? integration_secret_keep(db, c->name, c->text, e) : 0;
}

static int remove_key(struct db *db, void *ctx, struct err *e)
{
	return integration_key_remove(db, ((struct key_change *)ctx)->name, e);
}

int integration_follow(struct visit *v, const struct asked *q, struct outcome *out, struct err *e)
{
	struct key_change c = { .arena = v->arena, .name = text_in(q, "name") };
	if (out->is_repeat) /* its key was shown the first time */
		return 0;
	if (is_verb(q, "remove"))
		return engine_write(v->config->engine, remove_key, &c, e);
	if (!is_verb(q, "add") && !is_verb(q, "rotate"))
		return 0;
	c.is_secret = integration_signs(engine_integration(v->config->engine, c.name));
	if (engine_write(v->config->engine, make_key, &c, e) != 0)
		return -1;
	v->new_key = c.text;
	out->said = str_fmt(v->arena, STR_FMT " Its key, shown this once: " STR_FMT,
			    STR_ARG(out->said), STR_ARG(c.text));
	return 0;
}

static int run(struct visit *v, const char *name, const struct form *form, struct err *e)
{
	struct reading how = visit_reading(v);
	struct asked q = { .verb = verb_of_words(STR("integration"), str_of(name)),
			   .stream = DESK_STREAM,
			   .idem = form_get(form, "_idem") };
	struct outcome out;
	q.fields = arena_alloc(v->arena, q.verb->size);
	if (fields_from_form(q.verb->fields, form, q.fields, &how, e) != 0 ||
	    fields_check(q.verb->fields, q.fields, e) != 0)
		return -1;
	return verb_run(v, &q, &out, e);
}

static int finish(struct visit *v, int result, const struct integrations_news *news,
		  struct reply *r, struct err *e)
{
	if (result != 0 && !v->wants_html) {
		*e = *news->refused;
		return -1;
	}
	struct integrations_news shown = *news;
	if (result == 0)
		shown.refused = NULL;
	return integration_show(v, v->arg[0], &shown, r, e);
}

int post_integrations_add(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct str name = str_trim(form_get(&v->form, "name"));
	int result = run(v, "add", &v->form, &refused);
	struct integrations_news news = { .refused = &refused, .given = &v->form };
	if (result != 0 && !v->wants_html) {
		*e = refused;
		return -1;
	}
	if (result != 0)
		return integrations_show(v, &news, r, e);
	if (!v->new_key.len) /* sent twice: the first answer showed the key */
		return reply_see(
			v, str_fmt(v->arena, "/settings/integrations/" STR_FMT, STR_ARG(name)), r);
	news = (struct integrations_news){ .said = STR("It is ready to take deliveries.") };
	return integration_show(v, name, &news, r, e);
}

/* The name comes from the address; what a person emptied is to be empty. */
static struct form with_name(struct visit *v)
{
	struct form form = { 0 };
	*LIST_ADD(v->arena, &form.pairs) = (struct form_pair){ STR("name"), v->arg[0] };
	LIST_EACH (p, &v->form.pairs)
		*LIST_ADD(v->arena, &form.pairs) = (struct form_pair){
			p->name, str_trim(p->value).len || str_starts(p->name, STR("_")) ? p->value
											 : STR("-")
		};
	return form;
}

int post_integration_edit(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct form form = with_name(v);
	struct integrations_news news = { .refused = &refused,
					  .said = STR("Saved."),
					  .given = &v->form };
	if (form_has(&v->form, "_preview")) {
		news = (struct integrations_news){ .given = &v->form };
		return integration_show(v, v->arg[0], &news, r, e);
	}
	int result = run(v, "edit", &form, &refused);
	if (result == 0)
		news.given = NULL;
	return finish(v, result, &news, r, e);
}

int post_integration_rotate(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct form form = with_name(v);
	struct integrations_news news = { .refused = &refused,
					  .said = STR(
						  "There is a new key. The old one opens nothing "
						  "any more.") };
	return finish(v, run(v, "rotate", &form, &refused), &news, r, e);
}

int post_integration_remove(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct form form = with_name(v);
	struct integrations_news news = { .refused = &refused };
	if (run(v, "remove", &form, &refused) != 0)
		return finish(v, -1, &news, r, e);
	return reply_see(v, STR("/settings/integrations?removed=1"), r);
}

int post_integration_test(struct visit *v, __attribute__((unused)) struct reply *r, struct err *e)
{
	const struct integration *i = engine_integration(v->config->engine, v->arg[0]);
	struct str body = i ? intake_sample(v->arena, i, v->now_ms) : (struct str){ NULL, 0 };
	if (!i)
		return err_refuse(e, ERR_NOT_FOUND, "There is no integration " STR_FMT ".",
				  STR_ARG(str_clip(v->arg[0], 60)));
	if (!body.len) {
		err_refuse(e, ERR_BAD_INPUT, "There is no sample of what this sender posts.");
		err_next(e, "Send a test from its own page of settings.");
		return -1;
	}
	return intake_take_test(
		v, i, body,
		str_fmt(v->arena, "/settings/integrations/" STR_FMT "?tested=1", STR_ARG(i->name)));
}

/* What was delivered, as it is kept. As text: it is somebody else's and no page of ours. */
int get_inbox(struct visit *v, struct reply *r, struct err *e)
{
	struct inbox_row row;
	struct str body;
	if (inbox_get(v->db, v->number, v->arena, &row, e) != 0 ||
	    inbox_unpack(v->arena, &row, &body, e) != 0)
		return -1;
	r->type = STR("text/plain; charset=utf-8");
	r->body = body;
	return 0;
}

int get_settings(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	return reply_see(v, STR("/settings/integrations"), r);
}
