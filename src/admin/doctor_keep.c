/* SPDX-License-Identifier: Apache-2.0 */
/* doctor, keep: how old the last backup is, and which senders have fallen silent, as the database has it. A server may have
 * the folder meanwhile. */
#include <unistd.h>

#include "admin/doctor.h"
#include "base/when.h"
#include "store/integration_key.h"
#include "store/keep.h"

static const int64_t week_ms = 7LL * 24 * 3600 * 1000;

static struct str day_of(struct doctor *d, int64_t at_ms)
{
	struct buf b = BUF(d->arena);
	when_rfc3339(&b, at_ms / 1000 * 1000);
	return buf_str(&b);
}

static int look_at_backups(struct doctor *d, struct db *db, struct err *e)
{
	struct backup last;
	if (backup_last(db, d->arena, &last, e) != 0)
		return -1;
	const char *next =
		str_fmt(d->arena,
			"Make one and keep it on another machine: aplomb backup FILE --data %s",
			d->data)
			.at;
	if (!last.at_ms) {
		doctor_find(d, VERDICT_WARN, "backup", STR("No backup was ever made."), next);
		return 0;
	}
	int64_t age_ms = d->world.now_ms(&d->world) - last.at_ms;
	doctor_find(d, age_ms > week_ms ? VERDICT_WARN : VERDICT_OK, "backup",
		    str_fmt(d->arena,
			    "The last backup is of " STR_FMT ", %lld hours ago: " STR_FMT ".",
			    STR_ARG(day_of(d, last.at_ms)), (long long)(age_ms / 3600000),
			    STR_ARG(str_clip(last.name, 300))),
		    next);
	return 0;
}

static int look_at_senders(struct doctor *d, struct db *db, struct err *e)
{
	struct integration_keys keys = { 0 };
	size_t silent = 0;
	int64_t now_ms = d->world.now_ms(&d->world);
	if (integration_key_list(db, d->arena, &keys, e) != 0)
		return -1;
	LIST_EACH (k, &keys) {
		int64_t since_ms = k->used.ms ? k->used.ms : k->made.ms;
		if (now_ms - since_ms <= week_ms)
			continue;
		silent++;
		doctor_find(
			d, VERDICT_WARN, "senders",
			str_fmt(d->arena, "The integration " STR_FMT " %s " STR_FMT ".",
				STR_ARG(k->name),
				k->used.ms ? "has sent nothing since"
					   : "never sent anything since it got its key on",
				STR_ARG(day_of(d, since_ms))),
			"Send a test from its sender's side; or remove it, if nobody needs it.");
	}
	if (keys.len && !silent)
		doctor_find(d, VERDICT_OK, "senders",
			    str_fmt(d->arena,
				    "Each of the %zu integrations was heard within 7 days.",
				    keys.len),
			    "");
	return 0;
}

void doctor_keep(struct doctor *d)
{
	DB *db = NULL;
	struct err e = { 0 };
	const char *path = str_fmt(d->arena, "%s/aplomb.db", d->data).at;
	if (access(path, R_OK) != 0)
		return; /* doctor_folder has said so */
	if (store_look(&d->world, path, &db, &e) != 0 || look_at_backups(d, db, &e) != 0 ||
	    look_at_senders(d, db, &e) != 0)
		doctor_find(d, VERDICT_WARN, "backup", str_copy(d->arena, str_of(e.text)),
			    "Start the server once: it brings an older database up to date.");
}
