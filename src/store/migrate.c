/* SPDX-License-Identifier: Apache-2.0 */
/* migrate: brings a database's schema up to date: sql/schema/NNNN_what.sql, forward only, one transaction each. A file
 * that ran is never changed; its checksum is held against the one that was kept. */
#include "store/db_inner.h"

static const struct migration *find(int64_t number)
{
	for (size_t i = 0; i < migration_count; i++)
		if (migrations[i].number == number)
			return &migrations[i];
	return NULL;
}

static int check_one(const struct stmt *s, struct err *e)
{
	int64_t number = stmt_col_int(s, "number");
	struct str name = stmt_col_text(s, "name");
	const struct migration *known = find(number);
	if (!known) {
		err_refuse(e, ERR_BROKEN,
			   "This data folder was written by a newer Aplomb (schema %lld).",
			   (long long)number);
		err_next(e,
			 "Start the newer version again, or restore a backup made with this one.");
		return -1;
	}
	if (!str_is(stmt_col_text(s, "sha256"), known->sha256))
		return err_refuse(e, ERR_BROKEN,
				  "Schema %lld (" STR_FMT
				  ") is not the one that this version knows.",
				  (long long)number, STR_ARG(name));
	return 0;
}

/* `ran`: in the order of migrations[] */
static int check_old(struct db *db, bool *ran, struct err *e)
{
	STMT(s, db, Q_MIGRATION_LIST);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		if (check_one(&s, e))
			return -1;
		ran[find(stmt_col_int(&s, "number")) - migrations] = true;
	}
	return got;
}

static int apply(struct db *db, const struct migration *m, struct err *e)
{
	int rc = sqlite3_exec(db->raw, m->text, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_trouble(db, rc, m->name, e);
	STMT(s, db, Q_MIGRATION_ADD);
	stmt_int(&s, "number", m->number);
	stmt_text(&s, "name", str_of(m->name));
	stmt_text(&s, "sha256", str_of(m->sha256));
	stmt_int(&s, "applied_ms", db_now_ms(db));
	return stmt_run(&s, e);
}

static int make_table(struct db *db, struct err *e)
{
	STMT(s, db, Q_MIGRATION_TABLE);
	return stmt_run(&s, e);
}

int db_migrate(struct db *db, struct err *e)
{
	ARENA(a);
	bool *ran = ARENA_ARRAY(&a, bool, migration_count);
	if (make_table(db, e) || check_old(db, ran, e))
		return -1;
	for (size_t i = 0; i < migration_count; i++) {
		if (ran[i])
			continue;
		if (db_begin(db, e))
			return -1;
		crash_point(db->world, "migration");
		if (apply(db, &migrations[i], e)) {
			db_rollback(db);
			return err_context(e, "migration %04d_%s", migrations[i].number,
					   migrations[i].name);
		}
		if (db_commit(db, e))
			return -1;
	}
	return 0;
}
