/* SPDX-License-Identifier: Apache-2.0 */
/* fold: one incident, or one change, read back from the ledger, decoded once: what pages and exports are made of. The writer's own
 * states: cache.c. */
#include <stdlib.h>

#include "core/event.h"
#include "core/redact.h"
#include "engine/cache.h"
#include "engine/engine.h"

const struct event *folded_redaction(const struct folded *f, int64_t seq)
{
	LIST_EACH (ev, &f->events)
		if (ev->type == &redact_events[REDACT_BODY] && ev->body && ev->seq > seq &&
		    ((const struct redacted *)ev->body)->entry == seq)
			return ev;
	return NULL;
}

static int fold(struct db *db, int64_t stream, struct arena *a, struct folded *out, struct err *e)
{
	void *state = core_blank(stream, a);
	const struct stream_type *type = stream_type_of(stream);
	struct ledger_rows rows = { 0 };
	struct ledger_range all = { .stream = stream };
	if (ledger_read(db, &all, a, &rows, e) != 0)
		return -1;
	if (!rows.len)
		return err_refuse(e, ERR_NOT_FOUND, "There is no %s %lld.", type->name,
				  llabs(stream));
	out->incident = type == &incident_stream ? state : NULL;
	out->change = type == &change_stream ? state : NULL;
	LIST_EACH (row, &rows) {
		struct event *ev = LIST_ADD(a, &out->events);
		*ev = row->event;
		if (row->json.len && event_decode(a, ev->type, row->json, &ev->body, e) != 0)
			return err_context(e, "%s %lld", type->name, llabs(stream));
		core_evolve(type, state, ev);
	}
	return 0;
}

int engine_fold(struct db *db, int64_t stream, struct arena *a, struct folded *out, struct err *e)
{
	*out = (struct folded){ 0 };
	if (stream <= DESK_STREAM)
		return err_refuse(e, ERR_NOT_FOUND, "There is no incident %lld.",
				  (long long)stream);
	return fold(db, stream, a, out, e);
}

int engine_fold_change(struct db *db, int64_t number, struct arena *a, struct folded *out,
		       struct err *e)
{
	*out = (struct folded){ 0 };
	if (number < 1)
		return err_refuse(e, ERR_NOT_FOUND, "There is no change %lld.", (long long)number);
	return fold(db, -number, a, out, e);
}
