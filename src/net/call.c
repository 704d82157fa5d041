/* SPDX-License-Identifier: Apache-2.0 */
/* call: one request on its way through the threads, and what its owner may ask of it. */
#include <assert.h>

#include "net/loop.h"

struct call *call_new(struct conn *conn)
{
	struct call *c = heap_new(sizeof(*c));
	c->server = conn->loop->server;
	c->loop = conn->loop;
	c->conn = conn;
	c->head.minor = 1; /* until one was read: what refusals are written for */
	c->request = (struct request){ .arena = &c->arena, .head = &c->head };
	c->request.is_tls = conn->is_tls;
	c->request.peer = str_copy(&c->arena, str_of(conn->peer));
	return c;
}

void call_free(struct call *c)
{
	if (!c)
		return;
	if (c->kind == CALL_STREAM && c->stream.free_ctx)
		c->stream.free_ctx(c->stream.stream_ctx);
	atomic_fetch_sub(&c->server->held_bytes, c->held_bytes);
	arena_clear(&c->arena);
	heap_free(c);
}

const struct request *call_request(const struct call *c)
{
	return &c->request;
}

bool call_is_gone(const struct call *c)
{
	return atomic_load_explicit(&c->is_gone, memory_order_relaxed);
}

void call_set(struct call *c, void *slot)
{
	c->slot = slot;
}

void *call_get(const struct call *c)
{
	return c->slot;
}

static void hand_in(struct call *c)
{
	if (pthread_equal(c->loop->self, pthread_self()))
		conn_done(c);
	else
		loop_hand_over(c);
}

static bool must_close(const struct call *c)
{
	return c->closes || atomic_load(&c->server->is_stopping);
}

static void answered(const struct call *c, int status)
{
	if (c->server->config.answered)
		c->server->config.answered(c->server->config.ctx, c, status);
}

void call_reply(struct call *c, const struct reply *r)
{
	assert(r->status >= 200 && r->status < 600);
	answered(c, r->status);
	wire_build(c, r, must_close(c) ? WIRE_CLOSE : 0);
	hand_in(c);
}

void call_stream(struct call *c, const struct stream_start *s)
{
	assert(s->fill);
	answered(c, 200);
	c->kind = CALL_STREAM;
	c->stream = *s;
	c->stream.session = str_copy(&c->arena, s->session);
	hand_in(c);
}

void call_refuse(struct call *c, int status, const struct head *head)
{
	struct reply r = reply_start(&c->request, status);
	atomic_fetch_add(&c->server->refused, 1);
	answered(c, status);
	if (c->server->config.refuse) {
		c->server->config.refuse(c->server->config.ctx, status, head, &r);
		r.status = status;
	} else {
		r.type = STR("text/plain; charset=utf-8");
		r.body = STR("The request was refused.\n");
	}
	if (status == 503 && !reply_has(&r, "Retry-After"))
		reply_header(&r, "Retry-After", STR("2"));
	wire_build(c, &r, WIRE_CLOSE);
}

void call_to_worker(struct call *c)
{
	struct server *s = c->server;
	assert(s->config.workers > 0 && s->config.work);
	pthread_mutex_lock(&s->queue_lock);
	bool is_taken = s->queue_len < QUEUE_MAX && !s->queue_is_over;
	if (is_taken) {
		c->next = NULL;
		*s->queue_end = c;
		s->queue_end = &c->next;
		s->queue_len++;
		pthread_cond_signal(&s->queue_filled);
	}
	pthread_mutex_unlock(&s->queue_lock);
	if (is_taken)
		return;
	call_refuse(c, 503, &c->head);
	hand_in(c);
}

struct str request_header(const struct request *q, const char *name)
{
	return head_get(q->head, name);
}

struct str request_cookie(const struct request *q, const char *name)
{
	LIST_EACH (h, &q->head->headers) {
		if (!str_eq_nocase(h->name, STR("Cookie")))
			continue;
		struct str rest = h->value, pair, key;
		while (str_cut(&rest, ';', &pair)) {
			pair = str_trim(pair);
			if (str_cut(&pair, '=', &key) && str_is(key, name) && pair.at)
				return pair;
		}
	}
	return (struct str){ 0 };
}
