/* SPDX-License-Identifier: Apache-2.0 */
/* intake/alertmanager: every alert of a webhook that is taken is fit to store, also beside others that are not. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	const struct source *source = source_find(STR("alertmanager"));
	struct intake_request q = { .method = STR("POST"),
				    .body = text_of(bytes, len),
				    .now_ms = noon_ms,
				    .resolve_timeout_ms = 300000 };
	struct intake_result out = { 0 };
	struct err e = { 0 };
	if (source->read(&q, &a, &out, &e) != 0) {
		assert(e.code && e.text[0] && str_is_utf8(str_of(e.text)));
		return 0;
	}
	assert(out.status == 200 && str_is_utf8(out.complaint) && !out.reply.len);
	LIST_EACH (s, &out.signals) {
		check_signal(&a, s);
		assert(!s->is_partial && !s->is_acked);
	}
	return 0;
}
