/* SPDX-License-Identifier: Apache-2.0 */
/* forms: what the pages that hold a verb's form share: reading it back, showing it again with the refusal on top, and what
 * may be picked in it. Printing: form_html.h. Pages: page_form.c, page_declare.c. */
#ifndef APLOMB_WEB_FORMS_H
#define APLOMB_WEB_FORMS_H
#include "web/form_html.h"
#include "web/readiness.h"
#include "web/visit.h"

struct form_view {
	struct frame frame;
	struct str help, subject, action, back, submit;
	struct str accept;			/* guards shown so far, by name, with commas */
	struct str problem, next_step, because; /* problem: the refusal's sentence, empty = none */
	struct str danger;			/* what it will do, for a verb that is dangerous */
	struct str file;			/* name of the file kept already */
	struct html body, texts;		/* texts: the second step of an update */
	int64_t incident, seen;			/* incident 0 = the desk's */
	bool is_guarded, leaves_company, takes_file, drafts, is_drafted;
	struct readiness_lines readiness; /* beside the choice of a mitigation */
	bool has_readiness, is_unproven;  /* is_unproven: not all of them were taken back lately */
};
extern const struct field form_view_fields[];

/* A form on its way: what is asked for, in which state, and what came of it. */
struct forming {
	struct visit *v;
	const struct verb *verb;
	int64_t stream;
	const struct incident *incident; /* NULL for the desk and for declare */
	const struct form *given;	 /* the query or the posted form */
	bool is_posted;
	struct str file;	   /* name of an uploaded file; its hash is in the form's `blob` */
	const void *texts;	   /* an update with drafted texts; NULL = not there yet */
	const struct err *refused; /* NULL = nothing was refused */
};
/* Sets f->verb from its words, if a form may run it on this kind of stream. ERR_NOT_FOUND, ERR_FORBIDDEN. */
int form_verb(struct forming *f, const struct stream_type *, struct str noun, struct str name,
	      struct err *) MUST_USE;
/* The fields as posted into q, checked; verb_run comes next. */
int form_read(const struct forming *, struct asked *q, struct err *) MUST_USE;
/* The form's page, with the refusal when there is one; sets the status. */
int form_show(const struct forming *, struct reply *, struct err *) MUST_USE;
/* Where to go when it is done: the form's _back, else the thing's own page. */
struct str form_back(const struct forming *);

/* form_hints.c: what may be picked; incident may be NULL. */
int form_hints_of(struct visit *, const struct incident *, struct form_hints *,
		  struct err *) MUST_USE;
/* form_current.c: what holds now, as a struct of verb->fields in the arena; NULL when the form starts empty. */
const void *form_current(const struct forming *);
/* service_form.c: of the verb "service set": the service that is there, NULL = a new one; what its form leaves out, and adds. */
bool service_form_is(const struct forming *);
const struct service *service_form_of(const struct forming *);
const char *const *service_form_skip(const struct forming *); /* NULL = nothing */
void service_form_dress(const struct forming *, struct form_view *);
/* What a dangerous verb will do, in a sentence. */
struct str form_danger(const struct forming *);
/* update send: fills in each text that is empty, for the audiences chosen. `fields` is a struct of verb->fields. */
void form_draft_texts(const struct forming *, void *fields);
#endif
