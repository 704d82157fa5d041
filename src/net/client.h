/* SPDX-License-Identifier: Apache-2.0 */
/* client: a small blocking HTTP client (libcurl) for the command line: one request at a time, no
 * redirects, no proxy surprises. Sending pages is not its work. */
#ifndef APLOMB_CLIENT_H
#define APLOMB_CLIENT_H
#include "base/err.h"
#include "base/list.h"
#include "net/head.h"

enum {
	CLIENT_CONNECT_MS = 5000,
	CLIENT_TIMEOUT_MS = 30000,	   /* whole request, where nothing else is asked */
	CLIENT_SILENCE_S = 45,		   /* a stream's heartbeat comes each 15 s */
	CLIENT_MAX_REPLY_BYTES = 64 << 20, /* an export of a large incident is a few MB */
	CLIENT_MAX_LINE_BYTES = 1 << 20,   /* one line of a stream */
};

struct client; /* keeps its connection between requests; one thread at a time */

struct client_config {
	const char *agent;	 /* User-Agent; NULL = "aplomb" */
	const char *ca_file;	 /* PEM: trusted besides the system's; NULL = those alone */
	const char *unix_socket; /* path of a socket to speak through; NULL = TCP */
	int64_t timeout_ms;	 /* 0 = CLIENT_TIMEOUT_MS */
};
int client_new(const struct client_config *, struct client **, struct err *) MUST_USE;
void client_free(struct client **); /* sets NULL */

struct client_ask {
	const char *method, *url; /* http: or https: */
	const struct header *headers;
	size_t headers_len;
	struct str body;    /* empty = none is sent, but for POST, PUT and PATCH */
	int64_t timeout_ms; /* 0 = the client's */
};
struct client_reply {
	int status;
	struct str body; /* in the arena */
	LIST_OF(struct header) headers;
};
struct str client_reply_header(const struct client_reply *,
			       const char *name); /* empty when absent */

/* 0 with any status the server gave. Fails with ERR_UNREACHABLE (no connection, deadline, broken off, a certificate
 * that is not trusted) or ERR_USAGE (an address or a ca_file it cannot read). */
int client_request(struct client *, const struct client_ask *, struct arena *,
		   struct client_reply *, struct err *) MUST_USE;

struct client_stream {
	struct str last_event_id; /* sent as Last-Event-ID unless empty */
	/* Each line without its end, empty ones too; false = enough. */
	bool (*line)(void *ctx, struct str line);
	/* Asked about once a second; true = enough. May be NULL. */
	bool (*is_over)(void *ctx);
	void *ctx;
	struct arena *arena; /* for the reply */
};
/* Reads a stream of events until `line` or `is_over` has enough or the server ends it: 0. With a status other
 * than 200 the reply holds the body and `line` is never called. No whole deadline; ERR_UNREACHABLE after
 * CLIENT_SILENCE_S without a byte, or when broken off. */
int client_stream(struct client *, const struct client_ask *, const struct client_stream *,
		  struct client_reply *, struct err *) MUST_USE;
#endif
