/* SPDX-License-Identifier: Apache-2.0 */
/* metrics: counting; see metrics.h. How it looks to Prometheus: metrics_page.c. */
#include "web/metrics.h"

#include "web/inside.h"
#include "world/log.h"

static enum request_class class_of(const struct route *route, struct str path)
{
	if (!route)
		return CLASS_NONE;
	if (route->scope == SCOPE_INTAKE)
		return CLASS_INTAKE;
	if (str_starts(path, STR("/api/")))
		return CLASS_API;
	if (str_is(path, "/events"))
		return CLASS_LIVE;
	if (str_starts(path, STR("/-/")) || str_is(path, "/metrics") || (route->traits & ON_LOOP))
		return CLASS_MACHINE;
	return CLASS_PAGE;
}

static void add(_Atomic int64_t *n, int64_t more)
{
	(void)atomic_fetch_add_explicit(n, more, memory_order_relaxed);
}

/* The query stays out: a sender's key may be in it. */
static void say_access(const struct web *w, const struct request *q, const struct visit *v,
		       int status)
{
	const struct world *world = w->config.world;
	if (!log_wants(world, SAY_DEBUG))
		return;
	log_say(world, SAY_DEBUG, "answered",
		(struct say_pair[]){
			SAY_TEXT("method", q->method), SAY_TEXT("path", str_clip(q->path, 200)),
			SAY_NUMBER("status", status), SAY_TEXT("client", v ? v->peer : q->peer),
			SAY_TEXT("user", v ? v->user : (struct str){ 0 }),
			v ? SAY_NUMBER("took_ms", world->now_ms(world) - v->now_ms) : SAY_END,
			SAY_END });
}

void metrics_answered(void *ctx, const struct call *call, int status)
{
	struct web *w = ctx;
	const struct request *q = call_request(call);
	const struct visit *v = call_get(call);
	enum request_class c = class_of(v ? v->route : NULL, q->path);
	if (status >= 100 && status < METRIC_STATUSES * 100)
		add(&w->metrics.requests[c][status / 100], 1);
	say_access(w, q, v, status);
}

static enum intake_end end_of(const struct delivery *d, bool has_failed)
{
	if (has_failed)
		return INTAKE_FAILED;
	if (d->rejected.len)
		return INTAKE_REJECTED;
	return d->row.id ? INTAKE_KEPT : INTAKE_REPEAT;
}

void metrics_delivery(struct web *w, const struct delivery *d, bool has_failed)
{
	enum intake_end end = end_of(d, has_failed);
	for (size_t i = 0; i < METRIC_SOURCES && sources[i]; i++) {
		if (!str_is(str_of(d->source), sources[i]->name))
			continue;
		add(&w->metrics.bodies[i][end], 1);
		add(&w->metrics.signals[i][end], (int64_t)d->result.signals.len);
	}
}
