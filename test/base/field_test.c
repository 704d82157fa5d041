/* SPDX-License-Identifier: Apache-2.0 */
/* field: members from text and back, checking, copying, comparing. */
#include "test.h"

#include "base/field.h"

static const int64_t now_ms = 1795431942000; /* 2026-11-23T11:05:42Z */

static const char *const severity_names[] = { "", "sev1", "sev2", "sev3", "sev4", NULL };
static const char *const phase_names[] = { "open", "closed", NULL };

struct action {
	struct str title;
	struct when due;
	int phase;
};
static const struct field action_fields[] = {
	FIELD(action, title, "what will be done", .required = true, .max = 20),
	FIELD(action, due, "until when"), CHOICE(action, phase, phase, "how far"), END
};
struct thing {
	struct str title;
	int64_t count;
	bool calm;
	struct when seen;
	struct span every;
	struct maybe_int limit;
	struct person lead;
	struct html body;
	struct strs tags;
	int severity;
	int phase;
	struct str token;
	LIST_OF(struct action) actions;
};
static const struct field thing_fields[] = {
	FIELD(thing, title, "one line a customer would understand", .required = true, .max = 40),
	FIELD(thing, count, "how many", .max = 500),
	FIELD(thing, calm, "is it calm", .required = true),
	FIELD(thing, seen, "when it was seen"),
	FIELD(thing, every, "how often"),
	FIELD(thing, limit, "at most"),
	FIELD(thing, lead, "who leads"),
	FIELD(thing, body, "text"),
	FIELD(thing, tags, "words", .max = 3),
	CHOICE(thing, severity, severity, "how bad", .required = true),
	CHOICE(thing, phase, phase, "where it stands"),
	FIELD(thing, token, "a secret", .secret = true),
	ITEMS(thing, actions, action, "what follows", .max = 2),
	END
};

static int put(struct arena *a, struct thing *t, const char *name, const char *text, struct err *e)
{
	const struct field *f = field_find(thing_fields, str_of(name));
	assert_non_null(f);
	return field_parse(f, t, str_of(text), &(struct reading){ .arena = a, .now_ms = now_ms },
			   e);
}

static const char *got(struct arena *a, const struct thing *t, const char *name)
{
	struct buf b = BUF(a);
	field_print(field_find(thing_fields, str_of(name)), t, &b);
	return str_z(a, buf_str(&b));
}

TEST(prints_what_it_parses)
{
	static const char *const rows[][3] = {
		{ "title", "Logins fail\r\nfor some\r", "Logins fail\nfor some\r" },
		{ "count", " -42 ", "-42" },
		{ "count", "", "0" },
		{ "calm", "on", "yes" },
		{ "calm", "TRUE", "yes" },
		{ "calm", "1", "yes" },
		{ "calm", "0", "no" },
		{ "calm", "", "no" },
		{ "seen", "2026-11-23T12:00:00+01:00", "2026-11-23T11:00:00Z" },
		{ "seen", "11:03", "2026-11-23T11:03:00Z" },
		{ "seen", "", "" },
		{ "every", "90", "1h30m" },
		{ "every", "2d", "2d" },
		{ "every", "", "" },
		{ "limit", "0", "0" },
		{ "limit", "", "" },
		{ "lead", " u_1 ", "u_1" },
		{ "tags", "a, b,,c\r\nd", "a, b, c, d" },
		{ "severity", "SEV2", "sev2" },
		{ "severity", "4", "sev4" },
		{ "severity", "0", "" },
		{ "severity", "", "" },
		{ "phase", "1", "closed" },
		{ "token", "s3cret", "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct thing t = { 0 }, again = { 0 };
		assert_int_equal(put(&a, &t, rows[i][0], rows[i][1], &e), 0);
		assert_string_equal(got(&a, &t, rows[i][0]), rows[i][2]);
		assert_int_equal(put(&a, &again, rows[i][0], got(&a, &t, rows[i][0]), &e), 0);
		assert_true(t.token.len || fields_equal(thing_fields, &t, &again));
	}
}

TEST(digits_pick_the_name_that_ends_so)
{
	ARENA(a);
	static const char *const names[] = { "tier12", "tier2", "plain", "t3-4", NULL };
	const struct field f = { .name = "tier", .kind = KIND_CHOICE, .names = names };
	struct err e = { 0 };
	int v = -1;
	assert_int_equal(
		field_parse(&f, &v, STR("2"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		0);
	assert_int_equal(v, 1);
	assert_int_equal(
		field_parse(&f, &v, STR("12"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		0);
	assert_int_equal(v, 0);
	assert_int_equal(
		field_parse(&f, &v, STR("0"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		0);
	assert_int_equal(v, 0);
	assert_int_equal(
		field_parse(&f, &v, STR("3"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		0);
	assert_int_equal(v, 3);
	assert_int_equal(
		field_parse(&f, &v, STR("5"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		-1);
	assert_int_equal(
		field_parse(&f, &v, STR("-1"), &(struct reading){ .arena = &a, .now_ms = 0 }, &e),
		-1);
}

TEST(refusals_are_sentences)
{
	static const char *const rows[][3] = {
		{ "severity", "sev9",
		  "severity must be one of sev1, sev2, sev3, sev4, not \"sev9\"." },
		{ "severity", "9", "severity must be one of sev1, sev2, sev3, sev4, not \"9\"." },
		{ "phase", "", "phase must be one of open, closed, not \"\"." },
		{ "count", "many", "count must be a whole number, not \"many\"." },
		{ "calm", "perhaps", "calm must be yes or no, not \"perhaps\"." },
		{ "every", "1h30",
		  "every must be a length of time such as 30m, 1h30m or 2d, not \"1h30\"." },
		{ "seen", "soon",
		  "seen must be a time such as 14:03, 2026-11-23 14:03 or +30m, not "
		  "\"soon\"." },
		{ "body", "<b>", "body is made here and cannot be set." },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct thing t = { 0 }, untouched = { 0 };
		assert_int_equal(put(&a, &t, rows[i][0], rows[i][1], &e), -1);
		assert_string_equal(e.text, rows[i][2]);
		assert_string_equal(e.field, rows[i][0]);
		assert_int_equal(e.code, ERR_BAD_FIELD);
		assert_true(fields_equal(thing_fields, &t, &untouched));
	}
}

/* A struct that passes. */
static struct thing sound(struct arena *a)
{
	struct thing t = { .title = STR("Logins fail"),
			   .severity = 2,
			   .body = { STR("<p>x</p>") } };
	struct str tags[] = { STR("web"), STR("login") };
	t.tags = strs_copy(a, &(struct strs){ tags, 2 });
	LIST_ADD(a, &t.actions)->title = STR("Add a test");
	LIST_ADD(a, &t.actions)->title = STR("Write it down");
	return t;
}

static void refused(const struct thing *t, const char *field, const char *text)
{
	struct err e = { 0 };
	assert_int_equal(fields_check(thing_fields, t, &e), -1);
	assert_string_equal(e.text, text);
	assert_string_equal(e.field, field);
}

TEST(checks_required_and_limits)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = sound(&a);
	assert_int_equal(fields_check(thing_fields, &t, &e), 0);
	t.title = STR(" \n");
	refused(&t, "title", "title is missing: one line a customer would understand.");
	t.title = STR("A title of more than forty bytes, which is too much");
	refused(&t, "title", "title is too long: at most 40 bytes, this has 51.");
	t.title = STR("bad \xC3( text");
	refused(&t, "title", "title is not readable text (UTF-8).");
	t.title = STR("bell \a");
	refused(&t, "title", "title holds a control character (byte 6).");
	t.title = STR("tab\tand\nline");
	assert_int_equal(fields_check(thing_fields, &t, &e), 0);
	t.severity = 0;
	refused(&t, "severity", "severity is missing: how bad.");
	t.severity = 1;
	t.count = 501;
	refused(&t, "count", "count is too large: at most 500.");
	t.count = 500;
	t.actions.at[1].title = (struct str){ 0 };
	refused(&t, "actions.1.title", "actions.1.title is missing: what will be done.");
	t.actions.at[1].title = STR("x");
	(void)LIST_ADD(&a, &t.actions);
	refused(&t, "actions", "actions has too many entries: at most 2.");
	t.actions.len = 0;
	t.tags = strs_split(&a, STR("a,b,c,d"), ',');
	refused(&t, "tags", "tags has too many entries: at most 3.");
}

TEST(copies_deeply)
{
	struct thing copy;
	ARENA(kept);
	{
		ARENA(a);
		struct thing t = sound(&a);
		t.title = str_copy(&a, t.title);
		fields_copy(thing_fields, &copy, &t, sizeof(t), &kept);
		assert_true(fields_equal(thing_fields, &copy, &t));
		assert_ptr_not_equal(copy.actions.at, t.actions.at);
		assert_ptr_not_equal(copy.title.at, t.title.at);
		t.actions.at[0].due.ms = 5;
		assert_false(fields_equal(thing_fields, &copy, &t));
		t.actions.at[0].due.ms = 0;
		t.tags.len = 1;
		assert_false(fields_equal(thing_fields, &t, &copy));
		t.tags.len = 2;
		t.actions.len = 1;
		assert_false(fields_equal(thing_fields, &t, &copy));
		t.actions.len = 2;
		assert_true(fields_equal(thing_fields, &t, &copy));
		t.tags.at[1] = STR("other");
		assert_false(fields_equal(thing_fields, &copy, &t));
	}
	assert_str(copy.title, "Logins fail");
	assert_str(copy.tags.at[1], "login");
	assert_str(copy.actions.at[1].title, "Write it down");
	(void)LIST_ADD(&kept, &copy.actions);
	assert_str(copy.actions.at[0].title, "Add a test");
}

TEST(knows_what_is_empty)
{
	struct thing t = { 0 };
	for (const struct field *f = thing_fields; f->name; f++)
		assert_int_equal(field_is_empty(f, &t), f->at != offsetof(struct thing, phase));
	t.limit.set = true;
	assert_false(field_is_empty(field_find(thing_fields, STR("limit")), &t));
	assert_null(field_find(thing_fields, STR("limi")));
	assert_null(field_find(thing_fields, STR("")));
}

TEST(spans_read_and_print)
{
	static const struct {
		const char *text;
		int64_t ms;
		const char *printed;
	} rows[] = { { "30m", 1800000, "30m" },	       { "1h30m", 5400000, "1h30m" },
		     { "90", 5400000, "1h30m" },       { "2d", 172800000, "2d" },
		     { "1 h 5 min", 3900000, "1h5m" }, { "1w", 604800000, "7d" },
		     { "1500ms", 1500, "1s500ms" },    { "0", 0, "0m" },
		     { "90S", 90000, "1m30s" } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct buf b = BUF(&a);
		struct span s = { -1 };
		assert_true(span_parse(str_of(rows[i].text), &s));
		assert_int_equal(s.ms, rows[i].ms);
		span_print(s, &b);
		assert_str(buf_str(&b), rows[i].printed);
	}
	static const char *const bad[] = { "",
					   "h",
					   "1x",
					   "-5m",
					   "1h30",
					   "0h30",
					   "5 5",
					   "1.5h",
					   "999999999999d",
					   "37000d",
					   "99999999999999999999" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct span s;
		if (span_parse(str_of(bad[i]), &s))
			fail_msg("%s was taken", bad[i]);
	}
}

TEST(blanks_alone_are_nothing_and_line_ends_are_plain)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { .title = STR("before") };
	assert_int_equal(put(&a, &t, "title", " \t\r\n", &e), 0);
	assert_int_equal(t.title.len, 0);
	assert_int_equal(put(&a, &t, "title", " a\r\r\nb\r\n\r\n", &e), 0);
	assert_str(t.title, " a\nb\n\n");
}

TEST(a_text_of_one_line_keeps_no_tricks)
{
	ARENA(a);
	struct line {
		struct str title, body;
	} x = { STR("Checkout\nis \xE2\x80\xAEwols\xC2\x9B"), STR("two\nlines") };
	const struct field table[] = {
		FIELD(line, title, "one line"),
		FIELD(line, body, "several", .lines = 3),
		END,
	};
	fields_one_line(table, &x, &a);
	assert_str(x.title, "Checkout is wols");
	assert_str(x.body, "two\nlines");
}

TESTS(T(a_text_of_one_line_keeps_no_tricks), T(prints_what_it_parses),
      T(digits_pick_the_name_that_ends_so), T(refusals_are_sentences),
      T(checks_required_and_limits), T(copies_deeply), T(knows_what_is_empty),
      T(spans_read_and_print), T(blanks_alone_are_nothing_and_line_ends_are_plain))
