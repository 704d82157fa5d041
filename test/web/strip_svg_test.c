/* SPDX-License-Identifier: Apache-2.0 */
/* strip_svg: where marks and words stand, what is counted instead of drawn, and what is escaped. */
#include "web/strip_svg.h"

#include "test.h"

enum { MINUTE = 60 * 1000 };
static const int64_t start_ms = 1763906400000; /* 2025-11-23 14:00 UTC */

/* Two hours from 14:00 with a lane of deploys and one of alerts. */
static struct strip two_hours(struct arena *a)
{
	struct strip s = { .from_ms = start_ms,
			   .to_ms = start_ms + 120 * MINUTE,
			   .now_ms = start_ms + 119 * MINUTE,
			   .about = STR("two hours") };
	LIST_ADD(a, &s.lanes)->name = STR("Deploys");
	LIST_ADD(a, &s.lanes)->name = STR("Alerts");
	return s;
}

static void add(struct arena *a, struct strip *s, int64_t from_min, int64_t to_min,
		struct strip_mark m)
{
	m.from_ms = start_ms + from_min * MINUTE;
	m.to_ms = to_min == -1 ? 0 : start_ms + to_min * MINUTE;
	*LIST_ADD(a, &s->marks) = m;
}

static size_t count(struct str text, const char *part)
{
	size_t n = 0, at;
	while ((at = str_find(text, str_of(part))) != SIZE_MAX) {
		text = str_sub(text, at + 1, text.len);
		n++;
	}
	return n;
}
#define assert_has(svg, part) assert_int_not_equal(str_find((svg), STR(part)), SIZE_MAX)
#define assert_lacks(svg, part) assert_int_equal(str_find((svg), STR(part)), SIZE_MAX)

TEST(marks_stand_where_their_time_is)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	add(&a, &s, 30, 30, (struct strip_mark){ .label = STR("v1"), .title = STR("payments v1") });
	add(&a, &s, 60, 90,
	    (struct strip_mark){ .lane = 1,
				 .shape = STRIP_SPAN,
				 .tone = "alert",
				 .label = STR("HighLatency"),
				 .title = STR("HighLatency, 15:00 to 15:30") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_has(svg, "<svg class=\"strip\" viewBox=\"0 0 1024 114\" role=\"img\" "
			"aria-label=\"two hours\">");
	assert_has(svg, "<title>payments v1</title><circle class=\"full\" cx=\"256\" cy=\"31\" "
			"r=\"5\"/><text x=\"267\" y=\"35\" class=\"out\">v1</text>");
	assert_has(svg, "<g class=\"mark alert\"><title>HighLatency, 15:00 to 15:30</title><path "
			"class=\"box\" d=\"M512 69H768V85H512Z\"/><text x=\"518\" y=\"81\" "
			"class=\"in\">HighLatency</text></g>");
	assert_has(svg, "<text x=\"512\" y=\"107\" class=\"tick\">15:00</text>");
	assert_has(svg, "class=\"now\" d=\"M1015 0V92\"");
}

TEST(state_shows_in_the_shape)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	add(&a, &s, 10, 10, (struct strip_mark){ .shape = STRIP_FAILED });
	add(&a, &s, 30, 30, (struct strip_mark){ .shape = STRIP_UNDONE });
	add(&a, &s, 50, 50, (struct strip_mark){ .shape = STRIP_BACK });
	add(&a, &s, 100, -1,
	    (struct strip_mark){ .shape = STRIP_RUNNING, .label = STR("v2, running") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_has(svg, "class=\"line\" d=\"M81 27l8 8m0 -8l-8 8\"");
	assert_has(svg, "class=\"ring\" d=\"M251 31l5 -5l5 5l-5 5Z\"");
	assert_has(svg, "class=\"full\" d=\"M421 31l10 -6v12Z\"");
	assert_has(svg, "class=\"ring\" cx=\"853\"");
	assert_has(svg, "H1014m-6 -4l6 4l-6 4\""); /* it goes on */
	assert_has(svg, "class=\"in\">v2, running</text>");
}

TEST(words_near_the_end_stand_before_the_mark)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	add(&a, &s, 118, 118, (struct strip_mark){ .label = STR("payments v812") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_has(svg, "cx=\"1006\"");
	assert_has(svg, "<text x=\"893\" y=\"35\" class=\"out\">payments v812</text>");
}

/* What stands in a row from x on: the dot of a mark, or words, six units a letter at the least. 0 = nothing. */
static int wide_at(struct arena *a, struct str svg, int x, int row)
{
	struct str dot = str_fmt(a, "cx=\"%d\" cy=\"%d\"", x + 5, 31 + 22 * row);
	struct str words = str_fmt(a, "<text x=\"%d\" y=\"%d\" class=\"out\">", x, 35 + 22 * row);
	size_t at = str_find(svg, words);
	if (at == SIZE_MAX)
		return str_find(svg, dot) == SIZE_MAX ? 0 : 10;
	struct str rest = str_sub(svg, at + words.len, svg.len);
	return (int)str_find(rest, STR("<")) * 6;
}

TEST(words_never_overlap)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	for (int64_t i = 0; i < 40; i++)
		add(&a, &s, 3 * i, 3 * i, (struct strip_mark){ .label = STR("payments v812") });
	struct str svg = strip_svg(&s, &a).raw;
	size_t seen = 0;
	for (int row = 0; row < 4; row++) {
		int free_from = 0;
		for (int x = 0; x < 1024; x++) {
			int wide = wide_at(&a, svg, x, row);
			if (!wide)
				continue;
			assert_true(x >= free_from);
			free_from = x + wide;
			seen++;
		}
	}
	assert_int_equal(count(svg, "<circle"), 40);
	assert_in_range(seen, 40 + 20, 40 + 40);
	assert_int_equal(seen, 40 + count(svg, "class=\"out\""));
}

TEST(what_does_not_fit_is_counted)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	for (int64_t i = 0; i < 1000; i++)
		add(&a, &s, 60, 60, (struct strip_mark){ .label = STR("v1") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_int_equal(count(svg, "<circle"), 4);
	assert_int_equal(count(svg, ">Deploys: 996 more than are drawn</text>"), 2);
	assert_int_equal(count(svg, ">Alerts: none</text>"), 2);
	assert_lacks(svg, "class=\"out\"");
}

TEST(what_lies_outside_is_left_out)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	add(&a, &s, -30, -10, (struct strip_mark){ .title = STR("before") });
	add(&a, &s, 120, -1, (struct strip_mark){ .title = STR("behind") });
	add(&a, &s, -30, -1, (struct strip_mark){ .shape = STRIP_SPAN, .title = STR("all") });
	add(&a, &s, 10, 20, (struct strip_mark){ .lane = 7, .title = STR("nowhere") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_lacks(svg, "before");
	assert_lacks(svg, "behind");
	assert_lacks(svg, "nowhere");
	assert_has(svg,
		   "<title>all</title><path class=\"box\" d=\"M0 23H1008L1014 31L1008 39H0Z\"/>");
}

TEST(texts_are_escaped)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	s.about = STR("\"><script>");
	s.lanes.at[0].name = STR("<b>");
	add(&a, &s, 20, 20,
	    (struct strip_mark){ .label = STR("</text><a>&"),
				 .title = STR("</title><img src=x>") });
	struct str svg = strip_svg(&s, &a).raw;
	assert_lacks(svg, "<script");
	assert_lacks(svg, "<b>");
	assert_lacks(svg, "<a>");
	assert_lacks(svg, "<img");
	assert_has(svg, "&lt;/text&gt;&lt;a&gt;&amp;</text>");
}

TEST(a_long_axis_says_days)
{
	ARENA(a);
	struct strip s = two_hours(&a);
	s.to_ms = s.from_ms + 7LL * 24 * 60 * MINUTE;
	struct str svg = strip_svg(&s, &a).raw;
	assert_has(svg, "class=\"tick\">24 Nov</text>");
	assert_lacks(svg, ":00</text>");
}

TESTS(T(marks_stand_where_their_time_is), T(state_shows_in_the_shape),
      T(words_near_the_end_stand_before_the_mark), T(words_never_overlap),
      T(what_does_not_fit_is_counted), T(what_lies_outside_is_left_out), T(texts_are_escaped),
      T(a_long_axis_says_days))
