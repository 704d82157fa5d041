/* SPDX-License-Identifier: Apache-2.0 */
/* forge: see forge.h. */
#include "intake/forge.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/form.h"
#include "intake/path.h"

enum { SHORT_HASH = 7, KEY_HASH = 12, SHOWN = 80 };

int forge_open(struct forge *f, struct err *e)
{
	struct str text = f->q->body, type = intake_type(f->q);
	struct form form;
	struct json *body;
	/* curl -d says "form" whatever it carries */
	bool is_object = str_starts(str_trim(text), STR("{"));
	if (!is_object && str_eq_nocase(type, STR("application/x-www-form-urlencoded"))) {
		if (form_parse(f->arena, str_trim(text), &form, e) != 0)
			return -1;
		text = form_get(&form, "payload");
		if (!text.len)
			return err_field(e, "payload",
					 "The form has no payload: is this a webhook of a forge?");
	}
	if (json_parse_lax(f->arena, text, &body, e) != 0)
		return -1;
	if (!json_is_object(body))
		return err_refuse(e, ERR_BAD_INPUT, "The body must be a JSON object.");
	f->body = body;
	f->out->status = 200;
	return 0;
}

void forge_repository(struct forge *f, struct str path, struct str link, struct str branch)
{
	const struct integration *i = f->q->integration;
	struct str rest = path, part;
	while (str_ends(link, STR("/")))
		link.len--;
	f->path = path;
	f->link = link;
	f->branch = branch;
	while (str_cut(&rest, '/', &part))
		f->name = part.len ? part : f->name;
	f->service = i && i->mapping.service.len ? i->mapping.service : f->name;
}

/* "https://github.com/acme/shop" -> "github.com" */
static struct str host_of(struct str link)
{
	struct str host = { NULL, 0 }, at = STR("://");
	size_t from = str_find(link, at);
	if (from == SIZE_MAX)
		return host;
	link = str_sub(link, from + at.len, link.len);
	(void)str_cut(&link, '/', &host);
	return host;
}

struct str forge_key(const struct forge *f, const char *kind, struct str id)
{
	const struct str parts[] = { str_of(f->source), host_of(f->link), f->path, str_of(kind),
				     id };
	return changed_key(f->arena, parts, sizeof(parts) / sizeof(*parts));
}

struct change_news forge_change(const struct forge *f, const char *kind, struct str id)
{
	return (struct change_news){ .service = f->service,
				     .kind = CHANGE_DEPLOY,
				     .state = CHANGE_DONE,
				     .key = forge_key(f, kind, id) };
}

void forge_add(const struct forge *f, const struct change_news *c)
{
	changed_add(f->out, c, f->arena);
	/* for the log of deliveries at the sender */
	if (f->out->changes.len == 1)
		f->out->reply = intake_reply(f->arena, "change", f->out->changes.at[0].title, NULL);
}

void forge_nothing(const struct forge *f, const char *fmt, ...)
{
	char text[300];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	f->out->is_quiet = true;
	if (n > 0)
		intake_complain(f->out, f->arena, "Kept, and it tells of no change: " STR_FMT,
				STR_ARG(str_clip(str_of(text), sizeof(text) - 4)));
}

/* "main", or with a star at its end what begins so: "release/" and a star. */
static bool fits(struct str pattern, struct str branch)
{
	if (!str_ends(pattern, STR("*")))
		return str_eq(pattern, branch);
	pattern.len--;
	return str_starts(branch, pattern);
}

bool forge_is_deploy_branch(const struct forge *f, struct str branch)
{
	const struct integration *i = f->q->integration;
	struct str rest = i ? i->mapping.branches : (struct str){ NULL, 0 }, part;
	if (!str_trim(rest).len)
		return f->branch.len ? str_eq(f->branch, branch)
				     : str_is(branch, "main") || str_is(branch, "master");
	while (str_cut(&rest, ',', &part))
		if (str_trim(part).len && fits(str_trim(part), branch))
			return true;
	return false;
}

static bool is_no_hash(struct str hash)
{
	for (size_t i = 0; i < hash.len; i++)
		if (hash.at[i] != '0')
			return false;
	return true;
}

static struct str shortened(struct str hash)
{
	return str_sub(hash, 0, SHORT_HASH);
}

/* "9836a96..4522cbc, 2 commits: Update the readme" */
static struct str differs(const struct forge *f, const struct push *p)
{
	struct buf b = BUF(f->arena);
	struct str headline = changed_first_line(p->headline);
	if (!is_no_hash(p->before))
		buf_fmt(&b, STR_FMT "..", STR_ARG(shortened(p->before)));
	buf_add(&b, shortened(p->after));
	if (p->commits > 0)
		buf_fmt(&b, ", %s%lld commit%s", p->is_more ? "more than " : "",
			(long long)p->commits, p->commits == 1 && !p->is_more ? "" : "s");
	if (headline.len)
		buf_fmt(&b, ": " STR_FMT, STR_ARG(headline));
	return buf_str(&b);
}

static struct str range_of(const struct forge *f, const struct push *p, struct str branch)
{
	return str_fmt(
		f->arena, STR_FMT "/" STR_FMT ".." STR_FMT, STR_ARG(branch),
		STR_ARG(is_no_hash(p->before) ? STR("new") : str_sub(p->before, 0, KEY_HASH)),
		STR_ARG(str_sub(p->after, 0, KEY_HASH)));
}

static bool is_push_of_code(const struct forge *f, const struct push *p, struct str *branch)
{
	struct str heads = STR("refs/heads/");
	if (!str_starts(p->ref, heads)) {
		forge_nothing(f, STR_FMT " is no branch.", STR_ARG(str_clip(p->ref, SHOWN)));
		return false;
	}
	*branch = str_sub(p->ref, heads.len, p->ref.len);
	if (is_no_hash(p->after)) {
		forge_nothing(f, "the branch " STR_FMT " was deleted.",
			      STR_ARG(str_clip(*branch, SHOWN)));
		return false;
	}
	if (!forge_is_deploy_branch(f, *branch)) {
		forge_nothing(f, STR_FMT " is no branch from which code goes live.",
			      STR_ARG(str_clip(*branch, SHOWN)));
		return false;
	}
	return true;
}

void forge_push(const struct forge *f, const struct push *p)
{
	struct str branch;
	if (!is_push_of_code(f, p, &branch))
		return;
	struct change_news c = forge_change(f, "push", range_of(f, p, branch));
	c.version = shortened(p->after);
	c.title = str_fmt(f->arena, STR_FMT " " STR_FMT " pushed to " STR_FMT, STR_ARG(f->service),
			  STR_ARG(c.version), STR_ARG(branch));
	c.who = p->who;
	c.began.ms = c.ended.ms = p->at_ms;
	c.differs = differs(f, p);
	c.link = p->link;
	/* git's own words for a commit that takes another one back */
	c.is_rollback = str_starts(str_trim(p->headline), STR("Revert \""));
	if (!is_no_hash(p->before))
		c.undo = str_fmt(f->arena, "Deploy " STR_FMT " again: " STR_FMT " held it before.",
				 STR_ARG(shortened(p->before)), STR_ARG(branch));
	forge_add(f, &c);
}

static struct str text(const struct forge *f, const char *path)
{
	return path_text(f->body, str_of(path), f->arena);
}

static int64_t count(const struct json *list)
{
	int64_t n = 0;
	for (const struct json *c = json_first(list); c; c = json_next(c))
		n++;
	return n;
}

/* The head commit is named apart by those who name it; else it is the one with the hash. */
static const struct json *head_commit(const struct forge *f, struct str after)
{
	const struct json *head = json_get(f->body, "head_commit"),
			  *commits = json_get(f->body, "commits");
	if (json_is_object(head))
		return head;
	for (const struct json *c = json_first(commits); c; c = json_next(c))
		if (str_eq(json_text(json_get(c, "id")), after))
			return c;
	return NULL;
}

void forge_push_read(const struct forge *f)
{
	static const char *const who[] = { "sender.login", "pusher.login", "pusher.username",
					   "pusher.name", NULL };
	static const char *const link[] = { "compare", "compare_url", NULL };
	static const char *const n[] = { "total_commits", NULL };
	struct push p = { .ref = text(f, "ref"),
			  .before = text(f, "before"),
			  .after = text(f, "after"),
			  .who = keyed_first(f->body, who, f->arena),
			  .link = keyed_first(f->body, link, f->arena),
			  .commits = count(json_get(f->body, "commits")),
			  .at_ms = keyed_time(path_get(f->body, STR("repository.pushed_at"))) };
	p.headline = json_text(json_get(head_commit(f, p.after), "message"));
	(void)!str_to_int(keyed_first(f->body, n, f->arena), &p.commits);
	forge_push(f, &p);
}

void forge_release_read(const struct forge *f)
{
	static const char *const who[] = { "release.author.login", "sender.login", NULL };
	static const char *const at[] = { "release.published_at", "release.created_at", NULL };
	struct str action = text(f, "action"), tag = text(f, "release.tag_name"),
		   id = text(f, "release.id"), name = text(f, "release.name");
	if (!str_is(action, "published") || !tag.len) {
		forge_nothing(f, "what happened to a release is \"" STR_FMT "\".",
			      STR_ARG(str_clip(action, SHOWN)));
		return;
	}
	struct change_news c = forge_change(f, "release", id.len ? id : tag);
	c.title = str_fmt(f->arena, STR_FMT " " STR_FMT " released", STR_ARG(f->service),
			  STR_ARG(tag));
	c.version = tag;
	c.who = keyed_first(f->body, who, f->arena);
	c.began.ms = c.ended.ms = keyed_time_of(keyed_first(f->body, at, f->arena));
	c.differs = str_eq(name, tag) ? (struct str){ NULL, 0 } : name;
	c.link = text(f, "release.html_url");
	forge_add(f, &c);
}

void forge_repository_read(struct forge *f)
{
	forge_repository(f, text(f, "repository.full_name"), text(f, "repository.html_url"),
			 text(f, "repository.default_branch"));
}
