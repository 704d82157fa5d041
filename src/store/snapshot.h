/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot: the desk's live alerts shard by shard, each as of an inbox row, so that a start reads only the tail. One of
 * each shard is kept. It saves time and holds nothing that the inbox does not: one that cannot be read is left out. */
#ifndef APLOMB_STORE_SNAPSHOT_H
#define APLOMB_STORE_SNAPSHOT_H
#include "base/buf.h"
#include "store/db.h"

struct snapshot {
	int64_t shard;
	int64_t inbox_id; /* the last row it knows of */
	struct str bytes; /* the engine's own format */
};
/* In a transaction of the writer. */
int snapshot_put(struct db *, const struct snapshot *, struct err *) MUST_USE;
/* The shard did not change: what is kept of it is as of this row, too. */
int snapshot_move(struct db *, int64_t shard, int64_t inbox_id, struct err *) MUST_USE;
/* fn for each shard, its bytes packed as they lie on disk and borrowed for the call. */
int snapshot_each(struct db *, void (*fn)(void *ctx, const struct snapshot *), void *ctx,
		  struct err *) MUST_USE;
/* Any thread. What is in `to` is replaced. False: the disk changed the bytes, or they are none of ours. */
bool snapshot_unpack(struct str packed, struct buf *to) MUST_USE;
#endif
