/* SPDX-License-Identifier: Apache-2.0 */
/* copy: a copy of the database for a backup, made through a reader while the writer goes on, and the row that remembers the
 * backup's name. The file that comes of it: admin/backup.c. */
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

static int note(struct db *db, void *ctx, struct err *e)
{
	return backup_note(db, ctx, e);
}

static int note_alone(struct db *db, struct backup *row, struct err *e)
{
	if (db_begin(db, e) != 0)
		return -1;
	if (backup_note(db, row, e) != 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

int engine_copy(struct engine *en, struct store_copying *c, struct str *path, struct err *e)
{
	const char *p = NULL;
	if (take(c->store, c->arena, &p, c->row, e) != 0)
		return -1;
	*path = str_of(p);
	/* first the row: a backup that was not finished is named for nothing, none is forgotten */
	return en ? engine_write(en, note, c->row, e)
		  : note_alone(store_writer(c->store), c->row, e);
}
