/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_test: what the page of an incident shows, from a fold, without server or disk. */
#include "core/bench.h"
#include "web/war_room.h"

extern const struct template tpl_incident;

struct house {
	struct bench bench;
	struct arena arena;
	struct visit visit;
	struct incident_view view;
};

static void house_open(struct house *h)
{
	memset(h, 0, sizeof(*h));
	bench_open(&h->bench);
	bench_declare(&h->bench);
	h->visit.arena = &h->arena;
	h->visit.right = RIGHT_RESPOND;
}

static void house_close(struct house *h)
{
	arena_clear(&h->arena);
	bench_close(&h->bench);
}

static struct folded fold(struct house *h)
{
	struct folded f = { .incident = &h->bench.incident };
	LIST_EACH (ev, &h->bench.events)
		if (ev->stream != DESK_STREAM)
			*LIST_ADD(&h->arena, &f.events) = *ev;
	return f;
}

static void look(struct house *h)
{
	struct folded f = fold(h);
	memset(&h->view, 0, sizeof(h->view));
	h->visit.now_ms = h->visit.names.now_ms = h->bench.now_ms;
	h->view.may_act = true;
	room_next_fill(&h->view, f.incident, &h->visit);
	room_log_fill(&h->view, &f, &h->visit);
	room_verbs_fill(&h->view, &h->visit);
	*LIST_ADD(&h->arena, &h->view.inc) = *f.incident;
}

static void ask(struct house *h, const char *name, const char *value)
{
	*LIST_ADD(&h->arena, &h->visit.query.pairs) = (struct form_pair){ str_of(name),
									  str_of(value) };
}

static bool offers(const struct house *h, const char *noun, const char *verb)
{
	LIST_EACH (g, &h->view.groups)
		LIST_EACH (x, &g->verbs)
			if (str_is(x->noun, noun) && str_is(x->verb, verb))
				return true;
	return false;
}

TEST(shows_the_newest_entry_first)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "bob", "note add", "text=DB is fine");
	look(&h);
	assert_true(h.view.log.len >= 2);
	assert_true(str_eq(h.view.log.at[0].said, STR("bob noted: DB is fine.")));
	assert_true(h.view.log.at[0].is_note);
	assert_int_equal(h.view.log.at[h.view.log.len - 1].seq, 1);
	house_close(&h);
}

TEST(marks_what_was_taken_back)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "bob", "note add", "text=wrong");
	struct str seq = str_fmt(&h.arena, "entry=%lld|reason=a slip",
				 (long long)h.bench.incident.seq);
	bench_yes(&h.bench, "bob", "note retract", str_z(&h.arena, seq));
	look(&h);
	assert_false(h.view.log.at[0].taken_back);
	assert_true(h.view.log.at[1].taken_back);
	house_close(&h);
}

TEST(says_when_an_entry_was_written_later)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "bob", "note add", "text=now");
	look(&h);
	assert_int_equal(h.view.log.at[0].written.ms, 0);
	struct event *last = &h.bench.events.at[h.bench.events.len - 1];
	last->recorded_ms = last->happened_ms + 20 * 60 * 1000;
	look(&h);
	assert_int_equal(h.view.log.at[0].written.ms, last->recorded_ms);
	house_close(&h);
}

TEST(shows_a_pause_in_the_frame_of_any_screen)
{
	struct house h;
	struct frame frame = { .path = STR("/incidents/1/do/note/add") };
	house_open(&h);
	look(&h);
	frame_follow(&frame, &h.bench.incident, &h.visit);
	assert_int_equal(frame.incident, h.bench.incident.id);
	assert_false(frame.paused);
	bench_yes(&h.bench, "ana", "reset call", "reason=too many hands|changed=config 881");
	look(&h);
	frame_follow(&frame, &h.bench.incident, &h.visit);
	assert_true(frame.paused && frame.may_end_pause);
	assert_true(str_is(frame.pause_reason, "too many hands"));
	assert_true(str_starts(frame.q_changed, STR("config 881")));
	frame.path = STR("/incidents/1/do/reset/end");
	frame_follow(&frame, &h.bench.incident, &h.visit);
	assert_false(frame.may_end_pause);
	house_close(&h);
}

TEST(a_late_promise_is_the_next_step_of_a_row)
{
	struct incident_row row = { .next_step = STR("Test it."),
				    .promised = { 1000 },
				    .is_open = true };
	assert_true(str_is(row_next_step(&row, 1000), "Test it."));
	assert_true(str_is(row_next_step(&row, 1001), "Write the update that was promised."));
	row.is_open = false;
	assert_true(str_is(row_next_step(&row, 1001), "Test it."));
}

TEST(shows_one_kind_of_entries_when_asked)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "bob", "note add", "text=DB is fine");
	bench_yes(&h.bench, "bob", "hypothesis open", "cause=the pool");
	ask(&h, "show", "decisions");
	look(&h);
	assert_true(str_is(h.view.show, "decisions"));
	LIST_EACH (x, &h.view.log)
		assert_false(x->is_note);
	assert_true(h.view.log.len >= 2);
	house_close(&h);
}

TEST(takes_an_unknown_kind_for_all)
{
	struct house h;
	house_open(&h);
	ask(&h, "show", "\"><script>");
	look(&h);
	assert_true(str_is(h.view.show, "all"));
	house_close(&h);
}

TEST(leaves_out_what_is_old_until_asked)
{
	struct house h;
	house_open(&h);
	for (int i = 0; i < ROOM_LOG_MAX + 5; i++)
		bench_yes(&h.bench, "bob", "note add", "text=again");
	look(&h);
	assert_int_equal(h.view.log.len, ROOM_LOG_MAX);
	assert_true(h.view.older >= 6);
	ask(&h, "older", "all");
	look(&h);
	assert_int_equal(h.view.older, 0);
	house_close(&h);
}

TEST(offers_only_what_the_visitor_may_do)
{
	struct house h;
	house_open(&h);
	look(&h);
	assert_true(offers(&h, "hypothesis", "open"));
	assert_true(offers(&h, "note", "add"));
	assert_false(offers(&h, "incident", "declare")); /* makes another incident */
	assert_false(offers(&h, "incident", "absorb"));	 /* only a merge runs it */
	assert_false(offers(&h, "alert", "ack"));	 /* of the desk */
	h.visit.right = RIGHT_VIEW;
	look(&h);
	assert_false(offers(&h, "hypothesis", "open"));
	assert_false(offers(&h, "note", "add"));
	assert_false(h.view.next.at[0].has_verb);
	house_close(&h);
}

TEST(acts_at_once_where_nothing_is_typed)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "ana", "reset call", "reason=too many hands");
	look(&h);
	assert_true(h.view.next.at[0].is_direct);
	assert_true(str_is(h.view.next.at[0].verb, "end"));
	bench_yes(&h.bench, "ana", "reset end", "");
	look(&h);
	assert_true(h.view.next.at[0].has_verb);
	assert_false(h.view.next.at[0].is_direct); /* symptoms are typed */
	house_close(&h);
}

TEST(escapes_what_people_wrote)
{
	struct house h;
	house_open(&h);
	bench_yes(&h.bench, "bob", "note add", "text=<script>alert(1)</script>");
	look(&h);
	struct buf html = BUF(&h.arena);
	template_render(&tpl_incident, incident_view_fields, &h.view, &h.visit.names, &html);
	assert_true(str_find(buf_str(&html), STR("<script>alert")) == SIZE_MAX);
	assert_true(str_find(buf_str(&html), STR("&lt;script&gt;alert")) != SIZE_MAX);
	house_close(&h);
}

TESTS(T(shows_the_newest_entry_first), T(marks_what_was_taken_back),
      T(says_when_an_entry_was_written_later), T(shows_a_pause_in_the_frame_of_any_screen),
      T(a_late_promise_is_the_next_step_of_a_row), T(shows_one_kind_of_entries_when_asked),
      T(takes_an_unknown_kind_for_all), T(leaves_out_what_is_old_until_asked),
      T(offers_only_what_the_visitor_may_do), T(acts_at_once_where_nothing_is_typed),
      T(escapes_what_people_wrote))
