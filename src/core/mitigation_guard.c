/* SPDX-License-Identifier: Apache-2.0 */
/* mitigation_guard: see mitigation.h. Each rule says who, what and since when, and the safest next step. */
#include "core/mitigation.h"
#include "core/phrase.h"

static bool is_severe(const struct incident *inc)
{
	return inc->severity == SEV_1 || inc->severity == SEV_2;
}

int mitigation_guard_approve(const struct incident *inc, const struct facts *facts,
			     const struct command *cmd, struct decision *d, struct err *e)
{
	struct str lead = inc->role[ROLE_LEAD].id, name = roster_name(facts->roster, lead);
	if (!is_severe(inc) || (lead.len && str_eq(lead, facts->actor)))
		return 0;
	if (!lead.len)
		return guard(cmd, d,
			     &(struct obstacle){
				     "lead-approves",
				     str_fmt(d->arena,
					     "In a SEV %d the lead approves changes, and nobody "
					     "leads yet.",
					     inc->severity),
				     STR("Take the lead first, or override with a reason.") },
			     e);
	return guard(
		cmd, d,
		&(struct obstacle){
			"lead-approves",
			str_fmt(d->arena,
				"In a SEV %d the lead approves changes, and that is " STR_FMT ".",
				inc->severity, STR_ARG(name)),
			str_fmt(d->arena,
				"Ask " STR_FMT " to approve it, or override with a reason.",
				STR_ARG(name)) },
		e);
}

static int not_paused(const struct start_guards *g, struct err *e)
{
	const struct pause *p = incident_active_pause(g->inc);
	if (!p)
		return 0;
	struct str name = roster_name(g->facts->roster, p->by.id);
	struct str since = phrase_clock(g->d->arena, p->since.ms);
	return guard(g->cmd, g->d,
		     &(struct obstacle){ "paused",
					 str_fmt(g->d->arena,
						 STR_FMT " called a pause at " STR_FMT
							 " and it has not ended.",
						 STR_ARG(name), STR_ARG(since)),
					 STR("Answer the four questions and end the pause, or "
					     "override with a reason.") },
		     e);
}

static int is_approved(const struct start_guards *g, struct err *e)
{
	if (!is_severe(g->inc) || g->wanted->approved.ms)
		return 0;
	struct str lead = roster_name(g->facts->roster, g->inc->role[ROLE_LEAD].id);
	return guard(g->cmd, g->d,
		     &(struct obstacle){
			     "approval-first",
			     str_fmt(g->d->arena,
				     "Mitigation %lld is not approved yet, and this is a SEV %d.",
				     (long long)g->wanted->number, g->inc->severity),
			     str_fmt(g->d->arena,
				     "Ask " STR_FMT " to approve it, or override with a reason.",
				     STR_ARG(lead.len ? lead : STR("the lead"))) },
		     e);
}

static int is_only_change(const struct start_guards *g, struct err *e)
{
	LIST_EACH (m, &g->inc->mitigations) {
		if (m->state != MITIGATION_RUNNING || m->lease.ms <= g->facts->now_ms)
			continue;
		struct str name = roster_name(g->facts->roster, m->run_by.id);
		struct str since = phrase_clock(g->d->arena, m->started.ms);
		struct str stands = str_fmt(
			g->d->arena, STR_FMT " has been at \"" STR_FMT "\" since " STR_FMT ".",
			STR_ARG(name), STR_ARG(str_clip(m->what, 200)), STR_ARG(since));
		struct str next = str_fmt(g->d->arena,
					  "Wait until " STR_FMT
					  " says how it went, or override with a reason.",
					  STR_ARG(name));
		return guard(g->cmd, g->d, &(struct obstacle){ "one-change", stands, next }, e);
	}
	return 0;
}

static int is_undo_known(const struct start_guards *g, struct err *e)
{
	if (str_trim(g->wanted->undo).len || g->wanted->kind == MITIGATION_ROLLBACK)
		return 0;
	return guard(
		g->cmd, g->d,
		&(struct obstacle){
			"undo-known",
			str_fmt(g->d->arena,
				"Nobody has written down how to take \"" STR_FMT "\" back.",
				STR_ARG(str_clip(g->wanted->what, 200))),
			STR("Start it again and say how to undo it, or override with a reason.") },
		e);
}

static bool destroys_traces(const struct mitigation *m)
{
	return m->kind == MITIGATION_RESTART || m->kind == MITIGATION_WIPE ||
	       m->kind == MITIGATION_SCALE_TO_ZERO;
}

/* A change that names no service is about those of the incident. */
static bool is_wide(const struct start_guards *g)
{
	return (g->wanted->services.len ? g->wanted->services.len : g->inc->services.len) > 1;
}

static int is_evidence_kept(const struct start_guards *g, struct err *e)
{
	const char *why = NULL;
	if (incident_evidence_kept(g->inc))
		return 0;
	if (destroys_traces(g->wanted))
		why = "this change wipes out traces";
	else if (is_wide(g))
		why = "this change touches more than one service";
	else if (!incident_confirmed_hypothesis(g->inc))
		why = "the cause is not confirmed";
	if (!why)
		return 0;
	return guard(
		g->cmd, g->d,
		&(struct obstacle){ "evidence-first",
				    str_fmt(g->d->arena, "No evidence is kept yet, and %s.", why),
				    STR("Keep a log, a metric or an output first, or override with "
					"a reason.") },
		e);
}

int mitigation_guard_start(const struct start_guards *g, struct err *e)
{
	if (not_paused(g, e) || is_approved(g, e) || is_only_change(g, e) || is_undo_known(g, e))
		return -1;
	return is_evidence_kept(g, e);
}
