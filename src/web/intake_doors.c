/* SPDX-License-Identifier: Apache-2.0 */
/* intake_doors: the paths at which senders deliver: /in/SOURCE, and those that a client has built in. */
#include "base/when.h"
#include "intake/cloudevents.h"
#include "intake/opsgenie.h"
#include "web/inside.h"
#include "web/intake.h"

static int take_as(struct visit *v, const char *source, struct str tail, struct reply *r,
		   struct err *e)
{
	return intake_take(v, source_find(str_of(source)), tail, r, e);
}

int intake_prometheus(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "prometheus", (struct str){ 0 }, r, e);
}

int intake_alertmanager(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "alertmanager", (struct str){ 0 }, r, e);
}

int intake_any(struct visit *v, struct reply *r, struct err *e)
{
	const struct source *source = source_find(v->arg[0]);
	if (source)
		return intake_take(v, source, v->arg[1], r, e);
	struct buf known = BUF(v->arena);
	for (size_t i = 0; sources[i]; i++)
		buf_fmt(&known, "%s%s", i ? ", " : "", sources[i]->name);
	err_refuse(e, ERR_NOT_FOUND, "No source is called " STR_FMT ".",
		   STR_ARG(str_clip(v->arg[0], 60)));
	err_next(e, "There are " STR_FMT ".", STR_ARG(buf_str(&known)));
	return -1;
}

int intake_pagerduty(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "pagerduty", (struct str){ 0 }, r, e);
}

int intake_pagerduty_v1(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "pagerduty_v1", (struct str){ 0 }, r, e);
}

/* Ansible's check mode posts nothing and wants to hear 400, as PagerDuty says it; nobody has to say who they are for that. */
int intake_pagerduty_change(struct visit *v, struct reply *r, struct err *e)
{
	const struct source *source = source_find(STR("pagerduty_change"));
	struct err nothing = { 0 };
	if (v->request->body.len)
		return intake_take(v, source, (struct str){ 0 }, r, e);
	err_refuse(&nothing, ERR_BAD_INPUT, "The body is empty: there is no change in it.");
	intake_refuse(v, source, &nothing, r);
	return 0;
}

/* /api/annotations, /api/annotations/N */
int intake_annotation(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "grafana_annotation", v->arg[0], r, e);
}

int intake_annotation_graphite(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "grafana_annotation", STR("graphite"), r, e);
}

/* /api/0/organizations/ORG/releases/...: what follows is the source's to read. */
int intake_sentry_release(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "sentry_release", v->arg[0], r, e);
}

/* /v2/alerts, /v2/alerts/ALIAS/close: what follows is the source's to read. */
int intake_opsgenie(struct visit *v, struct reply *r, struct err *e)
{
	return take_as(v, "opsgenie", v->arg[0], r, e);
}

static int opsgenie_says(struct visit *v, int status, const char *sentence, struct reply *r)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "{\"message\":");
	buf_json(&b, str_of(sentence));
	buf_z(&b, ",\"took\":0.0,\"requestId\":\"\"}");
	return reply_json(v, status, &b, r);
}

static void add_outcome(struct visit *v, const struct opsgenie_request *q, struct buf *b)
{
	static const struct {
		const char *action, *known, *unknown;
	} said[OPSGENIE_OUTCOMES] = {
		[OPSGENIE_REFUSED] = { "", "", "Refused: the answer to the request said why." },
		[OPSGENIE_CREATED] = { "Create", "Created alert",
				       "Created alert; it resolved since, and left the desk" },
		[OPSGENIE_CLOSED] = { "Close", "Closed alert", "Alert does not exist" },
		[OPSGENIE_ACKNOWLEDGED] = { "Acknowledge", "Acknowledged alert",
					    "Alert does not exist" },
		[OPSGENIE_KEPT] = { "", "", "Kept; such a request changes no alert here." },
	};
	struct live_alert alert;
	bool is_known = q->fingerprint.len &&
			engine_alert(v->config->engine, q->fingerprint, v->arena, &alert);
	struct str id = is_known ? q->fingerprint : (struct str){ NULL, 0 };
	const char *success = is_known || q->outcome == OPSGENIE_CREATED ? "true" : "false";
	buf_fmt(b, "{\"data\":{\"success\":%s,\"isSuccess\":%s,\"action\":\"%s\",\"status\":\"%s\"",
		success, success, said[q->outcome].action,
		is_known ? said[q->outcome].known : said[q->outcome].unknown);
	buf_z(b, ",\"processedAt\":\"");
	when_rfc3339(b, q->at_s * 1000);
	buf_fmt(b, "\",\"integrationId\":\"\",\"alertId\":\"" STR_FMT "\",\"alias\":\"\"}",
		STR_ARG(id));
	buf_z(b, ",\"took\":0.0,\"requestId\":");
	buf_json(b, v->arg[0]);
	buf_c(b, '}');
}

/* May who asks deliver there? If not, *r says why. */
static bool may_ask(struct visit *v, const char *name, struct reply *r)
{
	struct intake_request q = { .query = v->request->query };
	const struct source *source = source_find(str_of(name));
	struct str credential;
	struct err refused = { 0 };
	LIST_EACH (h, &v->request->head->headers)
		*LIST_ADD(v->arena, &q.headers) = (struct intake_header){ h->name, h->value };
	if (intake_admit(v, source, &q, &credential, &refused) == 0)
		return true;
	intake_refuse(v, source, &refused, r);
	return false;
}

/* What sentry-cli asks before it names the commits of a release: there are no repositories here, and no release before. */
int sentry_release_ask(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct err unknown = { 0 };
	struct buf b = BUF(v->arena);
	struct str tail = v->arg[0];
	while (str_ends(tail, STR("/")))
		tail.len--;
	if (!may_ask(v, "sentry_release", r))
		return 0;
	if (!str_ends(tail, STR("/repos")) && !str_ends(tail, STR("/previous-with-commits"))) {
		err_refuse(&unknown, ERR_NOT_FOUND,
			   "Deploys are taken here, not listed as Sentry does.");
		err_next(&unknown, "`aplomb change list` lists them, and GET /api/v1/changes.");
		intake_refuse(v, source_find(STR("sentry_release")), &unknown, r);
		return 0;
	}
	buf_z(&b, str_ends(tail, STR("/repos")) ? "[]" : "{}");
	return reply_json(v, 200, &b, r);
}

/* Each request was done when it was answered; its id says what came of it. */
int opsgenie_request(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct opsgenie_request asked;
	struct buf b = BUF(v->arena);
	if (!may_ask(v, "opsgenie", r))
		return 0;
	if (!opsgenie_request_read(v->arg[0], v->arena, &asked))
		return opsgenie_says(v, 404,
				     "No request was answered with this requestId. What came in is "
				     "at /alerts, and what could not be read under Settings > "
				     "Integrations.",
				     r);
	add_outcome(v, &asked, &b);
	return reply_json(v, 200, &b, r);
}

int opsgenie_ping(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	return opsgenie_says(v, 404,
			     "There are no heartbeats here: nobody would notice if this one "
			     "stopped. Let the sender post an alert that it renews, or watch it "
			     "from Prometheus.",
			     r);
}

/* CloudEvents' handshake before a subscription; nobody has to say who they are: it tells nothing. */
int intake_handshake(struct visit *v, struct reply *r, struct err *e)
{
	struct intake_request q = { .method = v->request->method };
	struct intake_result result = { 0 };
	reply_header(r, "Allow", STR("POST, OPTIONS"));
	LIST_EACH (h, &v->request->head->headers)
		*LIST_ADD(v->arena, &q.headers) = (struct intake_header){ h->name, h->value };
	if (cloudevents_handshake(&q, v->arena, &result, e) != 0)
		return -1;
	intake_reply_with(v, &result, r);
	return 0;
}
