/* SPDX-License-Identifier: Apache-2.0 */
/* verify: proves the hash chains of a data folder; rebuild: makes all views anew. Both take the folder's lock. */
#include <stdio.h>

#include "admin/admin.h"
#include "engine/engine.h"
#include "engine/views.h"

struct folder {
	struct world world;
	struct store *store;
};

static int folder_open(const struct admin_command *c, int argc, char **argv, struct folder *f, struct err *e)
{
	const char *data = NULL;
	const struct option options[] = { { "data", "the data folder", &data, true }, { NULL, NULL, NULL, false } };
	int read = options_read(c, options, argc, argv, e);
	if (read != 0)
		return read;
	world_real(&f->world);
	return store_open(&f->world, data, &f->store, e);
}

int admin_verify(int argc, char **argv)
{
	struct err e = { 0 };
	struct folder f = { 0 };
	struct verify_report r = { 0 };
	int opened = folder_open(&admin_commands[2], argc, argv, &f, &e);
	if (opened != 0)
		return opened > 0 ? 0 : admin_complain("verify", &e);
	int result = ledger_verify(store_writer(f.store), store_blob_folder(f.store), &r, &e);
	store_close(&f.store);
	if (result != 0) {
		(void)fprintf(stderr, "aplomb verify: BROKEN: %s\n", r.what[0] ? r.what : e.text);
		return err_exit(e.code);
	}
	(void)printf("ok: %lld events, %lld inbox rows and %lld blobs verify; %lld bodies redacted, %lld expired\n",
	             (long long)r.events, (long long)r.inbox_rows, (long long)r.blobs, (long long)r.redacted,
	             (long long)r.expired);
	return 0;
}

int admin_rebuild(int argc, char **argv)
{
	struct err e = { 0 };
	struct folder f = { 0 };
	int64_t incidents = 0;
	int opened = folder_open(&admin_commands[3], argc, argv, &f, &e);
	if (opened != 0)
		return opened > 0 ? 0 : admin_complain("rebuild", &e);
	bool is_same = false;
	int result = engine_rebuild_views(store_writer(f.store), &incidents, &is_same, &e);
	store_close(&f.store);
	if (result != 0)
		return admin_complain("rebuild", &e);
	(void)printf("ok: the views of %lld incidents were made anew; %s\n", (long long)incidents,
	             is_same ? "they are identical to those before" : "they DIFFER from those before");
	return 0;
}
