/* SPDX-License-Identifier: Apache-2.0 */
/* views: every v_* row and deadline made anew from the ledger alone. */
#ifndef APLOMB_ENGINE_VIEWS_H
#define APLOMB_ENGINE_VIEWS_H
#include "engine/engine.h"

/* What both doors (the command and the server's socket) say when all is well; of verify: verify_say. */
#define REBUILD_OK "ok: the views of %lld incidents were made anew; %s those before\n"

struct rebuilt {
	int64_t incidents;
	bool is_same; /* the rows before and after are equal */
};
/* In the caller's transaction on the writing handle: engine_write's, or that of a process without an engine. */
int engine_rebuild_views(struct db *, struct rebuilt *, struct err *) MUST_USE;

/* A copy of the database under blobs/tmp as of one moment, and a row that names the backup it is for; *path is in the
 * arena; who asked removes the file. With `en` NULL the row is written by this process, which has no engine. */
struct store_copying {
	struct store *store;
	struct arena *arena;
	struct backup *row; /* its name is given, the rest filled in */
};
int engine_copy(struct engine *en, struct store_copying *, struct str *path, struct err *) MUST_USE;
#endif
