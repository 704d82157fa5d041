/* SPDX-License-Identifier: Apache-2.0 */
/* suspect: which service, and which recent change (or none), set an incident off. Pure: series, calls and changes in;
 * a ranking out, each place with every term of its score and what speaks against it. One table of constants serves all.
 *
 * The method: a series counts by how far it leaves its own median, in spreads with a floor (a wrong onset is harmless to
 * those); a service is suspect in so far as its callees do not explain it. Where no series are given, alerts and the graph
 * of calls stand in for them. A change is suspect by its service and its time against the onset, and by what else is known:
 * the alerts behind it, what became of it, where it went, and how often its kind and its service were to blame before.
 * Newest first is no ranking. */
#ifndef APLOMB_CORE_SUSPECT_H
#define APLOMB_CORE_SUSPECT_H
#include "base/list.h"
#include "base/str.h"

/* What a series measures of its service. The order is that of the table in suspect.c. */
enum series_kind {
	SERIES_LATENCY,	     /* seconds, as callers see it */
	SERIES_AVAILABILITY, /* percent of requests that succeed */
	SERIES_CPU,	     /* any unit, of the service itself */
	SERIES_SELF_P50,     /* seconds in its own code, callees left out */
	SERIES_SELF_P90,
	SERIES_GAP_P50, /* seconds between a caller's span and the callee's: the network into it */
	SERIES_GAP_P90,
	SERIES_LOGS,   /* lines a minute of one log template */
	SERIES_ERRORS, /* error lines a minute */
	SERIES_SILENT, /* a template that was always there and fell silent: made from SERIES_LOGS */
	SERIES_KINDS
};
extern const char *const
	series_kind_names[]; /* those that can be given: "latency" ... "errors"; NULL ends it */

struct sample {
	int64_t at_ms;
	double value;
};
LIST_DECLARE(samples, struct sample);
struct series {
	struct str service; /* a name of investigation.services; others are ignored */
	enum series_kind kind;
	struct samples samples; /* in any order */
};
struct call_edge {
	struct str caller, callee;
};
struct recent_change {
	struct str id, service, kind; /* kind: "deploy", "config", ... */
	int64_t at_ms;		      /* when it began */
	int64_t ended_ms;	      /* 0 = at once; INT64_MAX = it still runs */
	int64_t undone_ms;	      /* 0 = it stands */
	struct str environment;	      /* empty = not said */
	bool is_failed, is_rollback;
	bool was_to_blame; /* for an incident that is over */
};
/* An alert of the incident. */
struct symptom_alert {
	struct str service, name;
	int64_t began_ms;
	bool is_firing;
	bool is_near; /* not the incident's own, but of a service that it calls: it says nothing of the onset */
};
/* What is known of a service, or of a kind of change, from before: how many changes it saw, and how many of them were
 * confirmed as the cause of an incident. */
struct past {
	struct str name;
	int64_t changes, causes;
};

struct investigation {
	struct strs services; /* each once */
	struct strs foreign;  /* of these: what nobody here deploys (an address, a client's view) */
	LIST_OF(struct call_edge) edges;
	LIST_OF(struct series) series;
	LIST_OF(struct recent_change) changes;
	struct str symptom_service; /* where it shows; empty = not known */
	int symptom_kind;	    /* enum series_kind; -1 = not known */
	int64_t symptom_ms;	    /* when it was noticed: samples up to then are the baseline */
	int64_t now_ms;		    /* nothing later is read */
	/* of an incident; all may be empty, and then say nothing */
	LIST_OF(struct symptom_alert) alerts;
	struct strs where;	/* the services that it touches, as people say */
	struct str environment; /* where it shows: "production" */
	int64_t began_ms;	/* as people say; 0 = when the first alert did, else symptom_ms */
	LIST_OF(struct past) past_services, past_kinds;
	int64_t past_changed,
		past_none; /* incidents that a change set off, and those that none did */
};

/* One term of a score: what was seen, as a sentence, and how much it counts (below 0 = it speaks against). */
struct term {
	const char *name; /* "latency", "explained", "foreign", "time" ... */
	double weight;
	struct str says;
};
LIST_DECLARE(terms, struct term);
struct suspicion {
	struct str name; /* the service, or the change's id */
	struct str service;
	double score; /* only its order and ties mean something between services */
	double share; /* of a change: 0 to 1; all of them and "none" together are 1 */
	struct terms terms;
};
LIST_DECLARE(suspicions, struct suspicion);

/* When it began: the first sample behind symptom_ms at which a series of where it shows leaves its baseline and stays out of
 * it; else what people or alerts say; else symptom_ms. A series that is far from what is said (ONSET_SLACK_MS) is of
 * something else. *says: from what it is known, a sentence; NULL = not wanted. */
int64_t suspect_onset(const struct investigation *, struct arena *, struct str *says);
enum { ONSET_SLACK_MS = 15 * 60 * 1000 };

/* Every service, the most suspect first; equal scores in the order of their names. Texts in the arena. */
void suspect_services(const struct investigation *, struct arena *, struct suspicions *);

/* Every change up to now_ms, the most suspect first; equal scores in the order of their names. A term's weight is how much
 * it moves the balance, in doublings: 1 = twice as likely, -1 = half. *none: how sure it is that no recent change explains this, 0 to 1. */
void suspect_changes(const struct investigation *, struct arena *, struct suspicions *,
		     double *none);
/* From here on "no recent change explains this" is the answer (suspect_changes, *none). */
#define SUSPECT_NONE_FROM .5
#endif
