/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm_next: the one next safest step, from an ordered table: the first row whose condition holds.
 * Safest first: what keeps a promise or settles a change comes before what is new. */
#include "core/rhythm_next.h"

#include "base/when.h"
#include "core/core.h"
#include "core/review.h"

typedef bool applies_fn(const struct incident *, int64_t now_ms);
typedef struct str subject_fn(const struct incident *, struct arena *);

struct move {
	applies_fn *applies;
	enum rhythm_name step;
	const char *text;    /* "%" stands for the subject */
	subject_fn *subject; /* NULL = the text has none */
	const char *why;
	const char *noun, *name, *label; /* noun NULL = no button */
};

static bool is_resolved(const struct incident *inc)
{
	return inc->resolved.ms != 0;
}

static bool is_severe(const struct incident *inc)
{
	return inc->severity == SEV_1 || inc->severity == SEV_2;
}

static bool paused(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && incident_active_pause(inc);
}

static bool update_late(const struct incident *inc, int64_t now_ms)
{
	return inc->promised.ms && inc->promised.ms < now_ms;
}

static bool no_lead(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && !inc->role[ROLE_LEAD].id.len;
}

static bool in_flight(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return incident_change_in_flight(inc);
}

static bool no_symptoms(const struct incident *inc, int64_t now_ms)
{
	const struct symptoms *s = &inc->symptoms;
	(void)now_ms;
	return !is_resolved(inc) && !rhythm_skipped(inc, RHYTHM_SYMPTOMS) &&
	       (!s->fails.len || (!s->works.len && s->spread == SPREAD_UNKNOWN));
}

static bool no_freeze(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && is_severe(inc) && !inc->freezes.len &&
	       !rhythm_skipped(inc, RHYTHM_FREEZE);
}

static bool no_update(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && !inc->updates.len && !rhythm_skipped(inc, RHYTHM_UPDATE);
}

static bool no_evidence(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && !incident_evidence_kept(inc) &&
	       !rhythm_skipped(inc, RHYTHM_TIMELINE);
}

static const struct mitigation *last_done(const struct incident *inc)
{
	const struct mitigation *last = NULL;
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_DONE && (!last || m->ended.ms >= last->ended.ms))
			last = m;
	return last;
}

/* A change is done and no newer idea is open: then recovery matters more than the cause. */
static bool is_fixed(const struct incident *inc)
{
	const struct mitigation *fix = last_done(inc);
	const struct hypothesis *open = incident_open_hypothesis(inc);
	return fix && (!open || open->opened.ms <= fix->ended.ms);
}

static bool no_hypothesis(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && !is_fixed(inc) && !incident_open_hypothesis(inc) &&
	       !incident_confirmed_hypothesis(inc) && !rhythm_skipped(inc, RHYTHM_HYPOTHESIS);
}

static const struct hypothesis *to_work_on(const struct incident *inc)
{
	bool idle = is_resolved(inc) || is_fixed(inc);
	return idle ? NULL : incident_open_hypothesis(inc);
}

static int last_result(const struct hypothesis *h)
{
	return h->tests.len ? h->tests.at[h->tests.len - 1].result : RESULT_NONE;
}

static bool no_prediction(const struct incident *inc, int64_t now_ms)
{
	const struct hypothesis *h = to_work_on(inc);
	(void)now_ms;
	return h && !h->prediction.len && !h->tests.len && !rhythm_skipped(inc, RHYTHM_TEST);
}

static bool no_test(const struct incident *inc, int64_t now_ms)
{
	const struct hypothesis *h = to_work_on(inc);
	(void)now_ms;
	return h && !h->tests.len && !rhythm_skipped(inc, RHYTHM_TEST);
}

static bool test_says_nothing(const struct incident *inc, int64_t now_ms)
{
	const struct hypothesis *h = to_work_on(inc);
	(void)now_ms;
	return h && last_result(h) == RESULT_NOTHING;
}

static bool test_supports(const struct incident *inc, int64_t now_ms)
{
	const struct hypothesis *h = to_work_on(inc);
	(void)now_ms;
	return h && last_result(h) == RESULT_SUPPORTS;
}

static bool test_contradicts(const struct incident *inc, int64_t now_ms)
{
	const struct hypothesis *h = to_work_on(inc);
	(void)now_ms;
	return h && last_result(h) == RESULT_CONTRADICTS;
}

static const struct mitigation *waiting(const struct incident *inc, int state)
{
	LIST_EACH (m, &inc->mitigations)
		if (!is_resolved(inc) && m->state == state)
			return m;
	return NULL;
}

static bool is_approved(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return waiting(inc, MITIGATION_APPROVED);
}

static bool wants_approval(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return is_severe(inc) && waiting(inc, MITIGATION_PROPOSED);
}

static bool is_proposed(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return waiting(inc, MITIGATION_PROPOSED);
}

static bool no_mitigation(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) && incident_confirmed_hypothesis(inc) && !last_done(inc) &&
	       !rhythm_skipped(inc, RHYTHM_MITIGATE);
}

static const struct check *unheld(const struct incident *inc, int kind)
{
	LIST_EACH (c, &inc->checks)
		if (!is_resolved(inc) && !c->dropped && !c->held.ms && c->kind == kind)
			return c;
	return NULL;
}

static bool no_check(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	if (is_resolved(inc) || rhythm_skipped(inc, RHYTHM_VERIFY))
		return false;
	LIST_EACH (c, &inc->checks)
		if (!c->dropped)
			return false;
	return last_done(inc) || rhythm_skipped(inc, RHYTHM_MITIGATE);
}

static bool look_again(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return unheld(inc, CHECK_PERSON);
}

static bool wait_for_alert(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return unheld(inc, CHECK_ALERT);
}

static bool may_resolve(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc) &&
	       (incident_is_verified(inc) || rhythm_skipped(inc, RHYTHM_VERIFY));
}

static bool is_open(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return !is_resolved(inc);
}

static bool end_untold(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return is_resolved(inc) && inc->moved.ms && !rhythm_skipped(inc, RHYTHM_UPDATE);
}

static bool wants_review(const struct incident *inc)
{
	return is_resolved(inc) && !review_stands(inc) && !rhythm_skipped(inc, RHYTHM_REVIEW);
}

static bool no_draft(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return wants_review(inc) && inc->review.state != REVIEW_DRAFT;
}

static bool no_action(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return wants_review(inc) && !inc->actions.len;
}

static bool no_cause(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return wants_review(inc) &&
	       (!str_trim(inc->review.summary).len || !str_trim(inc->review.root_cause).len);
}

static const struct action *open_action(const struct incident *inc, bool unowned)
{
	LIST_EACH (a, &inc->actions)
		if (a->state == ACTION_OPEN && (!unowned || !a->owner.id.len || !a->due.ms))
			return a;
	return NULL;
}

static bool unowned_action(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return wants_review(inc) && open_action(inc, true);
}

static bool may_publish(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return wants_review(inc);
}

static bool action_left(const struct incident *inc, int64_t now_ms)
{
	(void)now_ms;
	return is_resolved(inc) && open_action(inc, false);
}

static struct str promised_clock(const struct incident *inc, struct arena *a)
{
	struct buf b = BUF(a);
	when_clock(&b, inc->promised.ms, 0);
	buf_z(&b, " UTC");
	return buf_str(&b);
}

static struct str running_what(const struct incident *inc, struct arena *a)
{
	(void)a;
	return incident_change_in_flight(inc)->what;
}

static struct str approved_what(const struct incident *inc, struct arena *a)
{
	(void)a;
	return waiting(inc, MITIGATION_APPROVED)->what;
}

static struct str proposed_what(const struct incident *inc, struct arena *a)
{
	(void)a;
	return waiting(inc, MITIGATION_PROPOSED)->what;
}

static struct str person_check(const struct incident *inc, struct arena *a)
{
	(void)a;
	return unheld(inc, CHECK_PERSON)->what;
}

static struct str alert_check(const struct incident *inc, struct arena *a)
{
	(void)a;
	return unheld(inc, CHECK_ALERT)->what;
}

static struct str unowned_number(const struct incident *inc, struct arena *a)
{
	return str_fmt(a, "%lld", (long long)open_action(inc, true)->number);
}

static struct str action_title(const struct incident *inc, struct arena *a)
{
	const struct action *act = open_action(inc, false);
	return str_fmt(a, "%lld: " STR_FMT, (long long)act->number, STR_ARG(act->title));
}

static const struct move moves[] = {
	{ paused, RHYTHM_NO_STEP, "End the pause once its four questions are answered.", NULL,
	  "Until then nobody starts a change.", "reset", "end", "End the pause" },
	{ update_late, RHYTHM_UPDATE, "Write the update that was promised for %.", promised_clock,
	  "People wait for it. Saying that you still look is enough.", "update", "send",
	  "Write update" },
	{ no_lead, RHYTHM_LEAD, "Take the lead.", NULL,
	  "Somebody has to decide, and everybody has to know who.", "role", "take",
	  "Take the lead" },
	{ in_flight, RHYTHM_MITIGATE, "Say how it went: %.", running_what,
	  "One change at a time: the next one waits for this.", "mitigation", "done",
	  "Say how it went" },
	{ no_symptoms, RHYTHM_SYMPTOMS, "Record what fails and what still works.", NULL,
	  "Everybody then looks at the same thing. Changes nothing.", "symptom", "record",
	  "Record symptoms" },
	{ no_freeze, RHYTHM_FREEZE, "Freeze changes.", NULL,
	  "Nothing else should move while you look. It ends by itself.", "freeze", "start",
	  "Freeze changes" },
	{ no_update, RHYTHM_UPDATE, "Send a first update.", NULL,
	  "Three plain sentences and the time of the next one keep the questions away.", "update",
	  "send", "Write update" },
	{ no_evidence, RHYTHM_TIMELINE, "Keep one piece of evidence before anything is changed.",
	  NULL, "Logs and graphs of now are gone after a restart.", "evidence", "add",
	  "Keep evidence" },
	{ is_approved, RHYTHM_MITIGATE, "Start what was approved: %.", approved_what,
	  "It holds the one place for changes, so that nobody collides with it.", "mitigation",
	  "start", "Start" },
	{ no_hypothesis, RHYTHM_HYPOTHESIS, "Open one hypothesis.", NULL,
	  "One at a time, so that evidence is for or against something.", "hypothesis", "open",
	  "Open a hypothesis" },
	{ no_prediction, RHYTHM_TEST, "Write down what you expect to see if it is true.", NULL,
	  "A prediction made before the look cannot be bent to fit it.", "hypothesis", "predict",
	  "Write the prediction" },
	{ no_test, RHYTHM_TEST, "Test the one open hypothesis.", NULL,
	  "Read-only, changes nothing.", "hypothesis", "test", "Record a test" },
	{ test_says_nothing, RHYTHM_TEST, "Test it another way, or park it.", NULL,
	  "The last look spoke neither for nor against it.", "hypothesis", "test",
	  "Record a test" },
	{ test_supports, RHYTHM_HYPOTHESIS,
	  "Confirm the hypothesis, or look for what would refute it.", NULL,
	  "The last test supports it.", "hypothesis", "confirm", "Confirm" },
	{ test_contradicts, RHYTHM_HYPOTHESIS, "Refute the hypothesis and open the next.", NULL,
	  "The last test contradicts it.", "hypothesis", "refute", "Refute" },
	{ wants_approval, RHYTHM_MITIGATE, "Approve or withdraw: %.", proposed_what,
	  "At this severity the lead decides what is changed.", "mitigation", "approve",
	  "Approve" },
	{ is_proposed, RHYTHM_MITIGATE, "Start it, or withdraw it: %.", proposed_what,
	  "It holds the one place for changes, so that nobody collides with it.", "mitigation",
	  "start", "Start" },
	{ no_mitigation, RHYTHM_MITIGATE, "Propose one change, and how to take it back.", NULL,
	  "The cause is confirmed. Proposing changes nothing yet.", "mitigation", "propose",
	  "Propose a change" },
	{ no_check, RHYTHM_VERIFY, "State how you will know that it is over.", NULL,
	  "A finished change is not recovery.", "recovery", "check", "State a check" },
	{ look_again, RHYTHM_VERIFY, "Look again: %.", person_check,
	  "It has to hold for a while, not once.", "recovery", "held", "It holds" },
	{ wait_for_alert, RHYTHM_VERIFY, "Wait for it to hold: %.", alert_check,
	  "The alert has to stay quiet for a while. It is watched for you.", NULL, NULL, "" },
	{ may_resolve, RHYTHM_NO_STEP, "Resolve the incident.", NULL, "Recovery is verified.",
	  "incident", "resolve", "Resolve" },
	{ is_open, RHYTHM_TIMELINE, "Write down what you see.", NULL,
	  "Changes nothing, helps everybody.", "note", "add", "Add a note" },
	{ end_untold, RHYTHM_UPDATE, "Tell everybody that it is over.", NULL,
	  "The last update still says that you are on it.", "update", "send", "Write update" },
	{ no_draft, RHYTHM_REVIEW, "Draft the review.", NULL,
	  "Most of it is written from the facts.", "review", "draft", "Draft the review" },
	{ no_action, RHYTHM_REVIEW, "Add what would have prevented it, as an action.", NULL,
	  "A review without an action changes nothing.", "action", "add", "Add an action" },
	{ no_cause, RHYTHM_REVIEW, "Write why it happened.", NULL,
	  "A review is published with a summary and a cause.", "review", "edit",
	  "Edit the review" },
	{ unowned_action, RHYTHM_REVIEW, "Give action % an owner and a due date.", unowned_number,
	  "What nobody owns is not done.", "action", "edit", "Edit the action" },
	{ may_publish, RHYTHM_REVIEW, "Publish the review.", NULL, "Everything it needs is there.",
	  "review", "publish", "Publish" },
	{ action_left, RHYTHM_NO_STEP, "Finish action %.", action_title,
	  "The incident closes when the last action is settled.", "action", "done", "Done" },
};

static const struct move *move_next(const struct incident *inc, int64_t now_ms)
{
	for (size_t i = 0; !incident_has_ended(inc) && i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].applies(inc, now_ms))
			return &moves[i];
	return NULL;
}

enum rhythm_name rhythm_next_step(const struct incident *inc, int64_t now_ms)
{
	const struct move *m = move_next(inc, now_ms);
	return m ? m->step : RHYTHM_NO_STEP;
}

/* The text with "%" replaced; a subject that ends a sentence brings its own full stop. */
static struct str move_text(const struct move *m, const struct incident *inc, struct arena *a)
{
	struct str before, rest = str_of(m->text);
	if (!m->subject)
		return rest;
	struct str subject = str_trim(m->subject(inc, a));
	(void)str_cut(&rest, '%', &before);
	while (str_starts(rest, STR(".")) && str_ends(subject, STR(".")))
		subject.len--;
	return str_fmt(a, STR_FMT STR_FMT STR_FMT, STR_ARG(before), STR_ARG(subject),
		       STR_ARG(rest));
}

struct rhythm_next rhythm_next(const struct incident *inc, int64_t now_ms, struct arena *a)
{
	const struct move *m = move_next(inc, now_ms);
	if (!m && incident_has_ended(inc) && inc->merged_into)
		return (struct rhythm_next){ .text = str_fmt(a, "Go on in INC-%lld.",
							     (long long)inc->merged_into),
					     .why = STR("This incident was merged into it.") };
	if (!m)
		return (struct rhythm_next){ .text = STR("Nothing is left to do."),
					     .why = STR("The incident is over.") };
	return (struct rhythm_next){
		.text = move_text(m, inc, a),
		.why = str_of(m->why),
		.verb = m->noun ? verb_find(str_of(m->noun), str_of(m->name)) : NULL,
		.label = str_of(m->label),
	};
}
