/* SPDX-License-Identifier: Apache-2.0 */
/* pagerduty: the Events API v2 as its clients speak it (PagerDuty/api-schema reference/events-v2; go-pagerduty
 * event_v2.go wants exactly 202). Version 1: pagerduty_v1.c. What PagerDuty itself sends: pagerduty_webhook.c. */
#include "intake/pagerduty.h"

#include "intake/path.h"

extern const struct source pagerduty_source;

bool pagerduty_action(struct str word, struct keyed *k)
{
	bool is_ack = str_is(word, "acknowledge"), is_resolve = str_is(word, "resolve");
	k->state = is_resolve ? KEYED_RESOLVED : is_ack ? KEYED_ACKED : KEYED_FIRING;
	k->is_partial = is_ack || is_resolve;
	return k->is_partial || str_is(word, "trigger");
}

static void add_link(struct keyed *k, const struct json *link, size_t number, struct arena *a)
{
	static const char *const address[] = { "href", "src", NULL };
	static const char *const words[] = { "text", "alt", NULL };
	struct str to = keyed_first(link, address, a), name = keyed_first(link, words, a);
	if (!name.len)
		name = str_fmt(a, "link %zu", number);
	if (!k->link.len)
		k->link = path_text(link, STR("href"), a);
	keyed_add(&k->notes, name, to, a);
}

void pagerduty_links(struct keyed *k, const struct json *list, struct arena *a)
{
	size_t n = 0;
	if (json_is_array(list))
		for (const struct json *c = json_first(list); c && n < FACTS_MAX; c = json_next(c))
			add_link(k, c, ++n, a);
}

int pagerduty_refuse(struct intake_result *out, struct arena *a, const char *why)
{
	struct buf b = BUF(a);
	buf_z(&b,
	      "{\"status\":\"invalid event\",\"message\":\"Event object is invalid\",\"errors\":[");
	buf_json(&b, str_of(why));
	buf_z(&b, "]}");
	out->status = 400;
	out->reply = buf_str(&b);
	intake_complain(out, a, "%s", why);
	return 0;
}

void pagerduty_take(const struct intake_request *q, struct keyed *k, const char *key_name,
		    struct arena *a, struct intake_result *out)
{
	if (!k->key.len)
		k->key = keyed_mint(q, a);
	/* both versions of the API share the keys of an integration */
	*LIST_ADD(a, &out->signals) = keyed_signal(q, pagerduty_source.name, k, a);
	out->reply = intake_reply(a, "status", STR("success"), "message", STR("Event processed"),
				  key_name, k->key, NULL);
}

static void read_payload(const struct json *body, struct keyed *k, struct arena *a)
{
	static const char *const service[] = { "payload.custom_details.service",
					       "payload.component", "payload.group", NULL };
	static const char *const place[] = { "source", "component", "group", "class", NULL };
	static const char *const own[] = { "client", "client_url", NULL };
	const struct json *payload = json_get(body, "payload"),
			  *details = json_get(payload, "custom_details");
	k->title = path_text(payload, STR("summary"), a);
	k->severity = path_text(payload, STR("severity"), a);
	k->service = keyed_first(body, service, a);
	k->link = path_text(body, STR("client_url"), a);
	k->at_ms = k->state == KEYED_FIRING ? keyed_time(json_get(payload, "timestamp")) : 0;
	for (size_t i = 0; place[i]; i++)
		keyed_add(&k->labels, str_of(place[i]), path_text(payload, str_of(place[i]), a), a);
	for (size_t i = 0; own[i]; i++)
		keyed_add(&k->notes, str_of(own[i]), path_text(body, str_of(own[i]), a), a);
	if (json_is_object(details))
		keyed_add_members(&k->notes, details, a);
	else
		k->description = json_plain(details, a);
	pagerduty_links(k, json_get(body, "links"), a);
	pagerduty_links(k, json_get(body, "images"), a);
}

static int pagerduty_read(const struct intake_request *q, struct arena *a,
			  struct intake_result *out, struct err *e)
{
	struct json *body;
	struct keyed k = { 0 };
	if (intake_object(q, a, &body, e) != 0)
		return pagerduty_refuse(out, a, e->text);
	if (!pagerduty_action(path_text(body, STR("event_action"), a), &k))
		return pagerduty_refuse(
			out, a, "'event_action' must be one of: trigger, acknowledge, resolve");
	read_payload(body, &k, a);
	k.key = path_text(body, STR("dedup_key"), a);
	if (k.state == KEYED_FIRING && !k.title.len)
		return pagerduty_refuse(out, a, "'payload.summary' is missing or blank");
	if (k.is_partial && !k.key.len)
		return pagerduty_refuse(out, a,
					"'dedup_key' is missing or blank; it says which alert");
	out->status = 202;
	pagerduty_take(q, &k, "dedup_key", a, out);
	return 0;
}

static struct str credential(const struct intake_request *q, struct arena *a)
{
	return intake_member(q, "routing_key", a);
}

const struct source pagerduty_source = { .name = "pagerduty",
					 .label = "PagerDuty Events v2",
					 .read = pagerduty_read,
					 .credential = credential };
