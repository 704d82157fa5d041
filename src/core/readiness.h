/* SPDX-License-Identifier: Apache-2.0 */
/* readiness: whether a service was taken back to an older state before, when and how: a way back that nobody has gone for a
 * year is a hope. What counts as proof is here; the rows are store/view_rollback.c. Pure. */
#ifndef APLOMB_CORE_READINESS_H
#define APLOMB_CORE_READINESS_H
#include "core/change.h"
#include "core/incident.h"

enum readiness_how {
	READINESS_UNPROVEN,
	READINESS_ROLLBACK,   /* a change that takes an older state back, and is done */
	READINESS_UNDONE,     /* a change that was undone */
	READINESS_MITIGATION, /* a rollback in an incident, and the recovery held */
};
extern const char *const readiness_how_names[]; /* "" "rollback" "undone" "mitigation" */

struct readiness {
	struct str service;
	int how;	  /* enum readiness_how */
	struct when at;	  /* when it was back */
	struct span took; /* of an undone change: since that began; 0 = not known */
	struct str what;  /* "deploy v790", or the mitigation in its words */
	int64_t change, incident, mitigation; /* which it was; 0 = none */
};
extern const struct field readiness_fields[];
LIST_DECLARE(readinesses, struct readiness);

/* What this change proves; false = nothing. Texts are borrowed or in the arena. */
bool readiness_of_change(const struct change *, struct arena *, struct readiness *);
/* What this incident proves, for each service that its rollback touched. A rollback counts when a recovery check held after
 * it and nothing else was done in between. */
void readiness_of_incident(const struct incident *, struct arena *, struct readinesses *);

enum { READINESS_OLD_DAYS = 365 };
bool readiness_is_fresh(const struct readiness *,
			int64_t now_ms); /* proven, and not too long ago */
/* In a sentence for who chooses a mitigation. how READINESS_UNPROVEN: that nobody has. */
struct str readiness_say(const struct readiness *, int64_t now_ms, struct arena *);
/* "3 weeks", "5 months": an age as people say it. */
struct str readiness_age(int64_t ms, struct arena *);
#endif
