/* SPDX-License-Identifier: Apache-2.0 */
/* intake/glance against intake/prometheus: what is seen at a glance is what reading finds, what can be read from where it
 * stands says the same, and alerts of one mark do. */
#include "intake/glance.h"

#include "fuzz.h"

static void assert_same(const struct signal *a, const struct signal *b)
{
	assert(str_eq(a->fingerprint, b->fingerprint) && str_eq(a->labels, b->labels));
	assert(str_eq(a->annotations, b->annotations) && str_eq(a->generator, b->generator));
	assert(str_eq(a->name, b->name) && str_eq(a->service, b->service));
	assert(str_eq(a->summary, b->summary) && str_eq(a->severity, b->severity));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	const struct glance_key key = { { 11, 22, 33, 44 } };
	struct intake_request q = { .method = STR("POST"),
				    .body = text_of(bytes, len),
				    .now_ms = noon_ms,
				    .resolve_timeout_ms = 300000 };
	struct glances glanced;
	struct intake_result plain = { 0 }, read = { 0 };
	struct err e = { 0 };
	if (!glance(&key, &q, &a, &glanced))
		return 0;
	bool is_plain = glance_read(&glanced, q.body, &a, &plain);
	bool is_read = source_find(STR("prometheus"))->read(&q, &a, &read, &e) == 0 &&
		       read.status == 200;
	assert(is_plain ? is_read : !plain.signals.at);
	if (!is_read)
		return 0;
	const struct intake_result *seen = &glanced.result;
	assert(seen->status == 200 && seen->signals.len == read.signals.len);
	glance_keep(&glanced, &read);
	for (size_t i = 0; i < read.signals.len; i++) {
		const struct signal *r = &read.signals.at[i], *s = &seen->signals.at[i];
		assert(r->started_ms == s->started_ms && r->ends_ms == s->ends_ms);
		assert(r->is_firing == s->is_firing && !r->by_timeout);
		if (is_plain)
			assert_same(&plain.signals.at[i], r);
		for (size_t k = 0; k < i && k < 20; k++)
			if (read.signals.at[k].mark.one == r->mark.one)
				assert_same(&read.signals.at[k], r);
	}
	return 0;
}
