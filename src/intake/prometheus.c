/* SPDX-License-Identifier: Apache-2.0 */
/* prometheus: what Prometheus, vmalert and amtool send to an Alertmanager, `POST /api/v2/alerts`
 * (prometheus/alertmanager api/v2/api.go). Alertmanager's own webhook is another source. */
#include "base/when.h"
#include "intake/labels.h"
#include "intake/source.h"

extern const struct source prometheus_source;

enum { ALERTS_MAX = 20000 }; /* a body of 8 MB holds fewer that mean something */

static struct str first_of(const struct labels *l, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		struct str v = labels_get(l, names[i]);
		if (v.len)
			return v;
	}
	return (struct str){ NULL, 0 };
}

static int read_time(const struct json *alert, const char *key, int64_t *out, struct err *e)
{
	const struct json *j = json_get(alert, key);
	*out = 0;
	if (!j)
		return 0;
	if (!when_parse_rfc3339(json_text(j), out))
		return err_field(e, key, "%s must be a time as in RFC 3339, not \"" STR_FMT "\".", key,
		                 STR_ARG(str_clip(json_text(j), 40)));
	if (*out < 0)
		*out = 0; /* Go's zero time means: not set */
	return 0;
}

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

static int read_alert(const struct intake_request *q, const struct json *alert, struct arena *a, struct signal *s,
                      struct err *e)
{
	static const char *const service[] = { "service", "app", "job", NULL };
	static const char *const summary[] = { "summary", "message", "description", NULL };
	struct labels labels, notes;
	if (!json_is_object(alert))
		return err_refuse(e, ERR_BAD_INPUT, "an alert must be an object.");
	if (labels_read(json_get(alert, "labels"), "labels", a, &labels, e) != 0 ||
	    labels_read(json_get(alert, "annotations"), "annotations", a, &notes, e) != 0 ||
	    read_time(alert, "startsAt", &s->started_ms, e) != 0 || read_time(alert, "endsAt", &s->ends_ms, e) != 0)
		return -1;
	if (!labels.set.len)
		return err_field(e, "labels", "an alert needs at least one label.");
	s->fingerprint = labels_fingerprint(&labels, a);
	s->labels = labels_json(&labels, a);
	s->annotations = labels_json(&notes, a);
	s->name = labels_get(&labels, "alertname");
	if (!s->name.len)
		s->name = str_fmt(a, "alert %.8s", s->fingerprint.at);
	s->service = first_of(&labels, service);
	s->summary = first_of(&notes, summary);
	s->severity = labels_get(&labels, "severity");
	s->generator = json_text(json_get(alert, "generatorURL"));
	return settle_times(q, s, e);
}

static int prometheus_read(const struct intake_request *q, struct arena *a, struct intake_result *out, struct err *e)
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
			return err_refuse(e, ERR_TOO_LARGE, "At most %d alerts in one body.", ALERTS_MAX);
		if (read_alert(q, j, a, &s, &bad) == 0) {
			*LIST_ADD(a, &out->signals) = s;
		} else if (out->status == 200) {
			/* the valid ones are kept all the same; the sender hears of the first that is not */
			out->status = 400;
			out->complaint = str_fmt(a, "alert %zu: %s", n, bad.text);
		}
	}
	return 0;
}

const struct source prometheus_source = { "prometheus", "Prometheus", prometheus_read };
