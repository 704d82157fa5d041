/* SPDX-License-Identifier: Apache-2.0 */
/* reset: the four questions of a called pause, answered from what the incident knows already. */
#ifndef APLOMB_CORE_RESET_H
#define APLOMB_CORE_RESET_H
#include "core/incident.h"

struct reset_card {
	struct str changed; /* what changed */
	struct str broken;  /* what is broken */
	struct str radius;  /* how far it reaches */
	struct str step;    /* the one next safest step */
};
/* Each answer is a sentence or two, or "Not known yet."; answers given in the active pause come
 * first. Text lies in the arena or is borrowed from the incident. */
struct reset_card reset_known(const struct incident *, int64_t now_ms, struct arena *);
#endif
