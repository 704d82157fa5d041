/* SPDX-License-Identifier: Apache-2.0 */
/* alert: see alert.h. */
#include "intake/alert.h"

#include "base/when.h"
#include "intake/keyed.h"
#include "intake/labels.h"

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
	if (!j || (json_is_text(j) && !json_text(j).len))
		return 0; /* not set, as senders write it */
	if (!when_parse_iso8601(json_text(j), out))
		return err_field(e, key, "%s must be a time as in RFC 3339, not \"" STR_FMT "\".",
				 key, STR_ARG(str_clip(json_text(j), 40)));
	if (*out < 0)
		*out = 0; /* Go's zero time means: not set */
	return 0;
}

void alert_name(struct signal *s, const struct labels *labels, const struct labels *notes,
		struct arena *a)
{
	static const char *const service[] = { "service", "app", "job", NULL };
	static const char *const summary[] = { "summary", "message", "description", NULL };
	s->name = labels_get(labels, "alertname");
	if (!s->name.len)
		s->name = str_fmt(a, "alert %.8s", s->fingerprint.at);
	s->service = first_of(labels, service);
	s->summary = first_of(notes, summary);
	s->severity = labels_get(labels, "severity");
}

int alert_read(const struct json *alert, struct arena *a, struct signal *s, struct err *e)
{
	struct labels labels, notes;
	if (!json_is_object(alert))
		return err_refuse(e, ERR_BAD_INPUT, "an alert must be an object.");
	if (labels_read(json_get(alert, "labels"), "labels", a, &labels, e) != 0 ||
	    labels_read(json_get(alert, "annotations"), "annotations", a, &notes, e) != 0 ||
	    read_time(alert, "startsAt", &s->started_ms, e) != 0 ||
	    read_time(alert, "endsAt", &s->ends_ms, e) != 0)
		return -1;
	if (!labels.set.len)
		return err_field(e, "labels", "an alert needs at least one label.");
	s->fingerprint = labels_fingerprint(&labels, a);
	alert_name(s, &labels, &notes, a);
	s->labels = labels_json(&labels, a);
	s->annotations = labels_json(&notes, a);
	s->generator = json_text(json_get(alert, "generatorURL"));
	if (s->generator.len > LABEL_MAX_BYTES)
		s->generator = (struct str){ NULL,
					     0 }; /* no address; the alert counts all the same */
	return 0;
}

int alert_read_told(const struct intake_request *q, const struct json *j, struct arena *a,
		    struct signal *s, struct err *e)
{
	struct str status = json_text(json_get(j, "status")),
		   fingerprint = json_text(json_get(j, "fingerprint"));
	if (alert_read(j, a, s, e) != 0)
		return -1;
	if (!str_is(status, "firing") && !str_is(status, "resolved"))
		return err_field(e, "status", "status must be firing or resolved.");
	if (keyed_is_fingerprint(fingerprint))
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
