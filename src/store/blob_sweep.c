/* SPDX-License-Identifier: Apache-2.0 */
/* blob_sweep: removes attachments that no event came to cite, and uploads that were never finished. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/blob.h"
#include "store/stmt.h"
#include "store/store.h"

struct sweep {
	struct store *store;
	int64_t before_ms; /* files changed since are left alone */
	int64_t removed;
};

static void close_folder(DIR **folder)
{
	if (*folder)
		(void)closedir(*folder);
}
#define FOLDER __attribute__((cleanup(close_folder))) DIR

bool blob_any(const char *blob_folder)
{
	FOLDER *folder = opendir(blob_folder);
	struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		if (strlen(entry->d_name) == 2 && entry->d_name[0] != '.')
			return true;
	return false;
}

static bool is_old(const struct sweep *sw, const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 < sw->before_ms;
}

static void remove_file(struct sweep *sw, const char *path)
{
	sw->removed += unlink(path) == 0; /* what cannot go today is met again tomorrow */
}

static int is_cited(struct db *db, struct str hash, bool *yes, struct err *e)
{
	STMT(s, db, Q_BLOB_IS_CITED);
	stmt_text(&s, "hash", hash);
	int got = stmt_next(&s, e);
	*yes = got > 0;
	return got < 0 ? -1 : 0;
}

static int sweep_one(struct sweep *sw, const char *path, struct str hash, struct err *e)
{
	struct db *db = store_writer(sw->store);
	bool cited = false;
	if (!blob_hash_is_valid(hash) || !is_old(sw, path))
		return 0;
	if (is_cited(db, hash, &cited, e))
		return -1;
	if (cited)
		return 0;
	STMT(s, db, Q_BLOB_FORGET);
	stmt_text(&s, "hash", hash);
	if (stmt_run(&s, e))
		return -1;
	remove_file(sw, path);
	return 0;
}

/* `prefix`: the folder's name, the first two digits of the hashes in it */
static int sweep_folder(struct sweep *sw, const char *prefix, struct err *e)
{
	ARENA(a);
	const char *path = str_fmt(&a, "%s/%s", store_blob_folder(sw->store), prefix).at;
	FOLDER *folder = opendir(path);
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		ARENA(one);
		const char *file = str_fmt(&one, "%s/%s", path, entry->d_name).at;
		if (strcmp(prefix, "tmp") == 0) {
			if (is_old(sw, file))
				remove_file(sw, file);
		} else if (sweep_one(sw, file, str_fmt(&one, "%s%s", prefix, entry->d_name), e)) {
			return -1;
		}
	}
	return 0;
}

int blob_sweep(struct store *store, int64_t *removed, struct err *e)
{
	struct sweep sw = { .store = store,
			    .before_ms = db_now_ms(store_writer(store)) - BLOB_ORPHAN_MS };
	FOLDER *folder = opendir(store_blob_folder(store));
	struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && sweep_folder(&sw, entry->d_name, e))
			return -1;
	*removed = sw.removed;
	return 0;
}
