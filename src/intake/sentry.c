/* SPDX-License-Identifier: Apache-2.0 */
/* sentry: webhooks of a Sentry integration (docs.sentry.io, integration platform, webhooks): issue alerts (event_alert),
 * metric alerts and issues. The header Sentry-Hook-Resource says which. An issue's id is the key, so that its
 * "resolved" closes what an issue alert opened. Whether the bytes are Sentry's own (Sentry-Hook-Signature) is for the
 * door to say, which has the secret. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source sentry_source;

enum outcome { TAKEN, NOTHING_CHANGES, UNREADABLE };

static void read_project(const struct json *j, struct keyed *k, struct arena *a)
{
	static const char *const project[] = { "project.slug", "project.name", "project_slug",
					       "projects.0", NULL };
	static const char *const facts[] = { "culprit",	 "environment", "platform",
					     "location", "shortId",	NULL };
	k->service = keyed_first(j, project, a);
	for (size_t i = 0; facts[i]; i++)
		keyed_add(&k->notes, str_of(facts[i]), path_text(j, str_of(facts[i]), a), a);
}

/* The tags of an event are pairs: [["environment","prod"], ...]. */
static void read_tags(const struct json *tags, struct keyed *k, struct arena *a)
{
	if (json_is_array(tags))
		for (const struct json *t = json_first(tags); t; t = json_next(t))
			keyed_add(&k->labels, path_text(t, STR("0"), a), path_text(t, STR("1"), a),
				  a);
}

static enum outcome read_event_alert(const struct json *data, struct keyed *k, struct arena *a)
{
	static const char *const link[] = { "web_url", "url", NULL };
	const struct json *event = json_get(data, "event");
	k->key = path_text(event, STR("issue_id"), a);
	k->title = path_text(event, STR("title"), a);
	k->severity = path_text(event, STR("level"), a);
	k->link = keyed_first(event, link, a);
	k->at_ms = keyed_time(json_get(event, "datetime"));
	k->description = path_text(data, STR("triggered_rule"), a);
	read_tags(json_get(event, "tags"), k, a);
	read_project(event, k, a);
	if (!k->service.len)
		k->service = labels_get(&k->labels, "service");
	return k->key.len && k->title.len ? TAKEN : UNREADABLE;
}

static enum outcome read_issue(const struct json *data, struct str action, struct keyed *k,
			       struct arena *a)
{
	static const char *const link[] = { "web_url", "permalink", "url", NULL };
	const struct json *issue = json_get(data, "issue");
	bool is_over = str_is(action, "resolved");
	k->key = path_text(issue, STR("id"), a);
	k->title = path_text(issue, STR("title"), a);
	k->severity = path_text(issue, STR("level"), a);
	k->link = keyed_first(issue, link, a);
	k->state = is_over ? KEYED_RESOLVED : KEYED_FIRING;
	k->at_ms = is_over ? 0 : keyed_time(json_get(issue, "firstSeen"));
	read_project(issue, k, a);
	if (!k->key.len || !k->title.len)
		return UNREADABLE;
	return is_over || str_is(action, "created") || str_is(action, "unresolved")
		       ? TAKEN
		       : NOTHING_CHANGES;
}

static enum outcome read_metric_alert(const struct json *data, struct str action, struct keyed *k,
				      struct arena *a)
{
	static const char *const title[] = { "metric_alert.alert_rule.name", "metric_alert.title",
					     "description_title", NULL };
	const struct json *alert = json_get(data, "metric_alert");
	struct str id = path_text(alert, STR("id"), a);
	bool is_over = str_is(action, "resolved");
	k->key = str_fmt(a, "metric " STR_FMT, STR_ARG(id)); /* its ids are not those of issues */
	k->title = keyed_first(data, title, a);
	k->severity = is_over ? (struct str){ NULL, 0 } : action;
	k->description = path_text(data, STR("description_text"), a);
	k->link = path_text(data, STR("web_url"), a);
	k->state = is_over ? KEYED_RESOLVED : KEYED_FIRING;
	k->at_ms = is_over ? 0 : keyed_time(json_get(alert, "date_started"));
	read_project(alert, k, a);
	if (!id.len || !k->title.len)
		return UNREADABLE;
	return is_over || str_is(action, "critical") || str_is(action, "warning") ? TAKEN
										  : NOTHING_CHANGES;
}

static enum outcome read_resource(struct str resource, const struct json *body, struct keyed *k,
				  struct arena *a)
{
	const struct json *data = json_get(body, "data");
	struct str action = path_text(body, STR("action"), a);
	if (str_is(resource, "event_alert"))
		return read_event_alert(data, k, a);
	if (str_is(resource, "issue"))
		return read_issue(data, action, k, a);
	if (str_is(resource, "metric_alert"))
		return read_metric_alert(data, action, k, a);
	return NOTHING_CHANGES; /* installation, error, comment ... */
}

static int sentry_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
		       struct err *e)
{
	struct json *body;
	struct keyed k = { 0 };
	struct str resource = str_trim(intake_header_of(q, "Sentry-Hook-Resource"));
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	if (!resource.len)
		return err_field(e, "Sentry-Hook-Resource",
				 "The header Sentry-Hook-Resource is missing: is this a webhook of "
				 "Sentry?");
	out->status = 200;
	switch (read_resource(resource, body, &k, a)) {
	case TAKEN:
		*LIST_ADD(a, &out->signals) = keyed_signal(q, sentry_source.name, &k, a);
		return 0;
	case NOTHING_CHANGES:
		intake_complain(out, a, "Kept; " STR_FMT " " STR_FMT " changes no alert.",
				STR_ARG(str_clip(resource, 40)),
				STR_ARG(str_clip(path_text(body, STR("action"), a), 40)));
		return 0;
	case UNREADABLE:
		break;
	}
	return err_field(e, "data", "data has no " STR_FMT " with an id and a title.",
			 STR_ARG(str_clip(resource, 40)));
}

const struct source sentry_source = { .name = "sentry", .label = "Sentry", .read = sentry_read };
