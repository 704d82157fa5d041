/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the folder: its lock, handles, transactions, migrations, small rows. */
#include "fixture.h"

#include <sys/wait.h>

TEST(every_query_is_sound)
{
	FIXTURE(f, w);
	(void)w;
	OK(f, store_check(f.store, &f.e));
}

TEST(refuses_a_second_process)
{
	FIXTURE(f, w);
	(void)w;
	pid_t child = fork();
	if (child == 0) {
		struct store *second = NULL;
		struct err e = { 0 };
		int got = store_open(&f.world, f.folder, &second, &e);
		_exit(got == -1 && e.code == ERR_CONFLICT && e.next[0] ? 0 : 1);
	}
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(&f.store);
	fixture_open(&f);
}

TEST(reader_sees_commits_and_never_writes)
{
	FIXTURE(f, w);
	DB *r = NULL;
	struct str v;
	OK(f, store_reader(f.store, &r, &f.e));
	OK(f, db_begin(w, &f.e));
	OK(f, setting_set(w, "zone", STR("Europe/Berlin"), &f.e));
	OK(f, setting_get(r, "zone", &f.arena, &v, &f.e));
	assert_str(v, "");
	OK(f, db_commit(w, &f.e));
	OK(f, setting_get(r, "zone", &f.arena, &v, &f.e));
	assert_str(v, "Europe/Berlin");
	REFUSED(f, setting_set(r, "zone", STR("UTC"), &f.e), ERR_STORE);
}

TEST(reader_transaction_is_one_moment)
{
	FIXTURE(f, w);
	DB *r = NULL;
	struct str v;
	OK(f, setting_set(w, "k", STR("1"), &f.e));
	OK(f, store_reader(f.store, &r, &f.e));
	OK(f, db_begin(r, &f.e));
	OK(f, setting_get(r, "k", &f.arena, &v, &f.e));
	OK(f, setting_set(w, "k", STR("2"), &f.e));
	OK(f, setting_get(r, "k", &f.arena, &v, &f.e));
	assert_str(v, "1");
	db_rollback(r);
	OK(f, setting_get(r, "k", &f.arena, &v, &f.e));
	assert_str(v, "2");
}

TEST(undo_takes_back_one_command)
{
	FIXTURE(f, w);
	struct str v;
	OK(f, db_begin(w, &f.e));
	OK(f, db_mark(w, &f.e));
	OK(f, setting_set(w, "first", STR("kept"), &f.e));
	OK(f, db_release(w, &f.e));
	OK(f, db_mark(w, &f.e));
	OK(f, setting_set(w, "second", STR("gone"), &f.e));
	OK(f, db_undo(w, &f.e));
	OK(f, db_commit(w, &f.e));
	OK(f, setting_get(w, "first", &f.arena, &v, &f.e));
	assert_str(v, "kept");
	OK(f, setting_get(w, "second", &f.arena, &v, &f.e));
	assert_str(v, "");
	REFUSED(f, db_mark(w, &f.e), ERR_STORE);
}

TEST(checkpoint_empties_the_wal)
{
	FIXTURE(f, w);
	OK(f, setting_set(w, "k", STR("v"), &f.e));
	assert_true(store_wal_pages(f.store) > 0);
	OK(f, store_checkpoint(f.store, false, &f.e));
	assert_int_equal(store_wal_pages(f.store), 0);
	OK(f, setting_set(w, "k", STR("w"), &f.e));
	OK(f, store_checkpoint(f.store, true, &f.e));
	assert_int_equal(store_wal_pages(f.store), 0);
}

TEST(refuses_a_newer_or_changed_schema)
{
	FIXTURE(f, w);
	(void)w;
	store_close(&f.store);
	assert_int_equal(fixture_sql(&f, "INSERT INTO migration VALUES (9999, 'future', 'x', 1)"),
			 SQLITE_OK);
	REFUSED(f, store_open(&f.world, f.folder, &f.store, &f.e), ERR_BROKEN);
	assert_int_equal(fixture_sql(&f, "DELETE FROM migration WHERE number = 9999"), SQLITE_OK);
	fixture_open(&f);
	store_close(&f.store);
	assert_int_equal(fixture_sql(&f, "UPDATE migration SET sha256 = 'x' WHERE number = 1"),
			 SQLITE_OK);
	REFUSED(f, store_open(&f.world, f.folder, &f.store, &f.e), ERR_BROKEN);
}

TEST(deadlines_come_due_in_order)
{
	FIXTURE(f, w);
	int64_t due = 0;
	struct deadlines list = { 0 };
	OK(f, deadline_next(w, &due, &f.e));
	assert_true(due == NOTHING_DUE);
	OK(f, deadline_set(w, 2, 200, &f.e));
	OK(f, deadline_set(w, 1, 300, &f.e));
	OK(f, deadline_set(w, 1, 100, &f.e));
	OK(f, deadline_set(w, 3, 50, &f.e));
	OK(f, deadline_set(w, 3, NOTHING_DUE, &f.e));
	OK(f, deadline_next(w, &due, &f.e));
	assert_int_equal(due, 100);
	OK(f, deadline_due(w, 199, &f.arena, &list, &f.e));
	assert_int_equal(list.len, 1);
	OK(f, deadline_due(w, 200, &f.arena, &list, &f.e));
	assert_int_equal(list.len, 3);
	assert_int_equal(list.at[1].stream, 1);
	assert_int_equal(list.at[2].stream, 2);
}

struct seen {
	struct arena *arena;
	struct snapshot at[3];
	size_t len;
};

static void see(void *ctx, const struct snapshot *s)
{
	struct seen *v = ctx;
	struct buf bytes = BUF(v->arena);
	assert_true(v->len < 3);
	if (!snapshot_unpack(s->bytes, &bytes))
		return;
	v->at[v->len] = *s;
	v->at[v->len++].bytes = buf_str(&bytes);
}

TEST(snapshot_replaces_the_one_before_and_leaves_out_what_the_disk_changed)
{
	FIXTURE(f, w);
	struct seen none = { &f.arena, { { 0 } }, 0 }, two = none, moved = none, damaged = none;
	OK(f, snapshot_each(w, see, &none, &f.e));
	assert_int_equal(none.len, 0);
	struct snapshot a = { 0, 7, { "one\0two", 7 } }, b = { 3, 9, STR("three") },
			again = { 3, 11, STR("four") };
	OK(f, snapshot_put(w, &a, &f.e));
	OK(f, snapshot_put(w, &b, &f.e));
	OK(f, snapshot_put(w, &again, &f.e));
	OK(f, snapshot_each(w, see, &two, &f.e));
	assert_int_equal(two.len, 2);
	assert_int_equal(two.at[0].inbox_id, 7);
	assert_int_equal(two.at[0].bytes.len, 7);
	assert_memory_equal(two.at[0].bytes.at, "one\0two", 7);
	assert_int_equal(two.at[1].shard, 3);
	assert_str(two.at[1].bytes, "four");
	OK(f, snapshot_move(w, 0, 12, &f.e));
	OK(f, snapshot_each(w, see, &moved, &f.e));
	assert_int_equal(moved.at[0].inbox_id, 12);
	assert_int_equal(moved.at[0].bytes.len, 7);
	assert_int_equal(fixture_sql(&f,
				     "UPDATE desk_shard_body SET packed = CAST(substr(packed, 1, "
				     "length(packed) - 1) || x'00' AS BLOB) WHERE shard = 0"),
			 SQLITE_OK);
	OK(f, snapshot_each(w, see, &damaged, &f.e));
	assert_int_equal(damaged.len, 1);
	assert_int_equal(damaged.at[0].shard, 3);
}

static struct idem_request ask(const char *key, const char *actor, const char *fingerprint)
{
	return (struct idem_request){ .key = str_of(key),
				      .actor = str_of(actor),
				      .fingerprint = str_of(fingerprint) };
}

TEST(request_is_answered_again_for_a_day)
{
	FIXTURE(f, w);
	bool known = true;
	struct idem_request r = ask("k1", "uana", "f1");
	OK(f, request_find(w, &f.arena, &r, &known, &f.e));
	assert_false(known);
	r.stream = 42, r.seq = 3, r.pos = 77, r.made = 2, r.said = STR("Ana froze changes.");
	OK(f, request_keep(w, &r, &f.e));
	struct idem_request again = ask("k1", "uana", "f1");
	OK(f, request_find(w, &f.arena, &again, &known, &f.e));
	assert_true(known);
	assert_int_equal(again.pos, 77);
	assert_int_equal(again.made, 2);
	assert_str(again.said, "Ana froze changes.");
	struct idem_request other = ask("k1", "uana", "f2");
	REFUSED(f, request_find(w, &f.arena, &other, &known, &f.e), ERR_IDEM_REUSED);
	struct idem_request stranger = ask("k1", "uben", "f2");
	OK(f, request_find(w, &f.arena, &stranger, &known, &f.e));
	assert_false(known);
	f.now_ms += REQUEST_KEEP_MS;
	OK(f, request_sweep(w, &f.e));
	f.now_ms -= REQUEST_KEEP_MS;
	OK(f, request_find(w, &f.arena, &other, &known, &f.e));
	assert_false(known);
}

TESTS(T(every_query_is_sound), T(refuses_a_second_process), T(reader_sees_commits_and_never_writes),
      T(reader_transaction_is_one_moment), T(undo_takes_back_one_command),
      T(checkpoint_empties_the_wal), T(refuses_a_newer_or_changed_schema),
      T(deadlines_come_due_in_order),
      T(snapshot_replaces_the_one_before_and_leaves_out_what_the_disk_changed),
      T(request_is_answered_again_for_a_day))
