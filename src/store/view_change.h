/* SPDX-License-Identifier: Apache-2.0 */
/* view_change: changes as rows (v_change), for lists, for the ranking of suspects and to find one by its key. They follow
 * from the ledger alone, as all views (view.h). */
#ifndef APLOMB_STORE_VIEW_CHANGE_H
#define APLOMB_STORE_VIEW_CHANGE_H
#include "core/change.h"
#include "store/db.h"

/* Replaces the row of this change. */
int view_change_write(struct db *, const struct change *, struct err *) MUST_USE;

struct change_filter {
	int64_t since_ms, until_ms; /* began at or after, and before; 0 = no bound */
	struct str service;	    /* empty = all */
	int kind;		    /* enum change_kind; 0 = all */
	int64_t before;		    /* numbered below; 0 = from the newest */
	size_t limit;		    /* rows; 0 = VIEW_LIMIT */
};
/* By when they began, newest first. Rows and texts go into the arena; by.id is set, arena and seq are not. */
int view_changes(struct db *, const struct change_filter *, struct arena *, struct changes *,
		 struct err *) MUST_USE;
int view_change(struct db *, int64_t number, struct arena *, struct change *,
		struct err *) MUST_USE; /* ERR_NOT_FOUND */
/* 0 = none has this key. */
int view_change_by_key(struct db *, struct str key, int64_t *number, struct err *) MUST_USE;
/* The services that changes since then name, by name. */
int view_change_services(struct db *, int64_t since_ms, struct arena *, struct strs *,
			 struct err *) MUST_USE;
#endif
