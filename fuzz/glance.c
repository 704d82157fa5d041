/* SPDX-License-Identifier: Apache-2.0 */
/* intake/glance against intake/prometheus: what is seen at a glance is what reading finds, and alerts of one mark say the
 * same. */
#include "intake/glance.h"

#include "fuzz.h"

static void assert_same(const struct signal *a, const struct signal *b)
{
	assert(str_eq(a->fingerprint, b->fingerprint) && str_eq(a->labels, b->labels));
	assert(str_eq(a->annotations, b->annotations) && str_eq(a->generator, b->generator));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	const struct glance_key key = { { 11, 22, 33, 44 } };
	struct intake_request q = { .method = STR("POST"),
				    .body = text_of(bytes, len),
				    .now_ms = noon_ms,
				    .resolve_timeout_ms = 300000 };
	struct intake_result seen, read = { 0 };
	struct err e = { 0 };
	if (!glance(&key, &q, &a, &seen) ||
	    source_find(STR("prometheus"))->read(&q, &a, &read, &e) != 0 || read.status != 200)
		return 0;
	assert(seen.status == 200 && seen.signals.len == read.signals.len);
	glance_keep(&seen, &read);
	for (size_t i = 0; i < read.signals.len; i++) {
		const struct signal *r = &read.signals.at[i], *s = &seen.signals.at[i];
		assert(r->started_ms == s->started_ms && r->ends_ms == s->ends_ms);
		assert(r->is_firing == s->is_firing && !r->by_timeout);
		for (size_t k = 0; k < i && k < 20; k++)
			if (read.signals.at[k].mark.one == r->mark.one)
				assert_same(&read.signals.at[k], r);
	}
	return 0;
}
