/* SPDX-License-Identifier: Apache-2.0 */
/* intake_refuse: a refusal as the client of the sender's own service reads it, so that its log says why. */
#include "web/inside.h"
#include "web/intake.h"

static void add(struct buf *b, const char *before, const char *text)
{
	buf_z(b, before);
	buf_json(b, str_of(text));
}

static bool is_named(const struct source *s, const char *prefix)
{
	return str_starts(str_of(s->name), str_of(prefix));
}

/* PagerDuty's {status, message, errors}, Opsgenie's {message, took, requestId}, Sentry's {detail}, Grafana's {message},
 * Alertmanager's JSON text; false: none of its own. */
static bool own_shape(const struct source *source, const struct err *e, struct buf *b)
{
	if (is_named(source, "pagerduty")) {
		buf_fmt(b, "{\"status\":\"%s\"",
			e->code == ERR_SIGN_IN || e->code == ERR_FORBIDDEN ? "invalid key"
									   : "not taken");
		add(b, ",\"message\":", e->text);
		add(b, ",\"errors\":[", e->next[0] ? e->next : e->text);
		buf_z(b, "]}");
		return true;
	}
	if (is_named(source, "opsgenie")) {
		add(b, "{\"message\":", e->text);
		buf_z(b, ",\"took\":0.0,\"requestId\":\"\"}");
		return true;
	}
	if (is_named(source, "sentry_release") || is_named(source, "grafana_annotation")) {
		const char *name = is_named(source, "sentry") ? "detail" : "message";
		buf_fmt(b, "{\"%s\":", name);
		buf_json(b, str_fmt(b->arena, "%s%s%s", e->text, e->next[0] ? " " : "", e->next));
		buf_c(b, '}');
		return true;
	}
	if (is_named(source, "prometheus") || is_named(source, "alertmanager")) {
		buf_json(b, str_of(e->text));
		return true;
	}
	return false;
}

void intake_refuse(struct visit *v, const struct source *source, const struct err *e,
		   struct reply *r)
{
	struct buf b = BUF(v->arena);
	*r = reply_start(v->request, err_status(e->code));
	(void)reply_problem(v, e, r); /* with its headers: Retry-After, WWW-Authenticate */
	if (own_shape(source, e, &b))
		(void)reply_json(v, err_status(e->code), &b, r);
}
