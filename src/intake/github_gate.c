/* SPDX-License-Identifier: Apache-2.0 */
/* github_gate: see github_gate.h. */
#include "intake/github_gate.h"

#include "base/digest.h"
#include "intake/keyed.h"
#include "intake/path.h"

enum {
	URL_BYTES = 1000,
	NAME_BYTES = 100, /* of an owner or a repository, at GitHub */
	RUN_DIGITS = 20,
	KEY_BYTES = 32,
	ENVIRONMENT_BYTES = 255,
	COMMENT_BYTES = 1024, /* GitHub's limit */
};

static bool has_rollback(struct str in)
{
	struct str word = STR("rollback");
	for (size_t i = 0; i + word.len <= in.len; i++)
		if (str_eq_nocase(str_sub(in, i, word.len), word))
			return true;
	return false;
}

/* "deploy v231 (1a2b3c4)": what people know it by. */
static struct str what_of(const struct json *body, struct arena *a)
{
	struct str ref = path_text(body, STR("deployment.ref"), a),
		   hash = path_text(body, STR("deployment.sha"), a),
		   task = path_text(body, STR("deployment.task"), a);
	struct str shown = str_clip(ref.len ? ref : hash, 200);
	if (!task.len)
		task = STR("deploy");
	if (!shown.len)
		return str_clip(task, 200);
	if (hash.len < 7 || str_eq(ref, hash))
		return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(str_clip(task, 200)),
			       STR_ARG(shown));
	return str_fmt(a, STR_FMT " " STR_FMT " (" STR_FMT ")", STR_ARG(str_clip(task, 200)),
		       STR_ARG(shown), STR_ARG(str_clip(hash, 7)));
}

/* The page of the run: the callback's address with the API's parts taken out. */
static struct str link_of(const struct json *body, struct str callback, struct arena *a)
{
	struct str repository = path_text(body, STR("repository.html_url"), a), rest = callback;
	size_t at = str_find(callback, STR("/actions/runs/"));
	if (!repository.len || at == SIZE_MAX)
		return repository;
	rest = str_sub(callback, at, callback.len);
	if (str_ends(rest, STR("/deployment_protection_rule")))
		rest.len -= sizeof("/deployment_protection_rule") - 1;
	struct str link = str_fmt(a, STR_FMT STR_FMT, STR_ARG(repository), STR_ARG(rest));
	return link;
}

/* The same bytes are the same question: a redelivery. A job that runs again has a deployment of its own. */
static struct str key_of(const struct intake_request *q, struct arena *a)
{
	struct sha256 hash = sha256_of(q->body);
	struct str hex = hex_of(a, (struct str){ (const char *)hash.b, sizeof(hash.b) });
	return str_fmt(a, "github/" STR_FMT, STR_ARG(str_sub(hex, 0, KEY_BYTES)));
}

/* On one line, without what a text of ours may not hold, and not too long. */
static struct str fit(struct arena *a, struct str text, size_t max)
{
	text = str_clip(str_trim(text), max);
	char *to = arena_alloc(a, text.len);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		to[i] = c < 0x20 || c == 0x7f ? ' ' : text.at[i];
	}
	return str_trim((struct str){ to, text.len });
}

static void fill_ask(const struct json *body, struct str service, struct arena *a,
		     struct gate_call *call)
{
	static const char *const who[] = { "deployment.creator.login", "sender.login", NULL };
	struct str *services = ARENA_ARRAY(a, struct str, 1);
	struct gate_ask *ask = &call->ask;
	if (!service.len)
		service = path_text(body, STR("repository.name"), a);
	services[0] = fit(a, service, WORD_MAX_BYTES);
	ask->services = (struct strs){ services, services[0].len ? 1 : 0 };
	ask->what = fit(a, what_of(body, a), 500);
	ask->environment = fit(a, call->environment, 100);
	ask->who = fit(a, keyed_first(body, who, a), WORD_MAX_BYTES);
	ask->link = fit(a, link_of(body, call->callback, a), 1000);
	ask->via = STR("github");
	ask->rollback = has_rollback(path_text(body, STR("deployment.ref"), a)) ||
			has_rollback(path_text(body, STR("deployment.task"), a));
	fields_one_line(gate_ask_fields, ask, a);
}

int github_gate_read(const struct github_question *g, struct intake_result *out, struct err *e)
{
	struct gate_call *call = ARENA_NEW(g->arena, struct gate_call);
	out->status = 202;
	if (!str_is(json_text(json_get(g->body, "action")), "requested"))
		return 0;
	call->callback = json_text(json_get(g->body, "deployment_callback_url"));
	call->environment = json_text(json_get(g->body, "environment"));
	if (!call->callback.len || call->callback.len > URL_BYTES)
		return err_field(e, "deployment_callback_url",
				 "It does not say where the answer goes.");
	if (!call->environment.len || call->environment.len > ENVIRONMENT_BYTES)
		return err_field(e, "environment", "It does not say which environment.");
	call->key = key_of(g->request, g->arena);
	fill_ask(g->body, g->service, g->arena, call);
	out->gate = call;
	return 0;
}

/* A name of GitHub's: nothing that leads out of the path. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return s.len > 0 && s.len <= NAME_BYTES && !str_is(s, ".") && !str_is(s, "..");
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len > 0 && s.len <= RUN_DIGITS;
}

bool github_gate_is_callback(struct str api, struct str url)
{
	static const char *const want[] = {
		"repos", "", "", "actions", "runs", "0", "deployment_protection_rule"
	};
	struct str rest, part;
	while (str_ends(api, STR("/")))
		api.len--;
	if (!api.len || !str_starts(url, api) || url.len <= api.len || url.at[api.len] != '/')
		return false;
	rest = str_sub(url, api.len + 1, url.len);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		if (!str_cut(&rest, '/', &part))
			return false;
		bool fits = !want[i][0]			   ? is_name(part)
			    : str_is(str_of(want[i]), "0") ? is_number(part)
							   : str_is(part, want[i]);
		if (!fits)
			return false;
	}
	return !rest.at;
}

struct str github_gate_answer(struct arena *a, struct str environment, bool approves,
			      struct str comment)
{
	struct buf b = BUF(a);
	buf_z(&b, "{\"environment_name\":");
	buf_json(&b, environment);
	buf_fmt(&b, ",\"state\":\"%s\",\"comment\":", approves ? "approved" : "rejected");
	buf_json(&b, str_clip(comment, COMMENT_BYTES));
	buf_c(&b, '}');
	return buf_str(&b);
}
