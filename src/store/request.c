/* SPDX-License-Identifier: Apache-2.0 */
/* request: see request.h. */
#include "store/request.h"

#include "store/stmt.h"

const struct field request_fields[] = {
	FIELD(idem_request, key, "the Idempotency-Key", .max = REQUEST_KEY_MAX),
	FIELD(idem_request, actor, "who asked"),
	FIELD(idem_request, fingerprint, "what was asked, hashed"),
	FIELD(idem_request, stream, "where it happened"),
	FIELD(idem_request, seq, "of the last event written, in its stream"),
	FIELD(idem_request, pos, "of the last event written"),
	FIELD(idem_request, made, "the number of the thing made"),
	FIELD(idem_request, said, "what was answered"),
	FIELD(idem_request, created, "when"),
	END,
};

int request_find(struct db *db, struct arena *a, struct idem_request *r, bool *is_known,
		 struct err *e)
{
	*is_known = false;
	if (r->key.len > REQUEST_KEY_MAX)
		return err_refuse(e, ERR_BAD_INPUT, "An Idempotency-Key has at most %d characters.",
				  REQUEST_KEY_MAX);
	STMT(s, db, Q_REQUEST_FIND);
	stmt_text(&s, "actor", r->actor);
	stmt_text(&s, "key", r->key);
	stmt_int(&s, "since_ms", db_now_ms(db) - REQUEST_KEEP_MS);
	int got = stmt_next(&s, e);
	if (got <= 0)
		return got;
	struct idem_request first = { 0 };
	if (stmt_row(&s, request_fields, &first, a, e))
		return -1;
	if (!str_eq(first.fingerprint, r->fingerprint)) {
		err_refuse(e, ERR_IDEM_REUSED,
			   "This Idempotency-Key was used for another request.");
		err_next(e, "Send a new key with a new request.");
		return -1;
	}
	*r = first;
	*is_known = true;
	return 0;
}

int request_keep(struct db *db, const struct idem_request *r, struct err *e)
{
	struct idem_request row = *r;
	row.created.ms = db_now_ms(db);
	STMT(s, db, Q_REQUEST_KEEP);
	stmt_fields(&s, request_fields, &row);
	return stmt_run(&s, e);
}

int request_sweep(struct db *db, struct err *e)
{
	STMT(s, db, Q_REQUEST_SWEEP);
	stmt_int(&s, "since_ms", db_now_ms(db) - REQUEST_KEEP_MS);
	return stmt_run(&s, e);
}
