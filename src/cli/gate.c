/* SPDX-License-Identifier: Apache-2.0 */
/* gate: `aplomb freeze check` for pipelines: asks before a deploy starts. 0 = go, 7 = changes are frozen. It waits out a
 * restart of the server; then the change passes and its record waits in the outbox, unless --fail-closed was said. A
 * rollback is never stopped, whatever is wrong here. */
#include <stdlib.h>
#include <time.h>

#include "base/when.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/outbox.h"

enum {
	PATIENCE_MS = 15000,	     /* longer than a restart of the server takes */
	ROLLBACK_PATIENCE_MS = 3000, /* a rollback is not held up for a record */
	PAUSE_MS = 500,
	LEAST_TRY_MS = 1000,
	WORD_BYTES = 200,
	LINK_BYTES = 1000,
};

struct freeze_check {
	struct strs service;
	struct str what, environment, who, link;
	bool rollback, fail_closed;
};
static const struct field freeze_check_fields[] = {
	FIELD(freeze_check, service,
	      "what the change touches; several with commas; without one it may touch anything",
	      .max = 50),
	FIELD(freeze_check, what,
	      "the change, such as \"deploy v231\" (may stand without its flag)", .max = 500),
	FIELD(freeze_check, environment, "where it goes, such as production", .max = 100),
	FIELD(freeze_check, who, "who wants it; what the pipeline says where nothing is given",
	      .max = WORD_BYTES),
	FIELD(freeze_check, link, "where to see it; likewise", .max = LINK_BYTES),
	FIELD(freeze_check, rollback, "it takes an older state back: always passes, and is told"),
	FIELD(freeze_check, fail_closed,
	      "refuse, too, when Aplomb cannot be asked; without it the change passes then"),
	END,
};
static const char examples[] =
	"Examples:\n"
	"  aplomb freeze check --service checkout --what \"deploy v231\" && ./deploy v231\n"
	"  aplomb freeze check --service checkout --rollback && ./deploy v230\n"
	"Ends with 0: go; 7: changes are frozen; 4: the token is not known.\n"
	"It waits up to 15 s for a server that restarts (--timeout S). Then the change passes with "
	"a\n"
	"warning, and its record waits here for the next command; --fail-closed refuses "
	"instead.\n\n";

const struct cli_flags freeze_check_flags = { run_freeze_check, freeze_check_fields,
					      sizeof(struct freeze_check), examples };

/* One question on its way. */
struct checking {
	struct caller *caller;
	const struct freeze_check *asked;
	struct sending sending;
	struct client_reply reply;
	struct json *answer; /* NULL = none that says whether the gate is open */
	bool is_open;
	bool is_over; /* another try will not change it */
};

static int64_t clock_ms(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void pause_ms(int64_t length_ms)
{
	const struct timespec t = { length_ms / 1000, length_ms % 1000 * 1000000 };
	(void)nanosleep(&t, NULL);
}

static struct str first_env(const char *const *names, size_t max)
{
	for (; *names; names++) {
		struct str value = str_trim(str_of(getenv(*names)));
		if (value.len && str_is_utf8(value))
			return str_clip(value, max);
	}
	return (struct str){ NULL, 0 };
}

/* What GitHub, GitLab and Jenkins tell their jobs. */
static void take_from_pipeline(struct caller *c, struct freeze_check *v)
{
	static const char *const who[] = { "GITHUB_ACTOR",  "GITLAB_USER_LOGIN",
					   "BUILD_USER_ID", "CHANGE_AUTHOR",
					   "USER",	    NULL };
	static const char *const link[] = { "CI_JOB_URL", "BUILD_URL", NULL };
	struct str server = str_of(getenv("GITHUB_SERVER_URL")),
		   repository = str_of(getenv("GITHUB_REPOSITORY")),
		   run = str_of(getenv("GITHUB_RUN_ID"));
	if (!v->who.len)
		v->who = first_env(who, WORD_BYTES);
	if (!v->link.len && server.len && repository.len && run.len)
		v->link = str_clip(str_fmt(c->arena, STR_FMT "/" STR_FMT "/actions/runs/" STR_FMT,
					   STR_ARG(server), STR_ARG(repository), STR_ARG(run)),
				   LINK_BYTES);
	if (!v->link.len)
		v->link = first_env(link, LINK_BYTES);
}

static int settle(struct caller *c, struct freeze_check *v, const struct strs *words, struct err *e)
{
	if (words->len == 1 && !v->what.len)
		v->what = words->at[0];
	else if (words->len) {
		err_refuse(e, ERR_USAGE, "The change is one word for the shell.");
		err_next(e, "Put it in quotes: --what \"deploy v231\".");
		return -1;
	}
	take_from_pipeline(c, v);
	return fields_check(freeze_check_fields, v, e);
}

static void add_text(struct buf *b, const char *key, struct str value)
{
	if (!value.len)
		return;
	buf_fmt(b, ",\"%s\":", key);
	buf_json(b, value);
}

/* passed_ms: when it passed without an answer; 0 = it asks now */
static struct str body_of(const struct checking *x, int64_t passed_ms)
{
	const struct freeze_check *v = x->asked;
	struct buf b = BUF(x->caller->arena), at = BUF(x->caller->arena);
	buf_z(&b, "{\"via\":\"cli\",\"services\":[");
	for (size_t i = 0; i < v->service.len; i++) {
		buf_z(&b, i ? "," : "");
		buf_json(&b, v->service.at[i]);
	}
	buf_c(&b, ']');
	add_text(&b, "what", v->what);
	add_text(&b, "environment", v->environment);
	add_text(&b, "who", v->who);
	add_text(&b, "link", v->link);
	if (v->rollback)
		buf_z(&b, ",\"rollback\":true");
	if (passed_ms)
		when_rfc3339(&at, passed_ms);
	add_text(&b, "passed", buf_str(&at));
	buf_c(&b, '}');
	return buf_str(&b);
}

/* An answer that says whether the gate is open, also one that was not written down (503). */
static bool take_answer(struct checking *x)
{
	struct err ignored = { 0 };
	struct json *j = NULL;
	if ((x->reply.status != 200 && x->reply.status != 503) ||
	    json_parse(x->caller->arena, x->reply.body, &j, &ignored) != 0 ||
	    !json_bool(json_get(j, "open"), &x->is_open))
		return false;
	x->answer = j;
	x->caller->is_answered = x->reply.status == 200;
	return true;
}

static bool is_passing(int status)
{
	return status >= 500 || status == 429 || status == 408;
}

/* One try. *e says why there is no answer. */
static void try_once(struct checking *x, int64_t left_ms, struct err *e)
{
	struct client_ask ask = caller_ask(x->caller, &x->sending);
	ask.timeout_ms = left_ms > LEAST_TRY_MS ? left_ms : LEAST_TRY_MS;
	*e = (struct err){ 0 };
	x->reply = (struct client_reply){ 0 };
	if (client_request(x->caller->client, &ask, x->caller->arena, &x->reply, e) != 0) {
		x->is_over = e->code != ERR_UNREACHABLE;
		return;
	}
	if (take_answer(x))
		return;
	if (x->reply.status >= 200 && x->reply.status < 300)
		err_fail(e, ERR_FAILED, "The server's answer is none of the gate's.");
	else
		(void)caller_problem(x->caller->arena, x->reply.status, x->reply.body, e);
	x->is_over = !is_passing(x->reply.status);
}

/* Until there is an answer, or time is up. */
static void ask_patiently(struct checking *x, struct err *e)
{
	int64_t patience_ms = x->caller->args.timeout_ms;
	if (!patience_ms)
		patience_ms = x->asked->rollback ? ROLLBACK_PATIENCE_MS : PATIENCE_MS;
	int64_t until_ms = clock_ms(CLOCK_MONOTONIC) + patience_ms;
	for (;;) {
		int64_t left_ms = until_ms - clock_ms(CLOCK_MONOTONIC);
		try_once(x, left_ms, e);
		left_ms = until_ms - clock_ms(CLOCK_MONOTONIC);
		if (x->answer || x->is_over || left_ms <= 0)
			return;
		pause_ms(left_ms < PAUSE_MS ? left_ms : PAUSE_MS);
	}
}

/* The record of what passed without us waits for the next command that gets through. */
static void keep(const struct checking *x)
{
	struct caller *c = x->caller;
	struct err e = { 0 };
	const struct waiting w = { .server = c->server,
				   .path = x->sending.path,
				   .key = x->sending.key,
				   .body = body_of(x, clock_ms(CLOCK_REALTIME)) };
	if (outbox_keep(c, &w, &e) != 0)
		caller_warn(c, str_fmt(c->arena, "Its record could not be kept: %s", e.text));
}

static int pass_unasked(const struct checking *x, const struct err *e)
{
	struct caller *c = x->caller;
	keep(x);
	caller_warn(c, str_fmt(c->arena,
			       "Aplomb could not be asked (%s) The change passes%s; its record "
			       "waits here for the next command that gets through.",
			       e->text, x->asked->rollback ? ": a rollback is never stopped" : ""));
	return 0;
}

static int conclude_unasked(const struct checking *x, struct err *e)
{
	bool may_pass = !x->is_over && !x->asked->fail_closed;
	if (may_pass || x->asked->rollback)
		return pass_unasked(x, e);
	if (x->is_over)
		return caller_complain(x->caller, e);
	struct err closed = { 0 };
	err_refuse(&closed, ERR_GATE, "Aplomb could not be asked: %.300s", e->text);
	err_next(&closed, "Try again; without --fail-closed the change would pass now, with a "
			  "record.");
	return caller_complain(x->caller, &closed);
}

static int conclude(const struct checking *x)
{
	struct caller *c = x->caller;
	struct str said = json_text(json_get(x->answer, "said")),
		   next = json_text(json_get(x->answer, "next"));
	bool is_told = x->reply.status == 200;
	if (c->args.json)
		caller_put(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(x->reply.body)));
	if (!x->is_open) {
		caller_warn(c, str_fmt(c->arena, STR_FMT "%s" STR_FMT, STR_ARG(said),
				       next.len ? "\n        " : "", STR_ARG(next)));
		return err_exit(ERR_GATE);
	}
	if (!c->args.json && !c->args.quiet)
		caller_say(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(said)));
	if (next.len && !c->args.quiet)
		caller_warn(c, next);
	if (!is_told && json_first(json_get(x->answer, "incidents"))) {
		keep(x);
		caller_warn(c, STR("The server could not write it down; its record waits here."));
	}
	return 0;
}

int run_freeze_check(struct caller *c, const struct strs *words)
{
	struct freeze_check *v = c->own_flags;
	struct checking x = { .caller = c, .asked = v };
	struct err e = { 0 };
	x.sending = (struct sending){ .method = "POST", .path = STR("/api/v1/gate") };
	if (settle(c, v, words, &e) != 0 || files_random(c->arena, &x.sending.key, &e) != 0)
		return caller_complain(c, &e);
	x.sending.body = body_of(&x, 0);
	if (c->args.dry_run) {
		caller_put(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(x.sending.body)));
		return 0;
	}
	ask_patiently(&x, &e);
	return x.answer ? conclude(&x) : conclude_unasked(&x, &e);
}
