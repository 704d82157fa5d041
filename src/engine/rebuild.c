/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild: the live alerts from what is on disk: each shard's snapshot, the inbox rows behind it, what incidents and the
 * desk hold; and those snapshots. While alerts come in they are written one shard at a time, each in its turn, so that
 * nobody waits for long and the rows behind the oldest stay few. */
#include "engine/inside.h"
#include "intake/envelope.h"
#include "intake/glance.h"

enum {
	SAVE_LEAST_BYTES = 512 << 10, /* of bodies between two shards: below, a start reads
				       * them in no time */
	SAVE_RATIO =
		16, /* and as many times the shard's size, so that saving stays a fraction of taking in */
	SAVE_ROWS = 2000, /* inbox rows behind which a snapshot is worth it at rest */
};

/* As when it came: a start has as many to read as came since the snapshots. */
static bool read_in_place(struct engine *en, const struct source *s, const struct intake_request *q,
			  struct arena *a, struct intake_result *out)
{
	struct glances glances;
	return str_is(str_of(s->name), "prometheus") &&
	       glance(engine_glance_key(en), q, a, &glances) &&
	       glance_read(&glances, q->body, a, out);
}

int desk_read_row(struct engine *en, const struct inbox_row *row, struct arena *a,
		  struct intake_result *out, struct err *e)
{
	struct str name, kept;
	struct intake_request q = { .integration = integration_of_row(en, row->source, &name),
				    .now_ms = row->received_ms,
				    .resolve_timeout_ms = LIVE_LEASE_MS };
	const struct source *s = source_find(name);
	struct err unread = { 0 };
	int64_t test_ends_ms = 0;
	if (!s || row->is_rejected || row->is_expired)
		return 1;
	if (inbox_unpack(a, row, &kept, e) != 0 ||
	    envelope_open(kept, a, &q, &test_ends_ms, e) != 0)
		return -1;
	if (!read_in_place(en, s, &q, a, out) && s->read(&q, a, out, &unread) != 0)
		return 1;
	if (test_ends_ms)
		envelope_mark_test(out, test_ends_ms, a);
	return 0;
}

static int take_row(void *ctx, const struct inbox_row *row, struct err *e)
{
	struct engine *en = ctx;
	ARENA(a);
	struct intake_result result = { 0 };
	struct alert_flips flips = { 0 };
	int read = desk_read_row(en, row, &a, &result, e);
	if (read != 0)
		return read < 0 ? -1 : 0;
	(void)live_take(en->live,
			&(struct live_taking){ &result, row->source, row->received_ms, row->id,
					       true, true },
			&a, &flips);
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

int64_t desk_saved_id(const struct engine *en)
{
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		if (en->shard_id[i] < least)
			least = en->shard_id[i];
	return least;
}

int desk_rebuild(struct engine *en, struct err *e)
{
	live_reset(en->live);
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		en->shard_id[i] = 0;
	if (integrations_load(en, e) != 0 || services_load(en, e) != 0 || desk_thaw(en, e) != 0)
		return -1;
	struct inbox_walk tail = { .after_id = desk_saved_id(en), .fn = take_row, .ctx = en };
	if (inbox_each(en->db, &tail, e) != 0 || follow_open_incidents(en, e) != 0)
		return -1;
	live_renew_leases(en->live, en->world->now_ms(en->world));
	live_settle(en->live);
	return 0;
}

/* 1: there is too much in it for one snapshot; the inbox alone still rebuilds it. */
static int save_shard(struct engine *en, size_t shard, struct err *e)
{
	ARENA(a);
	if (en->shard_id[shard] && !live_shard_changed(en->live, shard))
		return snapshot_move(en->db, (int64_t)shard, en->inbox.id, e);
	struct snapshot s = { .shard = (int64_t)shard,
			      .inbox_id = en->inbox.id,
			      .bytes = live_shard_save(en->live, shard, &a) };
	return s.bytes.len ? snapshot_put(en->db, &s, e) : 1;
}

int desk_save_one(struct engine *en, struct err *e)
{
	size_t shard = en->shard_next;
	en->shard_next = (shard + 1) % LIVE_SHARDS;
	en->unsaved_bytes = 0;
	if (en->saves_due)
		en->saves_due--;
	if (en->must_reload || db_begin(en->db, e) != 0)
		return -1;
	crash_point(en->world, "snapshot");
	int saved = save_shard(en, shard, e);
	if (saved != 0) {
		db_rollback(en->db);
		return saved;
	}
	if (db_commit(en->db, e) != 0)
		return -1;
	live_shard_saved(en->live, shard);
	en->shard_id[shard] = en->inbox.id;
	return 0;
}

bool desk_should_save(const struct engine *en, bool at_rest)
{
	if (at_rest)
		return en->saves_due || en->inbox.id - desk_saved_id(en) >= SAVE_ROWS;
	int64_t shard = SAVE_RATIO * (int64_t)live_shard_bytes(en->live, en->shard_next);
	return en->unsaved_bytes >= SAVE_LEAST_BYTES && en->unsaved_bytes >= shard;
}

static int save_shards(struct engine *en, bool is_saved[LIVE_SHARDS], struct err *e)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		int saved = save_shard(en, i, e);
		if (saved < 0)
			return -1;
		is_saved[i] = saved == 0;
	}
	return 0;
}

int desk_save_all(struct engine *en, struct err *e)
{
	bool is_saved[LIVE_SHARDS];
	if (en->must_reload || db_begin(en->db, e) != 0)
		return -1;
	crash_point(en->world, "snapshot");
	if (save_shards(en, is_saved, e) != 0) {
		db_rollback(en->db);
		return -1;
	}
	if (db_commit(en->db, e) != 0)
		return -1;
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		if (!is_saved[i])
			continue;
		live_shard_saved(en->live, i);
		en->shard_id[i] = en->inbox.id;
	}
	return 0;
}

int desk_save_within(struct engine *en, struct err *e)
{
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		int saved = save_shard(en, i, e);
		if (saved != 0)
			return saved < 0 ? -1
					 : err_fail(e, ERR_STORE,
						    "The live alerts are too many to be saved.");
		en->shard_id[i] = en->inbox.id;
	}
	return 0;
}
