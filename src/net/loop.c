/* SPDX-License-Identifier: Apache-2.0 */
/* loop: a thread with an event base: accepts, sweeps deadlines, takes in what other threads hand over. */
#include "net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

int64_t loop_now_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void loop_poke(struct loop *l)
{
	uint64_t one = 1;
	/* fails only when the counter is full, and then the loop is awake anyway */
	ssize_t n = write(l->wake_fd, &one, sizeof(one));
	(void)n;
}

void loop_hand_over(struct call *call)
{
	struct loop *l = call->loop;
	call->next = NULL;
	pthread_mutex_lock(&l->lock);
	bool was_empty = !l->done;
	*l->done_end = call;
	l->done_end = &call->next;
	pthread_mutex_unlock(&l->lock);
	if (was_empty)
		loop_poke(l);
}

static struct call *take_done(struct loop *l)
{
	pthread_mutex_lock(&l->lock);
	struct call *first = l->done;
	l->done = NULL;
	l->done_end = &l->done;
	pthread_mutex_unlock(&l->lock);
	return first;
}

/* One past the limit: told in one packet if it fits, without a connection of ours. */
static void turn_away(struct loop *l, int fd)
{
	if (l->server->config.tls) { /* without a handshake nothing can be told */
		(void)close(fd);
		return;
	}
	struct conn nobody = { .loop = l, .peer = "" };
	struct call *call = call_new(&nobody);
	call_refuse(call, 503, NULL);
	struct str parts[] = { call->wire_head, call->wire_body };
	for (size_t i = 0; i < 2; i++)
		if (parts[i].len)
			(void)!send(fd, parts[i].at, parts[i].len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(fd, SHUT_WR);
	(void)close(fd);
	call_free(call);
}

static void hand_fresh(struct loop *to, int fd, const struct sockaddr *from, size_t len)
{
	struct fresh *x = heap_new(sizeof(*x));
	x->fd = fd;
	memcpy(&x->from, from, len < sizeof(x->from) ? len : sizeof(x->from));
	pthread_mutex_lock(&to->lock);
	x->next = to->fresh;
	to->fresh = x;
	pthread_mutex_unlock(&to->lock);
	loop_poke(to);
}

static struct fresh *take_fresh(struct loop *l)
{
	pthread_mutex_lock(&l->lock);
	struct fresh *first = l->fresh;
	l->fresh = NULL;
	pthread_mutex_unlock(&l->lock);
	return first;
}

/* A loop that ends answers none any more. */
static void open_fresh(struct loop *l)
{
	for (struct fresh *x = take_fresh(l), *next; x; x = next) {
		next = x->next;
		if (l->is_draining) {
			(void)close(x->fd);
			atomic_fetch_sub(&l->server->conns, 1);
		} else {
			conn_open(l, x->fd, (const struct sockaddr *)&x->from);
		}
		heap_free(x);
	}
}

static void on_accept(struct evconnlistener *e, evutil_socket_t fd, struct sockaddr *from, int len,
		      void *arg)
{
	struct loop *l = arg;
	struct server *s = l->server;
	(void)e;
	if (atomic_fetch_add(&s->conns, 1) >= s->config.max_conns) {
		atomic_fetch_sub(&s->conns, 1);
		turn_away(l, fd);
		return;
	}
	/* in turns: the loop that wakes first would take all that come at once, and the others have nothing to do */
	struct loop *to = &s->loops[atomic_fetch_add(&s->accepted, 1) % (unsigned)s->config.loops];
	if (to == l)
		conn_open(l, fd, from);
	else
		hand_fresh(to, fd, from, (size_t)len);
}

/* Out of file descriptors, most likely: rest until the next sweep instead of spinning. */
static void on_accept_error(struct evconnlistener *e, void *arg)
{
	struct loop *l = arg;
	if (evconnlistener_disable(e) == 0)
		l->listener_rests = true;
}

static void begin_drain(struct loop *l)
{
	l->is_draining = true;
	l->drain_due_ms = loop_now_ms() + DRAIN_MS;
	evconnlistener_free(l->listener);
	l->listener = NULL;
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next;
		conn_drain(c);
	}
	if (!l->conns)
		event_base_loopexit(l->base, NULL);
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));
	(void)n;
	(void)what;
	open_fresh(l);
	for (struct call *call = take_done(l), *next; call; call = next) {
		next = call->next;
		conn_done(call);
	}
	if (atomic_exchange(&l->has_news, false)) {
		for (struct conn *c = l->conns, *next; c; c = next) {
			next = c->next;
			conn_news(c);
		}
	}
	if (!l->is_draining && atomic_load(&l->server->is_stopping))
		begin_drain(l);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	int64_t now = loop_now_ms();
	bool gives_up = l->is_draining && now >= l->drain_due_ms;
	(void)fd;
	(void)what;
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next;
		if (gives_up)
			conn_close(c);
		else
			conn_tick(c, now);
	}
	if (l->listener_rests && l->listener && evconnlistener_enable(l->listener) == 0)
		l->listener_rests = false;
}

static struct event_base *base_new(void)
{
	struct event_config *config = event_config_new();
	if (!config)
		return NULL;
	(void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	struct event_base *base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

int loop_open(struct loop *l, struct server *s, struct err *e)
{
	const struct timeval each = { .tv_usec = SWEEP_MS * 1000 };
	l->server = s;
	l->done_end = &l->done;
	(void)pthread_mutex_init(&l->lock, NULL);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	l->base = l->wake_fd < 0 ? NULL : base_new();
	if (!l->base)
		return err_fail(e, ERR_FAILED, "An event loop could not be opened: %s.",
				strerror(errno));
	int fd = fcntl(s->listen_fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		l->listener = evconnlistener_new(l->base, on_accept, l,
						 LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
						 fd);
	if (!l->listener) {
		if (fd >= 0)
			(void)close(fd);
		return err_fail(e, ERR_FAILED, "The listening socket cannot be shared: %s.",
				strerror(errno));
	}
	evconnlistener_set_error_cb(l->listener, on_accept_error);
	l->wake_event = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
	l->sweep_event = event_new(l->base, -1, EV_PERSIST, on_sweep, l);
	if (!l->wake_event || !l->sweep_event || event_add(l->wake_event, NULL) ||
	    event_add(l->sweep_event, &each))
		return err_fail(e, ERR_FAILED, "An event loop could not be set up.");
	return 0;
}

void *loop_run(void *arg)
{
	struct loop *l = arg;
	l->self = pthread_self();
	(void)event_base_dispatch(l->base);
	return NULL;
}

void loop_close(struct loop *l)
{
	if (!l->server)
		return; /* never opened */
	while (l->conns)
		conn_close(l->conns);
	if (l->listener)
		evconnlistener_free(l->listener);
	if (l->wake_event)
		event_free(l->wake_event);
	if (l->sweep_event)
		event_free(l->sweep_event);
	if (l->base)
		event_base_free(l->base); /* also ends bufferevents freed a moment ago */
	l->is_draining = true;
	open_fresh(l);
	for (struct call *call = take_done(l), *next; call; call = next) {
		next = call->next;
		call_free(call);
	}
	if (l->wake_fd >= 0)
		(void)close(l->wake_fd);
	(void)pthread_mutex_destroy(&l->lock);
}
