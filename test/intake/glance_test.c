/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/glance.h"

#include "test.h"

static const struct glance_key key = { { 1, 2, 3, 4 } };
enum { NOW_MS = 1795431942 };
#define ALERT(more, began, ends)                                                            \
	"{\"labels\":{\"alertname\":\"Full\",\"pod\":\"a\\\"}],\\\\\"},\"annotations\":{}," \
	"\"startsAt\":\"" began "\", \"endsAt\" : \"" ends "\"" more "}"
#define T1 "1970-01-21T10:00:00Z"
#define T2 "1970-01-22T10:00:00.5Z"
#define T3 "1970-01-20T10:00:00+01:00"

static bool look(struct arena *a, const char *body, struct glances *out)
{
	return glance(&key, &(struct intake_request){ .body = str_of(body), .now_ms = NOW_MS }, a,
		      out);
}

static bool is_same(const struct signal *a, const struct signal *b)
{
	return a->mark.one == b->mark.one && a->mark.two == b->mark.two;
}

TEST(times_are_told_and_stay_out_of_the_mark)
{
	ARENA(a);
	struct glances r;
	assert_true(look(&a,
			 " [ " ALERT("", T1, T2) " , " ALERT("", T3, T1) "," ALERT(",\"x\":\"\"",
										   T3, T3) "]\n",
			 &r));
	assert_int_equal(r.result.signals.len, 3);
	const struct signal *s = r.result.signals.at;
	assert_int_equal(s[0].started_ms, 20 * 86400000LL + 36000000);
	assert_int_equal(s[0].ends_ms, 21 * 86400000LL + 36000500);
	assert_int_equal(s[1].started_ms, 19 * 86400000LL + 32400000);
	assert_int_equal(s[1].ends_ms, s[0].started_ms);
	assert_true(s[0].is_firing);
	assert_false(s[1].is_firing);
	assert_true(is_same(&s[0], &s[1]));
	assert_false(is_same(&s[1], &s[2]));
}

/* Each byte that is not of a time is in the mark, and so is where the times stand. */
TEST(any_other_byte_makes_another_mark)
{
	ARENA(a);
	char text[] = "[" ALERT(",\"generatorURL\":\"http://p/0123456789\"", T1, T2) "]";
	struct glances plain, other;
	assert_true(look(&a, text, &plain));
	size_t marked = 0;
	for (size_t i = 0; text[i]; i++) {
		char was = text[i];
		text[i] = was == 'b' ? 'c' : 'b';
		if (look(&a, text, &other)) {
			assert_false(is_same(plain.result.signals.at, other.result.signals.at));
			marked++;
		}
		text[i] = was;
	}
	assert_true(marked > 60);
	struct glance_key second = key;
	second.word[2]++;
	struct intake_request q = { .body = str_of(text), .now_ms = NOW_MS };
	assert_true(glance(&second, &q, &a, &other));
	assert_false(is_same(plain.result.signals.at, other.result.signals.at));
}

TEST(what_is_out_of_the_ordinary_is_left_to_the_reader)
{
	static const char *const bodies[] = {
		"",
		"[",
		"[]",
		"{}",
		"[{}]",
		"[" ALERT("", T1, T2),
		"[" ALERT("", T1, T2) ",]",
		"[" ALERT("", T1, T2) "] x",
		"[" ALERT("", T2, T1) "]",
		"[" ALERT("", "soon", T1) "]",
		"[" ALERT("", "0001-01-01T00:00:00Z", T1) "]",
		"[" ALERT("", T1, "0001-01-01T00:00:00Z") "]",
		"[" ALERT("", T1, "1970-01-22T10\\u003a00:00Z") "]",
		"[" ALERT(",\"n\":1", T1, T2) "]",
		"[" ALERT(",\"n\":{\"a\":{}}", T1, T2) "]",
		"[" ALERT(",\"n\":{\"a\":1}", T1, T2) "]",
		"[" ALERT(",\"n\":\"\\", T1, T2) "]",
		"[" ALERT(",\"n\":\"\\\\\\\"", T1, T2) "]",
		/* the first of two names counts, however it is written */
		"[{\"labels\":{\"a\":\"b\"},\"starts\\u0041t\":\"" T3 "\",\"startsAt\":\"" T1
		"\",\"endsAt\":\"" T2 "\"}]",
		"[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"soon\",\"startsAt\":\"" T1
		"\",\"endsAt\":\"" T2 "\"}]",
		"[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"" T1 "\"}]",
	};
	ARENA(a);
	struct glances r;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		if (look(&a, bodies[i], &r))
			fail_msg("looked at %s", bodies[i]);
	assert_true(look(&a, "[" ALERT(",\"n\":\"\\\\\"", T1, T2) "]", &r));
}

TEST(marks_are_kept_where_each_alert_was_read)
{
	ARENA(a);
	struct glances glanced;
	struct intake_result read = { .status = 200 };
	assert_true(look(&a, "[" ALERT("", T1, T2) "]", &glanced));
	(void)LIST_ADD(&a, &read.signals);
	glance_keep(&glanced, &read);
	assert_true(is_same(glanced.result.signals.at, read.signals.at));
	(void)LIST_ADD(&a, &read.signals);
	read.signals.at[0].mark = (struct mark){ 0 };
	glance_keep(&glanced, &read);
	assert_int_equal(read.signals.at[0].mark.one, 0);
	read.signals.len = 1;
	read.status = 400;
	glance_keep(&glanced, &read);
	assert_int_equal(read.signals.at[0].mark.one, 0);
}

/* Both readers, and whether the glance alone was enough. */
static bool reads_the_same(const char *body)
{
	ARENA(a);
	struct glances g;
	struct intake_result plain, read = { 0 };
	struct err e = { 0 };
	struct intake_request q = { .body = str_of(body), .now_ms = NOW_MS };
	assert_true(look(&a, body, &g));
	bool is_plain = glance_read(&g, q.body, &a, &plain);
	int got = source_find(STR("prometheus"))->read(&q, &a, &read, &e);
	for (size_t i = 0; is_plain && i < read.signals.len; i++) {
		const struct signal *x = &plain.signals.at[i], *y = &read.signals.at[i];
		assert_true(str_eq(x->fingerprint, y->fingerprint) && str_eq(x->name, y->name));
		assert_true(str_eq(x->labels, y->labels) && str_eq(x->summary, y->summary));
		assert_true(str_eq(x->annotations, y->annotations));
		assert_true(str_eq(x->service, y->service) && str_eq(x->severity, y->severity));
		assert_true(str_eq(x->generator, y->generator));
		assert_int_equal(x->started_ms, y->started_ms);
		assert_int_equal(x->ends_ms, y->ends_ms);
		assert_int_equal(x->is_firing, y->is_firing);
	}
	if (is_plain)
		assert_true(got == 0 && read.status == 200);
	else
		assert_true(!plain.status && !plain.signals.len && !plain.signals.at);
	return is_plain;
}
#define SAYS(labels, more) \
	"[{\"labels\":" labels "," more "\"startsAt\":\"" T1 "\",\"endsAt\":\"" T2 "\"}]"
#define LABELS "{\"alertname\":\"Full\",\"app\":\"shop\",\"severity\":\"page\"}"

TEST(what_is_plain_is_read_where_it_stands)
{
	assert_true(reads_the_same(SAYS(LABELS, "")));
	assert_true(reads_the_same(SAYS(LABELS, "\"annotations\":{},")));
	assert_true(reads_the_same(SAYS("{\"a\":\"\xc3\xbc\"}", "")));
	assert_true(reads_the_same(
		SAYS(LABELS, "\"annotations\":{\"message\":\"m\",\"summary\":\"s\"},"
			     "\"generatorURL\":\"http://x/?a&b<c>\",\"x\":{\"y\":\"\"},")));
	assert_true(reads_the_same(SAYS(LABELS, "\"generatorURL\":\"/?a=1\\u0026b\\\"=2\",")));
	/* annotations may say anything: they are read as JSON then */
	assert_true(reads_the_same(
		SAYS(LABELS, "\"annotations\":{\"s\":\"\",\"b\":\"a\\n\\u00fc<\",\"a\":\"x\"},")));
	/* what stands for no letter reads as U+FFFD both ways */
	assert_true(reads_the_same(SAYS(LABELS, "\"annotations\":{\"a\":\"\\u0000\"},")));
	assert_true(reads_the_same(SAYS(LABELS, "\"generatorURL\":\"a\\u0000b\",")));
}

/* Fingerprints are made of several at a time, and a generator is that of the alert before: each has its own all the same. */
TEST(alerts_of_one_body_are_not_mistaken_for_each_other)
{
	enum { MOST = 11 };
	static const char *const generators[] = { "/?a=1\\u0026b", "/?a=1\\u0026b", "/?a=1\\u0026c",
						  "/" };
	for (int n = 1; n <= MOST; n++) {
		ARENA(a);
		struct buf b = BUF(&a);
		for (int i = 0; i < n; i++) {
			buf_fmt(&b, "%s{\"labels\":{\"alertname\":\"Full\"", i ? "," : "[");
			for (int k = 0; k < i * 7 % 5; k++)
				buf_fmt(&b, ",\"l%d\":\"%d\"", k, i);
			buf_fmt(&b,
				",\"z\":\"%d\"},\"annotations\":{\"summary\":\"s%d\"},"
				"\"generatorURL\":\"%s\",\"startsAt\":\"" T1 "\",\"endsAt\":\"" T2
				"\"}",
				i, i % 3, generators[i % 4]);
		}
		buf_c(&b, ']');
		assert_true(reads_the_same(str_z(&a, buf_str(&b))));
	}
}

TEST(what_is_not_plain_is_left_to_the_reader)
{
	static const char *const bodies[] = {
		SAYS("{}", ""),
		SAYS("{\"b\":\"1\",\"a\":\"2\"}", ""),
		SAYS("{\"a\":\"1\",\"a\":\"2\"}", ""),
		SAYS("{\"a\":\"1\", \"b\":\"2\"}", ""),
		SAYS("{\"a\":\"1\",\"b\":\"\"}", ""),
		SAYS("{\"a\":\"x<y\"}", ""),
		SAYS("{\"a\":\"x\\ty and a text of more than sixteen bytes\"}", ""),
		SAYS("{\"a\":\"x\x7f\"}", ""),
		SAYS("{\"a\":\"x\ty\"}", ""),
		SAYS("{\"a\":\"\xff\"}", ""),
		SAYS("\"x\"", ""),
		SAYS(LABELS, "\"labels\":{\"a\":\"b\"},"),
		SAYS(LABELS, "\"annotations\":\"x\","),
		SAYS(LABELS, "\"annotations\":{},\"annotations\":{},"),
		SAYS(LABELS, "\"generatorURL\":{},"),
		SAYS(LABELS, "\"other\":\"\\u0000\","),
		SAYS(LABELS, "\"other\":{\"x\":\"\\ud800\"},"),
		SAYS(LABELS, "\"generatorURL\":\"a\",\"generatorURL\":\"b\","),
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		if (reads_the_same(bodies[i]))
			fail_msg("read %s", bodies[i]);
}

TESTS(T(what_is_plain_is_read_where_it_stands),
      T(alerts_of_one_body_are_not_mistaken_for_each_other),
      T(what_is_not_plain_is_left_to_the_reader), T(times_are_told_and_stay_out_of_the_mark),
      T(any_other_byte_makes_another_mark), T(what_is_out_of_the_ordinary_is_left_to_the_reader),
      T(marks_are_kept_where_each_alert_was_read))
