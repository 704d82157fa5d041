/* SPDX-License-Identifier: Apache-2.0 */
/* server: binds, starts and stops the threads, and is the queue between loops and workers. */
#include "net/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/loop.h"

enum { LISTEN_BACKLOG = 1024 }; /* the system caps it at net.core.somaxconn */

static int bind_path(struct server *s, const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(a.sun_path))
		return err_fail(e, ERR_USAGE, "The path of the socket is too long: %s.", path);
	memcpy(a.sun_path, path, strlen(path));
	s->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listen_fd < 0 || bind(s->listen_fd, (const struct sockaddr *)&a, sizeof(a)) ||
	    chmod(path, 0600) || listen(s->listen_fd, LISTEN_BACKLOG))
		return err_fail(e, ERR_FAILED, "Cannot listen at %s: %s.", path, strerror(errno));
	return 0;
}

static int take_fd(struct server *s, int fd)
{
	struct sockaddr_storage got = { 0 };
	socklen_t len = sizeof(got);
	if (getsockname(fd, (struct sockaddr *)&got, &len))
		return -1;
	in_port_t port = got.ss_family == AF_INET6
				 ? ((const struct sockaddr_in6 *)(const void *)&got)->sin6_port
				 : ((const struct sockaddr_in *)(const void *)&got)->sin_port;
	s->port = ntohs(port);
	s->listen_fd = fd;
	return 0;
}

/* A socket that a service manager opened. */
static int take_socket(struct server *s, int fd, struct err *e)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) || take_fd(s, fd))
		return err_fail(e, ERR_FAILED,
				"The socket that was handed over cannot be used: %s.",
				strerror(errno));
	return 0;
}

static int bind_one(struct server *s, const struct addrinfo *a)
{
	int yes = 1;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, LISTEN_BACKLOG) || take_fd(s, fd)) {
		int why = errno;
		(void)close(fd);
		errno = why;
		return -1;
	}
	return 0;
}

static int bind_port(struct server *s, const char *host, struct err *e)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char port[16];
	(void)snprintf(port, sizeof(port), "%d", s->config.port);
	int rc = getaddrinfo(host, port, &hints, &found);
	if (rc)
		return err_fail(e, ERR_USAGE, "The address %s is not understood: %s.", host,
				gai_strerror(rc));
	for (const struct addrinfo *a = found; a && s->listen_fd < 0; a = a->ai_next)
		(void)!bind_one(s, a);
	int why = errno;
	freeaddrinfo(found);
	if (s->listen_fd < 0)
		return err_fail(e, ERR_FAILED, "Cannot listen at %s port %s: %s.", host, port,
				strerror(why));
	return 0;
}

static void init(struct server *s, const struct server_config *config)
{
	s->config = *config;
	s->config.host = NULL;
	if (s->config.loops < 1)
		s->config.loops = 1;
	if (s->config.max_conns < 1)
		s->config.max_conns = SERVER_MAX_CONNS;
	s->listen_fd = -1;
	s->queue_end = &s->queue;
	(void)pthread_mutex_init(&s->queue_lock, NULL);
	(void)pthread_cond_init(&s->queue_filled, NULL);
	(void)pthread_mutex_init(&s->streams_lock, NULL);
	s->loops = heap_new(sizeof(*s->loops) * (size_t)s->config.loops);
	s->workers = heap_new(sizeof(*s->workers) * (size_t)(config->workers + 1));
}

int server_new(const struct server_config *config, struct server **out, struct err *e)
{
	const char *host = config->host ? config->host : "127.0.0.1";
	struct server *s = heap_new(sizeof(*s));
	init(s, config);
	int rc = config->listen_fd ? take_socket(s, config->listen_fd, e)
		 : host[0] == '/'  ? bind_path(s, host, e)
				   : bind_port(s, host, e);
	for (int i = 0; rc == 0 && i < s->config.loops; i++)
		rc = loop_open(&s->loops[i], s, e);
	*out = s;
	if (rc)
		server_free(out);
	return rc;
}

int server_port(const struct server *s)
{
	return s->port;
}

static struct call *queue_take(struct server *s)
{
	pthread_mutex_lock(&s->queue_lock);
	while (!s->queue && !s->queue_is_over)
		pthread_cond_wait(&s->queue_filled, &s->queue_lock);
	struct call *c = s->queue;
	if (c) {
		s->queue = c->next;
		s->queue_len--;
		if (!s->queue)
			s->queue_end = &s->queue;
	}
	pthread_mutex_unlock(&s->queue_lock);
	return c;
}

struct worker_start {
	struct server *server;
	int index;
};

static void *worker_run(void *arg)
{
	struct worker_start start = *(struct worker_start *)arg;
	struct server *s = start.server;
	const struct server_config *config = &s->config;
	heap_free(arg);
	void *worker = config->worker_new ? config->worker_new(config->ctx, start.index) : NULL;
	for (struct call *c = queue_take(s); c; c = queue_take(s))
		config->work(config->ctx, worker, c);
	if (config->worker_free)
		config->worker_free(config->ctx, worker);
	return NULL;
}

int server_start(struct server *s, struct err *e)
{
	s->is_started = true;
	int rc = 0;
	for (int i = 0; i < s->config.workers && !rc; i++) {
		struct worker_start *start = heap_new(sizeof(*start));
		*start = (struct worker_start){ s, i };
		rc = pthread_create(&s->workers[i], NULL, worker_run, start);
		if (rc)
			heap_free(start);
		else
			s->workers_started++;
	}
	for (int i = 0; i < s->config.loops && !rc; i++) {
		rc = pthread_create(&s->loops[i].thread, NULL, loop_run, &s->loops[i]);
		s->loops[i].is_started = rc == 0;
	}
	if (rc)
		return err_fail(e, ERR_FAILED, "A thread could not be started: %s.", strerror(rc));
	return 0;
}

void server_wake(struct server *s)
{
	for (int i = 0; i < s->config.loops; i++)
		if (!atomic_exchange(&s->loops[i].has_news, true))
			loop_poke(&s->loops[i]);
}

void server_stop(struct server *s)
{
	if (atomic_exchange(&s->is_stopping, true) || !s->is_started)
		return;
	(void)close(s->listen_fd); /* the loops close their copies; the last one frees the port */
	s->listen_fd = -1;
	for (int i = 0; i < s->config.loops; i++)
		if (s->loops[i].is_started)
			loop_poke(&s->loops[i]);
	for (int i = 0; i < s->config.loops; i++)
		if (s->loops[i].is_started)
			(void)pthread_join(s->loops[i].thread, NULL);
	pthread_mutex_lock(&s->queue_lock);
	s->queue_is_over = true;
	pthread_cond_broadcast(&s->queue_filled);
	pthread_mutex_unlock(&s->queue_lock);
	for (int i = 0; i < s->workers_started; i++)
		(void)pthread_join(s->workers[i], NULL);
}

void server_free(struct server **p)
{
	struct server *s = *p;
	*p = NULL;
	if (!s)
		return;
	server_stop(s);
	for (int i = 0; i < s->config.loops; i++)
		loop_close(&s->loops[i]);
	if (s->listen_fd >= 0)
		(void)close(s->listen_fd);
	(void)pthread_mutex_destroy(&s->queue_lock);
	(void)pthread_cond_destroy(&s->queue_filled);
	(void)pthread_mutex_destroy(&s->streams_lock);
	heap_free(s->loops);
	heap_free(s->workers);
	heap_free(s);
}

struct server_counts server_counts(struct server *s)
{
	struct server_counts n = { .conns = atomic_load(&s->conns),
				   .streams = atomic_load(&s->streams_open),
				   .requests = atomic_load(&s->requests),
				   .refused = atomic_load(&s->refused) };
	pthread_mutex_lock(&s->queue_lock);
	n.queued = s->queue_len;
	pthread_mutex_unlock(&s->queue_lock);
	return n;
}
