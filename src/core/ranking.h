/* SPDX-License-Identifier: Apache-2.0 */
/* ranking: what an incident keeps of the search for the change that set it off: the rankings, each with what moved; the
 * series given for them; the cause that people confirmed. How changes are ranked: suspect.h. When: engine/suspects.c. */
#ifndef APLOMB_CORE_RANKING_H
#define APLOMB_CORE_RANKING_H
#include "core/catalog.h"
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

/* An alert that fires at the desk. */
struct near_alert {
	struct str fingerprint, name, service;
	int64_t started_ms;
};
LIST_DECLARE(near_alerts, struct near_alert);
/* What a ranking is made of. Borrowed. */
struct ranking_facts {
	const struct incident *incident;
	const struct changes
		*changes; /* from RANKING_BACK_MS before ranking_onset to RANKING_ON_MS after it */
	const struct services *services; /* the catalogue */
	struct near_alerts near;	 /* what fires at the desk, of any service */
	struct str environment;		 /* where it shows, empty = not known */
	LIST_OF(struct past) past_services, past_kinds;
	int64_t past_changed, past_none; /* suspect.h */
	LIST_OF(int64_t) to_blame; /* changes that set off incidents that are over, in order */
	int64_t now_ms;
};
int64_t
ranking_onset(const struct incident *); /* as people and alerts say; never 0 once declared */
enum {
	RANKING_BACK_MS = 24 * 3600 * 1000,
	RANKING_ON_MS = 20 * 60 * 1000,
	RANKING_NEAR_MS = 3600 *
			  1000, /* what began to fire so long before is about something else */
	RANKING_CHANGES = 1000,
};

/* The fields of the internal verb `suspect rank`, and the body of suspects.ranked: at is not given, moved is decided. */
struct ranked {
	struct when onset;
	struct str onset_from;
	int64_t none, known;
	struct suspect_list suspects;
	struct str moved;
};
/* Pure; texts in the arena or borrowed from the facts. `moved` is left empty. */
void ranking_make(const struct ranking_facts *, struct arena *, struct ranked *);
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
