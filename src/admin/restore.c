/* SPDX-License-Identifier: Apache-2.0 */
/* restore: a data folder from a backup. Everything is unpacked beside the place where it is to be, held against the
 * manifest and verified, and only then given its name: a bad file leaves nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/manifest.h"
#include "admin/prove.h"
#include "admin/tar.h"
#include "base/when.h"
#include "store/store.h"

struct restoring {
	struct arena *arena;
	const char *file, *data;
	char *beside; /* where it is unpacked; NULL = not made, or gone */
	struct tar tar;
	struct manifest got, want;
	bool has_manifest;
	struct verify_report report;
};

/* What is there may be a link, or "."; a folder can take the place of neither, but of what they mean. */
static int is_empty_place(struct restoring *r, struct err *e)
{
	char meant[PATH_MAX];
	if (realpath(r->data, meant))
		r->data = str_z(r->arena, str_of(meant));
	const char *data = r->data;
	DIR *folder = opendir(data);
	struct dirent *entry;
	int others = 0;
	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return err_refuse(e, ERR_CONFLICT, "%s: %s.", data, strerror(errno));
	while ((entry = readdir(folder)))
		others += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(folder);
	if (!others)
		return 0;
	err_refuse(e, ERR_CONFLICT, "%s is not empty, and restoring writes over nothing.", data);
	err_next(e, "Name a new folder, and start the server with it.");
	return -1;
}

static int make_beside(struct restoring *r, struct err *e)
{
	struct str data = str_of(r->data);
	while (data.len > 1 && data.at[data.len - 1] == '/')
		data.len--;
	r->data = str_z(r->arena, data);
	const char *slash = strrchr(r->data, '/');
	if (slash && slash != r->data &&
	    folder_make(str_z(r->arena, (struct str){ r->data, (size_t)(slash - r->data) }), e) !=
		    0)
		return -1;
	struct str pattern = str_fmt(r->arena, "%s.XXXXXX", r->data);
	char *path = arena_alloc(r->arena, pattern.len + 1);
	memcpy(path, pattern.at, pattern.len);
	if (!mkdtemp(path))
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	r->beside = path;
	return 0;
}

static int remove_one(const char *path, __attribute__((unused)) const struct stat *st,
		      __attribute__((unused)) int kind, __attribute__((unused)) struct FTW *at)
{
	return remove(path);
}

void folder_wipe(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void remove_beside(struct restoring *r)
{
	if (r->beside)
		folder_wipe(r->beside);
	r->beside = NULL;
}

/* "aplomb.db" or "blobs/ab/cdef...": a name of anything else leads out of the folder. */
static int make_place(struct restoring *r, const char *name, struct err *e)
{
	struct str s = str_of(name), folder;
	ARENA(a);
	if (strcmp(name, "aplomb.db") == 0)
		return 0;
	bool is_blob = str_starts(s, STR("blobs/")) && s.len == 6 + 2 + 1 + 62 && s.at[8] == '/' &&
		       blob_hash_is_valid(str_fmt(&a, "%.2s%s", name + 6, name + 9));
	if (!is_blob)
		return err_refuse(e, ERR_BROKEN, "%s holds what no backup does: %.60s.", r->file,
				  name);
	folder = str_fmt(&a, "%s/%.8s", r->beside, name);
	return folder_make(folder.at, e);
}

static int write_all(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int unpack(struct restoring *r, const char *name, struct manifest_file *f, struct err *e)
{
	char bytes[1 << 16];
	size_t got = 0;
	if (make_place(r, name, e) != 0)
		return -1;
	const char *path = str_fmt(r->arena, "%s/%s", r->beside, name).at;
	FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	struct sha256_stream *hash = sha256_new();
	int result;
	while ((result = tar_take(&r->tar, bytes, sizeof(bytes), &got, e)) == 0 && got) {
		sha256_add(hash, (struct str){ bytes, got });
		if (write_all(fd, bytes, got) != 0) {
			result = err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
			break;
		}
	}
	f->hash = sha256_end(&hash);
	if (result == 0 && fsync(fd) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	return result;
}

static int take_manifest(struct restoring *r, int64_t size, struct err *e)
{
	size_t have = 0, got = 0;
	if (size > MANIFEST_MAX_BYTES)
		return err_refuse(e, ERR_BROKEN, "%s has a list of files that is too large.",
				  r->file);
	char *text = arena_alloc(r->arena, (size_t)size + 1);
	while (have < (size_t)size) {
		if (tar_take(&r->tar, text + have, (size_t)size - have, &got, e) != 0)
			return -1;
		have += got;
	}
	r->has_manifest = true;
	return manifest_read((struct str){ text, have }, r->arena, &r->want, e);
}

static int unpack_all(struct restoring *r, struct err *e)
{
	char name[TAR_NAME_MAX + 1];
	int64_t size;
	int got;
	while ((got = tar_next(&r->tar, name, &size, e)) > 0) {
		if (r->has_manifest)
			return err_refuse(e, ERR_BROKEN, "%s goes on behind its list of files.",
					  r->file);
		if (strcmp(name, MANIFEST_NAME) == 0) {
			if (take_manifest(r, size, e) != 0)
				return -1;
			continue;
		}
		struct manifest_file *f = LIST_ADD(r->arena, &r->got.files);
		f->name = str_copy(r->arena, str_of(name));
		f->size = size;
		if (unpack(r, name, f, e) != 0)
			return -1;
	}
	if (got < 0)
		return -1;
	if (r->has_manifest && manifest_equal(&r->got, &r->want))
		return 0;
	err_refuse(e, ERR_BROKEN, "%s was changed: its files are not those of its list.", r->file);
	err_next(e, "Take another backup; nothing was restored from this one.");
	return -1;
}

static int check(struct restoring *r, struct err *e)
{
	struct world world;
	struct store *store = NULL;
	struct copy_facts facts;
	world_real(&world);
	if (store_open(&world, r->beside, &store, e) != 0)
		return -1;
	int result = store_facts(store_writer(store), &facts, e);
	if (result == 0)
		result = ledger_verify(store_writer(store), store_blob_folder(store), &r->report,
				       e);
	if (result == 0 && (facts.pos != r->want.facts.pos ||
			    memcmp(facts.hash.b, r->want.facts.hash.b, SHA256_BYTES) != 0))
		result = err_refuse(e, ERR_BROKEN, "%s does not end where its list says.", r->file);
	store_close(&store);
	return result;
}

static int give_name(struct restoring *r, struct err *e)
{
	const char *slash = strrchr(r->data, '/');
	const char *parent = !slash ? "."
			     : slash == r->data
				     ? "/"
				     : str_z(r->arena,
					     (struct str){ r->data, (size_t)(slash - r->data) });
	/* over an empty folder, if there is one */
	if (folder_sync(r->beside, e) != 0)
		return -1;
	if (rename(r->beside, r->data) != 0) {
		err_fail(e, ERR_STORE, "%s: %s.", r->data, strerror(errno));
		err_next(e, "Name a folder that is not there yet; where a disk is mounted, one in "
			    "it.");
		return -1;
	}
	r->beside = NULL;
	return folder_sync(parent, e);
}

static int restore(struct restoring *r, struct err *e)
{
	bool is_file = strcmp(r->file, "-") != 0;
	FD fd = is_file ? open(r->file, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	r->tar = (struct tar){ .fd = fd, .path = is_file ? r->file : "The backup" };
	if (fd < 0)
		return err_refuse(e, ERR_NOT_FOUND, "%s: %s.", r->file, strerror(errno));
	int result = is_empty_place(r, e) || make_beside(r, e) || unpack_all(r, e) || check(r, e) ||
		     give_name(r, e);
	remove_beside(r);
	return result ? -1 : 0;
}

int restore_prove(const char *file, const char *data, struct arena *a, struct verify_report *report,
		  struct err *e)
{
	struct restoring r = { .arena = a, .file = file, .data = data };
	int result = restore(&r, e);
	*report = r.report;
	return result;
}

static void say_done(struct restoring *r)
{
	struct buf b = BUF(r->arena);
	verify_say(&r->report, &b);
	(void)printf(STR_FMT, STR_ARG(buf_str(&b)));
	b = BUF(r->arena);
	when_rfc3339(&b, r->want.facts.at_ms);
	(void)printf("%s is as the backup of " STR_FMT " has it; passwords and tokens are those of "
		     "then, too.\nNext: aplomb serve --data %s\n",
		     r->data, STR_ARG(buf_str(&b)), r->data);
}

int admin_restore(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	bool yes = false;
	struct restoring r = { .arena = &a };
	const struct admin_command *c = admin_command_find("restore");
	const struct option options[] = {
		{ "data", "the folder to make; it must be empty or new", &r.data, true },
		{ NULL, NULL, NULL, false },
	};
	if (words_take(&argc, argv, &r.file, &yes, &e) != 0)
		return admin_complain("restore", &e);
	int read = options_read(c, options, argc, argv, &e);
	if (read > 0)
		return 0;
	if (read == 0 && !r.file) {
		read = err_refuse(&e, ERR_USAGE, "Name the backup.");
		err_next(&e, "Usage: %s", c->usage);
	}
	(void)umask(0077);
	if (read != 0 || restore(&r, &e) != 0)
		return admin_complain("restore", &e);
	say_done(&r);
	return 0;
}
