/* SPDX-License-Identifier: Apache-2.0 */
/* live: how long an event takes from the POST that makes it to the open streams of others. Opens so many GET /events,
 * says "ready" and waits for a line on stdin (so that memory can be looked at), then acts on a connection of its own, one
 * act after the other, and waits until every stream told it. Prints one JSON object.
 *
 *   live --port N --tokens FILE --incident N [--viewers 1] [--acts 100] [--gap-ms 20] [--alert NAME]
 *
 * An act is a note; with --alert NAME an alert of that name that ends and begins to fire in turn, which the incident must
 * hold. Four streams share a token, as the server allows. The streams read the whole ledger (no ?incident=), as *Now*
 * does; the incident is where the notes go. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

enum {
	STREAMS_A_TOKEN = 4,
	TEXT_ROOM = 2048,
	READ_ROOM = 16384,
	EVENTS = 256,
	PATIENCE_MS = 10000, /* for an event that never comes */
	OPEN_AT_ONCE = 64,
};

struct viewer {
	int fd;
	int is_open; /* its head came */
	int64_t act; /* the last one it was told of */
};
struct live {
	int port, epoll, post_fd;
	int64_t incident, viewers, acts, gap_ms;
	const char *alert;
	char **tokens;
	size_t token_count;
	struct viewer *all;
	int64_t act, began_us, told, opened;
	struct times first, last, each;
};

static void read_tokens(struct live *l, const char *path)
{
	char line[TEXT_ROOM];
	FILE *f = fopen(path, "re");
	if (!f)
		die(path, strerror(errno));
	l->tokens = room((size_t)l->viewers + 1, sizeof(*l->tokens));
	while (l->token_count <= (size_t)l->viewers && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		l->tokens[l->token_count++] = strdup(line);
	}
	(void)fclose(f);
	if (l->token_count * STREAMS_A_TOKEN < (size_t)l->viewers)
		die(path, "holds too few tokens: four streams share one");
}

static void send_all(int fd, const char *text)
{
	size_t len = strlen(text);
	if (send(fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
		die("send", "the kernel took a part only");
}

static void open_viewer(struct live *l, int64_t i)
{
	char ask[TEXT_ROOM];
	struct viewer *v = &l->all[i];
	struct epoll_event want = { .events = EPOLLIN, .data.ptr = v };
	(void)snprintf(ask, sizeof(ask),
		       "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n"
		       "Authorization: Bearer %s\r\n\r\n",
		       l->port, l->tokens[i / STREAMS_A_TOKEN]);
	v->fd = wire_connect(l->port, 1);
	send_all(v->fd, ask);
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, v->fd, &want) != 0)
		die("epoll_ctl", strerror(errno));
}

static void hear(struct live *l, struct viewer *v)
{
	char got[READ_ROOM + 1];
	ssize_t n = recv(v->fd, got, READ_ROOM, 0);
	if (n <= 0)
		die("stream", "the server ended it");
	got[n] = '\0';
	if (!v->is_open) {
		if (!strstr(got, " 200 ") || !strstr(got, "text/event-stream"))
			die("stream", got);
		if (strcasestr(got, "\r\nContent-Length:"))
			die("stream", "this token has four already: it got a whole answer");
		v->is_open = 1;
		l->opened++;
		return;
	}
	if (v->act == l->act || !strstr(got, "data:"))
		return;
	v->act = l->act;
	uint32_t took = (uint32_t)(now_us() - l->began_us);
	l->each.us[l->each.len++] = took;
	if (l->told++ == 0)
		l->first.us[l->first.len++] = took;
	if (l->told == l->viewers)
		l->last.us[l->last.len++] = took;
}

/* Hears the streams for so long, or until *count reaches `until`. */
static void listen_for(struct live *l, const int64_t *count, int64_t until, int64_t ms)
{
	struct epoll_event events[EVENTS];
	int64_t ends_us = now_us() + ms * 1000;
	while (*count < until) {
		int64_t left_us = ends_us - now_us();
		if (left_us <= 0)
			return;
		int n = epoll_wait(l->epoll, events, EVENTS, (int)(left_us / 1000) + 1);
		for (int i = 0; i < n; i++)
			hear(l, events[i].data.ptr);
	}
}

static void open_viewers(struct live *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->all = room((size_t)l->viewers, sizeof(*l->all));
	for (int64_t i = 0; i < l->viewers; i++) {
		open_viewer(l, i);
		if (i + 1 - l->opened >= OPEN_AT_ONCE)
			listen_for(l, &l->opened, i + 1 - OPEN_AT_ONCE / 2, PATIENCE_MS);
	}
	listen_for(l, &l->opened, l->viewers, PATIENCE_MS);
	if (l->opened < l->viewers)
		die("streams", "not all of them were opened in time");
}

static void write_act(struct live *l, char *to, size_t bytes)
{
	char body[TEXT_ROOM / 2], path[128], stamp[32];
	struct tm parts;
	time_t t = time(NULL) + (l->act % 2 ? -1 : 3600);
	if (!gmtime_r(&t, &parts) || !strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &parts))
		die("time", "cannot be written");
	if (l->alert) {
		(void)snprintf(path, sizeof(path), "/api/v2/alerts");
		(void)snprintf(body, sizeof(body),
			       "[{\"labels\":{\"alertname\":\"%s\"},\"endsAt\":\"%s\"}]", l->alert,
			       stamp);
	} else {
		(void)snprintf(path, sizeof(path), "/api/v1/incidents/%lld/note/add",
			       (long long)l->incident);
		(void)snprintf(body, sizeof(body), "{\"text\":\"What was seen, number %lld\"}",
			       (long long)l->act);
	}
	(void)snprintf(to, bytes,
		       "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
		       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		       path, l->port, l->tokens[l->token_count - 1], strlen(body), body);
}

/* The answer lies in the kernel meanwhile: the streams are read first, since they are what is measured. */
static void read_answer(struct live *l)
{
	char got[READ_ROOM];
	size_t len = 0;
	int status = 0;
	while (len < sizeof(got) && !wire_answer(got, len, &status)) {
		ssize_t n = recv(l->post_fd, got + len, sizeof(got) - len, 0);
		if (n <= 0)
			die("act", "the server closed the connection");
		len += (size_t)n;
	}
	if (status < 200 || status > 299) {
		got[len < sizeof(got) ? len : sizeof(got) - 1] = '\0';
		die("act", got);
	}
}

static void act(struct live *l)
{
	char text[TEXT_ROOM * 2];
	l->act++;
	l->told = 0;
	write_act(l, text, sizeof(text));
	l->began_us = now_us();
	send_all(l->post_fd, text);
	listen_for(l, &l->told, l->viewers, PATIENCE_MS);
	if (l->told < l->viewers)
		die("act", "not every stream was told of it");
	read_answer(l);
	int64_t never = 0; /* what else comes of it is heard and not counted */
	listen_for(l, &never, 1, l->gap_ms);
}

static void print_times(const char *name, struct times *t, const char *end)
{
	times_sort(t);
	(void)printf("\"%s_p50_ms\":%.3f,\"%s_p99_ms\":%.3f,\"%s_max_ms\":%.3f%s", name,
		     times_ms(t, 0.5), name, times_ms(t, 0.99), name, times_ms(t, 1), end);
}

int main(int argc, char **argv)
{
	struct live l = { .port = (int)option(argc, argv, "--port", 0),
			  .incident = option(argc, argv, "--incident", 0),
			  .viewers = option(argc, argv, "--viewers", 1),
			  .acts = option(argc, argv, "--acts", 100),
			  .gap_ms = option(argc, argv, "--gap-ms", 20),
			  .alert = option_text(argc, argv, "--alert", NULL) };
	const char *tokens = option_text(argc, argv, "--tokens", NULL);
	struct rlimit files = { 0 };
	if (l.port < 1 || !tokens || l.viewers < 1 || l.acts < 1 || (!l.alert && !l.incident))
		die("usage", "live --port N --tokens FILE --incident N ...; see live.c");
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	read_tokens(&l, tokens);
	l.first.us = room((size_t)l.acts, sizeof(uint32_t));
	l.last.us = room((size_t)l.acts, sizeof(uint32_t));
	l.each.us = room((size_t)(l.acts * l.viewers), sizeof(uint32_t));
	open_viewers(&l);
	l.post_fd = wire_connect(l.port, 1);
	(void)printf("ready\n");
	(void)fflush(stdout);
	if (getchar() == EOF)
		return 0;
	for (int64_t i = 0; i < l.acts; i++)
		act(&l);
	(void)printf("{\"acts\":%lld,\"viewers\":%lld,", (long long)l.acts, (long long)l.viewers);
	print_times("first", &l.first, ",");
	print_times("each", &l.each, ",");
	print_times("last", &l.last, "}\n");
	return 0;
}
