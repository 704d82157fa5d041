/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the ledger and the inbox: append, read, prove, find who tampered. */
#include "fixture.h"

#include "core/core.h"
#include "core/redact.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

struct note_body {
	struct str text, blob;
};
static const struct field note_body_fields[] = {
	FIELD(note_body, text, "what"),
	FIELD(note_body, blob, "a file"),
	END,
};
static const struct event_type test_note = { .name = "test.note",
					     .version = 1,
					     .fields = note_body_fields,
					     .size = sizeof(struct note_body) };

struct line {
	const struct event_type *type;
	int64_t stream, seq;
	struct note_body body;
};

static int append_body(struct fixture *f, const struct line *l, const void *what,
		       struct sha256 *head)
{
	char salt[EVENT_SALT_BYTES];
	f->world.random(&f->world, salt, sizeof(salt));
	struct event ev = { .stream = l->stream,
			    .seq = l->seq,
			    .recorded_ms = f->now_ms,
			    .happened_ms = f->now_ms - 1000,
			    .actor = STR("uana"),
			    .type = l->type,
			    .body = what };
	struct ledger_body body = { event_encode(&f->arena, &ev), { salt, sizeof(salt) } };
	return ledger_append(store_writer(f->store), &ev, &body, head, &f->e);
}

static int append(struct fixture *f, const struct line *l, struct sha256 *head)
{
	return append_body(f, l, &l->body, head);
}

/* Events 1/1 0/1 1/2 1/3 in this order. */
static void four_events(struct fixture *f)
{
	struct db *w = store_writer(f->store);
	struct sha256 head = { 0 };
	struct line lines[] = { { &test_note, 1, 1, { STR("one"), { 0 } } },
				{ &test_note, 0, 1, { STR("two"), { 0 } } },
				{ &test_note, 1, 2, { STR("three"), { 0 } } },
				{ &test_note, 1, 3, { STR("four"), { 0 } } } };
	OK(*f, db_begin(w, &f->e));
	for (size_t i = 0; i < 4; i++)
		OK(*f, append(f, &lines[i], &head));
	OK(*f, db_commit(w, &f->e));
	struct ledger_head got;
	OK(*f, ledger_head(w, &got, &f->e));
	assert_int_equal(got.pos, 4);
	assert_memory_equal(got.hash.b, head.b, SHA256_BYTES);
}

TEST(appends_and_verifies)
{
	FIXTURE(f, w);
	struct ledger_head head;
	struct verify_report report;
	int64_t seq = -1;
	struct ledger_streams streams = { 0 };
	struct ledger_ends ends;
	OK(f, ledger_head(w, &head, &f.e));
	assert_int_equal(head.pos, 0);
	four_events(&f);
	OK(f, ledger_last_seq(w, 1, &seq, &f.e));
	assert_int_equal(seq, 3);
	OK(f, ledger_last_seq(w, 9, &seq, &f.e));
	assert_int_equal(seq, 0);
	OK(f, ledger_ends(w, &ends, &f.e));
	assert_int_equal(ends.highest, 1);
	assert_int_equal(ends.lowest, 0);
	ledger_ends_reach(&ends, -3);
	ledger_ends_reach(&ends, 1);
	assert_int_equal(ends.highest, 1);
	assert_int_equal(ends.lowest, -3);
	OK(f, ledger_streams(w, &f.arena, &streams, &f.e));
	assert_int_equal(streams.len, 2);
	assert_int_equal(streams.at[0], 0);
	OK(f, ledger_verify(w, store_blob_folder(f.store), &report, &f.e));
	assert_int_equal(report.events, 4);
	assert_int_equal(report.bad_pos, 0);
}

TEST(refuses_the_same_seq_twice)
{
	FIXTURE(f, w);
	four_events(&f);
	struct sha256 head = { 0 };
	struct line again = { &test_note, 1, 3, { STR("x"), { 0 } } };
	OK(f, db_begin(w, &f.e));
	REFUSED(f, append(&f, &again, &head), ERR_CONFLICT);
	struct sha256 zero = { 0 };
	assert_memory_equal(head.b, zero.b, SHA256_BYTES);
	db_rollback(w);
}

TEST(a_failed_commit_leaves_nothing)
{
	FIXTURE(f, w);
	struct sha256 head = { 0 };
	struct line one = { &test_note, 1, 1, { STR("x"), { 0 } } };
	struct ledger_head got;
	OK(f, db_begin(w, &f.e));
	OK(f, append(&f, &one, &head));
	db_rollback(w);
	OK(f, ledger_head(w, &got, &f.e));
	assert_int_equal(got.pos, 0);
}

TEST(rows_cannot_be_changed_by_sql)
{
	FIXTURE(f, w);
	(void)w;
	four_events(&f);
	assert_int_not_equal(fixture_sql(&f, "UPDATE event SET actor = 'uben' WHERE pos = 2"),
			     SQLITE_OK);
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM event WHERE pos = 4"), SQLITE_OK);
	assert_int_not_equal(fixture_sql(&f, "UPDATE event_body SET body = '{}' WHERE pos = 2"),
			     SQLITE_OK);
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM event_body WHERE pos = 2"), SQLITE_OK);
	assert_int_not_equal(fixture_sql(&f, "INSERT INTO redaction VALUES ('event', '2', 4)"),
			     SQLITE_OK);
}

static void tampered(const char *sql, int64_t pos, const char *what)
{
	FIXTURE(f, w);
	struct verify_report report;
	four_events(&f);
	assert_int_equal(fixture_sql(&f, sql), SQLITE_OK);
	REFUSED(f, ledger_verify(w, NULL, &report, &f.e), ERR_BROKEN);
	assert_int_equal(report.bad_pos, pos);
	assert_non_null(strstr(report.what, what));
}

TEST(tampering_is_found_where_it_is)
{
	tampered("DROP TRIGGER event_no_update; UPDATE event SET actor = 'uben' WHERE pos = 2", 2,
		 "event 2: it or");
	tampered("DROP TRIGGER event_no_update; UPDATE event SET happened_ms = happened_ms - 1 "
		 "WHERE pos = 3",
		 3, "event 3: it or");
	tampered("DROP TRIGGER event_body_no_update; UPDATE event_body SET body = "
		 "'{\"text\":\"0ne\"}' WHERE pos = 1",
		 1, "event 1: its body was changed");
	tampered("DROP TRIGGER event_body_no_delete; DELETE FROM event_body WHERE pos = 3", 3,
		 "event 3: its body is gone");
	tampered("DROP TRIGGER event_no_delete; DELETE FROM event_body WHERE 0; PRAGMA "
		 "foreign_keys = OFF;"
		 "DELETE FROM event WHERE pos = 2",
		 2, "event 2: it is missing");
}

TEST(redaction_leaves_a_chain_that_verifies)
{
	FIXTURE(f, w);
	struct verify_report report;
	struct ledger_head head;
	four_events(&f);
	OK(f, ledger_head(w, &head, &f.e));
	struct line by = { &redact_events[REDACT_BODY], 1, 4, { { 0 }, { 0 } } };
	struct redacted of_three = { .kind = STR("event"),
				     .target = STR("3"),
				     .entry = 3,
				     .reason = STR("a password"),
				     .rest = STR("{\"text\":\"redacted\"}") };
	struct redacted of_two = of_three;
	of_two.target = STR("2");
	OK(f, db_begin(w, &f.e));
	REFUSED(f, ledger_redact(w, 3, 4, &f.e), ERR_FAILED); /* event 4 says nothing of the kind */
	db_rollback(w);
	OK(f, db_begin(w, &f.e));
	OK(f, append_body(&f, &by, &of_three, &head.hash));
	OK(f, ledger_redact(w, 3, 5, &f.e));
	OK(f, db_commit(w, &f.e));
	OK(f, ledger_verify(w, NULL, &report, &f.e));
	assert_int_equal(report.events, 5);
	assert_int_equal(report.redacted, 1);
	by.seq = 5; /* an event that speaks of another body does not explain why this one is gone */
	OK(f, db_begin(w, &f.e));
	OK(f, append_body(&f, &by, &of_two, &head.hash));
	OK(f, ledger_redact(w, 4, 6, &f.e));
	OK(f, db_commit(w, &f.e));
	REFUSED(f, ledger_verify(w, NULL, &report, &f.e), ERR_BROKEN);
	assert_int_equal(report.bad_pos, 4);
}

TEST(reads_known_types_and_refuses_others)
{
	FIXTURE(f, w);
	struct ledger_rows rows = { 0 };
	struct ledger_range all = { .stream = LEDGER_ALL };
	struct sha256 head = { 0 };
	const struct event_type *known = NULL;
	for (size_t m = 0; modules[m] && !known; m++)
		known = modules[m]->events;
	assert_non_null(known);
	char salt[EVENT_SALT_BYTES] = { 0 };
	struct ledger_body body = { STR("{}"), { salt, sizeof(salt) } };
	OK(f, db_begin(w, &f.e));
	for (int64_t i = 1; i <= 3; i++) {
		struct event ev = {
			.stream = 7, .seq = i, .recorded_ms = i, .happened_ms = i, .type = known
		};
		OK(f, ledger_append(w, &ev, &body, &head, &f.e));
		assert_int_equal(ev.pos, i);
	}
	OK(f, db_commit(w, &f.e));
	struct ledger_range part = { .stream = 7, .after = 1, .limit = 1 };
	OK(f, ledger_read(w, &part, &f.arena, &rows, &f.e));
	assert_int_equal(rows.len, 1);
	assert_int_equal(rows.at[0].event.seq, 2);
	assert_ptr_equal(rows.at[0].event.type, known);
	assert_str(rows.at[0].json, "{}");
	rows.len = 0;
	OK(f, ledger_read(w, &all, &f.arena, &rows, &f.e));
	assert_int_equal(rows.len, 3);
	struct line strange = { &test_note, 7, 4, { STR("x"), { 0 } } };
	OK(f, db_begin(w, &f.e));
	OK(f, append(&f, &strange, &head));
	OK(f, db_commit(w, &f.e));
	REFUSED(f, ledger_read(w, &all, &f.arena, &rows, &f.e), ERR_BROKEN);
}

/* The inbox */
static int deliver(struct fixture *f, struct inbox_row *row, struct str body,
		   struct inbox_head *head)
{
	row->received_ms = f->now_ms;
	row->source = STR("alertmanager");
	struct inbox_packer *p = inbox_packer_new(&f->world);
	int packed = inbox_pack(p, &f->arena, body, row, &f->e);
	inbox_packer_free(&p);
	if (packed)
		return -1;
	return inbox_append(store_writer(f->store), row, head, &f->e);
}

struct seen {
	struct arena *arena;
	int rows, rejected;
	struct str last;
};

static int look(void *ctx, const struct inbox_row *row, struct err *e)
{
	struct seen *s = ctx;
	s->rows++;
	s->rejected += row->is_rejected;
	return inbox_unpack(s->arena, row, &s->last, e);
}

static void two_deliveries(struct fixture *f)
{
	struct db *w = store_writer(f->store);
	struct inbox_head got;
	OK(*f, inbox_head(w, &got, &f->e));
	int64_t before = got.id;
	struct inbox_head head = got;
	struct inbox_row one = { 0 }, two = { .is_rejected = true, .reason = STR("not JSON") };
	OK(*f, db_begin(w, &f->e));
	OK(*f, deliver(f, &one, STR("{\"alerts\":[]}"), &head));
	OK(*f, deliver(f, &two, STR("oops"), &head));
	OK(*f, db_commit(w, &f->e));
	assert_int_equal(two.id, before + 2);
	OK(*f, inbox_head(w, &got, &f->e));
	assert_int_equal(got.id, before + 2);
	assert_int_equal(head.id, got.id);
	assert_memory_equal(got.hash.b, head.hash.b, SHA256_BYTES);
}

TEST(inbox_gives_back_what_came)
{
	FIXTURE(f, w);
	two_deliveries(&f);
	struct seen seen = { .arena = &f.arena };
	struct inbox_walk walk = { .fn = look, .ctx = &seen };
	OK(f, inbox_each(w, &walk, &f.e));
	assert_int_equal(seen.rows, 2);
	assert_int_equal(seen.rejected, 1);
	assert_str(seen.last, "oops");
	walk.after_id = 1;
	seen.rows = 0;
	OK(f, inbox_each(w, &walk, &f.e));
	assert_int_equal(seen.rows, 1);
	struct inbox_row row;
	struct str body;
	OK(f, inbox_get(w, 1, &f.arena, &row, &f.e));
	OK(f, inbox_unpack(&f.arena, &row, &body, &f.e));
	assert_str(body, "{\"alerts\":[]}");
	REFUSED(f, inbox_get(w, 3, &f.arena, &row, &f.e), ERR_NOT_FOUND);
}

TEST(inbox_takes_an_empty_body)
{
	FIXTURE(f, w);
	struct inbox_head head = { 0 };
	struct inbox_row row = { 0 };
	struct str body;
	struct verify_report report;
	OK(f, db_begin(w, &f.e));
	OK(f, deliver(&f, &row, (struct str){ 0 }, &head));
	OK(f, db_commit(w, &f.e));
	OK(f, inbox_unpack(&f.arena, &row, &body, &f.e));
	assert_int_equal(body.len, 0);
	OK(f, ledger_verify(w, NULL, &report, &f.e));
}

TEST(inbox_tampering_is_found)
{
	FIXTURE(f, w);
	struct verify_report report;
	two_deliveries(&f);
	OK(f, ledger_verify(w, NULL, &report, &f.e));
	assert_int_equal(report.inbox_rows, 2);
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM inbox_body WHERE id = 1"), SQLITE_OK);
	assert_int_equal(
		fixture_sql(
			&f,
			"DROP TRIGGER inbox_no_update; UPDATE inbox SET reason = 'x' WHERE id = 2"),
		SQLITE_OK);
	REFUSED(f, ledger_verify(w, NULL, &report, &f.e), ERR_BROKEN);
	assert_int_equal(report.bad_pos, 2);
}

/* As rows were written before migration 0014: the hash is of salt and body. */
TEST(an_older_row_of_the_inbox_is_proved_by_its_body)
{
	FIXTURE(f, w);
	struct verify_report report;
	struct inbox_row row;
	struct str body;
	struct inbox_head head = { 0 };
	OK(f, db_begin(w, &f.e));
	OK(f, deliver(&f, &(struct inbox_row){ 0 }, STR("{\"alerts\":[]}"), &head));
	OK(f, db_commit(w, &f.e));
	OK(f, inbox_get(w, 1, &f.arena, &row, &f.e));
	assert_false(row.is_of_body);
	struct sha256 now = row.body_hash;
	OK(f, inbox_unpack(&f.arena, &row, &body, &f.e));
	row.is_of_body = true;
	row.body_hash = inbox_body_hash(&row, body);
	assert_memory_not_equal(row.body_hash.b, now.b, SHA256_BYTES);
	struct sha256 hash = inbox_hash(&(struct sha256){ 0 }, &row);
	struct buf sql = BUF(&f.arena);
	buf_z(&sql, "DROP TRIGGER inbox_no_update; UPDATE inbox SET of_packed = 0, body_hash = x'");
	for (size_t i = 0; i < SHA256_BYTES; i++)
		buf_fmt(&sql, "%02x", row.body_hash.b[i]);
	buf_z(&sql, "', hash = x'");
	for (size_t i = 0; i < SHA256_BYTES; i++)
		buf_fmt(&sql, "%02x", hash.b[i]);
	buf_z(&sql, "'");
	assert_int_equal(fixture_sql(&f, str_z(&f.arena, buf_str(&sql))), SQLITE_OK);
	OK(f, ledger_verify(w, NULL, &report, &f.e));
	assert_int_equal(report.inbox_rows, 1);
	/* which of the two it is, is part of the chain */
	assert_int_equal(fixture_sql(&f, "UPDATE inbox SET of_packed = 1"), SQLITE_OK);
	REFUSED(f, ledger_verify(w, NULL, &report, &f.e), ERR_BROKEN);
}

static struct inbox_segment first_segment(struct fixture *f)
{
	struct inbox_segment day = { 0 };
	OK(*f, inbox_segment_next(store_writer(f->store), f->now_ms, &day, &f->e));
	return day;
}

TEST(a_day_leaves_the_inbox_but_for_what_is_cited)
{
	FIXTURE(f, w);
	struct verify_report report;
	struct sha256 head = { 0 };
	struct line by = { &keep_events[KEEP_EXPIRED], 0, 1, { { 0 }, { 0 } } };
	struct inbox_row row;
	struct str body;
	int64_t removed;
	two_deliveries(&f);
	assert_int_equal(first_segment(&f).from_id, 0); /* the day is not over */
	f.now_ms += DAY_MS;
	two_deliveries(&f);
	OK(f, inbox_cite(w, 2, 7, &f.e));
	OK(f, inbox_cite(w, 99, 7, &f.e)); /* no such delivery: nothing is cited */
	struct inbox_segment day = first_segment(&f);
	assert_int_equal(day.from_id, 1);
	assert_int_equal(day.to_id, 2);
	assert_int_equal(day.rows, 1);
	assert_int_equal(day.kept, 1);
	assert_int_equal(day.day_ms % DAY_MS, 0);
	struct inbox_expired said = { .from_id = 1, .to_id = 2, .rows = 1, .kept = 1 };
	REFUSED(f, inbox_expire(w, &day, 1, &f.e), ERR_FAILED); /* no event says so */
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM inbox_body WHERE id = 1"), SQLITE_OK);
	OK(f, db_begin(w, &f.e));
	OK(f, append_body(&f, &by, &said, &head));
	OK(f, inbox_expire(w, &day, 1, &f.e));
	OK(f, inbox_expire_step(w, 10, &removed, &f.e));
	OK(f, db_commit(w, &f.e));
	assert_int_equal(removed, 1);
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM inbox_body WHERE id = 2"), SQLITE_OK);
	assert_int_not_equal(fixture_sql(&f, "DELETE FROM inbox_body WHERE id = 3"), SQLITE_OK);
	OK(f, ledger_verify(w, NULL, &report, &f.e));
	assert_int_equal(report.expired, 1);
	assert_int_equal(report.inbox_rows, 4);
	OK(f, inbox_get(w, 1, &f.arena, &row, &f.e));
	REFUSED(f, inbox_unpack(&f.arena, &row, &body, &f.e), ERR_NOT_FOUND);
	OK(f, inbox_get(w, 2, &f.arena, &row, &f.e));
	OK(f, inbox_unpack(&f.arena, &row, &body, &f.e));
	assert_int_equal(first_segment(&f).from_id, 0); /* the second day is not over */
	f.now_ms += DAY_MS;
	assert_int_equal(first_segment(&f).from_id, 3);
	assert_int_equal(first_segment(&f).to_id, 4); /* though no later row ends it */
}

/* Attachments, where the ledger comes in */
static struct blob upload(struct fixture *f, const char *text)
{
	struct blob blob = { .type = STR("text/plain") };
	struct blob_file *file = NULL;
	OK(*f, blob_begin(f->store, &file, &f->e));
	OK(*f, blob_add(file, str_of(text), &f->e));
	OK(*f, blob_end(&file, &f->arena, &blob, &f->e));
	OK(*f, blob_note(store_writer(f->store), &blob, &f->e));
	return blob;
}

static bool exists(struct fixture *f, struct str hash)
{
	int fd = -1;
	struct err e = { 0 };
	bool there = blob_open(f->store, hash, &fd, &e) == 0;
	fd_close(&fd);
	return there;
}

TEST(cited_blobs_stay_and_are_proven)
{
	FIXTURE(f, w);
	struct verify_report report;
	struct sha256 head = { 0 };
	int64_t removed = -1;
	struct blob kept = upload(&f, "a log"), orphan = upload(&f, "a mistake"),
		    again = upload(&f, "a log");
	assert_true(str_eq(kept.hash, again.hash));
	struct line cites = { &test_note, 1, 1, { STR("see"), kept.hash } };
	OK(f, db_begin(w, &f.e));
	OK(f, append(&f, &cites, &head));
	OK(f, blob_sweep(f.store, &removed, &f.e));
	assert_int_equal(removed, 0);
	f.now_ms = INT64_C(1) << 42; /* files have the machine's own time: far behind this */
	OK(f, blob_sweep(f.store, &removed, &f.e));
	OK(f, db_commit(w, &f.e));
	assert_int_equal(removed, 1);
	assert_true(exists(&f, kept.hash));
	assert_false(exists(&f, orphan.hash));
	OK(f, ledger_verify(w, store_blob_folder(f.store), &report, &f.e));
	assert_int_equal(report.blobs, 1);
	FILE *file = fopen(blob_path(f.store, kept.hash, &f.arena), "w");
	assert_non_null(file);
	assert_true(fputs("b log", file) >= 0);
	(void)fclose(file);
	REFUSED(f, ledger_verify(w, store_blob_folder(f.store), &report, &f.e), ERR_BROKEN);
	assert_non_null(strstr(report.what, "attachment"));
}

TEST(blob_names_are_hashes_only)
{
	FIXTURE(f, w);
	int fd = -1;
	struct blob got;
	struct blob b = upload(&f, "");
	assert_str(b.hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	OK(f, blob_get(w, b.hash, &f.arena, &got, &f.e));
	assert_int_equal(got.size, 0);
	assert_str(got.type, "text/plain");
	REFUSED(f, blob_open(f.store, STR("../aplomb.db"), &fd, &f.e), ERR_NOT_FOUND);
	assert_null(blob_path(f.store, STR("E3B0"), &f.arena));
	struct blob_file *file = NULL;
	OK(f, blob_begin(f.store, &file, &f.e));
	OK(f, blob_add(file, STR("half"), &f.e));
	blob_drop(&file);
	assert_null(file);
}

TESTS(T(appends_and_verifies), T(refuses_the_same_seq_twice), T(a_failed_commit_leaves_nothing),
      T(rows_cannot_be_changed_by_sql), T(tampering_is_found_where_it_is),
      T(redaction_leaves_a_chain_that_verifies), T(reads_known_types_and_refuses_others),
      T(inbox_gives_back_what_came), T(inbox_takes_an_empty_body), T(inbox_tampering_is_found),
      T(an_older_row_of_the_inbox_is_proved_by_its_body),
      T(a_day_leaves_the_inbox_but_for_what_is_cited), T(cited_blobs_stay_and_are_proven),
      T(blob_names_are_hashes_only))
