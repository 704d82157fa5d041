/* SPDX-License-Identifier: Apache-2.0 */
/* pagerduty_v1: the first Events API, `POST /generic/2010-04-15/create_event.json`, which old scripts and plugins still
 * speak. Version 2: pagerduty.c. */
#include "intake/pagerduty.h"
#include "intake/path.h"

extern const struct source pagerduty_v1_source;

static int pagerduty_v1_read(const struct intake_request *q, struct arena *a,
			     struct intake_result *out, struct err *e)
{
	struct json *body;
	struct keyed k = { 0 };
	if (intake_object(q, a, &body, e) != 0)
		return pagerduty_refuse(out, a, e->text);
	if (!pagerduty_action(path_text(body, STR("event_type"), a), &k))
		return pagerduty_refuse(out, a,
					"Event type must be one of: trigger, acknowledge, resolve");
	const struct json *details = json_get(body, "details");
	k.title = path_text(body, STR("description"), a);
	k.key = path_text(body, STR("incident_key"), a);
	k.link = path_text(body, STR("client_url"), a);
	k.service = path_text(details, STR("service"), a);
	k.severity = path_text(details, STR("severity"), a);
	keyed_add(&k.notes, STR("client"), path_text(body, STR("client"), a), a);
	keyed_add(&k.notes, STR("client_url"), k.link, a);
	if (json_is_object(details))
		keyed_add_members(&k.notes, details, a);
	else
		k.description = json_plain(details, a);
	pagerduty_links(&k, json_get(body, "contexts"), a);
	if (k.state == KEYED_FIRING && !k.title.len)
		return pagerduty_refuse(out, a, "Description is missing or blank");
	if (k.is_partial && !k.key.len)
		return pagerduty_refuse(out, a,
					"Incident key is missing or blank; it says which alert");
	out->status = 200;
	pagerduty_take(q, &k, "incident_key", a, out);
	return 0;
}

static struct str credential(const struct intake_request *q, struct arena *a)
{
	return intake_member(q, "service_key", a);
}

const struct source pagerduty_v1_source = { .name = "pagerduty_v1",
					    .label = "PagerDuty Events v1",
					    .read = pagerduty_v1_read,
					    .credential = credential };
