/* SPDX-License-Identifier: Apache-2.0 */
/* service_graph: which services stand in a picture and what it says of them. Drawing: graph_svg.h. */
#ifndef APLOMB_WEB_SERVICE_GRAPH_H
#define APLOMB_WEB_SERVICE_GRAPH_H
#include "web/graph_svg.h"
#include "web/service_now.h"

struct service_picture {
	struct html svg;     /* empty: nothing calls anything */
	int64_t drawn, left; /* left out: linked to others, but calm and far from trouble */
	bool is_first_tier;  /* too many, and all calm: those of tier 1 are drawn */
	int64_t alone;	     /* call nothing and are called by nothing */
};
/* Of all; or of one, what calls it and what it calls (center; empty = all). In the arena. */
void service_graph(const struct services_now *, struct str center, struct arena *,
		   struct service_picture *);
#endif
