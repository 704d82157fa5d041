/* SPDX-License-Identifier: Apache-2.0 */
/* file: whole files, folders and the folder's lock (world.h). Databases and blobs: see store. */
#include "world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int file_read(struct arena *a, const char *path, size_t max, struct str *out, struct err *e)
{
	/* a pipe is opened at once, too, and refused below: nobody may ever write to it */
	FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_refuse(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_STORE, "%s: %s.", path,
				  strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_refuse(e, ERR_BAD_INPUT, "%s is not a file.", path);
	if (st.st_size < 0 || (size_t)st.st_size > max)
		return err_refuse(e, ERR_TOO_LARGE, "%s is larger than %zu bytes.", path, max);
	size_t size = (size_t)st.st_size, got = 0;
	char *p = arena_alloc(a, size + 1);
	while (got < size) {
		ssize_t n = read(fd, p + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
		if (n == 0)
			break;
		got += (size_t)n;
	}
	*out = (struct str){ p, got };
	return 0;
}

static int write_all(int fd, struct str s)
{
	while (s.len) {
		ssize_t n = write(fd, s.at, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s = str_sub(s, (size_t)n, s.len);
	}
	return fsync(fd);
}

int file_write(const char *path, struct str text, unsigned mode, struct err *e)
{
	ARENA(a);
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? str_z(&a, (struct str){ path, (size_t)(slash - path) +
									   (slash == path) })
				   : ".";
	const char *part = str_fmt(&a, "%s.part", path).at;
	FD fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
	if (fd < 0 || fchmod(fd, (mode_t)mode) != 0 || write_all(fd, text) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", part, strerror(errno));
	if (rename(part, path) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	return folder_sync(folder, e);
}

int folder_sync(const char *path, struct err *e)
{
	FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return err_fail(e, ERR_STORE, "%s: %s.", path, strerror(errno));
	return 0;
}

int folder_make(const char *path, struct err *e)
{
	ARENA(a);
	char *p = arena_alloc(&a, strlen(path) + 1);
	memcpy(p, path, strlen(path));
	for (char *s = p + 1; *s; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		if (mkdir(p, 0755) != 0 && errno != EEXIST)
			return err_fail(e, ERR_STORE, "%s: %s.", p, strerror(errno));
		*s = '/';
	}
	if (mkdir(p, 0700) != 0 && errno != EEXIST)
		return err_fail(e, ERR_STORE, "%s: %s.", p, strerror(errno));
	return 0;
}

int folder_lock(const char *path, int *out, struct err *e)
{
	ARENA(a);
	const char *lock = str_fmt(&a, "%s/lock", path).at;
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_fail(e, ERR_STORE, "%s: %s.", lock, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		(void)close(fd);
		err_refuse(e, ERR_CONFLICT, "%s is in use by another aplomb process.", path);
		err_next(e, "Stop that process first, or choose another --data folder.");
		return -1;
	}
	*out = fd;
	return 0;
}
