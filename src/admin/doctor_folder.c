/* SPDX-License-Identifier: Apache-2.0 */
/* doctor, folder: the disk under the data folder, who may read it, and whether the database is sound. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "admin/doctor.h"
#include "engine/pulse.h"
#include "store/look.h"
#include "world/process.h"

enum {
	SYNCS = 9,
	SYNC_BYTES = 4096,
	SLOW_SYNC_US = 20 * 1000, /* a disk of rust; each commit waits for one */
	BAD_SYNC_US = 500 * 1000,
	FEW_INODES = 1000,
};
static const int64_t little_bytes = 1LL << 30, too_little_bytes = 100LL << 20;

struct filesystem {
	long type;
	const char *name, *why; /* why: it is no place for a ledger */
};
static const struct filesystem filesystems[] = {
	{ 0x6969, "NFS", "locks and fsync over a network cannot be relied on" },
	{ 0xff534d42, "CIFS", "locks and fsync over a network cannot be relied on" },
	{ (long)0xfe534d42, "SMB", "locks and fsync over a network cannot be relied on" },
	{ 0x00c36400, "Ceph", "locks and fsync over a network cannot be relied on" },
	{ 0x01021994, "tmpfs", "it is memory: all is gone at the next start of the machine" },
	{ (long)0x858458f6, "ramfs", "it is memory: all is gone at the next start of the machine" },
	{ 0x794c7630, "overlay", "it may go with its container" },
	{ 0x65735546, "FUSE", "whether fsync reaches a disk depends on the program behind it" },
};

static void look_at_kind(struct doctor *d)
{
	struct statfs s;
	if (statfs(d->data, &s) != 0)
		return;
	for (size_t i = 0; i < sizeof(filesystems) / sizeof(filesystems[0]); i++)
		if ((unsigned long)s.f_type == (unsigned long)filesystems[i].type)
			doctor_find(d, VERDICT_WARN, "disk",
				    str_fmt(d->arena, "%s is on %s: %s.", d->data,
					    filesystems[i].name, filesystems[i].why),
				    "Use a folder on a local disk.");
}

static void look_at_room(struct doctor *d)
{
	struct statvfs s;
	if (statvfs(d->data, &s) != 0)
		return;
	int64_t free_bytes = (int64_t)s.f_bavail * (int64_t)s.f_frsize;
	bool few_inodes = s.f_files && s.f_favail < FEW_INODES;
	enum verdict v = free_bytes < too_little_bytes		   ? VERDICT_BAD
			 : free_bytes < little_bytes || few_inodes ? VERDICT_WARN
								   : VERDICT_OK;
	struct str inodes = s.f_files ? str_fmt(d->arena, "%lld", (long long)s.f_favail)
				      : STR("no limit of");
	doctor_find(d, v, "room",
		    str_fmt(d->arena, "%lld MB and " STR_FMT " inodes are free.",
			    (long long)(free_bytes >> 20), STR_ARG(inodes)),
		    "Make room before it runs out: a full disk refuses every change.");
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The middle one of a few; -1 with errno when the disk refuses. */
static int64_t time_syncs(int fd)
{
	char page[SYNC_BYTES];
	int64_t took_us[SYNCS];
	memset(page, 'a', sizeof(page));
	for (int i = 0; i < SYNCS; i++) {
		int64_t began_us = pulse_clock_us();
		if (pwrite(fd, page, sizeof(page), i * (off_t)sizeof(page)) != SYNC_BYTES ||
		    fdatasync(fd) != 0)
			return -1;
		took_us[i] = pulse_clock_us() - began_us;
	}
	qsort(took_us, SYNCS, sizeof(took_us[0]), by_size);
	return took_us[SYNCS / 2];
}

static void look_at_syncs(struct doctor *d)
{
	/* nameless: nothing is left behind whatever happens */
	FD fd = open(d->data, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	int64_t us = fd >= 0 ? time_syncs(fd) : -1;
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		return; /* this filesystem has no nameless files */
	if (us < 0) {
		doctor_find(d, VERDICT_BAD, "fsync",
			    str_fmt(d->arena, "%s takes no writes: %s.", d->data, strerror(errno)),
			    "Mend the disk, make room, or run this as the user that serves.");
		return;
	}
	doctor_find(d,
		    us > BAD_SYNC_US	? VERDICT_BAD
		    : us > SLOW_SYNC_US ? VERDICT_WARN
					: VERDICT_OK,
		    "fsync",
		    str_fmt(d->arena, "A write is on disk after %lld.%02lld ms.",
			    (long long)(us / 1000), (long long)(us % 1000 / 10)),
		    "Each change waits for one: use a faster disk.");
}

static void look_at_mode(struct doctor *d, const char *path, bool is_needed)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		if (is_needed)
			doctor_find(d, VERDICT_BAD, "permissions",
				    str_fmt(d->arena, "%s: %s.", path, strerror(errno)),
				    "Say --data DIR, or make it: aplomb init.");
		return;
	}
	if (st.st_mode & 077)
		doctor_find(d, VERDICT_BAD, "permissions",
			    str_fmt(d->arena, "%s is open to others (mode %03o).", path,
				    (unsigned)(st.st_mode & 0777)),
			    str_fmt(d->arena, "Close it: chmod go= %s", path).at);
	else if (st.st_uid != geteuid())
		doctor_find(d, VERDICT_WARN, "permissions",
			    str_fmt(d->arena, "%s belongs to user %u; this is user %u.", path,
				    (unsigned)st.st_uid, (unsigned)geteuid()),
			    "Run the doctor as the user that serves.");
	else
		doctor_find(d, VERDICT_OK, "permissions",
			    str_fmt(d->arena, "%s is for its owner alone.", path), "");
}

static void look_at_database(struct doctor *d)
{
	struct err e = { 0 };
	const char *path = str_fmt(d->arena, "%s/aplomb.db", d->data).at;
	long long mb = (long long)(file_bytes(path) >> 20);
	if (access(path, F_OK) != 0 && errno != ENOENT) {
		doctor_find(d, VERDICT_BAD, "database",
			    str_fmt(d->arena, "%s: %s.", path, strerror(errno)),
			    "Run the doctor as the user that serves.");
		return;
	}
	if (access(path, F_OK) != 0) {
		doctor_find(d, VERDICT_WARN, "database",
			    str_fmt(d->arena, "There is no database in %s yet.", d->data),
			    "The first start of serve makes it; is --data right?");
		return;
	}
	if (store_quick_check(&d->world, d->data, &e) == 0)
		doctor_find(d, VERDICT_OK, "database",
			    str_fmt(d->arena, "The database (%lld MB) is sound.", mb), "");
	else if (e.code == ERR_CONFLICT)
		doctor_find(d, VERDICT_OK, "database",
			    str_fmt(d->arena,
				    "The database (%lld MB) is in use by a server; aplomb verify "
				    "asks it for proof.",
				    mb),
			    "");
	else
		doctor_find(d, VERDICT_BAD, "database", str_copy(d->arena, str_of(e.text)),
			    e.code == ERR_BROKEN ? "Keep a copy of the folder as it is, then "
						   "restore the last backup."
						 : "Run the doctor as the user that serves.");
}

void doctor_folder(struct doctor *d)
{
	struct stat st;
	if (stat(d->data, &st) == 0 && !S_ISDIR(st.st_mode)) {
		doctor_find(d, VERDICT_BAD, "permissions",
			    str_fmt(d->arena, "%s is no folder.", d->data), "Say --data DIR.");
		return;
	}
	look_at_mode(d, d->data, true);
	if (stat(d->data, &st) != 0)
		return;
	look_at_mode(d, str_fmt(d->arena, "%s/aplomb.db", d->data).at, false);
	look_at_kind(d);
	look_at_room(d);
	look_at_syncs(d);
	look_at_database(d);
}
