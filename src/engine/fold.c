/* SPDX-License-Identifier: Apache-2.0 */
/* fold: one incident read back from the ledger, decoded once: what pages and exports are made of. The writer's own
 * states: cache.c. */
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

int engine_fold(struct db *db, int64_t stream, struct arena *a, struct folded *out, struct err *e)
{
	struct ledger_rows rows = { 0 };
	struct ledger_range all = { .stream = stream };
	*out = (struct folded){ 0 };
	if (stream <= DESK_STREAM)
		return err_refuse(e, ERR_NOT_FOUND, "There is no incident %lld.",
				  (long long)stream);
	if (ledger_read(db, &all, a, &rows, e) != 0)
		return -1;
	if (!rows.len)
		return err_refuse(e, ERR_NOT_FOUND, "There is no incident %lld.",
				  (long long)stream);
	out->incident = state_blank(&incident_stream, stream, a);
	LIST_EACH (row, &rows) {
		struct event *ev = LIST_ADD(a, &out->events);
		*ev = row->event;
		if (row->json.len && event_decode(a, ev->type, row->json, &ev->body, e) != 0)
			return err_context(e, "incident %lld", (long long)stream);
		core_evolve(&incident_stream, out->incident, ev);
	}
	return 0;
}
