/* SPDX-License-Identifier: Apache-2.0 */
/* freeze: whether a change may pass. What is answered and told: freeze_gate.h. */
#ifndef APLOMB_CORE_FREEZE_H
#define APLOMB_CORE_FREEZE_H
#include "core/incident.h"

/* Does a freeze that is on stand in the way of this change? `what` names the change ("deploy
 * v231"); it passes where it holds a word that the freeze allows, or that a person let pass. A change without a service may
 * touch anything, so that any freeze covers it. *by (may be NULL) is the newest freeze that
 * covers, borrowed. A freeze counts as on until its end is on the timeline. */
bool freeze_covers(const struct incident *, struct str service, struct str what,
		   const struct freeze **by);

/* Its parts, for the gate. Service names are the same whatever their capitals; an empty one is concerned by all. */
bool freeze_concerns(const struct freeze *, struct str service);
/* By its own end, whether or not that is on the timeline yet. */
bool freeze_is_on(const struct freeze *, int64_t at_ms);
struct str freeze_allowed(const struct freeze *, struct str what); /* the word; empty = none */
const struct freeze_pass *freeze_passed(const struct freeze *, struct str service,
					struct str what); /* NULL = none */
/* Does the text hold the name as a whole: allowing v23 does not let v231 pass. */
bool freeze_names(struct str what, struct str name);
#endif
