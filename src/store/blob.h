/* SPDX-License-Identifier: Apache-2.0 */
/* blob: attachments as files named by their SHA-256: blobs/ab/cdef... . A file first, then the row, then the event that
 * cites it; what no event cites goes after a day. */
#ifndef APLOMB_STORE_BLOB_H
#define APLOMB_STORE_BLOB_H
#include "base/digest.h"
#include "base/field.h"
#include "store/db.h"

struct store;
struct blob_file; /* one being received; any thread, one at a time */

struct blob {
	struct str hash; /* 64 hex digits */
	int64_t size;	 /* bytes */
	struct str type; /* media type, as the sender said; shown as an attachment anyway */
	struct when at;
};
extern const struct field blob_fields[];
#define BLOB_ORPHAN_MS ((int64_t)24 * 3600 * 1000)

int blob_begin(struct store *, struct blob_file **, struct err *) MUST_USE;
int blob_add(struct blob_file *, struct str bytes, struct err *) MUST_USE;
/* fsync, rename, fsync of the folder; sets hash and size. Ends the file whatever comes of it. */
int blob_end(struct blob_file **, struct arena *, struct blob *, struct err *) MUST_USE;
void blob_drop(struct blob_file **); /* gives up; NULL inside is fine */

/* The row, from hash, size and type; the same blob again is fine. ERR_CONFLICT: it was redacted. Writer. */
int blob_note(struct db *, const struct blob *, struct err *) MUST_USE;
int blob_get(struct db *, struct str hash, struct arena *, struct blob *,
	     struct err *) MUST_USE;	  /* ERR_NOT_FOUND */
bool blob_hash_is_valid(struct str hash); /* 64 lower-case hex digits */
/* blobs/ab/cdef... under the folder; NULL when it is no hash. */
const char *blob_path(const struct store *, struct str hash, struct arena *);
/* Opens it for reading; the caller closes. ERR_NOT_FOUND. */
int blob_open(const struct store *, struct str hash, int *fd, struct err *) MUST_USE;
/* Removes files and rows older than BLOB_ORPHAN_MS that no event cites, and uploads left half done. On the writer's
 * thread, inside a transaction. */
int blob_sweep(struct store *, int64_t *removed, struct err *) MUST_USE;
bool blob_any(const char *blob_folder); /* is a file in there that was received whole? */
const char *store_blob_folder(const struct store *);
#endif
