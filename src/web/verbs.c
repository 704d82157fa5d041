/* SPDX-License-Identifier: Apache-2.0 */
/* verbs: from fields that were read to a command that ran. Forms: page_form.c; JSON: api.c. */
#include <string.h>

#include "web/inside.h"
#include "web/integrations.h"

const struct verb *verb_of_words(struct str noun, struct str name)
{
	return verb_find(noun, name);
}

int verb_resolve_people(struct visit *v, const struct field *fields, void *base, struct err *e)
{
	for (const struct field *f = fields; f->name; f++) {
		if (f->kind != KIND_PERSON)
			continue;
		struct person *p = (struct person *)(void *)((char *)base + f->at);
		struct account who;
		struct err unknown = { 0 };
		if (!p->id.len || account_get(v->db, p->id, v->arena, &who, &unknown) == 0)
			continue;
		if (account_find_login(v->db, p->id, v->arena, &who, &unknown) != 0) {
			err_field(e, f->name, "Nobody here is called " STR_FMT ".",
				  STR_ARG(str_clip(p->id, 60)));
			err_next(e, "People lists who there is.");
			return -1;
		}
		p->id = who.id;
	}
	return 0;
}

static bool blob_is_here(struct visit *v, const struct field *fields, const void *base,
			 struct err *e)
{
	const struct field *f = field_find(fields, STR("blob"));
	struct blob b;
	if (!f || f->kind != KIND_STR)
		return true;
	struct str hash = *(const struct str *)(const void *)((const char *)base + f->at);
	return !hash.len || blob_get(v->db, hash, v->arena, &b, e) == 0;
}

/* The routes of verbs ask for the scope write; what only an admin may do asks for more, at whichever door. */
static int check_scope(const struct visit *v, const struct verb *verb, struct err *e)
{
	if (verb->needs < RIGHT_ADMIN || !v->token.id.len ||
	    strs_has(&v->token.scopes, STR("admin")))
		return 0;
	err_refuse(e, ERR_FORBIDDEN, "This token lacks the scope admin.");
	err_next(e, "Make a token with that scope under People, or sign in and use the form.");
	return -1;
}

int verb_run(struct visit *v, const struct asked *q, struct outcome *out, struct err *e)
{
	struct command c = { .verb = q->verb,
			     .stream = q->stream,
			     .actor = v->user,
			     .idem = q->idem,
			     .override_reason = str_trim(q->because),
			     .claim = q->accept,
			     .seen_seq = q->seen,
			     .fields = q->fields };
	fields_one_line(q->verb->fields, q->fields, v->arena);
	if (check_scope(v, q->verb, e) != 0)
		return -1;
	if (q->idem.len > REQUEST_KEY_MAX)
		return err_refuse(e, ERR_BAD_INPUT, "An Idempotency-Key has at most %d bytes.",
				  REQUEST_KEY_MAX);
	if (verb_resolve_people(v, q->verb->fields, q->fields, e) != 0)
		return -1;
	if (!blob_is_here(v, q->verb->fields, q->fields, e))
		return err_field(e, "blob",
				 "There is no such file. Send it to /api/v1/blobs first.");
	if (integration_check(q, e) != 0 ||
	    engine_run(v->config->engine, &c, v->arena, out, e) != 0)
		return -1;
	return integration_follow(v, q, out, e);
}
