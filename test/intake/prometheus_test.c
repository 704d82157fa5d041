/* SPDX-License-Identifier: Apache-2.0 */
/* What Prometheus and amtool send, and what is made of it. Bodies are as their senders write them. */
#include "test.h"

#include "intake/source.h"

#define NOW 1763899440000 /* 2025-11-23T12:04:00Z */

static int read(struct arena *a, const char *body, struct intake_result *r, struct err *e)
{
	const struct intake_request q = { .method = STR("POST"),
					  .body = str_of(body),
					  .now_ms = NOW,
					  .resolve_timeout_ms = 300000 };
	*r = (struct intake_result){ 0 };
	*e = (struct err){ 0 };
	return source_find(STR("prometheus"))->read(&q, a, r, e);
}

TEST(reads_a_firing_alert)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(
		read(&a,
		     "[{\"labels\":{\"alertname\":\"HighLatency\",\"job\":\"checkout\","
		     "\"severity\":\"page\"},"
		     "\"annotations\":{\"summary\":\"p99 above 1 "
		     "s\"},\"startsAt\":\"2025-11-23T12:00:00.5+01:00\","
		     "\"endsAt\":\"2025-11-23T12:08:00Z\",\"generatorURL\":\"http://prom/graph\"}]",
		     &r, &e),
		0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.signals.len, 1);
	const struct signal *s = &r.signals.at[0];
	assert_str(s->name, "HighLatency");
	assert_str(s->service, "checkout");
	assert_str(s->summary, "p99 above 1 s");
	assert_str(s->severity, "page");
	assert_true(s->is_firing);
	assert_false(s->by_timeout);
	assert_int_equal(s->started_ms, 1763895600500);
	assert_str(s->labels,
		   "{\"alertname\":\"HighLatency\",\"job\":\"checkout\",\"severity\":\"page\"}");
}

TEST(identity_is_the_whole_label_set_in_any_order)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      "[{\"labels\":{\"b\":\"2\",\"a\":\"1\",\"gone\":\"\"}},"
			      "{\"labels\":{\"a\":\"1\",\"b\":\"2\"}},{\"labels\":{\"a\":\"1\","
			      "\"b\":\"3\"}}]",
			      &r, &e),
			 0);
	assert_true(str_eq(r.signals.at[0].fingerprint, r.signals.at[1].fingerprint));
	assert_false(str_eq(r.signals.at[0].fingerprint, r.signals.at[2].fingerprint));
}

/* The label set and its fingerprint as Alertmanager 0.25 itself listed them (a recording). */
TEST(fingerprints_are_alertmanagers_own)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(
		read(&a,
		     "[{\"labels\":{\"alertname\":\"CheckoutHighLatencyP99\",\"cluster\":\"prod-"
		     "eu\","
		     "\"instance\":\"web-1\",\"job\":\"checkout\",\"quantile\":\"0.99\","
		     "\"replica\":\"a\","
		     "\"service\":\"checkout\",\"severity\":\"critical\",\"team\":\"payments\"}}]",
		     &r, &e),
		0);
	assert_str(r.signals.at[0].fingerprint, "7748ec318e25393d");
}

TEST(an_alert_without_an_end_is_a_lease)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a, "[{\"labels\":{\"alertname\":\"x\"}}]", &r, &e), 0);
	assert_int_equal(r.signals.at[0].started_ms, NOW);
	assert_int_equal(r.signals.at[0].ends_ms, NOW + 300000);
	assert_true(r.signals.at[0].by_timeout);
	assert_true(r.signals.at[0].is_firing);
}

TEST(an_end_that_has_passed_means_resolved)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(
		read(&a, "[{\"labels\":{\"alertname\":\"x\"},\"endsAt\":\"2025-11-23T12:03:00Z\"}]",
		     &r, &e),
		0);
	assert_false(r.signals.at[0].is_firing);
	assert_int_equal(r.signals.at[0].started_ms, r.signals.at[0].ends_ms);
}

TEST(valid_alerts_are_kept_beside_a_broken_one)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      "[{\"labels\":{}},{\"labels\":{\"alertname\":\"good\"}},{\"labels\":{"
			      "\"a\":1}}]",
			      &r, &e),
			 0);
	assert_int_equal(r.status, 400);
	assert_int_equal(r.signals.len, 1);
	assert_str(r.complaint, "alert 0: an alert needs at least one label.");
}

TEST(refuses_what_is_no_list_of_alerts)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a, "{\"labels\":{}}", &r, &e), -1);
	assert_int_equal(e.code, ERR_BAD_INPUT);
	assert_int_equal(read(&a, "[{\"labels\":", &r, &e), -1);
	assert_int_equal(read(&a, "", &r, &e), -1);
	assert_int_equal(read(&a,
			      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
			      "]]]]]]]]]]]]",
			      &r, &e),
			 -1);
}

TEST(refuses_an_end_before_the_start)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      "[{\"labels\":{\"a\":\"1\"},\"startsAt\":\"2025-11-23T12:00:00Z\","
			      "\"endsAt\":\"2025-11-23T11:00:00Z\"}]",
			      &r, &e),
			 0);
	assert_int_equal(r.status, 400);
	assert_int_equal(r.signals.len, 0);
}

TEST(what_is_null_is_not_there)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      "[{\"labels\":{\"a\":\"1\",\"b\":null},\"annotations\":null,"
			      "\"startsAt\":null,\"endsAt\":null,\"generatorURL\":null}]",
			      &r, &e),
			 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.signals.len, 1);
	assert_str(r.signals.at[0].labels, "{\"a\":\"1\"}");
	assert_str(r.signals.at[0].annotations, "{}");
	assert_int_equal(r.signals.at[0].started_ms, NOW);
	assert_true(r.signals.at[0].by_timeout);
}

TESTS(T(reads_a_firing_alert), T(identity_is_the_whole_label_set_in_any_order),
      T(fingerprints_are_alertmanagers_own), T(an_alert_without_an_end_is_a_lease),
      T(an_end_that_has_passed_means_resolved), T(valid_alerts_are_kept_beside_a_broken_one),
      T(refuses_what_is_no_list_of_alerts), T(refuses_an_end_before_the_start),
      T(what_is_null_is_not_there))
