/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_map: the services that an investigation names, as numbers, and who calls whom: so that a thousand changes are
 * placed without reading every name each time. What it is for: suspect_change.c. */
#ifndef APLOMB_CORE_SUSPECT_MAP_H
#define APLOMB_CORE_SUSPECT_MAP_H
#include "core/suspect.h"

enum { MAP_NONE = -1, MAP_FAR = 1 << 20 }; /* no such service; no way of calls leads there */

struct map_link {
	int from, to; /* from calls to */
};
struct suspect_map {
	struct arena *arena;
	LIST_OF(struct str) names; /* sorted, each once */
	LIST_OF(struct map_link) links;
};
/* Every service that it names anywhere. Names are borrowed. */
void map_init(struct suspect_map *, const struct investigation *, struct arena *);
int map_find(const struct suspect_map *, struct str name); /* MAP_NONE */
/* How many calls lead from the nearest start to each: 0 for a start, MAP_FAR where none do. `backwards`: from callee to
 * caller. An array as long as names. */
int *map_hops(const struct suspect_map *, const bool *starts, bool backwards);
#endif
