/* SPDX-License-Identifier: Apache-2.0 */
/* api: verbs as JSON: `POST /api/v1/incidents`, `POST /api/v1/changes`, `/api/v1/incidents/N/<noun>/<verb>` (or its short form) and
 * `/api/v1/desk/<noun>/<verb>`. Besides the verb's fields a body may hold "because" (overrides a guard), "accept" (the names of
 * the guards it is for, where several stand in the way) and "seen" (the
 * last seq its writer saw); the header Idempotency-Key makes a repetition safe. Reading: api_read.c. */
#include <stdlib.h>

#include "base/json.h"
#include "core/rhythm.h"
#include "web/inside.h"

static int take_meta(struct visit *v, struct json *body, struct asked *q, struct err *e)
{
	const struct json *because = json_get(body, "because"), *seen = json_get(body, "seen");
	const struct json *accept = json_get(body, "accept");
	if (because && !json_is_text(because))
		return err_field(e, "because",
				 "because must be a text: the reason to go on anyway.");
	if (seen && !json_int(seen, &q->seen))
		return err_field(e, "seen", "seen must be the number of the last entry you saw.");
	if (because)
		q->because = str_copy(v->arena, json_text(because));
	if (accept)
		q->accept = str_copy(v->arena, json_text(accept));
	json_remove(body, "accept");
	json_remove(body, "because");
	json_remove(body, "seen");
	return 0;
}

static int read_json(struct visit *v, struct asked *q, struct err *e)
{
	struct json *body;
	struct reading how = visit_reading(v);
	struct str text = str_trim(v->request->body);
	if (!text.len)
		text = STR("{}");
	if (json_parse(v->arena, text, &body, e) != 0 || take_meta(v, body, q, e) != 0)
		return -1;
	return fields_from_json(q->verb->fields, body, q->fields, &how, e);
}

static int read_body(struct visit *v, struct asked *q, struct err *e)
{
	struct reading how = visit_reading(v);
	struct str type = request_header(v->request, "Content-Type"),
		   because = request_header(v->request, "Aplomb-Because");
	q->fields = arena_alloc(v->arena, q->verb->size);
	q->idem = request_header(v->request, "Idempotency-Key");
	if (str_starts(type, STR("application/x-www-form-urlencoded"))) {
		q->because = form_get(&v->form, "_because");
		q->accept = form_get(&v->form, "_accept");
		if (fields_from_form(q->verb->fields, &v->form, q->fields, &how, e) != 0)
			return -1;
	} else if (!type.len || str_starts(type, STR("application/json"))) {
		if (read_json(v, q, e) != 0)
			return -1;
	} else {
		return err_refuse(e, ERR_MEDIA, "Send application/json or a form, not " STR_FMT ".",
				  STR_ARG(str_clip(type, 80)));
	}
	if (because.len)
		q->because = because;
	if (request_header(v->request, "Aplomb-Accept").len)
		q->accept = request_header(v->request, "Aplomb-Accept");
	return fields_check(q->verb->fields, q->fields, e);
}

static void add_next(struct visit *v, int64_t stream, struct buf *b)
{
	struct folded f;
	struct err ignored = { 0 };
	if (stream <= DESK_STREAM || engine_fold(v->db, stream, v->arena, &f, &ignored) != 0)
		return;
	struct rhythm_next next = rhythm_next(f.incident, v->now_ms, v->arena);
	buf_z(b, ",\"next\":{\"text\":");
	buf_json(b, next.text);
	buf_z(b, ",\"why\":");
	buf_json(b, next.why);
	if (next.verb)
		buf_fmt(b, ",\"verb\":\"%s %s\"", next.verb->noun, next.verb->name);
	buf_c(b, '}');
}

static int run(struct visit *v, const struct verb *verb, int64_t stream, struct reply *r,
	       struct err *e)
{
	struct asked q = { .verb = verb, .stream = stream };
	struct outcome out;
	if (!verb)
		return err_refuse(e, ERR_NOT_FOUND,
				  "There is no such verb. `aplomb help` lists them.");
	if (read_body(v, &q, e) != 0 || verb_run(v, &q, &out, e) != 0)
		return -1;
	struct buf b = BUF(v->arena);
	buf_c(&b, '{');
	if (out.stream != DESK_STREAM)
		buf_fmt(&b, "\"%s\":%lld,", stream_type_of(out.stream)->name, llabs(out.stream));
	buf_fmt(&b, "\"seq\":%lld,\"pos\":%lld", (long long)out.seq, (long long)out.pos);
	if (out.made)
		buf_fmt(&b, ",\"made\":%lld", (long long)out.made);
	if (out.is_repeat)
		buf_z(&b, ",\"repeat\":true");
	if (v->new_key.len)
		buf_fmt(&b, ",\"key\":\"" STR_FMT "\"", STR_ARG(v->new_key));
	buf_z(&b, ",\"said\":");
	buf_json(&b, out.said);
	add_next(v, out.stream, &b);
	buf_c(&b, '}');
	bool made = out.made || (verb->traits & MAKES_STREAM);
	return reply_json(v, made ? 201 : 200, &b, r);
}

int api_change_send(struct visit *v, struct reply *r, struct err *e)
{
	return run(v, verb_of_words(STR("change"), STR("send")), 0, r, e);
}

int api_declare(struct visit *v, struct reply *r, struct err *e)
{
	return run(v, verb_of_words(STR("incident"), STR("declare")), 0, r, e);
}

/* The row decides whose verb it is: declare has its own address, desk verbs theirs. */
static const struct verb *of_stream(const struct verb *verb, const struct stream_type *stream)
{
	return verb && verb_stream(verb) == stream && !(verb->traits & MAKES_STREAM) ? verb : NULL;
}

int api_incident_verb(struct visit *v, struct reply *r, struct err *e)
{
	return run(v, of_stream(verb_of_words(v->arg[1], v->arg[2]), &incident_stream), v->number,
		   r, e);
}

int api_incident_alias(struct visit *v, struct reply *r, struct err *e)
{
	return run(v, of_stream(verb_by_alias(v->arg[1]), &incident_stream), v->number, r, e);
}

int api_desk_verb(struct visit *v, struct reply *r, struct err *e)
{
	return run(v, of_stream(verb_of_words(v->arg[0], v->arg[1]), &desk_stream), DESK_STREAM, r,
		   e);
}
