/* SPDX-License-Identifier: Apache-2.0 */
/* graph_svg: callers stand left of what they call, nothing overlaps, and what people wrote stays text. */
#include "web/graph_svg.h"

#include "test.h"
#include "web/graph_layout.h"

static void add(struct graph *g, struct arena *a, const char *name)
{
	*LIST_ADD(a, &g->nodes) = (struct graph_node){ .name = str_of(name),
						       .word = STR("calm"),
						       .href = STR("/services/x"),
						       .tone = "calm" };
}

static void call(struct graph *g, struct arena *a, size_t from, size_t to)
{
	*LIST_ADD(a, &g->edges) = (struct graph_edge){ from, to };
}

static size_t count_of(struct str text, const char *part)
{
	size_t n = 0, at;
	while ((at = str_find(text, str_of(part))) != SIZE_MAX) {
		text = str_sub(text, at + 1, text.len);
		n++;
	}
	return n;
}

static void nothing_overlaps(const struct layout *l)
{
	LIST_EACH (x, &l->slots)
		LIST_EACH (y, &l->slots) {
			double apart = x->y < y->y ? y->y - x->y : x->y - y->y;
			double least = (x->is_bend ? BEND_HEIGHT : NODE_HEIGHT) / 2.0 +
				       (y->is_bend ? BEND_HEIGHT : NODE_HEIGHT) / 2.0;
			assert_true(x == y || x->layer != y->layer || apart >= least);
			assert_true(x->y >= 0 && x->y <= l->height);
		}
}

TEST(callers_stand_left_of_what_they_call)
{
	ARENA(a);
	struct graph g = { 0 };
	struct layout l;
	for (int i = 0; i < 5; i++)
		add(&g, &a, "s");
	call(&g, &a, 0, 1);
	call(&g, &a, 1, 2);
	call(&g, &a, 2, 3);
	call(&g, &a, 0, 3); /* past two layers */
	call(&g, &a, 4, 3); /* nobody calls it: beside what it calls */
	graph_layout(&g, &a, &l);
	assert_int_equal(l.layers, 4);
	for (size_t i = 0; i < g.edges.len; i++)
		assert_true(l.slots.at[g.edges.at[i].from].layer <
			    l.slots.at[g.edges.at[i].to].layer);
	assert_int_equal(l.slots.at[4].layer, 2);
	assert_int_equal(l.slots.len, 7); /* two bends */
	nothing_overlaps(&l);
}

TEST(circles_are_drawn_with_one_line_turned)
{
	ARENA(a);
	struct graph g = { .title = STR("t") };
	for (int i = 0; i < 3; i++)
		add(&g, &a, "s");
	call(&g, &a, 0, 1);
	call(&g, &a, 1, 2);
	call(&g, &a, 2, 0);
	call(&g, &a, 1, 1); /* itself: not drawn */
	struct str svg = graph_svg(&g, &a).raw;
	assert_int_equal(count_of(svg, "class=\"edge\""), 2);
	assert_int_equal(count_of(svg, "class=\"edge back\""), 1);
	assert_int_equal(count_of(svg, "marker-start"), 1);
	assert_int_equal(count_of(svg, "<g class=\"node calm\""), 3);
}

TEST(what_people_wrote_stays_text)
{
	ARENA(a);
	struct graph g = { .title = STR("</title><script>1</script>") };
	add(&g, &a, "<script>alert(1)</script>");
	add(&g, &a, "a \"quoted\" & <b>");
	g.nodes.at[0].word = STR("<i>");
	g.nodes.at[0].href = STR("/services/%3Cscript%3E\"onclick=\"x");
	call(&g, &a, 0, 1);
	struct str svg = graph_svg(&g, &a).raw;
	assert_int_equal(count_of(svg, "<script"), 0);
	assert_int_equal(count_of(svg, "<i>"), 0);
	assert_int_equal(count_of(svg, "<b>"), 0);
	assert_int_equal(count_of(svg, "\"onclick"), 0);
	assert_int_equal(count_of(svg, "&lt;script&gt;alert(1)&lt;/script&gt;"),
			 2); /* label, title */
}

TEST(a_long_name_is_cut_between_characters)
{
	ARENA(a);
	struct graph g = { 0 };
	add(&g, &a, "\xC3\xA4\xC3\xB6\xC3\xBC-service-with-a-very-long-name-indeed");
	add(&g, &a, "exactly-21-characters");
	struct str svg = graph_svg(&g, &a).raw;
	assert_true(str_is_utf8(svg));
	assert_int_equal(
		count_of(svg, ">\xC3\xA4\xC3\xB6\xC3\xBC-service-with-a-v\xE2\x80\xA6</text>"), 1);
	assert_int_equal(count_of(svg, ">exactly-21-characters</text>"), 1);
}

TEST(nothing_is_no_picture)
{
	ARENA(a);
	const struct graph g = { 0 };
	assert_int_equal(graph_svg(&g, &a).raw.len, 0);
}

TEST(three_hundred_services_are_laid_out)
{
	ARENA(a);
	struct graph g = { 0 };
	struct layout l;
	unsigned seed = 7;
	for (int i = 0; i < GRAPH_NODES_MAX; i++)
		add(&g, &a, "s");
	for (int i = 0; i < GRAPH_EDGES_MAX / 2; i++) {
		seed = seed * 1103515245u + 12345u;
		size_t from = (seed >> 8) % GRAPH_NODES_MAX;
		seed = seed * 1103515245u + 12345u;
		call(&g, &a, from, (seed >> 8) % GRAPH_NODES_MAX);
	}
	graph_layout(&g, &a, &l);
	size_t bends = 0;
	LIST_EACH (s, &l.slots)
		bends += s->is_bend;
	assert_int_equal(l.slots.len, GRAPH_NODES_MAX + bends);
	LIST_EACH (line, &l.lines)
		assert_int_equal(l.slots.at[l.path.at[line->first]].layer + (int)line->count - 1,
				 l.slots.at[l.path.at[line->first + line->count - 1]].layer);
}

TESTS(T(callers_stand_left_of_what_they_call), T(circles_are_drawn_with_one_line_turned),
      T(what_people_wrote_stays_text), T(a_long_name_is_cut_between_characters),
      T(nothing_is_no_picture), T(three_hundred_services_are_laid_out))
