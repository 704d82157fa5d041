/* SPDX-License-Identifier: Apache-2.0 */
/* intake/github_gate: whatever is taken as a question is fit to be asked and kept, the same bytes are the same question,
 * and no address passes that does not begin with the API's. Bytes: a body; the address in it is checked, too. */
#include "fuzz.h"
#include "base/json.h"
#include "intake/github_gate.h"

static void check_ask(const struct gate_ask *ask)
{
	struct err e = { 0 };
	assert(fields_check(gate_ask_fields, ask, &e) == 0);
	assert(str_is_utf8(ask->what) && str_is_utf8(ask->who) && str_is_utf8(ask->environment));
	assert(str_is_utf8(ask->link) && str_find(ask->what, STR("\n")) == SIZE_MAX);
	assert(ask->services.len <= 1 && ask->what.len && !ask->passed.ms);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct intake_request q = { .method = STR("POST"), .body = text_of(bytes, len) };
	struct github_question g = { .request = &q, .arena = &a };
	struct intake_result one = { 0 }, two = { 0 };
	struct err e = { 0 };
	struct json *body;
	struct str api = STR("https://api.github.com");
	bool passes = github_gate_is_callback(api, q.body);
	assert(!passes || str_starts(q.body, STR("https://api.github.com/repos/")));
	assert(!passes || str_find(q.body, STR("/../")) == SIZE_MAX);
	if (json_parse_lax(&a, q.body, &body, &e) != 0)
		return 0;
	g.body = body;
	if (github_gate_read(&g, &one, &e) != 0) {
		assert(e.code && e.text[0] && str_is_utf8(str_of(e.text)));
		return 0;
	}
	assert(github_gate_read(&g, &two, &e) == 0);
	assert(!one.gate == !two.gate);
	if (!one.gate)
		return 0;
	assert(str_eq(one.gate->key, two.gate->key) && one.gate->callback.len);
	check_ask(&one.gate->ask);
	assert(is_json(&a,
		       github_gate_answer(&a, one.gate->environment, true, one.gate->ask.what)));
	return 0;
}
