/* SPDX-License-Identifier: Apache-2.0 */
/* inside: what web keeps between requests, and the handlers of routes.def. */
#ifndef APLOMB_WEB_INSIDE_H
#define APLOMB_WEB_INSIDE_H
#include <pthread.h>
#include <semaphore.h>

#include "web/metrics.h"
#include "web/visit.h"

enum {
	SENDER_BYTES = 8 << 20,
	FORM_BYTES = 1 << 20,
	BLOB_BYTES = 64 << 20,
	EVIDENCE_BYTES = 65 << 20, /* a form with a file in it */
	HASHERS = 2, /* passwords are slow on purpose: so many at a time, the rest waits */
};

/* A bucket of tries by login and address: 20 a minute, as many at once. */
enum {
	TRY_SLOTS = 4096,
	TRIES_A_MINUTE = 20,
	TRY_UNIT = 1000 /* a try, so that parts of one add up */
};
struct try_slot {
	int64_t at_ms, left;
};

struct web {
	struct web_config config;
	int64_t started_ms;
	struct sha256 setup; /* hash of the one-time token; has_setup while nobody can sign in */
	bool has_setup;
	pthread_mutex_t lock; /* guards tries, setup, has_setup */
	struct try_slot tries[TRY_SLOTS];
	unsigned char try_secret[32];
	sem_t hashers;
	struct metrics metrics;
	char instance[17]; /* hex, new at each start: doctor knows us by it */
};

/* False when this login from this address has to wait. */
bool web_may_try(struct web *, struct str login, struct str peer, int64_t now_ms);

#define ROUTE(method, path, handler, right, scope, limit, traits) handle_fn handler;
#include "web/routes.def"
#undef ROUTE
/* proxy.c: the address that asks, and whether it came over https, as far as a proxy we trust says. */
struct str proxy_client(const struct web_config *, const struct request *);
bool proxy_says_https(const struct web_config *, const struct request *);

int page_error(struct visit *, const struct err *, struct reply *);
/* A handler that has answered, or will, by itself. */
enum { ANSWERED = 1 };
#endif
