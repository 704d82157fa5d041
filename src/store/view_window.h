/* SPDX-License-Identifier: Apache-2.0 */
/* view_window: what happened in a window of time, read from the views: changes that lie in it or reach into it, and which
 * incidents do. Only the window is read. */
#ifndef APLOMB_STORE_VIEW_WINDOW_H
#define APLOMB_STORE_VIEW_WINDOW_H
#include "core/change.h"
#include "store/db.h"

struct window {
	int64_t from_ms, to_ms; /* since 1970 UTC; to_ms is not in it */
	struct strs services;	/* any of these; empty = all */
	int kind;		/* enum change_kind; 0 = all */
	struct str environment,
		text;	/* empty = all; text: anywhere in what is told of it, ASCII case aside */
	int64_t before; /* behind this change, by when they began; 0 = from the newest */
	size_t limit;	/* rows */
};
/* By when they began, newest first. One that began earlier is in it when it ended in it, or runs still and began in the week
 * before: a sender that never told of an end does not stand there for ever. */
int window_changes(struct db *, const struct window *, struct arena *, struct changes *,
		   struct err *) MUST_USE;
/* How many began then or later. */
int window_count(struct db *, int64_t from_ms, int64_t *out, struct err *) MUST_USE;
/* The services that were changed last, at most `limit` of them; the environments of the window. */
int window_services(struct db *, size_t limit, struct arena *, struct strs *,
		    struct err *) MUST_USE;
int window_environments(struct db *, int64_t from_ms, struct arena *, struct strs *,
			struct err *) MUST_USE;
/* The incidents that were going on in it, newest first; merged ones are told by those they went into. */
LIST_DECLARE(window_ids, int64_t);
int window_incidents(struct db *, const struct window *, struct arena *, struct window_ids *,
		     struct err *) MUST_USE;
#endif
