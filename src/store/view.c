/* SPDX-License-Identifier: Apache-2.0 */
/* view: writes the rows that follow from an incident's state. Reading them: view_read.c. */
#include "store/view.h"

#include "core/rhythm.h"
#include "store/stmt.h"
#include "store/view_rollback.h"
#include "store/view_cause.h"

const struct field incident_row_fields[] = {
	FIELD(incident_row, id, "the incident's number"),
	FIELD(incident_row, seq, "of its last event"),
	FIELD(incident_row, title, "what it is"),
	CHOICE(incident_row, severity, severity, "how bad it is"),
	CHOICE(incident_row, phase, phase, "how far it is"),
	FIELD(incident_row, services, "which services it touches"),
	FIELD(incident_row, lead, "who leads"),
	FIELD(incident_row, communications, "who informs"),
	FIELD(incident_row, declared_by, "who declared it"),
	FIELD(incident_row, started, "when it began, as far as known"),
	FIELD(incident_row, declared, "when it was declared"),
	FIELD(incident_row, resolved, "when it was resolved"),
	FIELD(incident_row, closed, "when it was closed"),
	FIELD(incident_row, promised, "when the next update is promised for"),
	FIELD(incident_row, frozen_until, "until when changes are frozen"),
	FIELD(incident_row, change, "what is being done right now"),
	FIELD(incident_row, next_step, "the next safest step"),
	FIELD(incident_row, merged_into, "the incident it was merged into"),
	FIELD(incident_row, firing, "how many of its alerts fire"),
	FIELD(incident_row, open_actions, "how many actions are open"),
	CHOICE(incident_row, review, review_state, "how far the review is"),
	FIELD(incident_row, review_due, "when the review is due"),
	FIELD(incident_row, is_open, "whether it is open"),
	END,
};

const struct field action_row_fields[] = {
	FIELD(action_row, incident, "the incident's number"),
	FIELD(action_row, number, "its number"),
	FIELD(action_row, incident_title, "what the incident was"),
	FIELD(action_row, title, "what is to be done"),
	FIELD(action_row, link, "where it is tracked"),
	FIELD(action_row, outcome, "what came of it"),
	FIELD(action_row, owner, "who does it"),
	FIELD(action_row, due, "by when"),
	FIELD(action_row, settled, "when it was done or dropped"),
	CHOICE(action_row, state, action_state, "how it stands"),
	END,
};

const struct field promise_row_fields[] = {
	FIELD(promise_row, incident, "the incident's number"),
	FIELD(promise_row, number, "of the update that promised"),
	FIELD(promise_row, incident_title, "what the incident is"),
	FIELD(promise_row, sent, "when it was promised"),
	FIELD(promise_row, due, "for when"),
	CHOICE(promise_row, state, promise_state, "what became of it"),
	FIELD(promise_row, late_by, "how late the update was"),
	FIELD(promise_row, by, "who promised"),
	END,
};

static struct incident_row row_of(const struct incident *i, struct arena *a)
{
	const struct freeze *freeze = incident_active_freeze(i);
	const struct mitigation *change = incident_change_in_flight(i);
	struct incident_row row = {
		.id = i->id,
		.seq = i->seq,
		.title = i->title,
		.severity = i->severity,
		.phase = (int)incident_phase(i),
		.services = i->services,
		.lead = i->role[ROLE_LEAD],
		.communications = i->role[ROLE_COMMUNICATIONS],
		.declared_by = i->declared_by,
		.started = i->started,
		.declared = i->declared,
		.resolved = i->resolved,
		.closed = i->closed,
		.promised = i->promised,
		.next_step = rhythm_next(i, 0, a).text,
		.merged_into = i->merged_into,
		.review = i->review.state,
		.is_open = incident_is_open(i),
	};
	if (freeze)
		row.frozen_until = freeze->until;
	if (change)
		row.change = change->what;
	if (i->review.state != REVIEW_PUBLISHED)
		row.review_due = i->review.due;
	LIST_EACH (alert, &i->alerts)
		row.firing += alert->firing;
	LIST_EACH (action, &i->actions)
		row.open_actions += action->state == ACTION_OPEN;
	return row;
}

static int drop(struct db *db, enum query query, int64_t incident, struct err *e)
{
	STMT(s, db, query);
	stmt_int(&s, "incident", incident);
	return stmt_run(&s, e);
}

int view_forget(struct db *db, int64_t incident, struct err *e)
{
	return drop(db, Q_VIEW_DROP_ACTIONS, incident, e) ||
			       drop(db, Q_VIEW_DROP_PROMISES, incident, e) ||
			       drop(db, Q_VIEW_DROP_ALERT_LINKS, incident, e)
		       ? -1
		       : 0;
}

/* Most incidents have none of one or the other, and a search for nothing costs as much as for something. */
static int drop_rows(struct db *db, const struct incident *i, struct err *e)
{
	if ((i->actions.len && drop(db, Q_VIEW_DROP_ACTIONS, i->id, e) != 0) ||
	    (i->updates.len && drop(db, Q_VIEW_DROP_PROMISES, i->id, e) != 0) ||
	    (i->alerts.len && drop(db, Q_VIEW_DROP_ALERT_LINKS, i->id, e) != 0))
		return -1;
	return 0;
}

static int add_row(struct db *db, enum query query, const struct field *fields, const void *row,
		   struct err *e)
{
	STMT(s, db, query);
	stmt_fields(&s, fields, row);
	return stmt_run(&s, e);
}

static int add_actions(struct db *db, const struct incident *i, struct err *e)
{
	LIST_EACH (action, &i->actions) {
		struct action_row row = {
			.incident = i->id,
			.number = action->number,
			.title = action->title,
			.link = action->link,
			.outcome = action->outcome,
			.owner = action->owner,
			.due = action->due,
			.settled = action->settled,
			.state = action->state,
		};
		if (add_row(db, Q_VIEW_ADD_ACTION, action_row_fields, &row, e))
			return -1;
	}
	return 0;
}

static int add_promises(struct db *db, const struct incident *i, struct err *e)
{
	LIST_EACH (update, &i->updates) {
		struct promise_row row = {
			.incident = i->id,
			.number = update->number,
			.sent = update->sent,
			.due = update->next,
			.state = update->promise,
			.late_by = update->late_by,
			.by = update->by,
		};
		if (row.due.ms && add_row(db, Q_VIEW_ADD_PROMISE, promise_row_fields, &row, e))
			return -1;
	}
	return 0;
}

static int add_alert_links(struct db *db, const struct incident *i, struct err *e)
{
	LIST_EACH (alert, &i->alerts) {
		STMT(s, db, Q_VIEW_ADD_ALERT_LINK);
		stmt_text(&s, "fingerprint", alert->fingerprint);
		stmt_int(&s, "incident", i->id);
		if (stmt_run(&s, e))
			return -1;
	}
	return 0;
}

int view_write(struct db *db, const struct incident *i, struct err *e)
{
	ARENA(a);
	struct incident_row row = row_of(i, &a);
	if (drop_rows(db, i, e) || add_row(db, Q_VIEW_PUT_INCIDENT, incident_row_fields, &row, e) ||
	    add_actions(db, i, e) || add_promises(db, i, e) || add_alert_links(db, i, e) ||
	    view_rollback_of_incident(db, i, e) || view_cause_write(db, i, e))
		return err_context(e, "view of incident %lld", (long long)i->id);
	return 0;
}

int view_clear(struct db *db, struct err *e)
{
	static const enum query clears[] = { Q_VIEW_CLEAR_INCIDENTS, Q_VIEW_CLEAR_ACTIONS,
					     Q_VIEW_CLEAR_PROMISES,  Q_VIEW_CLEAR_ALERT_LINKS,
					     Q_VIEW_CLEAR_CHANGES,   Q_VIEW_CLEAR_ROLLBACKS,
					     Q_VIEW_CLEAR_CAUSES };
	for (size_t i = 0; i < sizeof(clears) / sizeof(*clears); i++) {
		STMT(s, db, clears[i]);
		if (stmt_run(&s, e))
			return -1;
	}
	return 0;
}

int view_dump(struct db *db, struct buf *b, struct err *e)
{
	static const enum query dumps[] = { Q_VIEW_DUMP_INCIDENTS, Q_VIEW_DUMP_ACTIONS,
					    Q_VIEW_DUMP_PROMISES,  Q_VIEW_DUMP_ALERT_LINKS,
					    Q_VIEW_DUMP_CHANGES,   Q_VIEW_DUMP_ROLLBACKS,
					    Q_VIEW_DUMP_CAUSES };
	for (size_t i = 0; i < sizeof(dumps) / sizeof(*dumps); i++) {
		STMT(s, db, dumps[i]);
		int got;
		while ((got = stmt_next(&s, e)) > 0)
			stmt_print(&s, b);
		if (got < 0)
			return -1;
	}
	return 0;
}
