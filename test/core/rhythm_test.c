/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm: the ten steps ticked by facts, and the one next safest step all the way through. */
#include "core/rhythm.h"

#include "bench.h"

static const char *step_is(struct bench *b, const char *name)
{
	struct rhythm_step steps[RHYTHM_STEPS];
	rhythm_steps(&b->incident, b->now_ms, steps);
	for (int i = 0; i < RHYTHM_STEPS; i++)
		if (!strcmp(steps[i].name, name))
			return step_state_names[steps[i].state];
	return "no such step";
}

static struct str next(struct bench *b)
{
	struct rhythm_next n = rhythm_next(&b->incident, b->now_ms, &b->arena);
	assert_true(n.why.len > 0);
	return n.text;
}

#define assert_next(b, text, noun_name)                                                     \
	do {                                                                                \
		assert_str(next(b), (text));                                                \
		const struct verb *v_ =                                                     \
			rhythm_next(&(b)->incident, (b)->now_ms, &(b)->arena).verb;         \
		assert_non_null(v_);                                                        \
		assert_str(str_fmt(&(b)->arena, "%s %s", v_->noun, v_->name), (noun_name)); \
	} while (0)

TEST(walks_from_declare_to_a_confirmed_cause)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	assert_string_equal(step_is(&b, "Lead"), "done");
	assert_string_equal(step_is(&b, "Symptoms"), "current");
	assert_next(&b, "Record what fails and what still works.", "symptom record");
	bench_yes(&b, "ana", "symptom record", "fails=Paying");
	assert_string_equal(step_is(&b, "Symptoms"), "current");
	bench_yes(&b, "ana", "symptom record", "works=Browsing");
	assert_string_equal(step_is(&b, "Symptoms"), "done");
	assert_next(&b, "Freeze changes.", "freeze start");
	bench_yes(&b, "ana", "freeze start", "reason=We look");
	assert_next(&b, "Send a first update.", "update send");
	bench_yes(&b, "ana", "update send", "happened=Slow|impact=1 in 5|doing=Looking|next=+30m");
	assert_next(&b, "Keep one piece of evidence before anything is changed.", "evidence add");
	bench_yes(&b, "ana", "evidence add", "title=CPU graph|text=22 %");
	assert_string_equal(step_is(&b, "Timeline"), "done");
	assert_next(&b, "Open one hypothesis.", "hypothesis open");
	bench_yes(&b, "ana", "hypothesis open", "cause=Database overloaded");
	assert_next(&b, "Write down what you expect to see if it is true.", "hypothesis predict");
	assert_string_equal(step_is(&b, "Test"), "current");
	bench_yes(&b, "ana", "hypothesis predict", "prediction=CPU above 90 %");
	assert_next(&b, "Test the one open hypothesis.", "hypothesis test");
	bench_yes(&b, "ana", "hypothesis test", "what=CPU|result=contradicts|evidence=1");
	assert_next(&b, "Refute the hypothesis and open the next.", "hypothesis refute");
	bench_yes(&b, "ana", "hypothesis test", "what=CPU again|result=nothing");
	assert_next(&b, "Test it another way, or park it.", "hypothesis test");
	bench_yes(&b, "ana", "hypothesis test", "what=CPU again|result=supports|evidence=1");
	assert_next(&b, "Confirm the hypothesis, or look for what would refute it.",
		    "hypothesis confirm");
	bench_yes(&b, "ana", "hypothesis confirm", "why=Seen");
	assert_next(&b, "Propose one change, and how to take it back.", "mitigation propose");
	bench_close(&b);
}

static void to_confirmed(struct bench *b)
{
	bench_declare(b);
	bench_yes(b, "ana", "symptom record", "fails=Paying|works=Browsing");
	bench_yes(b, "ana", "freeze start", "reason=We look");
	bench_yes(b, "ana", "update send", "happened=Slow|impact=1 in 5|doing=Looking|next=+4h");
	bench_yes(b, "ana", "evidence add", "title=Log|text=pool timeout");
	bench_yes(b, "ana", "hypothesis open", "cause=Config|prediction=Timeouts since 02:39");
	bench_yes(b, "ana", "hypothesis test", "what=Log|result=supports|evidence=1");
	bench_yes(b, "ana", "hypothesis confirm", "why=Seen");
}

TEST(walks_from_the_change_to_the_review)
{
	struct bench b;
	bench_open(&b);
	to_confirmed(&b);
	bench_yes(&b, "bob", "mitigation propose",
		  "what=Roll back config 881|kind=rollback|services=checkout");
	assert_next(&b, "Approve or withdraw: Roll back config 881.", "mitigation approve");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=1");
	assert_next(&b, "Start what was approved: Roll back config 881.", "mitigation start");
	bench_yes(&b, "bob", "mitigation start", "mitigation=1");
	assert_next(&b, "Say how it went: Roll back config 881.", "mitigation done");
	bench_yes(&b, "bob", "mitigation done", "outcome=It is back");
	assert_string_equal(step_is(&b, "Mitigate"), "done");
	assert_next(&b, "State how you will know that it is over.", "recovery check");
	bench_yes(&b, "ana", "recovery check", "what=p99 below 1 s|hold=4m|every=2m");
	assert_next(&b, "Look again: p99 below 1 s.", "recovery held");
	for (int i = 0; i < 4; i++) {
		bench_yes(&b, "ana", "recovery held", "check=1|saw=0.3 s");
		bench_later(&b, 2);
	}
	assert_string_equal(step_is(&b, "Verify"), "done");
	assert_next(&b, "Resolve the incident.", "incident resolve");
	bench_yes(&b, "ana", "incident resolve", "summary=Rolled back");
	assert_next(&b, "Tell everybody that it is over.", "update send");
	bench_yes(&b, "ana", "update send", "happened=Over|impact=None|doing=Review");
	assert_next(&b, "Draft the review.", "review draft");
	bench_yes(&b, "ana", "review draft", NULL);
	assert_next(&b, "Add what would have prevented it, as an action.", "action add");
	bench_yes(&b, "ana", "action add", "title=Check the pool in CI");
	assert_next(&b, "Give action 1 an owner and a due date.", "action edit");
	bench_yes(&b, "ana", "action edit", "action=1|owner=bob|due=+7d");
	assert_next(&b, "Publish the review.", "review publish");
	bench_yes(&b, "ana", "review publish", NULL);
	assert_string_equal(step_is(&b, "Review"), "done");
	assert_next(&b, "Finish action 1: Check the pool in CI.", "action done");
	bench_yes(&b, "bob", "action done", "action=1");
	assert_str(next(&b), "Nothing is left to do.");
	assert_null(rhythm_next(&b.incident, b.now_ms, &b.arena).verb);
	bench_close(&b);
}

TEST(a_late_promise_and_a_pause_come_first)
{
	struct bench b;
	bench_open(&b);
	to_confirmed(&b);
	bench_yes(&b, "ana", "update promise", "next=+10m|reason=News soon");
	assert_string_equal(step_is(&b, "Update"), "done");
	bench_later(&b, 11);
	assert_string_equal(step_is(&b, "Update"), "late");
	assert_next(&b, "Write the update that was promised for 14:10 UTC.", "update send");
	bench_yes(&b, "bob", "reset call", NULL);
	assert_next(&b, "End the pause once its four questions are answered.", "reset end");
	bench_close(&b);
}

TEST(a_skipped_step_is_skipped)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "symptom record", "fails=Paying|works=Browsing");
	assert_next(&b, "Freeze changes.", "freeze start");
	bench_yes(&b, "ana", "incident skip", "step=Freeze|reason=Nobody deploys at night");
	assert_string_equal(step_is(&b, "Freeze"), "skipped");
	assert_next(&b, "Send a first update.", "update send");
	bench_close(&b);
}

TEST(a_small_incident_needs_no_freeze)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "incident declare", "title=Slow report|severity=4");
	bench_yes(&b, "ana", "symptom record", "fails=Report|spread=isolated");
	assert_next(&b, "Send a first update.", "update send");
	assert_string_equal(step_is(&b, "Freeze"), "todo");
	bench_close(&b);
}

TESTS(T(walks_from_declare_to_a_confirmed_cause), T(walks_from_the_change_to_the_review),
      T(a_late_promise_and_a_pause_come_first), T(a_skipped_step_is_skipped),
      T(a_small_incident_needs_no_freeze))
