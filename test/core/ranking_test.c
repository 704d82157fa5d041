/* SPDX-License-Identifier: Apache-2.0 */
/* ranking_test: what an incident keeps of rankings, series and the confirmed cause. */
#include "core/ranking.h"

#include "bench.h"

#define BENCH(b)                                              \
	struct bench b __attribute__((cleanup(bench_close))); \
	bench_open(&b);                                       \
	bench_declare(&b)

static struct str alert_text = { "payments itself fires", 21 };

static void add(struct bench *b, struct ranked *r, int64_t change, int64_t share)
{
	struct suspect *s = LIST_ADD(&b->arena, &r->suspects);
	s->change = change;
	s->title = str_fmt(&b->arena, "payments v%lld", (long long)change);
	s->service = STR("payments");
	s->kind = CHANGE_DEPLOY;
	s->began.ms = b->now_ms - 5 * (int64_t)BENCH_MINUTE_MS;
	s->share = share;
	s->says = (struct strs){ &alert_text, 1 };
	r->known = (int64_t)r->suspects.len;
}

/* Runs the internal verb; how many events it made. */
static size_t rank(struct bench *b, const struct ranked *r)
{
	ARENA(a);
	struct command cmd = { .verb = verb_find_internal(STR("suspect"), STR("rank")),
			       .stream = 1,
			       .fields = r };
	struct decision d = { .arena = &a };
	struct facts facts = bench_facts(b, "");
	facts.right = RIGHT_ADMIN;
	if (bench_decide(b, &facts, &cmd, &d))
		fail_msg("%s", b->err.text);
	size_t events = d.events.len;
	bench_append(b, 1, "", &d);
	return events;
}

TEST(the_first_ranking_is_kept_when_there_is_a_change)
{
	BENCH(b);
	struct ranked r = { .none = 100 };
	assert_int_equal(rank(&b, &r), 0);
	add(&b, &r, 812, 60);
	add(&b, &r, 811, 10);
	r.none = 30;
	r.onset.ms = b.now_ms;
	assert_int_equal(rank(&b, &r), 1);
	assert_str(
		bench_said(&b),
		"payments v812 is the first suspect of 2 changes (60 %): payments itself fires.");
	assert_int_equal(b.incident.rankings, 1);
	assert_int_equal(b.incident.ranking.suspects.len, 2);
	assert_int_equal(b.incident.ranking.onset.ms, b.now_ms);
	assert_int_equal(b.incident.first_suspects.len, 2);
}

TEST(nothing_is_kept_while_nothing_moves_and_never_twice_a_minute)
{
	BENCH(b);
	struct ranked r = { .none = 30 };
	add(&b, &r, 1, 50);
	add(&b, &r, 2, 10);
	assert_int_equal(rank(&b, &r), 1);
	bench_later(&b, 2);
	r.suspects.at[0].share = 55;
	assert_int_equal(rank(&b, &r), 0);
	struct ranked swapped = { .none = 30 };
	add(&b, &swapped, 2, 50);
	add(&b, &swapped, 1, 10);
	assert_int_equal(rank(&b, &swapped), 1);
	assert_str(bench_said(&b), "payments v2 is first now (was second): payments itself fires.");
	assert_int_equal(rank(&b, &r), 0);
	assert_str(ranking_moved(&b.incident, &r, &b.arena),
		   "payments v1 is first now (was second): payments itself fires");
	bench_later(&b, 1);
	assert_int_equal(rank(&b, &r), 1);
	assert_int_equal(b.incident.rankings, 3);
}

TEST(the_answer_that_no_change_explains_it_is_said_when_it_turns)
{
	BENCH(b);
	struct ranked none = { .none = 70 }, one = { .none = 40 }, marked = { .none = 20 };
	add(&b, &none, 1, 30);
	add(&b, &one, 1, 60);
	add(&b, &marked, 1, 80);
	assert_int_equal(rank(&b, &none), 1);
	assert_str(bench_said(&b),
		   "No recent change explains this (70 %). 1 change was looked at.");
	bench_later(&b, 2);
	assert_int_equal(rank(&b, &one), 1);
	assert_str(bench_said(&b),
		   "payments v1 is the first suspect of 1 change (60 %): payments itself fires.");
	bench_later(&b, 2);
	assert_int_equal(rank(&b, &marked), 1);
	assert_str(bench_said(&b),
		   "payments v1 stays first, at 80 % now (was 60 %): payments itself fires.");
	bench_later(&b, 2);
	assert_int_equal(rank(&b, &none), 1);
	assert_str(bench_said(&b),
		   "No recent change explains this (70 %). 1 change was looked at.");
	bench_later(&b, 2);
	struct ranked empty = { .none = 100 };
	assert_int_equal(rank(&b, &empty), 1);
	assert_int_equal(b.incident.ranking.suspects.len, 0);
}

TEST(the_cause_is_named_at_the_end_with_its_places)
{
	BENCH(b);
	struct ranked first = { .none = 30 }, last = { .none = 10 };
	add(&b, &first, 2, 50);
	add(&b, &first, 1, 20);
	add(&b, &last, 1, 80);
	(void)rank(&b, &first);
	bench_later(&b, 2);
	(void)rank(&b, &last);
	bench_no(&b, "ana", "incident resolve", "cause=the deploy|because=it is over",
		 ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "suspect confirm", "cause=-3", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "incident resolve", "cause=#1|because=it is over");
	assert_str(bench_said(&b), "Ana named the cause: payments v1. The first ranking had it in "
				   "place 2. The last had it in place 1.");
	assert_int_equal(b.incident.cause.change, 1);
	bench_yes(&b, "bob", "suspect confirm", "cause=None");
	assert_str(bench_said(&b), "Bob named the cause: no change.");
	assert_int_equal(b.incident.cause.change, 0);
	assert_true(b.incident.cause.at.ms > 0);
	bench_yes(&b, "bob", "incident reopen", "reason=it is back");
	assert_int_equal(b.incident.cause.at.ms, 0);
	bench_yes(&b, "ana", "incident resolve", "because=it is over");
	assert_int_equal(b.incident.cause.at.ms, 0);
}

TEST(a_series_is_read_as_scripts_write_it)
{
	BENCH(b);
	bench_yes(&b, "bob", "suspect series",
		  "service=payments|points=time,p99\n2026-11-23T13:50:00Z,0.2\n"
		  "1795442400 0.25\n1795442340000;0.3\n\n2026-11-23T13:50:00Z 9");
	const struct given_series *s = &b.incident.series.at[0];
	assert_int_equal(s->samples, 3);
	assert_str(s->service, "payments");
	struct samples got = { 0 };
	series_samples(s, &b.arena, &got);
	assert_int_equal(got.len, 3);
	assert_int_equal(got.at[1].at_ms, 1795442340000);
	assert_true(got.at[1].value > .299 && got.at[1].value < .301);
	assert_true(bench_told(&b, "Bob gave the latency of payments from "));
	bench_no(&b, "bob", "suspect series", "service=payments|points=head\n1795442400 fast",
		 ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "suspect series", "service=payments|points=2027-11-23T13:50:00Z 1",
		 ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "suspect series", "service=payments|points=2 1", ERR_BAD_FIELD, "");
	bench_no(&b, "bob", "suspect series", "service=payments|points=time value", ERR_BAD_FIELD,
		 "");
}

static void give(struct bench *b, const char *service, int from_s, int count)
{
	struct buf text = BUF(&b->arena);
	buf_fmt(&text, "service=%s|kind=errors|points=", service);
	for (int i = 0; i < count; i++)
		buf_fmt(&text, "%d %d\n", 1795400000 + from_s + i, i);
	bench_yes(b, "bob", "suspect series", str_z(&b->arena, buf_str(&text)));
}

TEST(a_series_goes_on_and_keeps_the_newest)
{
	BENCH(b);
	give(&b, "db", 0, 300);
	give(&b, "db", 250, 300); /* the last 50 again, and 250 more */
	const struct given_series *s = &b.incident.series.at[0];
	assert_int_equal(b.incident.series.len, 1);
	assert_int_equal(s->samples, SERIES_KEPT);
	assert_int_equal(s->from.ms, (1795400000 + 50) * (int64_t)1000);
	assert_int_equal(s->to.ms, (1795400000 + 549) * (int64_t)1000);
	give(&b, "db", 5000, 500);
	assert_int_equal(b.incident.series.at[0].samples, SERIES_KEPT);
	struct buf many = BUF(&b.arena);
	buf_z(&many, "service=db|points=");
	for (int i = 0; i <= SERIES_POST_MAX; i++)
		buf_fmt(&many, "%d 1\n", 1795400000 + i);
	bench_no(&b, "bob", "suspect series", str_z(&b.arena, buf_str(&many)), ERR_BAD_FIELD, "");
	for (int i = 1; i < SERIES_MAX; i++)
		give(&b, str_z(&b.arena, str_fmt(&b.arena, "s%d", i)), 0, 1);
	bench_no(&b, "bob", "suspect series", "service=more|points=1795400000 1", ERR_CONFLICT, "");
}

static void add_change(struct bench *b, struct changes *list, const char *service, int minutes_ago)
{
	struct change *c = LIST_ADD(&b->arena, list);
	c->number = (int64_t)list->len;
	c->title = str_fmt(&b->arena, "%s v%zu", service, list->len);
	c->service = str_of(service);
	c->kind = CHANGE_DEPLOY;
	c->state = CHANGE_DONE;
	c->began.ms = c->ended.ms = b->now_ms - minutes_ago * (int64_t)BENCH_MINUTE_MS;
}

TEST(what_fires_at_a_service_that_is_called_counts)
{
	BENCH(b);
	static struct str calls[] = { { "db", 2 } }, owns[] = { { "PoolEmpty", 9 } };
	struct services services = { 0 };
	struct changes changes = { 0 };
	struct ranked r;
	*LIST_ADD(&b.arena, &services) = (struct service){ .name = STR("checkout"),
							   .depends = { calls, 1 } };
	*LIST_ADD(&b.arena, &services) = (struct service){ .name = STR("db"),
							   .alerts = { owns, 1 } };
	add_change(&b, &changes, "checkout", 3);
	add_change(&b, &changes, "db", 12);
	add_change(&b, &changes, "mail", 1);
	struct ranking_facts f = { .incident = &b.incident,
				   .changes = &changes,
				   .services = &services,
				   .now_ms = b.now_ms };
	ranking_make(&f, &b.arena, &r);
	assert_str(r.suspects.at[0].title, "checkout v1");
	/* an alert without a service, which the catalogue gives to db; and one of what nobody calls */
	*LIST_ADD(&b.arena, &f.near) = (struct near_alert){ .fingerprint = STR("1"),
							    .name = STR("PoolEmpty"),
							    .started_ms = b.now_ms };
	*LIST_ADD(&b.arena, &f.near) = (struct near_alert){ .fingerprint = STR("2"),
							    .name = STR("QueueLong"),
							    .service = STR("mail"),
							    .started_ms = b.now_ms };
	ranking_make(&f, &b.arena, &r);
	assert_str(r.suspects.at[0].title, "db v2");
	assert_str(r.suspects.at[0].says.at[0], "PoolEmpty fires at db");
	assert_str(r.suspects.at[2].title, "mail v3");
	assert_int_equal(r.onset.ms, b.now_ms);
	/* one that fires since long before is about something else */
	f.near.at[0].started_ms = b.now_ms - 2 * RANKING_NEAR_MS;
	ranking_make(&f, &b.arena, &r);
	assert_str(r.suspects.at[0].title, "checkout v1");
}

TEST(what_became_of_a_change_is_weighed)
{
	BENCH(b);
	struct services services = { 0 };
	struct changes changes = { 0 };
	struct ranked r;
	add_change(&b, &changes, "checkout", 5);
	add_change(&b, &changes, "checkout", 90);
	struct ranking_facts f = { .incident = &b.incident,
				   .changes = &changes,
				   .services = &services,
				   .now_ms = b.now_ms };
	ranking_make(&f, &b.arena, &r);
	assert_int_equal(r.suspects.at[0].change, 1);
	assert_true(r.none < RANKING_NONE_FROM);
	changes.at[0].state = CHANGE_UNDONE;
	ranking_make(&f, &b.arena, &r);
	assert_int_equal(r.suspects.at[0].change, 2);
	assert_true(r.none >= RANKING_NONE_FROM);
	changes.at[0].state = CHANGE_DONE;
	*LIST_ADD(&b.arena, &f.to_blame) = 1;
	changes.at[1].state = CHANGE_RUNNING; /* since 90 minutes: it was under way */
	ranking_make(&f, &b.arena, &r);
	assert_int_equal(r.suspects.at[0].change, 2);
	assert_true(strs_has(&r.suspects.at[0].says, STR("it was under way when it began")));
	assert_true(
		strs_has(&r.suspects.at[1].against, STR("it set off an incident that is over")));
}

TEST(a_change_that_is_called_otherwise_is_worth_a_ranking)
{
	BENCH(b);
	struct ranked r = { .none = 30 };
	add(&b, &r, 1, 50);
	add(&b, &r, 2, 10);
	assert_int_equal(rank(&b, &r), 1);
	bench_later(&b, 2);
	r.suspects.at[1].title = STR("ledger v9");
	assert_int_equal(rank(&b, &r), 1);
	assert_str(bench_said(&b), "Suspect 2 is called ledger v9 now.");
	assert_str(b.incident.ranking.suspects.at[1].title, "ledger v9");
	bench_later(&b, 2);
	assert_int_equal(rank(&b, &r), 0);
}

TESTS(T(a_change_that_is_called_otherwise_is_worth_a_ranking),
      T(the_first_ranking_is_kept_when_there_is_a_change),
      T(nothing_is_kept_while_nothing_moves_and_never_twice_a_minute),
      T(the_answer_that_no_change_explains_it_is_said_when_it_turns),
      T(the_cause_is_named_at_the_end_with_its_places), T(a_series_is_read_as_scripts_write_it),
      T(a_series_goes_on_and_keeps_the_newest), T(what_fires_at_a_service_that_is_called_counts),
      T(what_became_of_a_change_is_weighed))
