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
	*LIST_ADD(a, &q->changes) = (struct recent_change){ str_of(id), str_of(service),
							    STR("config"),
							    SYMPTOM_MS - (int64_t)minutes_before *
										 MINUTE_MS };
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
	assert_int_equal(suspect_onset(&q, &a), SYMPTOM_MS + MINUTE_MS);
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

TESTS(T(the_callee_explains_its_callers), T(an_address_is_suspected_less_than_a_service),
      T(nothing_later_than_now_is_read), T(the_order_does_not_hang_on_that_of_the_input),
      T(a_wrong_onset_by_a_minute_changes_nothing_much),
      T(an_older_change_further_away_goes_before_the_newest),
      T(no_change_explains_trouble_where_nothing_changed),
      T(a_change_behind_the_onset_is_hardly_suspected), T(odd_input_is_harmless))
