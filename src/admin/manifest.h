/* SPDX-License-Identifier: Apache-2.0 */
/* manifest: what a backup holds, as text, last in its tar:
 *     aplomb-backup 1
 *     made 2026-11-23T11:05:42Z
 *     events 1234 <hash of the last one>
 *     inbox 56 <hash of the last row>
 *     file aplomb.db 1234567 <SHA-256>
 *     file blobs/ab/cdef... 123 <SHA-256>
 *     end <SHA-256 of all lines above> */
#ifndef APLOMB_ADMIN_MANIFEST_H
#define APLOMB_ADMIN_MANIFEST_H
#include "store/store.h"

#define MANIFEST_NAME "manifest"
enum { MANIFEST_MAX_BYTES = 64 << 20 }; /* some 400,000 attachments */

struct manifest_file {
	struct str name;
	int64_t size;
	struct sha256 hash;
};
struct manifest {
	struct copy_facts facts;
	LIST_OF(struct manifest_file) files;
};
void manifest_write(const struct manifest *, struct buf *);
int manifest_read(struct str text, struct arena *, struct manifest *, struct err *) MUST_USE;
/* The same files with the same bytes, in the same order? */
bool manifest_equal(const struct manifest *, const struct manifest *);
#endif
