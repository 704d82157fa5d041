/* SPDX-License-Identifier: Apache-2.0 */
/* metrics: what web counts of its requests and senders, and /metrics, which tells it together with what engine, server
 * and kernel count. Every label has a fixed set of values. */
#ifndef APLOMB_WEB_METRICS_H
#define APLOMB_WEB_METRICS_H
#include <stdatomic.h>

#include "engine/engine.h"
#include "net/server.h"

enum request_class {
	CLASS_INTAKE,
	CLASS_API,
	CLASS_PAGE,
	CLASS_LIVE,    /* streams of events */
	CLASS_MACHINE, /* health, metrics, style sheets */
	CLASS_NONE,    /* no route fits, or it could not be read */
	CLASS_COUNT
};
enum intake_end {
	INTAKE_KEPT,	 /* something was new: it is in the inbox */
	INTAKE_REPEAT,	 /* it changed nothing */
	INTAKE_REJECTED, /* kept, but nothing in it could be used */
	INTAKE_FAILED,	 /* the disk refused or the queue was full: the sender must send it again */
	INTAKE_ENDS
};
enum { METRIC_SOURCES = 64, METRIC_STATUSES = 6 };

struct metrics {
	_Atomic int64_t requests[CLASS_COUNT][METRIC_STATUSES]; /* by hundreds of the status */
	_Atomic int64_t bodies[METRIC_SOURCES][INTAKE_ENDS];	/* by place in sources[] */
	_Atomic int64_t signals[METRIC_SOURCES][INTAKE_ENDS];
	_Atomic(struct server *) server; /* NULL = none yet */
};
struct web;
struct visit;
/* server_config.answered: counts it, and says it where the log wants to know. */
void metrics_answered(void *web, const struct call *, int status);
void metrics_delivery(struct web *, const struct delivery *, bool has_failed);
#endif
