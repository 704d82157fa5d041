/* SPDX-License-Identifier: Apache-2.0 */
/* review_draft: the first version of a review, written from facts. It judges no person: it says what
 * was kept, what was late and which rule was overridden for which reason. The verbs: review.c. */
#include "base/when.h"
#include "core/review.h"

static void line(struct buf *b, struct str text)
{
	text = str_trim(text);
	if (!text.len)
		return;
	if (b->len)
		buf_c(b, '\n');
	buf_add(b, text);
}

static void sentence(struct buf *b, const char *before, struct str text)
{
	text = str_trim(text);
	if (!text.len)
		return;
	if (b->len)
		buf_c(b, ' ');
	buf_z(b, before);
	buf_add(b, text);
	if (!str_ends(text, STR(".")) && !str_ends(text, STR("!")) && !str_ends(text, STR("?")))
		buf_c(b, '.');
}

static const struct mitigation *first_done(const struct incident *inc)
{
	const struct mitigation *first = NULL;
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_DONE && (!first || m->ended.ms < first->ended.ms))
			first = m;
	return first;
}

static void add_length(struct buf *b, const char *what, int64_t from_ms, int64_t to_ms)
{
	if (!from_ms || to_ms < from_ms)
		return;
	buf_z(b, b->len ? " " : "");
	buf_z(b, what);
	buf_z(b, " ");
	when_length(b, to_ms - from_ms);
	buf_c(b, '.');
}

static struct str draft_summary(const struct incident *inc, struct arena *a)
{
	const struct mitigation *fix = first_done(inc);
	const struct hypothesis *sure = incident_confirmed_hypothesis(inc);
	struct buf b = BUF(a);
	sentence(&b, "", inc->title);
	if (inc->severity)
		sentence(&b, "Severity ", str_sub(str_of(severity_names[inc->severity]), 3, 1));
	if (sure)
		sentence(&b, "Cause: ", sure->cause);
	if (fix)
		sentence(&b, "What ended it: ", fix->what);
	sentence(&b, "", inc->resolution);
	add_length(&b, "From onset to declaring:", inc->started.ms, inc->declared.ms);
	if (fix)
		add_length(&b, "From declaring to mitigating:", inc->declared.ms, fix->ended.ms);
	add_length(&b, "From onset to recovery:", inc->started.ms, inc->resolved.ms);
	return buf_str(&b);
}

static struct str draft_impact(const struct incident *inc, struct arena *a)
{
	struct buf b = BUF(a);
	sentence(&b, "Failed: ", inc->symptoms.fails);
	sentence(&b, "Still worked: ", inc->symptoms.works);
	sentence(&b, "Reach: ", inc->symptoms.radius);
	sentence(&b, "Spread: ", str_of(spread_names[inc->symptoms.spread]));
	if (inc->services.len)
		sentence(&b, "Services: ", strs_join(a, &inc->services, ", "));
	if (!b.len && inc->updates.len)
		sentence(&b, "", inc->updates.at[inc->updates.len - 1].impact);
	return buf_str(&b);
}

static struct str draft_cause(const struct incident *inc, struct arena *a)
{
	const struct hypothesis *sure = incident_confirmed_hypothesis(inc);
	struct buf b = BUF(a);
	if (!sure)
		return buf_str(&b);
	sentence(&b, "", sure->cause);
	sentence(&b, "", sure->verdict);
	LIST_EACH (t, &sure->tests)
		if (t->result == RESULT_SUPPORTS)
			sentence(&b, "Seen: ", t->what);
	return buf_str(&b);
}

static struct str draft_factors(const struct incident *inc, struct arena *a)
{
	struct buf b = BUF(a);
	if (inc->symptoms.changed.len)
		line(&b, str_fmt(a, "- Before it began: " STR_FMT, STR_ARG(inc->symptoms.changed)));
	LIST_EACH (h, &inc->hypotheses) {
		if (h->state == HYPOTHESIS_REFUTED)
			line(&b, str_fmt(a, "- Looked likely and was not: " STR_FMT,
					 STR_ARG(h->cause)));
		else if (h->state == HYPOTHESIS_PARKED || h->state == HYPOTHESIS_OPEN)
			line(&b, str_fmt(a, "- Never settled: " STR_FMT, STR_ARG(h->cause)));
	}
	LIST_EACH (f, &inc->freezes)
		if (f->bypasses)
			line(&b, str_fmt(a, "- %lld change%s went through the freeze.",
					 (long long)f->bypasses, f->bypasses == 1 ? "" : "s"));
	return buf_str(&b);
}

struct promises {
	int64_t kept, late, late_most_ms;
};
static struct promises count_promises(const struct incident *inc)
{
	struct promises p = { 0 };
	LIST_EACH (u, &inc->updates) {
		p.kept += u->promise == PROMISE_KEPT;
		p.late += u->promise == PROMISE_LATE;
		if (u->promise == PROMISE_LATE && u->late_by.ms > p.late_most_ms)
			p.late_most_ms = u->late_by.ms;
	}
	return p;
}

static int64_t count_checks_held(const struct incident *inc)
{
	int64_t n = 0;
	LIST_EACH (c, &inc->checks)
		n += !c->dropped && c->held.ms != 0;
	return n;
}

static struct str draft_well(const struct incident *inc, struct arena *a)
{
	struct promises p = count_promises(inc);
	int64_t held = count_checks_held(inc), refuted = 0;
	struct buf b = BUF(a);
	LIST_EACH (h, &inc->hypotheses)
		refuted += h->state == HYPOTHESIS_REFUTED;
	if (refuted)
		line(&b, str_fmt(a, "- %lld wrong idea%s ruled out by evidence, not by argument.",
				 (long long)refuted, refuted == 1 ? " was" : "s were"));
	if (incident_confirmed_hypothesis(inc))
		line(&b, STR("- The cause was confirmed with evidence."));
	if (p.kept && !p.late)
		line(&b, str_fmt(a, "- Every promised update came in time (%lld of %lld).",
				 (long long)p.kept, (long long)p.kept));
	if (held && incident_is_verified(inc))
		line(&b, str_fmt(a, "- Recovery was verified by %lld check%s that held.",
				 (long long)held, held == 1 ? "" : "s"));
	if (inc->freezes.len)
		line(&b, STR("- Changes were frozen while the team looked."));
	if (inc->pauses.len)
		line(&b, STR("- The team paused and went back to the facts."));
	if (!inc->overridden.len)
		line(&b, STR("- No rule of the practice was overridden."));
	return buf_str(&b);
}

static void poorly_changes(const struct incident *inc, struct arena *a, struct buf *b)
{
	LIST_EACH (m, &inc->mitigations) {
		if (m->state == MITIGATION_UNDONE)
			line(b,
			     str_fmt(a, "- A change was taken back: " STR_FMT, STR_ARG(m->what)));
		else if (m->state == MITIGATION_LAPSED)
			line(b, str_fmt(a, "- Nobody said how a change went: " STR_FMT,
					STR_ARG(m->what)));
	}
}

static struct str draft_poorly(const struct incident *inc, struct arena *a)
{
	struct promises p = count_promises(inc);
	struct buf b = BUF(a), longest = BUF(a);
	if (p.late) {
		when_length(&longest, p.late_most_ms);
		line(&b,
		     str_fmt(a,
			     "- %lld of %lld promised updates came late, by " STR_FMT " at most.",
			     (long long)p.late, (long long)(p.late + p.kept),
			     STR_ARG(buf_str(&longest))));
	}
	if (!inc->updates.len)
		line(&b, STR("- No update was sent."));
	if (!incident_is_verified(inc))
		line(&b, STR("- Recovery was not verified by a check."));
	poorly_changes(inc, a, &b);
	LIST_EACH (o, &inc->overridden) {
		struct str step = str_starts(o->guard, STR("step:"))
					  ? str_sub(o->guard, 5, o->guard.len)
					  : (struct str){ 0 };
		if (step.len)
			line(&b, str_fmt(a, "- The step " STR_FMT " was skipped: " STR_FMT,
					 STR_ARG(step), STR_ARG(o->reason)));
		else
			line(&b, str_fmt(a, "- Went on although: " STR_FMT " Reason: " STR_FMT,
					 STR_ARG(o->stands), STR_ARG(o->reason)));
	}
	return buf_str(&b);
}

/* Everything that was not taken back: hiding is quicker than hunting. */
static struct strs draft_timeline(const struct incident *inc, struct arena *a)
{
	int64_t most = inc->seq < REVIEW_MAX_ENTRIES ? inc->seq : REVIEW_MAX_ENTRIES;
	struct strs l = { ARENA_ARRAY(a, struct str, most + 1), 0 };
	for (int64_t seq = 1; seq <= most; seq++) {
		struct str text = str_fmt(a, "%lld", (long long)seq);
		if (!strs_has(&inc->retracted, text))
			l.at[l.len++] = text;
	}
	return l;
}

void review_draft(const struct incident *inc, const struct roster *roster, struct arena *a,
		  struct review_drafted *out)
{
	const struct roster_person *lead = roster_find(roster, inc->role[ROLE_LEAD].id);
	*out = (struct review_drafted){
		.summary = draft_summary(inc, a),
		.impact = draft_impact(inc, a),
		.root_cause = draft_cause(inc, a),
		.factors = draft_factors(inc, a),
		.went_well = draft_well(inc, a),
		.went_poorly = draft_poorly(inc, a),
		.timeline = draft_timeline(inc, a),
		.owner = { lead ? lead->id : inc->role[ROLE_LEAD].id },
	};
}
