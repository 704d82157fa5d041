/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include "base/match.h"

static bool silences(struct bench *b, size_t i, const char *labels)
{
	ARENA(a);
	struct match *m;
	struct err e = { 0 };
	assert_int_equal(silence_match(&b->desk.silences.at[i], &a, &m, &e), 0);
	return match_fits(m, str_of(labels));
}

static int state_of(struct bench *b, size_t i)
{
	return (int)silence_state_at(&b->desk.silences.at[i], b->now_ms);
}

TEST(silences_and_runs_out_by_itself)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "silence add",
		  "matchers=alertname=DiskFull,service=~\"db.*\"|for=70m|"
		  "comment=disks are being swapped");
	assert_str(bench_said(&b), "Ana silenced alertname=\"DiskFull\", service=~\"db.*\" until "
				   "15:10: disks are being swapped.");
	assert_int_equal(b.made, 1);
	assert_int_equal(b.desk.silences.at[0].id.len, 36);
	assert_true(silences(&b, 0, "{\"alertname\":\"DiskFull\",\"service\":\"db-3\"}"));
	assert_false(silences(&b, 0, "{\"alertname\":\"DiskFull\",\"service\":\"web\"}"));
	bench_later(&b, 69);
	assert_int_equal(state_of(&b, 0), SILENCE_ACTIVE);
	assert_int_equal(bench_count(&b, "silence.ended"), 0);
	bench_later(&b, 2);
	assert_int_equal(state_of(&b, 0), SILENCE_EXPIRED);
	assert_str(bench_said(&b),
		   "The silence of alertname=\"DiskFull\", service=~\"db.*\" ran out.");
	assert_int_equal(b.events.at[1].happened_ms, b.now_ms - BENCH_MINUTE_MS);
	bench_close(&b);
}

TEST(must_end_and_say_why)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "ana", "silence add", "matchers=a=b|for=2h", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "for");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x|for=31d", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text, "A silence lasts at most 30 days.");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x|until=2027-01-01", ERR_BAD_FIELD,
		 "");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x|until=13:00", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x|until=+1h|for=1h", ERR_BAD_FIELD,
		 "");
	bench_no(&b, "vic", "silence add", "matchers=a=b|comment=x|for=1h", ERR_FORBIDDEN, "");
	bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=x|for=30d");
	bench_close(&b);
}

TEST(refuses_what_would_silence_everything)
{
	struct bench b;
	bench_open(&b);
	static const char *const all[] = { "matchers=a=~\".*\"|comment=x|for=1h",
					   "matchers=a!=b|comment=x|for=1h",
					   "matchers={}|comment=x|for=1h" };
	for (size_t i = 0; i < 3; i++) {
		bench_no(&b, "ana", "silence add", all[i], ERR_BAD_FIELD, "");
		assert_string_equal(b.err.text, "This would silence every alert.");
	}
	bench_no(&b, "ana", "silence add", "matchers=a=~\"(\"|comment=x|for=1h", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "matchers");
	bench_no(&b, "ana", "silence add", "matchers=DiskFull|comment=x|for=1h", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.text, "\"DiskFull\" is no matcher.");
	assert_true(str_starts(str_of(b.err.next), STR("Write name=\"value\"")));
	bench_close(&b);
}

TEST(one_may_begin_later)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=planned work|starts=+30m|for=1h");
	assert_str(bench_said(&b), "Ana silenced a=\"b\" from 14:30 until 15:30: planned work.");
	assert_int_equal(state_of(&b, 0), SILENCE_PENDING);
	bench_later(&b, 31);
	assert_int_equal(state_of(&b, 0), SILENCE_ACTIVE);
	bench_later(&b, 60);
	assert_int_equal(state_of(&b, 0), SILENCE_EXPIRED);
	bench_close(&b);
}

TEST(is_ended_by_number_or_id_once)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=x|for=1h");
	bench_yes(&b, "ana", "silence add", "matchers=c=d|comment=x|for=1h|starts=+5m");
	const char *by_id =
		str_fmt(&b.arena, "silence=" STR_FMT, STR_ARG(b.desk.silences.at[1].id)).at;
	bench_yes(&b, "bob", "silence expire", "silence=1");
	assert_str(bench_said(&b), "Bob ended the silence of a=\"b\".");
	bench_no(&b, "bob", "silence expire", "silence=1", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "silence expire", by_id);
	assert_int_equal(state_of(&b, 1), SILENCE_EXPIRED);
	assert_true(b.desk.silences.at[1].starts.ms <= b.desk.silences.at[1].ends.ms);
	bench_no(&b, "bob", "silence expire", "silence=7", ERR_NOT_FOUND, "");
	assert_int_equal(core_due(&desk_stream, &b.desk), NOTHING_DUE);
	bench_close(&b);
}

/* As Alertmanager does: the end may move; other matchers are another silence, and the old one is history. */
TEST(a_change_keeps_history_true)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "silence add", "matchers=a=b,c=d|comment=x|for=1h");
	bench_later(&b, 10);
	bench_yes(&b, "bob", "silence add", "id=1|matchers=c=d,a=b|comment=longer|for=2h");
	assert_int_equal(b.made, 1);
	assert_int_equal(b.desk.silences.len, 1);
	assert_str(bench_said(&b), "Bob changed the silence of c=\"d\", a=\"b\": it holds until "
				   "16:10: longer.");
	assert_int_equal(b.desk.silences.at[0].starts.ms, b.now_ms - 10 * BENCH_MINUTE_MS);
	bench_yes(&b, "bob", "silence add", "id=1|matchers=a=b|comment=wider|for=2h");
	assert_int_equal(b.made, 2);
	assert_int_equal(b.desk.silences.len, 2);
	assert_int_equal(state_of(&b, 0), SILENCE_EXPIRED);
	assert_int_equal(state_of(&b, 1), SILENCE_ACTIVE);
	bench_yes(&b, "bob", "silence add", "id=1|matchers=a=b|comment=again|for=2h");
	assert_int_equal(b.made, 3);
	bench_no(&b, "bob", "silence add", "id=9|matchers=a=b|comment=again|for=2h", ERR_NOT_FOUND,
		 "");
	bench_close(&b);
}

TEST(a_client_says_who_asked)
{
	struct bench b;
	bench_open(&b);
	bench_person(&b, "", "", RIGHT_ADMIN); /* a client on this machine that nobody signed in */
	bench_yes(&b, "", "silence add", "matchers=a=b|comment=x|for=1h|author=sre-on-call");
	assert_str(bench_said(&b),
		   "Aplomb, asked by sre-on-call, silenced a=\"b\" until 15:00: x.");
	bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=x|for=1h|author=Ana");
	assert_str(bench_said(&b), "Ana silenced a=\"b\" until 15:00: x.");
	bench_close(&b);
}

TEST(there_is_a_limit_and_old_ones_leave_the_list)
{
	struct bench b;
	bench_open(&b);
	for (int i = 0; i < 200; i++)
		bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=x|for=10m");
	bench_no(&b, "ana", "silence add", "matchers=a=b|comment=x|for=10m", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "silence add", "id=200|matchers=a=c|comment=x|for=10m");
	bench_later(&b, 11);
	bench_yes(&b, "ana", "silence add", "matchers=a=b|comment=x|for=10m");
	assert_int_equal(b.made, 202);
	assert_int_equal(b.desk.silences.len, 201);
	assert_null(silences_by_number(&b.desk.silences, 1));
	bench_close(&b);
}

TESTS(T(silences_and_runs_out_by_itself), T(must_end_and_say_why),
      T(refuses_what_would_silence_everything), T(one_may_begin_later),
      T(is_ended_by_number_or_id_once), T(a_change_keeps_history_true), T(a_client_says_who_asked),
      T(there_is_a_limit_and_old_ones_leave_the_list))
