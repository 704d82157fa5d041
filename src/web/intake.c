/* SPDX-License-Identifier: Apache-2.0 */
/* intake (web): a sender's body on its way to the engine: masked, read by its source, answered once it is on disk. What
 * the bytes mean: intake/. Who may send: intake_who.c. */
#include "web/intake.h"

#include <string.h>

#include "base/mask.h"
#include "intake/envelope.h"
#include "intake/glance.h"
#include "web/inside.h"

struct sent {
	struct delivery delivery;
	struct visit *visit;
	const struct source *source;
	struct intake_request q;
	struct glances glanced; /* no alerts where its source is always read */
	int64_t test_ends_ms;
	struct str back; /* where a browser goes that asked for a test; empty = a sender */
	bool is_unread;
	struct err unread; /* why nothing in it could be used, where is_unread */
};

void intake_reply_with(struct visit *v, const struct intake_result *result, struct reply *r)
{
	r->status = result->status ? result->status : 200;
	r->body = result->reply;
	if (r->body.len)
		r->type = result->reply_type.len ? result->reply_type : STR("application/json");
	LIST_EACH (h, &result->reply_headers)
		reply_header(r, str_z(v->arena, h->name), h->value);
}

/* On the writer's thread, after the commit. Alertmanager's clients want a JSON text as the body of a 400. */
static void answer(struct delivery *d, const struct err *failed)
{
	struct sent *s = d->ctx;
	struct visit *v = s->visit;
	struct reply r = reply_start(v->request, 200);
	metrics_delivery(v->web, d, failed != NULL);
	struct buf b = BUF(v->arena);
	if (failed) {
		intake_refuse(v, s->source, failed, &r);
	} else if (s->back.len) {
		(void)reply_see(v, s->back, &r);
	} else if (s->is_unread) {
		intake_refuse(v, s->source, &s->unread, &r);
	} else if (d->result.complaint.len && !d->result.reply.len) {
		buf_json(&b, d->result.complaint);
		(void)reply_json(v, d->result.status ? d->result.status : 400, &b, &r);
	} else {
		intake_reply_with(v, &d->result, &r);
	}
	call_reply(v->call, &r);
}

/* The key in the same length of blanks: it is nobody's business later, and the text stays well-formed. */
static struct str without(struct arena *a, struct str text, struct str secret)
{
	size_t at = str_find(text, secret);
	if (secret.len < INTEGRATION_KEY_CHARS || at == SIZE_MAX)
		return text;
	char *to = arena_alloc(a, text.len);
	memcpy(to, text.at, text.len);
	for (size_t from = 0; at != SIZE_MAX;) {
		memset(to + from + at, '*', secret.len);
		from += at + secret.len;
		at = str_find(str_sub(text, from, text.len), secret);
	}
	return (struct str){ to, text.len };
}

static void add_headers(struct visit *v, struct intake_request *q, bool all)
{
	q->headers.len = 0;
	LIST_EACH (h, &v->request->head->headers)
		if (all || (envelope_keeps(h->name) && str_is_utf8(h->value)))
			*LIST_ADD(v->arena, &q->headers) = (struct intake_header){ h->name,
										   h->value };
}

static struct str source_text(struct arena *a, const struct source *source,
			      const struct integration *i)
{
	if (!i)
		return str_of(source->name);
	return str_fmt(a, "%s/" STR_FMT, source->name, STR_ARG(i->name));
}

/* "PagerDuty (checkout)" */
static struct str spoken_name(struct arena *a, const struct source *source,
			      const struct integration *i)
{
	struct str rest = str_of(source->label), word = { NULL, 0 };
	(void)str_cut(&rest, ' ', &word);
	return i ? str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(word), STR_ARG(i->name)) : word;
}

static void address(struct sent *s)
{
	struct visit *v = s->visit;
	struct delivery *d = &s->delivery;
	d->arena = v->arena;
	d->source = str_z(v->arena, source_text(v->arena, s->source, s->q.integration));
	d->acked_by = spoken_name(v->arena, s->source, s->q.integration);
	d->received_ms = s->q.now_ms;
	d->done = answer;
	d->ctx = s;
}

/* Most of what Prometheus posts was told before. True: it was answered, without being read. */
static bool is_told_again(struct sent *s)
{
	struct engine *engine = s->visit->config->engine;
	if (!str_is(str_of(s->source->name), "prometheus"))
		return false;
	if (!glance(engine_glance_key(engine), &s->q, s->visit->arena, &s->glanced)) {
		s->glanced.alerts.len = 0;
		return false;
	}
	s->delivery.result = s->glanced.result;
	return engine_take_again(engine, &s->delivery);
}

/* Nothing in it had to be masked, and each alert could be read where it stands. */
static bool is_plain(struct sent *s)
{
	bool is_bare = s->q.body.at == s->visit->request->body.at;
	return is_bare && !s->test_ends_ms &&
	       glance_read(&s->glanced, s->q.body, s->visit->arena, &s->delivery.result);
}

/* Reads the body and hands it to the engine: q is masked and has only what is kept. */
static void deliver(struct sent *s)
{
	struct visit *v = s->visit;
	struct intake_result *result = &s->delivery.result;
	struct delivery *d = &s->delivery;
	*result = (struct intake_result){ 0 };
	d->body = envelope_wrap(&s->q, s->test_ends_ms, v->arena);
	if (is_plain(s)) {
		; /* it was read already */
	} else if (s->source->read(&s->q, v->arena, result, &s->unread) != 0) {
		*result = (struct intake_result){ 0 };
		s->is_unread = true;
		if (!s->unread.code)
			err_refuse(&s->unread, ERR_BAD_INPUT, "%s", err_sentence(ERR_BAD_INPUT));
		d->rejected = str_of(s->unread.text);
	} else if (!result->signals.len && !result->changes.len && !result->is_quiet &&
		   result->complaint.len) {
		d->rejected = result->complaint; /* kept, although it changes nothing */
	}
	if (s->test_ends_ms)
		envelope_mark_test(result, s->test_ends_ms, v->arena);
	else
		glance_keep(&s->glanced, result);
	engine_take(v->config->engine, d);
}

static struct sent *sent_new(struct visit *v, const struct source *source)
{
	struct sent *s = ARENA_NEW(v->arena, struct sent);
	s->visit = v;
	s->source = source;
	s->q.method = STR("POST");
	s->q.now_ms = v->now_ms;
	s->q.resolve_timeout_ms = (int64_t)5 * 60 * 1000;
	return s;
}

/* /in/generic/NAME: the integration whose mapping is meant; /in/github/NAME: the one whose secret signs. */
static int find_named(struct visit *v, const struct source *source, struct intake_request *q,
		      struct err *e)
{
	struct str rest = q->path_tail, name;
	bool is_named = source->is_proved || str_is(str_of(source->name), "generic");
	if (!is_named || !str_cut(&rest, '/', &name))
		return 0;
	q->integration = engine_integration(v->config->engine, name);
	if (q->integration && str_is(q->integration->source, source->name))
		return 0;
	q->integration = NULL;
	err_refuse(e, ERR_NOT_FOUND, "No integration for %s is called " STR_FMT ".", source->label,
		   STR_ARG(str_clip(name, 60)));
	err_next(e, "Add it under Settings > Integrations, or post to /in/%s.", source->name);
	return -1;
}

/* Who may not deliver goes no further: *credential is what came with it. */
static int admit(struct sent *s, struct str tail, struct str *credential, struct err *e)
{
	struct visit *v = s->visit;
	struct intake_request *q = &s->q;
	struct err unknown = { 0 };
	while (str_ends(tail, STR("/")))
		tail.len--;
	q->method = v->request->method;
	q->path_tail = tail;
	q->query = v->request->query;
	q->content_type = request_header(v->request, "Content-Type");
	q->body = v->request->body;
	add_headers(v, q, true);
	int named = find_named(v, s->source, q, &unknown); /* who may not deliver learns no names */
	if (intake_admit(v, s->source, q, credential, e) != 0)
		return -1;
	if (named != 0) {
		*e = unknown;
		return -1;
	}
	return 0;
}

static void clean(struct sent *s, struct str credential)
{
	struct visit *v = s->visit;
	struct intake_request *q = &s->q;
	add_headers(v, q, false);
	q->body = without(v->arena, mask_secrets(v->arena, q->body, NULL), credential);
	q->query = without(v->arena, mask_secrets(v->arena, q->query, NULL), credential);
	if (!str_is_utf8(q->content_type))
		q->content_type = (struct str){ NULL, 0 };
}

int intake_take(struct visit *v, const struct source *source, struct str tail, struct reply *r,
		__attribute__((unused)) struct err *e)
{
	struct sent *s = sent_new(v, source);
	struct str credential;
	struct err refused = { 0 };
	if (admit(s, tail, &credential, &refused) != 0) {
		intake_refuse(v, source, &refused, r);
		return 0;
	}
	address(s);
	if (is_told_again(s))
		return ANSWERED;
	clean(s, credential);
	deliver(s);
	return ANSWERED;
}

int intake_take_test(struct visit *v, const struct integration *i, struct str body, struct str back)
{
	struct sent *s = sent_new(v, source_find(i->source));
	s->q.integration = i;
	s->q.body = body;
	s->q.content_type = STR("application/json");
	struct intake_header header = intake_sample_header(i);
	if (header.name.len)
		*LIST_ADD(v->arena, &s->q.headers) = header;
	s->test_ends_ms = v->now_ms + TEST_MS;
	s->back = back;
	address(s);
	deliver(s);
	return ANSWERED;
}
