/* SPDX-License-Identifier: Apache-2.0 */
/* web: everything that is asked over HTTP: pages, forms, the API, senders' doors, live streams. Knows no socket (net) and
 * no rule (core): it turns requests into commands and state into pages. */
#ifndef APLOMB_WEB_H
#define APLOMB_WEB_H
#include "engine/engine.h"
#include "net/addr.h"
#include "net/server.h"

struct web; /* thread-safe */

struct web_config {
	struct engine *engine; /* all borrowed until web_free */
	struct store *store;
	const struct world *world;
	const char *public_url;	    /* "https://aplomb.example", NULL = none */
	bool is_tls;		    /* we end TLS ourselves */
	bool is_loopback;	    /* only this machine can reach us: senders need no token then */
	const struct addr *proxies; /* whose X-Forwarded-For and -Proto are believed */
	size_t proxies_len;
};
int web_new(const struct web_config *, struct web **, struct err *) MUST_USE;
void web_free(struct web **);
/* Fills ctx and the callbacks; the numbers (port, loops, workers) are the caller's. */
void web_server_config(struct web *, struct server_config *);
/* Whose connections /metrics tells; before traffic. */
void web_counts(struct web *, struct server *);
/* The one-time token of /welcome while nobody could sign in with a password; empty afterwards. A new one at each start. */
int web_setup_token(struct web *, struct arena *, struct str *, struct err *) MUST_USE;
#endif
