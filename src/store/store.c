/* SPDX-License-Identifier: Apache-2.0 */
/* store: the data folder, see store.h. */
#include "store/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include "store/stmt.h"
#include "store/wal.h"

struct store {
	struct arena arena; /* the paths */
	const struct world *world;
	const char *folder, *db_path, *blob_folder;
	int lock_fd;
	struct db *writer;
	struct wal_tries wal_tries; /* the writer's thread */
};

static bool has(struct arena *a, const char *folder, const char *name)
{
	return access(str_fmt(a, "%s/%s", folder, name).at, F_OK) == 0;
}

/* A database without a byte is what a first start that was cut off leaves, and what a disk leaves that lost it: only the
 * first may be filled anew. */
static int refuse_if_lost(struct store *s, struct err *e)
{
	ARENA(a);
	struct stat st;
	if (stat(s->db_path, &st) == 0 && st.st_size > 0)
		return 0;
	if (!has(&a, s->folder, "aplomb.db-wal") && !has(&a, s->folder, "aplomb.db-shm") &&
	    !has(&a, s->folder, "socket") && !blob_any(s->blob_folder))
		return 0;
	err_refuse(e, ERR_BROKEN, "%s is %s, though this folder was in use before.", s->db_path,
		   has(&a, s->folder, "aplomb.db") ? "empty" : "gone");
	err_next(e,
		 "Restore a backup into another folder (aplomb restore FILE --data DIR), or name "
		 "an empty folder to begin anew.");
	return -1;
}

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
	    folder_make(half_done, e) || refuse_if_lost(s, e))
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

int store_after_commit(struct store *s, struct err *e)
{
	switch (wal_next(&s->wal_tries, db_wal_pages(s->writer))) {
	case WAL_LEAVE:
		return 0;
	case WAL_COPY:
		return db_checkpoint(s->writer, false, e);
	case WAL_WAIT:
		return db_checkpoint(s->writer, true, e);
	}
	return 0;
}

int64_t store_wal_pages(const struct store *s)
{
	return db_wal_pages(s->writer);
}

int store_check(struct store *s, struct err *e)
{
	return db_check(s->writer, e);
}
