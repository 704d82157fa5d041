/* SPDX-License-Identifier: Apache-2.0 */
/* house: a small server for the tests of net, and raw sockets to knock at it with. */
#ifndef APLOMB_TEST_HOUSE_H
#define APLOMB_TEST_HOUSE_H
#include "test.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/server.h"

enum { PAGE_BYTES = 5000, FORM_MAX = 1000, BLOB_MAX = 4 << 20 };

struct house {
	struct server *server;
	atomic_int last; /* streams tell 1..last */
	atomic_int freed, workers, refusals;
	int port;
};

static inline void nap_ms(int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };
	(void)nanosleep(&t, NULL);
}

static inline size_t house_limit(void *ctx, const struct head *h)
{
	(void)ctx;
	return !str_is(h->method, "POST") ? 0 : str_is(h->path, "/blob") ? BLOB_MAX : FORM_MAX;
}

static inline int64_t house_fill(void *ctx, int64_t cursor, struct buf *out)
{
	struct house *house = ctx;
	int last = atomic_load(&house->last);
	for (int n = 0; cursor < last && n < 500; n++)
		buf_fmt(out, "id: %d\ndata: %0100d\n\n", (int)++cursor, 7);
	return last < 0 ? -1 : cursor;
}

static inline void house_free(void *ctx)
{
	struct house *house = ctx;
	atomic_fetch_add(&house->freed, 1);
}

static inline void house_stream(struct house *house, struct call *c)
{
	const struct request *q = call_request(c);
	int64_t from = 0;
	(void)str_to_int(request_header(q, "Last-Event-ID"), &from);
	struct stream_start s = { .session = request_cookie(q, "sid"),
				  .cursor = from,
				  .fill = house_fill,
				  .stream_ctx = house,
				  .free_ctx = house_free };
	call_stream(c, &s);
}

static inline void house_handle(void *ctx, struct call *c)
{
	const struct request *q = call_request(c);
	struct reply r = reply_start(q, 200);
	r.type = STR("text/html");
	if (str_is(q->path, "/events")) {
		house_stream(ctx, c);
		return;
	}
	if (str_starts(q->path, STR("/work"))) {
		call_set(c, ctx);
		call_to_worker(c);
		return;
	}
	if (str_is(q->path, "/page")) {
		char *p = arena_alloc(q->arena, PAGE_BYTES);
		memset(p, 'x', PAGE_BYTES);
		r.body = (struct str){ p, PAGE_BYTES };
	} else if (str_is(q->path, "/big")) {
		r.type = STR("application/octet-stream");
		r.body = (struct str){ arena_alloc(q->arena, BLOB_MAX), BLOB_MAX };
	} else if (str_is(q->path, "/thread")) {
		r.body = str_fmt(q->arena, "thread %llx.", (unsigned long long)pthread_self());
	} else if (str_is(q->path, "/none")) {
		r.status = 204;
	} else if (str_is(q->path, "/split")) {
		reply_header(&r, "X-Split", STR("a\r\nX-Evil: b"));
	} else {
		r.body = str_fmt(q->arena, "%.*s %.*s %.*s %.*s", STR_ARG(q->method),
				 STR_ARG(q->path), STR_ARG(q->peer), STR_ARG(q->body));
	}
	call_reply(c, &r);
}

static inline void house_work(void *ctx, void *worker, struct call *c)
{
	const struct request *q = call_request(c);
	assert(call_get(c) == ctx && worker == ctx); /* cmocka's own may not fail on this thread */
	if (str_is(q->path, "/work/stream")) {
		house_stream(ctx, c);
		return;
	}
	if (str_is(q->path, "/work/slow"))
		nap_ms(300);
	struct reply r = reply_start(q, 202);
	r.body = q->body.len ? q->body : STR("worked");
	call_reply(c, &r);
}

static inline void *house_worker(void *ctx, int index)
{
	struct house *house = ctx;
	(void)index;
	atomic_fetch_add(&house->workers, 1);
	return ctx;
}

static inline void house_worker_free(void *ctx, void *worker)
{
	struct house *house = worker;
	assert(ctx == worker);
	atomic_fetch_sub(&house->workers, 1);
}

static inline void house_defaults(void *ctx, struct reply *r)
{
	(void)ctx;
	if (!reply_has(r, "X-House"))
		reply_header(r, "X-House", STR("yes"));
}

static inline void house_refuse(void *ctx, int status, const struct head *h, struct reply *r)
{
	struct house *house = ctx;
	atomic_fetch_add(&house->refusals, 1);
	r->type = STR("application/problem+json");
	r->body = str_fmt(r->arena, "{\"status\":%d,\"read\":%d}", status, h != NULL);
}

static inline void house_start(struct house *house, int max_conns, struct tls *tls)
{
	struct err e = { 0 };
	struct server_config config = {
		.loops = 2,
		.workers = 2,
		.max_conns = max_conns,
		.tls = tls,
		.ctx = house,
		.body_limit = house_limit,
		.handle = house_handle,
		.work = house_work,
		.worker_new = house_worker,
		.worker_free = house_worker_free,
		.defaults = house_defaults,
		.refuse = house_refuse,
	};
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(server_new(&config, &house->server, &e), 0);
	assert_int_equal(server_start(house->server, &e), 0);
	house->port = server_port(house->server);
	assert_true(house->port > 0);
}

static inline void house_open_with(struct house *house, int max_conns)
{
	house_start(house, max_conns, NULL);
}

static inline void house_open_tls(struct house *house, struct tls *tls)
{
	house_start(house, 0, tls);
}

static inline void house_open(struct house *house)
{
	house_start(house, 0, NULL);
}

static inline void house_close(struct house *house)
{
	server_free(&house->server);
	assert_null(house->server);
	assert_int_equal(atomic_load(&house->workers), 0);
}

static inline int knock(const struct house *house)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)house->port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static inline void say(int fd, struct str text)
{
	while (text.len) {
		ssize_t n = send(fd, text.at, text.len, MSG_NOSIGNAL);
		assert_true(n > 0);
		text = str_sub(text, (size_t)n, text.len);
	}
}

/* Reads until `until` was seen (not empty), the other side closed, or 3 s of silence. */
static inline struct str hear(struct arena *a, int fd, const char *until, bool *closed)
{
	struct buf b = BUF(a);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool is_closed = false;
	while (!is_closed && (!*until || str_find(buf_str(&b), str_of(until)) == SIZE_MAX) &&
	       poll(&p, 1, 3000) > 0) {
		char part[8192];
		ssize_t n = recv(fd, part, sizeof(part), 0);
		if (n <= 0)
			is_closed = true;
		else
			buf_add(&b, (struct str){ part, (size_t)n });
	}
	if (closed)
		*closed = is_closed;
	return buf_str(&b);
}

static inline size_t times_in(struct str text, const char *word)
{
	size_t n = 0, at;
	while ((at = str_find(text, str_of(word))) != SIZE_MAX) {
		n++;
		text = str_sub(text, at + strlen(word), text.len);
	}
	return n;
}
#define assert_has(text, word) assert_true(str_find((text), str_of(word)) != SIZE_MAX)
#define assert_lacks(text, word) assert_true(str_find((text), str_of(word)) == SIZE_MAX)
#endif
