/* SPDX-License-Identifier: Apache-2.0 */
/* incident: see incident.h. The field tables are in incident_fields.c. */
#include "core/incident.h"

const struct stream_type incident_stream = { "incident", sizeof(struct incident),
					     offsetof(struct incident, arena),
					     offsetof(struct incident, seq) };

const char *const severity_names[] = { "", "sev1", "sev2", "sev3", "sev4", NULL };
const char *const phase_names[] = { "investigating", "mitigating", "verifying", "resolved",
				    "closed",	     "merged",	   NULL };
const char *const role_names[] = { "lead", "communications", "scribe", "operations", NULL };
const char *const gate_verdict_names[] = { "open",	  "refused", "let-through",
					   "rolled-back", "unasked", NULL };
const char *const spread_names[] = { "", "isolated", "partial", "widespread", NULL };
const char *const evidence_kind_names[] = { "",		  "log",	 "metric",
					    "trace",	  "user-report", "config-diff",
					    "screenshot", "output",	 NULL };
const char *const hypothesis_state_names[] = { "candidate", "open",    "parked",
					       "confirmed", "refuted", NULL };
const char *const test_result_names[] = { "", "supports", "contradicts", "nothing", NULL };
const char *const mitigation_kind_names[] = { "other",	       "rollback", "restart", "scale",
					      "scale-to-zero", "flag",	   "config",  "failover",
					      "wipe",	       NULL };
const char *const mitigation_state_names[] = { "proposed", "approved",	"running", "done",
					       "undone",   "withdrawn", "lapsed",  NULL };
const char *const check_kind_names[] = { "person", "alert", NULL };
const char *const promise_state_names[] = { "open", "kept", "late", "dropped", NULL };
const char *const review_state_names[] = { "none", "draft", "published", NULL };
const char *const action_state_names[] = { "open", "done", "dropped", NULL };

static bool any_check_stated(const struct incident *inc)
{
	LIST_EACH (c, &inc->checks)
		if (!c->dropped)
			return true;
	return false;
}

static bool any_mitigation_done(const struct incident *inc)
{
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_DONE)
			return true;
	return false;
}

enum phase incident_phase(const struct incident *inc)
{
	if (inc->merged_into)
		return PHASE_MERGED;
	if (inc->closed.ms)
		return PHASE_CLOSED;
	if (inc->resolved.ms)
		return PHASE_RESOLVED;
	if (incident_change_in_flight(inc))
		return PHASE_MITIGATING;
	if (any_mitigation_done(inc) || any_check_stated(inc))
		return PHASE_VERIFYING;
	return PHASE_INVESTIGATING;
}

bool incident_has_ended(const struct incident *inc)
{
	return inc->merged_into || inc->closed.ms;
}

bool incident_is_open(const struct incident *inc)
{
	return inc->declared.ms && !inc->resolved.ms && !incident_has_ended(inc);
}

int incident_refuse_if_over(const struct incident *inc, struct err *e)
{
	long long id = (long long)inc->id;
	if (!inc->declared.ms)
		return err_refuse(e, ERR_NOT_FOUND, "There is no such incident.");
	if (inc->merged_into) {
		err_refuse(e, ERR_CONFLICT, "INC-%lld was merged into INC-%lld.", id,
			   (long long)inc->merged_into);
		err_next(e, "Go on in INC-%lld.", (long long)inc->merged_into);
		return -1;
	}
	if (inc->closed.ms) {
		err_refuse(e, ERR_CONFLICT, "INC-%lld is closed.", id);
		err_next(e, "Reopen it, with a reason, if it is not over.");
		return -1;
	}
	return 0;
}

int incident_refuse_unless_open(const struct incident *inc, struct err *e)
{
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!inc->resolved.ms)
		return 0;
	err_refuse(e, ERR_CONFLICT, "INC-%lld is resolved.", (long long)inc->id);
	err_next(e, "Reopen it, with a reason, if it is not over.");
	return -1;
}

static const struct hypothesis *newest_hypothesis(const struct incident *inc, int state)
{
	const struct hypothesis *found = NULL;
	LIST_EACH (h, &inc->hypotheses)
		if (h->state == state)
			found = h;
	return found;
}

const struct hypothesis *incident_open_hypothesis(const struct incident *inc)
{
	return newest_hypothesis(inc, HYPOTHESIS_OPEN);
}

const struct hypothesis *incident_confirmed_hypothesis(const struct incident *inc)
{
	return newest_hypothesis(inc, HYPOTHESIS_CONFIRMED);
}

const struct mitigation *incident_change_in_flight(const struct incident *inc)
{
	const struct mitigation *found = NULL;
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_RUNNING)
			found = m;
	return found;
}

const struct freeze *incident_active_freeze(const struct incident *inc)
{
	const struct freeze *found = NULL;
	LIST_EACH (f, &inc->freezes)
		if (!f->ended.ms)
			found = f;
	return found;
}

const struct pause *incident_active_pause(const struct incident *inc)
{
	const struct pause *found = NULL;
	LIST_EACH (p, &inc->pauses)
		if (!p->ended.ms)
			found = p;
	return found;
}

bool incident_is_verified(const struct incident *inc)
{
	LIST_EACH (c, &inc->checks)
		if (!c->dropped && !c->held.ms)
			return false;
	return any_check_stated(inc);
}

bool incident_actions_settled(const struct incident *inc)
{
	LIST_EACH (a, &inc->actions)
		if (a->state == ACTION_OPEN)
			return false;
	return true;
}

bool incident_evidence_kept(const struct incident *inc)
{
	LIST_EACH (v, &inc->evidence)
		if (!v->retracted && v->kept.ms >= inc->declared.ms)
			return true;
	return false;
}

int incident_check_evidence(const struct incident *inc, const struct strs *numbers, struct err *e)
{
	long long newest = (long long)inc->evidence.len;
	for (size_t i = 0; i < numbers->len; i++) {
		struct str text = numbers->at[i];
		int64_t n;
		if (!str_to_int(text, &n))
			return err_field(e, "evidence",
					 "\"" STR_FMT
					 "\" is not the number of a piece of evidence.",
					 STR_ARG(str_clip(text, 60)));
		const struct evidence *v = INCIDENT_ITEM(inc->evidence, n);
		if (!v && !newest)
			return err_field(e, "evidence",
					 "There is no evidence %lld: none is kept yet.",
					 (long long)n);
		if (!v)
			return err_field(e, "evidence",
					 "There is no evidence %lld. The newest is %lld.",
					 (long long)n, newest);
		if (v->retracted)
			return err_field(e, "evidence", "Evidence %lld was retracted.",
					 (long long)n);
	}
	return 0;
}

struct str incident_keep(struct incident *inc, struct str s)
{
	return str_copy(inc->arena, s);
}

struct strs incident_keep_all(struct incident *inc, const struct strs *l)
{
	return strs_copy(inc->arena, l);
}

void incident_keep_also(struct incident *inc, struct strs *list, struct str s)
{
	size_t bytes = list->len * sizeof(*list->at);
	list->at = arena_grow(inc->arena, list->at, bytes, bytes + sizeof(*list->at));
	list->at[list->len++] = incident_keep(inc, s);
}
