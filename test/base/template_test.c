/* SPDX-License-Identifier: Apache-2.0 */
/* What a hole prints, what a block shows, which names are found. */
#include "base/template.h"

#include <string.h>

#include "test.h"

static const char *const mood_names[] = { "", "calm", "hurried", NULL };

struct line {
	struct str title;
	struct strs tags;
};
static const struct field line_fields[] = { FIELD(line, title, "a title"),
					    FIELD(line, tags, "tags"), END };

struct view {
	struct str title, key;
	struct when at;
	struct span took;
	struct person lead;
	struct html note;
	struct maybe_int load;
	int64_t count;
	bool open;
	int mood;
	struct strs words;
	LIST_OF(struct line) lines;
};
static const struct field view_fields[] = { FIELD(view, title, "a title"),
					    FIELD(view, key, "a key", .secret = true),
					    FIELD(view, at, "when"),
					    FIELD(view, took, "how long"),
					    FIELD(view, lead, "who"),
					    FIELD(view, note, "a note"),
					    FIELD(view, load, "a number, perhaps"),
					    FIELD(view, count, "a number"),
					    FIELD(view, open, "a yes or no"),
					    CHOICE(view, mood, mood, "the mood"),
					    FIELD(view, words, "words"),
					    ITEMS(view, lines, line, "lines"),
					    END };

#define TEXT(t)                                           \
	{                                                 \
		TPL_TEXT, t, sizeof(t) - 1, NULL, 0, NULL \
	}
#define VAR(n, filter)                                     \
	{                                                  \
		TPL_VAR, n, sizeof(n) - 1, filter, 0, NULL \
	}
#define EACH(n, word, end)                                  \
	{                                                   \
		TPL_EACH, n, sizeof(n) - 1, word, end, NULL \
	}
#define NOT(n, word, end)                                  \
	{                                                  \
		TPL_NOT, n, sizeof(n) - 1, word, end, NULL \
	}
#define CLOSE(n)                                         \
	{                                                \
		TPL_END, n, sizeof(n) - 1, NULL, 0, NULL \
	}
#define PART(p)                                 \
	{                                       \
		TPL_PART, "part", 4, NULL, 0, p \
	}
#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static struct str name_of(const void *ctx, struct str id)
{
	return str_is(id, "u1") ? str_of(ctx) : id;
}

enum { MINUTE_MS = 60000 };
static const int64_t at_ms = 1795442580000; /* 2026-11-23T14:03:00Z */

static struct str render(struct arena *a, const struct tpl_op *ops, int count, const struct view *v)
{
	struct template t = { "now", ops, count };
	struct names names = { name_of, "Ana <A>", NULL, at_ms + 27 * (int64_t)MINUTE_MS };
	struct err e = { 0 };
	struct buf b = BUF(a);
	assert_int_equal(template_check(&t, view_fields, &e), 0);
	template_render(&t, view_fields, v, &names, &b);
	return buf_str(&b);
}

#define assert_renders(v, want, ...)                                        \
	do {                                                                \
		ARENA(assert_in);                                           \
		const struct tpl_op ops[] = { __VA_ARGS__ };                \
		assert_str(render(&assert_in, ops, COUNT(ops), (v)), want); \
	} while (0)

#define assert_refused(part_of_text, ...)                                  \
	do {                                                               \
		const struct tpl_op ops[] = { __VA_ARGS__ };               \
		struct template t = { "now", ops, COUNT(ops) };            \
		struct err e = { 0 };                                      \
		assert_int_equal(template_check(&t, view_fields, &e), -1); \
		assert_non_null(strstr(e.text, part_of_text));             \
	} while (0)

TEST(escapes_texts_and_not_html)
{
	struct view v = { .title = STR("<b>\"&'"), .note = { STR("<p>x</p>") } };
	assert_renders(&v, "&lt;b&gt;&quot;&amp;&#39;|<p>x</p>", VAR("title", NULL), TEXT("|"),
		       VAR("note", NULL));
	assert_renders(&v, "%3Cb%3E%22%26%27", VAR("title", "url"));
	assert_renders(&v, "&lt;b&gt;&quot;&amp;&#39;", VAR("title", "attr"));
}

TEST(prints_a_time_in_every_form)
{
	struct view v = { .at = { at_ms } }, unset = { 0 };
	assert_renders(&v,
		       "<time datetime=\"2026-11-23T14:03:00Z\" title=\"14:03 UTC\">14:03</time>",
		       VAR("at", NULL));
	assert_renders(&v,
		       "<time datetime=\"2026-11-23T14:03:00Z\" title=\"23 Nov 14:03 UTC\">23 Nov "
		       "14:03</time>",
		       VAR("at", "day"));
	assert_renders(&v, "2026-11-23T14:03:00Z", VAR("at", "iso"));
	assert_renders(&v, "27 min", VAR("at", "age"));
	assert_renders(&v, "14:03", VAR("at", "attr"));
	assert_renders(&v, "23 Nov 14:03", VAR("at", "attr-day"));
	assert_renders(&unset, "", VAR("at", NULL), VAR("at", "iso"), VAR("at", "age"));
}

TEST(says_the_length_of_a_time_to_come)
{
	struct view v = { .at = { at_ms + 30 * (int64_t)MINUTE_MS } };
	assert_renders(&v, "3 min", VAR("at", "age"));
}

TEST(prints_every_kind)
{
	struct str words[] = { STR("a"), STR("<") };
	struct view v = { .took = { 192 * (int64_t)MINUTE_MS },
			  .lead = { STR("u1") },
			  .load = { 0, true },
			  .count = -7,
			  .open = true,
			  .mood = 2,
			  .words = { words, 2 } };
	assert_renders(&v, "3 h 12 min", VAR("took", NULL));
	assert_renders(&v, "Ana &lt;A&gt;", VAR("lead", NULL));
	assert_renders(&v, "u1", VAR("lead", "url"));
	assert_renders(&v, "0 -7 yes", VAR("load", NULL), TEXT(" "), VAR("count", NULL), TEXT(" "),
		       VAR("open", NULL));
	assert_renders(&v, "hurried", VAR("mood", NULL));
	assert_renders(&v, "a, &lt;", VAR("words", NULL));
	assert_renders(&v, "0", VAR("lines", NULL));
	struct view unset = { 0 };
	assert_renders(&unset, "no", VAR("open", NULL), VAR("load", NULL), VAR("took", NULL),
		       VAR("lead", NULL));
}

TEST(shows_a_block_when_it_is_set)
{
	struct view v = { .title = STR("x"), .load = { 0, true }, .note = { STR("<p>") } };
	assert_renders(&v, "123", EACH("title", NULL, 2), TEXT("1"), CLOSE("title"),
		       EACH("load", NULL, 5), TEXT("2"), CLOSE("load"), EACH("note", NULL, 8),
		       TEXT("3"), CLOSE("note"));
	assert_renders(&v, "", EACH("count", NULL, 2), TEXT("1"), CLOSE("count"),
		       EACH("at", NULL, 5), TEXT("2"), CLOSE("at"), EACH("mood", NULL, 8),
		       TEXT("3"), CLOSE("mood"), EACH("open", NULL, 11), TEXT("4"), CLOSE("open"));
	assert_renders(&v, "none", NOT("title", NULL, 2), TEXT("some"), CLOSE("title"),
		       NOT("lines", NULL, 5), TEXT("none"), CLOSE("lines"));
}

TEST(compares_words)
{
	struct view v = { .title = STR("sev1"), .mood = 1 };
	assert_renders(&v, "calm!", EACH("mood", "calm", 2), TEXT("calm"), CLOSE("mood"),
		       EACH("mood", "hurried", 5), TEXT("hurried"), CLOSE("mood"),
		       EACH("title", "sev1", 8), TEXT("!"), CLOSE("title"),
		       NOT("title", "sev1", 11), TEXT("?"), CLOSE("title"));
}

TEST(finds_names_from_the_item_outwards)
{
	ARENA(a);
	struct str tags[] = { STR("p"), STR("q") };
	struct view v = { .title = STR("outer"), .count = 5 };
	LIST_ADD(&a, &v.lines)->title = STR("one");
	LIST_ADD(&a, &v.lines)->tags = (struct strs){ tags, 2 };
	assert_renders(&v, "[one5][5(p5)(q5)]outer", EACH("lines", NULL, 11), TEXT("["),
		       VAR("title", NULL), VAR("count", NULL), EACH("tags", NULL, 9), TEXT("("),
		       VAR(".", NULL), VAR("count", NULL), TEXT(")"), CLOSE("tags"), TEXT("]"),
		       CLOSE("lines"), VAR("title", NULL));
}

static const struct tpl_op part_ops[] = { TEXT("<"), VAR("title", NULL), TEXT(">") };
static const struct template part = { "part", part_ops, 3 };
static const struct tpl_op lost_ops[] = { VAR("nowhere", NULL) };
static const struct template lost = { "lost", lost_ops, 1 };

TEST(renders_a_part_with_the_same_names)
{
	ARENA(a);
	struct view v = { .title = STR("outer") };
	LIST_ADD(&a, &v.lines)->title = STR("one");
	assert_renders(&v, "<outer><one>", PART(&part), EACH("lines", NULL, 3), PART(&part),
		       CLOSE("lines"));
}

TEST(check_refuses_what_cannot_be_printed)
{
	assert_refused("page now: no field \"foo\" in the view", VAR("foo", NULL));
	assert_refused("no field \"foo\"", EACH("foo", NULL, 1), CLOSE("foo"));
	assert_refused("no field \"foo\"", NOT("title", NULL, 2), VAR("foo", NULL), CLOSE("title"));
	assert_refused("no field \"tags\"", EACH("lines", NULL, 1), CLOSE("lines"),
		       VAR("tags", NULL));
	assert_refused("page lost: no field \"nowhere\"", PART(&lost));
	assert_refused("secret", VAR("key", NULL));
	assert_refused("list of texts", VAR(".", NULL));
	assert_refused("needs a time", VAR("title", "age"));
	assert_refused("attribute", VAR("note", "attr"));
	assert_refused("address", VAR("at", "url"));
	assert_refused("never be equal", EACH("mood", "sad", 1), CLOSE("mood"));
	assert_refused("never be equal", EACH("count", "5", 1), CLOSE("count"));
}

TESTS(T(escapes_texts_and_not_html), T(prints_a_time_in_every_form),
      T(says_the_length_of_a_time_to_come), T(prints_every_kind), T(shows_a_block_when_it_is_set),
      T(compares_words), T(finds_names_from_the_item_outwards),
      T(renders_a_part_with_the_same_names), T(check_refuses_what_cannot_be_printed))
