/* SPDX-License-Identifier: Apache-2.0 */
/* loop: what the rooms of the server share among themselves; nobody else includes this. A loop is a
 * thread with an event base of its own. Everything in struct conn, and every libevent object, is touched
 * by its loop's thread alone; what crosses threads is a call in a locked list and an eventfd. */
#ifndef APLOMB_LOOP_H
#define APLOMB_LOOP_H
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "net/chunk.h"
#include "net/server.h"

enum {
	FRESH_MS = 15000, /* a connection that never asked anything; browsers open some ahead */
	HEAD_MS = 5000,
	BODY_MS = 20000, /* and a second more for each BODY_BYTES_A_SECOND announced */
	BODY_BYTES_A_SECOND = 1 << 20,
	IDLE_MS = 75000,
	WRITE_MS = 30000,
	LINGER_MS = 1000,
	DRAIN_MS = 4000, /* the process is to be gone within five seconds */
	HEARTBEAT_MS = 15000,
	SWEEP_MS = 250,
	READ_HIGH_BYTES = 64 << 10,    /* bounds what a client can pipeline */
	OUTPUT_FULL_BYTES = 64 << 10,  /* past it the next request, or the next fill, waits */
	BY_REFERENCE_BYTES = 16 << 10, /* a larger body is sent from the call's arena, not copied */
	QUEUE_MAX = SERVER_MAX_CONNS,  /* calls waiting for a worker */
};

struct loop;

enum call_kind { CALL_REPLY, CALL_STREAM };
struct call {
	struct server *server;
	struct loop *loop;
	struct conn *conn; /* on the loop's thread only; NULL once the connection went */
	struct call *next; /* in a queue of the server or a loop */
	atomic_bool is_gone;
	bool closes; /* decided when the request was read: the reply says `Connection: close` */
	size_t held_bytes; /* of body, counted against SERVER_MAX_HELD_BYTES */
	struct arena arena;
	struct head head;
	struct request request;
	void *slot; /* call_set */
	enum call_kind kind;
	struct str wire_head, wire_body; /* the reply, ready to send */
	struct stream_start stream;
};

enum conn_state {
	CONN_HEAD, /* waiting for a request, or in the middle of a head */
	CONN_BODY,
	CONN_BUSY, /* a call is out */
	CONN_STREAM,
	CONN_FLUSH,  /* the last bytes are on their way, then the connection closes */
	CONN_LINGER, /* our side is shut; reads on so that the client gets to see the last reply */
	CONN_DEAD,   /* freed as soon as nobody is in the middle of it */
};
struct conn {
	struct loop *loop;
	struct conn *prev, *next;
	struct bufferevent *bev;
	struct call *call; /* the one being read or answered */
	struct evbuffer *body;
	struct chunk chunk;
	int64_t due_ms; /* end of this phase on the monotonic clock; 0 = none */
	size_t body_max;
	enum conn_state state;
	bool is_eof, in_head, is_running;
	bool is_tls;
	int depth; /* callbacks we are in the middle of: freed when the last one ends */
	struct stream *stream;
	char peer[64];
};

/* A connection that another loop accepted. */
struct fresh {
	struct fresh *next;
	int fd;
	struct sockaddr_storage from;
};

struct loop {
	struct server *server;
	struct event_base *base;
	struct evconnlistener *listener;
	struct event *wake_event, *sweep_event;
	int wake_fd;
	pthread_t thread, self; /* self is set by the thread, for comparing */
	bool is_started, listener_rests, is_draining;
	struct conn *conns;
	int64_t drain_due_ms;
	pthread_mutex_t lock; /* over done and fresh */
	struct call *done, **done_end;
	struct fresh *fresh;
	atomic_bool has_news; /* server_wake */
};

/* A stream that counts against its session. */
struct stream {
	struct stream *prev, *next; /* in server->streams, under server->streams_lock */
	struct call *call;
	struct str session; /* in the call's arena */
	uint64_t session_hash;
	int64_t cursor, beat_ms;
	bool has_more; /* filling stopped because the output was full */
};

struct server {
	struct server_config config;
	int listen_fd, port;
	struct loop *loops;
	atomic_uint accepted; /* connections so far: whose turn it is */
	pthread_t *workers;
	int workers_started;
	pthread_mutex_t queue_lock; /* over queue, queue_len, queue_is_over */
	pthread_cond_t queue_filled;
	struct call *queue, **queue_end;
	int64_t queue_len;
	bool queue_is_over, is_started;
	pthread_mutex_t streams_lock;
	struct stream *streams;
	atomic_bool is_stopping;
	atomic_int_fast64_t conns, streams_open, requests, refused;
	atomic_size_t held_bytes;
};

int64_t loop_now_ms(void);
int loop_open(struct loop *, struct server *, struct err *) MUST_USE; /* base, eventfd, listener */
void loop_close(struct loop *);					      /* after its thread ended */
void *loop_run(void *loop);					      /* the thread */
void loop_poke(struct loop *);					      /* any thread */
void loop_hand_over(struct call *); /* any thread: a reply is ready */

/* conn.c: takes the fd over, and its place among server->conns. */
void conn_open(struct loop *, int fd, const struct sockaddr *);
void conn_done(struct call *);	 /* on the loop: sends what the call holds, frees it */
void conn_close(struct conn *);	 /* at once */
void conn_finish(struct conn *); /* what was written goes out, then it lingers and closes */
void conn_tick(struct conn *, int64_t now_ms); /* deadlines */
void conn_news(struct conn *);		       /* server_wake */
void conn_drain(struct conn *);		       /* the server stops */
void conn_write(struct conn *, struct str);
void conn_send(struct conn *,
	       struct call *); /* the built reply; takes the call, then the next request */
size_t conn_output(const struct conn *); /* bytes written but not sent */

/* sse.c */
void sse_start(struct conn *, struct call *); /* takes the call over */
void sse_fill(struct conn *);
void sse_tick(struct conn *, int64_t now_ms);
void sse_end(struct conn *);  /* frees stream and call; the connection stays */
void sse_stop(struct conn *); /* the server stops: says when to come back, ends */

/* call.c */
struct call *call_new(struct conn *);
void call_free(struct call *);
void call_refuse(struct call *, int status,
		 const struct head *); /* prepares the reply, sends nothing */

/* wire.c: the reply as bytes, in the call's arena: head with defaults, body compressed where it pays. */
enum { WIRE_CLOSE = 1, WIRE_STREAM = 2 };
void wire_build(struct call *, const struct reply *, int flags);
#endif
