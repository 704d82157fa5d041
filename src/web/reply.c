/* SPDX-License-Identifier: Apache-2.0 */
/* reply: pages, JSON, redirects and refusals, in the shape that the visitor reads. */
#include "web/inside.h"

/* A text that stopped growing at its cap is cut off in the middle: nobody may take it for a whole answer. */
static int reply_too_long(struct visit *v, struct reply *r)
{
	struct err e = { 0 };
	err_refuse(&e, ERR_TOO_LARGE, "The answer would be longer than %d MiB.",
		   BUF_MAX_BYTES >> 20);
	err_next(&e, "Ask for less: fewer rows (limit), or with a filter.");
	return reply_problem(v, &e, r);
}

int reply_page(struct visit *v, const struct template *t, const struct field *fields,
	       const void *view, struct reply *r)
{
	struct buf html = BUF(v->arena);
	template_render(t, fields, view, &v->names, &html);
	if (html.too_big)
		return reply_too_long(v, r);
	r->type = STR("text/html; charset=utf-8");
	r->body = buf_str(&html);
	return 0;
}

int reply_json(struct visit *v, int status, const struct buf *json, struct reply *r)
{
	if (json->too_big)
		return reply_too_long(v, r);
	r->status = status;
	r->type = STR("application/json");
	r->body = buf_str(json);
	return 0;
}

bool is_own_path(struct str path)
{
	return path.len > 0 && path.at[0] == '/' && !str_starts(path, STR("//")) &&
	       !str_starts(path, STR("/\\"));
}

int reply_see(__attribute__((unused)) struct visit *v, struct str path, struct reply *r)
{
	r->status = 303;
	reply_header(r, "Location", is_own_path(path) ? path : STR("/"));
	return 0;
}

static void add_text(struct buf *b, const char *key, const char *text)
{
	if (!text[0])
		return;
	buf_fmt(b, ",\"%s\":", key);
	buf_json(b, str_of(text));
}

/* RFC 9457 */
static int reply_problem_json(struct visit *v, const struct err *e, struct reply *r)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "{\"type\":\"about:blank\",\"title\":");
	buf_json(&b, str_of(err_sentence(e->code)));
	buf_fmt(&b, ",\"status\":%d", err_status(e->code));
	add_text(&b, "detail", e->text);
	add_text(&b, "next", e->next);
	add_text(&b, "field", e->field);
	add_text(&b, "guard", e->guard);
	add_text(&b, "code", err_wire(e->code));
	buf_c(&b, '}');
	(void)reply_json(v, err_status(e->code), &b, r);
	r->type = STR("application/problem+json");
	return 0;
}

int reply_problem(struct visit *v, const struct err *e, struct reply *r)
{
	bool is_browser = v->wants_html && !str_starts(v->request->path, STR("/api/"));
	if (e->code == ERR_SIGN_IN && is_browser && str_is(v->request->method, "GET")) {
		struct buf to = BUF(v->arena);
		buf_z(&to, "/sign-in?next=");
		buf_url(&to, v->request->path);
		if (v->request->query.len) {
			buf_z(&to, "%3F");
			buf_url(&to, v->request->query);
		}
		return reply_see(v, buf_str(&to), r);
	}
	if (v->allow.len)
		reply_header(r, "Allow", v->allow);
	if (e->code == ERR_SIGN_IN)
		reply_header(r, "WWW-Authenticate", STR("Bearer realm=\"Aplomb\""));
	if (e->code == ERR_BUSY || e->code == ERR_STORE || e->code == ERR_TOO_MANY)
		reply_header(r, "Retry-After", STR("5"));
	if (is_browser && page_error(v, e, r) == 0) {
		r->status = err_status(e->code);
		return 0;
	}
	return reply_problem_json(v, e, r);
}

struct reading visit_reading(const struct visit *v)
{
	return (struct reading){ .arena = v->arena,
				 .now_ms = v->now_ms,
				 .offset_ms = v->offset_ms };
}
