/* SPDX-License-Identifier: Apache-2.0 */
/* graph_svg: what calls what, as a picture: nodes and edges in, SVG out. Callers stand left of what they call. It knows no
 * service and asks nobody; colours are classes of ui/style.css, and each node says its state in words besides. Where things
 * stand: graph_layout.h. */
#ifndef APLOMB_WEB_GRAPH_SVG_H
#define APLOMB_WEB_GRAPH_SVG_H
#include "base/field.h"

struct graph_node {
	struct str name, word; /* word: its state, the second line */
	struct str href;       /* empty = no link */
	const char
		*tone; /* a class of ours: "calm" "frozen" "firing" "incident" "sev1" "unknown" */
};
struct graph_edge {
	size_t from, to; /* from calls to; places in nodes */
};
struct graph {
	LIST_OF(struct graph_node) nodes;
	LIST_OF(struct graph_edge) edges; /* circles are fine; an edge to itself is not drawn */
	struct str title;		  /* read aloud */
};
enum { GRAPH_NODES_MAX = 300, GRAPH_EDGES_MAX = 2000 }; /* more is no picture; the caller picks */
/* Escaped; in the arena. Empty when there is no node. */
struct html graph_svg(const struct graph *, struct arena *);
#endif
