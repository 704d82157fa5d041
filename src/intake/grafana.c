/* SPDX-License-Identifier: Apache-2.0 */
/* grafana: the webhook of Grafana's alerting (version "1": Alertmanager's shape and more; grafana/alerting
 * receivers/webhook/v1), and the one of dashboard alerts before Grafana 9 ({ruleId, ruleName, state, evalMatches}). */
#include "intake/alert.h"
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source grafana_source;

/* What Grafana adds to an alert of Alertmanager's, as annotations. */
static struct str notes_of(const struct json *alert, struct arena *a)
{
	static const char *const links[] = { "dashboardURL", "panelURL", "silenceURL", "imageURL",
					     "valueString",  "ruleUID",	 NULL };
	struct labels notes = { 0 };
	keyed_add_members(&notes, json_get(alert, "annotations"), a);
	for (size_t i = 0; links[i]; i++)
		keyed_add(&notes, str_of(links[i]), path_text(alert, str_of(links[i]), a), a);
	for (const struct json *v = json_first(json_get(alert, "values")); v; v = json_next(v))
		keyed_add(&notes, str_fmt(a, "value " STR_FMT, STR_ARG(json_key(v))),
			  json_plain(v, a), a);
	return labels_json(&notes, a);
}

/* Firing until it says otherwise, like Alertmanager's webhook. */
static int read_one(const struct intake_request *q, const struct json *j, struct arena *a,
		    struct signal *s, struct err *e)
{
	static const char *const pages[] = { "panelURL", "dashboardURL", NULL };
	if (alert_read_told(q, j, a, s, e) != 0)
		return -1;
	if (!s->generator.len)
		s->generator = str_clip(keyed_first(j, pages, a), LINK_MAX_BYTES);
	s->annotations = notes_of(j, a);
	return 0;
}

static int read_list(const struct intake_request *q, const struct json *alerts, struct arena *a,
		     struct intake_result *out, struct err *e)
{
	for (const struct json *j = json_first(alerts); j; j = json_next(j)) {
		struct signal s = { 0 };
		struct err bad = { 0 };
		if (out->signals.len == ALERTS_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d alerts in one body.",
					  ALERTS_MAX);
		if (read_one(q, j, a, &s, &bad) == 0)
			*LIST_ADD(a, &out->signals) = s;
		else
			intake_complain(out, a, "%s", bad.text);
	}
	if (!out->signals.len)
		intake_complain(out, a, "The list of alerts is empty.");
	return 0;
}

/* Before Grafana 9. A rule that has no data, or cannot be evaluated, is alerting too when its sender says so. */
static int read_legacy(const struct intake_request *q, const struct json *body, struct arena *a,
		       struct intake_result *out)
{
	static const char *const title[] = { "ruleName", "title", NULL };
	static const char *const severity[] = { "tags.severity", "tags.priority", NULL };
	static const char *const key[] = { "ruleId", "ruleName", "title", NULL };
	struct str state = path_text(body, STR("state"), a);
	struct keyed k = { .key = keyed_first(body, key, a),
			   .title = keyed_first(body, title, a),
			   .description = path_text(body, STR("message"), a),
			   .severity = keyed_first(body, severity, a),
			   .link = path_text(body, STR("ruleUrl"), a),
			   .state = str_is(state, "ok") ? KEYED_RESOLVED : KEYED_FIRING };
	if (!str_is(state, "alerting") && !str_is(state, "ok") && !str_is(state, "no_data")) {
		intake_complain(out, a, "Kept; the state \"" STR_FMT "\" changes no alert.",
				STR_ARG(str_clip(state, 40)));
		return 0;
	}
	keyed_add_members(&k.labels, json_get(body, "tags"), a);
	keyed_add(&k.notes, STR("imageUrl"), path_text(body, STR("imageUrl"), a), a);
	for (const struct json *m = json_first(json_get(body, "evalMatches")); m; m = json_next(m))
		keyed_add(&k.notes, path_text(m, STR("metric"), a), path_text(m, STR("value"), a),
			  a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, grafana_source.name, &k, a);
	return 0;
}

static int grafana_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
			struct err *e)
{
	struct json *body;
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	out->status = 200;
	if (json_is_array(json_get(body, "alerts")))
		return read_list(q, json_get(body, "alerts"), a, out, e);
	if (json_get(body, "ruleName") && json_is_text(json_get(body, "state")))
		return read_legacy(q, body, a, out);
	return err_field(e, "alerts", "alerts must be a list: is this a Grafana webhook?");
}

const struct source grafana_source = { .name = "grafana",
				       .label = "Grafana",
				       .read = grafana_read };
