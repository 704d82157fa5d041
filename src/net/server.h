/* SPDX-License-Identifier: Apache-2.0 */
/* server: HTTP/1.1 over libevent. Loop threads own the sockets, worker threads may block, a call is one
 * request on its way through both. Knows no route, no session and no incident: whoever configures it
 * does. Bodies and heads are bounded, every phase has a deadline, refusals are told and then closed. */
#ifndef APLOMB_SERVER_H
#define APLOMB_SERVER_H
#include "base/buf.h"
#include "base/err.h"
#include "net/head.h"

enum {
	SERVER_MAX_CONNS = 4096,	   /* where the configuration says nothing else */
	SERVER_MAX_HELD_BYTES = 256 << 20, /* bodies of all calls together; past it 503 */
	SERVER_STREAMS_A_SESSION = 4,	   /* a browser allows six connections a host */
};

struct server;
struct call;
struct tls;

struct request {
	struct arena *arena;		/* the call's; what a reply points to lives here */
	struct str method, path, query; /* see struct head */
	struct str body;		/* whole, decoded from chunks */
	struct str peer;		/* the address of the other end, "127.0.0.1" */
	const struct head *head;
	bool is_tls;
};
struct str request_header(const struct request *, const char *name); /* empty when absent */
struct str request_cookie(const struct request *, const char *name); /* likewise */

/* Start with `struct reply r = reply_start(request, 200);`, or zeroed with arena set. */
struct reply {
	struct arena *arena; /* for the list of headers */
	int status;
	struct str type; /* Content-Type; empty = none is sent */
	struct str body; /* must be constant or in the call's arena: it is not copied */
	LIST_OF(struct header) headers;
};
struct reply reply_start(const struct request *, int status);
/* Adds one line; name must be constant or in the arena, the value is copied, controls become blanks. */
void reply_header(struct reply *, const char *name, struct str value);
/* The same for what is a constant of ours: nothing is copied. */
void reply_header_const(struct reply *, const char *name, const char *value);
bool reply_has(const struct reply *, const char *name);

struct server_config {
	const char *
		host; /* numeric address, a name, or the "/path" of a Unix socket; NULL = 127.0.0.1 */
	int port;     /* 0 = one the system picks: server_port() */
	int loops;    /* 0 = 1 */
	int workers;	 /* 0 = none: call_to_worker must not be used then */
	int max_conns;	 /* 0 = SERVER_MAX_CONNS */
	struct tls *tls; /* see tls.h; borrowed until server_free. NULL = plain http */
	void *ctx;	 /* handed to everything below */
	/* On a loop thread, when a head was read: how many bytes of body this request may have (413 above).
	 * 0: none is read, `handle` is called without it (to say 404 or 405), and the connection closes after
	 * the reply when there was one. Required. */
	size_t (*body_limit)(void *ctx, const struct head *);
	/* On a loop thread, must not block: calls call_reply or call_stream at once, or hands on
	 * (call_to_worker, or a thread of the caller's). Required. */
	void (*handle)(void *ctx, struct call *);
	/* On a worker thread, may block: ends in call_reply or call_stream, there or elsewhere. */
	void (*work)(void *ctx, void *worker, struct call *);
	/* On each worker thread as it starts and ends (a database connection of its own). May be NULL. */
	void *(*worker_new)(void *ctx, int index);
	void (*worker_free)(void *ctx, void *worker);
	/* Adds headers (reply_header) to every reply, refusals and streams too; on the thread that replies.
	 * May be NULL. */
	void (*defaults)(void *ctx, struct reply *);
	/* Fills in type and body of a refusal the server makes by itself (400, 408, 413, 417, 431, 501, 503, 505);
	 * head is NULL when it could not be read. On a loop thread or the one in call_to_worker.
	 * May be NULL: one plain line. */
	void (*refuse)(void *ctx, int status, const struct head *, struct reply *);
	/* Each call, once, as its answer is decided; on the thread that answers. May be NULL. */
	void (*answered)(void *ctx, const struct call *, int status);
	int listen_fd; /* a socket that already listens, taken over in place of host and port; 0 = none */
};

/* Binds and listens, accepts nothing yet. *config is copied, the host's text is not kept. */
int server_new(const struct server_config *config, struct server **, struct err *) MUST_USE;
int server_port(const struct server *); /* the bound one */
/* Starts the threads. After a failure only server_free may follow. Ignore SIGPIPE before. */
int server_start(struct server *, struct err *) MUST_USE;
/* Drains and joins: no new connection, idle ones close, replies carry `Connection: close`, streams end with a
 * `retry:`; gives up on slow clients after 4 s. Not from a loop or worker thread. */
void server_stop(struct server *);
/* Stops if needed, frees, sets NULL. Every call handed out must have been answered. */
void server_free(struct server **);
/* Tells every stream that there may be more to read. Any thread; cheap, calls in a row become one. */
void server_wake(struct server *);

struct server_counts {
	int64_t conns, streams, requests, refused, queued; /* now, now, ever, ever, now */
};
struct server_counts server_counts(struct server *); /* any thread; for /metrics */

/* A call lives from its request to its reply, longer than its connection if need be. */
const struct request *call_request(const struct call *);
/* Answers, exactly once, from any thread; the call is gone with it. Compresses text here. */
void call_reply(struct call *, const struct reply *);
/* Hands on to `work`. When the queue is full it answers 503 by itself. */
void call_to_worker(struct call *);
/* The client went away: work whose only use is the reply may stop early (and still replies). */
bool call_is_gone(const struct call *);
/* A pointer of the owner's, from handle to work. */
void call_set(struct call *, void *);
void *call_get(const struct call *);

/* Server-sent events. A stream holds a cursor, not a queue: a slow reader costs no memory. */
struct stream_start {
	/* At most SERVER_STREAMS_A_SESSION of the same text; empty = not counted. Copied. */
	struct str session;
	int64_t cursor; /* what the client has already */
	/* On the loop, must not block: adds whole messages ("id: 7\ndata: ...\n\n") for what lies behind cursor,
	 * about 64 KB at most, and returns the new cursor: the same one when there is no more, -1 to end the
	 * stream. */
	int64_t (*fill)(void *stream_ctx, int64_t cursor, struct buf *out);
	void *stream_ctx;
	/* Once, when the stream is over, on the loop or in server_free. May be NULL. */
	void (*free_ctx)(void *);
};
/* Answers with a stream, in place of call_reply, from any thread. One past the limit of its session gets its
 * backlog and `retry: 2000` as a whole reply, so that the browser asks again by itself. */
void call_stream(struct call *, const struct stream_start *);
#endif
