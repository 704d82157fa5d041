/* SPDX-License-Identifier: Apache-2.0 */
/* gate_callback: see gate_callback.h. */
#include "store/gate_callback.h"

#include "store/stmt.h"

const struct field gate_callback_fields[] = {
	FIELD(gate_callback, id, "in order of asking"),
	FIELD(gate_callback, key, "the sender's name for the question"),
	FIELD(gate_callback, url, "where the answer goes"),
	FIELD(gate_callback, environment, "as the sender names it"),
	FIELD(gate_callback, what, "the change"),
	FIELD(gate_callback, ask, "the question"),
	FIELD(gate_callback, approves, "whether the change may go out"),
	FIELD(gate_callback, comment, "what is said with it"),
	FIELD(gate_callback, incident, "whose timeline hears of trouble; 0 = none"),
	FIELD(gate_callback, asked, "when the question came"),
	FIELD(gate_callback, due, "when it is tried next; none = it is over"),
	FIELD(gate_callback, tries, "how often it was tried"),
	FIELD(gate_callback, status, "HTTP status of the last try"),
	FIELD(gate_callback, trouble, "what was wrong with the last try"),
	END,
};

int gate_callback_add(struct db *db, const struct gate_callback *c, struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_ADD);
	stmt_fields(&s, gate_callback_fields, c);
	return stmt_run(&s, e);
}

int gate_callback_known(struct db *db, struct str key, bool *is_known, struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_KNOWN);
	stmt_text(&s, "key", key);
	int got = stmt_next(&s, e);
	*is_known = got > 0;
	return got < 0 ? -1 : 0;
}

int gate_callback_begin(struct db *db, const struct gate_callback *c, struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_BEGIN);
	stmt_fields(&s, gate_callback_fields, c);
	return stmt_run(&s, e);
}

int gate_callback_end(struct db *db, const struct gate_callback *c, struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_END);
	stmt_fields(&s, gate_callback_fields, c);
	return stmt_run(&s, e);
}

int gate_callback_sweep(struct db *db, int64_t before_ms, struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_SWEEP);
	stmt_int(&s, "before_ms", before_ms);
	return stmt_run(&s, e);
}

int gate_callback_next(struct db *db, int64_t now_ms, struct arena *a, struct gate_callback *out,
		       struct err *e)
{
	STMT(s, db, Q_GATE_CALLBACK_DUE);
	*out = (struct gate_callback){ 0 };
	stmt_int(&s, "now_ms", now_ms);
	int got = stmt_next(&s, e);
	return got > 0 ? stmt_row(&s, gate_callback_fields, out, a, e) : got;
}
