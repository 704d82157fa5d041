/* SPDX-License-Identifier: Apache-2.0 */
/* bitbucket: webhooks of Bitbucket (support.atlassian.com, event payloads): repo:push of the cloud, repo:refs_changed of a
 * server of one's own. Each tells of one or more branches. Which branch is the default it does not say: main or master,
 * unless the integration's branches say otherwise. All other events are kept and tell of no change. */
#include "intake/forge.h"
#include "intake/path.h"
#include "intake/signature.h"

extern const struct source bitbucket_source;

enum { PUSHES_MAX = 100 };

static struct str in(const struct forge *f, const struct json *j, const char *path)
{
	return path_text(j, str_of(path), f->arena);
}

/* `change` is an element of push.changes. */
static void take(const struct forge *f, const struct json *change)
{
	static const char *const who[] = { "actor.nickname", "actor.username", "actor.display_name",
					   NULL };
	static const char *const type[] = { "new.type", "old.type", NULL };
	static const char *const name[] = { "new.name", "old.name", NULL };
	const struct json *commits = json_get(change, "commits");
	struct str kind = keyed_first(change, type, f->arena),
		   branch = keyed_first(change, name, f->arena);
	struct push p = { .before = in(f, change, "old.target.hash"),
			  .after = in(f, change, "new.target.hash"),
			  .headline = in(f, change, "new.target.message"),
			  .who = keyed_first(f->body, who, f->arena),
			  .link = in(f, change, "links.html.href") };
	bool is_branch = str_is(kind, "branch") || str_is(kind, "named_branch");
	p.ref = str_fmt(f->arena, "refs/%s/" STR_FMT, is_branch ? "heads" : "tags",
			STR_ARG(branch));
	for (const struct json *c = json_first(commits); c; c = json_next(c))
		p.commits++;
	(void)!json_bool(json_get(change, "truncated"), &p.is_more);
	forge_push(f, &p);
}

/* An element of changes, as a server of one's own writes it. */
static void take_ref(const struct forge *f, const struct json *change)
{
	struct push p = { .ref = in(f, change, "refId"),
			  .before = in(f, change, "fromHash"),
			  .after = in(f, change, "toHash"),
			  .who = in(f, f->body, "actor.name") };
	if (str_eq(in(f, f->body, "toCommit.id"), p.after))
		p.headline = in(f, f->body, "toCommit.message");
	if (f->link.len)
		p.link = str_fmt(f->arena, STR_FMT "/commits/" STR_FMT, STR_ARG(f->link),
				 STR_ARG(p.after));
	forge_push(f, &p);
}

/* Of which repository; of a server of one's own, the link ends in "/browse". */
static void read_repository(struct forge *f)
{
	struct str path = in(f, f->body, "repository.full_name"),
		   link = in(f, f->body, "repository.links.html.href"), browse = STR("/browse"),
		   slug = in(f, f->body, "repository.slug");
	if (!path.len && slug.len) {
		path = str_fmt(f->arena, STR_FMT "/" STR_FMT,
			       STR_ARG(in(f, f->body, "repository.project.key")), STR_ARG(slug));
		link = in(f, f->body, "repository.links.self.0.href");
		if (str_ends(link, browse))
			link.len -= browse.len;
	}
	forge_repository(f, path, link, in(f, f->body, "repository.mainbranch.name"));
}

static int bitbucket_read(const struct intake_request *q, struct arena *a,
			  struct intake_result *out, struct err *e)
{
	struct forge f = { .source = bitbucket_source.name, .q = q, .arena = a, .out = out };
	size_t n = 0;
	if (forge_open(&f, e) != 0)
		return -1;
	const struct json *pushed = path_get(f.body, STR("push.changes")),
			  *changes = json_is_array(pushed) ? pushed : json_get(f.body, "changes");
	struct str event = str_trim(intake_header_of(q, "X-Event-Key"));
	if (!json_is_array(changes)) {
		if (!event.len)
			return err_field(e, "X-Event-Key",
					 "The header X-Event-Key is missing: is this a webhook of "
					 "Bitbucket?");
		forge_nothing(&f, STR_FMT ".", STR_ARG(str_clip(event, 80)));
		return 0;
	}
	read_repository(&f);
	if (!f.name.len)
		return err_field(e, "repository", "It names no repository.");
	for (const struct json *c = json_first(changes); c; c = json_next(c)) {
		if (++n > PUSHES_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d branches in one body.",
					  PUSHES_MAX);
		(pushed == changes ? take : take_ref)(&f, c);
	}
	if (!n)
		forge_nothing(&f, "the list of changes is empty.");
	if (out->changes.len) { /* its other branches need no sentence */
		out->complaint = (struct str){ NULL, 0 };
		out->is_quiet = false;
	}
	return 0;
}

static enum proof bitbucket_prove(const struct intake_request *q, struct str secret,
				  struct arena *a)
{
	return signature_check(q, "X-Hub-Signature", secret, a);
}

const struct source bitbucket_source = { .name = "bitbucket",
					 .label = "Bitbucket",
					 .read = bitbucket_read,
					 .prove = bitbucket_prove,
					 .is_proved = true };
