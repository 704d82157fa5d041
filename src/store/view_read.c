/* SPDX-License-Identifier: Apache-2.0 */
/* view_read: lists out of the v_* tables, see view.h. Writing them: view.c. */
#include "store/stmt.h"
#include "store/view.h"

static int64_t limit_of(const struct view_filter *f)
{
	return f->limit ? (int64_t)f->limit : VIEW_LIMIT;
}

int view_incidents(struct db *db, const struct view_filter *f, struct arena *a,
		   struct incident_rows *out, struct err *e)
{
	STMT(s, db, Q_VIEW_INCIDENTS);
	stmt_int(&s, "before", f->before);
	stmt_int(&s, "open_only", f->open_only);
	stmt_int(&s, "limit", limit_of(f));
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, incident_row_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int view_incident(struct db *db, int64_t id, struct arena *a, struct incident_row *out,
		  struct err *e)
{
	STMT(s, db, Q_VIEW_INCIDENT);
	stmt_int(&s, "id", id);
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no incident %lld.", (long long)id);
	*out = (struct incident_row){ 0 };
	return got < 0 ? -1 : stmt_row(&s, incident_row_fields, out, a, e);
}

int view_actions(struct db *db, const struct view_filter *f, struct arena *a,
		 struct action_rows *out, struct err *e)
{
	STMT(s, db, Q_VIEW_ACTIONS);
	stmt_int(&s, "open_only", f->open_only);
	stmt_text(&s, "owner", f->owner);
	stmt_int(&s, "incident", f->incident);
	stmt_int(&s, "limit", limit_of(f));
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, action_row_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int view_promises(struct db *db, const struct view_filter *f, struct arena *a,
		  struct promise_rows *out, struct err *e)
{
	STMT(s, db, Q_VIEW_PROMISES);
	stmt_int(&s, "open_only", f->open_only);
	stmt_int(&s, "incident", f->incident);
	stmt_int(&s, "limit", limit_of(f));
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, promise_row_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

static int alerts_of(struct db *db, int64_t incident, struct arena *a, struct strs *out,
		     struct err *e)
{
	LIST_OF(struct str) found = { 0 };
	STMT(s, db, Q_VIEW_ALERTS_OF);
	stmt_int(&s, "incident", incident);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, &found) = str_copy(a, stmt_col_text(&s, "fingerprint"));
	*out = (struct strs){ found.at, found.len };
	return got;
}

int view_open(struct db *db, struct arena *a, struct open_incidents *out, struct err *e)
{
	STMT(s, db, Q_VIEW_OPEN);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		struct open_incident *i = LIST_ADD(a, out);
		i->id = stmt_col_int(&s, "id");
		i->title = str_copy(a, stmt_col_text(&s, "title"));
		i->services = strs_split(a, str_copy(a, stmt_col_text(&s, "services")), '\n');
		if (alerts_of(db, i->id, a, &i->alerts, e))
			return -1;
	}
	return got;
}

int view_alert_holders(struct db *db, struct str fingerprint, struct arena *a,
		       struct alert_holders *out, struct err *e)
{
	STMT(s, db, Q_VIEW_ALERT_HOLDERS);
	int got;
	stmt_text(&s, "fingerprint", fingerprint);
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = stmt_col_int(&s, "incident");
	return got;
}

int view_alert_past(struct db *db, struct str fingerprint, int64_t *incident, struct err *e)
{
	STMT(s, db, Q_VIEW_ALERT_PAST);
	stmt_text(&s, "fingerprint", fingerprint);
	int got = stmt_next(&s, e);
	*incident = got > 0 ? stmt_col_int(&s, "incident") : 0;
	return got < 0 ? -1 : 0;
}

int view_missing_end(struct db *db, struct missing_end *out, struct err *e)
{
	STMT(s, db, Q_VIEW_MISSING_END);
	int got = stmt_next(&s, e);
	*out = (struct missing_end){ 0 };
	if (got > 0)
		*out = (struct missing_end){ stmt_col_int(&s, "incident"),
					     stmt_col_int(&s, "wanted"),
					     stmt_col_int(&s, "found") };
	return got < 0 ? -1 : 0;
}

int view_frozen(struct db *db, int64_t at_ms, struct arena *a, struct frozen_incidents *out,
		struct err *e)
{
	STMT(s, db, at_ms ? Q_VIEW_FROZEN_AT : Q_VIEW_FROZEN);
	if (at_ms)
		stmt_int(&s, "at_ms", at_ms);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = stmt_col_int(&s, "id");
	return got;
}
