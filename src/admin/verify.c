/* SPDX-License-Identifier: Apache-2.0 */
/* verify: proves the hash chains of a data folder; rebuild: makes all views anew. Both take the folder's lock. */
#include <stdio.h>

#include "admin/admin.h"
#include "engine/engine.h"
#include "engine/views.h"

static int open_folder(const struct admin_command *c, int argc, char **argv, struct world *w, struct store **s, struct err *e)
{
	const char *data = NULL;
	const struct option options[] = { { "data", "the data folder", &data, true }, { NULL, NULL, NULL, false } };
	int read = options_read(c, options, argc, argv, e);
	if (read != 0)
		return read;
	world_real(w);
	return store_open(w, data, s, e);
}

int admin_verify(int argc, char **argv)
{
	struct err e = { 0 };
	struct world world;
	struct store *store = NULL;
	struct verify_report r = { 0 };
	int opened = open_folder(&admin_commands[2], argc, argv, &world, &store, &e);
	if (opened != 0)
		return opened > 0 ? 0 : admin_complain("verify", &e);
	int result = ledger_verify(store_writer(store), store_blob_folder(store), &r, &e);
	store_close(&store);
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
	struct world world;
	struct store *store = NULL;
	int64_t incidents = 0;
	int opened = open_folder(&admin_commands[3], argc, argv, &world, &store, &e);
	if (opened != 0)
		return opened > 0 ? 0 : admin_complain("rebuild", &e);
	bool is_same = false;
	int result = engine_rebuild_views(store_writer(store), &incidents, &is_same, &e);
	store_close(&store);
	if (result != 0)
		return admin_complain("rebuild", &e);
	(void)printf("ok: the views of %lld incidents were made anew; %s\n", (long long)incidents,
	             is_same ? "they are identical to those before" : "they DIFFER from those before");
	return 0;
}
