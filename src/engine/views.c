/* SPDX-License-Identifier: Apache-2.0 */
/* views: see views.h. */
#include "engine/views.h"

#include "engine/cache.h"
#include "engine/engine.h"
#include "store/view_change.h"

static int refill_change(struct db *db, int64_t stream, struct err *e)
{
	ARENA(a);
	struct change *c = core_blank(stream, &a);
	return cache_fold(db, stream, c, e) != 0 ? -1 : view_change_write(db, c, e);
}

static int refill_incident(struct db *db, int64_t stream, struct err *e)
{
	ARENA(a);
	struct folded f;
	if (engine_fold(db, stream, &a, &f, e) != 0 || view_write(db, f.incident, e) != 0)
		return -1;
	return deadline_set(db, stream, core_due(&incident_stream, f.incident), e);
}

static int refill(struct db *db, int64_t *incidents, struct err *e)
{
	ARENA(a);
	struct ledger_streams streams = { 0 };
	if (view_clear(db, e) != 0 || deadline_clear(db, e) != 0 ||
	    ledger_streams(db, &a, &streams, e) != 0)
		return -1;
	LIST_EACH (stream, &streams) {
		if (*stream < DESK_STREAM && refill_change(db, *stream, e) != 0)
			return -1;
		if (*stream > DESK_STREAM && refill_incident(db, *stream, e) != 0)
			return -1;
		*incidents += *stream > DESK_STREAM;
	}
	return 0;
}

int engine_rebuild_views(struct db *db, struct rebuilt *out, struct err *e)
{
	ARENA(a);
	struct buf before = BUF(&a), after = BUF(&a);
	*out = (struct rebuilt){ 0 };
	if (view_dump(db, &before, e) != 0 || refill(db, &out->incidents, e) != 0 ||
	    view_dump(db, &after, e) != 0)
		return -1;
	out->is_same = str_eq(buf_str(&before), buf_str(&after));
	return 0;
}
