/* SPDX-License-Identifier: Apache-2.0 */
/* ledger: the append-only, hash-chained list of events, and its proof. Hashes: core/event.h. Table event holds hashes
 * and never loses a row; event_body holds content, which can be redacted. Only engine/writer.c appends. */
#ifndef APLOMB_STORE_LEDGER_H
#define APLOMB_STORE_LEDGER_H
#include "core/event.h"
#include "store/db.h"

struct ledger_body {
	struct str json; /* event_encode's */
	struct str salt; /* EVENT_SALT_BYTES of random */
};
/* Sets event->pos. *head: in, the hash of the event before (all zero for the first); out, this one's. Left alone on
 * failure. Inside a transaction of the writer. A body's member `blob` (a hash) is noted as a citation. */
int ledger_append(struct db *, struct event *, const struct ledger_body *, struct sha256 *head,
		  struct err *) MUST_USE;

struct ledger_head {
	int64_t pos; /* of the last event; 0 = empty */
	struct sha256 hash;
};
int ledger_head(struct db *, struct ledger_head *, struct err *) MUST_USE;
int ledger_last_seq(struct db *, int64_t stream, int64_t *seq,
		    struct err *) MUST_USE; /* 0 = no such stream */
/* The highest and the lowest stream in use (0 when there is none but the desk): the next incident is one more, the next
 * change one less. */
struct ledger_ends {
	int64_t highest, lowest;
};
int ledger_ends(struct db *, struct ledger_ends *, struct err *) MUST_USE;
void ledger_ends_reach(struct ledger_ends *, int64_t stream); /* this one is in use, too */

struct ledger_row {
	struct event event; /* type set, body NULL: event_decode(event.type, json) makes it */
	struct str json;    /* the body; where redacted, what is left of it, which may be empty */
	bool is_redacted;
};
LIST_DECLARE(ledger_rows, struct ledger_row);
struct ledger_range {
	int64_t stream; /* LEDGER_ALL = every stream; `after` is then a pos, else a seq */
	int64_t after;	/* 0 = from the start */
	size_t limit;	/* rows; 0 = all */
};
#define LEDGER_ALL INT64_MIN
/* Rows in order, copied into the arena. ERR_BROKEN: an event of a type or version we do not know. */
int ledger_read(struct db *, const struct ledger_range *, struct arena *, struct ledger_rows *,
		struct err *) MUST_USE;

LIST_DECLARE(ledger_streams, int64_t);
int ledger_streams(struct db *, struct arena *, struct ledger_streams *,
		   struct err *) MUST_USE; /* ascending, 0 too */

/* Takes the body of the event at `target` away for good; `by_pos` is the pos of the event "body.redacted" appended in
 * the same transaction. The hash stays, so that the chain still verifies. */
int ledger_redact(struct db *, int64_t target, int64_t by_pos, struct err *) MUST_USE;

struct ledger_entry {
	int64_t stream, seq;
};
LIST_DECLARE(ledger_entries, struct ledger_entry);
/* The entries of incidents that repeat what this change is called and still have a body. Reads every event. */
int ledger_naming(struct db *, int64_t change, struct arena *, struct ledger_entries *,
		  struct err *) MUST_USE;

struct verify_report {
	int64_t events, inbox_rows, blobs; /* looked at */
	int64_t redacted, expired;	   /* bodies gone with a record of it */
	int64_t orphans;		   /* blobs' files without a row: no harm */
	int64_t bad_pos; /* event or inbox row at fault, 0 for a blob or when all is well */
	char what[200];	 /* "event 42: its body was changed"; empty when all is well */
};
/* Recomputes everything: hashes of events, bodies and inbox, gaps, blobs' files under `blob_folder` (NULL: not
 * looked at). Stops at the first bad one: *report says which and the result is -1 with ERR_BROKEN. */
int ledger_verify(struct db *, const char *blob_folder, struct verify_report *,
		  struct err *) MUST_USE;
/* "ok: 12 events, ... verify; ..." and a line end. */
void verify_say(const struct verify_report *, struct buf *);
#endif
