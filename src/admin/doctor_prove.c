/* SPDX-License-Identifier: Apache-2.0 */
/* doctor, prove: on a copy of the data as it is now: a backup, its restore into a new folder, and the proof of every hash
 * there. The data folder is only read; the copy is removed. What cannot be proved this way: that the disk keeps what it
 * says it has (see fsync), and that the backups lie on another machine. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/doctor.h"
#include "admin/prove.h"

/* The folder that the data folder lies in. */
static struct str parent_of(struct doctor *d)
{
	struct str s = str_of(d->data);
	while (s.len > 1 && str_ends(s, STR("/")))
		s.len--;
	const char *slash = memrchr(s.at, '/', s.len);
	if (!slash)
		return STR(".");
	return slash == s.at ? STR("/") : (struct str){ s.at, (size_t)(slash - s.at) };
}

static struct str seconds(struct doctor *d, int64_t since_ms)
{
	int64_t ms = d->world.mono_ms(&d->world) - since_ms;
	return str_fmt(d->arena, "%lld.%03lld s", (long long)(ms / 1000), (long long)(ms % 1000));
}

static int prove_in(struct doctor *d, const char *folder, struct err *e)
{
	struct manifest m;
	struct verify_report report;
	struct buf said = BUF(d->arena);
	int64_t began_ms = d->world.mono_ms(&d->world);
	const char *file = str_fmt(d->arena, "%s/proof.tar", folder).at;
	struct stat st = { 0 };
	if (backup_prove(d->data, file, d->arena, &m, e) != 0)
		return err_context(e, "The backup failed");
	(void)stat(file, &st);
	doctor_find(d, VERDICT_OK, "prove",
		    str_fmt(d->arena,
			    "A backup of %lld KB with %lld events, %lld deliveries and %zu "
			    "attachments took " STR_FMT ".",
			    (long long)(st.st_size >> 10), (long long)m.facts.pos,
			    (long long)m.facts.inbox_id, m.files.len - 1,
			    STR_ARG(seconds(d, began_ms))),
		    "");
	began_ms = d->world.mono_ms(&d->world);
	if (restore_prove(file, str_fmt(d->arena, "%s/restored", folder).at, d->arena, &report,
			  e) != 0)
		return err_context(e, "The backup does not come back");
	verify_say(&report, &said);
	doctor_find(d, VERDICT_OK, "prove",
		    str_fmt(d->arena,
			    "It was restored into a new folder, ends at the same event, and every "
			    "hash verified, in " STR_FMT ": " STR_FMT,
			    STR_ARG(seconds(d, began_ms)), STR_ARG(str_trim(buf_str(&said)))),
		    "");
	return 0;
}

void doctor_prove(struct doctor *d)
{
	struct err e = { 0 };
	struct str parent = d->to ? str_of(d->to) : parent_of(d);
	struct str pattern = str_fmt(d->arena, STR_FMT "/aplomb-proof-XXXXXX", STR_ARG(parent));
	char *folder = arena_alloc(d->arena, pattern.len + 1);
	memcpy(folder, pattern.at, pattern.len);
	(void)umask(0077);
	if (!mkdtemp(folder)) {
		doctor_find(
			d, VERDICT_BAD, "prove",
			str_fmt(d->arena, STR_FMT ": %s.", STR_ARG(pattern), strerror(errno)),
			"Say --to DIR: a folder that takes writes and has room for two copies.");
		return;
	}
	if (prove_in(d, folder, &e) != 0)
		doctor_find(d, VERDICT_BAD, "prove", str_copy(d->arena, str_of(e.text)),
			    e.next[0] ? str_copy(d->arena, str_of(e.next)).at
				      : "Look at room and permissions, and run aplomb verify.");
	folder_wipe(folder);
}
