/* SPDX-License-Identifier: Apache-2.0 */
/* A shop: web calls search and pay; search calls db. Minutes of 60 samples before the symptom, 5 after it. */
#include "core/suspect.h"

#include "test.h"

enum { MINUTE_MS = 60000, SYMPTOM_MS = 60 * MINUTE_MS };

static struct str shop[] = {
	{ "web", 3 }, { "search", 6 }, { "pay", 3 }, { "db", 2 }, { "lb", 2 }
};
static struct str lb[] = { { "lb", 2 } };

static struct investigation shop_of(struct arena *a)
{
	struct investigation q = { .services = { shop, 5 },
				   .foreign = { lb, 1 },
				   .symptom_service = STR("web"),
				   .symptom_kind = SERIES_LATENCY,
				   .symptom_ms = SYMPTOM_MS,
				   .now_ms = SYMPTOM_MS + 5 * MINUTE_MS };
	*LIST_ADD(a, &q.edges) = (struct call_edge){ STR("web"), STR("search") };
	*LIST_ADD(a, &q.edges) = (struct call_edge){ STR("web"), STR("pay") };
	*LIST_ADD(a, &q.edges) = (struct call_edge){ STR("web"), STR("lb") };
	*LIST_ADD(a, &q.edges) = (struct call_edge){ STR("search"), STR("db") };
	return q;
}

/* Latency of `usual` with a little movement, and of `later` behind the symptom. */
static void add_series(struct arena *a, struct investigation *q, const char *service, double usual,
		       double later)
{
	struct series s = { .service = str_of(service), .kind = SERIES_LATENCY };
	for (int m = 1; m <= 65; m++) {
		double calm = usual * (1 + .05 * (m % 5 - 2));
		*LIST_ADD(a, &s.samples) = (struct sample){ (int64_t)m * MINUTE_MS,
							    m > 60 ? later : calm };
	}
	*LIST_ADD(a, &q->series) = s;
}

static void add_change(struct arena *a, struct investigation *q, const char *id,
		       const char *service, int minutes_before)
{
	*LIST_ADD(a, &q->changes) = (struct recent_change){
		.id = str_of(id),
		.service = str_of(service),
		.kind = STR("config"),
		.at_ms = SYMPTOM_MS - (int64_t)minutes_before * MINUTE_MS,
	};
}

/* The shop with no series at all: web is named, and its alert fires since the symptom. */
static struct investigation night_of(struct arena *a)
{
	struct investigation q = shop_of(a);
	q.symptom_kind = -1;
	*LIST_ADD(a, &q.alerts) = (struct symptom_alert){ .service = STR("web"),
							  .name = STR("Slow"),
							  .began_ms = SYMPTOM_MS,
							  .is_firing = true };
	return q;
}

static const struct term *term_of(const struct suspicion *s, const char *name)
{
	LIST_EACH (t, &s->terms)
		if (str_is(str_of(t->name), name))
			return t;
	return NULL;
}

static const struct suspicion *named(const struct suspicions *list, const char *name)
{
	LIST_EACH (s, list)
		if (str_is(s->name, name))
			return s;
	return NULL;
}

TEST(the_callee_explains_its_callers)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	add_series(&a, &q, "web", .2, 2);
	add_series(&a, &q, "search", .1, 1.9);
	add_series(&a, &q, "db", .01, 1.5);
	add_series(&a, &q, "pay", .1, .1);
	suspect_services(&q, &a, &got);
	assert_int_equal(got.len, 5);
	assert_str(got.at[0].name, "db");
	assert_non_null(term_of(&got.at[0], "latency"));
	const struct term *against = term_of(named(&got, "search"), "explained");
	assert_non_null(against);
	assert_true(against->weight < 0);
	assert_true(named(&got, "pay")->score < .05);
}

TEST(an_address_is_suspected_less_than_a_service)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	add_series(&a, &q, "lb", .1, 2);
	add_series(&a, &q, "search", .1, 1.8);
	suspect_services(&q, &a, &got);
	assert_str(got.at[0].name, "search");
	assert_non_null(term_of(named(&got, "lb"), "foreign"));
}

TEST(nothing_later_than_now_is_read)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	add_series(&a, &q, "search", .1, 1.8);
	q.now_ms = SYMPTOM_MS;
	suspect_services(&q, &a, &got);
	LIST_EACH (s, &got)
		assert_true(s->score == 0);
}

TEST(the_order_does_not_hang_on_that_of_the_input)
{
	ARENA(a);
	struct investigation q = shop_of(&a), r = shop_of(&a);
	struct suspicions one = { 0 }, two = { 0 };
	add_series(&a, &q, "web", .2, 2);
	add_series(&a, &q, "search", .1, 1.9);
	add_series(&a, &r, "search", .1, 1.9);
	add_series(&a, &r, "web", .2, 2);
	suspect_services(&q, &a, &one);
	suspect_services(&r, &a, &two);
	for (size_t i = 0; i < one.len; i++)
		assert_true(str_eq(one.at[i].name, two.at[i].name) &&
			    one.at[i].score == two.at[i].score);
}

TEST(a_wrong_onset_by_a_minute_changes_nothing_much)
{
	ARENA(a);
	for (int off = -1; off <= 1; off++) {
		struct investigation q = shop_of(&a);
		struct suspicions got = { 0 };
		add_series(&a, &q, "web", .2, 2);
		add_series(&a, &q, "search", .1, 1.9);
		q.symptom_ms += off * MINUTE_MS;
		suspect_services(&q, &a, &got);
		assert_str(got.at[0].name, "search");
	}
}

TEST(an_older_change_further_away_goes_before_the_newest)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	double none = 0;
	add_series(&a, &q, "web", .2, 2);
	add_series(&a, &q, "search", .1, 1.9);
	add_series(&a, &q, "db", .01, 1.5);
	add_change(&a, &q, "deploy of pay", "pay", 1);
	add_change(&a, &q, "config of db", "db", 14);
	add_change(&a, &q, "deploy of web", "web", 6);
	suspect_changes(&q, &a, &got, &none);
	assert_str(got.at[0].name, "config of db");
	assert_str(term_of(&got.at[0], "time")->says, "15 min before it began");
	assert_true(none < SUSPECT_NONE_FROM);
	assert_non_null(term_of(named(&got, "deploy of pay"), "service"));
}

TEST(no_change_explains_trouble_where_nothing_changed)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	double none = 0;
	suspect_changes(&q, &a, &got, &none);
	assert_true(none > .99);
	add_series(&a, &q, "db", .01, 1.5);
	add_change(&a, &q, "deploy of pay", "pay", 2);
	add_change(&a, &q, "old config of db", "db", 20 * 60);
	suspect_changes(&q, &a, &got, &none);
	assert_true(none > SUSPECT_NONE_FROM);
	assert_int_equal(got.len, 2);
}

TEST(a_change_behind_the_onset_is_hardly_suspected)
{
	ARENA(a);
	struct investigation q = shop_of(&a);
	struct suspicions got = { 0 };
	double none = 0;
	add_series(&a, &q, "web", .2, 2);
	add_series(&a, &q, "search", .1, 1.9);
	add_change(&a, &q, "rollback", "search", -4);
	add_change(&a, &q, "before", "search", 30);
	suspect_changes(&q, &a, &got, &none);
	assert_int_equal(suspect_onset(&q, &a, NULL), SYMPTOM_MS + MINUTE_MS);
	assert_str(got.at[0].name, "before");
	add_change(&a, &q, "tomorrow", "search", -600);
	got = (struct suspicions){ 0 };
	suspect_changes(&q, &a, &got, &none);
	assert_int_equal(got.len, 2);
}

TEST(odd_input_is_harmless)
{
	ARENA(a);
	struct investigation q = { .symptom_kind = -1 };
	struct suspicions got = { 0 };
	double none = 0;
	suspect_changes(&q, &a, &got, &none);
	assert_int_equal(got.len, 0);
	q = shop_of(&a);
	q.symptom_service = STR("unknown");
	*LIST_ADD(&a, &q.edges) = (struct call_edge){ STR("db"), STR("web") };
	*LIST_ADD(&a, &q.edges) = (struct call_edge){ STR("db"), STR("nobody") };
	add_series(&a, &q, "nobody", 1, 2);
	add_series(&a, &q, "db", 0, 0);
	*LIST_ADD(&a, &q.series) = (struct series){ .service = STR("web"), .kind = SERIES_ERRORS };
	suspect_services(&q, &a, &got);
	assert_int_equal(got.len, 5);
}

static struct suspicions ranked(const struct investigation *q, struct arena *a, double *none)
{
	struct suspicions got = { 0 };
	suspect_changes(q, a, &got, none);
	return got;
}

TEST(without_series_the_graph_of_calls_places_a_change)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	q.symptom_service = STR("search");
	q.alerts.at[0].service = STR("search");
	add_change(&a, &q, "caller", "web", 2);
	add_change(&a, &q, "apart", "pay", 1);
	add_change(&a, &q, "callee", "db", 20);
	add_change(&a, &q, "itself", "search", 25);
	add_change(&a, &q, "stranger", "nightly-job", 3);
	struct suspicions got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "itself");
	assert_str(got.at[1].name, "callee");
	assert_str(got.at[2].name, "stranger");
	assert_str(got.at[3].name, "caller");
	assert_str(got.at[4].name, "apart");
	assert_true(term_of(named(&got, "caller"), "service")->weight < 0);
	assert_true(term_of(named(&got, "callee"), "service")->weight > 0);
	assert_str(term_of(named(&got, "callee"), "time")->says, "20 min before it began");
}

TEST(a_callee_that_fires_explains_its_callers)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	*LIST_ADD(&a, &q.alerts) = (struct symptom_alert){ .service = STR("db"),
							   .name = STR("Full"),
							   .began_ms = SYMPTOM_MS + MINUTE_MS,
							   .is_firing = true };
	add_change(&a, &q, "newest", "web", 2);
	add_change(&a, &q, "cause", "db", 8);
	struct suspicions got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "cause");
	assert_str(term_of(&got.at[0], "alert")->says, "Full began to fire there 9 min after it");
	assert_str(term_of(&got.at[1], "service")->says,
		   "Slow fires at web, but db, which it depends on, fires too");
	assert_true(none < SUSPECT_NONE_FROM);
}

TEST(a_change_that_was_undone_before_it_began_is_hardly_suspected)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	add_change(&a, &q, "undone", "web", 10);
	q.changes.at[0].undone_ms = SYMPTOM_MS - 5 * MINUTE_MS;
	add_change(&a, &q, "stands", "db", 30);
	struct suspicions got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "stands");
	assert_str(term_of(&got.at[1], "state")->says, "it was undone 5 min before it began");
	/* undone later, and the alert goes on: it was not that one alone */
	q.changes.at[0].undone_ms = SYMPTOM_MS + 5 * MINUTE_MS;
	q.now_ms = SYMPTOM_MS + 30 * MINUTE_MS;
	got = ranked(&q, &a, &none);
	assert_true(term_of(named(&got, "undone"), "state")->weight < 0);
	q.alerts.at[0].is_firing = false;
	got = ranked(&q, &a, &none);
	assert_null(term_of(named(&got, "undone"), "state"));
	assert_str(got.at[0].name, "undone");
}

TEST(a_change_elsewhere_is_hardly_suspected)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	add_change(&a, &q, "staging", "web", 2);
	q.changes.at[0].environment = STR("staging");
	add_change(&a, &q, "live", "web", 30);
	q.changes.at[1].environment = STR("production");
	struct suspicions got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "live");
	assert_null(term_of(&got.at[0], "environment"));
	q.environment = STR("Staging");
	got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "staging");
}

TEST(a_change_under_way_at_the_onset_is_near)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	add_change(&a, &q, "long", "web", 60);
	q.changes.at[0].ended_ms = SYMPTOM_MS + MINUTE_MS;
	add_change(&a, &q, "brief", "web", 3);
	struct suspicions got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "long");
	assert_str(term_of(&got.at[0], "time")->says, "it was under way when it began");
}

static void add_past(struct arena *a, struct investigation *q, const char *name, int changes,
		     int causes)
{
	*LIST_ADD(a, &q->past_services) = (struct past){ str_of(name), changes, causes };
}

TEST(confirmed_causes_tune_what_is_suspected)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0, before = 0;
	q.alerts.at[0].service = STR("search");
	q.symptom_service = STR("search");
	add_change(&a, &q, "often", "search", 10);
	add_change(&a, &q, "seldom", "db", 8);
	struct suspicions got = ranked(&q, &a, &before);
	assert_str(got.at[0].name, "often");
	assert_null(term_of(&got.at[0], "history"));
	/* search changes all the time and never did harm; db was to blame twice */
	add_past(&a, &q, "search", 400, 0);
	add_past(&a, &q, "db", 20, 2);
	*LIST_ADD(&a, &q.past_kinds) = (struct past){ STR("config"), 420, 2 };
	q.past_changed = 2;
	got = ranked(&q, &a, &none);
	assert_str(got.at[0].name, "seldom");
	assert_str(term_of(&got.at[0], "history")->says,
		   "2 of 20 changes of this service set off an incident before");
	assert_true(term_of(&got.at[1], "history")->weight < 0);
	/* many incidents that no change set off make "none" likelier */
	q.past_none = 40;
	double later = 0;
	ranked(&q, &a, &later);
	assert_true(later > none);
	assert_true(before < SUSPECT_NONE_FROM);
}

TEST(all_shares_and_none_are_one)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	double none = 0;
	add_change(&a, &q, "b", "web", 5);
	add_change(&a, &q, "a", "web", 5);
	add_change(&a, &q, "c", "db", 50);
	struct suspicions got = ranked(&q, &a, &none);
	double sum = none;
	LIST_EACH (s, &got)
		sum += s->share;
	assert_true(sum > .999 && sum < 1.001);
	assert_str(got.at[0].name, "a");
	assert_str(got.at[1].name, "b");
	assert_true(got.at[0].score == got.at[1].score);
	q.changes.len = 0;
	(void)ranked(&q, &a, &none);
	assert_true(none == 1);
}

TEST(onset_is_read_from_alerts_and_better_from_series)
{
	ARENA(a);
	struct investigation q = night_of(&a);
	struct str says;
	assert_int_equal(suspect_onset(&q, &a, &says), SYMPTOM_MS);
	assert_str(says, "then Slow began to fire");
	q.began_ms = SYMPTOM_MS - 40 * MINUTE_MS;
	assert_int_equal(suspect_onset(&q, &a, &says), SYMPTOM_MS - 40 * MINUTE_MS);
	assert_str(says, "as was said of it");
	/* an alert waits a while before it fires: its series knows earlier */
	q.began_ms = 0;
	add_series(&a, &q, "web", .2, .2);
	q.symptom_ms = SYMPTOM_MS - 15 * MINUTE_MS;
	for (size_t m = 55; m < 65; m++)
		q.series.at[0].samples.at[m].value = 2;
	q.series.at[0].samples.at[49].value = 2; /* alone: noise */
	assert_int_equal(suspect_onset(&q, &a, &says), 56 * (int64_t)MINUTE_MS);
	assert_str(says, "then the latency of web left its usual range");
	/* far from what the alert says it is of something else */
	q.alerts.at[0].began_ms = SYMPTOM_MS + 120 * (int64_t)MINUTE_MS;
	assert_int_equal(suspect_onset(&q, &a, &says), q.alerts.at[0].began_ms);
}

TESTS(T(without_series_the_graph_of_calls_places_a_change),
      T(a_callee_that_fires_explains_its_callers),
      T(a_change_that_was_undone_before_it_began_is_hardly_suspected),
      T(a_change_elsewhere_is_hardly_suspected), T(a_change_under_way_at_the_onset_is_near),
      T(confirmed_causes_tune_what_is_suspected), T(all_shares_and_none_are_one),
      T(onset_is_read_from_alerts_and_better_from_series), T(the_callee_explains_its_callers),
      T(an_address_is_suspected_less_than_a_service), T(nothing_later_than_now_is_read),
      T(the_order_does_not_hang_on_that_of_the_input),
      T(a_wrong_onset_by_a_minute_changes_nothing_much),
      T(an_older_change_further_away_goes_before_the_newest),
      T(no_change_explains_trouble_where_nothing_changed),
      T(a_change_behind_the_onset_is_hardly_suspected), T(odd_input_is_harmless))
