/* SPDX-License-Identifier: Apache-2.0 */
/* page_form: the page of any verb: `/incidents/N/do/NOUN/VERB` and `/desk/do/NOUN/VERB`. GET shows the form, POST runs the
 * verb and goes back; a refusal shows the form again with what was typed. Evidence may bring a file: it is stored
 * before the verb that cites it runs. Declaring: page_declare.c. */
#include "net/multipart.h"
#include "web/forms.h"
#include "web/inside.h"

static int open_incident_form(struct visit *v, struct folded *folded, struct forming *f,
			      struct err *e)
{
	if (engine_fold(v->db, v->number, v->arena, folded, e) != 0)
		return -1;
	f->v = v;
	f->stream = v->number;
	f->incident = folded->incident;
	return 0;
}

int page_form(struct visit *v, struct reply *r, struct err *e)
{
	struct folded folded;
	struct forming f = { .given = &v->query };
	if (open_incident_form(v, &folded, &f, e) != 0 ||
	    form_verb(&f, &incident_stream, v->arg[1], v->arg[2], e) != 0)
		return -1;
	return form_show(&f, r, e);
}

/* Browsers get the form again; programs the refusal as it is. */
static int refuse(struct forming *f, const struct err *refused, struct reply *r, struct err *e)
{
	if (!f->v->wants_html) {
		*e = *refused;
		return -1;
	}
	f->refused = refused;
	return form_show(f, r, e);
}

static int run(struct forming *f, struct reply *r, struct err *e)
{
	struct asked q = { 0 };
	struct outcome done;
	struct err refused = { 0 };
	bool drafts = form_has(f->given, "_draft"), drafted = form_has(f->given, "_drafted");
	int bad = form_read(f, &q, &refused);
	if (!bad && drafts && f->verb->traits & LEAVES_COMPANY) {
		form_draft_texts(f, q.fields);
		f->texts = q.fields;
		return form_show(f, r, e);
	}
	if (!bad)
		bad = verb_run(f->v, &q, &done, &refused);
	if (!bad)
		return reply_see(f->v, form_back(f), r);
	if (drafted)
		f->texts = q.fields;
	return refuse(f, &refused, r, e);
}

int post_form(struct visit *v, struct reply *r, struct err *e)
{
	struct folded folded;
	struct forming f = { .given = &v->form, .is_posted = true };
	if (open_incident_form(v, &folded, &f, e) != 0 ||
	    form_verb(&f, &incident_stream, v->arg[1], v->arg[2], e) != 0)
		return -1;
	return run(&f, r, e);
}

int page_desk_form(struct visit *v, struct reply *r, struct err *e)
{
	struct forming f = { .v = v, .stream = DESK_STREAM, .given = &v->query };
	if (form_verb(&f, &desk_stream, v->arg[0], v->arg[1], e) != 0)
		return -1;
	return form_show(&f, r, e);
}

int post_desk_form(struct visit *v, struct reply *r, struct err *e)
{
	struct forming f = { .v = v, .stream = DESK_STREAM, .given = &v->form, .is_posted = true };
	if (form_verb(&f, &desk_stream, v->arg[0], v->arg[1], e) != 0)
		return -1;
	return run(&f, r, e);
}

static int note_blob(struct db *db, void *ctx, struct err *e)
{
	return blob_note(db, ctx, e);
}

static int keep_file(struct visit *v, const struct upload *u, struct blob *out, struct err *e)
{
	struct blob_file *file = NULL;
	if (u->bytes.len > BLOB_BYTES)
		return err_refuse(e, ERR_TOO_LARGE, "The file is larger than 64 MB.");
	if (blob_begin(v->config->store, &file, e) != 0)
		return -1;
	if (blob_add(file, u->bytes, e) != 0) {
		blob_drop(&file);
		return -1;
	}
	if (blob_end(&file, v->arena, out, e) != 0)
		return -1;
	out->type = u->type;
	return engine_write(v->config->engine, note_blob, out, e);
}

static void set_pair(struct arena *a, struct form *form, struct str name, struct str value)
{
	LIST_EACH (p, &form->pairs)
		if (str_eq(p->name, name)) {
			p->value = value;
			return;
		}
	*LIST_ADD(a, &form->pairs) = (struct form_pair){ name, value };
}

int post_evidence(struct visit *v, struct reply *r, struct err *e)
{
	struct str type = request_header(v->request, "Content-Type");
	struct multipart parts = { 0 };
	struct folded folded;
	struct forming f = { .given = &v->form, .is_posted = true };
	struct err refused = { 0 };
	struct blob blob = { 0 };
	if (open_incident_form(v, &folded, &f, e) != 0 ||
	    form_verb(&f, &incident_stream, STR("evidence"), STR("add"), e) != 0)
		return -1;
	if (multipart_is(type) && multipart_parse(v->arena, type, v->request->body, &parts, e) != 0)
		return -1;
	f.file = form_get(&v->form, "_file");
	if (parts.uploads.len) {
		if (keep_file(v, &parts.uploads.at[0], &blob, &refused) != 0)
			return refuse(&f, &refused, r, e);
		f.file = parts.uploads.at[0].file;
		set_pair(v->arena, &v->form, STR("blob"), blob.hash);
		if (!form_get(&v->form, "title").len)
			set_pair(v->arena, &v->form, STR("title"), f.file);
	}
	return run(&f, r, e);
}
