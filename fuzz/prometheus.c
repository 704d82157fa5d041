/* SPDX-License-Identifier: Apache-2.0 */
/* intake/prometheus: every signal that is taken is fit to store. */
#include "fuzz.h"
#include "intake/source.h"

static void check(struct arena *a, const struct signal *s)
{
	assert(s->fingerprint.len == 16);
	for (size_t i = 0; i < 16; i++)
		assert(hex_value(s->fingerprint.at[i]) >= 0);
	assert(is_json(a, s->labels) && is_json(a, s->annotations));
	assert(s->name.len && str_is_utf8(s->name) && str_is_utf8(s->service));
	assert(str_is_utf8(s->summary) && str_is_utf8(s->severity) && str_is_utf8(s->generator));
	assert(s->started_ms > 0 && s->ends_ms >= s->started_ms);
	assert(s->is_firing == (s->ends_ms > noon_ms));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	const struct source *source = source_find(STR("prometheus"));
	struct intake_request q = { .method = STR("POST"),
				    .body = text_of(bytes, len),
				    .now_ms = noon_ms,
				    .resolve_timeout_ms = 300000 };
	struct intake_result out = { 0 };
	struct err e = { 0 };
	if (source->read(&q, &a, &out, &e)) {
		assert(e.code && e.text[0]);
		return 0;
	}
	assert(out.status == 200 || (out.status == 400 && out.complaint.len));
	LIST_EACH (s, &out.signals)
		check(&a, s);
	return 0;
}
