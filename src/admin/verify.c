/* SPDX-License-Identifier: Apache-2.0 */
/* verify: proves the hash chains of a data folder; rebuild: makes all views anew. Both take the folder's lock; while a
 * server holds it, they ask that server over the socket in the folder (web/operate.c does the same work there). */
#include <stdio.h>
#include <unistd.h>

#include "admin/admin.h"
#include "engine/engine.h"
#include "engine/views.h"
#include "net/client.h"

enum { ASK_MS = 600 * 1000 }; /* a million events take seconds; a slow disk may take minutes */

struct folder {
	const char *path;
	struct world world;
	struct store *store; /* NULL: a server has it */
};

/* Opening would make what is not there: a mistyped name must not come back as "ok". */
static int folder_is_ours(const char *path, struct err *e)
{
	ARENA(a);
	if (access(str_fmt(&a, "%s/aplomb.db", path).at, F_OK) == 0)
		return 0;
	err_refuse(e, ERR_NOT_FOUND, "%s is no data folder: there is no aplomb.db in it.", path);
	err_next(e, "Look at the --data that the server was started with.");
	return -1;
}

/* 0: opened, or a server has it. 1: only help was wanted. */
static int folder_open(const struct admin_command *c, int argc, char **argv, struct folder *f,
		       struct err *e)
{
	const struct option options[] = { { "data", "the data folder", &f->path, true },
					  { NULL, NULL, NULL, false } };
	int read = options_read(c, options, argc, argv, e);
	if (read != 0)
		return read;
	if (folder_is_ours(f->path, e) != 0)
		return -1;
	world_real(&f->world);
	if (store_open(&f->world, f->path, &f->store, e) == 0 || e->code == ERR_CONFLICT)
		return 0;
	return -1;
}

/* The server's own sentence, on stdout when all is well. */
static int ask_server(const struct folder *f, const char *what, struct err *e)
{
	ARENA(a);
	struct client *client = NULL;
	struct client_reply reply = { 0 };
	const char *socket = str_fmt(&a, "%s/socket", f->path).at;
	struct client_config config = { .unix_socket = socket, .timeout_ms = ASK_MS };
	struct client_ask ask = { .method = "POST",
				  .url = str_fmt(&a, "http://localhost/-/%s", what).at };
	if (client_new(&config, &client, e) != 0)
		return -1;
	int result = client_request(client, &ask, &a, &reply, e);
	client_free(&client);
	if (result != 0)
		return err_context(e, "%s is in use, and its server does not answer at %s", f->path,
				   socket);
	if (reply.status != 200)
		return err_fail(e, ERR_BROKEN, STR_FMT, STR_ARG(str_trim(reply.body)));
	(void)printf(STR_FMT, STR_ARG(reply.body));
	return 0;
}

static int verify(struct folder *f, struct err *e)
{
	struct verify_report r = { 0 };
	if (ledger_verify(store_writer(f->store), store_blob_folder(f->store), &r, e) != 0)
		return err_fail(e, e->code, "BROKEN: %s", r.what[0] ? r.what : e->text);
	(void)printf(VERIFY_OK, (long long)r.events, (long long)r.inbox_rows, (long long)r.blobs,
		     (long long)r.redacted, (long long)r.expired);
	return 0;
}

static int rebuild(struct folder *f, struct err *e)
{
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
	struct folder f = { 0 };
	struct err e = { 0 };
	int result = folder_open(c, argc, argv, &f, &e);
	if (result > 0)
		return 0;
	if (result == 0)
		result = f.store ? work(&f, &e) : ask_server(&f, c->name, &e);
	store_close(&f.store);
	return result == 0 ? 0 : admin_complain(c->name, &e);
}

int admin_verify(int argc, char **argv)
{
	return run(&admin_commands[2], argc, argv, verify);
}

int admin_rebuild(int argc, char **argv)
{
	return run(&admin_commands[3], argc, argv, rebuild);
}
