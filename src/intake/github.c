/* SPDX-License-Identifier: Apache-2.0 */
/* github: webhooks of GitHub (docs.github.com, webhook events and payloads). The header X-GitHub-Event says which:
 *     deployment, deployment_status    one change by the deployment's id; a status moves it on. `inactive` says only that
 *                                      a newer one replaced it: no change
 *     push                             to a branch from which code goes live: done
 *     release                          published: done
 *     workflow_run                     requested, in progress and completed, where the workflow looks like a deployment: its
 *                                      name or its file says deploy, release, rollout or rollback, or a deployment started it;
 *                                      never one that a pull request started. Each attempt is a change
 * All others are kept and tell of no change. A team that has deployments needs no pushes: the webhook's settings at GitHub
 * choose what is sent. The question whether a deployment may begin: github_gate.c. */
#include "intake/forge.h"
#include "intake/github_gate.h"
#include "intake/path.h"
#include "intake/signature.h"

extern const struct source github_source;

static struct str text(const struct forge *f, const char *path)
{
	return path_text(f->body, str_of(path), f->arena);
}

static struct str first(const struct forge *f, const char *const *paths)
{
	return keyed_first(f->body, paths, f->arena);
}

static struct when time_at(const struct forge *f, const char *path)
{
	return (struct when){ keyed_time(path_get(f->body, str_of(path))) };
}

static bool has_word(struct str in, const char *word)
{
	size_t len = str_of(word).len;
	for (size_t i = 0; i + len <= in.len; i++)
		if (str_eq_nocase(str_sub(in, i, len), str_of(word)))
			return true;
	return false;
}

/* A workflow's own account has nobody behind it: then the one who started the run. */
static struct str deployer(const struct forge *f)
{
	static const char *const runner[] = { "workflow_run.triggering_actor.login",
					      "workflow_run.actor.login", NULL };
	static const char *const creator[] = { "deployment.creator.login", "sender.login", NULL };
	struct str who = first(f, creator), started = first(f, runner);
	return started.len && (!who.len || str_ends(who, STR("[bot]"))) ? started : who;
}

static struct str commit_link(const struct forge *f, struct str hash)
{
	if (!f->link.len || !hash.len)
		return (struct str){ NULL, 0 };
	return str_fmt(f->arena, STR_FMT "/commit/" STR_FMT, STR_ARG(f->link), STR_ARG(hash));
}

/* "main at 4522cbc: Update the readme"; what is not said is left out. */
static struct str state_of_code(const struct forge *f, struct str ref, struct str hash,
				struct str why)
{
	struct buf b = BUF(f->arena);
	if (!str_eq(ref, hash))
		buf_add(&b, ref);
	buf_fmt(&b, "%s" STR_FMT, b.len && hash.len ? " at " : "",
		STR_ARG(changed_version((struct str){ NULL, 0 }, hash)));
	why = changed_first_line(why);
	buf_fmt(&b, "%s" STR_FMT, b.len && why.len ? ": " : "", STR_ARG(why));
	return buf_str(&b);
}

/* What a deployment and its statuses say alike; false: it is none. */
static bool read_deployment(const struct forge *f, struct change_news *c)
{
	static const char *const environment[] = { "deployment.environment",
						   "deployment_status.environment", NULL };
	struct str id = text(f, "deployment.id"), ref = text(f, "deployment.ref"),
		   hash = text(f, "deployment.sha"), task = text(f, "deployment.task");
	if (!id.len) {
		forge_nothing(f, "its deployment has no id.");
		return false;
	}
	*c = forge_change(f, "deployment", id);
	c->version = changed_version(ref, hash);
	c->title = str_fmt(f->arena, STR_FMT " " STR_FMT, STR_ARG(f->service), STR_ARG(c->version));
	c->kind = has_word(task, "migrat") ? CHANGE_DATA : CHANGE_DEPLOY;
	c->environment = first(f, environment);
	c->who = deployer(f);
	c->began = time_at(f, "deployment.created_at");
	c->differs = state_of_code(f, ref, hash, text(f, "deployment.description"));
	c->link = commit_link(f, hash);
	c->is_rollback = has_word(task, "rollback");
	return true;
}

static void on_deployment(struct forge *f)
{
	struct change_news c;
	if (!read_deployment(f, &c))
		return;
	c.state = CHANGE_RUNNING;
	forge_add(f, &c);
}

static void on_deployment_status(struct forge *f)
{
	static const char *const link[] = { "deployment_status.log_url",
					    "deployment_status.target_url", "workflow_run.html_url",
					    NULL };
	struct str state = text(f, "deployment_status.state"), log = first(f, link);
	bool is_over = str_is(state, "success") || str_is(state, "failure") ||
		       str_is(state, "error");
	bool runs = str_is(state, "pending") || str_is(state, "queued") ||
		    str_is(state, "in_progress") || str_is(state, "waiting");
	struct change_news c;
	if (!is_over && !runs) {
		forge_nothing(f, "a deployment's status is \"" STR_FMT "\".",
			      STR_ARG(str_clip(state, 40)));
		return;
	}
	if (!read_deployment(f, &c))
		return;
	c.state = runs ? CHANGE_RUNNING : str_is(state, "success") ? CHANGE_DONE : CHANGE_FAILED;
	if (is_over)
		c.ended = time_at(f, "deployment_status.created_at");
	if (log.len)
		c.link = log;
	forge_add(f, &c);
}

static bool is_deploy_run(const struct forge *f)
{
	static const char *const words[] = { "deploy", "release", "rollout", "rollback" };
	struct str name = text(f, "workflow.name"), file = text(f, "workflow.path"),
		   by = text(f, "workflow_run.event"), rest = file, part;
	if (str_starts(by, STR("pull_request")) || str_is(by, "merge_group"))
		return false;
	if (!name.len)
		name = text(f, "workflow_run.name");
	if (!file.len)
		rest = text(f, "workflow_run.path");
	while (str_cut(&rest, '/', &part))
		file = part;
	if (str_is(by, "deployment") || str_is(by, "deployment_status"))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (has_word(name, words[i]) || has_word(file, words[i]))
			return true;
	return false;
}

/* -1: such a run changed nothing. */
static int state_of_run(const struct forge *f)
{
	struct str end = text(f, "workflow_run.conclusion");
	if (!str_is(text(f, "action"), "completed"))
		return CHANGE_RUNNING;
	if (str_is(end, "success"))
		return CHANGE_DONE;
	/* one that was stopped may have got half-way */
	bool may_have_changed = str_is(end, "failure") || str_is(end, "timed_out") ||
				str_is(end, "cancelled");
	return may_have_changed ? CHANGE_FAILED : -1;
}

static void fill_run(struct forge *f, struct change_news *c, struct str name)
{
	static const char *const who[] = { "workflow_run.triggering_actor.login",
					   "workflow_run.actor.login", "sender.login", NULL };
	static const char *const began[] = { "workflow_run.run_started_at",
					     "workflow_run.created_at", NULL };
	struct str branch = text(f, "workflow_run.head_branch"),
		   hash = text(f, "workflow_run.head_sha");
	c->version = changed_version(branch, hash);
	c->title = str_fmt(f->arena, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(f->service),
			   STR_ARG(c->version), STR_ARG(name));
	c->who = first(f, who);
	c->began.ms = keyed_time_of(first(f, began));
	c->differs = state_of_code(f, branch, hash, text(f, "workflow_run.head_commit.message"));
	c->link = text(f, "workflow_run.html_url");
	c->is_rollback = has_word(name, "rollback");
}

static void on_workflow_run(struct forge *f)
{
	static const char *const names[] = { "workflow.name", "workflow_run.name", NULL };
	struct str id = text(f, "workflow_run.id"), attempt = text(f, "workflow_run.run_attempt"),
		   name = first(f, names);
	int state = state_of_run(f);
	bool is_deploy = is_deploy_run(f);
	if (!is_deploy || state < 0 || !id.len) {
		forge_nothing(f, "the workflow " STR_FMT " %s.", STR_ARG(str_clip(name, 80)),
			      is_deploy ? "did nothing" : "does not look like a deployment");
		return;
	}
	struct change_news c = forge_change(f, "run",
					    str_fmt(f->arena, STR_FMT "/" STR_FMT, STR_ARG(id),
						    STR_ARG(attempt.len ? attempt : STR("1"))));
	c.state = state;
	fill_run(f, &c, name);
	if (state != CHANGE_RUNNING)
		c.ended = time_at(f, "workflow_run.updated_at");
	forge_add(f, &c);
}

static void on_push(struct forge *f)
{
	forge_push_read(f);
}

static void on_release(struct forge *f)
{
	forge_release_read(f);
}

static void on_protection_rule(struct forge *f)
{
	const struct github_question g = { f->q, f->body, f->service, f->arena };
	struct err e = { 0 };
	f->out->status = 202;
	if (github_gate_read(&g, f->out, &e) != 0)
		forge_nothing(f, "a deployment asks whether it may begin. %s", e.text);
	else if (!f->out->gate)
		forge_nothing(f, "it is no question whether a deployment may begin.");
}

static const struct {
	const char *event;
	void (*read)(struct forge *);
} kinds[] = {
	{ "deployment", on_deployment },
	{ "deployment_status", on_deployment_status },
	{ "push", on_push },
	{ "release", on_release },
	{ "workflow_run", on_workflow_run },
	{ "deployment_protection_rule", on_protection_rule },
};

static int github_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
		       struct err *e)
{
	struct forge f = { .source = github_source.name, .q = q, .arena = a, .out = out };
	struct str event = str_trim(intake_header_of(q, "X-GitHub-Event"));
	if (forge_open(&f, e) != 0)
		return -1;
	if (!event.len)
		return err_field(e, "X-GitHub-Event",
				 "The header X-GitHub-Event is missing: is this a webhook of "
				 "GitHub?");
	forge_repository_read(&f);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(event, kinds[i].event)) {
			if (!f.name.len)
				return err_field(e, "repository", "It names no repository.");
			kinds[i].read(&f);
			return 0;
		}
	forge_nothing(&f, STR_FMT ".", STR_ARG(str_clip(event, 80)));
	return 0;
}

static enum proof github_prove(const struct intake_request *q, struct str secret, struct arena *a)
{
	return signature_check(q, "X-Hub-Signature-256", secret, a);
}

const struct source github_source = { .name = "github",
				      .label = "GitHub",
				      .read = github_read,
				      .prove = github_prove,
				      .is_proved = true };
