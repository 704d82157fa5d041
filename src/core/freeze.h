/* SPDX-License-Identifier: Apache-2.0 */
/* freeze: whether a change may pass. */
#ifndef APLOMB_CORE_FREEZE_H
#define APLOMB_CORE_FREEZE_H
#include "core/incident.h"

/* Does a freeze that is on stand in the way of this change? `what` names the change ("deploy
 * v231"); it passes where it holds a word that the freeze allows. A change without a service may
 * touch anything, so that any freeze covers it. *by (may be NULL) is the newest freeze that
 * covers, borrowed. */
bool freeze_covers(const struct incident *, struct str service, struct str what,
		   const struct freeze **by);
#endif
