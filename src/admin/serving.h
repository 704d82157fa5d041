/* SPDX-License-Identifier: Apache-2.0 */
/* serving: what `aplomb serve` holds while it runs: serve.c starts and stops it, serve_wait.c looks after it in between. */
#ifndef APLOMB_SERVING_H
#define APLOMB_SERVING_H
#include "admin/gate_courier.h"
#include "admin/settings.h"
#include "net/server.h"
#include "net/tls.h"
#include "web/web.h"
#include "world/log.h"

struct serving {
	struct arena arena; /* settings and what is made of them */
	struct world world;
	struct settings_load load; /* as it was started, but for what a reload changed */
	struct listen_at at;
	struct store *store;
	struct engine *engine;
	struct web *web;
	struct gate_courier *gate_courier;
	struct tls *tls; /* NULL = plain http */
	struct server *server;
	struct server *operate; /* the socket in the data folder, for verify and rebuild */
	int listen_fd;		/* of a service manager; 0 = none */
};
/* Until SIGTERM or SIGINT, which must be blocked in every thread: SIGHUP reads the settings anew, the watchdog is told of us
 * while the writer answers. */
void serve_wait(struct serving *);
/* What the engine reads from the store: the setting inbox_days, an int64_t. For engine_write, or before there is an
 * engine. */
int serve_keep_days(struct db *, void *days, struct err *) MUST_USE;
void serve_say(const struct serving *, enum say_level, const char *msg, struct str detail);
#endif
