/* SPDX-License-Identifier: Apache-2.0 */
/* freeze_answer: what the asker is told; see freeze_gate.h. */
#include <string.h>

#include "base/when.h"
#include "core/freeze_gate.h"
#include "core/phrase.h"

enum { SAME_DAY_MS = 20 * 3600 * 1000 };

const struct field gate_stop_fields[] = {
	FIELD(gate_stop, incident, "the incident's number"),
	FIELD(gate_stop, title, "what is wrong there"),
	CHOICE(gate_stop, verdict, gate_verdict, "what it answers"),
	FIELD(gate_stop, freeze, "the number of its freeze"),
	FIELD(gate_stop, services, "what is frozen; empty means everything"),
	FIELD(gate_stop, until, "until when"),
	FIELD(gate_stop, reason, "why changes stop"),
	FIELD(gate_stop, because, "why this one passes"),
	END,
};

static struct str clock_of(struct arena *a, int64_t at_ms, int64_t now_ms)
{
	struct buf b = BUF(a);
	if (at_ms - now_ms < SAME_DAY_MS)
		return phrase_clock(a, at_ms);
	when_day_clock(&b, at_ms, 0);
	buf_z(&b, " UTC");
	return buf_str(&b);
}

static void say_stop(struct buf *b, const struct gate_stop *s, struct arena *a, int64_t now_ms)
{
	struct str where = strs_join(a, &s->services, ", ");
	buf_fmt(b,
		"%sChanges%s" STR_FMT " are frozen until " STR_FMT ": " STR_FMT
		" (INC-%lld, " STR_FMT ").",
		b->len ? " " : "", where.len ? " to " : "", STR_ARG(where),
		STR_ARG(clock_of(a, s->until.ms, now_ms)), STR_ARG(s->reason),
		(long long)s->incident, STR_ARG(s->title));
}

static int refusals_first(const void *x, const void *y)
{
	const struct gate_stop *a = x, *b = y;
	bool a_stops = a->verdict == GATE_REFUSED, b_stops = b->verdict == GATE_REFUSED;
	if (a_stops != b_stops)
		return a_stops ? -1 : 1;
	return (a->incident > b->incident) - (a->incident < b->incident);
}

/* People paste what we propose into a shell: what a pipeline sent must be plain there. */
static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			       (c >= '0' && c <= '9');
		if (!is_word && (!c || !strchr(" ._/:@+,-", c)))
			return false;
	}
	return text.len && text.at[0] != '-';
}

static void conclude_closed(const struct gate_ask *ask, struct arena *a, struct gate_answer *out)
{
	const struct gate_stop *first = &out->stops.at[0];
	struct str services = strs_join(a, &ask->services, ",");
	struct str what = is_plain(ask->what) ? ask->what : STR("the change");
	bool names_services = is_plain(services);
	out->next = str_fmt(
		a,
		"Wait until the freeze is lifted, then run this again. If it is the fix itself, a "
		"responder lets it pass: aplomb -i %lld freeze bypass '" STR_FMT "'%s" STR_FMT
		"%s --reason 'why it cannot wait'. If it takes an older state back, ask with "
		"--rollback: a rollback always passes.",
		(long long)first->incident, STR_ARG(what), names_services ? " --services '" : "",
		STR_ARG(names_services ? services : STR("")), names_services ? "'" : "");
}

static struct str open_why(const struct gate_stop *s, struct arena *a)
{
	switch ((enum gate_verdict)s->verdict) {
	case GATE_LET_THROUGH:
		return str_fmt(a, "This one may pass: " STR_FMT ".", STR_ARG(s->because));
	case GATE_ROLLED_BACK:
		return STR("A rollback always passes; it is told on the timeline.");
	case GATE_UNASKED:
		return STR("It passed while nobody could be asked; it is told on the timeline.");
	case GATE_OPEN:
	case GATE_REFUSED:
		break;
	}
	return (struct str){ NULL, 0 };
}

void gate_conclude(const struct gate_ask *ask, int64_t now_ms, struct arena *a,
		   struct gate_answer *out)
{
	struct buf said = BUF(a);
	struct str services = strs_join(a, &ask->services, ", ");
	LIST_SORT(&out->stops, refusals_first);
	out->is_open = !out->stops.len || out->stops.at[0].verdict != GATE_REFUSED;
	out->next = (struct str){ NULL, 0 };
	LIST_EACH (s, &out->stops)
		if (out->is_open || s->verdict == GATE_REFUSED)
			say_stop(&said, s, a, now_ms);
	if (!out->stops.len)
		buf_fmt(&said, "Nothing is frozen%s" STR_FMT ".", services.len ? " for " : "",
			STR_ARG(services));
	else if (out->is_open)
		buf_fmt(&said, " " STR_FMT, STR_ARG(open_why(&out->stops.at[0], a)));
	else
		conclude_closed(ask, a, out);
	out->said = buf_str(&said);
}
