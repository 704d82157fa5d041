/* SPDX-License-Identifier: Apache-2.0 */
/* core/words: lines that a person types, each decided on one incident; what is decided can be kept. */
#include "core/words.h"

#include "core/core.h"
#include "core/event.h"
#include "fuzz.h"

static const struct words_flag own_flags[] = { { "incident", 'i', true },
					       { "json", 0, false },
					       { .name = NULL } };

/* What goes to the ledger reads back the same, or the fold of tomorrow is not that of today. */
static void keep(struct arena *a, struct incident *inc, const struct decision *d)
{
	LIST_EACH (p, &d->events) {
		struct err e = { 0 };
		struct event event = { .stream = 1, .seq = ++inc->seq, .actor = STR("u-ana") };
		event.type = p->type;
		event.body = p->body;
		event.recorded_ms = event.happened_ms = noon_ms;
		const void *again;
		assert(event_decode(a, p->type, event_encode(a, &event), &again, &e) == 0);
		assert(fields_equal(p->type->fields, p->body, again));
		core_evolve(&incident_stream, inc, &event);
	}
}

static void run(struct arena *a, struct incident *inc, const struct words_command *w)
{
	static const struct roster_person people[] = {
		{ { "u-ana", 5 }, { "ana", 3 }, { "Ana", 3 }, RIGHT_ADMIN }
	};
	struct roster_person person = people[0];
	struct roster roster = { { &person, 1, 1 } };
	struct facts facts = { .now_ms = noon_ms,
			       .actor = person.id,
			       .right = RIGHT_ADMIN,
			       .roster = &roster,
			       .policy = &policy_default };
	struct command cmd = { .verb = w->verb,
			       .stream = 1,
			       .actor = person.id,
			       .override_reason = w->because,
			       .fields = w->fields };
	struct decision d = { .arena = a };
	struct err e = { 0 };
	if (verb_stream(w->verb) == &incident_stream && core_decide(inc, &facts, &cmd, &d, &e) == 0)
		keep(a, inc, &d);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str rest = text_of(bytes, len), line;
	struct incident inc = { .arena = &a };
	struct reading r = { .arena = &a, .now_ms = noon_ms };
	while (str_cut(&rest, '\n', &line)) {
		struct strs words;
		struct words_command w = { 0 };
		struct err e = { 0 };
		if (words_split(&a, line, &words, &e) == 0 &&
		    words_to_command(&words, own_flags, &r, &w, &e) == 0)
			run(&a, &inc, &w);
		else
			assert(e.text[0]);
	}
	return 0;
}
