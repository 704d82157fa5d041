/* SPDX-License-Identifier: Apache-2.0 */
/* gitlab: webhooks of GitLab (docs.gitlab.com, webhook events). The body's object_kind says which:
 *     deployment      one change by its id: created and running, then success, failed or canceled
 *     feature_flag    a flag turned on or off: done. A flag is turned often: each delivery is a change, named by the header
 *                     Idempotency-Key (or X-Gitlab-Event-UUID), which stays the same when it is sent again
 *     release         created: done
 *     push            to a branch from which code goes live: done
 * All others are kept and tell of no change. Its secret comes as it is, in X-Gitlab-Token. */
#include "intake/forge.h"
#include "intake/path.h"

extern const struct source gitlab_source;

static struct str text(const struct forge *f, const char *path)
{
	return path_text(f->body, str_of(path), f->arena);
}

/* RFC 3339, or "2021-04-28 21:50:00 +0200", or "2020-11-02 12:55:12 UTC". */
static struct when time_at(const struct forge *f, const char *path)
{
	enum { DATE = 10, TIME = 8, WHOLE = DATE + 1 + TIME, ZONE = 5 };
	struct str s = text(f, path), zone = str_trim(str_sub(s, WHOLE, s.len)), offset = STR("Z");
	if (s.len <= WHOLE || s.at[DATE] != ' ')
		return (struct when){ keyed_time_of(s) };
	if (zone.len == ZONE)
		offset = str_fmt(f->arena, STR_FMT ":" STR_FMT, STR_ARG(str_sub(zone, 0, 3)),
				 STR_ARG(str_sub(zone, 3, 2)));
	else if (!str_is(zone, "UTC"))
		return (struct when){ 0 };
	return (struct when){ keyed_time_of(
		str_fmt(f->arena, STR_FMT "T" STR_FMT STR_FMT, STR_ARG(str_sub(s, 0, DATE)),
			STR_ARG(str_sub(s, DATE + 1, TIME)), STR_ARG(offset))) };
}

static int deployment_state(struct str status)
{
	static const struct {
		const char *status;
		int state;
	} known[] = {
		{ "created", CHANGE_RUNNING }, { "blocked", CHANGE_RUNNING },
		{ "running", CHANGE_RUNNING }, { "success", CHANGE_DONE },
		{ "failed", CHANGE_FAILED },   { "canceled", CHANGE_FAILED },
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(status, known[i].status))
			return known[i].state;
	return -1;
}

static struct str deployment_differs(const struct forge *f, struct str ref)
{
	struct str hash = text(f, "short_sha"), why = changed_first_line(text(f, "commit_title"));
	struct buf b = BUF(f->arena);
	buf_add(&b, ref);
	buf_fmt(&b, "%s" STR_FMT, b.len && hash.len ? " at " : "", STR_ARG(hash));
	buf_fmt(&b, "%s" STR_FMT, b.len && why.len ? ": " : "", STR_ARG(why));
	return buf_str(&b);
}

/* Older ones have no id but in the link to the job. */
static struct str deployment_id(const struct forge *f)
{
	static const char *const ids[] = { "deployment_id", "deployable_id", "deployable_url",
					   NULL };
	struct str rest = keyed_first(f->body, ids, f->arena), part, last = { NULL, 0 };
	while (str_cut(&rest, '/', &part))
		last = part.len ? part : last;
	return last;
}

static void on_deployment(struct forge *f)
{
	struct str id = deployment_id(f), ref = text(f, "ref"), status = text(f, "status");
	int state = deployment_state(status);
	if (state < 0 || !id.len) {
		forge_nothing(f, "a deployment's status is \"" STR_FMT "\".",
			      STR_ARG(str_clip(status, 40)));
		return;
	}
	struct change_news c = forge_change(f, "deployment", id);
	struct when at = time_at(f, "status_changed_at");
	c.state = state;
	*(state == CHANGE_RUNNING ? &c.began : &c.ended) = at;
	c.version = changed_version(ref, text(f, "short_sha"));
	c.title = c.version.len ? str_fmt(f->arena, STR_FMT " " STR_FMT, STR_ARG(f->service),
					  STR_ARG(c.version))
				: str_fmt(f->arena, STR_FMT " deployment", STR_ARG(f->service));
	c.environment = text(f, "environment");
	c.who = text(f, "user.username");
	c.differs = deployment_differs(f, ref);
	c.link = text(f, "deployable_url");
	forge_add(f, &c);
}

/* What names this delivery, also when it is sent again. */
static struct str delivery_id(const struct forge *f)
{
	struct str id = str_trim(intake_header_of(f->q, "Idempotency-Key"));
	return id.len ? id : str_trim(intake_header_of(f->q, "X-Gitlab-Event-UUID"));
}

static void on_feature_flag(struct forge *f)
{
	struct str name = text(f, "object_attributes.name"), id = text(f, "object_attributes.id"),
		   delivery = delivery_id(f);
	bool is_on = false;
	if (!name.len || !json_bool(path_get(f->body, STR("object_attributes.active")), &is_on)) {
		forge_nothing(f, "a feature flag that is neither on nor off.");
		return;
	}
	struct change_news c = forge_change(f, "flag",
					    str_fmt(f->arena, STR_FMT "/" STR_FMT,
						    STR_ARG(id.len ? id : name),
						    STR_ARG(delivery)));
	if (!delivery.len)
		c.key = (struct str){ NULL, 0 };
	c.kind = CHANGE_FLAG;
	c.title = str_fmt(f->arena, "flag " STR_FMT " %s", STR_ARG(name), is_on ? "on" : "off");
	c.who = text(f, "user.username");
	c.differs = str_fmt(f->arena, STR_FMT " %s", STR_ARG(name),
			    is_on ? "off to on" : "on to off");
	c.undo = str_fmt(f->arena, "Turn the flag " STR_FMT " %s again.", STR_ARG(name),
			 is_on ? "off" : "on");
	if (f->link.len)
		c.link = str_fmt(f->arena, STR_FMT "/-/feature_flags", STR_ARG(f->link));
	forge_add(f, &c);
}

static void on_release(struct forge *f)
{
	struct str action = text(f, "action"), tag = text(f, "tag"), name = text(f, "name");
	struct when at = time_at(f, "released_at"), made = time_at(f, "created_at");
	if (!str_is(action, "create") || !tag.len) {
		forge_nothing(f, "what happened to a release is \"" STR_FMT "\".",
			      STR_ARG(str_clip(action, 40)));
		return;
	}
	struct change_news c = forge_change(f, "release", tag);
	/* one may be announced for later */
	c.began = c.ended = at.ms && at.ms <= f->q->now_ms ? at : made;
	c.version = tag;
	c.title = str_fmt(f->arena, STR_FMT " " STR_FMT " released", STR_ARG(f->service),
			  STR_ARG(tag));
	c.differs = str_eq(name, tag) ? (struct str){ NULL, 0 } : name;
	c.link = text(f, "url");
	forge_add(f, &c);
}

static void on_push(struct forge *f)
{
	static const char *const who[] = { "user_username", "user_name", NULL };
	struct push p = { .ref = text(f, "ref"),
			  .before = text(f, "before"),
			  .after = text(f, "after"),
			  .who = keyed_first(f->body, who, f->arena) };
	(void)!json_int(json_get(f->body, "total_commits_count"), &p.commits);
	const struct json *commits = json_get(f->body, "commits");
	for (const struct json *c = json_first(commits); c; c = json_next(c))
		if (str_eq(json_text(json_get(c, "id")), p.after))
			p.headline = json_text(json_get(c, "message"));
	if (f->link.len)
		p.link = str_fmt(f->arena, STR_FMT "/-/compare/" STR_FMT "..." STR_FMT,
				 STR_ARG(f->link), STR_ARG(p.before), STR_ARG(p.after));
	forge_push(f, &p);
}

static const struct {
	const char *kind;
	void (*read)(struct forge *);
} kinds[] = {
	{ "deployment", on_deployment },
	{ "feature_flag", on_feature_flag },
	{ "release", on_release },
	{ "push", on_push },
};

static int gitlab_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
		       struct err *e)
{
	struct forge f = { .source = gitlab_source.name, .q = q, .arena = a, .out = out };
	if (forge_open(&f, e) != 0)
		return -1;
	static const char *const names[] = { "object_kind", "event_name", "event_type", NULL };
	struct str kind = keyed_first(f.body, names, a);
	if (!kind.len)
		return err_field(e, "object_kind",
				 "object_kind is missing: is this a webhook of GitLab?");
	forge_repository(&f, text(&f, "project.path_with_namespace"), text(&f, "project.web_url"),
			 text(&f, "project.default_branch"));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(kind, kinds[i].kind)) {
			if (!f.name.len)
				return err_field(e, "project", "It names no project.");
			kinds[i].read(&f);
			return 0;
		}
	forge_nothing(&f, STR_FMT ".", STR_ARG(str_clip(kind, 80)));
	return 0;
}

/* The key itself: it is looked up by its hash, as any key of ours. */
static struct str gitlab_credential(const struct intake_request *q, struct arena *a)
{
	(void)a;
	return str_trim(intake_header_of(q, "X-Gitlab-Token"));
}

const struct source gitlab_source = { .name = "gitlab",
				      .label = "GitLab",
				      .read = gitlab_read,
				      .credential = gitlab_credential,
				      .is_proved = true };
