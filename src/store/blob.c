/* SPDX-License-Identifier: Apache-2.0 */
/* blob: receiving files and their rows, see blob.h. What no event cites: blob_sweep.c. */
#include "store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/stmt.h"
#include "store/store.h"

enum { BLOB_MAX_BYTES = 64 << 20 }; /* the limit of POST /api/v1/blobs */

struct blob_file {
	struct arena arena;
	struct store *store;
	const char *path; /* in blobs/tmp until blob_end */
	int fd;
	int64_t size;
	struct sha256_stream *hash;
};

const struct field blob_fields[] = {
	FIELD(blob, hash, "SHA-256 of the file"),
	FIELD(blob, size, "bytes"),
	FIELD(blob, type, "media type"),
	FIELD(blob, at, "when it was uploaded"),
	END,
};

static int file_trouble(const char *path, struct err *e)
{
	if (errno == ENOSPC || errno == EDQUOT) {
		err_fail(e, ERR_STORE, "The disk is full, so the file could not be kept.");
		err_next(e, "Free some space and send it again.");
		return -1;
	}
	return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
}

int blob_begin(struct store *store, struct blob_file **out, struct err *e)
{
	__attribute__((cleanup(blob_drop))) struct blob_file *f = heap_new(sizeof(*f));
	f->store = store;
	const struct world *w = db_world(store_writer(store));
	char random[16];
	w->random(w, random, sizeof(random));
	f->path = str_fmt(&f->arena, "%s/tmp/%s", store_blob_folder(store),
			  str_z(&f->arena,
				hex_of(&f->arena, (struct str){ random, sizeof(random) })))
			  .at;
	f->hash = sha256_new();
	f->fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd < 0)
		return file_trouble(f->path, e);
	*out = f;
	f = NULL;
	return 0;
}

int blob_add(struct blob_file *f, struct str bytes, struct err *e)
{
	if ((uint64_t)f->size + bytes.len > BLOB_MAX_BYTES)
		return err_refuse(e, ERR_TOO_LARGE, "An attachment has at most %d MB.",
				  BLOB_MAX_BYTES >> 20);
	sha256_add(f->hash, bytes);
	f->size += (int64_t)bytes.len;
	while (bytes.len) {
		ssize_t n = write(f->fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_trouble(f->path, e);
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return 0;
}

void blob_drop(struct blob_file **file)
{
	struct blob_file *f = *file;
	if (!f)
		return;
	if (f->hash)
		(void)sha256_end(&f->hash);
	if (f->fd >= 0)
		(void)unlink(f->path); /* gone already after blob_end; left ones are swept */
	fd_close(&f->fd);
	arena_clear(&f->arena);
	heap_free(f);
	*file = NULL;
}

static int settle(struct blob_file *f, const char *path, struct err *e)
{
	ARENA(a);
	const char *parent = store_blob_folder(f->store);
	const char *folder = str_z(&a, (struct str){ path, (size_t)(strrchr(path, '/') - path) });
	if (fsync(f->fd) != 0)
		return file_trouble(f->path, e);
	if (mkdir(folder, 0700) == 0) {
		if (folder_sync(parent, e))
			return -1;
	} else if (errno != EEXIST) {
		return file_trouble(folder, e);
	}
	crash_point(db_world(store_writer(f->store)), "store.blob-written");
	/* over an equal file, too: that makes it young again, and a sweep leaves it alone */
	if (rename(f->path, path) != 0)
		return file_trouble(path, e);
	crash_point(db_world(store_writer(f->store)), "store.blob-renamed");
	return folder_sync(folder, e);
}

int blob_end(struct blob_file **file, struct arena *a, struct blob *out, struct err *e)
{
	__attribute__((cleanup(blob_drop))) struct blob_file *f = *file;
	*file = NULL;
	struct sha256 hash = sha256_end(&f->hash);
	out->hash = hex_of(a, (struct str){ (const char *)hash.b, SHA256_BYTES });
	out->size = f->size;
	return settle(f, blob_path(f->store, out->hash, &f->arena), e);
}

bool blob_hash_is_valid(struct str hash)
{
	for (size_t i = 0; i < hash.len; i++)
		if (!(hash.at[i] >= '0' && hash.at[i] <= '9') &&
		    !(hash.at[i] >= 'a' && hash.at[i] <= 'f'))
			return false;
	return hash.len == SHA256_HEX;
}

const char *blob_path(const struct store *store, struct str hash, struct arena *a)
{
	if (!blob_hash_is_valid(hash))
		return NULL;
	return str_fmt(a, "%s/" STR_FMT "/" STR_FMT, store_blob_folder(store),
		       STR_ARG(str_sub(hash, 0, 2)), STR_ARG(str_sub(hash, 2, hash.len)))
		.at;
}

int blob_open(const struct store *store, struct str hash, int *fd, struct err *e)
{
	ARENA(a);
	const char *path = blob_path(store, hash, &a);
	*fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (*fd >= 0)
		return 0;
	if (!path || errno == ENOENT)
		return err_refuse(e, ERR_NOT_FOUND, "There is no such attachment.");
	return file_trouble(path, e);
}

int blob_note(struct db *db, const struct blob *blob, struct err *e)
{
	struct blob row = *blob;
	row.at.ms = db_now_ms(db);
	STMT(gone, db, Q_BLOB_IS_REDACTED);
	stmt_text(&gone, "hash", blob->hash);
	int is_gone = stmt_next(&gone, e);
	if (is_gone > 0)
		err_refuse(e, ERR_CONFLICT,
			   "This very file was redacted here, so it is not taken again.");
	if (is_gone != 0)
		return -1;
	STMT(s, db, Q_BLOB_NOTE);
	stmt_fields(&s, blob_fields, &row);
	return stmt_run(&s, e);
}

int blob_get(struct db *db, struct str hash, struct arena *a, struct blob *out, struct err *e)
{
	STMT(s, db, Q_BLOB_GET);
	stmt_text(&s, "hash", hash);
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no such attachment.");
	*out = (struct blob){ 0 };
	return got < 0 ? -1 : stmt_row(&s, blob_fields, out, a, e);
}
