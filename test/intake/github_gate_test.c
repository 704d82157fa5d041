/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub's question whether a deployment may begin, the only addresses that may be answered, and the answer. */
#include "intake/github_gate.h"

#include "base/json.h"
#include "test.h"

#define CALLBACK \
	"https://api.github.com/repos/acme/shop/actions/runs/4711/deployment_protection_rule"
#define BODY                                                                                      \
	"{\"action\":\"requested\",\"environment\":\"production\",\"event\":\"push\","            \
	"\"deployment_callback_url\":\"" CALLBACK "\","                                           \
	"\"deployment\":{\"id\":7,\"ref\":\"v231\",\"sha\":\"1a2b3c4d5e6f\",\"task\":\"deploy\"," \
	"\"environment\":\"production\",\"creator\":{\"login\":\"octocat\"}},"                    \
	"\"repository\":{\"name\":\"shop\",\"full_name\":\"acme/shop\",\"html_url\":"             \
	"\"https://github.com/acme/shop\"},\"sender\":{\"login\":\"somebody\"},"                  \
	"\"installation\":{\"id\":5}}"

static const struct gate_call *read_it(struct arena *a, const char *body, struct err *e)
{
	struct intake_request q = { .method = STR("POST"), .body = str_of(body) };
	struct github_question g = { .request = &q, .arena = a };
	struct intake_result out = { 0 };
	struct json *parsed;
	*e = (struct err){ 0 };
	if (json_parse_lax(a, q.body, &parsed, e) != 0)
		return NULL;
	g.body = parsed;
	return github_gate_read(&g, &out, e) == 0 ? out.gate : NULL;
}

/* The body with one text in place of another. */
static const char *with(struct arena *a, const char *from, const char *to)
{
	struct str body = STR(BODY);
	size_t at = str_find(body, str_of(from));
	assert_true(at != SIZE_MAX);
	return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(body, 0, at)), to,
		       STR_ARG(str_sub(body, at + str_of(from).len, body.len)))
		.at;
}

TEST(reads_the_question)
{
	ARENA(a);
	struct err e;
	const struct gate_call *call = read_it(&a, BODY, &e);
	assert_non_null(call);
	assert_str(call->callback, CALLBACK);
	assert_str(call->environment, "production");
	assert_str(call->ask.what, "deploy v231 (1a2b3c4)");
	assert_int_equal(call->ask.services.len, 1);
	assert_str(call->ask.services.at[0], "shop");
	assert_str(call->ask.who, "octocat");
	assert_str(call->ask.via, "github");
	assert_str(call->ask.link, "https://github.com/acme/shop/actions/runs/4711");
	assert_false(call->ask.rollback);
}

TEST(a_redelivery_is_the_same_question)
{
	ARENA(a);
	struct err e;
	struct str key = read_it(&a, BODY, &e)->key;
	assert_true(str_eq(key, read_it(&a, BODY, &e)->key));
	assert_false(str_eq(key, read_it(&a, with(&a, "\"id\":7", "\"id\":8"), &e)->key));
}

TEST(a_name_that_says_rollback_is_one)
{
	ARENA(a);
	struct err e;
	assert_true(read_it(&a, with(&a, "\"v231\"", "\"Rollback-v230\""), &e)->ask.rollback);
	assert_true(read_it(&a, with(&a, "\"task\":\"deploy\"", "\"task\":\"rollback\""), &e)
			    ->ask.rollback);
}

TEST(other_actions_ask_nothing)
{
	ARENA(a);
	struct err e;
	assert_null(read_it(&a, with(&a, "requested", "completed"), &e));
	assert_int_equal(e.code, ERR_NONE);
}

TEST(refuses_what_cannot_be_answered)
{
	ARENA(a);
	struct err e;
	static const char *const bodies[] = {
		"",
		"{",
		"[]",
		"7",
		"{\"action\":\"requested\"}",
		"{\"action\":\"requested\",\"deployment_callback_url\":5,\"environment\":\"x\"}",
		"{\"action\":\"requested\",\"deployment_callback_url\":\"" CALLBACK "\"}",
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_null(read_it(&a, bodies[i], &e));
	assert_string_equal(e.field, "environment");
}

TEST(names_that_are_odd_stay_within_their_limits)
{
	ARENA(a);
	struct err e;
	char *name = arena_alloc(&a, 5001);
	memset(name, 'x', 5000);
	const struct gate_call *call = read_it(&a, with(&a, "v231", name), &e);
	assert_non_null(call);
	assert_int_equal(fields_check(gate_ask_fields, &call->ask, &e), 0);
	call = read_it(&a, with(&a, "v231", "v1\\nv2\\u202e"), &e);
	assert_non_null(call);
	assert_true(str_find(call->ask.what, STR("\n")) == SIZE_MAX);
	call = read_it(&a, with(&a, "octocat", "octo\\u0012cat"), &e);
	assert_int_equal(fields_check(gate_ask_fields, &call->ask, &e), 0);
}

static bool may(const char *api, const char *url)
{
	return github_gate_is_callback(str_of(api), str_of(url));
}

TEST(answers_go_to_the_api_and_nowhere_else)
{
	const char *api = "https://api.github.com";
	assert_true(may(api, CALLBACK));
	assert_true(may("https://api.github.com/", CALLBACK));
	assert_true(may("https://ghe.example/api/v3",
			"https://ghe.example/api/v3/repos/a/b/actions/runs/1/"
			"deployment_protection_rule"));
	static const char *const others[] = {
		"http://api.github.com/repos/acme/shop/actions/runs/1/deployment_protection_rule",
		"https://api.github.com.evil.example/repos/a/b/actions/runs/1/"
		"deployment_protection_rule",
		"https://api.github.com@evil.example/repos/a/b/actions/runs/1/"
		"deployment_protection_rule",
		"https://api.github.com:8443/repos/a/b/actions/runs/1/deployment_protection_rule",
		"https://evil.example/repos/a/b/actions/runs/1/deployment_protection_rule",
		"https://api.github.com/repos/a/../actions/runs/1/deployment_protection_rule",
		"https://api.github.com/repos/a/b/actions/runs/1/deployment_protection_rule?x=1",
		"https://api.github.com/repos/a/b/actions/runs/1/deployment_protection_rule/",
		"https://api.github.com/repos/a/b/actions/runs/1x/deployment_protection_rule",
		"https://api.github.com/repos/a/b/actions/runs//deployment_protection_rule",
		"https://api.github.com/repos/a%2f/b/actions/runs/1/deployment_protection_rule",
		"https://api.github.com/repos/a/b/actions/runs/1",
		"https://api.github.com/user/repos",
		"https://api.github.com",
		"",
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (may(api, others[i]))
			fail_msg("%s", others[i]);
	assert_false(may("", CALLBACK));
}

TEST(the_answer_is_what_github_documents)
{
	ARENA(a);
	char *longer = arena_alloc(&a, 3001);
	memset(longer, 'x', 3000);
	assert_str(github_gate_answer(&a, STR("production"), true, STR("Nothing is frozen.")),
		   "{\"environment_name\":\"production\",\"state\":\"approved\",\"comment\":"
		   "\"Nothing is frozen.\"}");
	struct str text = github_gate_answer(&a, STR("a\"b"), false, str_of(longer));
	assert_true(
		str_starts(text, STR("{\"environment_name\":\"a\\\"b\",\"state\":\"rejected\"")));
	assert_true(text.len < 1024 + 80);
}

TESTS(T(reads_the_question), T(a_redelivery_is_the_same_question),
      T(a_name_that_says_rollback_is_one), T(other_actions_ask_nothing),
      T(refuses_what_cannot_be_answered), T(names_that_are_odd_stay_within_their_limits),
      T(answers_go_to_the_api_and_nowhere_else), T(the_answer_is_what_github_documents))
