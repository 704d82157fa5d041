/* SPDX-License-Identifier: Apache-2.0 */
/* graph_layout: where the nodes of a graph stand: in layers by how far down the calls they are, in each layer so that lines
 * cross little, and bends for lines that pass a layer. Pure. Drawing: graph_svg.c. */
#ifndef APLOMB_WEB_GRAPH_LAYOUT_H
#define APLOMB_WEB_GRAPH_LAYOUT_H
#include "web/graph_svg.h"

enum {
	NODE_WIDTH = 176,
	NODE_HEIGHT = 50,
	LAYER_GAP = 56,
	NODE_GAP = 14,
	BEND_HEIGHT = 10,
};
/* A place in a layer: of a node, or where a line passes. */
struct slot {
	int layer;
	bool is_bend;
	double y;    /* of its middle */
	double want; /* where its neighbours would have it */
};
/* A line from caller to callee by way of its bends. */
struct line {
	size_t first, count; /* in layout.path: places in slots, from the left to the right */
	bool is_back;	     /* it closes a circle: the arrow is at the left end */
};
struct layout {
	LIST_OF(struct slot) slots; /* the first are the nodes */
	LIST_OF(size_t) path;
	LIST_OF(struct line) lines;
	int layers;
	double height;
};
void graph_layout(const struct graph *, struct arena *, struct layout *);
#endif
