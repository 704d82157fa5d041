/* SPDX-License-Identifier: Apache-2.0 */
/* alertmanager: its webhook (docs/configuration.md <webhook_config>, notify/webhook/webhook.go). Each alert carries
 * Alertmanager's own fingerprint; a group that grows is told again with all of its alerts. What is posted to the API of
 * an Alertmanager: prometheus.c. */
#include "intake/alert.h"

extern const struct source alertmanager_source;

/* What the sender left out is nowhere else to be seen: not here, and not in its answer. */
static void note_cut(const struct json *body, struct arena *a, struct intake_result *out)
{
	int64_t cut = 0;
	if (json_int(json_get(body, "truncatedAlerts"), &cut) && cut > 0 && !out->complaint.len)
		out->complaint = str_fmt(
			a,
			"Alertmanager left %lld more alerts of this group out: its "
			"webhook_configs has a max_alerts. Look there for the others.",
			(long long)cut);
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
		if (alert_read_told(q, j, a, &s, &bad) == 0)
			*LIST_ADD(a, &out->signals) = s;
		else if (!out->complaint.len)
			out->complaint = str_copy(a, str_of(bad.text));
	}
	note_cut(body, a, out);
	return 0;
}

const struct source alertmanager_source = { .name = "alertmanager",
					    .label = "Alertmanager",
					    .read = alertmanager_read };
