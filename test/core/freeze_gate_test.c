/* SPDX-License-Identifier: Apache-2.0 */
/* What a pipeline is answered while changes are frozen, and what of it is told. Planted bugs that this finds: a freeze that
 * holds past its end, "v23" that lets v231 pass, a capital that opens the gate, a question that is told each time. */
#include <stdio.h>

#include "core/freeze_gate.h"

#include "bench.h"

/* As asked now of INC-1. */
static struct gate_answer ask_with(struct bench *b, const struct gate_ask *ask)
{
	struct gate_look look = { &b->incident, &b->roster, b->now_ms, &b->arena };
	struct gate_answer answer = { 0 };
	struct gate_stop stop;
	if (gate_ask_incident(&look, ask, &stop))
		*LIST_ADD(&b->arena, &answer.stops) = stop;
	gate_conclude(ask, b->now_ms, &b->arena, &answer);
	return answer;
}

static struct gate_answer ask(struct bench *b, const char *service, const char *what)
{
	struct str *one = ARENA_NEW(&b->arena, struct str);
	*one = str_of(service);
	const struct gate_ask q = { .what = str_of(what), .services = { one, *service ? 1 : 0 } };
	return ask_with(b, &q);
}

static bool is_open(struct bench *b, const char *service, const char *what)
{
	return ask(b, service, what).is_open;
}

static void freeze(struct bench *b, const char *fields)
{
	bench_open(b);
	bench_declare(b);
	bench_yes(b, "ana", "freeze start", fields);
}

TEST(refuses_what_is_frozen_and_says_what_to_do)
{
	struct bench b;
	freeze(&b, "reason=looking");
	struct gate_answer a = ask(&b, "checkout", "deploy v231");
	assert_false(a.is_open);
	assert_str(a.said, "Changes to checkout are frozen until 15:00 UTC: looking (INC-1, "
			   "Checkout is slow).");
	assert_true(str_find(a.next, STR("freeze bypass 'deploy v231' --services 'checkout'")) !=
		    SIZE_MAX);
	assert_true(is_open(&b, "mail", "deploy v231"));
	assert_str(ask(&b, "mail", "deploy v231").said, "Nothing is frozen for mail.");
	assert_false(is_open(&b, "", "deploy v231"));
	assert_false(is_open(&b, "Checkout", "deploy v231"));
	bench_close(&b);
}

TEST(proposes_no_command_made_of_what_a_pipeline_sent)
{
	struct bench b;
	freeze(&b, "reason=looking");
	struct gate_answer a = ask(&b, "checkout", "x'; rm -rf ~ #");
	assert_true(str_find(a.next, STR("rm -rf")) == SIZE_MAX);
	assert_true(str_find(a.next, STR("'the change'")) != SIZE_MAX);
	bench_close(&b);
}

TEST(tells_a_refusal_with_who_and_why)
{
	struct bench b;
	freeze(&b, "reason=looking");
	bench_yes(
		&b, "bob", "freeze ask",
		"what=deploy v231|services=checkout|environment=production|who=octocat|via=github");
	assert_str(bench_said(&b),
		   "octocat was refused at the gate: deploy v231 on checkout in production. "
		   "Changes are frozen until 15:00: looking.");
	bench_yes(&b, "bob", "freeze ask", "services=checkout");
	assert_str(bench_said(&b), "Bob was refused at the gate: a change on checkout. Changes are "
				   "frozen until 15:00: looking.");
	bench_yes(&b, "", "freeze ask", "services=checkout|what=x");
	assert_true(bench_told(&b, "A pipeline was refused at the gate: x on checkout."));
	assert_int_equal(b.incident.gate.len, 3);
	assert_int_equal(b.incident.gate.at[0].verdict, GATE_REFUSED);
	bench_close(&b);
}

TEST(tells_nothing_where_nothing_is_frozen)
{
	struct bench b;
	freeze(&b, "reason=looking");
	size_t events = b.events.len;
	bench_yes(&b, "bob", "freeze ask", "what=deploy v231|services=mail");
	bench_yes(&b, "ana", "freeze lift", "");
	bench_yes(&b, "bob", "freeze ask", "what=deploy v231|services=checkout");
	assert_int_equal(b.events.len, events + 1);
	bench_close(&b);
}

TEST(the_same_question_is_told_once_in_a_while)
{
	struct bench b;
	const char *again = "what=deploy v231|services=checkout|via=cli";
	freeze(&b, "reason=looking|lasts=2h");
	for (int i = 0; i < 20; i++) { /* 40 minutes */
		bench_yes(&b, "bob", "freeze ask", again);
		bench_later(&b, 2);
	}
	assert_int_equal(bench_count(&b, "changes.refused"), 1);
	assert_int_equal(bench_count(&b, "changes.refused_again"), 2);
	assert_true(bench_told(&b, "Bob was refused again at the gate: deploy v231 on checkout."));
	assert_int_equal(b.incident.gate.len, 1);
	assert_int_equal(b.incident.gate.at[0].told, 3);
	bench_yes(&b, "bob", "freeze ask", "what=deploy v232|services=checkout|via=cli");
	bench_yes(&b, "bob", "freeze ask", "what=deploy v231|services=checkout|via=github");
	assert_int_equal(bench_count(&b, "changes.refused"), 3);
	bench_close(&b);
}

TEST(a_pipeline_that_names_each_try_anew_cannot_flood)
{
	struct bench b;
	freeze(&b, "reason=looking");
	for (int i = 0; i < GATE_ENTRIES_MAX + 20; i++) {
		char fields[60];
		(void)snprintf(fields, sizeof(fields), "what=try %d|services=checkout", i);
		bench_yes(&b, "bob", "freeze ask", fields);
	}
	assert_int_equal(bench_count(&b, "changes.refused"), GATE_ENTRIES_MAX);
	assert_int_equal(bench_count(&b, "changes.gate_full"), 1);
	assert_str(bench_said(&b),
		   "So many changes were refused (200) that further ones are not listed.");
	assert_false(is_open(&b, "checkout", "try 9999"));
	bench_yes(&b, "bob", "freeze ask", "what=back|services=checkout|rollback=yes");
	assert_int_equal(bench_count(&b, "changes.rolled_back_through"), 1);
	bench_close(&b);
}

TEST(a_rollback_always_passes_and_is_told)
{
	struct bench b;
	freeze(&b, "reason=looking");
	struct str service = STR("checkout");
	const struct gate_ask q = { .what = STR("back to v230"),
				    .services = { &service, 1 },
				    .rollback = true };
	struct gate_answer a = ask_with(&b, &q);
	assert_true(a.is_open);
	assert_true(str_find(a.said, STR("A rollback always passes")) != SIZE_MAX);
	bench_yes(&b, "bob", "freeze ask",
		  "what=back to v230|services=checkout|rollback=yes|who=octocat");
	assert_str(bench_said(&b), "octocat rolled back through the freeze: back to v230 on "
				   "checkout. A rollback always passes.");
	bench_close(&b);
}

TEST(the_fix_itself_is_allowed)
{
	struct bench b;
	freeze(&b, "reason=looking|allow=v232");
	struct gate_answer a = ask(&b, "checkout", "deploy v232");
	assert_true(a.is_open);
	assert_true(str_find(a.said, STR("This one may pass: the freeze allows \"v232\".")) !=
		    SIZE_MAX);
	assert_false(is_open(&b, "checkout", "deploy v2320"));
	bench_yes(&b, "bob", "freeze ask", "what=deploy v232|services=checkout|who=octocat");
	assert_str(bench_said(&b), "The gate let octocat through the freeze: deploy v232 on "
				   "checkout; the freeze allows \"v232\".");
	assert_int_equal(bench_count(&b, "changes.let_through"), 1);
	bench_close(&b);
}

TEST(what_a_person_let_pass_passes_there_and_nowhere_else)
{
	struct bench b;
	freeze(&b, "reason=looking|services=checkout,mail");
	bench_yes(&b, "ana", "freeze bypass",
		  "what=deploy v5|services=mail|reason=the certificate ends at 14:30");
	assert_true(is_open(&b, "mail", "deploy v5"));
	assert_false(is_open(&b, "checkout", "deploy v5"));
	assert_false(is_open(&b, "", "deploy v5"));
	bench_yes(&b, "bob", "freeze ask", "what=deploy v5|services=mail|who=octocat");
	assert_str(bench_said(&b),
		   "The gate let octocat through the freeze: deploy v5 on mail; Ana "
		   "let it pass: the certificate ends at 14:30.");
	bench_close(&b);
}

TEST(the_change_under_way_is_the_fix)
{
	struct bench b;
	freeze(&b, "reason=looking|lasts=2h");
	bench_yes(&b, "ana", "mitigation propose",
		  "what=deploy v232 with a pool of 50|undo=deploy v231");
	assert_false(is_open(&b, "checkout", "deploy v232"));
	bench_yes(&b, "ana", "mitigation approve", "mitigation=1");
	bench_yes(&b, "ana", "mitigation start", "mitigation=1|because=it is urgent|lasts=30m");
	assert_true(is_open(&b, "checkout", "deploy v232"));
	assert_false(is_open(&b, "checkout", "deploy v233"));
	assert_false(is_open(&b, "checkout", "v232"));
	bench_yes(&b, "bob", "freeze ask", "what=deploy v232|services=checkout");
	assert_str(bench_said(&b),
		   "The gate let Bob through the freeze: deploy v232 on checkout; it "
		   "is mitigation 1, which Ana is at.");
	b.now_ms += 30 * BENCH_MINUTE_MS; /* its lease is over, whether or not the clock came by */
	assert_false(is_open(&b, "checkout", "deploy v232"));
	b.now_ms -= 30 * BENCH_MINUTE_MS;
	bench_yes(&b, "ana", "mitigation done", "outcome=p99 is fine");
	assert_false(is_open(&b, "checkout", "deploy v232"));
	bench_close(&b);
}

/* "Roll back from v231 to v230" must not let v231 out again. */
TEST(a_single_word_of_the_change_under_way_is_too_little)
{
	struct bench b;
	freeze(&b, "reason=looking");
	bench_yes(&b, "ana", "mitigation propose",
		  "what=roll back from v231 to v230|kind=rollback|undo=deploy v231");
	bench_yes(&b, "ana", "mitigation approve", "mitigation=1");
	bench_yes(&b, "ana", "mitigation start", "mitigation=1|because=it is urgent");
	assert_false(is_open(&b, "checkout", "v231"));
	assert_false(is_open(&b, "checkout", "deploy v231"));
	bench_close(&b);
}

TEST(ends_at_its_own_end_however_late_the_tick_is)
{
	struct bench b;
	freeze(&b, "reason=looking|lasts=30m");
	b.now_ms += 29 * BENCH_MINUTE_MS;
	assert_false(is_open(&b, "checkout", "x"));
	b.now_ms += BENCH_MINUTE_MS;
	assert_true(is_open(&b, "checkout", "x"));
	size_t events = b.events.len;
	bench_yes(&b, "bob", "freeze ask", "what=x|services=checkout");
	assert_int_equal(b.events.len, events);
	bench_close(&b);
}

TEST(several_services_pass_together_or_not)
{
	struct bench b;
	struct str two[] = { STR("mail"), STR("checkout") };
	freeze(&b, "reason=looking");
	bench_yes(&b, "ana", "freeze bypass", "what=deploy v5|services=checkout|reason=urgent");
	const struct gate_ask q = { .what = STR("deploy v5"), .services = { two, 2 } };
	assert_true(ask_with(&b, &q).is_open);
	const struct gate_ask other = { .what = STR("deploy v6"), .services = { two, 2 } };
	assert_false(ask_with(&b, &other).is_open);
	bench_close(&b);
}

TEST(what_passed_unasked_is_told_at_its_own_time)
{
	struct bench b;
	freeze(&b, "reason=looking|lasts=30m");
	bench_later(&b, 40);
	assert_true(is_open(&b, "checkout", "x"));
	bench_yes(&b, "bob", "freeze ask",
		  "what=deploy v231|services=checkout|who=octocat|passed=14:20");
	assert_str(bench_said(&b),
		   "octocat changed something at 14:20 although changes were frozen, while Aplomb "
		   "could not be asked: deploy v231 on checkout.");
	assert_int_equal(b.events.at[b.events.len - 1].happened_ms,
			 b.now_ms - 20 * BENCH_MINUTE_MS);
	size_t events = b.events.len;
	bench_yes(&b, "bob", "freeze ask",
		  "what=deploy v231|services=checkout|who=octocat|passed=14:20");
	bench_yes(&b, "bob", "freeze ask", "what=deploy v1|services=checkout|passed=13:59");
	bench_yes(&b, "bob", "freeze ask", "what=deploy v1|services=checkout|passed=14:31");
	assert_int_equal(b.events.len, events);
	bench_yes(&b, "bob", "freeze ask",
		  "what=back|services=checkout|passed=14:20|rollback=yes|who=octocat");
	assert_str(bench_said(&b),
		   "octocat rolled back through the freeze: back on checkout. A rollback always "
		   "passes. It began at 14:20, while Aplomb could not be asked.");
	bench_close(&b);
}

TESTS(T(refuses_what_is_frozen_and_says_what_to_do),
      T(proposes_no_command_made_of_what_a_pipeline_sent), T(tells_a_refusal_with_who_and_why),
      T(tells_nothing_where_nothing_is_frozen), T(the_same_question_is_told_once_in_a_while),
      T(a_pipeline_that_names_each_try_anew_cannot_flood), T(a_rollback_always_passes_and_is_told),
      T(the_fix_itself_is_allowed), T(what_a_person_let_pass_passes_there_and_nowhere_else),
      T(the_change_under_way_is_the_fix), T(a_single_word_of_the_change_under_way_is_too_little),
      T(ends_at_its_own_end_however_late_the_tick_is), T(several_services_pass_together_or_not),
      T(what_passed_unasked_is_told_at_its_own_time))
