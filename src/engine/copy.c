/* SPDX-License-Identifier: Apache-2.0 */
/* copy: a copy of the database for a backup, made through a reader while the writer goes on, and the row that remembers the
 * backup's name. The file that comes of it: admin/backup.c. */
#include <unistd.h>

#include "engine/views.h"

static int take(struct store *store, struct arena *a, const char **path, struct backup *row,
		struct err *e)
{
	DB *reader = NULL;
	struct copy_facts facts = { 0 };
	const struct world *w = db_world(store_writer(store));
	char random[8];
	w->random(w, random, sizeof(random));
	struct str hex = hex_of(a, (struct str){ random, sizeof(random) });
	/* among the half-done uploads: what is left there by a crash is swept */
	*path = str_fmt(a, "%s/tmp/copy-" STR_FMT, store_blob_folder(store), STR_ARG(hex)).at;
	if (store_reader(store, &reader, e) != 0 || store_copy(reader, *path, &facts, e) != 0)
		return -1;
	row->at_ms = facts.at_ms;
	row->pos = facts.pos;
	row->inbox_id = facts.inbox_id;
	return 0;
}

/* What was redacted since the copy's moment could not know of this backup, and would not name it. */
static int note(struct db *db, void *ctx, struct err *e)
{
	const struct backup *row = ctx;
	bool is_outdated;
	if (backup_is_outdated(db, row->pos, &is_outdated, e) != 0)
		return -1;
	if (is_outdated) {
		err_refuse(e, ERR_BUSY, "Something was redacted while the copy was made.");
		err_next(e,
			 "Run it again: nothing of it is left, and the next copy is without it.");
		return -1;
	}
	return backup_note(db, row, e);
}

static int note_alone(struct db *db, struct backup *row, struct err *e)
{
	if (db_begin(db, e) != 0)
		return -1;
	if (note(db, row, e) != 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

static int take_and_note(struct engine *en, struct store_copying *c, const char **path,
			 struct err *e)
{
	if (take(c->store, c->arena, path, c->row, e) != 0)
		return -1;
	/* first the row: a backup that was not finished is named for nothing, none is forgotten */
	int result = en ? engine_write(en, note, c->row, e)
			: note_alone(store_writer(c->store), c->row, e);
	if (result != 0)
		(void)unlink(*path);
	return result;
}

int engine_copy(struct engine *en, struct store_copying *c, struct str *path, struct err *e)
{
	enum { TRIES = 3 };
	const char *p = NULL;
	int result = -1;
	for (int i = 0; result != 0 && i < TRIES && (i == 0 || e->code == ERR_BUSY); i++) {
		*e = (struct err){ 0 };
		result = take_and_note(en, c, &p, e);
	}
	*path = str_of(p);
	return result;
}
