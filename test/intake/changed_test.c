/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/changed.h"

#include "test.h"

static const struct str none = { NULL, 0 };

TEST(a_key_is_short_enough_and_still_its_own)
{
	ARENA(a);
	char *path = arena_alloc(&a, 400);
	for (size_t i = 0; i < 400; i++)
		path[i] = 'a';
	struct str parts[] = { STR("github"), none, { path, 400 }, STR("1") };
	assert_str(changed_key(&a, &(struct str[]){ STR("github"), none, STR("x") }[0], 3),
		   "github/x");
	struct str one = changed_key(&a, parts, 4);
	parts[3] = STR("2");
	struct str two = changed_key(&a, parts, 4);
	assert_int_equal(one.len, CHANGE_KEY_BYTES);
	assert_int_equal(two.len, CHANGE_KEY_BYTES);
	assert_false(str_eq(one, two));
}

TEST(a_version_is_what_people_call_it)
{
	struct str hash = STR("4522cbcefc20728a5b72b3a86af35e608622c514");
	assert_str(changed_version(STR("v1.4.2"), hash), "v1.4.2");
	assert_str(changed_version(STR("refs/tags/spring"), hash), "spring");
	assert_str(changed_version(STR("main"), hash), "4522cbc");
	assert_str(changed_version(STR("refs/heads/v1.4"), hash), "4522cbc");
	assert_str(changed_version(hash, none), "4522cbc");
	assert_str(changed_version(STR("main"), none), "main");
	assert_str(changed_version(none, none), "");
}

TEST(what_is_told_is_made_fit)
{
	ARENA(a);
	struct intake_result r = { 0 };
	struct change_news c = { .title = STR(" a\n\x01"
					      "b\xe2\x80\xae"
					      "c "),
				 .link = STR("javascript:alert(1)"),
				 .began = { 2000 },
				 .ended = { 1795421000000 } };
	changed_add(&r, &c, &a);
	assert_int_equal(r.changes.len, 1);
	assert_str(r.changes.at[0].title, "a  bc");
	assert_str(r.changes.at[0].link, "");
	assert_int_equal(r.changes.at[0].began.ms, 0);
	c.began.ms = c.ended.ms + 1;
	c.link = STR("https://x.example/y");
	changed_add(&r, &c, &a);
	assert_int_equal(r.changes.at[1].ended.ms, c.began.ms);
	assert_str(r.changes.at[1].link, "https://x.example/y");
	c.title = STR(" \n ");
	changed_add(&r, &c, &a);
	assert_int_equal(r.changes.len, 2);
}

TESTS(T(a_key_is_short_enough_and_still_its_own), T(a_version_is_what_people_call_it),
      T(what_is_told_is_made_fit))
