/* SPDX-License-Identifier: Apache-2.0 */
/* view_window: see view_window.h. */
#include "store/view_window.h"

#include "store/stmt.h"

static const int64_t reach_ms = 7LL * 24 * 3600 * 1000;
enum { ENVIRONMENTS = 50 };

int window_changes(struct db *db, const struct window *w, struct arena *a, struct changes *out,
		   struct err *e)
{
	STMT(s, db, Q_WINDOW_CHANGES);
	struct str services = strs_join(a, &w->services, "\n");
	stmt_int(&s, "reach", w->from_ms - reach_ms);
	stmt_int(&s, "from", w->from_ms);
	stmt_int(&s, "to", w->to_ms);
	stmt_text(&s, "services", services);
	stmt_text(&s, "kind", str_of(change_kind_names[w->kind]));
	stmt_text(&s, "environment", w->environment);
	stmt_text(&s, "text", w->text);
	stmt_int(&s, "before", w->before);
	stmt_int(&s, "limit", (int64_t)w->limit);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, change_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int window_count(struct db *db, int64_t from_ms, int64_t *out, struct err *e)
{
	STMT(s, db, Q_WINDOW_COUNT);
	stmt_int(&s, "from", from_ms);
	int got = stmt_next(&s, e);
	*out = got > 0 ? stmt_col_int(&s, "n") : 0;
	return got < 0 ? -1 : 0;
}

static int add_texts(struct stmt *s, const char *name, struct arena *a, struct strs *out,
		     struct err *e)
{
	LIST_OF(struct str) found = { 0 };
	int got;
	while ((got = stmt_next(s, e)) > 0)
		*LIST_ADD(a, &found) = str_copy(a, stmt_col_text(s, name));
	*out = (struct strs){ found.at, found.len };
	return got;
}

int window_services(struct db *db, size_t limit, struct arena *a, struct strs *out, struct err *e)
{
	STMT(s, db, Q_WINDOW_SERVICES);
	stmt_int(&s, "limit", (int64_t)limit);
	return add_texts(&s, "service", a, out, e);
}

int window_environments(struct db *db, int64_t from_ms, struct arena *a, struct strs *out,
			struct err *e)
{
	STMT(s, db, Q_WINDOW_ENVIRONMENTS);
	stmt_int(&s, "from", from_ms);
	stmt_int(&s, "limit", ENVIRONMENTS);
	return add_texts(&s, "environment", a, out, e);
}

int window_incidents(struct db *db, const struct window *w, struct arena *a, struct window_ids *out,
		     struct err *e)
{
	STMT(s, db, Q_WINDOW_INCIDENTS);
	stmt_int(&s, "from", w->from_ms);
	stmt_int(&s, "to", w->to_ms);
	stmt_int(&s, "limit", (int64_t)w->limit);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = stmt_col_int(&s, "id");
	return got;
}
