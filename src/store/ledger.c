/* SPDX-License-Identifier: Apache-2.0 */
/* ledger: appending and reading, see ledger.h. The proof: verify.c. */
#include "store/ledger.h"

#include <assert.h>

#include "core/core.h"
#include "store/keep.h"
#include "store/stmt.h"

static int add_event(struct db *db, struct event *event, const struct sha256 *body_hash,
		     const struct sha256 *hash, struct err *e)
{
	STMT(s, db, Q_LEDGER_APPEND);
	stmt_int(&s, "stream", event->stream);
	stmt_int(&s, "seq", event->seq);
	stmt_int(&s, "recorded_ms", event->recorded_ms);
	stmt_int(&s, "happened_ms", event->happened_ms);
	stmt_text(&s, "actor", event->actor);
	stmt_text(&s, "type", str_of(event->type->name));
	stmt_int(&s, "version", event->type->version);
	stmt_hash(&s, "body_hash", body_hash);
	stmt_hash(&s, "hash", hash);
	if (stmt_next(&s, e) <= 0)
		return -1;
	event->pos = stmt_col_int(&s, "pos");
	return stmt_run(&s, e);
}

static int add_body(struct db *db, int64_t pos, const struct ledger_body *body, struct err *e)
{
	STMT(s, db, Q_LEDGER_APPEND_BODY);
	stmt_int(&s, "pos", pos);
	stmt_blob(&s, "salt", body->salt);
	stmt_text(&s, "body", body->json);
	return stmt_run(&s, e);
}

static int cite_blob(struct db *db, const struct event *event, struct err *e)
{
	const struct field *f = event->body ? field_find(event->type->fields, STR("blob")) : NULL;
	if (!f || f->kind != KIND_STR || field_is_empty(f, event->body))
		return 0;
	STMT(s, db, Q_LEDGER_CITE_BLOB);
	stmt_text(&s, "hash",
		  *(const struct str *)(const void *)((const char *)event->body + f->at));
	stmt_int(&s, "pos", event->pos);
	return stmt_run(&s, e);
}

int ledger_append(struct db *db, struct event *event, const struct ledger_body *body,
		  struct sha256 *head, struct err *e)
{
	assert(body->salt.len == EVENT_SALT_BYTES && db_is_open(db));
	struct sha256 body_hash = event_body_hash(body->salt, body->json);
	struct sha256 hash = event_hash(head, event, &body_hash);
	if (add_event(db, event, &body_hash, &hash, e) || add_body(db, event->pos, body, e) ||
	    cite_blob(db, event, e))
		return err_context(e, "ledger: append %lld/%lld", (long long)event->stream,
				   (long long)event->seq);
	*head = hash;
	return 0;
}

int ledger_head(struct db *db, struct ledger_head *out, struct err *e)
{
	*out = (struct ledger_head){ 0 };
	STMT(s, db, Q_LEDGER_HEAD);
	int got = stmt_next(&s, e);
	if (got <= 0)
		return got;
	out->pos = stmt_col_int(&s, "pos");
	if (!stmt_col_hash(&s, "hash", &out->hash))
		return err_fail(e, ERR_BROKEN, "ledger: the last hash is not a hash.");
	return 0;
}

int ledger_last_seq(struct db *db, int64_t stream, int64_t *seq, struct err *e)
{
	STMT(s, db, Q_LEDGER_LAST_SEQ);
	stmt_int(&s, "stream", stream);
	if (stmt_next(&s, e) <= 0)
		return -1;
	*seq = stmt_col_int(&s, "seq");
	return 0;
}

int ledger_ends(struct db *db, struct ledger_ends *out, struct err *e)
{
	STMT(s, db, Q_LEDGER_ENDS);
	if (stmt_next(&s, e) <= 0)
		return -1;
	out->highest = stmt_col_int(&s, "highest");
	out->lowest = stmt_col_int(&s, "lowest");
	return 0;
}

void ledger_ends_reach(struct ledger_ends *ends, int64_t stream)
{
	ends->highest = stream > ends->highest ? stream : ends->highest;
	ends->lowest = stream < ends->lowest ? stream : ends->lowest;
}

static int take_row(const struct stmt *s, struct arena *a, struct ledger_row *row, struct err *e)
{
	struct str type = stmt_col_text(s, "type");
	row->event = (struct event){
		.pos = stmt_col_int(s, "pos"),
		.stream = stmt_col_int(s, "stream"),
		.seq = stmt_col_int(s, "seq"),
		.recorded_ms = stmt_col_int(s, "recorded_ms"),
		.happened_ms = stmt_col_int(s, "happened_ms"),
		.actor = str_copy(a, stmt_col_text(s, "actor")),
		.type = event_type_find(type),
	};
	row->is_redacted = stmt_col_is_null(s, "body");
	row->json = str_copy(a, stmt_col_text(s, row->is_redacted ? "rest" : "body"));
	if (!row->event.type || stmt_col_int(s, "version") > row->event.type->version) {
		err_fail(e, ERR_BROKEN,
			 "Event %lld is of a type that this version does not know (" STR_FMT ").",
			 (long long)row->event.pos, STR_ARG(type));
		err_next(e, "Start the newer Aplomb that wrote it.");
		return -1;
	}
	return 0;
}

int ledger_read(struct db *db, const struct ledger_range *range, struct arena *a,
		struct ledger_rows *rows, struct err *e)
{
	bool all = range->stream == LEDGER_ALL;
	STMT(s, db, all ? Q_LEDGER_READ_ALL : Q_LEDGER_READ_STREAM);
	if (!all)
		stmt_int(&s, "stream", range->stream);
	stmt_int(&s, "after", range->after);
	stmt_int(&s, "limit", range->limit ? (int64_t)range->limit : -1);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (take_row(&s, a, LIST_ADD(a, rows), e))
			return -1;
	return got;
}

int ledger_streams(struct db *db, struct arena *a, struct ledger_streams *out, struct err *e)
{
	STMT(s, db, Q_LEDGER_STREAMS);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = stmt_col_int(&s, "stream");
	return got;
}

int ledger_redact(struct db *db, int64_t target, int64_t by_pos, struct err *e)
{
	ARENA(a);
	if (redaction_add(db, STR("event"), str_fmt(&a, "%lld", (long long)target), by_pos, e))
		return err_context(e, "ledger: redact %lld", (long long)target);
	STMT(s, db, Q_LEDGER_REDACT);
	stmt_int(&s, "pos", target);
	if (stmt_run(&s, e))
		return -1;
	if (stmt_changes(&s) == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no event %lld with a body.",
				  (long long)target);
	return 0;
}

int ledger_naming(struct db *db, int64_t change, struct arena *a, struct ledger_entries *out,
		  struct err *e)
{
	STMT(s, db, Q_LEDGER_NAMING);
	stmt_int(&s, "change", change);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		*LIST_ADD(a, out) = (struct ledger_entry){ stmt_col_int(&s, "stream"),
							   stmt_col_int(&s, "seq") };
	return got;
}
