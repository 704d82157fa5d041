/* SPDX-License-Identifier: Apache-2.0 */
/* sentry_release: the part of Sentry's API that `sentry-cli releases` and `sentry-cli deploys new` speak
 * (docs.sentry.io/api/releases; getsentry/sentry-cli src/api): a deploy of a release is a change. Making and finishing a
 * release is taken and changes nothing that runs. Alerts of Sentry: sentry.c. */
#include "base/when.h"
#include "intake/news.h"
#include "intake/path.h"

extern const struct source sentry_release_source;

/* The path behind /api/0/organizations/: "shop/releases/checkout@1.2/deploys". */
struct place {
	struct str organization, release, rest;
};

static bool place_of(struct str tail, struct place *p)
{
	struct str word = { NULL, 0 };
	*p = (struct place){ 0 };
	if (!str_cut(&tail, '/', &p->organization) || !str_cut(&tail, '/', &word) ||
	    !str_is(word, "releases"))
		return false;
	(void)str_cut(&tail, '/', &p->release);
	p->rest = tail;
	return true;
}

/* Its convention for a release is package@version. */
static void split_release(struct str release, struct change_news *n)
{
	size_t at = str_find(release, STR("@"));
	n->version = release;
	if (at == SIZE_MAX || at == 0 || at + 1 == release.len)
		return;
	n->service = str_sub(release, 0, at);
	n->version = str_sub(release, at + 1, release.len);
}

static void json_or_null(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, ",\"%s\":", name);
	if (value.len)
		buf_json(b, value);
	else
		buf_z(b, "null");
}

static struct str time_text(struct arena *a, int64_t at_ms)
{
	struct buf b = BUF(a);
	if (at_ms)
		when_rfc3339(&b, at_ms);
	return buf_str(&b);
}

static void answer_deploy(const struct change_news *n, struct str id, const struct json *body,
			  struct arena *a, struct intake_result *out)
{
	struct buf b = BUF(a);
	buf_z(&b, "{\"id\":");
	buf_json(&b, id);
	json_or_null(&b, "environment", n->environment);
	json_or_null(&b, "name", path_text(body, STR("name"), a));
	json_or_null(&b, "url", path_text(body, STR("url"), a));
	json_or_null(&b, "dateStarted",
		     time_text(a, json_get(body, "dateStarted") ? n->began.ms : 0));
	json_or_null(&b, "dateFinished", time_text(a, n->ended.ms));
	buf_c(&b, '}');
	out->status = 201;
	out->reply = buf_str(&b);
}

/* One change for each project; without any, one of the service that the release is named after. */
static void take_deploy(const struct intake_request *q, const struct place *p,
			const struct json *body, struct arena *a, struct intake_result *out)
{
	struct change_news n = { .kind = CHANGE_DEPLOY, .state = CHANGE_DONE };
	const char *source = sentry_release_source.name;
	struct str name = path_text(body, STR("name"), a);
	int64_t end = keyed_time(json_get(body, "dateFinished"));
	int64_t begin = keyed_time(json_get(body, "dateStarted"));
	const struct json *project = json_first(json_get(body, "projects"));
	split_release(p->release, &n);
	n.environment = path_text(body, STR("environment"), a);
	n.link = path_text(body, STR("url"), a);
	n.began.ms = begin ? begin : end;
	n.ended.ms = end ? end : q->now_ms;
	struct str same = str_fmt(a, "%zu " STR_FMT " %zu " STR_FMT " " STR_FMT, p->release.len,
				  STR_ARG(p->release), n.environment.len, STR_ARG(n.environment),
				  STR_ARG(name));
	struct str id = news_mint(
		q, source, str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(p->organization), STR_ARG(same)),
		end ? end : begin, a);
	do {
		n.service = json_is_text(project) ? json_text(project) : n.service;
		n.key = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(id), project ? "/" : "",
				STR_ARG(json_text(project)));
		n.title = str_trim(str_fmt(a, STR_FMT " " STR_FMT " to " STR_FMT,
					   STR_ARG(n.service), STR_ARG(n.version),
					   STR_ARG(n.environment)));
		if (name.len)
			n.differs = str_fmt(a, "deploy " STR_FMT, STR_ARG(name));
		news_add(q, source, &n, a, out);
	} while (project && (project = json_next(project)));
	answer_deploy(&n, id, body, a, out);
}

/* A release that was made, finished or given its commits: the answer says what was said. Nothing that runs changes. */
static void take_release(const struct intake_request *q, const struct place *p,
			 const struct json *body, struct arena *a, struct intake_result *out)
{
	struct buf b = BUF(a);
	struct str version = p->release.len ? p->release : path_text(body, STR("version"), a);
	const struct json *projects = json_get(body, "projects");
	size_t n = 0;
	buf_z(&b, "{\"version\":");
	buf_json(&b, version);
	json_or_null(&b, "url", path_text(body, STR("url"), a));
	json_or_null(&b, "dateCreated", time_text(a, q->now_ms));
	json_or_null(&b, "dateReleased", time_text(a, keyed_time(json_get(body, "dateReleased"))));
	buf_z(&b, ",\"projects\":[");
	for (const struct json *j = json_is_array(projects) ? json_first(projects) : NULL; j;
	     j = json_next(j)) {
		buf_z(&b, n++ ? ",{\"slug\":" : "{\"slug\":");
		buf_json(&b, json_text(j));
		buf_z(&b, ",\"name\":");
		buf_json(&b, json_text(j));
		buf_c(&b, '}');
	}
	buf_z(&b, "]}");
	out->status = str_is(q->method, "PUT") ? 200 : 201;
	out->reply = buf_str(&b);
	out->is_quiet = true;
	intake_complain(out, a,
			"Kept; a release changes nothing that runs until it is deployed "
			"(sentry-cli deploys new).");
}

static int sentry_release_read(const struct intake_request *q, struct arena *a,
			       struct intake_result *out, struct err *e)
{
	struct json *body;
	struct place p;
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	if (!place_of(q->path_tail, &p) || (p.rest.len && !str_is(p.rest, "deploys")))
		return err_refuse(
			e, ERR_NOT_FOUND,
			"Of Sentry's API only releases and their deploys are taken here.");
	if (p.rest.len && !path_text(body, STR("environment"), a).len)
		return err_field(e, "environment",
				 "environment is missing: where was it deployed?");
	if (!p.rest.len && !p.release.len && !path_text(body, STR("version"), a).len)
		return err_field(e, "version", "version is missing: which release is it?");
	if (p.rest.len)
		take_deploy(q, &p, body, a, out);
	else
		take_release(q, &p, body, a, out);
	return 0;
}

const struct source sentry_release_source = {
	.name = "sentry_release",
	.label = "Sentry releases (sentry-cli)",
	.read = sentry_release_read,
};
