/* SPDX-License-Identifier: Apache-2.0 */
/* datadog: a webhook of Datadog (docs.datadoghq.com/integrations/webhooks). Its body is whatever its owner templated;
 * ours is datadog_payload, to be put into the webhook's Payload as it stands ("Encode as form" off). The key is the same
 * from the trigger to the recovery. A 4xx is not sent again. */
#include "intake/datadog.h"

#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source datadog_source;

const char datadog_payload[] =
	"{\"alert_cycle_key\": \"$ALERT_CYCLE_KEY\", \"alert_id\": \"$ALERT_ID\",\n"
	" \"alert_title\": \"$ALERT_TITLE\", \"alert_transition\": \"$ALERT_TRANSITION\",\n"
	" \"alert_type\": \"$ALERT_TYPE\", \"alert_priority\": \"$ALERT_PRIORITY\",\n"
	" \"alert_scope\": \"$ALERT_SCOPE\", \"alert_metric\": \"$ALERT_METRIC\",\n"
	" \"alert_query\": \"$ALERT_QUERY\", \"text_only_msg\": \"$TEXT_ONLY_MSG\",\n"
	" \"hostname\": \"$HOSTNAME\", \"link\": \"$LINK\", \"snapshot\": \"$SNAPSHOT\",\n"
	" \"tags\": \"$TAGS\", \"date\": \"$DATE\"}";

/* A variable that has nothing to say is empty, or stands as "null". */
static struct str value(const struct json *body, const char *name, struct arena *a)
{
	struct str s = path_text(body, str_of(name), a);
	return str_is(s, "null") ? (struct str){ NULL, 0 } : s;
}

/* Triggered, Re-Triggered, Warn, Re-Warn, No Data, Re-No Data, Renotify; Recovered. False: another word. */
static bool read_transition(struct str word, struct keyed *k)
{
	static const char *const firing[] = { "Triggered", "Re-Triggered", "Warn",    "Re-Warn",
					      "No Data",   "Re-No Data",   "Renotify" };
	k->state = str_eq_nocase(word, STR("Recovered")) ? KEYED_RESOLVED : KEYED_FIRING;
	for (size_t i = 0; i < sizeof(firing) / sizeof(firing[0]); i++)
		if (str_eq_nocase(word, str_of(firing[i])))
			return true;
	return k->state == KEYED_RESOLVED;
}

static int datadog_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
			struct err *e)
{
	static const char *const noted[] = { "alert_metric", "alert_query", "alert_scope",
					     "snapshot", NULL };
	struct json *body;
	struct keyed k = { 0 };
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	struct str transition = value(body, "alert_transition", a);
	k.key = value(body, "alert_cycle_key", a);
	k.title = value(body, "alert_title", a);
	if (!k.key.len || !k.title.len || !transition.len)
		return err_field(e, "alert_cycle_key",
				 "The webhook's payload must hold \"alert_cycle_key\": "
				 "\"$ALERT_CYCLE_KEY\", \"alert_title\": \"$ALERT_TITLE\" and "
				 "\"alert_transition\": \"$ALERT_TRANSITION\".");
	out->status = 200;
	if (!read_transition(transition, &k)) {
		intake_complain(out, a, "Kept; the transition \"" STR_FMT "\" changes no alert.",
				STR_ARG(str_clip(transition, 40)));
		return 0;
	}
	k.description = value(body, "text_only_msg", a);
	k.link = value(body, "link", a);
	k.severity = keyed_priority(value(body, "alert_priority", a));
	if (!k.severity.len)
		k.severity = value(body, "alert_type", a);
	k.at_ms = k.state == KEYED_FIRING ? keyed_time_of(value(body, "date", a)) : 0;
	keyed_add_tags(&k.labels, value(body, "tags", a), a);
	keyed_add_tags(&k.labels, value(body, "alert_scope", a), a);
	keyed_add(&k.labels, STR("hostname"), value(body, "hostname", a), a);
	keyed_add(&k.labels, STR("monitor"), value(body, "alert_id", a), a);
	for (size_t i = 0; noted[i]; i++)
		keyed_add(&k.notes, str_of(noted[i]), value(body, noted[i], a), a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, datadog_source.name, &k, a);
	return 0;
}

const struct source datadog_source = { .name = "datadog",
				       .label = "Datadog",
				       .read = datadog_read };
