/* SPDX-License-Identifier: Apache-2.0 */
/* handover: the note for the next lead, drafted from the state; see roles.h. */
#include "core/phrase.h"
#include "core/roles.h"

enum { NOTE_MAX_BYTES = FIELD_MAX_TEXT };

/* "Fails: pay." behind what is there; nothing for an empty answer. */
static void answer(struct buf *b, const char *label, struct str text)
{
	char last = text.len ? text.at[text.len - 1] : '.';
	if (!text.len)
		return;
	buf_z(b, label);
	buf_add(b, text);
	buf_z(b, last == '.' || last == '!' || last == '?' ? "" : ".");
}

static void say_known(const struct incident *inc, struct buf *b)
{
	size_t before = b->len;
	buf_z(b, "What we know:");
	answer(b, " Fails: ", inc->symptoms.fails);
	answer(b, " Works: ", inc->symptoms.works);
	answer(b, " Changed before: ", inc->symptoms.changed);
	answer(b, " Affected: ", inc->symptoms.radius);
	LIST_EACH (h, &inc->hypotheses) {
		if (h->state == HYPOTHESIS_CONFIRMED)
			answer(b, " Confirmed: ", h->cause);
		if (h->state == HYPOTHESIS_REFUTED)
			answer(b, " Refuted: ", h->cause);
	}
	if (b->len == before + sizeof("What we know:") - 1)
		buf_z(b, " nothing is recorded yet.");
}

static void say_tried(const struct incident *inc, struct buf *b)
{
	buf_z(b, "\nWhat was tried:");
	size_t before = b->len;
	LIST_EACH (m, &inc->mitigations) {
		if (m->state == MITIGATION_PROPOSED || m->state == MITIGATION_APPROVED ||
		    m->state == MITIGATION_WITHDRAWN)
			continue;
		buf_fmt(b, " %lld. ", (long long)m->number);
		buf_add(b, m->what);
		buf_fmt(b, " (%s)%s", mitigation_state_names[m->state], m->outcome.len ? "" : ".");
		answer(b, ": ", m->outcome);
	}
	buf_z(b, b->len == before ? " nothing yet." : "");
}

static void say_promises(const struct incident *inc, const struct facts *facts, struct buf *b)
{
	if (inc->promised.ms) {
		bool is_late = inc->promised.ms < facts->now_ms;
		buf_z(b, "\nNext update promised: ");
		buf_add(b, phrase_clock(b->arena, inc->promised.ms));
		buf_z(b, is_late ? ", which is late." : ".");
	}
	LIST_EACH (f, &inc->freezes) {
		if (f->ended.ms)
			continue;
		struct str services = strs_join(b->arena, &f->services, ", ");
		buf_z(b, "\nFrozen: ");
		buf_add(b, services.len ? services : STR("everything"));
		buf_z(b, ", until ");
		buf_add(b, phrase_clock(b->arena, f->until.ms));
		buf_c(b, '.');
	}
}

struct str roles_handover_note(const struct incident *inc, const struct facts *facts,
			       struct arena *a)
{
	struct buf b = BUF(a);
	const struct hypothesis *open = incident_open_hypothesis(inc);
	say_known(inc, &b);
	say_tried(inc, &b);
	if (open)
		answer(&b, "\nOpen hypothesis: ", open->cause);
	else
		buf_z(&b, "\nNo hypothesis is open.");
	say_promises(inc, facts, &b);
	return str_clip(buf_str(&b), NOTE_MAX_BYTES);
}
