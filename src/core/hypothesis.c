/* SPDX-License-Identifier: Apache-2.0 */
/* hypothesis: one suspected cause at a time, written down with what it predicts before it is tested.
 * Opening another parks the first. What is seen is kept by evidence.c; acting on a cause is mitigation.c. */
#include "core/incident.h"
#include "core/phrase.h"

enum {
	CAUSE_MAX_BYTES = 500, /* one suspicion in a sentence or two; the rest is a note */
	MAX_WAITING = 7,       /* candidates and parked ones: more than a tired head holds */
};

enum { SUGGESTED, OPENED, PREDICTED, TESTED, PARKED, CONFIRMED, REFUTED, EVENTS };
static const struct event_type hypothesis_events[EVENTS + 1];

struct hypothesis_suggested {
	int64_t number;
	struct str cause;
};
static const struct field hypothesis_suggested_fields[] = {
	FIELD(hypothesis_suggested, number, "its number"),
	FIELD(hypothesis_suggested, cause, "the suspected cause"),
	END,
};
/* Also a prediction's: cause stays as it was. */
struct hypothesis_opened {
	int64_t number;
	struct str cause, prediction, test;
};
static const struct field hypothesis_opened_fields[] = {
	FIELD(hypothesis_opened, number, "its number"),
	FIELD(hypothesis_opened, cause, "the suspected cause"),
	FIELD(hypothesis_opened, prediction, "what is expected if it holds"),
	FIELD(hypothesis_opened, test, "the safe way to look"),
	END,
};
struct hypothesis_tested {
	int64_t number, test;
	struct str what;
	int result;
	struct strs evidence;
};
static const struct field hypothesis_tested_fields[] = {
	FIELD(hypothesis_tested, number, "the hypothesis's number"),
	FIELD(hypothesis_tested, test, "the test's number"),
	FIELD(hypothesis_tested, what, "what was looked at"),
	CHOICE(hypothesis_tested, result, test_result, "what it says about the hypothesis"),
	FIELD(hypothesis_tested, evidence, "numbers of the evidence"),
	END,
};
struct hypothesis_settled {
	int64_t number;
	struct str cause, why;
	struct strs evidence;
};
static const struct field hypothesis_settled_fields[] = {
	FIELD(hypothesis_settled, number, "its number"),
	FIELD(hypothesis_settled, cause, "the suspected cause"),
	FIELD(hypothesis_settled, why, "why"),
	FIELD(hypothesis_settled, evidence, "numbers of the evidence"),
	END,
};

/* Picking one */

/* `number` 0 means the open one. */
static const struct hypothesis *pick(const struct incident *inc, int64_t number, struct err *e)
{
	const struct hypothesis *h = number ? INCIDENT_ITEM(inc->hypotheses, number)
					    : incident_open_hypothesis(inc);
	if (h)
		return h;
	if (number) {
		phrase_no_item("hypothesis", number, inc->hypotheses.len, e);
		return NULL;
	}
	err_refuse(e, ERR_NOT_FOUND, "No hypothesis is open.");
	err_next(e, "Open one, or name one by its number.");
	return NULL;
}

static int refuse_state(const struct hypothesis *h, const char *next, struct err *e)
{
	err_refuse(e, ERR_CONFLICT, "Hypothesis %lld is %s.", (long long)h->number,
		   h->state == HYPOTHESIS_CANDIDATE ? "only suggested so far"
						    : hypothesis_state_names[h->state]);
	err_next(e, "%s", next);
	return -1;
}

static const struct hypothesis *pick_open(const struct incident *inc, int64_t number, struct err *e)
{
	const struct hypothesis *h = pick(inc, number, e);
	if (!h || h->state == HYPOTHESIS_OPEN)
		return h;
	refuse_state(h, "Open it first.", e);
	return NULL;
}

static bool is_waiting(const struct hypothesis *h)
{
	return h->state == HYPOTHESIS_CANDIDATE || h->state == HYPOTHESIS_PARKED;
}

static int refuse_if_many_wait(const struct incident *inc, struct err *e)
{
	size_t waiting = 0;
	LIST_EACH (h, &inc->hypotheses)
		waiting += is_waiting(h);
	if (waiting < MAX_WAITING)
		return 0;
	err_refuse(e, ERR_CONFLICT, "%zu hypotheses are waiting already.", waiting);
	err_next(e, "Settle one first: open the likeliest, test it, confirm or refute it.");
	return -1;
}

static void park(struct decision *d, const struct hypothesis *h, struct str why)
{
	struct hypothesis_settled *to = decision_add(d, &hypothesis_events[PARKED]);
	to->number = h->number;
	to->cause = h->cause;
	to->why = why;
}

/* Verbs */

struct suggest {
	struct str cause;
};
static const struct field suggest_fields[] = {
	FIELD(suggest, cause, "what may be the cause", .required = true, .max = CAUSE_MAX_BYTES),
	END,
};
static int suggest_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct suggest *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e) || refuse_if_many_wait(inc, e))
		return -1;
	struct hypothesis_suggested *to = decision_add(d, &hypothesis_events[SUGGESTED]);
	to->number = d->made = (int64_t)inc->hypotheses.len + 1;
	to->cause = in->cause;
	return 0;
}

struct open {
	struct str cause, prediction, test;
	int64_t hypothesis;
};
static const struct field open_fields[] = {
	FIELD(open, cause, "what you think is the cause", .max = CAUSE_MAX_BYTES),
	FIELD(open, prediction, "what you expect to see if it holds", .max = 1000, .lines = 2),
	FIELD(open, test, "a safe way to look, one that changes nothing", .max = 1000, .lines = 2),
	FIELD(open, hypothesis, "the number of one suggested or parked before",
	      .suggest = "hypothesis"),
	END,
};

static int open_refuse(const struct incident *inc, const struct open *in, struct err *e)
{
	const struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, in->hypothesis);
	if (!in->hypothesis && !str_trim(in->cause).len)
		return err_field(
			e, "cause",
			"Write down what you think is the cause, or name one suggested before.");
	if (in->hypothesis && in->cause.len)
		return err_field(e, "hypothesis",
				 "Give a new cause or the number of an earlier one, not both.");
	if (in->hypothesis && !h)
		return phrase_no_item("hypothesis", in->hypothesis, inc->hypotheses.len, e);
	if (!h)
		return incident_open_hypothesis(inc) ? refuse_if_many_wait(inc, e) : 0;
	if (!is_waiting(h))
		return refuse_state(h,
				    h->state == HYPOTHESIS_OPEN
					    ? "Test it."
					    : "Open a new one if it must be looked at again.",
				    e);
	if (h->tests.len && in->prediction.len)
		return err_field(e, "prediction",
				 "Hypothesis %lld was tested already; its prediction stays.",
				 (long long)h->number);
	return 0;
}

static int open_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct open *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e) || open_refuse(inc, in, e))
		return -1;
	const struct hypothesis *before = incident_open_hypothesis(inc);
	if (before)
		park(d, before, STR("another was opened first"));
	const struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, in->hypothesis);
	struct hypothesis_opened *to = decision_add(d, &hypothesis_events[OPENED]);
	if (h)
		*to = (struct hypothesis_opened){ h->number, h->cause, h->prediction, h->test };
	else
		to->number = d->made = (int64_t)inc->hypotheses.len + 1;
	to->cause = h ? h->cause : in->cause;
	to->prediction = in->prediction.len ? in->prediction : to->prediction;
	to->test = in->test.len ? in->test : to->test;
	return 0;
}

struct predict {
	struct str prediction, test;
	int64_t hypothesis;
};
static const struct field predict_fields[] = {
	FIELD(predict, prediction, "what you expect to see if it holds", .required = true,
	      .max = 1000, .lines = 2),
	FIELD(predict, test, "a safe way to look, one that changes nothing", .max = 1000,
	      .lines = 2),
	FIELD(predict, hypothesis, "its number; the open one if left out", .suggest = "hypothesis"),
	END,
};
static int predict_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct predict *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct hypothesis *h = pick(inc, in->hypothesis, e);
	if (!h)
		return -1;
	if (h->state != HYPOTHESIS_OPEN && !is_waiting(h))
		return refuse_state(h, "Predict for one that is not settled.", e);
	if (h->tests.len) {
		err_refuse(e, ERR_CONFLICT,
			   "Hypothesis %lld was tested already; a prediction comes first.",
			   (long long)h->number);
		err_next(e, "Open a new hypothesis if you expect something else now.");
		return -1;
	}
	struct hypothesis_opened *to = decision_add(d, &hypothesis_events[PREDICTED]);
	*to = (struct hypothesis_opened){ h->number, h->cause, in->prediction,
					  in->test.len ? in->test : h->test };
	return 0;
}

struct test {
	struct str what;
	int result;
	struct strs evidence;
	int64_t hypothesis;
};
static const struct field test_fields[] = {
	FIELD(test, what, "what you looked at and saw", .required = true, .max = 1000, .lines = 2),
	CHOICE(test, result, test_result, "what it says about the hypothesis", .required = true),
	FIELD(test, evidence, "numbers of the evidence that shows it", .suggest = "evidence"),
	FIELD(test, hypothesis, "its number; the open one if left out", .suggest = "hypothesis"),
	END,
};
static int test_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct test *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct hypothesis *h = pick_open(inc, in->hypothesis, e);
	if (!h || incident_check_evidence(inc, &in->evidence, e))
		return -1;
	if (in->result != RESULT_NOTHING && !in->evidence.len) {
		err_field(e, "evidence",
			  "A test that %s needs the number of the evidence that shows it.",
			  test_result_names[in->result]);
		err_next(e, "Keep what you saw as evidence first, then name its number.");
		return -1;
	}
	if (!str_trim(h->prediction).len &&
	    guard(cmd, d,
		  &(struct obstacle){ "prediction-first",
				      str_fmt(d->arena,
					      "Hypothesis %lld predicts nothing yet, so any result "
					      "would seem to fit.",
					      (long long)h->number),
				      STR("Write down what you expect to see, then look; or "
					  "override with a reason.") },
		  e))
		return -1;
	struct hypothesis_tested *to = decision_add(d, &hypothesis_events[TESTED]);
	*to = (struct hypothesis_tested){ h->number, (int64_t)h->tests.len + 1, in->what,
					  in->result, in->evidence };
	return 0;
}

struct settle {
	struct str why;
	struct strs evidence;
	int64_t hypothesis;
};
static const struct field settle_fields[] = {
	FIELD(settle, why, "why you are sure", .max = 1000, .lines = 2),
	FIELD(settle, evidence, "numbers of the evidence that shows it", .suggest = "evidence"),
	FIELD(settle, hypothesis, "its number; the open one if left out", .suggest = "hypothesis"),
	END,
};

static bool any_counts(const struct incident *inc, const struct strs *numbers)
{
	for (size_t i = 0; i < numbers->len; i++) {
		int64_t n = 0;
		const struct evidence *v = NULL;
		if (str_to_int(numbers->at[i], &n))
			v = INCIDENT_ITEM(inc->evidence, n);
		if (v && !v->retracted)
			return true;
	}
	return false;
}

/* A test that speaks the other way, or whose evidence was taken back, settles nothing. */
static bool has_evidence(const struct incident *inc, const struct hypothesis *h,
			 const struct settle *in, bool is_confirm)
{
	int speaks = is_confirm ? RESULT_SUPPORTS : RESULT_CONTRADICTS;
	LIST_EACH (t, &h->tests)
		if (t->result == speaks && any_counts(inc, &t->evidence))
			return true;
	return in->evidence.len > 0;
}

/* What holds and what does not are both settled by evidence, never by opinion. */
static int settle(const struct incident *inc, const struct hypothesis *h, const struct command *cmd,
		  struct decision *d, struct err *e)
{
	const struct settle *in = cmd->fields;
	bool is_confirm = str_is(STR("confirm"), cmd->verb->name);
	if (incident_check_evidence(inc, &in->evidence, e))
		return -1;
	if (!has_evidence(inc, h, in, is_confirm)) {
		err_field(e, "evidence",
			  "To %s hypothesis %lld takes evidence, and no test that %s it names any.",
			  cmd->verb->name, (long long)h->number,
			  test_result_names[is_confirm ? RESULT_SUPPORTS : RESULT_CONTRADICTS]);
		err_next(e, "Keep what you saw as evidence first, then name its number.");
		return -1;
	}
	struct hypothesis_settled *to = decision_add(
		d, &hypothesis_events[is_confirm ? CONFIRMED : REFUTED]);
	*to = (struct hypothesis_settled){ h->number, h->cause, in->why, in->evidence };
	return 0;
}

static int confirm_decide(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct settle *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct hypothesis *h = pick_open(inc, in->hypothesis, e);
	return h ? settle(inc, h, cmd, d, e) : -1;
}

/* A confirmed one may still turn out wrong. */
static int refute_decide(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct settle *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct hypothesis *h = pick(inc, in->hypothesis, e);
	if (h && h->state == HYPOTHESIS_REFUTED)
		return refuse_state(h, "There is nothing left to do.", e);
	return h ? settle(inc, h, cmd, d, e) : -1;
}

struct park {
	struct str why;
	int64_t hypothesis;
};
static const struct field park_fields[] = {
	FIELD(park, why, "why it waits", .max = 1000, .lines = 2),
	FIELD(park, hypothesis, "its number; the open one if left out", .suggest = "hypothesis"),
	END,
};
static int park_decide(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct park *in = cmd->fields;
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	const struct hypothesis *h = pick_open(inc, in->hypothesis, e);
	if (!h || refuse_if_many_wait(inc, e))
		return -1;
	park(d, h, in->why);
	return 0;
}

/* Events */

static struct hypothesis *next_item(struct incident *inc, int64_t number, const struct event *event)
{
	if (number != (int64_t)inc->hypotheses.len + 1)
		return NULL;
	struct hypothesis *h = LIST_ADD(inc->arena, &inc->hypotheses);
	h->number = number;
	h->by.id = incident_keep(inc, event->actor);
	return h;
}

static void suggested_evolve(void *state, const struct event *event)
{
	const struct hypothesis_suggested *body = event->body;
	struct hypothesis *h = next_item(state, body->number, event);
	if (!h)
		return;
	h->state = HYPOTHESIS_CANDIDATE;
	h->cause = incident_keep(state, body->cause);
}

static void opened_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct hypothesis_opened *body = event->body;
	struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, body->number);
	if (!h)
		h = next_item(inc, body->number, event);
	if (!h)
		return;
	h->state = HYPOTHESIS_OPEN;
	h->cause = incident_keep(inc, body->cause);
	h->prediction = incident_keep(inc, body->prediction);
	h->test = incident_keep(inc, body->test);
	h->opened.ms = event->happened_ms;
	h->settled.ms = 0;
	h->verdict = (struct str){ 0 };
}

static void predicted_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct hypothesis_opened *body = event->body;
	struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, body->number);
	if (!h)
		return;
	h->prediction = incident_keep(inc, body->prediction);
	h->test = incident_keep(inc, body->test);
}

static void tested_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct hypothesis_tested *body = event->body;
	struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, body->number);
	if (!h)
		return;
	struct hypothesis_test *t = LIST_ADD(inc->arena, &h->tests);
	t->number = body->test;
	t->what = incident_keep(inc, body->what);
	t->result = body->result;
	t->evidence = incident_keep_all(inc, &body->evidence);
	t->at.ms = event->happened_ms;
	t->by.id = incident_keep(inc, event->actor);
}

static struct hypothesis *settled_evolve(struct incident *inc, const struct event *event,
					 int to_state)
{
	const struct hypothesis_settled *body = event->body;
	struct hypothesis *h = INCIDENT_ITEM(inc->hypotheses, body->number);
	if (!h)
		return NULL;
	h->state = to_state;
	h->verdict = incident_keep(inc, body->why);
	h->settled.ms = event->happened_ms;
	return h;
}

static void parked_evolve(void *state, const struct event *event)
{
	settled_evolve(state, event, HYPOTHESIS_PARKED);
}

static void confirmed_evolve(void *state, const struct event *event)
{
	struct incident *inc = state;
	if (settled_evolve(inc, event, HYPOTHESIS_CONFIRMED) && !inc->moved.ms)
		inc->moved.ms = event->happened_ms;
}

static void refuted_evolve(void *state, const struct event *event)
{
	settled_evolve(state, event, HYPOTHESIS_REFUTED);
}

#define EVENT(wire, body, words, fn)                                                              \
	{                                                                                         \
		.name = wire, .version = 1, .fields = body##_fields, .size = sizeof(struct body), \
		.clearance = CLEAR_INTERNAL, .sentence = words, .evolve = fn                      \
	}
static const struct event_type hypothesis_events[EVENTS + 1] = {
	[SUGGESTED] = EVENT("hypothesis.suggested", hypothesis_suggested,
			    "{actor} suggested hypothesis {number}: {cause}.", suggested_evolve),
	[OPENED] = EVENT("hypothesis.opened", hypothesis_opened,
			 "{actor} opened hypothesis {number}: {cause}.[ Expected: {prediction}.][ "
			 "Test: {test}.]",
			 opened_evolve),
	[PREDICTED] = EVENT("hypothesis.predicted", hypothesis_opened,
			    "{actor} wrote down what hypothesis {number} predicts: {prediction}.[ "
			    "Test: {test}.]",
			    predicted_evolve),
	[TESTED] = EVENT("hypothesis.tested", hypothesis_tested,
			 "{actor} tested hypothesis {number}: {what}. Result: {result}[, see "
			 "evidence {evidence}].",
			 tested_evolve),
	[PARKED] = EVENT("hypothesis.parked", hypothesis_settled,
			 "{actor} parked hypothesis {number} ({cause})[: {why}].", parked_evolve),
	[CONFIRMED] = EVENT("hypothesis.confirmed", hypothesis_settled,
			    "{actor} confirmed hypothesis {number}: {cause}.[ Why: {why}.][ "
			    "Evidence: {evidence}.]",
			    confirmed_evolve),
	[REFUTED] = EVENT("hypothesis.refuted", hypothesis_settled,
			  "{actor} refuted hypothesis {number}: {cause}.[ Why: {why}.][ Evidence: "
			  "{evidence}.]",
			  refuted_evolve),
	END_EVENTS,
};

#define VERB(word, button, hint, t, body, ...)                                     \
	{                                                                          \
		.noun = "hypothesis", .name = word, .label = button, .help = hint, \
		.needs = RIGHT_RESPOND, .traits = t, .fields = body##_fields,      \
		.size = sizeof(struct body), .decide = __VA_ARGS__                 \
	}
static const struct verb hypothesis_verbs[] = {
	VERB("open", "Open hypothesis",
	     "Work on one suspected cause; one that is open now is parked.", NEEDS_FRESH, open,
	     open_decide, .alias = "hypothesis"),
	VERB("suggest", "Suggest a cause",
	     "Keep a suspected cause for later, without changing direction.", 0, suggest,
	     suggest_decide),
	VERB("predict", "Write down what you expect",
	     "Say what you expect to see before anyone looks.", 0, predict, predict_decide),
	VERB("test", "Record a test",
	     "Say what was looked at and what it says about the hypothesis.", 0, test, test_decide),
	VERB("confirm", "Confirm", "The evidence shows that this is the cause.", NEEDS_FRESH,
	     settle, confirm_decide),
	VERB("refute", "Refute", "The evidence shows that this is not the cause.", NEEDS_FRESH,
	     settle, refute_decide),
	VERB("park", "Park", "Set the hypothesis aside, with its tests, for another.", 0, park,
	     park_decide),
	END_VERBS,
};

extern const struct module hypothesis_module;
const struct module hypothesis_module = {
	.name = "hypothesis",
	.stream = &incident_stream,
	.verbs = hypothesis_verbs,
	.events = hypothesis_events,
};
