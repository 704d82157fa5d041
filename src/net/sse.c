/* SPDX-License-Identifier: Apache-2.0 */
/* sse: streams of server-sent events: a cursor each, filled while the client takes it. Where the messages
 * come from is the business of `fill`. */
#include <assert.h>
#include <event2/buffer.h>

#include "net/loop.h"

static uint64_t hash_of(struct str s)
{
	uint64_t h =
		14695981039346656037u; /* FNV-1a: only spares comparing, so need not be keyed */
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 1099511628211u;
	return h;
}

/* Enters the stream in the server's list; false when its session has enough. */
static bool stream_enter(struct server *s, struct stream *new)
{
	int same = 0;
	pthread_mutex_lock(&s->streams_lock);
	if (new->session.len)
		for (const struct stream *t = s->streams; t; t = t->next)
			same += t->session_hash ==
				new->session_hash &&str_eq(t->session, new->session);
	bool is_in = same < SERVER_STREAMS_A_SESSION;
	if (is_in) {
		new->next = s->streams;
		if (new->next)
			new->next->prev = new;
		s->streams = new;
	}
	pthread_mutex_unlock(&s->streams_lock);
	if (is_in)
		atomic_fetch_add(&s->streams_open, 1);
	return is_in;
}

static void stream_leave(struct server *s, struct stream *t)
{
	pthread_mutex_lock(&s->streams_lock);
	*(t->prev ? &t->prev->next : &s->streams) = t->next;
	if (t->next)
		t->next->prev = t->prev;
	pthread_mutex_unlock(&s->streams_lock);
	atomic_fetch_sub(&s->streams_open, 1);
}

void sse_end(struct conn *c)
{
	struct stream *t = c->stream;
	struct call *call = t->call;
	stream_leave(c->loop->server, t);
	c->stream = NULL;
	bufferevent_setwatermark(c->bev, EV_WRITE, 0, 0);
	call_free(call); /* the stream lives in its arena */
}

void sse_stop(struct conn *c)
{
	conn_write(c, STR("retry: 2000\n\n"));
	sse_end(c);
	conn_finish(c);
}

void sse_tick(struct conn *c, int64_t now_ms)
{
	if (now_ms < c->stream->beat_ms)
		return;
	c->stream->beat_ms = now_ms + HEARTBEAT_MS;
	if (conn_output(c) == 0)
		conn_write(c, STR(": still here\n\n"));
}

void sse_fill(struct conn *c)
{
	struct stream *t = c->stream;
	const struct stream_start *start = &t->call->stream;
	ARENA(scratch);
	t->has_more = false;
	for (;;) {
		if (conn_output(c) >= OUTPUT_FULL_BYTES) {
			t->has_more = true;
			return;
		}
		struct buf b = BUF(&scratch);
		int64_t cursor = start->fill(start->stream_ctx, t->cursor, &b);
		conn_write(c, buf_str(&b));
		if (b.len)
			t->beat_ms = loop_now_ms() + HEARTBEAT_MS;
		if (cursor < 0) {
			sse_end(c);
			conn_finish(c);
			return;
		}
		if (cursor == t->cursor)
			return;
		t->cursor = cursor;
		arena_clear(&scratch);
	}
}

/* What there is, as a whole reply: the browser comes back after the time we name. */
static void poll_reply(struct conn *c, struct call *call, struct reply *r)
{
	struct buf b = BUF(&call->arena);
	buf_z(&b, "retry: 2000\n\n");
	(void)call->stream.fill(call->stream.stream_ctx, call->stream.cursor, &b);
	r->body = buf_str(&b);
	bool closes = call->closes || atomic_load(&call->server->is_stopping);
	wire_build(call, r, closes ? WIRE_CLOSE : 0);
	conn_send(c, call);
}

void sse_start(struct conn *c, struct call *call)
{
	struct reply r = reply_start(&call->request, 200);
	r.type = STR("text/event-stream; charset=utf-8");
	reply_header(&r, "Cache-Control", STR("no-store"));
	reply_header(&r, "X-Accel-Buffering", STR("no")); /* nginx would keep events back */
	if (str_is(call->request.method, "HEAD")) {
		wire_build(call, &r, WIRE_STREAM | WIRE_CLOSE);
		conn_send(c, call);
		return;
	}
	struct stream *t = ARENA_NEW(&call->arena, struct stream);
	*t = (struct stream){ .call = call,
			      .session = call->stream.session,
			      .cursor = call->stream.cursor };
	t->session_hash = hash_of(t->session);
	if (c->loop->is_draining || c->is_eof || !stream_enter(call->server, t)) {
		poll_reply(c, call, &r);
		return;
	}
	wire_build(call, &r, WIRE_STREAM | WIRE_CLOSE);
	conn_write(c, call->wire_head);
	c->stream = t;
	c->state = CONN_STREAM;
	c->due_ms = 0;
	t->beat_ms = loop_now_ms() + HEARTBEAT_MS;
	bufferevent_setwatermark(c->bev, EV_WRITE, OUTPUT_FULL_BYTES / 2, 0);
	sse_fill(c);
}
