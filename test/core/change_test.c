/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of news of a change that senders deliver twice, late and out of order. */
#include "bench.h"
#include "core/change.h"

struct told {
	struct arena arena;
	struct change *change;
	struct decision d;
	struct err e;
};

static int tell(struct told *t, const struct change_news *news, const char *actor, int64_t now_ms)
{
	bool is_new = !t->change;
	struct roster roster = { 0 };
	struct facts facts = { .now_ms = now_ms,
			       .actor = str_of(actor),
			       .right = RIGHT_RESPOND,
			       .roster = &roster,
			       .policy = &policy_default };
	struct command c = { .verb = is_new ? verb_find(STR("change"), STR("send"))
					    : verb_find_internal(STR("change"), STR("follow")),
			     .stream = -1,
			     .actor = facts.actor,
			     .fields = news };
	if (is_new)
		t->change = core_blank(-1, &t->arena);
	t->d = (struct decision){ .arena = &t->arena };
	t->e = (struct err){ 0 };
	if (core_decide(t->change, &facts, &c, &t->d, &t->e) != 0)
		return -1;
	LIST_EACH (p, &t->d.events) {
		struct event ev = { .stream = -1,
				    .seq = t->change->seq + 1,
				    .recorded_ms = now_ms,
				    .happened_ms = p->happened_ms ? p->happened_ms : now_ms,
				    .actor = facts.actor,
				    .type = p->type,
				    .body = p->body };
		core_evolve(&change_stream, t->change, &ev);
	}
	return 0;
}

TEST(a_deploy_begins_and_ends)
{
	struct told t = { 0 };
	struct change_news n = { .title = STR("payments v812"),
				 .key = STR("github/1"),
				 .state = CHANGE_RUNNING,
				 .sender = STR("github"),
				 .began = { 5000 } };
	assert_int_equal(tell(&t, &n, "", 9000), 0);
	assert_int_equal(t.change->kind, CHANGE_DEPLOY);
	assert_int_equal(t.change->began.ms, 5000);
	assert_int_equal(t.change->ended.ms, 0);
	assert_int_equal(t.change->number, 1);
	struct change_news done = { .title = STR("payments v812"),
				    .state = CHANGE_DONE,
				    .ended = { 8000 },
				    .undo = STR("deploy v811") };
	assert_int_equal(tell(&t, &done, "", 9500), 0);
	assert_int_equal(t.d.events.len, 1);
	assert_int_equal(t.change->state, CHANGE_DONE);
	assert_int_equal(t.change->ended.ms, 8000);
	assert_string_equal(str_z(&t.arena, t.change->undo), "deploy v811");
	/* each again, in either order: nothing happens */
	assert_int_equal(tell(&t, &n, "", 9600), 0);
	assert_int_equal(t.d.events.len, 0);
	assert_int_equal(tell(&t, &done, "", 9700), 0);
	assert_int_equal(t.d.events.len, 0);
	arena_clear(&t.arena);
}

TEST(an_older_word_fills_what_was_not_known)
{
	struct told t = { 0 };
	struct change_news done = { .title = STR("v2"), .key = STR("k"), .state = CHANGE_DONE };
	struct change_news late = {
		.title = STR("other"), .state = CHANGE_RUNNING, .who = STR("ana"), .began = { 100 }
	};
	assert_int_equal(tell(&t, &done, "", 9000), 0);
	assert_int_equal(tell(&t, &late, "", 9500), 0);
	assert_int_equal(t.change->state, CHANGE_DONE);
	assert_string_equal(str_z(&t.arena, t.change->title), "v2");
	assert_string_equal(str_z(&t.arena, t.change->who), "ana");
	arena_clear(&t.arena);
}

/* A marker is set when a deploy begins and gets its end afterwards. */
TEST(an_end_that_is_said_later_moves_it)
{
	struct told t = { 0 };
	struct change_news point = { .title = STR("x"), .began = { 500 }, .ended = { 500 } };
	struct change_news ends = { .ended = { 7000 }, .state = CHANGE_DONE };
	struct change_news done = { .title = STR("x"), .state = CHANGE_DONE };
	assert_int_equal(tell(&t, &point, "", 9000), 0);
	assert_int_equal(tell(&t, &ends, "", 9100), 0);
	assert_int_equal(t.change->ended.ms, 7000);
	assert_int_equal(tell(&t, &ends, "", 9200), 0);
	assert_int_equal(t.d.events.len, 0);
	assert_int_equal(tell(&t, &point, "", 9300), 0);
	assert_int_equal(tell(&t, &done, "", 9400), 0);
	assert_int_equal(t.d.events.len, 0);
	assert_int_equal(t.change->ended.ms, 7000);
	arena_clear(&t.arena);
}

TEST(times_of_a_sender_are_taken_as_they_can_be)
{
	struct told t = { 0 };
	struct change_news n = { .title = STR("x"), .began = { 90000000 }, .ended = { 7 } };
	assert_int_equal(tell(&t, &n, "", 9000), 0);
	assert_int_equal(t.change->began.ms, 9000);
	assert_true(t.change->ended.ms >= t.change->began.ms);
	arena_clear(&t.arena);
}

TEST(a_person_hears_of_strange_times_and_is_no_sender)
{
	struct told t = { 0 };
	struct change_news n = { .title = STR("x"),
				 .began = { 90000000 },
				 .sender = STR("github") };
	assert_int_equal(tell(&t, &n, "ana", 9000), -1);
	assert_true(t.e.text[0] && t.change->seq == 0);
	t.change = NULL;
	n.began.ms = 800;
	n.ended.ms = 700;
	assert_int_equal(tell(&t, &n, "ana", 9000), -1);
	t.change = NULL;
	n.ended.ms = 0;
	n.began.ms = 0;
	assert_int_equal(tell(&t, &n, "ana", 9000), 0);
	assert_int_equal(t.change->sender.len, 0);
	assert_string_equal(str_z(&t.arena, t.change->by.id), "ana");
	arena_clear(&t.arena);
}

TEST(what_a_person_tells_of_later_did_not_go_on_until_now)
{
	struct told t = { 0 };
	struct change_news n = { .title = STR("pool 50 to 5"), .began = { 1000 } };
	assert_int_equal(tell(&t, &n, "ana", 900000), 0);
	assert_int_equal(t.change->ended.ms, 1000);
	arena_clear(&t.arena);
}

TEST(long_texts_of_senders_are_cut)
{
	char text[4000];
	memset(text, 'a', sizeof(text));
	struct change_news n = { .title = { text, sizeof(text) }, .who = { text, sizeof(text) } };
	change_news_clip(&n);
	assert_true(n.title.len <= CHANGE_TITLE_BYTES && n.who.len <= CHANGE_NAME_BYTES);
}

TESTS(T(what_a_person_tells_of_later_did_not_go_on_until_now), T(a_deploy_begins_and_ends),
      T(an_older_word_fills_what_was_not_known), T(an_end_that_is_said_later_moves_it),
      T(times_of_a_sender_are_taken_as_they_can_be),
      T(a_person_hears_of_strange_times_and_is_no_sender), T(long_texts_of_senders_are_cut))
