/* SPDX-License-Identifier: Apache-2.0 */
/* json: the door, and structs by their tables. */
#include "test.h"

#include <string.h>

#include "base/json.h"

static const int64_t now_ms = 1795431942000; /* 2026-11-23T11:05:42Z */

static const char *const severity_names[] = { "", "sev1", "sev2", NULL };
static const char *const phase_names[] = { "open", "closed", NULL };

struct action {
	struct str title;
	struct strs tags;
};
static const struct field action_fields[] = { FIELD(action, title, "what"),
					      FIELD(action, tags, "words", .max = 3), END };
struct thing {
	struct str title;
	int64_t count;
	bool calm, sure;
	struct when seen;
	struct span every;
	struct maybe_int limit;
	struct person lead;
	struct html body;
	struct strs tags;
	int severity, phase;
	struct str token;
	LIST_OF(struct action) actions;
};
static const struct field thing_fields[] = { FIELD(thing, title, "one line"),
					     FIELD(thing, count, "how many"),
					     FIELD(thing, calm, "is it calm"),
					     FIELD(thing, sure, "is it sure", .required = true),
					     FIELD(thing, seen, "when"),
					     FIELD(thing, every, "how often"),
					     FIELD(thing, limit, "at most"),
					     FIELD(thing, lead, "who leads"),
					     FIELD(thing, body, "text"),
					     FIELD(thing, tags, "words"),
					     CHOICE(thing, severity, severity, "how bad"),
					     CHOICE(thing, phase, phase, "where it stands"),
					     FIELD(thing, token, "a secret", .secret = true),
					     ITEMS(thing, actions, action, "what follows",
						   .max = 2),
					     END };

static bool parses(const char *text, bool strict)
{
	ARENA(a);
	struct json *j = NULL;
	struct err e = { 0 };
	int rc = strict ? json_parse(&a, str_of(text), &j, &e)
			: json_parse_lax(&a, str_of(text), &j, &e);
	assert_int_equal(rc != 0, e.text[0] != '\0');
	assert_int_equal(rc == 0, j != NULL);
	return rc == 0;
}

static const char *nested(struct arena *a, size_t depth)
{
	char *z = arena_alloc(a, depth * 2 + 1);
	memset(z, '[', depth);
	memset(z + depth, ']', depth);
	return z;
}

TEST(refuses_what_is_not_sound_json)
{
	static const char *const bad[] = { "",	    "  ",     "{",	    "{}x",
					   "{} {}", "[1,]",   "{\"a\":1,}", "{a:1}",
					   "nul",   "\"open", "\"open\\",   "]" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parses(bad[i], true))
			fail_msg("%s was taken", bad[i]);
		if (parses(bad[i], false))
			fail_msg("%s was taken by the lax door", bad[i]);
	}
	assert_true(parses(" {\"a\": [1, true, null, \"\\\\u0000 \\\" [{\"]} \n", true));
	assert_false(parses("\"a\nb\"", true));
	assert_true(parses("\"a\nb\"", false));
}

TEST(a_bad_letter_is_replaced_at_the_lax_door_alone)
{
	static const struct {
		const char *text, *read;
	} all[] = {
		{ "\"a\\u0000b\"", "a\xEF\xBF\xBD"
				   "b" },
		{ "\"\\ud800\"", "\xEF\xBF\xBD" },
		{ "\"\\udc00x\"", "\xEF\xBF\xBDx" },
		{ "\"\\ud800\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
		{ "\"\\ud800\\n\"", "\xEF\xBF\xBD\n" },
		{ "\"\xC3(\"", "\xEF\xBF\xBD(" },
		{ "\"\xFF\xE2\x82\"", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		ARENA(a);
		struct json *j = NULL;
		struct err e = { 0 };
		assert_false(parses(all[i].text, true));
		assert_int_equal(json_parse_lax(&a, str_of(all[i].text), &j, &e), 0);
		assert_string_equal(json_text(j).at, all[i].read);
	}
	assert_false(parses("\"\\ud80\"", false));
}

TEST(limits_depth_and_size)
{
	ARENA(a);
	assert_true(parses(nested(&a, 32), true));
	assert_false(parses(nested(&a, 33), true));
	assert_false(parses(nested(&a, 33), false));
	assert_false(parses(nested(&a, 100000), true));
	assert_true(parses("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"", true));
	struct buf many = BUF(&a), keys = BUF(&a);
	buf_c(&many, '[');
	for (int i = 0; i < 100001; i++)
		buf_z(&many, i ? ",1" : "1");
	buf_c(&many, ']');
	assert_false(parses(str_z(&a, buf_str(&many)), true));
	for (int i = 0; i < 2001; i++)
		buf_fmt(&keys, "%s\"k%d\":1", i ? "," : "{", i);
	buf_c(&keys, '}');
	assert_false(parses(str_z(&a, buf_str(&keys)), true));
}

TEST(duplicate_keys)
{
	ARENA(a);
	struct err e = { 0 };
	struct json *j = NULL;
	struct str text = STR("{\"x\":{\"b\":1,\"a\":2,\"\\u0062\":3,\"b\":4}}");
	assert_int_equal(json_parse(&a, text, &j, &e), -1);
	assert_string_equal(e.text, "The JSON has the key \"b\" twice in one object.");
	assert_int_equal(json_parse_lax(&a, text, &j, &e), 0);
	const struct json *x = json_get(j, "x");
	int64_t n = 0, count = 0;
	assert_true(json_int(json_get(x, "b"), &n));
	assert_int_equal(n, 1);
	for (const struct json *c = json_first(x); c; c = json_next(c))
		count++;
	assert_int_equal(count, 2);
	assert_true(parses("[{\"a\":1},{\"a\":1}]", true));
	assert_true(parses("{\"a\":1,\"A\":1}", true));
}

/* Past what is compared one by one the reader sorts: both ways keep the first. */
TEST(many_duplicate_keys)
{
	ARENA(a);
	struct err e = { 0 };
	struct json *j = NULL;
	struct buf b = BUF(&a);
	int64_t n = 0, count = 0;
	for (int i = 0; i < 90; i++)
		buf_fmt(&b, "%s\"k%d\":%d", i ? "," : "{", i % 40, i);
	buf_c(&b, '}');
	assert_int_equal(json_parse_lax(&a, buf_str(&b), &j, &e), 0);
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		assert_true(json_int(c, &n));
		assert_int_equal(n, count);
		count++;
	}
	assert_int_equal(count, 40);
}

TEST(the_lax_door_reads_escapes_and_numbers)
{
	ARENA(a);
	struct err e = { 0 };
	struct json *j = NULL;
	int64_t n = 0;
	struct str text = STR(
		"{\"\\u0061\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u007f\\u00e9\\u20ac\\ud83d"
		"\\ude00 tail\",\"n\":-12e1,\"m\":0x10}");
	assert_int_equal(json_parse_lax(&a, text, &j, &e), -1);
	assert_string_equal(e.text, "The JSON cannot be read (line 1, byte 80 of it).");
	text.len -= 10;
	struct str whole = str_fmt(&a, STR_FMT "}", STR_ARG(text));
	assert_int_equal(json_parse_lax(&a, whole, &j, &e), 0);
	assert_str(json_text(json_get(j, "a")),
		   "\"\\/\b\f\n\r\t\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 tail");
	assert_true(json_int(json_get(j, "n"), &n));
	assert_int_equal(n, -120);
	assert_false(parses("\"\\uZZZZ\"", false)); /* cJSON makes a NUL of it */
}

TEST(says_where_it_broke)
{
	ARENA(a);
	struct err e = { 0 };
	struct json *j;
	assert_int_equal(json_parse(&a, STR("{\n \"a\": x}"), &j, &e), -1);
	assert_string_equal(e.text, "The JSON cannot be read (line 2, byte 7 of it).");
	assert_int_equal(e.code, ERR_BAD_INPUT);
}

TEST(values)
{
	ARENA(a);
	struct err e = { 0 };
	struct json *j = NULL;
	int64_t n = 7;
	bool b = false;
	assert_int_equal(
		json_parse(&a, STR("{\"t\":\"x\",\"y\":true,\"l\":[1],\"n\":null}"), &j, &e), 0);
	assert_str(json_text(json_get(j, "t")), "x");
	assert_str(json_text(json_get(j, "l")), "");
	assert_str(json_text(NULL), "");
	assert_true(json_bool(json_get(j, "y"), &b) && b);
	assert_false(json_bool(json_get(j, "n"), &b));
	assert_false(json_int(json_get(j, "t"), &n) || json_int(NULL, &n));
	assert_true(json_is_array(json_get(j, "l")) && !json_is_array(j) && json_is_object(j));
	assert_null(json_get(json_get(j, "l"), "t"));
	assert_null(json_get(j, "T"));
	assert_null(json_get(j, "n"));
	assert_true(json_is_null(json_next(json_next(json_next(json_first(j))))));
	assert_str(json_key(json_next(json_first(j))), "y");
	assert_null(json_first(json_get(j, "t")));
	assert_null(json_next(NULL));
}

TEST(integers_are_exact)
{
	static const struct {
		const char *text;
		int64_t n;
		bool fits;
	} rows[] = { { "0", 0, true },
		     { "-12", -12, true },
		     { "1e3", 1000, true },
		     { "9007199254740991", 9007199254740991, true },
		     { "-9007199254740991", -9007199254740991, true },
		     { "9007199254740992", 0, false },
		     { "9007199254740993", 0, false },
		     { "1.5", 0, false },
		     { "1e400", 0, false },
		     { "-1e400", 0, false } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct json *j = NULL;
		int64_t n = 0;
		assert_int_equal(json_parse(&a, str_of(rows[i].text), &j, &e), 0);
		assert_int_equal(json_int(j, &n), rows[i].fits);
		assert_int_equal(n, rows[i].n);
	}
}

static int read_thing(struct arena *a, const char *text, struct thing *t, struct err *e)
{
	struct json *j = NULL;
	assert_int_equal(json_parse(a, str_of(text), &j, e), 0);
	return fields_from_json(thing_fields, j, t,
				&(struct reading){ .arena = a, .now_ms = now_ms }, e);
}

TEST(struct_round_trip)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { 0 }, again = { 0 };
	struct buf b = BUF(&a), c = BUF(&a);
	const char *text = "{\"actions\":[{\"title\":\"one\",\"tags\":[\"x\",\"\",\"y, "
			   "z\"]},{}],\"title\":\"a\\r\\nb\","
			   "\"count\":3,\"calm\":true,\"seen\":\"2026-11-23T12:00:00+01:00\","
			   "\"every\":\"90\",\"limit\":0,"
			   "\"lead\":\"u_1\",\"tags\":\"p,q\",\"severity\":2,\"phase\":\"CLOSED\","
			   "\"token\":\"s\","
			   "\"sure\":null}";
	assert_int_equal(read_thing(&a, text, &t, &e), 0);
	assert_str(t.token, "s");
	fields_to_json(thing_fields, &t, &b);
	const char *want = "{\"title\":\"a\\nb\",\"count\":3,\"calm\":true,\"sure\":false,\"seen\":"
			   "\"2026-11-23T11:00:00Z\","
			   "\"every\":5400000,\"limit\":0,\"lead\":\"u_1\",\"tags\":[\"p\",\"q\"],"
			   "\"severity\":\"sev2\","
			   "\"phase\":\"closed\",\"actions\":[{\"title\":\"one\",\"tags\":[\"x\","
			   "\"y, z\"]},{}]}";
	assert_str(buf_str(&b), want);
	assert_int_equal(read_thing(&a, want, &again, &e), 0);
	again.token = t.token;
	assert_true(fields_equal(thing_fields, &t, &again));
	fields_to_json(thing_fields, &again, &c);
	assert_str(buf_str(&c), want);
}

TEST(blanks_alone_are_left_out)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { 0 };
	assert_int_equal(read_thing(&a, "{\"title\":\" \",\"tags\":[\" \",\"x\"]}", &t, &e), 0);
	assert_int_equal(t.title.len, 0);
	assert_int_equal(t.tags.len, 1);
	assert_str(t.tags.at[0], "x");
}

TEST(empty_struct_says_what_it_must)
{
	ARENA(a);
	struct thing t = { .body = { STR("<p>") } };
	struct buf b = BUF(&a);
	fields_to_json(thing_fields, &t, &b);
	assert_str(buf_str(&b), "{\"sure\":false,\"phase\":\"open\"}");
}

TEST(times_as_words_and_numbers)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { 0 };
	assert_int_equal(read_thing(&a, "{\"seen\":1795431942001,\"every\":60000}", &t, &e), 0);
	assert_int_equal(t.seen.ms, now_ms + 1);
	assert_int_equal(t.every.ms, 60000);
	assert_int_equal(read_thing(&a, "{\"seen\":\"+30m\",\"severity\":\"1\"}", &t, &e), 0);
	assert_int_equal(t.seen.ms, now_ms + 1800000);
	assert_int_equal(t.severity, 1);
}

TEST(refusals_name_the_field)
{
	static const char *const rows[][3] = {
		{ "{\"titel\":1}", "titel", "There is no field \"titel\" here." },
		{ "{\"title\":1}", "title", "title must be a text." },
		{ "{\"count\":\"1\"}", "count", "count must be a whole number." },
		{ "{\"count\":9007199254740993}", "count", "count must be a whole number." },
		{ "{\"calm\":1}", "calm", "calm must be true or false." },
		{ "{\"seen\":-1}", "seen", "seen must be a time between 1970 and 9999." },
		{ "{\"every\":-1}", "every", "every must be a length of time, not below 0." },
		{ "{\"every\":true}", "every", "every must be a length of time: \"30m\" or ms." },
		{ "{\"tags\":[1]}", "tags", "tags must be a list of texts." },
		{ "{\"body\":\"<b>\"}", "body", "body is made here and cannot be set." },
		{ "{\"severity\":7}", "severity",
		  "severity must be one of sev1, sev2, not \"7\"." },
		{ "{\"actions\":{}}", "actions", "actions must be a list of objects." },
		{ "{\"actions\":[{},{\"title\":2}]}", "actions.1.title",
		  "actions.1.title must be a text." },
		{ "{\"actions\":[{\"x\":2}]}", "actions.0.x",
		  "actions.0: There is no field \"x\" here." },
		{ "{\"actions\":[7]}", "actions.0", "actions.0: A JSON object is expected here." },
		{ "{\"actions\":[{},{},{}]}", "actions",
		  "actions has too many entries: at most 2." },
		{ "{\"actions\":[{\"tags\":[\"\",\"\",\"\",\"\"]}]}", "actions.0.tags",
		  "actions.0.tags has too many entries: at most 3." },
		{ "[]", "", "A JSON object is expected here." },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct thing t = { 0 };
		assert_int_equal(read_thing(&a, rows[i][0], &t, &e), -1);
		assert_string_equal(e.field, rows[i][1]);
		assert_string_equal(e.text, rows[i][2]);
	}
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { 0 };
	assert_int_equal(read_thing(&a, "{\"actions\":[{\"x\":2}]}", &t, &e), -1);
	assert_string_equal(e.next, "The fields are: title, tags.");
}

TESTS(T(refuses_what_is_not_sound_json), T(a_bad_letter_is_replaced_at_the_lax_door_alone),
      T(limits_depth_and_size), T(duplicate_keys), T(many_duplicate_keys),
      T(the_lax_door_reads_escapes_and_numbers), T(says_where_it_broke), T(values),
      T(integers_are_exact), T(struct_round_trip), T(blanks_alone_are_left_out),
      T(empty_struct_says_what_it_must), T(times_as_words_and_numbers), T(refusals_name_the_field))
