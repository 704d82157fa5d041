/* SPDX-License-Identifier: Apache-2.0 */
/* intake (web): a sender's body on its way to the engine: masked, read by its source, answered once it is on disk. What
 * the bytes mean: intake/. */
#include "base/mask.h"
#include "web/inside.h"

struct sent {
	struct delivery delivery;
	struct visit *visit;
	struct err unread; /* why nothing in it could be used */
};

/* On the writer's thread, after the commit. Alertmanager's clients want a JSON text as the body of a 400. */
static void answer(struct delivery *d, const struct err *failed)
{
	struct sent *s = d->ctx;
	struct visit *v = s->visit;
	struct reply r = reply_start(v->request, 200);
	metrics_delivery(v->web, d, failed != NULL);
	if (failed) {
		r = reply_start(v->request, err_status(failed->code));
		(void)reply_problem(v, failed, &r);
	} else if (d->rejected.len || d->result.complaint.len) {
		struct buf b = BUF(v->arena);
		buf_json(&b, d->rejected.len ? d->rejected : d->result.complaint);
		(void)reply_json(v, d->rejected.len ? err_status(s->unread.code) : d->result.status,
				 &b, &r);
	} else {
		r.status = d->result.status;
		r.body = d->result.reply;
	}
	call_reply(v->call, &r);
}

static int take(struct visit *v, const struct source *source)
{
	struct sent *s = ARENA_NEW(v->arena, struct sent);
	struct str body = mask_secrets(v->arena, v->request->body, NULL);
	const struct intake_request q = { .method = v->request->method,
					  .query = v->request->query,
					  .content_type = request_header(v->request,
									 "Content-Type"),
					  .body = body,
					  .now_ms = v->now_ms,
					  .resolve_timeout_ms = (int64_t)5 * 60 * 1000 };
	s->visit = v;
	s->delivery = (struct delivery){
		.arena = v->arena, .source = source->name, .body = body, .done = answer, .ctx = s
	};
	if (source->read(&q, v->arena, &s->delivery.result, &s->unread) != 0) {
		s->delivery.result = (struct intake_result){ 0 };
		s->delivery.rejected = str_of(s->unread.text);
	}
	engine_take(v->config->engine, &s->delivery);
	return ANSWERED;
}

int intake_prometheus(struct visit *v, __attribute__((unused)) struct reply *r,
		      __attribute__((unused)) struct err *e)
{
	return take(v, source_find(STR("prometheus")));
}

int intake_any(struct visit *v, __attribute__((unused)) struct reply *r, struct err *e)
{
	const struct source *source = source_find(v->arg[0]);
	if (!source)
		return err_refuse(e, ERR_NOT_FOUND, "No source is called " STR_FMT ".",
				  STR_ARG(str_clip(v->arg[0], 60)));
	return take(v, source);
}
