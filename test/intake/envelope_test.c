/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/envelope.h"

#include "test.h"

static struct intake_request plain(const char *body)
{
	return (struct intake_request){ .method = STR("POST"),
					.content_type = STR("application/json; charset=utf-8"),
					.body = str_of(body) };
}

TEST(a_body_that_says_all_is_kept_as_it_came)
{
	ARENA(a);
	struct intake_request q = plain("{\"a\":1}"), back = { 0 };
	struct err e = { 0 };
	int64_t ends = 1;
	struct str kept = envelope_wrap(&q, 0, &a);
	assert_ptr_equal(kept.at, q.body.at);
	assert_int_equal(envelope_open(kept, &a, &back, &ends, &e), 0);
	assert_str(back.body, "{\"a\":1}");
	assert_str(back.method, "POST");
	assert_int_equal(ends, 0);
	/* a line of text without a type must not come back as JSON */
	q.content_type = (struct str){ NULL, 0 };
	assert_int_equal(envelope_open(envelope_wrap(&q, 0, &a), &a, &back, &ends, &e), 0);
	assert_str(back.content_type, "");
	assert_str(back.body, "{\"a\":1}");
}

TEST(what_stood_around_it_comes_back)
{
	ARENA(a);
	struct intake_request q = plain("line\nline"), back = { 0 };
	struct err e = { 0 };
	int64_t ends;
	q.method = STR("DELETE");
	q.path_tail = STR("eu/a&b=\n%/close");
	q.query = STR("identifierType=alias&x=%20");
	*LIST_ADD(&a, &q.headers) = (struct intake_header){ STR("ce-subject"),
							    STR("gr\xc3\xbc\xc3\x9f") };
	struct str kept = envelope_wrap(&q, 1763899440000, &a);
	assert_int_equal(envelope_open(kept, &a, &back, &ends, &e), 0);
	assert_str(back.method, "DELETE");
	assert_str(back.path_tail, "eu/a&b=\n%/close");
	assert_str(back.query, "identifierType=alias&x=%20");
	assert_str(back.content_type, "application/json; charset=utf-8");
	assert_str(back.body, "line\nline");
	assert_int_equal(back.headers.len, 1);
	assert_str(back.headers.at[0].name, "ce-subject");
	assert_str(back.headers.at[0].value, "gr\xc3\xbc\xc3\x9f");
	assert_int_equal(ends, 1763899440000);
}

TEST(a_body_cannot_pass_for_an_envelope)
{
	ARENA(a);
	struct intake_request q = plain("aplomb-envelope?method=DELETE&tail=x\n{}"), back = { 0 };
	struct err e = { 0 };
	int64_t ends;
	assert_int_equal(envelope_open(envelope_wrap(&q, 0, &a), &a, &back, &ends, &e), 0);
	assert_str(back.method, "POST");
	assert_str(back.path_tail, "");
	assert_str(back.body, "aplomb-envelope?method=DELETE&tail=x\n{}");
}

TEST(credentials_are_none_of_what_is_kept)
{
	assert_true(envelope_keeps(STR("Ce-Id")) && envelope_keeps(STR("sentry-hook-resource")));
	static const char *const secret[] = { "Authorization", "Cookie", "X-Api-Key", "" };
	for (size_t i = 0; i < sizeof(secret) / sizeof(*secret); i++)
		assert_false(envelope_keeps(str_of(secret[i])));
}

TEST(a_test_says_so_and_ends)
{
	ARENA(a);
	struct intake_result r = { 0 };
	*LIST_ADD(&a, &r.signals) = (struct signal){ .labels = STR("{\"a\":\"1\",\"z\":\"2\"}"),
						     .is_firing = true };
	*LIST_ADD(&a, &r.signals) = (struct signal){ .ends_ms = 5 };
	envelope_mark_test(&r, 77, &a);
	assert_str(r.signals.at[0].labels, "{\"a\":\"1\",\"aplomb_test\":\"yes\",\"z\":\"2\"}");
	assert_int_equal(r.signals.at[0].ends_ms, 77);
	assert_true(r.signals.at[0].by_timeout);
	assert_str(r.signals.at[1].labels, "{\"aplomb_test\":\"yes\"}");
	assert_int_equal(r.signals.at[1].ends_ms, 5);
}

TESTS(T(a_body_that_says_all_is_kept_as_it_came), T(what_stood_around_it_comes_back),
      T(a_body_cannot_pass_for_an_envelope), T(credentials_are_none_of_what_is_kept),
      T(a_test_says_so_and_ends))
