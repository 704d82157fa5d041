/* SPDX-License-Identifier: Apache-2.0 */
/* service_graph: see service_graph.h. */
#include "web/service_graph.h"

enum { FIRST_TIER_MAX = 100 };

/* Everything that may be drawn: the catalogue, then names that only depends know. */
struct candidate {
	struct str name;
	const struct service_now *now; /* NULL = only named */
	size_t node;		       /* in the graph, from 1; 0 = not drawn */
	bool is_linked, is_wanted;
};
struct gathering {
	const struct services_now *all;
	struct arena *arena;
	LIST_OF(struct candidate) candidates; /* the first as all->known */
	LIST_OF(struct graph_edge) calls;     /* between candidates */
	bool is_first_tier;
};

static size_t place_of(struct gathering *g, struct str name)
{
	const struct service_now *s = service_now_find(g->all, name);
	if (s)
		return (size_t)(s - g->all->known.at);
	for (size_t i = g->all->known.len; i < g->candidates.len; i++)
		if (str_eq(g->candidates.at[i].name, name))
			return i;
	struct candidate *c = LIST_ADD(g->arena, &g->candidates);
	c->name = name;
	LIST_EACH (u, &g->all->unowned)
		if (str_eq(u->name, name))
			c->now = u;
	return g->candidates.len - 1;
}

static void gather(struct gathering *g)
{
	LIST_EACH (s, &g->all->known)
		*LIST_ADD(g->arena, &g->candidates) = (struct candidate){ .name = s->name,
									  .now = s };
	for (size_t i = 0; i < g->all->known.len; i++) {
		const struct service *s = g->all->known.at[i].service;
		for (size_t k = 0; k < s->depends.len; k++) {
			size_t to = place_of(g, s->depends.at[k]);
			if (to == i)
				continue;
			*LIST_ADD(g->arena, &g->calls) = (struct graph_edge){ i, to };
			g->candidates.at[i].is_linked = g->candidates.at[to].is_linked = true;
		}
	}
}

static bool is_calm(const struct candidate *c)
{
	return !c->now || c->now->state == SERVICE_CALM;
}

/* Too many for a picture, and all calm: what customers would miss first, as far as that calls each other. */
static void choose_first_tier(struct gathering *g)
{
	size_t wanted = 0;
	bool *calls = ARENA_ARRAY(g->arena, bool, g->candidates.len);
	g->is_first_tier = true;
	LIST_EACH (c, &g->candidates) {
		c->is_wanted = c->is_linked && c->now && c->now->service &&
			       c->now->service->tier == TIER_1 && wanted < FIRST_TIER_MAX;
		wanted += c->is_wanted;
	}
	LIST_EACH (x, &g->calls)
		if (g->candidates.at[x->from].is_wanted && g->candidates.at[x->to].is_wanted)
			calls[x->from] = calls[x->to] = true;
	for (size_t i = 0; i < g->candidates.len; i++)
		g->candidates.at[i].is_wanted = g->candidates.at[i].is_wanted && calls[i];
}

/* All that is linked; where that is too much for a picture, what is not calm and its neighbours. */
static void choose(struct gathering *g, struct str center)
{
	size_t linked = 0;
	LIST_EACH (c, &g->candidates) {
		linked += c->is_linked;
		c->is_wanted = center.len ? str_eq(c->name, center) : c->is_linked;
	}
	bool is_part = center.len || linked > GRAPH_NODES_MAX || g->calls.len > GRAPH_EDGES_MAX;
	if (!is_part)
		return;
	size_t troubled = 0;
	if (!center.len)
		LIST_EACH (c, &g->candidates)
			troubled += c->is_wanted = c->is_linked && !is_calm(c);
	if (!center.len && !troubled) {
		choose_first_tier(g);
		return;
	}
	bool *near = ARENA_ARRAY(g->arena, bool, g->candidates.len);
	LIST_EACH (x, &g->calls) {
		near[x->from] = near[x->from] || g->candidates.at[x->to].is_wanted;
		near[x->to] = near[x->to] || g->candidates.at[x->from].is_wanted;
	}
	for (size_t i = 0; i < g->candidates.len; i++)
		g->candidates.at[i].is_wanted = g->candidates.at[i].is_wanted || near[i];
}

static struct graph_node node_of(const struct candidate *c, struct arena *a)
{
	struct buf href = BUF(a);
	const struct service_now blank = { .name = c->name, .word = STR("not in the catalogue") };
	const struct service_now *now = c->now ? c->now : &blank;
	buf_z(&href, "/services/");
	buf_url(&href, c->name);
	return (struct graph_node){ .name = c->name,
				    .word = now->word,
				    .href = buf_str(&href),
				    .tone = service_tone(now) };
}

static void count(const struct gathering *g, struct service_picture *out)
{
	LIST_EACH (c, &g->candidates) {
		out->drawn += c->node != 0;
		out->left += c->is_linked && !c->node;
		out->alone += !c->is_linked;
	}
}

void service_graph(const struct services_now *all, struct str center, struct arena *a,
		   struct service_picture *out)
{
	struct gathering g = { .all = all, .arena = a };
	struct graph graph = { .title = STR("What calls what") };
	*out = (struct service_picture){ 0 };
	gather(&g);
	choose(&g, center);
	LIST_EACH (c, &g.candidates) {
		if (!c->is_wanted || graph.nodes.len == GRAPH_NODES_MAX)
			continue;
		*LIST_ADD(a, &graph.nodes) = node_of(c, a);
		c->node = graph.nodes.len;
	}
	LIST_EACH (x, &g.calls) {
		size_t from = g.candidates.at[x->from].node, to = g.candidates.at[x->to].node;
		bool is_near = !center.len || str_eq(g.candidates.at[x->from].name, center) ||
			       str_eq(g.candidates.at[x->to].name, center);
		if (from && to && is_near && graph.edges.len < GRAPH_EDGES_MAX)
			*LIST_ADD(a, &graph.edges) = (struct graph_edge){ from - 1, to - 1 };
	}
	out->is_first_tier = g.is_first_tier;
	count(&g, out);
	if (graph.edges.len)
		out->svg = graph_svg(&graph, a);
}
