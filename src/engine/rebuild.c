/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild: the live alerts from what is on disk: the snapshot, the inbox rows behind it, what incidents and the desk
 * hold; and the snapshot itself (one JSON object a line). */
#include "base/json.h"
#include "engine/inside.h"
#include "intake/envelope.h"

enum { SNAPSHOT_MAX_BYTES = 60 << 20 };

static int restore(struct engine *en, struct str bytes, struct err *e)
{
	struct str line;
	while (str_cut(&bytes, '\n', &line)) {
		ARENA(a);
		struct json *j;
		struct live_alert x = { 0 };
		if (!line.len)
			continue;
		if (json_parse(&a, line, &j, e) != 0 ||
		    fields_from_json(live_alert_fields, j, &x,
				     &(struct reading){ .arena = &a, .now_ms = 0 }, e) != 0)
			return err_context(e, "snapshot of the desk");
		live_restore(en->live, &x);
	}
	return 0;
}

static int take_row(void *ctx, const struct inbox_row *row, struct err *e)
{
	struct engine *en = ctx;
	ARENA(a);
	struct str name, kept;
	const struct integration *integration = integration_of_row(en, row->source, &name);
	const struct source *s = source_find(name);
	struct intake_request q = { .integration = integration,
				    .now_ms = row->received_ms,
				    .resolve_timeout_ms = LIVE_LEASE_MS };
	int64_t test_ends_ms = 0;
	struct intake_result result = { 0 };
	struct alert_flips flips = { 0 };
	struct err unread = { 0 };
	if (!s || row->is_rejected || row->is_expired)
		return 0;
	if (inbox_unpack(&a, row, &kept, e) != 0 ||
	    envelope_open(kept, &a, &q, &test_ends_ms, e) != 0)
		return -1;
	if (s->read(&q, &a, &result, &unread) != 0)
		return 0;
	if (test_ends_ms)
		envelope_mark_test(&result, test_ends_ms, &a);
	live_take(en->live, &result, row->received_ms, &a, &flips);
	live_mark(en->live, &result, row->received_ms, row->id);
	return 0;
}

static int follow_open_incidents(struct engine *en, struct err *e)
{
	ARENA(a);
	struct open_incidents open = { 0 };
	void *state;
	if (view_open(en->db, &a, &open, e) != 0 ||
	    cache_get(&en->cache, en->db, DESK_STREAM, &state, e) != 0)
		return -1;
	live_follow_desk(en->live, state);
	board_follow(en->board, state);
	board_forget_incidents(en->board);
	LIST_EACH (o, &open) {
		if (cache_get(&en->cache, en->db, o->id, &state, e) != 0 && e->code == ERR_STORE)
			return -1;
		if (e->code != ERR_NONE) { /* one stream that cannot be read stops no other */
			*e = (struct err){ 0 };
			continue;
		}
		link_groups(en, state);
		LIST_EACH (alert, &((struct incident *)state)->alerts)
			live_link(en->live, alert->fingerprint, o->id);
	}
	return 0;
}

int desk_rebuild(struct engine *en, struct err *e)
{
	ARENA(a);
	struct snapshot s = { 0 };
	live_reset(en->live);
	if (integrations_load(en, e) != 0 || snapshot_get(en->db, &a, &s, e) != 0 ||
	    restore(en, s.bytes, e) != 0)
		return -1;
	struct inbox_walk tail = { .after_id = s.inbox_id, .fn = take_row, .ctx = en };
	if (inbox_each(en->db, &tail, e) != 0 || follow_open_incidents(en, e) != 0)
		return -1;
	en->snapshot_id = s.inbox_id;
	live_renew_leases(en->live, en->world->now_ms(en->world));
	return 0;
}

int desk_snapshot(struct engine *en, struct err *e)
{
	ARENA(a);
	struct live_alerts all = { 0 };
	struct buf lines = { .arena = &a, .max = SNAPSHOT_MAX_BYTES };
	live_list(en->live, &a, &all);
	LIST_EACH (x, &all) {
		fields_to_json(live_alert_fields, x, &lines);
		buf_c(&lines, '\n');
	}
	if (lines.too_big) {			/* the tail alone still rebuilds it, only slower */
		en->snapshot_id = en->inbox.id; /* no second try before as many rows again */
		return 0;
	}
	struct snapshot s = { .inbox_id = en->inbox.id, .bytes = buf_str(&lines) };
	if (db_begin(en->db, e) != 0)
		return -1;
	if (snapshot_put(en->db, &s, e) != 0) {
		db_rollback(en->db);
		return -1;
	}
	if (db_commit(en->db, e) != 0)
		return -1;
	en->snapshot_id = en->inbox.id;
	return 0;
}
