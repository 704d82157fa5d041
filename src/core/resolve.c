/* SPDX-License-Identifier: Apache-2.0 */
/* resolve: the end of the trouble, once recovery has held (recovery.c), and the way back if it was none.
 * Closing, after the review, is review.c. */
#include "core/incident.h"
#include "core/phrase.h"
#include "core/ranking.h"

enum { RESOLVED, REOPENED, EVENTS };
static const struct event_type resolve_events[EVENTS + 1];

struct resolved {
	struct str summary;
	struct strs unfrozen; /* services whose freeze ends with it */
	struct when review_due;
};
static const struct field resolved_fields[] = {
	FIELD(resolved, summary, "what ended it"),
	FIELD(resolved, unfrozen, "what is no longer frozen"),
	FIELD(resolved, review_due, "until when the review is due"),
	END,
};
struct reopened {
	struct str reason;
};
static const struct field reopened_fields[] = {
	FIELD(reopened, reason, "why it is not over"),
	END,
};

/* Guards */

static int no_change_in_flight(const struct incident *inc, const struct facts *facts,
			       const struct command *cmd, struct decision *d, struct err *e)
{
	const struct mitigation *m = incident_change_in_flight(inc);
	if (!m)
		return 0;
	struct str name = roster_name(facts->roster, m->run_by.id);
	struct str since = phrase_clock(d->arena, m->started.ms);
	return guard(cmd, d,
		     &(struct obstacle){
			     "change-in-flight",
			     str_fmt(d->arena,
				     "Mitigation %lld (\"" STR_FMT "\") is still running; " STR_FMT
				     " started it at " STR_FMT ".",
				     (long long)m->number, STR_ARG(str_clip(m->what, 200)),
				     STR_ARG(name), STR_ARG(since)),
			     STR("Say first how it went, or resolve with a reason.") },
		     e);
}

/* The newest one, for "a finished rollback is not recovery". */
static const struct mitigation *done_mitigation(const struct incident *inc)
{
	const struct mitigation *found = NULL;
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_DONE)
			found = m;
	return found;
}

static void say_unverified(const struct incident *inc, struct buf *out)
{
	bool is_stated = false;
	struct arena *a = out->arena;
	LIST_EACH (c, &inc->checks) {
		if (c->dropped || c->held.ms) {
			is_stated = is_stated || !c->dropped;
			continue;
		}
		is_stated = true;
		struct str hold = phrase_length(a, c->hold.ms),
			   since = phrase_clock(a, c->since.ms);
		buf_fmt(out, "Check %lld (\"" STR_FMT "\") ", (long long)c->number,
			STR_ARG(str_clip(c->what, 120)));
		if (c->since.ms)
			buf_fmt(out, "holds since " STR_FMT " and needs " STR_FMT ".",
				STR_ARG(since), STR_ARG(hold));
		else
			buf_fmt(out, "does not hold yet and must for " STR_FMT ".", STR_ARG(hold));
		break;
	}
	if (!is_stated)
		buf_z(out, "No recovery check is stated.");
	const struct mitigation *m = done_mitigation(inc);
	if (m)
		buf_fmt(out, " A finished %s is not recovery.",
			m->kind == MITIGATION_OTHER ? "change" : mitigation_kind_names[m->kind]);
}

static int is_verified(const struct incident *inc, const struct command *cmd, struct decision *d,
		       struct err *e)
{
	struct buf stands = BUF(d->arena);
	bool is_stated = false;
	if (incident_is_verified(inc))
		return 0;
	LIST_EACH (c, &inc->checks)
		is_stated = is_stated || !c->dropped;
	say_unverified(inc, &stands);
	return guard(cmd, d,
		     &(struct obstacle){ "verified-first", buf_str(&stands),
					 is_stated ? STR("Look again until it has held long "
							 "enough, or resolve with a reason.")
						   : STR("State a check: what shows that it works "
							 "again, and for how long. "
							 "Or resolve with a reason.") },
		     e);
}

/* Verbs */

struct resolve {
	struct str summary, cause;
};
static const struct field resolve_fields[] = {
	FIELD(resolve, summary, "what ended it, in a sentence", .max = 1000, .lines = 2),
	FIELD(resolve, cause,
	      "the number of the change that set it off, or none; empty: not known yet", .max = 40,
	      .suggest = "cause"),
	END,
};

static struct strs frozen_now(const struct incident *inc, struct arena *a)
{
	LIST_OF(struct str) found = { 0 };
	LIST_EACH (f, &inc->freezes) {
		if (f->ended.ms)
			continue;
		if (!f->services.len)
			*LIST_ADD(a, &found) = STR("everything");
		for (size_t i = 0; i < f->services.len; i++) {
			struct strs so_far = { found.at, found.len };
			if (!strs_has(&so_far, f->services.at[i]))
				*LIST_ADD(a, &found) = f->services.at[i];
		}
	}
	return (struct strs){ found.at, found.len };
}

static int resolve_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct resolve *in = cmd->fields;
	if (incident_refuse_unless_open(inc, e) || no_change_in_flight(inc, facts, cmd, d, e) ||
	    is_verified(inc, cmd, d, e))
		return -1;
	struct resolved *to = decision_add(d, &resolve_events[RESOLVED]);
	to->summary = in->summary;
	to->unfrozen = frozen_now(inc, d->arena);
	to->review_due.ms = facts->now_ms + facts->policy->review_due_ms;
	if (str_trim(in->cause).len)
		return ranking_name_cause(inc, in->cause, d, e);
	return 0;
}

struct reopen {
	struct str reason;
};
static const struct field reopen_fields[] = {
	FIELD(reopen, reason, "what shows that it is not over", .required = true, .max = 1000,
	      .lines = 2),
	END,
};
static int reopen_decide(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct reopen *in = cmd->fields;
	(void)facts;
	if (incident_is_open(inc)) {
		err_refuse(e, ERR_CONFLICT, "INC-%lld is open.", (long long)inc->id);
		err_next(e, "There is nothing to reopen; go on with the next step.");
		return -1;
	}
	/* closed may be reopened; merged and never declared may not */
	if (!inc->closed.ms && incident_refuse_if_over(inc, e))
		return -1;
	if (inc->merged_into) {
		err_refuse(e, ERR_CONFLICT, "INC-%lld was merged into INC-%lld.",
			   (long long)inc->id, (long long)inc->merged_into);
		err_next(e, "Reopen INC-%lld instead.", (long long)inc->merged_into);
		return -1;
	}
	struct reopened *to = decision_add(d, &resolve_events[REOPENED]);
	to->reason = in->reason;
	return 0;
}

/* Events */

static void move(struct incident *inc, const struct event *event)
{
	if (!inc->moved.ms)
		inc->moved.ms = event->happened_ms;
}

static void resolved_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct resolved *body = event->body;
	inc->resolved.ms = event->happened_ms;
	inc->resolution = incident_keep(inc, body->summary);
	inc->review.due = body->review_due;
	LIST_EACH (f, &inc->freezes)
		if (!f->ended.ms)
			f->ended.ms = event->happened_ms;
	move(inc, event);
}

static bool is_quiet(const struct incident *inc, struct str fingerprint)
{
	LIST_EACH (a, &inc->alerts)
		if (str_eq(a->fingerprint, fingerprint))
			return !a->firing;
	return false;
}

/* What was verified is open again; a quiet alert starts to hold anew. */
static void reopened_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	inc->resolved.ms = inc->closed.ms = inc->review.due.ms = 0;
	inc->resolution = (struct str){ 0 };
	inc->cause = (struct cause){ 0 };
	LIST_EACH (c, &inc->checks) {
		bool is_holding = c->kind == CHECK_ALERT && is_quiet(inc, c->alert);
		c->since.ms = is_holding ? event->happened_ms : 0;
		c->held.ms = c->last.ms = 0;
	}
	if (inc->review.state == REVIEW_PUBLISHED) {
		inc->review.state = REVIEW_DRAFT;
		inc->review.published.ms = 0;
	}
	move(inc, event);
}

static const struct event_type resolve_events[EVENTS + 1] = {
	[RESOLVED] = { .name = "incident.resolved",
		       .version = 1,
		       .fields = resolved_fields,
		       .size = sizeof(struct resolved),
		       .clearance = CLEAR_PUBLIC,
		       .sentence = "{actor} resolved the incident[: {summary}].[ No longer frozen: "
				   "{unfrozen}.]",
		       .evolve = resolved_evolve },
	[REOPENED] = { .name = "incident.reopened",
		       .version = 1,
		       .fields = reopened_fields,
		       .size = sizeof(struct reopened),
		       .clearance = CLEAR_INTERNAL,
		       .sentence = "{actor} reopened the incident: {reason}.",
		       .evolve = reopened_evolve },
	END_EVENTS,
};

static const struct verb resolve_verbs[] = {
	{ .noun = "incident",
	  .name = "resolve",
	  .alias = "resolve",
	  .label = "Resolve",
	  .help = "Say that it is over: every recovery check has held. Freezes end with it.",
	  .needs = RIGHT_RESPOND,
	  .traits = NEEDS_FRESH,
	  .fields = resolve_fields,
	  .size = sizeof(struct resolve),
	  .decide = resolve_decide },
	{ .noun = "incident",
	  .name = "reopen",
	  .alias = "reopen",
	  .label = "Reopen",
	  .help = "Say that it is not over after all; every check must hold again.",
	  .needs = RIGHT_RESPOND,
	  .traits = NEEDS_FRESH,
	  .fields = reopen_fields,
	  .size = sizeof(struct reopen),
	  .decide = reopen_decide },
	END_VERBS,
};

extern const struct module resolve_module;
const struct module resolve_module = {
	.name = "resolve",
	.stream = &incident_stream,
	.verbs = resolve_verbs,
	.events = resolve_events,
};
