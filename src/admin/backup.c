/* SPDX-License-Identifier: Apache-2.0 */
/* backup: one file from a data folder: a tar of the database as of one moment, the attachments that it cites, and the
 * manifest. The copy of the database is made by whoever has the folder (web/operate.c, or we ourselves); the rest is read
 * here, since attachments never change. Back again: restore.c. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/folder.h"
#include "admin/manifest.h"
#include "admin/prove.h"
#include "admin/tar.h"
#include "engine/views.h"

struct backing {
	struct folder folder;
	struct arena *arena;
	const char *file; /* "-" = standard output */
	const char *part; /* written first, renamed at the end */
	struct db *copy;
	int copy_fd;
	struct tar tar;
	struct manifest manifest;
	bool is_proof; /* nothing is noted, and no server asked */
};

/* Where it can be found later: the folder it lies in, without what leads there. */
static const char *full_name(struct arena *a, const char *file)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/');
	const char *parent = slash ? str_z(a, (struct str){ file, (size_t)(slash - file) +
									  (slash == file) })
				   : ".";
	if (strcmp(file, "-") == 0 || !realpath(parent, folder))
		return file;
	return str_fmt(a, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, slash ? slash + 1 : file)
		.at;
}

/* A device or a pipe would be replaced by a file of its name, and in the data folder the database could be. */
static int check_place(const struct backing *b, struct err *e)
{
	char folder[PATH_MAX];
	struct stat st;
	if (stat(b->file, &st) == 0 && !S_ISREG(st.st_mode)) {
		err_refuse(e, ERR_CONFLICT, "%s is no file that a backup could take the place of.",
			   b->file);
		err_next(e, "Name a file, or send it on: aplomb backup - > %s.", b->file);
		return -1;
	}
	struct str name = str_of(full_name(b->arena, b->file));
	if (!realpath(b->folder.path, folder) || !str_starts(name, str_of(folder)) ||
	    name.at[strlen(folder)] != '/')
		return 0;
	err_refuse(e, ERR_CONFLICT, "%s lies in the data folder, and would be lost with it.",
		   b->file);
	err_next(e, "Name a file elsewhere, best on another disk.");
	return -1;
}

static int may_write(const struct backing *b, bool yes, struct err *e)
{
	const char *file = b->file;
	if (strcmp(file, "-") == 0 && isatty(STDOUT_FILENO)) {
		err_refuse(e, ERR_USAGE, "A backup is no text for a terminal.");
		err_next(e, "Name a file, or send it on: aplomb backup - > FILE.");
		return -1;
	}
	if (strcmp(file, "-") == 0)
		return 0;
	if (check_place(b, e) != 0)
		return -1;
	if (yes || access(file, F_OK) != 0)
		return 0;
	err_refuse(e, ERR_CONFLICT, "%s is there already.", file);
	err_next(e, "Name another file, or say -y to write over it.");
	return -1;
}

static int copy_apart(struct backing *b, struct str *path, struct err *e)
{
	DB *reader = NULL;
	struct copy_facts facts;
	*path = str_fmt(b->arena, "%s.db", b->file);
	if (store_look(&b->folder.world, str_fmt(b->arena, "%s/aplomb.db", b->folder.path).at,
		       &reader, e) != 0)
		return -1;
	return store_copy(reader, path->at, &facts, e);
}

/* The copy, opened twice and already without a name: nothing is left of it whatever happens to us. */
static int open_copy(struct backing *b, struct err *e)
{
	struct str said = { 0 };
	struct str name = str_of(full_name(b->arena, b->file));
	if (b->folder.look)
		return err_refuse(
			e, ERR_STORE,
			"%s takes no writes, and a backup is noted in it: copy the folder.",
			b->folder.path);
	struct backup row = { .name = name };
	struct store_copying how = { b->folder.store, b->arena, &row };
	int result = b->is_proof       ? copy_apart(b, &said, e)
		     : b->folder.store ? engine_copy(NULL, &how, &said, e)
				       : folder_ask(&b->folder, "backup", name, &said, e);
	if (result != 0)
		return -1;
	const char *path = str_z(b->arena, str_trim(said));
	b->copy_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (b->copy_fd < 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	result = store_look(&b->folder.world, path, &b->copy, e);
	(void)unlink(path);
	return result;
}

/* Of two backups to one file at a time, only the first: a lock, and still the file of that name once it is ours. */
static int own_part(const struct backing *b, struct err *e)
{
	struct stat ours, there;
	if (flock(b->tar.fd, LOCK_EX | LOCK_NB) == 0 && fstat(b->tar.fd, &ours) == 0 &&
	    lstat(b->tar.path, &there) == 0 && ours.st_ino == there.st_ino &&
	    ours.st_dev == there.st_dev)
		return ftruncate(b->tar.fd, 0) == 0
			       ? 0
			       : err_fail(e, ERR_STORE, "%s: %s.", b->tar.path, strerror(errno));
	err_refuse(e, ERR_CONFLICT, "Another backup to %s is under way.", b->file);
	err_next(e, "Wait for it, or name another file.");
	return -1;
}

static int open_part(struct backing *b, struct err *e)
{
	b->tar = (struct tar){ .fd = STDOUT_FILENO, .path = b->file };
	if (strcmp(b->file, "-") == 0)
		return 0;
	const char *part = str_fmt(b->arena, "%s.part", b->file).at;
	b->tar.path = part;
	b->tar.fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (b->tar.fd < 0)
		return err_fail(e, ERR_STORE, "%s: %s.", part, strerror(errno));
	if (own_part(b, e) != 0) {
		fd_close(&b->tar.fd);
		return -1;
	}
	b->part = part;
	return 0;
}

static int add_file(struct backing *b, const char *name, int fd, struct err *e)
{
	char bytes[1 << 16];
	struct stat st;
	ssize_t n = 1;
	if (fstat(fd, &st) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", name, strerror(errno));
	if (tar_put(&b->tar, name, st.st_size, e) != 0)
		return -1;
	struct manifest_file *f = LIST_ADD(b->arena, &b->manifest.files);
	*f = (struct manifest_file){ .name = str_copy(b->arena, str_of(name)), .size = st.st_size };
	struct sha256_stream *hash = sha256_new();
	int result = 0;
	while (result == 0 && (n = read(fd, bytes, sizeof(bytes))) > 0) {
		sha256_add(hash, (struct str){ bytes, (size_t)n });
		result = tar_add(&b->tar, (struct str){ bytes, (size_t)n }, e);
	}
	f->hash = sha256_end(&hash);
	if (result == 0 && (n < 0 || b->tar.left))
		return err_fail(e, ERR_STORE, "%s could not be read to its end.", name);
	return result;
}

/* Its name is its hash: one that rotted is found here, not when it is needed. */
static int add_blob(struct backing *b, const struct blob_row *row, struct err *e)
{
	ARENA(a);
	const char *name = str_fmt(&a, "blobs/" STR_FMT "/" STR_FMT,
				   STR_ARG(str_sub(row->hash, 0, 2)),
				   STR_ARG(str_sub(row->hash, 2, row->hash.len)))
				   .at;
	FD fd = open(str_fmt(&a, "%s/%s", b->folder.path, name).at,
		     O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && !row->is_cited)
		return 0;
	if (fd < 0)
		return err_fail(e, ERR_BROKEN,
				"Attachment " STR_FMT
				" is missing; was it redacted just now? Then try again.",
				STR_ARG(row->hash));
	if (add_file(b, name, fd, e) != 0)
		return -1;
	const struct manifest_file *f = &b->manifest.files.at[b->manifest.files.len - 1];
	struct str hash = { (const char *)f->hash.b, SHA256_BYTES };
	if (str_eq(hex_of(&a, hash), row->hash))
		return 0;
	return err_fail(e, ERR_BROKEN, "Attachment " STR_FMT " was changed: see aplomb verify.",
			STR_ARG(row->hash));
}

static int write_tar(struct backing *b, struct err *e)
{
	struct blob_rows blobs = { 0 };
	struct buf text = BUF(b->arena);
	if (store_facts(b->copy, &b->manifest.facts, e) != 0 ||
	    blob_list(b->copy, b->arena, &blobs, e) != 0)
		return -1;
	b->tar.at_s = b->manifest.facts.at_ms / 1000;
	if (add_file(b, "aplomb.db", b->copy_fd, e) != 0)
		return -1;
	LIST_EACH (row, &blobs)
		if (add_blob(b, row, e) != 0)
			return -1;
	manifest_write(&b->manifest, &text);
	if (text.too_big)
		return err_fail(e, ERR_FAILED, "There are too many attachments for one backup.");
	if (tar_put(&b->tar, MANIFEST_NAME, (int64_t)text.len, e) != 0 ||
	    tar_add(&b->tar, buf_str(&text), e) != 0)
		return -1;
	return tar_finish(&b->tar, e);
}

static int settle(struct backing *b, struct err *e)
{
	const char *name = full_name(b->arena, b->file);
	const char *slash = strrchr(name, '/');
	if (!b->part)
		return 0;
	if (fsync(b->tar.fd) != 0 || rename(b->part, b->file) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", b->file, strerror(errno));
	return folder_sync(slash && slash != name
				   ? str_z(b->arena, (struct str){ name, (size_t)(slash - name) })
				   : "/",
			   e);
}

static void say_done(const struct backing *b)
{
	const struct copy_facts *f = &b->manifest.facts;
	FILE *to = b->part ? stdout : stderr;
	struct str hash = hex_of(b->arena, (struct str){ (const char *)f->hash.b, SHA256_BYTES });
	(void)fprintf(to, "%s: %lld bytes, %lld events, %lld deliveries, %zu attachments.\n",
		      b->part ? b->file : "Written", (long long)b->tar.bytes, (long long)f->pos,
		      (long long)f->inbox_id, b->manifest.files.len - 1);
	(void)fprintf(to, "The last event's hash is " STR_FMT ".\n", STR_ARG(hash));
	(void)fprintf(to,
		      "Keep it on another machine. To use it: aplomb restore %s --data NEWDIR\n",
		      b->part ? b->file : "FILE");
}

static int back_up(struct backing *b, struct err *e)
{
	b->copy_fd = b->tar.fd = -1;
	/* the file first: its name is noted with the copy, and one that cannot be written is no backup */
	int result = (!b->is_proof && folder_enter(&b->folder, e)) || open_part(b, e) ||
		     open_copy(b, e) || write_tar(b, e) || settle(b, e);
	if (result && b->part)
		(void)unlink(b->part);
	if (b->part)
		fd_close(&b->tar.fd);
	fd_close(&b->copy_fd);
	db_close(&b->copy);
	folder_leave(&b->folder);
	return result ? -1 : 0;
}

int backup_prove(const char *data, const char *file, struct arena *a, struct manifest *m,
		 struct err *e)
{
	struct backing b = {
		.arena = a, .file = file, .folder = { .path = data, .arena = a }, .is_proof = true
	};
	world_real(&b.folder.world);
	int result = back_up(&b, e);
	*m = b.manifest;
	return result;
}

int admin_backup(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	bool yes = false;
	struct backing b = { .arena = &a, .folder = { .path = "data", .arena = &a } };
	const struct admin_command *c = admin_command_find("backup");
	const struct option options[] = {
		{ "data", "the data folder (default: data)", &b.folder.path, false },
		{ NULL, NULL, NULL, false },
	};
	if (words_take(&argc, argv, &b.file, &yes, &e) != 0)
		return admin_complain("backup", &e);
	int read = options_read(c, options, argc, argv, &e);
	if (read > 0)
		return 0;
	if (read == 0 && !b.file) {
		read = err_refuse(&e, ERR_USAGE, "Name the file to write.");
		err_next(&e, "Usage: %s", c->usage);
	}
	(void)umask(0077);
	if (read != 0 || may_write(&b, yes, &e) != 0 || back_up(&b, &e) != 0)
		return admin_complain("backup", &e);
	say_done(&b);
	return 0;
}
