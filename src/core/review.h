/* SPDX-License-Identifier: Apache-2.0 */
/* review: the review's draft, and what closes an incident. Shared by the rooms review and action. */
#ifndef APLOMB_CORE_REVIEW_H
#define APLOMB_CORE_REVIEW_H
#include "core/incident.h"

enum { REVIEW_MAX_ENTRIES = 10000 }; /* as many timeline entries as a long incident has */

/* The body of review.drafted. */
struct review_drafted {
	struct str summary, impact, root_cause, factors, went_well, went_poorly;
	struct strs timeline; /* seqs, as text */
	struct person owner;
};
/* Drafted from the state alone; every text may be edited afterwards. Text lies in the arena or is
 * borrowed from the incident. */
void review_draft(const struct incident *, const struct roster *, struct arena *,
		  struct review_drafted *out);

/* Is the review published, and no reopening came after it? */
bool review_stands(const struct incident *);
/* Adds incident.closed: `settled` actions are done or dropped. */
void review_close(struct decision *, int64_t settled);
/* The person by id or login -> the id. ERR_NOT_FOUND says who is there. An empty one is fine. */
int review_find_person(const struct roster *, struct person, struct person *id,
		       struct err *) MUST_USE;
#endif
