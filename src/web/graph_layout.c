/* SPDX-License-Identifier: Apache-2.0 */
/* graph_layout: see graph_layout.h. Sugiyama's way: break circles, give layers, put bends where a line passes a layer, order
 * each layer by the middle of its neighbours, and move everything towards them (Sugiyama, Tagawa, Toda 1981). */
#include "web/graph_layout.h"

enum {
	SWEEPS = 12,
	SETTLINGS = 24,
	MANY_SLOTS = 5000, /* a tangle: no order makes it a picture, and it must not take long */
	FEW_SWEEPS = 2,
};

/* A step of a line from one layer to the next. */
struct hop {
	size_t left, right; /* slots */
};
struct work {
	const struct graph *graph;
	struct arena *arena;
	struct layout *out;
	size_t *first; /* by node: where its edges begin in `edges`; one more at the end */
	size_t *edges; /* of the graph, grouped by caller */
	bool *is_back; /* by edge */
	char *seen;    /* by node: 0 not yet, 1 on the way, 2 done */
	LIST_OF(struct hop) hops; /* once layers are filled: grouped by the layer on the left */
	size_t *hop_at;		  /* by layer: where its hops begin; one more at the end */
	size_t **layer;		  /* slots by layer, in order */
	size_t *count;
	double *sum; /* by slot, for ask_neighbours */
	size_t *asked;
};

static size_t nodes_of(const struct work *w)
{
	return w->graph->nodes.len;
}

static const struct graph_edge *edge(const struct work *w, size_t i)
{
	return &w->graph->edges.at[i];
}

static bool is_drawn(const struct graph_edge *x)
{
	return x->from != x->to;
}

static void group_edges(struct work *w)
{
	size_t n = nodes_of(w), at = 0;
	w->first = ARENA_ARRAY(w->arena, size_t, n + 1);
	w->edges = ARENA_ARRAY(w->arena, size_t, w->graph->edges.len + 1);
	for (size_t v = 0; v < n; v++) {
		w->first[v] = at;
		for (size_t i = 0; i < w->graph->edges.len; i++)
			if (edge(w, i)->from == v && is_drawn(edge(w, i)))
				w->edges[at++] = i;
	}
	w->first[n] = at;
}

/* A way down the calls; where it meets itself, that edge closes a circle. */
static void walk(struct work *w, size_t start)
{
	LIST_OF(struct graph_edge) way = { 0 }; /* from: a node, to: its next edge */
	w->seen[start] = 1;
	*LIST_ADD(w->arena, &way) = (struct graph_edge){ start, w->first[start] };
	while (way.len) {
		struct graph_edge *top = &way.at[way.len - 1];
		if (top->to == w->first[top->from + 1]) {
			w->seen[top->from] = 2;
			way.len--;
			continue;
		}
		size_t i = w->edges[top->to++], v = edge(w, i)->to;
		if (w->seen[v] == 1)
			w->is_back[i] = true;
		if (w->seen[v] != 0)
			continue;
		w->seen[v] = 1;
		*LIST_ADD(w->arena, &way) = (struct graph_edge){ v, w->first[v] };
	}
}

static void break_circles(struct work *w)
{
	size_t n = nodes_of(w);
	bool *is_called = ARENA_ARRAY(w->arena, bool, n);
	w->is_back = ARENA_ARRAY(w->arena, bool, w->graph->edges.len + 1);
	w->seen = ARENA_ARRAY(w->arena, char, n);
	for (size_t i = 0; i < w->graph->edges.len; i++)
		if (is_drawn(edge(w, i)))
			is_called[edge(w, i)->to] = true;
	for (int round = 0; round < 2; round++) /* first from those that nobody calls */
		for (size_t v = 0; v < n; v++)
			if (!w->seen[v] && (round || !is_called[v]))
				walk(w, v);
}

static size_t left_of(const struct work *w, size_t i)
{
	return w->is_back[i] ? edge(w, i)->to : edge(w, i)->from;
}

static size_t right_of(const struct work *w, size_t i)
{
	return w->is_back[i] ? edge(w, i)->from : edge(w, i)->to;
}

/* As far to the right as the longest way of calls; then those that nobody calls move up to what they call. */
static void give_layers(struct work *w)
{
	struct layout *l = w->out;
	size_t n = nodes_of(w);
	bool moved = true;
	bool *has_left = ARENA_ARRAY(w->arena, bool, n);
	int *nearest = ARENA_ARRAY(w->arena, int, n);
	for (size_t v = 0; v < n; v++)
		*LIST_ADD(w->arena, &l->slots) = (struct slot){ 0 };
	for (size_t round = 0; moved && round <= n; round++) {
		moved = false;
		for (size_t i = 0; i < w->graph->edges.len; i++) {
			struct slot *a = &l->slots.at[left_of(w, i)],
				    *b = &l->slots.at[right_of(w, i)];
			if (!is_drawn(edge(w, i)) || b->layer > a->layer)
				continue;
			b->layer = a->layer + 1;
			moved = true;
		}
	}
	for (size_t i = 0; i < w->graph->edges.len; i++) {
		size_t a = left_of(w, i), b = right_of(w, i);
		int layer = l->slots.at[b].layer;
		if (!is_drawn(edge(w, i)))
			continue;
		has_left[b] = true;
		nearest[a] = !nearest[a] || layer < nearest[a] ? layer : nearest[a];
	}
	for (size_t v = 0; v < n; v++) {
		if (!has_left[v] && nearest[v])
			l->slots.at[v].layer = nearest[v] - 1;
		if (l->slots.at[v].layer >= l->layers)
			l->layers = l->slots.at[v].layer + 1;
	}
}

static void add_hop(struct work *w, size_t left, size_t right)
{
	*LIST_ADD(w->arena, &w->hops) = (struct hop){ left, right };
	*LIST_ADD(w->arena, &w->out->path) = right;
}

static void lay_lines(struct work *w)
{
	struct layout *l = w->out;
	for (size_t i = 0; i < w->graph->edges.len; i++) {
		size_t at = left_of(w, i), to = right_of(w, i);
		if (!is_drawn(edge(w, i)))
			continue;
		struct line line = { .first = l->path.len, .is_back = w->is_back[i] };
		*LIST_ADD(w->arena, &l->path) = at;
		while (l->slots.at[at].layer + 1 < l->slots.at[to].layer) {
			struct slot bend = { .layer = l->slots.at[at].layer + 1, .is_bend = true };
			*LIST_ADD(w->arena, &l->slots) = bend;
			add_hop(w, at, l->slots.len - 1);
			at = l->slots.len - 1;
		}
		add_hop(w, at, to);
		line.count = l->path.len - line.first;
		*LIST_ADD(w->arena, &l->lines) = line;
	}
}

static double apart(const struct slot *a, const struct slot *b)
{
	double half = (a->is_bend ? BEND_HEIGHT : NODE_HEIGHT) / 2.0 +
		      (b->is_bend ? BEND_HEIGHT : NODE_HEIGHT) / 2.0;
	return half + NODE_GAP;
}

static void fill_layers(struct work *w)
{
	struct layout *l = w->out;
	size_t layers = (size_t)l->layers;
	w->layer = ARENA_ARRAY(w->arena, size_t *, layers);
	w->count = ARENA_ARRAY(w->arena, size_t, layers);
	LIST_EACH (s, &l->slots)
		w->count[s->layer]++;
	w->sum = ARENA_ARRAY(w->arena, double, l->slots.len);
	w->asked = ARENA_ARRAY(w->arena, size_t, l->slots.len);
	for (size_t i = 0; i < layers; i++) {
		w->layer[i] = ARENA_ARRAY(w->arena, size_t, w->count[i]);
		w->count[i] = 0;
	}
	for (size_t i = 0; i < l->slots.len; i++) {
		struct slot *s = &l->slots.at[i];
		s->y = (double)w->count[s->layer];
		w->layer[s->layer][w->count[s->layer]++] = i;
	}
}

static void group_hops(struct work *w)
{
	size_t layers = (size_t)w->out->layers, n = w->hops.len;
	struct hop *sorted = ARENA_ARRAY(w->arena, struct hop, n);
	size_t *at = ARENA_ARRAY(w->arena, size_t, layers + 1);
	w->hop_at = ARENA_ARRAY(w->arena, size_t, layers + 1);
	LIST_EACH (h, &w->hops)
		w->hop_at[w->out->slots.at[h->left].layer + 1]++;
	for (size_t i = 0; i < layers; i++)
		at[i + 1] = w->hop_at[i + 1] += w->hop_at[i];
	LIST_EACH (h, &w->hops)
		sorted[at[w->out->slots.at[h->left].layer]++] = *h;
	w->hops.at = sorted;
}

/* What the neighbours of a layer's slots would have, on the left, the right, or both sides. */
static void ask_neighbours(struct work *w, size_t layer, bool left, bool right)
{
	struct slot *slots = w->out->slots.at;
	for (size_t i = 0; i < w->count[layer]; i++) {
		w->sum[w->layer[layer][i]] = 0;
		w->asked[w->layer[layer][i]] = 0;
	}
	for (size_t i = left && layer ? w->hop_at[layer - 1] : w->hop_at[layer];
	     i < w->hop_at[layer]; i++) {
		w->sum[w->hops.at[i].right] += slots[w->hops.at[i].left].y;
		w->asked[w->hops.at[i].right]++;
	}
	for (size_t i = w->hop_at[layer]; right && i < w->hop_at[layer + 1]; i++) {
		w->sum[w->hops.at[i].left] += slots[w->hops.at[i].right].y;
		w->asked[w->hops.at[i].left]++;
	}
	for (size_t i = 0; i < w->count[layer]; i++) {
		size_t k = w->layer[layer][i];
		slots[k].want = w->asked[k] ? w->sum[k] / (double)w->asked[k] : slots[k].y;
	}
}

/* By insertion: nearly sorted from the second sweep on, and equal ones keep their order. */
static void order_layer(struct work *w, size_t layer)
{
	size_t *at = w->layer[layer];
	struct slot *slots = w->out->slots.at;
	for (size_t i = 1; i < w->count[layer]; i++)
		for (size_t k = i; k && slots[at[k]].want < slots[at[k - 1]].want; k--) {
			size_t swap = at[k];
			at[k] = at[k - 1];
			at[k - 1] = swap;
		}
	for (size_t i = 0; i < w->count[layer]; i++)
		slots[at[i]].y = (double)i;
}

static int sweeps_of(const struct work *w, int usual)
{
	return w->out->slots.len > MANY_SLOTS ? FEW_SWEEPS : usual;
}

static void order_layers(struct work *w)
{
	for (int sweep = 0; sweep < sweeps_of(w, SWEEPS); sweep++) {
		bool down = sweep % 2 == 0;
		for (size_t i = 0; i < (size_t)w->out->layers; i++) {
			size_t layer = down ? i : (size_t)w->out->layers - 1 - i;
			ask_neighbours(w, layer, down, !down);
			order_layer(w, layer);
		}
	}
}

/* Towards what is wanted without touching: from both ends, and the middle of the two keeps the distance as well. */
static void settle_layer(struct work *w, size_t layer)
{
	struct slot *slots = w->out->slots.at;
	size_t n = w->count[layer], *at = w->layer[layer];
	double *up = ARENA_ARRAY(w->arena, double, n + 1),
	       *down = ARENA_ARRAY(w->arena, double, n + 1);
	for (size_t i = 0; i < n; i++) {
		double least = i ? up[i - 1] + apart(&slots[at[i - 1]], &slots[at[i]]) : 0;
		up[i] = i && slots[at[i]].want < least ? least : slots[at[i]].want;
	}
	for (size_t i = n; i--;) {
		double most = i + 1 < n ? down[i + 1] - apart(&slots[at[i]], &slots[at[i + 1]]) : 0;
		down[i] = i + 1 < n && slots[at[i]].want > most ? most : slots[at[i]].want;
	}
	for (size_t i = 0; i < n; i++)
		slots[at[i]].y = (up[i] + down[i]) / 2;
}

static void settle(struct work *w)
{
	struct layout *l = w->out;
	double top = 0, bottom = 0;
	for (size_t i = 0; i < (size_t)l->layers; i++)
		for (size_t k = 0; k < w->count[i]; k++) {
			struct slot *s = &l->slots.at[w->layer[i][k]];
			struct slot *before = k ? &l->slots.at[w->layer[i][k - 1]] : NULL;
			s->y = before ? before->y + apart(before, s) : 0;
		}
	for (int sweep = 0; sweep < sweeps_of(w, SETTLINGS); sweep++)
		for (size_t i = 0; i < (size_t)l->layers; i++) {
			ask_neighbours(w, i, true, true);
			settle_layer(w, i);
		}
	LIST_EACH (s, &l->slots) {
		double half = (s->is_bend ? BEND_HEIGHT : NODE_HEIGHT) / 2.0;
		top = s->y - half < top || s == l->slots.at ? s->y - half : top;
		bottom = s->y + half > bottom || s == l->slots.at ? s->y + half : bottom;
	}
	LIST_EACH (s, &l->slots)
		s->y -= top;
	l->height = bottom - top;
}

void graph_layout(const struct graph *g, struct arena *a, struct layout *out)
{
	struct work w = { .graph = g, .arena = a, .out = out };
	*out = (struct layout){ 0 };
	if (!g->nodes.len)
		return;
	group_edges(&w);
	break_circles(&w);
	give_layers(&w);
	lay_lines(&w);
	fill_layers(&w);
	group_hops(&w);
	order_layers(&w);
	settle(&w);
}
