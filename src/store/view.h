/* SPDX-License-Identifier: Apache-2.0 */
/* view: rows that follow from the ledger alone, for lists: v_incident, v_action, v_promise, v_alert_link. Written in the
 * transaction of the append; dropped and refilled by a rebuild. */
#ifndef APLOMB_STORE_VIEW_H
#define APLOMB_STORE_VIEW_H
#include "core/incident.h"
#include "store/db.h"

struct incident_row {
	int64_t id, seq;
	struct str title;
	int severity, phase; /* core's choices */
	struct strs services;
	struct person lead, communications, declared_by;
	struct when started, declared, resolved, closed;
	struct when promised;	  /* the next update; 0 = none */
	struct when frozen_until; /* of the freeze that is on; 0 = none */
	struct str change;	  /* what is being done right now; empty = nothing */
	struct str next_step;	  /* the next safest step, as if nothing were late */
	int64_t merged_into, firing, open_actions;
	int review; /* core's review_state */
	struct when review_due;
	bool is_open;
};
extern const struct field incident_row_fields[];
LIST_DECLARE(incident_rows, struct incident_row);

struct action_row {
	int64_t incident, number;
	struct str incident_title, title, link, outcome;
	struct person owner;
	struct when due, settled;
	int state; /* core's action_state */
};
extern const struct field action_row_fields[];
LIST_DECLARE(action_rows, struct action_row);

struct promise_row {
	int64_t incident, number; /* of the update that promised */
	struct str incident_title;
	struct when sent, due;
	int state; /* core's promise_state */
	struct span late_by;
	struct person by;
};
extern const struct field promise_row_fields[];
LIST_DECLARE(promise_rows, struct promise_row);

/* Replaces every row of this incident. A pure function of the state: writing twice changes nothing. The state has all that
 * had a row before, if perhaps otherwise: nothing leaves an incident, but by a redaction. */
int view_write(struct db *, const struct incident *, struct err *) MUST_USE;
/* Before view_write of a state that may have lost something: no row of it stays. */
int view_forget(struct db *, int64_t incident, struct err *) MUST_USE;
/* Empties all v_* tables, in the caller's transaction; view_write each incident afterwards. */
int view_clear(struct db *, struct err *) MUST_USE;

struct view_filter {
	bool open_only; /* incidents neither resolved, closed nor merged; actions and promises still open */
	int64_t before;	  /* incidents numbered below; 0 = from the newest */
	size_t limit;	  /* rows; 0 = VIEW_LIMIT */
	struct str owner; /* actions: of this user id; empty = everybody's */
	int64_t incident; /* actions and promises: of this one; 0 = all */
};
enum { VIEW_LIMIT = 500 };
/* Newest first. Rows and texts go into the arena. */
int view_incidents(struct db *, const struct view_filter *, struct arena *, struct incident_rows *,
		   struct err *) MUST_USE;
/* Open ones first, by due date. */
int view_actions(struct db *, const struct view_filter *, struct arena *, struct action_rows *,
		 struct err *) MUST_USE;
int view_promises(struct db *, const struct view_filter *, struct arena *, struct promise_rows *,
		  struct err *) MUST_USE;
/* ERR_NOT_FOUND */
int view_incident(struct db *, int64_t id, struct arena *, struct incident_row *,
		  struct err *) MUST_USE;

/* What declare wants to know (facts->open): the open incidents with their services and alerts. */
LIST_DECLARE(open_incidents, struct open_incident);
int view_open(struct db *, struct arena *, struct open_incidents *, struct err *) MUST_USE;
/* The incidents that freeze something, whether open or not; at_ms: those that may have done so then. Oldest first. */
LIST_DECLARE(frozen_incidents, int64_t);
int view_frozen(struct db *, int64_t at_ms /* 0 = now */, struct arena *, struct frozen_incidents *,
		struct err *) MUST_USE;
/* The open incidents that hold an alert, oldest first. */
LIST_DECLARE(alert_holders, int64_t);
int view_alert_holders(struct db *, struct str fingerprint, struct arena *, struct alert_holders *,
		       struct err *) MUST_USE;
/* The newest incident that held it and is over; 0 = none. */
int view_alert_past(struct db *, struct str fingerprint, int64_t *incident, struct err *) MUST_USE;
/* An incident whose list row knows of more events than the ledger has: its end was cut off. incident 0 = none. */
struct missing_end {
	int64_t incident, wanted_seq, found_seq;
};
int view_missing_end(struct db *, struct missing_end *, struct err *) MUST_USE;

/* Every row of every v_* table as text, in order: for "a rebuild changes nothing". */
int view_dump(struct db *, struct buf *, struct err *) MUST_USE;
#endif
