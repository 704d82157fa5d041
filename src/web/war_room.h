/* SPDX-License-Identifier: Apache-2.0 */
/* war_room: what the page of one incident shows, and the rooms that fill it: war_room_next.c (the next safest step),
 * war_room_log.c (the timeline), war_room_verbs.c (everything else that can be done). The handler is page_incident.c.
 * All text lies in the visit's arena. */
#ifndef APLOMB_WEB_WAR_ROOM_H
#define APLOMB_WEB_WAR_ROOM_H
#include "core/core.h"
#include "core/rhythm.h"
#include "web/visit.h"

/* One rung of the rail. */
struct room_step {
	struct str name;
	struct when due;
	int state; /* core's step_state */
};

/* The next safest step. Either the button acts at once (is_direct: a form with at most one hidden field) or it leads to the
 * verb's form, with that field filled in. */
struct room_next {
	struct str text, why, label, noun, verb;
	struct str field, value; /* of the form or the address; empty = none */
	bool has_verb, is_direct, is_danger;
};

struct room_entry {
	int64_t seq;
	struct when at;
	struct when written; /* when it came well after it happened; else 0 */
	struct str said;
	bool is_old;	 /* of another day, more or less: the date is shown */
	bool taken_back; /* by a later entry */
	bool is_note;	 /* may be taken back by this page's link */
	bool may_redact; /* by this visitor, who is an admin */
};

struct room_verb {
	struct str noun, verb, label, help;
	bool is_danger;
};
struct room_group {
	struct str heading;
	LIST_OF(struct room_verb) verbs;
};

/* A change that may have set it off. */
struct room_suspect {
	int64_t number, place, share;
	struct str title, of; /* of: its service */
	int kind, state;      /* core's change_kind, change_state */
	struct str lead_time, differs, first_reason, first_against;
	struct strs reasons, against;
	struct str supposed, expected; /* of the hypothesis that it makes */
	struct str undo_href;
	bool is_tested, is_undone; /* is_tested: it is the open hypothesis */
};

struct incident_view {
	struct frame frame;
	LIST_OF(struct incident) inc; /* exactly one: its table's names are the page's names */
	int phase;
	bool may_act, is_open, is_over, is_late,
		is_long; /* is_long: it began on another day, more or less */
	bool is_frozen, has_symptoms, has_open_cause, has_firing, has_checks, wants_review;
	LIST_OF(struct room_next) next; /* one */
	LIST_OF(struct room_step) steps;
	bool may_only_pause;		/* the visitor may call a pause and nothing else */
	LIST_OF(struct room_entry) log; /* newest first */
	struct str show;		/* which kinds: "all", "decisions", "evidence", "comms" */
	int64_t older;			/* entries left out at the end */
	LIST_OF(struct room_group) groups;
	LIST_OF(struct room_suspect) hunted; /* the first three */
	int64_t more_changes;
	struct str more_href;
	struct when more_since;
	bool is_ranked, explains_none;
};
extern const struct field incident_view_fields[];

enum { ROOM_LOG_MAX = 200 }; /* entries of the timeline shown at once: the page stays under 60 KB */

void room_next_fill(struct incident_view *, const struct incident *, struct visit *);
void room_log_fill(struct incident_view *, const struct folded *, struct visit *);
void room_suspects_fill(struct incident_view *, const struct incident *, struct visit *);
void room_verbs_fill(struct incident_view *, struct visit *);
#endif
