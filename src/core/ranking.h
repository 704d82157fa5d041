/* SPDX-License-Identifier: Apache-2.0 */
/* ranking: what an incident keeps of the search for the change that set it off: the rankings, each with what moved; the
 * series given for them; the cause that people confirmed. How changes are ranked: suspect.h. When: engine/suspects.c. */
#ifndef APLOMB_CORE_RANKING_H
#define APLOMB_CORE_RANKING_H
#include "core/change.h"
#include "core/incident.h"
#include "core/suspect.h"

enum {
	RANKING_EVERY_MS = 60 * 1000, /* at most one entry of the timeline so often */
	RANKING_MARKED = 15,	      /* percent: a share that moved so much is worth a word */
	SERIES_POST_MAX = 500,	      /* samples in one word of a script, */
	SERIES_KEPT = 500,	      /* and of one series; older ones leave */
	SERIES_MAX = 20,	      /* of one incident */
};

/* The fields of the internal verb `suspect rank`, and the body of suspects.ranked: at is not given, moved is decided. */
struct ranked {
	struct when onset;
	struct str onset_from;
	int64_t none, known;
	struct suspects suspects;
	struct str moved;
};
/* What the timeline should say of this ranking, against the one that the incident has; empty = nothing worth a word. */
struct str ranking_moved(const struct incident *, const struct ranked *, struct arena *);

/* The body of cause.named. The engine fills in title and refuses a change that does not exist (engine/suspects.c). */
struct cause_named {
	int64_t change; /* 0 = none set it off */
	struct str title;
	int64_t first_place, last_place;
};
enum { RANKING_RANKED, RANKING_CAUSE };
extern const struct event_type ranking_events[];
/* "12", "#12", "none" -> an event of the decision. Refuses other texts by the field `cause`. */
int ranking_name_cause(const struct incident *, struct str cause, struct decision *,
		       struct err *) MUST_USE;

/* An incident's points as samples; what cannot be read is left out. */
void series_samples(const struct given_series *, struct arena *, struct samples *);
#endif
