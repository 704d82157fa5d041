/* SPDX-License-Identifier: Apache-2.0 */
/* keep: what leaves and what holds it back: redactions (redact.c), the inbox's days (retention.c), backups and copies
 * (backup.c). Rows that go need an event that says so, enforced by trigger; events themselves are the engine's. */
#ifndef APLOMB_STORE_KEEP_H
#define APLOMB_STORE_KEEP_H
#include "base/digest.h"
#include "base/list.h"
#include "store/db.h"

struct store;
struct world;

/* All in the transaction of the event "body.redacted" at by_pos, on the writer. ledger_redact: ledger.h. */
int inbox_redact(struct db *, int64_t id, int64_t by_pos, struct err *) MUST_USE;
/* The row; the file goes with blob_scrub. */
int blob_redact(struct db *, struct str hash, int64_t by_pos, struct err *) MUST_USE;
int redaction_add(struct db *, struct str kind, struct str target, int64_t by_pos,
		  struct err *) MUST_USE;
/* What commands from this entry on were told is forgotten: their idempotency keys stay. */
int request_blank(struct db *, int64_t stream, int64_t seq, struct err *) MUST_USE;
/* Deleted content is overwritten while this is on. Writer. */
int store_secure_delete(struct store *, bool on, struct err *) MUST_USE;
/* Removes the files of redacted attachments. Any number of times. */
int blob_scrub(struct store *, struct err *) MUST_USE;
/* Rewrites the database without what was deleted and empties the WAL, so that no old byte is left in a file. Outside a
 * transaction, on the writer's thread; takes a second or two for each million events. ERR_BUSY: a reader still needs
 * the old pages; call store_scrub_wal later. */
int store_scrub(struct store *, struct err *) MUST_USE;
int store_scrub_wal(struct store *, struct err *) MUST_USE;

/* A day of the inbox. */
struct inbox_segment {
	int64_t from_id, to_id, day_ms; /* day_ms: its start, UTC; from_id 0 = there is none */
	int64_t rows, kept;		/* bodies that leave, bodies that an incident cites */
};
/* The next segment whose day ended before before_ms. */
int inbox_segment_next(struct db *, int64_t before_ms, struct inbox_segment *,
		       struct err *) MUST_USE;
/* From now on its bodies may leave; by_pos: of the event "inbox.expired" in this transaction. */
int inbox_expire(struct db *, const struct inbox_segment *, int64_t by_pos, struct err *) MUST_USE;
/* Drops up to `limit` bodies of the newest segment; *removed 0 = it is done. */
int inbox_expire_step(struct db *, int64_t limit, int64_t *removed, struct err *) MUST_USE;
/* This delivery told that incident of an alert: its body stays. The same again is fine. */
int inbox_cite(struct db *, int64_t id, int64_t incident, struct err *) MUST_USE;

struct backup {
	struct str name; /* path; "-" = standard output */
	int64_t at_ms, pos, inbox_id;
};
int backup_note(struct db *, const struct backup *, struct err *) MUST_USE; /* writer */
/* Was anything redacted by an event behind this one? */
int backup_is_outdated(struct db *, int64_t pos, bool *, struct err *) MUST_USE;
/* The newest; at_ms 0 = none was ever made. */
int backup_last(struct db *, struct arena *, struct backup *, struct err *) MUST_USE;
/* Names ("x.tar of 2026-11-23 14:05 UTC") of the backups that may hold what is at these positions and was there at
 * at_ms; a 0 leaves that part out. */
int backups_with(struct db *, const struct backup *at_least, struct arena *, struct strs *,
		 struct err *) MUST_USE;

/* What a copy of the database holds. */
struct copy_facts {
	int64_t at_ms, pos, inbox_id, bytes;
	struct sha256 hash, inbox_hash;
};
/* Copies the database to a new file as of one moment, fsynced, through this query-only handle: the writer goes on
 * meanwhile. The file is removed on failure. */
int store_copy(struct db *reader, const char *to, struct copy_facts *, struct err *) MUST_USE;
/* The heads of what this handle sees. */
int store_facts(struct db *, struct copy_facts *, struct err *) MUST_USE;
/* A database file opened for reading alone, without lock and without a store around it: a copy, a folder that takes no
 * writes. ERR_STORE when it has changes in its WAL that cannot be read from there. */
int store_look(const struct world *, const char *db_path, struct db **, struct err *) MUST_USE;

struct blob_row {
	struct str hash;
	int64_t size;
	bool is_cited; /* must be there */
};
LIST_DECLARE(blob_rows, struct blob_row);
/* The attachments that belong to this database and are not redacted. */
int blob_list(struct db *, struct arena *, struct blob_rows *, struct err *) MUST_USE;
#endif
