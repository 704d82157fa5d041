/* SPDX-License-Identifier: Apache-2.0 */
/* hub: the newest events, decoded, for streams that follow the ledger. What is older is read from the database. */
#ifndef APLOMB_ENGINE_HUB_H
#define APLOMB_ENGINE_HUB_H
#include "engine/engine.h"

enum {
	HUB_EVENTS = 1024,	   /* kept in memory */
	HUB_RESYNC_EVENTS = 10000, /* further behind, a page had better load anew */
	HUB_FILL_BYTES = 64 << 10,
};

struct hub;					     /* thread-safe */
struct hub *hub_new(struct db *reader, int64_t pos); /* takes the reader over */
void hub_free(struct hub **);
void hub_add(struct hub *, const struct event *); /* copies; in order of pos */
void hub_forget(struct hub *, int64_t pos);	  /* it was redacted: it is told no more */
int64_t hub_pos(struct hub *);
bool hub_admits(struct hub *, const struct watcher *); /* see engine_may_watch; always looks */
int64_t hub_fill(struct hub *, int64_t stream, int64_t cursor, const struct names *, struct buf *);
#endif
