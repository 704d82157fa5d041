/* SPDX-License-Identifier: Apache-2.0 */
/* verify: proves the hash chains of a data folder; rebuild: makes all views anew. Both take the folder's lock; while a
 * server holds it, they ask that server over the socket in the folder (web/operate.c does the same work there). A folder
 * that takes no writes is verified as it lies there. */
#include <stdio.h>

#include "admin/folder.h"
#include "engine/engine.h"
#include "engine/views.h"

static int print_verified(struct db *db, const char *blobs, struct err *e)
{
	ARENA(a);
	struct buf said = BUF(&a);
	struct verify_report r = { 0 };
	if (ledger_verify(db, blobs, &r, e) != 0)
		return err_fail(e, e->code, "BROKEN: %s", r.what[0] ? r.what : e->text);
	verify_say(&r, &said);
	(void)printf(STR_FMT, STR_ARG(buf_str(&said)));
	return 0;
}

static int verify(struct folder *f, struct err *e)
{
	ARENA(a);
	if (f->look)
		return print_verified(f->look, str_fmt(&a, "%s/blobs", f->path).at, e);
	return print_verified(store_writer(f->store), store_blob_folder(f->store), e);
}

static int rebuild(struct folder *f, struct err *e)
{
	if (f->look)
		return err_refuse(e, ERR_STORE,
				  "%s takes no writes, so nothing can be rebuilt there.", f->path);
	struct db *db = store_writer(f->store);
	struct rebuilt r;
	if (db_begin(db, e) != 0)
		return -1;
	if (engine_rebuild_views(db, &r, e) != 0) {
		db_rollback(db);
		return -1;
	}
	if (db_commit(db, e) != 0)
		return -1;
	(void)printf(REBUILD_OK, (long long)r.incidents,
		     r.is_same ? "they are identical to" : "they DIFFER from");
	return 0;
}

static int run(const struct admin_command *c, int argc, char **argv,
	       int (*work)(struct folder *, struct err *))
{
	ARENA(a);
	struct folder f = { .arena = &a };
	struct err e = { 0 };
	struct str said = { 0 };
	const struct option options[] = { { "data", "the data folder", &f.path, true },
					  { NULL, NULL, NULL, false } };
	int result = options_read(c, options, argc, argv, &e);
	if (result > 0)
		return 0;
	if (result == 0)
		result = folder_enter(&f, &e);
	if (result == 0)
		result = f.store || f.look
				 ? work(&f, &e)
				 : folder_ask(&f, c->name, (struct str){ NULL, 0 }, &said, &e);
	if (result == 0)
		(void)printf(STR_FMT, STR_ARG(said));
	folder_leave(&f);
	return result == 0 ? 0 : admin_complain(c->name, &e);
}

int admin_verify(int argc, char **argv)
{
	return run(admin_command_find("verify"), argc, argv, verify);
}

int admin_rebuild(int argc, char **argv)
{
	return run(admin_command_find("rebuild"), argc, argv, rebuild);
}
