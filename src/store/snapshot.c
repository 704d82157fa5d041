/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot: see snapshot.h. */
#include "store/snapshot.h"

#include <zstd.h>

#include "store/stmt.h"

enum { PACK_LEVEL = -3 }; /* the writer waits for it: speed before size */

/* With a checksum: what the disk changed must not become alerts. */
static struct str pack(struct arena *a, struct str bytes)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(bytes.len);
	char *to = arena_raw(a, room);
	(void)ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, PACK_LEVEL);
	(void)ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	size_t n = z ? ZSTD_compress2(z, to, room, bytes.at, bytes.len) : 0;
	(void)ZSTD_freeCCtx(z);
	return (struct str){ to, ZSTD_isError(n) ? 0 : n };
}

bool snapshot_unpack(struct str packed, struct buf *to)
{
	unsigned long long n = ZSTD_getFrameContentSize(packed.at, packed.len);
	if (n == ZSTD_CONTENTSIZE_ERROR || n == ZSTD_CONTENTSIZE_UNKNOWN || n > BUF_MAX_BYTES)
		return false;
	to->len = 0;
	char *room = buf_room(to, (size_t)n);
	return room && ZSTD_decompress(room, (size_t)n, packed.at, packed.len) == n;
}

int snapshot_move(struct db *db, int64_t shard, int64_t inbox_id, struct err *e)
{
	STMT(s, db, Q_SNAPSHOT_PUT);
	stmt_int(&s, "shard", shard);
	stmt_int(&s, "inbox_id", inbox_id);
	return stmt_run(&s, e);
}

int snapshot_put(struct db *db, const struct snapshot *snapshot, struct err *e)
{
	ARENA(a);
	struct str packed = pack(&a, snapshot->bytes);
	if (!packed.len)
		return err_fail(e, ERR_FAILED, "A snapshot of the desk could not be packed.");
	if (snapshot_move(db, snapshot->shard, snapshot->inbox_id, e) != 0)
		return -1;
	STMT(s, db, Q_SNAPSHOT_PUT_BODY);
	stmt_int(&s, "shard", snapshot->shard);
	stmt_blob(&s, "packed", packed);
	return stmt_run(&s, e);
}

int snapshot_each(struct db *db, void (*fn)(void *ctx, const struct snapshot *), void *ctx,
		  struct err *e)
{
	STMT(s, db, Q_SNAPSHOT_EACH);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		struct snapshot x = { .shard = stmt_col_int(&s, "shard"),
				      .inbox_id = stmt_col_int(&s, "inbox_id"),
				      .bytes = stmt_col_blob(&s, "packed") };
		fn(ctx, &x);
	}
	return got;
}
