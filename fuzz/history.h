/* SPDX-License-Identifier: Apache-2.0 */
/* history: input read as lines, each the name of an event type, a space and the body as JSON. */
#ifndef APLOMB_FUZZ_HISTORY_H
#define APLOMB_FUZZ_HISTORY_H
#include "core/core.h"
#include "core/event.h"
#include "fuzz.h"

/* The next event that decodes; false at the end. Its seq counts on from the one before. */
static inline bool history_next(struct arena *a, struct str *rest, struct event *event)
{
	struct str line, name;
	while (str_cut(rest, '\n', &line)) {
		struct err e = { 0 };
		str_cut(&line, ' ', &name);
		event->type = event_type_find(name);
		if (!event->type || event_decode(a, event->type, line, &event->body, &e))
			continue;
		event->stream = 7;
		event->seq++;
		event->recorded_ms = event->happened_ms = noon_ms + event->seq * 60000;
		event->actor = event->seq % 3 ? STR("u-ana") : STR("");
		return true;
	}
	return false;
}
#endif
