/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_place: how suspect each service is as the place of the cause, 0 to 1, and in which words: by its series where it
 * has some, else by its alerts and by the calls that lead there from where it shows. What a change adds: suspect_change.c. */
#ifndef APLOMB_CORE_SUSPECT_PLACE_H
#define APLOMB_CORE_SUSPECT_PLACE_H
#include "core/suspect_map.h"

struct place {
	double suspicion;
	struct str says;		   /* why */
	const struct symptom_alert *alert; /* its first; NULL = none */
	bool is_symptom;		   /* it shows here */
};
struct places {
	struct suspect_map map;
	struct place *at;     /* one for each name of the map */
	struct place nowhere; /* of a change without a service, or with one that nothing names */
};
void places_init(struct places *, const struct investigation *, struct arena *);
const struct place *places_of(const struct places *, struct str service); /* never NULL */
/* "3 min", "2 h": how long something is, without a sign. */
struct str suspect_length(struct arena *, int64_t length_ms);
#endif
