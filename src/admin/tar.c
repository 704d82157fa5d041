/* SPDX-License-Identifier: Apache-2.0 */
/* tar: see tar.h. */
#include "admin/tar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the parts of a header lie. */
enum {
	MODE = 100,
	OWNER = 108,
	GROUP = 116,
	SIZE = 124,
	TIME = 136,
	SUM = 148,
	KIND = 156,
	MAGIC = 257
};

static void put_octal(char *to, int digits, int64_t n)
{
	for (int i = digits - 1; i >= 0; i--, n >>= 3)
		to[i] = (char)('0' + (n & 7));
}

/* Eleven octal digits, or past 8 GB the bytes themselves behind a mark, as GNU tar has it. */
static void put_size(char *to, int64_t n)
{
	if (n < (int64_t)1 << 33) {
		put_octal(to, 11, n);
		return;
	}
	to[0] = (char)0x80;
	for (int i = 11; i > 3; i--, n >>= 8)
		to[i] = (char)(unsigned char)(n & 0xff);
}

static int64_t read_size(const char *from)
{
	int64_t n = 0;
	if (!(from[0] & 0x80)) {
		for (int i = 0; i < 11; i++)
			n = n << 3 | ((from[i] - '0') & 7);
		return n;
	}
	for (int i = 4; i < 12; i++)
		n = (int64_t)((uint64_t)n << 8 | (unsigned char)from[i]);
	return n;
}

static void make_header(char *block, const char *name, int64_t size, int64_t at_s)
{
	unsigned sum = 0;
	memset(block, 0, TAR_BLOCK);
	memcpy(block, name, strnlen(name, TAR_NAME_MAX));
	put_octal(block + MODE, 7, 0600);
	put_octal(block + OWNER, 7, 0);
	put_octal(block + GROUP, 7, 0);
	put_size(block + SIZE, size);
	put_octal(block + TIME, 11, at_s);
	memset(block + SUM, ' ', 8);
	block[KIND] = '0';
	memcpy(block + MAGIC, "ustar\00000", 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)block[i];
	put_octal(block + SUM, 6, sum);
	block[SUM + 6] = '\0';
}

/* What is left for the end would go to the disk at once, and the server's commits would wait behind it. A pipe has no
 * such care. */
static int send_on(struct tar *t, size_t len, struct err *e)
{
	enum { SYNC_BYTES = 1 << 20 };
	int64_t before = t->bytes / SYNC_BYTES;
	t->bytes += (int64_t)len;
	if (t->bytes / SYNC_BYTES == before || fdatasync(t->fd) == 0 || errno == EINVAL)
		return 0;
	return err_fail(e, ERR_STORE, "%s: %s.", t->path, strerror(errno));
}

static int write_all(struct tar *t, const char *at, size_t len, struct err *e)
{
	if (send_on(t, len, e) != 0)
		return -1;
	while (len) {
		ssize_t n = write(t->fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_fail(e, ERR_STORE, "%s: %s.", t->path, strerror(errno));
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int tar_put(struct tar *t, const char *name, int64_t size, struct err *e)
{
	char block[TAR_BLOCK];
	make_header(block, name, size, t->at_s);
	t->left = size;
	t->pad = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
	return write_all(t, block, TAR_BLOCK, e);
}

int tar_add(struct tar *t, struct str bytes, struct err *e)
{
	static const char zeros[TAR_BLOCK];
	if ((int64_t)bytes.len > t->left)
		return err_fail(e, ERR_FAILED, "%s: a file grew while it was copied.", t->path);
	t->left -= (int64_t)bytes.len;
	if (write_all(t, bytes.at, bytes.len, e) != 0)
		return -1;
	return t->left ? 0 : write_all(t, zeros, (size_t)t->pad, e);
}

int tar_finish(struct tar *t, struct err *e)
{
	static const char zeros[2 * TAR_BLOCK];
	return write_all(t, zeros, sizeof(zeros), e);
}

static int refuse(const struct tar *t, const char *how, struct err *e)
{
	err_refuse(e, ERR_BROKEN, "%s %s.", t->path, how);
	err_next(e, "Take another backup; nothing was restored from this one.");
	return -1;
}

static int read_all(struct tar *t, char *to, size_t len, struct err *e)
{
	t->bytes += (int64_t)len;
	while (len) {
		ssize_t n = read(t->fd, to, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_fail(e, ERR_STORE, "%s: %s.", t->path, strerror(errno));
		if (n == 0)
			return refuse(t, "is cut off", e);
		to += n;
		len -= (size_t)n;
	}
	return 0;
}

static bool is_zero(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i])
			return false;
	return true;
}

static int read_end(struct tar *t, struct err *e)
{
	char block[TAR_BLOCK];
	if (read_all(t, block, TAR_BLOCK, e) != 0)
		return -1;
	if (!is_zero(block, TAR_BLOCK) || read(t->fd, block, 1) != 0)
		return refuse(t, "was changed: something stands behind its end", e);
	return 0;
}

int tar_next(struct tar *t, char *name, int64_t *size, struct err *e)
{
	char block[TAR_BLOCK], want[TAR_BLOCK];
	if (read_all(t, block, TAR_BLOCK, e) != 0)
		return -1;
	if (is_zero(block, TAR_BLOCK))
		return read_end(t, e);
	if (!t->at_s)
		t->at_s = read_size(block + TIME);
	memcpy(name, block, TAR_NAME_MAX);
	name[TAR_NAME_MAX] = '\0';
	*size = read_size(block + SIZE);
	if (*size < 0)
		return refuse(t, "is no backup of Aplomb, or was changed", e);
	make_header(want, name, *size, t->at_s);
	if (memcmp(block, want, TAR_BLOCK) != 0)
		return refuse(t, "is no backup of Aplomb, or was changed", e);
	t->left = *size;
	t->pad = (TAR_BLOCK - *size % TAR_BLOCK) % TAR_BLOCK;
	return 1;
}

int tar_take(struct tar *t, char *to, size_t max, size_t *got, struct err *e)
{
	char pad[TAR_BLOCK];
	*got = (int64_t)max < t->left ? max : (size_t)t->left;
	if (read_all(t, to, *got, e) != 0)
		return -1;
	t->left -= (int64_t)*got;
	if (t->left || !t->pad)
		return 0;
	size_t zeros = (size_t)t->pad;
	t->pad = 0;
	if (read_all(t, pad, zeros, e) != 0)
		return -1;
	return is_zero(pad, zeros) ? 0 : refuse(t, "was changed", e);
}
