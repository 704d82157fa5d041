/* SPDX-License-Identifier: Apache-2.0 */
/* update: who reads an update, and the text drafted for each of them. Pure; sending is not here. */
#ifndef APLOMB_CORE_UPDATE_H
#define APLOMB_CORE_UPDATE_H
#include "core/incident.h"

enum audience {
	AUDIENCE_LEADERSHIP,
	AUDIENCE_SUPPORT,
	AUDIENCE_ENGINEERS,
	AUDIENCE_CUSTOMERS,
	AUDIENCE_COUNT
};
extern const char *const audience_names[]; /* "leadership" "support" "engineers" "customers" */

/* What the writer says once for all; any may be empty, the draft then leaves it out. */
struct update_parts {
	struct str happened, impact, doing;
	struct when next; /* when the next update comes; 0 = not promised */
};

/* The text for one audience, in the arena. Leadership: impact first. Support: what to tell customers and
 * what still works. Engineers: hypothesis, change in flight, services, severity. Customers: plain words, made
 * from the impact and the phase alone; names that look like a service's id ("payments-api") are
 * replaced. Clock times are UTC. */
struct str update_draft(const struct incident *, const struct update_parts *, enum audience,
			struct arena *);
#endif
