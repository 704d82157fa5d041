/* SPDX-License-Identifier: Apache-2.0 */
/* pagerduty_change: change events of PagerDuty's Events API v2, as Jenkins' plugin and Ansible's pagerduty_change send them
 * (PagerDuty/api-schema reference/events-v2, /v2/change/enqueue; ansible-collections/community.general
 * plugins/modules/pagerduty_change.py wants exactly 202, and 400 for the empty body of its check mode). They name no key:
 * what they say and their time do. */
#include "intake/news.h"
#include "intake/pagerduty.h"
#include "intake/path.h"

extern const struct source pagerduty_change_source;

/* github.com/acme/checkout.git -> checkout */
static struct str repository_name(struct str url)
{
	struct str part, name = { NULL, 0 };
	while (str_cut(&url, '/', &part))
		name = part.len ? part : name;
	return str_ends(name, STR(".git")) ? str_sub(name, 0, name.len - 4) : name;
}

static void read_details(const struct json *payload, struct change_news *n, struct arena *a)
{
	static const char *const service[] = { "custom_details.service",
					       "custom_details.service_name",
					       "custom_details.app",
					       "custom_details.application",
					       "custom_details.component",
					       "component",
					       NULL };
	static const char *const version[] = { "custom_details.version", "custom_details.revision",
					       "custom_details.tag", "custom_details.build_number",
					       NULL };
	static const char *const environment[] = { "custom_details.environment",
						   "custom_details.env", NULL };
	static const char *const who[] = { "custom_details.user", "custom_details.who",
					   "custom_details.author", NULL };
	static const char *const kind[] = { "custom_details.kind", "custom_details.type",
					    "custom_details.change_type", NULL };
	static const char *const state[] = { "custom_details.state", "custom_details.status",
					     "custom_details.result", NULL };
	static const char *const told[] = { "service",	 "service_name", "app",	 "application",
					    "component", "version",	 "tag",	 "environment",
					    "env",	 "user",	 "who",	 "author",
					    "kind",	 "change_type",	 "undo", "rollback",
					    NULL };
	const struct json *details = json_get(payload, "custom_details");
	n->service = keyed_first(payload, service, a);
	if (!n->service.len)
		n->service = repository_name(path_text(details, STR("repo"), a));
	n->version = keyed_first(payload, version, a);
	n->environment = keyed_first(payload, environment, a);
	n->who = keyed_first(payload, who, a);
	n->kind = CHANGE_DEPLOY;
	n->state = CHANGE_DONE;
	(void)!news_kind(keyed_first(payload, kind, a), &n->kind);
	(void)!news_state(keyed_first(payload, state, a), &n->state);
	(void)!json_bool(json_get(details, "rollback"), &n->is_rollback);
	n->undo = path_text(details, STR("undo"), a);
	n->differs = news_rest(details, told, a);
}

static int take(const struct intake_request *q, const struct json *body, struct arena *a,
		struct intake_result *out)
{
	const struct json *payload = json_get(body, "payload");
	int64_t at_ms = keyed_time(json_get(payload, "timestamp"));
	struct change_news n = { .title = path_text(payload, STR("summary"), a) };
	if (!n.title.len)
		return pagerduty_refuse(out, a, "'payload.summary' is missing or blank");
	read_details(payload, &n, a);
	n.began.ms = at_ms;
	n.ended.ms = n.state == CHANGE_RUNNING ? 0 : at_ms;
	n.link = path_text(body, STR("links.0.href"), a);
	/* a retry says the same; two builds that end in one second differ in something */
	n.key = news_mint(q, pagerduty_change_source.name, json_plain(payload, a), at_ms, a);
	news_add(q, pagerduty_change_source.name, &n, a, out);
	out->status = 202;
	out->reply = intake_reply(a, "status", STR("success"), "message",
				  STR("Change event processed"), NULL);
	return 0;
}

static int pagerduty_change_read(const struct intake_request *q, struct arena *a,
				 struct intake_result *out, struct err *e)
{
	struct json *body;
	if (intake_object(q, a, &body, e) != 0)
		return pagerduty_refuse(out, a, e->text);
	return take(q, body, a, out);
}

static struct str credential(const struct intake_request *q, struct arena *a)
{
	return intake_member(q, "routing_key", a);
}

const struct source pagerduty_change_source = {
	.name = "pagerduty_change",
	.label = "PagerDuty change events",
	.read = pagerduty_change_read,
	.credential = credential,
};
