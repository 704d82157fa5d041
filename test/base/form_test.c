/* SPDX-License-Identifier: Apache-2.0 */
/* form: urlencoded bytes, and structs by their tables. */
#include "test.h"

#include "base/form.h"

static const int64_t now_ms = 1795431942000; /* 2026-11-23T11:05:42Z */

static const char *const state_names[] = { "open", "done", NULL };

struct action {
	struct str title;
	int state;
};
static const struct field action_fields[] = { FIELD(action, title, "what", .required = true),
					      CHOICE(action, state, state, "how far"), END };
struct thing {
	struct str title;
	bool calm;
	struct when seen;
	struct strs tags;
	LIST_OF(struct action) actions;
};
static const struct field thing_fields[] = { FIELD(thing, title, "one line"),
					     FIELD(thing, calm, "is it calm"),
					     FIELD(thing, seen, "when"),
					     FIELD(thing, tags, "words"),
					     ITEMS(thing, actions, action, "what follows",
						   .max = 5),
					     END };

static int read_thing(struct arena *a, const char *text, struct thing *t, struct err *e)
{
	struct form form;
	assert_int_equal(form_parse(a, str_of(text), &form, e), 0);
	return fields_from_form(thing_fields, &form, t,
				&(struct reading){ .arena = a, .now_ms = now_ms }, e);
}

TEST(decodes_pairs)
{
	ARENA(a);
	struct err e = { 0 };
	struct form f;
	assert_int_equal(form_parse(&a, STR("a=1&b=x+y%26%3d%C3%a9&&flag&c=&a=2&d=p=q"), &f, &e),
			 0);
	assert_int_equal(f.pairs.len, 6);
	assert_str(form_get(&f, "a"), "1");
	assert_str(form_get(&f, "b"), "x y&=\xC3\xA9");
	assert_str(form_get(&f, "d"), "p=q");
	assert_true(form_has(&f, "flag") && form_has(&f, "c") && !form_has(&f, "e"));
	assert_str(form_get(&f, "c"), "");
	assert_str(form_get(&f, "e"), "");
	assert_int_equal(form_parse(&a, STR(""), &f, &e), 0);
	assert_int_equal(f.pairs.len, 0);
}

TEST(refuses_ill_formed_bytes)
{
	static const char *const bad[] = { "a=%",   "a=%4",   "a=%4g", "a=%00",
					   "a=%C3", "a=\xff", "%zz=1", "a=1&b=%ED%A0%80" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct form f;
		if (form_parse(&a, str_of(bad[i]), &f, &e) == 0)
			fail_msg("%s was taken", bad[i]);
		assert_int_equal(e.code, ERR_BAD_INPUT);
	}
	ARENA(a);
	struct err e = { 0 };
	struct form f;
	assert_int_equal(form_parse(&a, str_sub(STR("a=%41"), 0, 4), &f, &e), -1);
}

TEST(refuses_too_many_pairs)
{
	ARENA(a);
	struct err e = { 0 };
	struct form f;
	struct buf b = BUF(&a);
	for (int i = 0; i < FORM_MAX_PAIRS; i++)
		buf_z(&b, "a=1&");
	assert_int_equal(form_parse(&a, buf_str(&b), &f, &e), 0);
	buf_z(&b, "a=1");
	assert_int_equal(form_parse(&a, buf_str(&b), &f, &e), -1);
}

TEST(fills_a_struct)
{
	ARENA(a);
	struct err e = { 0 };
	struct thing t = { 0 };
	assert_int_equal(
		read_thing(
			&a,
			"_csrf=x&title=Logins%0D%0Afail&calm=on&seen=11%3A00&tags=a,b&tags=&tags=c"
			"&actions.2.title=two&actions.0.title=one&actions.0.state=done"
			"&actions.1.title=&actions.1.state=open&_idem=&_idem=",
			&t, &e),
		0);
	assert_str(t.title, "Logins\nfail");
	assert_true(t.calm);
	assert_int_equal(t.seen.ms, now_ms - 342000);
	assert_int_equal(t.tags.len, 3);
	assert_str(t.tags.at[2], "c");
	assert_int_equal(t.actions.len, 2);
	assert_str(t.actions.at[0].title, "one");
	assert_int_equal(t.actions.at[0].state, 1);
	assert_str(t.actions.at[1].title, "two");
}

TEST(refusals_name_the_field)
{
	static const char *const rows[][3] = {
		{ "titel=x", "titel", "There is no field \"titel\" here." },
		{ "=x", "", "There is no field \"\" here." },
		{ "title.0=x", "title.0", "There is no field \"title.0\" here." },
		{ "title=a&title=b", "title", "title is given twice." },
		{ "actions.0.title=a&actions.0.title=b", "title", "title is given twice." },
		{ "calm=perhaps", "calm", "calm must be yes or no, not \"perhaps\"." },
		{ "actions=x", "actions",
		  "actions is a list of rows: name them actions.0 and so on." },
		{ "actions.x.title=a", "actions",
		  "actions is a list of rows: name them actions.0 and so on." },
		{ "actions.-1.title=a", "actions",
		  "actions is a list of rows: name them actions.0 and so on." },
		{ "actions.=a", "actions",
		  "actions is a list of rows: name them actions.0 and so on." },
		{ "actions.5.title=a", "actions", "actions has too many entries: at most 5." },
		{ "actions.0=a", "actions.0", "actions.0: There is no field \"\" here." },
		{ "actions.1.state=x", "actions.1.state",
		  "actions.1.state must be one of open, done, not \"x\"." },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct thing t = { 0 };
		assert_int_equal(read_thing(&a, rows[i][0], &t, &e), -1);
		assert_string_equal(e.text, rows[i][2]);
		assert_string_equal(e.field, rows[i][1]);
	}
}

TESTS(T(decodes_pairs), T(refuses_ill_formed_bytes), T(refuses_too_many_pairs), T(fills_a_struct),
      T(refusals_name_the_field))
