/* SPDX-License-Identifier: Apache-2.0 */
/* roles: what the next lead needs to know. */
#ifndef APLOMB_CORE_ROLES_H
#define APLOMB_CORE_ROLES_H
#include "core/incident.h"

/* A few lines for whoever takes over the lead: what we know, what was tried, the open hypothesis,
 * what was promised by when. In the arena; times in UTC. */
struct str roles_handover_note(const struct incident *, const struct facts *, struct arena *);
#endif
