/* SPDX-License-Identifier: Apache-2.0 */
/* intake: the sources of changes that are no forge, and any body by a mapping of the team's own. The first byte picks one;
 * the rest: see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static const char *const names[] = { "grafana_annotation", "pagerduty_change",
					     "sentry_release", "cloudevents", "generic" };
	ARENA(a);
	struct intake_request q = { .body = text_of(bytes, len) };
	struct integration own = { .name = STR("own"), .mapping = { .what = STR("change") } };
	unsigned char pick = take_byte(&q.body);
	if (!take_head(&a, &q))
		return 0;
	if (pick >= 'f' || pick % 5 == 4) {
		q.integration = &own;
		own.mapping.undo = STR("undo {{app}} {{from}}");
		own.mapping.items = pick >= 'k' ? STR("items") : own.mapping.items;
	}
	return read_request(names[pick % 5], &q, &a);
}
