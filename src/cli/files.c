/* SPDX-License-Identifier: Apache-2.0 */
/* files: see files.h. */
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/list.h"

enum { CHUNK_BYTES = 64 << 10, RANDOM_BYTES = 16 };

static int read_all(struct arena *a, int fd, struct str *out, struct err *e)
{
	struct buf b = { .arena = a, .max = FILES_MAX_BYTES };
	char *chunk = arena_alloc(a, CHUNK_BYTES);
	for (;;) {
		ssize_t n = read(fd, chunk, CHUNK_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_fail(e, ERR_USAGE, "%s", strerror(errno));
		if (n == 0)
			break;
		buf_add(&b, (struct str){ chunk, (size_t)n });
	}
	*out = buf_str(&b);
	return b.too_big ? err_refuse(e, ERR_TOO_LARGE, "it is larger than 64 MiB") : 0;
}

int files_read(struct arena *a, struct str path, struct str *out, struct err *e)
{
	bool is_input = str_is(path, "-");
	int fd = is_input ? STDIN_FILENO : open(str_z(a, path), O_RDONLY | O_CLOEXEC), got = -1;
	if (fd < 0)
		err_refuse(e, ERR_USAGE, "%s", strerror(errno));
	else
		got = read_all(a, fd, out, e);
	if (fd >= 0 && !is_input)
		(void)close(fd);
	return got ? err_context(e, "cannot read " STR_FMT, STR_ARG(str_clip(path, 90))) : 0;
}

static void make_folders(struct arena *a, struct str path)
{
	for (size_t i = 1; i < path.len; i++)
		if (path.at[i] == '/')
			(void)mkdir(str_z(a, str_sub(path, 0, i)),
				    0700); /* what is missing shows at open */
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return fsync(fd) == 0;
}

int files_write(struct arena *a, struct str path, struct str bytes, struct err *e)
{
	const char *to = str_z(a, path);
	char *draft = NULL;
	struct str name = str_fmt(a, STR_FMT ".XXXXXX", STR_ARG(path));
	make_folders(a, path);
	draft = arena_alloc(a, name.len + 1);
	memcpy(draft, name.at, name.len);
	int fd = mkostemp(draft, O_CLOEXEC); /* made with mode 0600 */
	bool is_written = fd >= 0 && write_all(fd, bytes);
	if (fd >= 0 && close(fd) != 0)
		is_written = false;
	if (is_written && rename(draft, to) == 0)
		return 0;
	err_fail(e, ERR_FAILED, "cannot write %.300s: %s.", to, strerror(errno));
	if (fd >= 0)
		(void)unlink(draft);
	return -1;
}

bool files_is_file(struct arena *a, struct str path)
{
	struct stat s;
	return path.len && stat(str_z(a, path), &s) == 0 && S_ISREG(s.st_mode);
}

static struct str xdg(struct arena *a, const char *variable, const char *in_home, const char *name)
{
	const char *folder = getenv(variable), *home = getenv("HOME");
	if (folder && folder[0] == '/') /* the specification has relative ones ignored */
		return str_fmt(a, "%s/aplomb/%s", folder, name);
	if (!home || !home[0])
		return (struct str){ 0 };
	return str_fmt(a, "%s/%s/aplomb/%s", home, in_home, name);
}

struct str files_config(struct arena *a, const char *name)
{
	return xdg(a, "XDG_CONFIG_HOME", ".config", name);
}

struct str files_state(struct arena *a, const char *name)
{
	return xdg(a, "XDG_STATE_HOME", ".local/state", name);
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct strs files_list(struct arena *a, struct str folder, const char *suffix)
{
	LIST_OF(struct str) names = { 0 };
	DIR *d = folder.len ? opendir(str_z(a, folder)) : NULL;
	if (!d)
		return (struct strs){ 0 };
	for (struct dirent *entry = readdir(d); entry && names.len < FILES_MAX_WAITING;
	     entry = readdir(d)) {
		struct str name = str_of(entry->d_name);
		if (str_ends(name, str_of(suffix)))
			*LIST_ADD(a, &names) = str_copy(a, name);
	}
	(void)closedir(d);
	if (names.len)
		qsort(names.at, names.len, sizeof(*names.at), by_text);
	return (struct strs){ names.at, names.len };
}

int files_random(struct arena *a, struct str *out, struct err *e)
{
	char *bytes = arena_alloc(a, RANDOM_BYTES);
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, bytes, RANDOM_BYTES) : -1;
	if (fd >= 0)
		(void)close(fd);
	if (n != RANDOM_BYTES)
		return err_fail(e, ERR_FAILED, "The system has no random numbers to give.");
	*out = hex_of(a, (struct str){ bytes, RANDOM_BYTES });
	return 0;
}
