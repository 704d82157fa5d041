/* SPDX-License-Identifier: Apache-2.0 */
/* core/event: a body that decodes encodes to the same; no history breaks the fold. */
#include "history.h"

static void assert_codec(struct arena *a, const struct event *event)
{
	struct err e = { 0 };
	struct event again = *event;
	struct str text = event_encode(a, event);
	assert(event_decode(a, event->type, text, &again.body, &e) == 0);
	assert(fields_equal(event->type->fields, event->body, again.body));
	assert(str_eq(event_encode(a, &again), text));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str rest = text_of(bytes, len);
	struct incident inc = { .arena = &a };
	struct desk desk = { .arena = &a };
	struct event event = { 0 };
	struct buf shown = BUF(&a);
	while (history_next(&a, &rest, &event)) {
		assert_codec(&a, &event);
		core_evolve(&incident_stream, &inc, &event);
		core_evolve(&desk_stream, &desk, &event);
		(void)core_due(&incident_stream, &inc);
		(void)core_due(&desk_stream, &desk);
		(void)incident_phase(&inc);
	}
	fields_to_json(incident_fields, &inc, &shown);
	assert(is_json(&a, buf_str(&shown)));
	fields_to_json(desk_fields, &desk, &shown);
	return 0;
}
