/* SPDX-License-Identifier: Apache-2.0 */
/* alertmanager: its webhook (docs/configuration.md <webhook_config>, notify/webhook/webhook.go). Each alert carries
 * Alertmanager's own fingerprint; a group that grows is told again with all of its alerts. What is posted to the API of
 * an Alertmanager: prometheus.c. */
#include "intake/alert.h"

extern const struct source alertmanager_source;

static bool is_fingerprint(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (hex_value(s.at[i]) < 0)
			return false;
	return s.len == 16;
}

/* Firing until it says otherwise: unlike Prometheus, it tells again only after hours, so that a lease would lie. */
static int read_one(const struct intake_request *q, const struct json *j, struct arena *a,
		    struct signal *s, struct err *e)
{
	struct str status = json_text(json_get(j, "status")),
		   fingerprint = json_text(json_get(j, "fingerprint"));
	if (alert_read(j, a, s, e) != 0)
		return -1;
	if (!str_is(status, "firing") && !str_is(status, "resolved"))
		return err_field(e, "status", "status must be firing or resolved.");
	if (is_fingerprint(fingerprint))
		s->fingerprint = fingerprint;
	s->is_firing = str_is(status, "firing");
	if (!s->started_ms)
		s->started_ms = q->now_ms;
	if (s->is_firing)
		s->ends_ms = 0;
	else if (!s->ends_ms)
		s->ends_ms = q->now_ms;
	return 0;
}

static int alertmanager_read(const struct intake_request *q, struct arena *a,
			     struct intake_result *out, struct err *e)
{
	struct json *body;
	if (json_parse_lax(a, q->body, &body, e) != 0)
		return -1;
	const struct json *alerts = json_get(body, "alerts");
	if (!json_is_array(alerts))
		return err_field(e, "alerts",
				 "alerts must be a list: is this an Alertmanager webhook?");
	out->status = 200;
	for (const struct json *j = json_first(alerts); j; j = json_next(j)) {
		struct signal s = { 0 };
		if (out->signals.len == ALERTS_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d alerts in one body.",
					  ALERTS_MAX);
		/* a 4xx is never sent again: one bad alert must not lose the others */
		struct err bad = { 0 };
		if (read_one(q, j, a, &s, &bad) == 0)
			*LIST_ADD(a, &out->signals) = s;
		else if (!out->complaint.len)
			out->complaint = str_copy(a, str_of(bad.text));
	}
	return 0;
}

const struct source alertmanager_source = { "alertmanager", "Alertmanager", alertmanager_read,
					    NULL };
