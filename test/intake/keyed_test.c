/* SPDX-License-Identifier: Apache-2.0 */
/* What keyed senders share: identity, limits, times, tags; and the credentials as each sender carries them. */
#include "test.h"

#include <string.h>

#include "base/mask.h"
#include "intake/cloudevents.h"
#include "intake/datadog.h"
#include "intake/mapping.h"

#define NOW 1795423720000 /* 2026-11-23T08:48:40Z */

static const struct integration acme = { .name = { "acme", 4 } }, shop = { .name = { "shop", 4 } };

static struct str print_in(struct arena *a, const struct integration *i, const char *source,
			   struct str key)
{
	const struct intake_request q = { .integration = i, .now_ms = NOW };
	return keyed_fingerprint(&q, source, key, a);
}

TEST(identity_is_source_integration_and_key)
{
	ARENA(a);
	struct str one = print_in(&a, &acme, "pagerduty", STR("disk"));
	assert_int_equal(one.len, 16);
	assert_true(keyed_is_fingerprint(one));
	assert_true(str_eq(one, print_in(&a, &acme, "pagerduty", STR("disk"))));
	assert_false(str_eq(one, print_in(&a, &acme, "pagerduty", STR("Disk"))));
	assert_false(str_eq(one, print_in(&a, &shop, "pagerduty", STR("disk"))));
	assert_false(str_eq(one, print_in(&a, NULL, "pagerduty", STR("disk"))));
	assert_false(str_eq(one, print_in(&a, &acme, "opsgenie", STR("disk"))));
	assert_false(str_eq(print_in(&a, NULL, "a", STR("4 acme x")),
			    print_in(&a, &acme, "a", STR("x"))));
}

TEST(texts_have_limits_and_titles_one_line)
{
	ARENA(a);
	const struct intake_request q = { .now_ms = NOW };
	char *big = arena_alloc(&a, 100001);
	memset(big, 'x', 100000);
	struct keyed k = { .key = str_of(big),
			   .title = STR(" one\ntwo\x01\x7f "),
			   .description = str_of(big),
			   .severity = str_of(big),
			   .service = str_of(big),
			   .link = STR("javascript:alert(1)") };
	for (int i = 0; i < 200; i++)
		keyed_add(&k.labels, str_fmt(&a, "name %d", i), str_of(big), &a);
	struct signal s = keyed_signal(&q, "x", &k, &a);
	assert_str(s.name, "one two");
	assert_int_equal(s.summary.len, TEXT_MAX_BYTES);
	assert_int_equal(s.severity.len, WORD_MAX_BYTES);
	assert_int_equal(s.service.len, WORD_MAX_BYTES);
	assert_int_equal(s.generator.len, 0);
	assert_int_equal(k.labels.set.len, FACTS_MAX);
	assert_int_equal(k.labels.set.at[0].value.len, FACT_MAX_BYTES);
	assert_int_equal(s.started_ms, NOW);
	assert_int_equal(s.ends_ms, 0);
	k.title = STR("a\xe2\x80\xae"
		      "b");
	assert_str(keyed_signal(&q, "x", &k, &a).name, "ab");
	k.title = STR("\x01\n\xe2\x80\xae");
	assert_true(str_starts(keyed_signal(&q, "x", &k, &a).name, STR("alert ")));
	k.title = str_of(big);
	assert_int_equal(keyed_signal(&q, "x", &k, &a).name.len, TITLE_MAX_BYTES);
}

TEST(a_clock_ahead_of_ours_says_now)
{
	ARENA(a);
	const struct intake_request q = { .now_ms = NOW };
	struct keyed k = { .at_ms = NOW + 1000, .state = KEYED_RESOLVED };
	assert_int_equal(keyed_signal(&q, "x", &k, &a).ends_ms, NOW);
	k.at_ms = NOW - 1000;
	assert_int_equal(keyed_signal(&q, "x", &k, &a).ends_ms, NOW - 1000);
	assert_false(keyed_signal(&q, "x", &k, &a).by_timeout);
}

TEST(facts_are_sorted_and_the_first_of_a_name_stays)
{
	ARENA(a);
	struct labels l = { 0 };
	keyed_add(&l, STR("b"), STR("1"), &a);
	keyed_add(&l, STR("a"), STR("2"), &a);
	keyed_add(&l, STR("b"), STR("3"), &a);
	keyed_add(&l, STR("c"), STR("  "), &a);
	keyed_add(&l, STR(""), STR("4"), &a);
	keyed_add_tags(&l, STR(" env:prod, urgent,url:http://x:1 ,:lost,"), &a);
	assert_str(labels_json(&l, &a), "{\"a\":\"2\",\"b\":\"1\",\"env\":\"prod\","
					"\"urgent\":\"yes\",\"url\":\"http://x:1\"}");
}

TEST(times_are_read_as_senders_write_them)
{
	assert_int_equal(keyed_time_of(STR("2026-11-23T08:48:40Z")), NOW);
	assert_int_equal(keyed_time_of(STR("2026-11-23T09:48:40+01:00")), NOW);
	assert_int_equal(keyed_time_of(STR("1795423720")), NOW);
	assert_int_equal(keyed_time_of(STR("1795423720000")), NOW);
	assert_int_equal(keyed_time_of(STR("42")), 0);
	assert_int_equal(keyed_time_of(STR("-1795423720")), 0);
	assert_int_equal(keyed_time_of(STR("0001-01-01T00:00:00Z")), 0);
	assert_int_equal(keyed_time_of(STR("yesterday")), 0);
	assert_int_equal(keyed_time(NULL), 0);
}

TEST(priorities_are_told_as_words)
{
	assert_str(keyed_priority(STR("P1")), "critical");
	assert_str(keyed_priority(STR("p2")), "error");
	assert_str(keyed_priority(STR("P3")), "warning");
	assert_str(keyed_priority(STR("P5")), "info");
	assert_str(keyed_priority(STR("P6")), "P6");
	assert_str(keyed_priority(STR("page")), "page");
}

TEST(a_minted_key_differs_by_body_and_time)
{
	ARENA(a);
	struct intake_request q = { .body = STR("x"), .now_ms = NOW };
	struct str one = keyed_mint(&q, &a);
	assert_int_equal(one.len, 32);
	q.now_ms++;
	struct str two = keyed_mint(&q, &a);
	q.body = STR("y");
	assert_false(str_eq(one, two));
	assert_false(str_eq(two, keyed_mint(&q, &a)));
}

TEST(words_are_mapped_by_a_table)
{
	ARENA(a);
	struct str table = STR("Crit=critical, 2 = warning, nonsense, *=info");
	assert_str(mapping_word(table, STR("crit"), &a), "critical");
	assert_str(mapping_word(table, STR("2"), &a), "warning");
	assert_str(mapping_word(table, STR("7"), &a), "info");
	assert_str(mapping_word(table, STR(""), &a), "info");
	assert_str(mapping_word(STR("a=b"), STR("7"), &a), "7");
	assert_true(mapping_is_over(STR(""), STR("Resolved"), &a));
	assert_false(mapping_is_over(STR(""), STR("problem"), &a));
	assert_true(mapping_is_over(STR("0, gone"), STR("GONE"), &a));
	assert_false(mapping_is_over(STR("0, gone"), STR("resolved"), &a));
}

static struct str credential_of(struct arena *a, const char *source, struct intake_request q)
{
	return source_find(str_of(source))->credential(&q, a);
}

#define WITH_HEADER(n, v)                                                                          \
	(struct intake_request)                                                                    \
	{                                                                                          \
		.headers = { (struct intake_header[]){ { STR(n), STR(v) } }, 1, 1 }, .now_ms = NOW \
	}

TEST(each_sender_carries_its_credential_in_its_own_way)
{
	ARENA(a);
	struct intake_request pd = { .body = STR("{\"routing_key\":\"0123456789abcdef\"}") };
	struct intake_request v1 = { .body = STR("{\"service_key\":\"0123456789abcdef\"}") };
	assert_str(credential_of(&a, "pagerduty", pd), "0123456789abcdef");
	assert_str(credential_of(&a, "pagerduty_v1", v1), "0123456789abcdef");
	assert_int_equal(credential_of(&a, "pagerduty", v1).len, 0);
	/* a door masks the body first: the key must come through */
	pd.body = mask_secrets(&a, pd.body, NULL);
	assert_str(credential_of(&a, "pagerduty", pd), "0123456789abcdef");
	assert_str(credential_of(&a, "opsgenie", WITH_HEADER("authorization", "GenieKey og-key")),
		   "og-key");
	assert_int_equal(
		credential_of(&a, "opsgenie", WITH_HEADER("Authorization", "Bearer x")).len, 0);
	assert_str(credential_of(&a, "cloudevents", WITH_HEADER("Authorization", "Bearer x")), "x");
	assert_str(credential_of(&a, "cloudevents",
				 (struct intake_request){ .query = STR("a=b&access_token=y") }),
		   "y");
	assert_str(credential_of(&a, "victorops",
				 (struct intake_request){ .path_tail = STR("vo/team") }),
		   "vo");
	assert_str(
		credential_of(&a, "victorops", (struct intake_request){ .query = STR("token=z") }),
		"z");
}

/* Each variable stands where it is read: with its own name in place of its value, all that is missing is a transition. */
TEST(the_payload_for_datadog_is_what_is_read)
{
	ARENA(a);
	const struct intake_request q = { .body = str_of(datadog_payload), .now_ms = NOW };
	struct intake_result r = { 0 };
	struct err e = { 0 };
	assert_int_equal(source_find(STR("datadog"))->read(&q, &a, &r, &e), 0);
	assert_str(r.complaint, "Kept; the transition \"$ALERT_TRANSITION\" changes no alert.");
}

TEST(a_handshake_grants_origin_and_rate)
{
	ARENA(a);
	struct intake_header both[] = { { STR("WebHook-Request-Origin"), STR("events.example") },
					{ STR("webhook-request-rate"), STR("120") } };
	struct intake_request q = { .headers = { both, 2, 2 } };
	struct intake_result r = { 0 };
	struct err e = { 0 };
	assert_int_equal(cloudevents_handshake(&q, &a, &r, &e), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.reply_headers.len, 2);
	assert_str(r.reply_headers.at[0].name, "WebHook-Allowed-Origin");
	assert_str(r.reply_headers.at[0].value, "events.example");
	assert_str(r.reply_headers.at[1].name, "WebHook-Allowed-Rate");
	assert_str(r.reply_headers.at[1].value, "120");
	both[1].value = STR("999999999999");
	r = (struct intake_result){ 0 };
	assert_int_equal(cloudevents_handshake(&q, &a, &r, &e), 0);
	assert_str(r.reply_headers.at[1].value, "6000");
	q.headers.len = 0;
	assert_int_equal(cloudevents_handshake(&q, &a, &r, &e), -1);
}

TESTS(T(identity_is_source_integration_and_key), T(texts_have_limits_and_titles_one_line),
      T(a_clock_ahead_of_ours_says_now), T(facts_are_sorted_and_the_first_of_a_name_stays),
      T(times_are_read_as_senders_write_them), T(priorities_are_told_as_words),
      T(a_minted_key_differs_by_body_and_time), T(words_are_mapped_by_a_table),
      T(each_sender_carries_its_credential_in_its_own_way),
      T(the_payload_for_datadog_is_what_is_read), T(a_handshake_grants_origin_and_rate))
