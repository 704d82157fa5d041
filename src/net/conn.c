/* SPDX-License-Identifier: Apache-2.0 */
/* conn: one connection: reads requests in order, one at a time, sends replies, keeps deadlines. All of it
 * runs on the connection's loop. What a request means is the business of the configuration; streams are
 * sse.c, accepting is loop.c. */
#include <arpa/inet.h>
#include <assert.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "net/loop.h"
#include "net/tls_conn.h"

static void step_all(struct conn *);

static void conn_free(struct conn *c)
{
	struct loop *l = c->loop;
	*(c->prev ? &c->prev->next : &l->conns) = c->next;
	if (c->next)
		c->next->prev = c->prev;
	if (c->body)
		evbuffer_free(c->body);
	bufferevent_free(c->bev);
	heap_free(c);
	atomic_fetch_sub(&l->server->conns, 1);
	if (l->is_draining && !l->conns)
		event_base_loopexit(l->base, NULL);
}

static void enter(struct conn *c)
{
	c->depth++;
}

static void leave(struct conn *c)
{
	assert(c->depth > 0);
	if (--c->depth == 0 && c->state == CONN_DEAD)
		conn_free(c);
}

void conn_close(struct conn *c)
{
	enter(c);
	struct call *call = c->call;
	if (c->stream)
		sse_end(c);
	if (call && c->state == CONN_BUSY) {
		/* its owner still holds it and will reply into the void */
		call->conn = NULL;
		atomic_store(&call->is_gone, true);
	} else {
		call_free(call);
	}
	c->call = NULL;
	c->state = CONN_DEAD;
	leave(c);
}

static void linger(struct conn *c)
{
	if (c->is_tls)
		tls_say_end(c->bev);
	if (c->is_eof) {
		conn_close(c);
		return;
	}
	(void)shutdown(bufferevent_getfd(c->bev), SHUT_WR);
	c->state = CONN_LINGER;
	c->due_ms = loop_now_ms() + LINGER_MS;
}

void conn_finish(struct conn *c)
{
	if (conn_output(c) == 0) {
		linger(c);
		return;
	}
	c->state = CONN_FLUSH;
	c->due_ms = 0; /* the write timeout watches over it */
}

size_t conn_output(const struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

/* Straight to the socket while nothing waits before it: an event for "may be written" costs two calls of the system and a
 * round of the loop. What does not fit, and trouble, is the bufferevent's. */
static size_t write_now(struct conn *c, struct str bytes)
{
	if (c->is_tls || !bytes.len || conn_output(c) > 0)
		return 0;
	ssize_t n = send(bufferevent_getfd(c->bev), bytes.at, bytes.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	return n > 0 ? (size_t)n : 0;
}

void conn_write(struct conn *c, struct str bytes)
{
	bytes = str_sub(bytes, write_now(c, bytes), bytes.len);
	if (bytes.len)
		(void)bufferevent_write(c->bev, bytes.at, bytes.len);
}

static void body_sent(const void *bytes, size_t len, void *call)
{
	(void)bytes;
	(void)len;
	call_free(call);
}

static void write_reply(struct conn *c, struct call *call)
{
	conn_write(c, call->wire_head);
	struct str body = call->wire_body;
	if (!body.len || evbuffer_add_reference(bufferevent_get_output(c->bev), body.at, body.len,
						body_sent, call) != 0)
		call_free(call);
}

static void next_request(struct conn *c)
{
	c->state = CONN_HEAD;
	c->in_head = false;
	c->due_ms = loop_now_ms() + IDLE_MS;
}

void conn_send(struct conn *c, struct call *call)
{
	bool closes = call->closes || c->loop->is_draining;
	c->call = NULL;
	write_reply(c, call);
	if (closes)
		conn_finish(c);
	else
		next_request(c);
}

void conn_done(struct call *call)
{
	struct conn *c = call->conn;
	if (!c) {
		call_free(call);
		return;
	}
	enter(c);
	c->call = NULL;
	if (call->kind == CALL_STREAM)
		sse_start(c, call);
	else
		conn_send(c, call);
	step_all(c);
	leave(c);
}

static void refuse(struct conn *c, int status, const struct head *head)
{
	struct call *call = c->call ? c->call : call_new(c);
	c->call = NULL;
	call_refuse(call, status, head);
	write_reply(c, call);
	conn_finish(c);
}

static void hand_out(struct conn *c)
{
	c->state = CONN_BUSY;
	c->due_ms = 0;
	struct server *s = c->loop->server;
	s->config.handle(s->config.ctx, c->call);
}

/* The head was read: is there a body, and may there be? */
static void body_begin(struct conn *c)
{
	struct call *call = c->call;
	const struct head *h = &call->head;
	struct server *s = c->loop->server;
	bool has_body = h->is_chunked || h->content_length > 0;
	size_t max = s->config.body_limit(s->config.ctx, h);
	call->closes = !h->keep_alive || (has_body && max == 0);
	if (!has_body || max == 0) {
		hand_out(c);
		return;
	}
	if (h->content_length > 0 && (uint64_t)h->content_length > max) {
		refuse(c, 413, h);
		return;
	}
	if (h->expects_continue)
		conn_write(c, STR("HTTP/1.1 100 Continue\r\n\r\n"));
	c->state = CONN_BODY;
	c->chunk = chunk_start(max);
	int64_t more_s = h->content_length > 0 ? h->content_length / BODY_BYTES_A_SECOND : 0;
	c->due_ms = loop_now_ms() + BODY_MS + more_s * 1000;
}

static void head_done(struct conn *c, struct str bytes)
{
	struct call *call = c->call = call_new(c);
	atomic_fetch_add(&c->loop->server->requests, 1);
	int status = head_parse(str_copy(&call->arena, bytes), &call->arena, &call->head);
	(void)evbuffer_drain(bufferevent_get_input(c->bev), bytes.len);
	if (status) {
		refuse(c, status, NULL);
		return;
	}
	call->request.method = call->head.method;
	call->request.path = call->head.path;
	call->request.query = call->head.query;
	body_begin(c);
}

/* Each step returns true when it got on and there may be more to do. */
static bool step_head(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = evbuffer_get_length(in), len = 0;
	if (conn_output(c) > OUTPUT_FULL_BYTES)
		return false;
	if (n == 0) {
		if (c->is_eof)
			conn_finish(c);
		return false;
	}
	if (!c->in_head) {
		c->in_head = true;
		c->due_ms = loop_now_ms() + HEAD_MS;
	}
	if (n > HEAD_MAX_BYTES + 1)
		n = HEAD_MAX_BYTES + 1;
	struct str bytes = { (const char *)evbuffer_pullup(in, (ev_ssize_t)n), n };
	int status = head_find(bytes, &len);
	if (status) {
		refuse(c, status, NULL);
		return true;
	}
	if (len == 0) {
		if (c->is_eof)
			conn_finish(c);
		return false;
	}
	head_done(c, str_sub(bytes, 0, len));
	return true;
}

/* Counts what clients make us hold; false when all of them together hold too much. */
static bool may_hold(struct call *call, size_t bytes)
{
	call->held_bytes += bytes;
	return atomic_fetch_add(&call->server->held_bytes, bytes) + bytes <= SERVER_MAX_HELD_BYTES;
}

/* The whole body, out of where it was gathered: c->body, or the input where it came in one piece. */
static void body_done(struct conn *c, struct evbuffer *from, size_t n)
{
	struct call *call = c->call;
	char *to = arena_raw(&call->arena, n);
	(void)evbuffer_remove(from, to, n);
	if (c->body)
		evbuffer_free(c->body);
	c->body = NULL;
	call->request.body = (struct str){ to, n };
	hand_out(c);
}

static struct evbuffer *gather(struct conn *c)
{
	if (!c->body)
		c->body = evbuffer_new();
	assert(c->body);
	return c->body;
}

/* Straight from the socket, once what libevent read is taken: it reads 4 KB a round of the loop, and a batch of alerts is
 * ten of those. What goes wrong here libevent meets too, and tells. */
static size_t read_now(struct conn *c, size_t most)
{
	struct evbuffer_iovec to;
	if (most > READ_HIGH_BYTES)
		most = READ_HIGH_BYTES;
	if (c->is_tls || evbuffer_reserve_space(c->body, (ev_ssize_t)most, &to, 1) != 1)
		return 0;
	ssize_t n = recv(bufferevent_getfd(c->bev), to.iov_base, most, MSG_DONTWAIT);
	to.iov_len = n > 0 ? (size_t)n : 0;
	return evbuffer_commit_space(c->body, &to, 1) == 0 ? to.iov_len : 0;
}

static bool step_length(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t left = (size_t)c->call->head.content_length, n = evbuffer_get_length(in);
	bool is_whole = !c->body && n >= left;
	if (c->body)
		left -= evbuffer_get_length(c->body);
	if (n > left)
		n = left;
	if (!is_whole)
		(void)evbuffer_remove_buffer(in, gather(c), n);
	if (n < left)
		n += read_now(c, left - n);
	if (!may_hold(c->call, n)) {
		refuse(c, 503, &c->call->head);
		return true;
	}
	if (n == left)
		body_done(c, is_whole ? in : c->body, (size_t)c->call->head.content_length);
	return n == left;
}

static bool step_chunks(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	while (!chunk_is_done(&c->chunk)) {
		size_t n = evbuffer_get_contiguous_space(in), used = 0;
		struct str data, bytes = { (const char *)evbuffer_pullup(in, (ev_ssize_t)n), n };
		if (n == 0)
			return false;
		int status = chunk_feed(&c->chunk, bytes, &used, &data);
		if (!status && !may_hold(c->call, data.len))
			status = 503;
		if (status) {
			refuse(c, status, &c->call->head);
			return true;
		}
		if (data.len)
			(void)evbuffer_add(gather(c), data.at, data.len);
		(void)evbuffer_drain(in, used);
	}
	body_done(c, gather(c), evbuffer_get_length(gather(c)));
	return true;
}

static bool step_body(struct conn *c)
{
	if (c->call->head.is_chunked ? step_chunks(c) : step_length(c))
		return true;
	if (c->is_eof)
		conn_close(c); /* half a body will never be a whole one */
	return false;
}

static bool step_over(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	(void)evbuffer_drain(in, evbuffer_get_length(in));
	if (c->is_eof && c->state != CONN_FLUSH)
		conn_close(c);
	return false;
}

static bool step(struct conn *c)
{
	switch (c->state) {
	case CONN_HEAD:
		return step_head(c);
	case CONN_BODY:
		return step_body(c);
	case CONN_STREAM:
	case CONN_FLUSH:
	case CONN_LINGER:
		return step_over(c);
	case CONN_BUSY:
	case CONN_DEAD:
		break;
	}
	return false;
}

/* A handler that replies at once comes back here from inside a step: a loop, not a recursion as deep as
 * what was pipelined. */
static void step_all(struct conn *c)
{
	if (c->is_running)
		return;
	enter(c);
	c->is_running = true;
	while (step(c))
		;
	c->is_running = false;
	if (c->is_tls && c->state != CONN_DEAD &&
	    evbuffer_get_length(bufferevent_get_input(c->bev)) < READ_HIGH_BYTES)
		tls_read_on(c->bev);
	leave(c);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	step_all(arg);
}

static void on_write(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev;
	enter(c);
	if (c->state == CONN_STREAM && c->stream->has_more)
		sse_fill(c);
	else if (c->state == CONN_FLUSH && conn_output(c) == 0)
		linger(c);
	else if (c->state == CONN_HEAD)
		step_all(c);
	leave(c);
}

static void on_event(struct bufferevent *, short, void *);

static void attach(struct conn *c, struct bufferevent *bev)
{
	const struct timeval write_limit = { .tv_sec = WRITE_MS / 1000 };
	c->bev = bev;
	bufferevent_setcb(bev, on_read, on_write, on_event, c);
	bufferevent_setwatermark(bev, EV_READ, 0, READ_HIGH_BYTES);
	bufferevent_set_timeouts(bev, NULL, &write_limit);
	(void)bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/* Somebody wrote http:// in front of a port that speaks TLS: told so in plain text, on the same socket. */
static void tell_plain(struct conn *c)
{
	int fd = fcntl(bufferevent_getfd(c->bev), F_DUPFD_CLOEXEC, 0);
	struct bufferevent *plain = fd < 0 ? NULL
					   : bufferevent_socket_new(c->loop->base, fd,
								    BEV_OPT_CLOSE_ON_FREE);
	if (!plain) {
		if (fd >= 0)
			(void)close(fd);
		conn_close(c);
		return;
	}
	enter(c);
	bufferevent_free(c->bev);
	c->is_tls = false;
	attach(c, plain);
	struct call *call = call_new(c);
	struct reply r = reply_start(&call->request, 400);
	r.type = STR("text/plain; charset=utf-8");
	r.body = STR("This port speaks https: write https:// in front of the address.\n");
	wire_build(call, &r, WIRE_CLOSE);
	atomic_fetch_add(&c->loop->server->refused, 1);
	write_reply(c, call);
	conn_finish(c);
	leave(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;
	if (what & BEV_EVENT_CONNECTED) {
		c->due_ms = loop_now_ms() + FRESH_MS; /* the handshake is over */
	} else if (what & BEV_EVENT_EOF) {
		c->is_eof = true;
		if (c->is_tls) /* it stops writing too, and the answer may be on its way */
			(void)bufferevent_enable(bev, EV_WRITE);
		step_all(c);
	} else if ((what & BEV_EVENT_ERROR) && c->is_tls && tls_was_plain(bev)) {
		tell_plain(c);
	} else if (what & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
		conn_close(c);
	}
}

void conn_tick(struct conn *c, int64_t now_ms)
{
	enter(c);
	if (c->state == CONN_STREAM)
		sse_tick(c, now_ms);
	else if (c->due_ms == 0 || now_ms < c->due_ms)
		; /* in time */
	else if (c->state == CONN_BODY)
		refuse(c, 408, &c->call->head);
	else if (c->state == CONN_HEAD && c->in_head)
		refuse(c, 408, NULL);
	else {
		if (c->is_tls)
			tls_say_end(c->bev);
		conn_close(c);
	}
	leave(c);
}

void conn_news(struct conn *c)
{
	enter(c);
	if (c->state == CONN_STREAM)
		sse_fill(c);
	leave(c);
}

void conn_drain(struct conn *c)
{
	enter(c);
	if (c->state == CONN_STREAM)
		sse_stop(c);
	else if (c->state == CONN_HEAD && !c->in_head)
		conn_finish(c);
	leave(c);
}

static void peer_of(const struct sockaddr *from, char *text, size_t room)
{
	const char *found = NULL;
	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *a = (const struct sockaddr_in *)(const void *)from;
		found = inet_ntop(AF_INET, &a->sin_addr, text, (socklen_t)room);
	} else if (from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)(const void *)from;
		if (IN6_IS_ADDR_V4MAPPED(&a->sin6_addr))
			found = inet_ntop(AF_INET, a->sin6_addr.s6_addr + 12, text,
					  (socklen_t)room);
		else
			found = inet_ntop(AF_INET6, &a->sin6_addr, text, (socklen_t)room);
	}
	if (!found)
		memcpy(text, "local", sizeof("local"));
}

/* The one place that makes a connection's transport. Takes the fd over. */
static struct bufferevent *transport(struct loop *l, int fd)
{
	struct tls *tls = l->server->config.tls;
	if (tls) {
		tls_look(tls, loop_now_ms());
		return tls_transport(tls, l->base, fd);
	}
	struct bufferevent *bev = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!bev)
		(void)close(fd);
	return bev;
}

void conn_open(struct loop *l, int fd, const struct sockaddr *from)
{
	int yes = 1;
	struct bufferevent *bev = transport(l, fd);
	if (!bev) {
		atomic_fetch_sub(&l->server->conns, 1);
		return;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	struct conn *c = heap_new(sizeof(*c));
	c->loop = l;
	c->is_tls = l->server->config.tls != NULL;
	c->due_ms = loop_now_ms() +
		    (c->is_tls ? HEAD_MS : FRESH_MS); /* a handshake has no leisure */
	peer_of(from, c->peer, sizeof(c->peer));
	c->next = l->conns;
	if (c->next)
		c->next->prev = c;
	l->conns = c;
	attach(c, bev);
}
