/* SPDX-License-Identifier: Apache-2.0 */
/* view_change: see view_change.h. */
#include "store/view_change.h"

#include "store/stmt.h"
#include "store/view.h"
#include "store/view_rollback.h"

int view_change_write(struct db *db, const struct change *c, struct err *e)
{
	STMT(s, db, Q_VIEW_CHANGE_PUT);
	stmt_fields(&s, change_fields, c);
	if (stmt_run(&s, e) != 0 || view_rollback_of_change(db, c, e) != 0)
		return err_context(e, "view of change %lld", (long long)c->number);
	return 0;
}

int view_changes(struct db *db, const struct change_filter *f, struct arena *a, struct changes *out,
		 struct err *e)
{
	STMT(s, db, Q_VIEW_CHANGES);
	stmt_int(&s, "since", f->since_ms);
	stmt_int(&s, "until", f->until_ms ? f->until_ms : INT64_MAX);
	stmt_text(&s, "service", f->service);
	stmt_text(&s, "kind", str_of(change_kind_names[f->kind]));
	stmt_int(&s, "before", f->before ? f->before : INT64_MAX);
	stmt_int(&s, "limit", f->limit ? (int64_t)f->limit : VIEW_LIMIT);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, change_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int view_change(struct db *db, int64_t number, struct arena *a, struct change *out, struct err *e)
{
	STMT(s, db, Q_VIEW_CHANGE);
	stmt_int(&s, "number", number);
	*out = (struct change){ 0 };
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no change %lld.", (long long)number);
	return got < 0 ? -1 : stmt_row(&s, change_fields, out, a, e);
}

int view_change_by_key(struct db *db, struct str key, int64_t *number, struct err *e)
{
	STMT(s, db, Q_VIEW_CHANGE_BY_KEY);
	stmt_text(&s, "key", key);
	int got = stmt_next(&s, e);
	*number = got > 0 ? stmt_col_int(&s, "number") : 0;
	return got < 0 ? -1 : 0;
}

int view_change_services(struct db *db, int64_t since_ms, struct arena *a, struct strs *out,
			 struct err *e)
{
	STMT(s, db, Q_VIEW_CHANGE_SERVICES);
	LIST_OF(struct str) names = { 0 };
	stmt_int(&s, "since", since_ms);
	stmt_int(&s, "limit", VIEW_LIMIT);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, &names) = str_copy(a, stmt_col_text(&s, "service"));
	*out = (struct strs){ names.at, names.len };
	return got;
}
