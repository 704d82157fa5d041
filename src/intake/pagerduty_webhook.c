/* SPDX-License-Identifier: Apache-2.0 */
/* pagerduty_webhook: what a PagerDuty account sends about its incidents (generic webhooks v1 and v2: {"messages":[...]};
 * v3: {"event":{...}}). The incident's id is the key and its status says where it stands, whatever the event is called.
 * What is sent to a PagerDuty: pagerduty.c. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source pagerduty_webhook_source;

enum { MESSAGES_MAX = 100 };

static bool read_status(struct str status, struct keyed *k)
{
	bool is_acked = str_is(status, "acknowledged"), is_over = str_is(status, "resolved");
	k->state = is_over ? KEYED_RESOLVED : is_acked ? KEYED_ACKED : KEYED_FIRING;
	return is_acked || is_over || str_is(status, "triggered");
}

/* `incident` as one of the three versions writes it. */
static int read_incident(const struct json *incident, struct keyed *k, struct arena *a,
			 struct err *e)
{
	static const char *const title[] = { "title",
					     "trigger_summary_data.subject",
					     "trigger_summary_data.description",
					     "description",
					     "summary",
					     NULL };
	static const char *const service[] = { "service.name", "service.summary", NULL };
	static const char *const number[] = { "incident_number", "number", NULL };
	static const char *const began[] = { "created_at", "created_on", NULL };
	k->key = path_text(incident, STR("id"), a);
	if (!k->key.len)
		return err_refuse(e, ERR_BAD_INPUT, "a message without an incident.");
	if (!read_status(path_text(incident, STR("status"), a), k))
		return err_refuse(e, ERR_BAD_INPUT,
				  "the incident's status is none of triggered, acknowledged, "
				  "resolved.");
	k->title = keyed_first(incident, title, a);
	if (!k->title.len)
		k->title = str_fmt(a, "PagerDuty incident #" STR_FMT,
				   STR_ARG(keyed_first(incident, number, a)));
	k->service = keyed_first(incident, service, a);
	k->severity = keyed_priority(path_text(incident, STR("priority.summary"), a));
	if (!k->severity.len)
		k->severity = path_text(incident, STR("urgency"), a);
	k->link = path_text(incident, STR("html_url"), a);
	for (size_t i = 0; began[i] && !k->at_ms; i++)
		k->at_ms = keyed_time(json_get(incident, began[i]));
	keyed_add(&k->notes, STR("incident_number"), keyed_first(incident, number, a), a);
	keyed_add(&k->notes, STR("incident_key"), path_text(incident, STR("incident_key"), a), a);
	keyed_add(&k->notes, STR("escalation_policy"),
		  path_text(incident, STR("escalation_policy.name"), a), a);
	return 0;
}

static void take(const struct intake_request *q, const struct json *incident,
		 const struct json *ended, struct arena *a, struct intake_result *out)
{
	struct keyed k = { 0 };
	struct err e = { 0 };
	if (read_incident(incident, &k, a, &e) != 0) {
		intake_complain(out, a, "Kept, and no alert is changed: %s", e.text);
		return;
	}
	struct signal s = keyed_signal(q, pagerduty_webhook_source.name, &k, a);
	int64_t ended_ms = keyed_time(ended);
	if (!s.is_firing && ended_ms >= s.started_ms && ended_ms <= q->now_ms)
		s.ends_ms = ended_ms;
	*LIST_ADD(a, &out->signals) = s;
}

static int pagerduty_webhook_read(const struct intake_request *q, struct arena *a,
				  struct intake_result *out, struct err *e)
{
	struct json *body;
	size_t n = 0;
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	const struct json *messages = json_get(body, "messages"), *event = json_get(body, "event");
	out->status = 200;
	if (json_is_object(event) && json_is_object(json_get(event, "data"))) {
		take(q, json_get(event, "data"), json_get(event, "occurred_at"), a, out);
		return 0;
	}
	if (!json_is_array(messages))
		return err_field(e, "messages",
				 "messages must be a list, or event an object: is this a PagerDuty "
				 "webhook?");
	for (const struct json *m = json_first(messages); m; m = json_next(m)) {
		const struct json *first = path_get(m, STR("data.incident"));
		if (++n > MESSAGES_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d messages in one body.",
					  MESSAGES_MAX);
		take(q, first ? first : json_get(m, "incident"), json_get(m, "created_on"), a, out);
	}
	if (!n)
		intake_complain(out, a, "The list of messages is empty.");
	return 0;
}

const struct source pagerduty_webhook_source = { .name = "pagerduty_webhook",
						 .label = "PagerDuty webhooks",
						 .read = pagerduty_webhook_read };
