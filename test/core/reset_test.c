/* SPDX-License-Identifier: Apache-2.0 */
/* reset: pauses and the four questions. */
#include "core/reset.h"

#include "bench.h"

TEST(a_pause_keeps_its_answers)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "bob", "reset call", "reason=We guess|broken=Checkout");
	assert_str(bench_said(&b), "Bob called a pause: We guess.");
	assert_int_equal(b.made, 1);
	assert_ptr_equal(incident_active_pause(&b.incident), &b.incident.pauses.at[0]);
	bench_yes(&b, "ana", "reset end", "step=Read the logs|changed=v231 went out");
	assert_str(bench_said(&b), "Ana ended the pause. Next step: Read the logs.");
	assert_null(incident_active_pause(&b.incident));
	assert_str(b.incident.pauses.at[0].broken, "Checkout");
	assert_str(b.incident.pauses.at[0].changed, "v231 went out");
	bench_close(&b);
}

TEST(one_pause_at_a_time)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "reset end", NULL, ERR_CONFLICT, "");
	bench_yes(&b, "bob", "reset call", NULL);
	assert_str(bench_said(&b), "Bob called a pause.");
	bench_no(&b, "ana", "reset call", NULL, ERR_CONFLICT, "");
	assert_string_equal(b.err.text, "Bob has called a pause already.");
	bench_yes(&b, "ana", "reset end", NULL);
	bench_yes(&b, "ana", "reset call", NULL);
	assert_int_equal(b.made, 2);
	bench_close(&b);
}

TEST(the_card_knows_only_what_is_known)
{
	ARENA(a);
	struct incident inc = { .arena = &a };
	struct reset_card card = reset_known(&inc, 1, &a);
	assert_str(card.changed, "Not known yet.");
	assert_str(card.broken, "Not known yet.");
	assert_str(card.radius, "Not known yet.");
	assert_str(card.step, "Take the lead.");
}

TEST(the_card_is_written_from_the_facts)
{
	struct bench b;
	ARENA(a);
	bench_open(&b);
	bench_declare(&b);
	bench_yes(&b, "ana", "symptom record",
		  "fails=Paying|works=Browsing|changed=Config 881|spread=partial|radius=1 in 5 "
		  "customers");
	bench_yes(&b, "ana", "hypothesis open", "cause=Database overloaded");
	bench_yes(&b, "bob", "reset call", "step=Ask the vendor");
	struct reset_card card = reset_known(&b.incident, b.now_ms, &a);
	assert_str(card.changed, "Config 881.");
	assert_str(card.broken, "Fails: Paying. Works: Browsing. Not proven: Database overloaded.");
	assert_str(card.radius, "1 in 5 customers. Spread: partial. Services: checkout.");
	assert_str(card.step, "Ask the vendor");
	bench_yes(&b, "bob", "reset end", NULL);
	bench_yes(&b, "bob", "reset call", NULL);
	card = reset_known(&b.incident, b.now_ms, &a);
	assert_str(card.step, "Freeze changes."); /* not "end the pause" */
	bench_close(&b);
}

TESTS(T(a_pause_keeps_its_answers), T(one_pause_at_a_time), T(the_card_knows_only_what_is_known),
      T(the_card_is_written_from_the_facts))
