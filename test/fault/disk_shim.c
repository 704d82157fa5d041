/* SPDX-License-Identifier: Apache-2.0 */
/* disk_shim: a disk that fails when it is told to, for disk_test.py (LD_PRELOAD). While the file named by APLOMB_SHIM
 * exists, its first word says what happens to regular files: "write-erofs", "write-eio", "write-enospc" or "sync-eio". */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_told(const char *what)
{
	char word[32] = { 0 };
	int before = errno;
	const char *path = getenv("APLOMB_SHIM");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, word, sizeof(word) - 1);
	if (fd >= 0)
		(void)close(fd);
	errno = before;
	return n > 0 && strncmp(word, what, strlen(what)) == 0;
}

static int trouble_of(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	if (is_told("write-erofs"))
		return EROFS;
	if (is_told("write-eio"))
		return EIO;
	return is_told("write-enospc") ? ENOSPC : 0;
}

/* errno stays as it was where nothing fails. */
static int fails(int trouble)
{
	if (trouble)
		errno = trouble;
	return trouble;
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t at)
{
	return fails(trouble_of(fd)) ? -1 : syscall(SYS_pwrite64, fd, from, bytes, at);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at)
{
	return pwrite64(fd, from, bytes, at);
}

ssize_t write(int fd, const void *from, size_t bytes)
{
	return fails(trouble_of(fd)) ? -1 : syscall(SYS_write, fd, from, bytes);
}

int access(const char *path, int mode)
{
	if (mode & W_OK && fails(is_told("write-erofs") ? EROFS : 0))
		return -1;
	return (int)syscall(SYS_access, path, mode);
}

int fsync(int fd)
{
	return fails(is_told("sync-eio") ? EIO : 0) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fails(is_told("sync-eio") ? EIO : 0) ? -1 : (int)syscall(SYS_fdatasync, fd);
}
