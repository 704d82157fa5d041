/* SPDX-License-Identifier: Apache-2.0 */
/* verify: recomputes every hash of the ledger, the inbox and the blobs (ledger_verify in ledger.h). It trusts nothing that
 * it reads: a row that was changed by hand must be named, not believed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/blob.h"
#include "store/inbox.h"
#include "store/ledger.h"
#include "store/view.h"
#include "store/stmt.h"
#include "world/world.h"

struct proof {
	struct db *db;
	struct verify_report *report;
	struct sha256 head; /* of the chain at hand */
	int64_t next;	    /* the pos or id that must come now */
};

static int bad(struct verify_report *r, int64_t pos, const char *what, struct err *e)
{
	r->bad_pos = pos;
	(void)snprintf(r->what, sizeof(r->what), "%s", what);
	return err_fail(e, ERR_BROKEN, "%s", what);
}

static int bad_event(struct verify_report *r, int64_t pos, const char *what, struct err *e)
{
	char text[160];
	(void)snprintf(text, sizeof(text), "event %lld: %s.", (long long)pos, what);
	return bad(r, pos, text, e);
}

static int bad_inbox(struct verify_report *r, int64_t id, const char *what, struct err *e)
{
	char text[160];
	(void)snprintf(text, sizeof(text), "inbox row %lld: %s.", (long long)id, what);
	return bad(r, id, text, e);
}

static bool hash_equal(const struct sha256 *a, const struct sha256 *b)
{
	return str_eq((struct str){ (const char *)a->b, SHA256_BYTES },
		      (struct str){ (const char *)b->b, SHA256_BYTES });
}

/* The hash that the row must have; its type's name and version are the row's, known to this version or not. */
static struct sha256 event_row_hash(const struct stmt *s, const struct sha256 *prev,
				    const struct sha256 *body_hash)
{
	ARENA(a);
	struct event_type type = { .name = str_z(&a, stmt_col_text(s, "type")),
				   .version = (int)stmt_col_int(s, "version") };
	struct event event = {
		.stream = stmt_col_int(s, "stream"),
		.seq = stmt_col_int(s, "seq"),
		.recorded_ms = stmt_col_int(s, "recorded_ms"),
		.happened_ms = stmt_col_int(s, "happened_ms"),
		.actor = stmt_col_text(s, "actor"),
		.type = &type,
	};
	return event_hash(prev, &event, body_hash);
}

static int verify_event(struct proof *p, const struct stmt *s, struct err *e)
{
	int64_t pos = stmt_col_int(s, "pos");
	if (pos != p->next)
		return bad_event(p->report, p->next, "it is missing", e);
	struct sha256 body_hash, hash;
	if (!stmt_col_hash(s, "body_hash", &body_hash) || !stmt_col_hash(s, "hash", &hash))
		return bad_event(p->report, pos, "its hash is not a hash", e);
	if (!stmt_col_is_null(s, "body")) {
		struct sha256 got = event_body_hash(stmt_col_blob(s, "salt"),
						    stmt_col_text(s, "body"));
		if (!hash_equal(&got, &body_hash))
			return bad_event(p->report, pos, "its body was changed", e);
	} else if (stmt_col_int(s, "redacted_by") > 0) {
		p->report->redacted++;
	} else {
		return bad_event(p->report, pos, "its body is gone and no event says why", e);
	}
	struct sha256 want = event_row_hash(s, &p->head, &body_hash);
	if (!hash_equal(&want, &hash))
		return bad_event(p->report, pos, "it or the hash before it was changed", e);
	p->head = hash;
	p->next = pos + 1;
	p->report->events++;
	return 0;
}

static int verify_events(struct proof *p, struct err *e)
{
	STMT(s, p->db, Q_LEDGER_PROOF);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (verify_event(p, &s, e))
			return -1;
	if (got)
		return -1;
	STMT(gap, p->db, Q_LEDGER_GAP);
	got = stmt_next(&gap, e);
	if (got > 0)
		return bad_event(p->report, stmt_col_int(&gap, "pos"), "its stream has a gap", e);
	return got;
}

static int verify_inbox_body(struct proof *p, const struct inbox_row *row, struct err *e)
{
	ARENA(a);
	struct str body;
	struct err ignored = { 0 };
	if (inbox_unpack(&a, row, &body, &ignored))
		return bad_inbox(p->report, row->id, "its body cannot be unpacked", e);
	struct sha256 got = inbox_body_hash(row, body);
	if ((int64_t)body.len != row->bytes || !hash_equal(&got, &row->body_hash))
		return bad_inbox(p->report, row->id, "its body was changed", e);
	return 0;
}

static int verify_inbox_row(struct proof *p, const struct stmt *s, struct err *e)
{
	struct inbox_row row = {
		.id = stmt_col_int(s, "id"),
		.received_ms = stmt_col_int(s, "received_ms"),
		.source = stmt_col_text(s, "source"),
		.is_rejected = str_is(stmt_col_text(s, "status"), "rejected"),
		.reason = stmt_col_text(s, "reason"),
		.bytes = stmt_col_int(s, "bytes"),
		.is_of_body = stmt_col_int(s, "of_packed") == 0,
		.salt = stmt_col_blob(s, "salt"),
		.packed = stmt_col_blob(s, "packed"),
		.is_expired = stmt_col_is_null(s, "packed"),
	};
	struct sha256 hash;
	if (row.id != p->next)
		return bad_inbox(p->report, p->next, "it is missing", e);
	if (!stmt_col_hash(s, "body_hash", &row.body_hash) || !stmt_col_hash(s, "hash", &hash))
		return bad_inbox(p->report, row.id, "its hash is not a hash", e);
	if (!row.is_expired) {
		if (verify_inbox_body(p, &row, e))
			return -1;
	} else if (stmt_col_int(s, "redacted_by") > 0) {
		p->report->redacted++;
	} else if (stmt_col_int(s, "expired_by") > 0) {
		p->report->expired++;
	} else {
		return bad_inbox(p->report, row.id, "its body is gone and no event says why", e);
	}
	struct sha256 want = inbox_hash(&p->head, &row);
	if (!hash_equal(&want, &hash))
		return bad_inbox(p->report, row.id, "it or the hash before it was changed", e);
	p->head = hash;
	p->next = row.id + 1;
	p->report->inbox_rows++;
	return 0;
}

static int verify_inbox(struct proof *p, struct err *e)
{
	p->head = (struct sha256){ 0 };
	p->next = 1;
	STMT(s, p->db, Q_INBOX_EACH);
	stmt_int(&s, "after", 0);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (verify_inbox_row(p, &s, e))
			return -1;
	return got;
}

/* Reads the whole file; false when it cannot be read or is longer or shorter than it must be. */
static bool file_hash(const char *path, int64_t size, struct sha256 *out)
{
	char bytes[1 << 16];
	FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	struct sha256_stream *stream = sha256_new();
	int64_t total = 0;
	ssize_t n;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		total += n;
		sha256_add(stream, (struct str){ bytes, (size_t)n });
	}
	*out = sha256_end(&stream);
	return n == 0 && total == size;
}

static int verify_blob(struct proof *p, const char *folder, const struct stmt *s, struct err *e)
{
	ARENA(a);
	struct str hash = stmt_col_text(s, "hash");
	struct sha256 got;
	char text[160];
	if (stmt_col_int(s, "redacted_by") > 0) {
		p->report->redacted++;
		return 0;
	}
	const char *path = str_fmt(&a, "%s/%.2s/%s", folder, str_z(&a, hash),
				   str_z(&a, str_sub(hash, 2, hash.len)))
				   .at;
	if (blob_hash_is_valid(hash) && file_hash(path, stmt_col_int(s, "size"), &got) &&
	    str_eq(hex_of(&a, (struct str){ (const char *)got.b, SHA256_BYTES }), hash)) {
		p->report->blobs++;
		return 0;
	}
	(void)snprintf(text, sizeof(text), "attachment " STR_FMT " is missing or was changed.",
		       STR_ARG(str_clip(hash, 64)));
	return bad(p->report, 0, text, e);
}

static int verify_blobs(struct proof *p, const char *folder, struct err *e)
{
	STMT(s, p->db, Q_BLOB_PROOF);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (verify_blob(p, folder, &s, e))
			return -1;
	return got;
}

static int is_known(struct proof *p, struct str hash, struct err *e)
{
	STMT(s, p->db, Q_BLOB_IS_KNOWN);
	stmt_text(&s, "hash", hash);
	return stmt_next(&s, e);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		(void)closedir(*folder);
}
#define FOLDER __attribute__((cleanup(close_folder))) DIR

/* Files that no row knows are no harm: an upload that was cut off, left to the next sweep. They are counted. */
static int count_orphans(struct proof *p, const char *folder, const char *prefix, struct err *e)
{
	ARENA(a);
	FOLDER *files = opendir(str_fmt(&a, "%s/%s", folder, prefix).at);
	struct dirent *entry;
	while (files && (entry = readdir(files))) {
		struct str hash = str_fmt(&a, "%s%s", prefix, entry->d_name);
		int known = blob_hash_is_valid(hash) ? is_known(p, hash, e) : 1;
		if (known < 0)
			return -1;
		p->report->orphans += known == 0;
	}
	return 0;
}

static int verify_orphans(struct proof *p, const char *folder, struct err *e)
{
	FOLDER *prefixes = opendir(folder);
	struct dirent *entry;
	while (prefixes && (entry = readdir(prefixes)))
		if (strlen(entry->d_name) == 2 && entry->d_name[0] != '.' &&
		    count_orphans(p, folder, entry->d_name, e))
			return -1;
	return 0;
}

/* A chain whose end was cut off still fits together; the lists know how far it went. */
static int verify_end(struct proof *p, struct err *e)
{
	struct missing_end gone;
	if (view_missing_end(p->db, &gone, e))
		return -1;
	if (!gone.incident)
		return 0;
	(void)snprintf(p->report->what, sizeof(p->report->what),
		       "INC-%lld had %lld events, and the ledger ends at its event %lld",
		       (long long)gone.incident, (long long)gone.wanted_seq,
		       (long long)gone.found_seq);
	return err_fail(e, ERR_BROKEN, "%s", p->report->what);
}

int ledger_verify(struct db *db, const char *blob_folder, struct verify_report *report,
		  struct err *e)
{
	*report = (struct verify_report){ 0 };
	struct proof p = { .db = db, .report = report, .next = 1 };
	if (verify_events(&p, e) || verify_inbox(&p, e) || verify_end(&p, e))
		return -1;
	if (!blob_folder)
		return 0;
	return verify_blobs(&p, blob_folder, e) || verify_orphans(&p, blob_folder, e) ? -1 : 0;
}

void verify_say(const struct verify_report *r, struct buf *b)
{
	buf_fmt(b,
		"ok: %lld events, %lld inbox rows and %lld blobs verify; %lld bodies redacted, "
		"%lld "
		"expired",
		(long long)r->events, (long long)r->inbox_rows, (long long)r->blobs,
		(long long)r->redacted, (long long)r->expired);
	if (r->orphans)
		buf_fmt(b, "; %lld files that nothing cites yet", (long long)r->orphans);
	buf_c(b, '\n');
}
