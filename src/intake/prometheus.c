/* SPDX-License-Identifier: Apache-2.0 */
/* prometheus: what Prometheus, vmalert and amtool send to an Alertmanager, `POST /api/v2/alerts`
 * (prometheus/alertmanager api/v2/api.go). Alertmanager's own webhook is another source. */
#include "intake/alert.h"

extern const struct source prometheus_source;

/* No start: now, or the end when only that is given. No end: a lease of ours. An end that has passed: resolved. */
static int settle_times(const struct intake_request *q, struct signal *s, struct err *e)
{
	if (!s->started_ms)
		s->started_ms = s->ends_ms && s->ends_ms < q->now_ms ? s->ends_ms : q->now_ms;
	if (!s->ends_ms) {
		s->ends_ms = q->now_ms + q->resolve_timeout_ms;
		s->by_timeout = true;
	}
	if (s->ends_ms < s->started_ms)
		return err_field(e, "endsAt", "endsAt lies before startsAt.");
	s->is_firing = s->ends_ms > q->now_ms;
	return 0;
}

static int prometheus_read(const struct intake_request *q, struct arena *a,
			   struct intake_result *out, struct err *e)
{
	struct json *body;
	if (json_parse_lax(a, q->body, &body, e) != 0)
		return -1;
	if (!json_is_array(body))
		return err_refuse(e, ERR_BAD_INPUT, "The body must be an array of alerts.");
	out->status = 200;
	size_t n = 0;
	for (const struct json *j = json_first(body); j; j = json_next(j), n++) {
		struct err bad = { 0 };
		struct signal s = { 0 };
		if (n == ALERTS_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d alerts in one body.",
					  ALERTS_MAX);
		if (alert_read(j, a, &s, &bad) == 0 && settle_times(q, &s, &bad) == 0) {
			*LIST_ADD(a, &out->signals) = s;
		} else if (out->status == 200) {
			/* the valid ones are kept all the same; the sender hears of the first that is not */
			out->status = 400;
			out->complaint = str_fmt(a, "alert %zu: %s", n, bad.text);
		}
	}
	return 0;
}

const struct source prometheus_source = { .name = "prometheus",
					  .label = "Prometheus",
					  .read = prometheus_read };
