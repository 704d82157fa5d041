/* SPDX-License-Identifier: Apache-2.0 */
/* view_cause: see view_cause.h. */
#include "store/view_cause.h"

#include "store/stmt.h"

int view_cause_write(struct db *db, const struct incident *i, struct err *e)
{
	bool is_over = !incident_is_open(i) && !i->merged_into;
	STMT(drop, db, Q_VIEW_CAUSE_DROP);
	stmt_int(&drop, "incident", i->id);
	if (stmt_run(&drop, e))
		return -1;
	if (!is_over || !i->cause.at.ms)
		return 0;
	STMT(put, db, Q_VIEW_CAUSE_PUT);
	stmt_int(&put, "incident", i->id);
	stmt_int(&put, "change", i->cause.change);
	stmt_int(&put, "named", i->cause.at.ms);
	return stmt_run(&put, e);
}

static int counts(struct stmt *s, struct arena *a, struct cause_counts *out, struct err *e)
{
	int got;
	while ((got = stmt_next(s, e)) > 0) {
		struct cause_count *c = LIST_ADD(a, out);
		c->name = str_copy(a, stmt_col_text(s, "name"));
		c->changes = stmt_col_int(s, "changes");
		c->causes = stmt_col_int(s, "causes");
	}
	return got;
}

int view_cause_sums(struct db *db, int64_t since_ms, struct arena *a, struct cause_sums *out,
		    struct err *e)
{
	*out = (struct cause_sums){ 0 };
	STMT(sums, db, Q_VIEW_CAUSE_SUMS);
	if (stmt_next(&sums, e) < 0)
		return -1;
	out->changed = stmt_col_int(&sums, "changed");
	out->none = stmt_col_int(&sums, "none");
	if (!out->changed)
		return 0;
	STMT(blamed, db, Q_VIEW_CAUSE_CHANGES);
	int got;
	while ((got = stmt_next(&blamed, e)) > 0)
		*LIST_ADD(a, &out->to_blame) = stmt_col_int(&blamed, "change");
	if (got < 0)
		return -1;
	STMT(services, db, Q_VIEW_CAUSE_SERVICES);
	STMT(kinds, db, Q_VIEW_CAUSE_KINDS);
	stmt_int(&services, "since", since_ms);
	stmt_int(&kinds, "since", since_ms);
	return counts(&services, a, &out->services, e) || counts(&kinds, a, &out->kinds, e) ? -1
											    : 0;
}
