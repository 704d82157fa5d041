/* SPDX-License-Identifier: Apache-2.0 */
/* request: idempotency: what a key did the first time, for a day. */
#ifndef APLOMB_STORE_REQUEST_H
#define APLOMB_STORE_REQUEST_H
#include "base/field.h"
#include "store/db.h"

struct idem_request {
	struct str key, actor;		/* the same key of two actors is two keys */
	struct str fingerprint;		/* of verb, stream and fields: a hash */
	int64_t stream, seq, pos, made; /* its outcome */
	struct str said;
	struct when created;
};
extern const struct field request_fields[];
#define REQUEST_KEEP_MS ((int64_t)24 * 3600 * 1000)
enum { REQUEST_KEY_MAX = 200 }; /* bytes; longer keys are refused */

/* From key, actor and fingerprint. 0 with *is_known false: new. 0 with true: the outcome is filled in (texts in the
 * arena). ERR_IDEM_REUSED: the key was used for something else. */
int request_find(struct db *, struct arena *, struct idem_request *, bool *is_known,
		 struct err *) MUST_USE;
int request_keep(struct db *, const struct idem_request *,
		 struct err *) MUST_USE;	       /* sets created by the clock */
int request_sweep(struct db *, struct err *) MUST_USE; /* older than REQUEST_KEEP_MS */
#endif
