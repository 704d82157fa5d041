/* SPDX-License-Identifier: Apache-2.0 */
/* wire: see wire.h. */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

_Noreturn void die(const char *what, const char *why)
{
	(void)fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(1);
}

int64_t now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void *room(size_t n, size_t bytes)
{
	void *p = calloc(n ? n : 1, bytes);
	if (!p)
		die("memory", strerror(errno));
	return p;
}

int wire_connect(int port, int is_blocking)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect", strerror(errno));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!is_blocking && fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		die("fcntl", strerror(errno));
	return fd;
}

/* The value of a header line in the head, or NULL. */
static const char *header(const char *at, const char *end, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = at; p && p + n < end; p = memmem(p, (size_t)(end - p), "\r\n", 2)) {
		if (*p == '\r')
			p += 2;
		if (p + n < end && strncasecmp(p, name, n) == 0)
			return p + n;
	}
	return NULL;
}

size_t wire_answer(const char *at, size_t len, int *status)
{
	const char *end = memmem(at, len, "\r\n\r\n", 4);
	if (!end)
		return 0;
	if (len < 12 || memcmp(at, "HTTP/1.", 7) != 0)
		die("answer", "this is no HTTP");
	*status = (int)strtol(at + 9, NULL, 10);
	size_t head = (size_t)(end - at) + 4;
	const char *length = header(at, end, "Content-Length:");
	if (length) {
		size_t whole = head + (size_t)strtoul(length, NULL, 10);
		return whole <= len ? whole : 0;
	}
	if (!header(at, end, "Transfer-Encoding:"))
		return head;
	const char *last = memmem(end, len - (size_t)(end - at), "\r\n0\r\n\r\n", 7);
	return last ? (size_t)(last - at) + 7 : 0;
}

static int by_size(const void *pa, const void *pb)
{
	const uint32_t *a = pa, *b = pb;
	return (*a > *b) - (*a < *b);
}

void times_sort(struct times *t)
{
	qsort(t->us, t->len, sizeof(*t->us), by_size);
}

double times_ms(const struct times *t, double part)
{
	if (!t->len)
		return 0;
	size_t i = (size_t)((double)t->len * part);
	return (double)t->us[i < t->len ? i : t->len - 1] / 1000.0;
}

const char *option_text(int argc, char **argv, const char *name, const char *fallback)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	return fallback;
}

int64_t option(int argc, char **argv, const char *name, int64_t fallback)
{
	char *end;
	const char *text = option_text(argc, argv, name, NULL);
	if (!text)
		return fallback;
	int64_t n = strtoll(text, &end, 10);
	if (*end)
		die(name, "wants a number");
	return n;
}
