/* SPDX-License-Identifier: Apache-2.0 */
/* tar: the file a backup is: POSIX tar that any tar lists, written in one way only. Reading makes each header anew and
 * holds it against what is there, and wants padding to be zero, so that no changed byte passes. */
#ifndef APLOMB_ADMIN_TAR_H
#define APLOMB_ADMIN_TAR_H
#include "base/digest.h"
#include "base/err.h"

enum { TAR_BLOCK = 512, TAR_NAME_MAX = 99 };

struct tar {
	int fd;		  /* the caller's */
	const char *path; /* for sentences */
	int64_t at_s;	  /* of every entry, s since 1970 UTC; reading: of the first one */
	int64_t left;	  /* bytes of the entry at hand still to come */
	int64_t pad;	  /* zero bytes behind it */
	int64_t bytes;	  /* written or read so far */
};
int tar_put(struct tar *, const char *name, int64_t size, struct err *) MUST_USE;
int tar_add(struct tar *, struct str bytes, struct err *) MUST_USE; /* pads after the last one */
int tar_finish(struct tar *, struct err *) MUST_USE;

/* 1: an entry; 0: the end, and nothing behind it; -1: cut off or changed. `name` has TAR_NAME_MAX + 1 bytes. */
int tar_next(struct tar *, char *name, int64_t *size, struct err *) MUST_USE;
/* Up to `max` bytes of the entry; 0 = it was all. */
int tar_take(struct tar *, char *to, size_t max, size_t *got, struct err *) MUST_USE;
#endif
