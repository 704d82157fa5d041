/* SPDX-License-Identifier: Apache-2.0 */
/* store: the data folder, see store.h. */
#include "store/store.h"

#include "store/stmt.h"

struct store {
	struct arena arena; /* the paths */
	const struct world *world;
	const char *folder, *db_path, *blob_folder;
	int lock_fd;
	struct db *writer;
};

int store_open(const struct world *w, const char *data_dir, struct store **out, struct err *e)
{
	__attribute__((cleanup(store_close))) struct store *s = heap_new(sizeof(*s));
	s->world = w;
	s->lock_fd = -1;
	s->folder = str_z(&s->arena, str_of(data_dir));
	s->db_path = str_fmt(&s->arena, "%s/aplomb.db", data_dir).at;
	s->blob_folder = str_fmt(&s->arena, "%s/blobs", data_dir).at;
	const char *half_done = str_fmt(&s->arena, "%s/tmp", s->blob_folder).at;
	if (folder_make(s->folder, e) || folder_lock(s->folder, &s->lock_fd, e) ||
	    folder_make(half_done, e))
		return -1;
	struct db_config config = { .world = w, .path = s->db_path, .is_writer = true };
	if (db_open(&config, &s->writer, e) || db_migrate(s->writer, e))
		return err_context(e, "%s", s->db_path);
	if (folder_sync(s->folder, e)) /* the new database file must survive a power cut, too */
		return -1;
	*out = s;
	s = NULL;
	return 0;
}

void store_close(struct store **store)
{
	struct store *s = *store;
	if (!s)
		return;
	db_close(&s->writer);
	fd_close(&s->lock_fd);
	arena_clear(&s->arena);
	heap_free(s);
	*store = NULL;
}

struct db *store_writer(struct store *s)
{
	return s->writer;
}

int store_reader(struct store *s, struct db **out, struct err *e)
{
	struct db_config config = { .world = s->world, .path = s->db_path };
	return db_open(&config, out, e);
}

const char *store_folder(const struct store *s)
{
	return s->folder;
}

const char *store_blob_folder(const struct store *s)
{
	return s->blob_folder;
}

int store_checkpoint(struct store *s, bool force, struct err *e)
{
	return db_checkpoint(s->writer, force, e);
}

int64_t store_wal_pages(const struct store *s)
{
	return db_wal_pages(s->writer);
}

int store_check(struct store *s, struct err *e)
{
	return db_check(s->writer, e);
}
