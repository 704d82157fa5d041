/* SPDX-License-Identifier: Apache-2.0 */
/* load: posts alerts to /api/v2/alerts as a Prometheus does and times the answers. One thread, epoll, kept connections,
 * one POST in flight on each. All bodies are made before the clock starts, so that the generator costs little beside
 * send and recv. Prints one JSON object.
 *
 *   load --port N [--connections 8] [--alerts 100000] [--batch 64] [--batch-min = batch] [--first 0] [--distinct 0]
 *        [--rate 0] [--starts SECONDS] [--name flood]
 *
 * --rate is alerts/s, 0 = as fast as answers come. With a rate a POST is timed from when it was due, not from when a
 * connection was free for it. --distinct D: only D different alerts, again and again; 0 = all are different.
 * The same --first, --name and --starts make the same bytes. With a rate each alert starts when it is first due, as in a
 * storm that goes on; without, all start at --starts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "wire.h"

enum {
	ALERT_ROOM = 1024,
	HEAD_ROOM = 256,
	ANSWER_ROOM = 65536,
	EVENTS = 64,
	MOST_CONNS = 512,
	LEASE_S = 3600
};

struct post {
	size_t at, len; /* in the bytes */
	int64_t before; /* alerts in the POSTs before it */
	int64_t due_us; /* since the start; 0 without a rate */
};
struct conn {
	int fd;
	struct post *post; /* in flight; NULL = idle */
	size_t sent, got;
	int64_t began_us;
	char answer[ANSWER_ROOM];
};
struct load {
	int port, conn_count, turn; /* turn: whose it is to be given the next post */
	int64_t alerts, batch, batch_min, first, distinct, rate;
	const char *name;
	int64_t starts_s, stamped_s; /* the second that `starts` tells */
	char starts[32], ends[32];
	char *bytes;
	size_t len, size;
	struct post *posts;
	size_t post_count, next;
	struct conn *conns;
	int epoll;
	struct times times;
	int64_t start_us, refused;
};

/* splitmix64: pod names look as random as real ones, and are the same in each run. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static char *more(struct load *l, size_t bytes)
{
	if (l->size - l->len < bytes) {
		l->size = (l->size + bytes) * 2;
		l->bytes = realloc(l->bytes, l->size);
		if (!l->bytes)
			die("memory", strerror(errno));
	}
	return l->bytes + l->len;
}

static void write_time(char *to, size_t bytes, int64_t seconds)
{
	struct tm parts;
	time_t t = (time_t)seconds;
	if (!gmtime_r(&t, &parts) || !strftime(to, bytes, "%Y-%m-%dT%H:%M:%SZ", &parts))
		die("--starts", "is no time");
}

static void stamp(struct load *l, int64_t seconds)
{
	if (seconds == l->stamped_s)
		return;
	l->stamped_s = seconds;
	write_time(l->starts, sizeof(l->starts), seconds);
}

/* 8 labels, 2 annotations, about 650 bytes: what Prometheus sends for a rule of the usual mixins, in its order of members
 * and labels and with its escapes. */
static void add_alert(struct load *l, int64_t n, const char *comma)
{
	static const char *const names[] = { "HighRequestLatency", "KubePodCrashLooping",
					     "HighErrorRate",	   "CPUThrottlingHigh",
					     "KubePodNotReady",	   "MemoryNearLimit",
					     "QueueBacklogGrows",  "TargetDown" };
	static const char *const services[] = { "checkout", "payments", "catalog", "search",
						"cart",	    "shipping", "ledger",  "identity",
						"mail",	    "ranking",	"images",  "pricing" };
	static const char *const severities[] = { "warning", "warning", "info", "critical" };
	int64_t which = l->distinct ? n % l->distinct : n;
	uint64_t id = (uint64_t)(l->first + which), h = mix(id);
	const char *service = services[h % 12];
	char pod[64], host[32];
	stamp(l, l->starts_s + (l->rate ? which / l->rate : 0));
	(void)snprintf(pod, sizeof(pod), "%s-%08x-%05x", service, (unsigned)(h >> 32),
		       (unsigned)(id & 0xfffff));
	(void)snprintf(host, sizeof(host), "10.%u.%u.%u:9090", (unsigned)(id >> 16) & 255,
		       (unsigned)(id >> 8) & 255, (unsigned)id & 255);
	int len = snprintf(
		more(l, ALERT_ROOM), ALERT_ROOM,
		"%s{\"annotations\":{"
		"\"description\":\"The 99th percentile over the last 5 minutes is above its limit "
		"of 1 s. "
		"Runbook: "
		"https://runbooks.example/%s/latency\",\"summary\":\"%s of %s on %s is %u.%03u "
		"s\"},"
		"\"endsAt\":\"%s\",\"startsAt\":\"%s\","
		"\"generatorURL\":\"http://prometheus.example:9090/graph?g0.expr=histogram_quantile"
		"%%280.99%%2C+rate%%28request_seconds_bucket%%5B5m%%5D%%29%%29+%%3E+1\\u0026g0.tab="
		"1\","
		"\"labels\":{\"alertname\":\"%s\",\"cluster\":\"eu-west-1-%s\","
		"\"instance\":\"%s\",\"namespace\":\"shop\",\"pod\":\"%s\",\"service\":\"%s\","
		"\"severity\":\"%s\",\"team\":\"team-%u\"}}",
		comma, service, names[(h >> 8) % 8], service, host, 1 + (unsigned)(h >> 40) % 9,
		(unsigned)(h >> 44) % 1000, l->ends, l->starts, names[(h >> 8) % 8], l->name, host,
		pod, service, severities[(h >> 16) % 4], (unsigned)(h >> 24) % 9);
	if (len <= 0 || len >= ALERT_ROOM)
		die("alert", "longer than its room");
	l->len += (size_t)len;
}

/* The head's Content-Length has room for its digits in front of the body; blanks fill it. */
static void add_post(struct load *l, struct post *p, int64_t count)
{
	p->at = l->len;
	l->len += (size_t)snprintf(
		more(l, HEAD_ROOM), HEAD_ROOM,
		"POST /api/v2/alerts HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
		"User-Agent: Prometheus/2.42.0\r\nContent-Type: application/json\r\n"
		"Content-Length: %8d\r\n\r\n",
		l->port, 0);
	size_t body = l->len;
	for (int64_t i = 0; i < count; i++)
		add_alert(l, p->before + i, i ? "," : "[");
	*more(l, 1) = ']';
	l->len++;
	p->len = l->len - p->at;
	char digits[16];
	(void)snprintf(digits, sizeof(digits), "%8zu", l->len - body);
	memcpy(l->bytes + body - 4 - 8, digits, 8);
}

static void make_posts(struct load *l)
{
	int64_t made = 0;
	l->posts = room((size_t)(l->alerts / l->batch_min) + 1, sizeof(*l->posts));
	while (made < l->alerts) {
		struct post *p = &l->posts[l->post_count];
		int64_t spread = l->batch - l->batch_min + 1,
			count = l->batch_min + (int64_t)(mix(l->post_count) % (uint64_t)spread);
		if (count > l->alerts - made)
			count = l->alerts - made;
		p->before = made;
		p->due_us = l->rate ? made * 1000000 / l->rate : 0;
		add_post(l, p, count);
		made += count;
		l->post_count++;
	}
	l->times.us = room(l->post_count, sizeof(*l->times.us));
}

static void send_more(struct load *l, struct conn *c)
{
	while (c->sent < c->post->len) {
		ssize_t n = send(c->fd, l->bytes + c->post->at + c->sent, c->post->len - c->sent,
				 MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			die("send", strerror(errno));
		c->sent += (size_t)n;
	}
}

static void begin(struct load *l, struct conn *c)
{
	c->post = &l->posts[l->next++];
	c->sent = 0;
	c->got = 0;
	c->began_us = l->rate ? l->start_us + c->post->due_us : now_us();
	send_more(l, c);
}

static void finish(struct load *l, struct conn *c, int status)
{
	int64_t took = now_us() - c->began_us;
	l->times.us[l->times.len++] = (uint32_t)took;
	l->refused += status != 200;
	c->post = NULL;
}

static void receive(struct load *l, struct conn *c)
{
	int status = 0;
	ssize_t n = recv(c->fd, c->answer + c->got, sizeof(c->answer) - c->got, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		die("recv", n ? strerror(errno) : "the server closed the connection");
	c->got += (size_t)n;
	if (wire_answer(c->answer, c->got, &status))
		finish(l, c, status);
	else if (c->got == sizeof(c->answer))
		die("answer", "too long");
}

/* Gives what is due to idle connections, each in its turn: a server closes one that never asks. Microseconds until the
 * next one is due, -1 = wait for an answer. */
static int64_t give(struct load *l)
{
	for (int i = 0; i < l->conn_count && l->next < l->post_count; i++) {
		int64_t wait = l->start_us + l->posts[l->next].due_us - now_us();
		struct conn *c = &l->conns[l->turn];
		if (l->rate && wait > 0)
			return wait;
		l->turn = (l->turn + 1) % l->conn_count;
		if (!c->post)
			begin(l, c);
	}
	return -1;
}

static void run(struct load *l)
{
	struct epoll_event events[EVENTS];
	l->start_us = now_us();
	while (l->times.len < l->post_count) {
		int64_t wait_us = give(l);
		struct timespec wait = { .tv_sec = wait_us / 1000000,
					 .tv_nsec = (wait_us % 1000000) * 1000 };
		int n = epoll_pwait2(l->epoll, events, EVENTS, wait_us < 0 ? NULL : &wait, NULL);
		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;
			if (!c->post && !(events[i].events & EPOLLIN))
				continue;
			if (!c->post)
				die("server",
				    "it closed an idle connection, or spoke without being asked");
			if (c->sent < c->post->len)
				send_more(l, c);
			if (events[i].events & EPOLLIN)
				receive(l, c);
		}
	}
}

static void connect_all(struct load *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->conns = room((size_t)l->conn_count, sizeof(*l->conns));
	for (int i = 0; i < l->conn_count; i++) {
		/* edge: EPOLLOUT comes once when there is room again, not all the time */
		struct epoll_event want = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
					    .data.ptr = &l->conns[i] };
		l->conns[i].fd = wire_connect(l->port, 0);
		if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->conns[i].fd, &want) != 0)
			die("epoll_ctl", strerror(errno));
	}
}

int main(int argc, char **argv)
{
	struct load l = { .port = (int)option(argc, argv, "--port", 0),
			  .conn_count = (int)option(argc, argv, "--connections", 8),
			  .alerts = option(argc, argv, "--alerts", 100000),
			  .batch = option(argc, argv, "--batch", 64),
			  .first = option(argc, argv, "--first", 0),
			  .distinct = option(argc, argv, "--distinct", 0),
			  .rate = option(argc, argv, "--rate", 0),
			  .name = option_text(argc, argv, "--name", "flood") };
	l.starts_s = option(argc, argv, "--starts", (int64_t)time(NULL) - 60);
	l.batch_min = option(argc, argv, "--batch-min", l.batch);
	if (l.port < 1 || l.alerts < 1 || l.batch_min < 1 || l.batch < l.batch_min ||
	    l.conn_count < 1 || l.conn_count > MOST_CONNS || l.distinct < 0 || l.rate < 0)
		die("usage",
		    "load --port N [--connections N] [--alerts N] [--batch N] ...; see load.c");
	write_time(l.ends, sizeof(l.ends), l.starts_s + LEASE_S);
	make_posts(&l);
	connect_all(&l);
	run(&l);
	double took_s = (double)(now_us() - l.start_us) / 1e6;
	times_sort(&l.times);
	(void)printf(
		"{\"alerts\":%lld,\"posts\":%zu,\"refused\":%lld,\"bytes\":%zu,\"seconds\":%.4f,"
		"\"alerts_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
		(long long)l.alerts, l.post_count, (long long)l.refused, l.len, took_s,
		(double)l.alerts / took_s, times_ms(&l.times, 0.5), times_ms(&l.times, 0.99),
		times_ms(&l.times, 1));
	return l.refused ? 3 : 0;
}
