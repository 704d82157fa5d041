/* SPDX-License-Identifier: Apache-2.0 */
/* view_rollback: see view_rollback.h. */
#include "store/view_rollback.h"

#include "store/stmt.h"

enum { READINESS_LIMIT = 2000 }; /* services: twice what a catalogue holds */

static int drop(struct db *db, int64_t change, int64_t incident, struct err *e)
{
	STMT(s, db, Q_ROLLBACK_DROP);
	stmt_int(&s, "change", change);
	stmt_int(&s, "incident", incident);
	return stmt_run(&s, e);
}

static int add(struct db *db, const struct readiness *r, struct err *e)
{
	STMT(s, db, Q_ROLLBACK_ADD);
	stmt_fields(&s, readiness_fields, r);
	return stmt_run(&s, e);
}

int view_rollback_of_change(struct db *db, const struct change *c, struct err *e)
{
	ARENA(a);
	struct readiness proof;
	if (drop(db, c->number, 0, e))
		return -1;
	return readiness_of_change(c, &a, &proof) ? add(db, &proof, e) : 0;
}

int view_rollback_of_incident(struct db *db, const struct incident *inc, struct err *e)
{
	ARENA(a);
	struct readinesses proofs = { 0 };
	if (drop(db, 0, inc->id, e))
		return -1;
	readiness_of_incident(inc, &a, &proofs);
	LIST_EACH (p, &proofs)
		if (add(db, p, e))
			return -1;
	return 0;
}

int view_readiness(struct db *db, struct str service, struct arena *a, struct readiness *out,
		   struct err *e)
{
	STMT(s, db, Q_ROLLBACK_LAST);
	stmt_text(&s, "service", service);
	*out = (struct readiness){ .service = service };
	int got = stmt_next(&s, e);
	return got > 0 ? stmt_row(&s, readiness_fields, out, a, e) : got;
}

int view_readinesses(struct db *db, struct arena *a, struct readinesses *out, struct err *e)
{
	STMT(s, db, Q_ROLLBACK_ALL);
	stmt_int(&s, "limit", READINESS_LIMIT);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, readiness_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}
