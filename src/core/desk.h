/* SPDX-License-Identifier: Apache-2.0 */
/* desk: the state of stream 0: what people did at the desk rather than in one incident. Live alerts are
 * not here (they follow from the inbox: engine/desk); what a person said about one is. */
#ifndef APLOMB_CORE_DESK_H
#define APLOMB_CORE_DESK_H
#include "core/module.h"

struct acknowledged {
	struct str fingerprint, name;
	struct person by;
	struct when at;
	bool withdrawn;
};

/* silence: alerts that fit its matchers count as nobody's business from starts to ends. They stay in sight. */
enum silence_state { SILENCE_PENDING, SILENCE_ACTIVE, SILENCE_EXPIRED };
extern const char *const silence_state_names[]; /* "pending" "active" "expired" */
struct silence {
	int64_t number;		    /* from 1 */
	struct str id;		    /* a UUID, as Alertmanager's clients name it */
	struct strs matchers;	    /* in canonical form: name="value" (base/match.h) */
	struct when starts, ends;   /* where it ended early, ends is when */
	struct when updated;	    /* last change */
	struct str comment, author; /* author: as a client said, where that is not `by` */
	struct person by;	    /* empty = a client that nobody signed in */
	bool is_over;		    /* its end is on the timeline */
};
LIST_DECLARE(silences, struct silence);

struct integration; /* integration.h */
struct service;	    /* catalog.h */
LIST_DECLARE(services, struct service);
struct desk {
	struct arena *arena;
	int64_t seq;
	LIST_OF(struct acknowledged) acknowledged;
	struct silences
		silences;      /* oldest first; of those that are over only the newest are kept */
	int64_t silence_count; /* ever made */
	LIST_OF(struct integration) integrations; /* removed ones too: what they sent stays */
	struct services services;		  /* by name */
};
extern const struct field desk_fields[], acknowledged_fields[], silence_fields[];
const struct acknowledged *desk_find_ack(const struct desk *,
					 struct str fingerprint); /* NULL = none */
/* silence.c; NULL = none. The second takes a number or an id. */
const struct silence *silences_by_number(const struct silences *, int64_t number);
const struct silence *silences_find(const struct silences *, struct str number_or_id);
enum silence_state silence_state_at(const struct silence *, int64_t now_ms);
struct matchers;
struct match;
/* Its matchers, parsed; and ready to be asked (base/match.h). Into the arena. */
int silence_matchers(const struct silence *, struct arena *, struct matchers *,
		     struct err *) MUST_USE;
int silence_match(const struct silence *, struct arena *, struct match **, struct err *) MUST_USE;
const struct integration *desk_find_integration(const struct desk *,
						struct str name);	       /* NULL = none */
const struct service *desk_find_service(const struct desk *, struct str name); /* likewise */
#endif
