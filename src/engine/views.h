/* SPDX-License-Identifier: Apache-2.0 */
/* views: every v_* row and deadline made anew from the ledger alone. */
#ifndef APLOMB_ENGINE_VIEWS_H
#define APLOMB_ENGINE_VIEWS_H
#include "store/store.h"

/* What both doors (the command and the server's socket) say when all is well. */
#define VERIFY_OK                                                                             \
	"ok: %lld events, %lld inbox rows and %lld blobs verify; %lld bodies redacted, %lld " \
	"expired\n"
#define REBUILD_OK "ok: the views of %lld incidents were made anew; %s those before\n"

struct rebuilt {
	int64_t incidents;
	bool is_same; /* the rows before and after are equal */
};
/* In the caller's transaction on the writing handle: engine_write's, or that of a process without an engine. */
int engine_rebuild_views(struct db *, struct rebuilt *, struct err *) MUST_USE;
#endif
