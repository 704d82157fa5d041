/* SPDX-License-Identifier: Apache-2.0 */
/* folder: see folder.h. */
#include "admin/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "net/client.h"

enum { ASK_MS = 600 * 1000 }; /* a million events take seconds; a slow disk may take minutes */

/* Opening would make what is not there: a mistyped name must not come back as "ok". */
static int is_ours(const char *db_path, const char *path, struct err *e)
{
	struct stat st;
	if (stat(db_path, &st) != 0)
		err_refuse(e, ERR_NOT_FOUND, "%s is no data folder: there is no aplomb.db in it.",
			   path);
	else if (st.st_size == 0)
		err_refuse(e, ERR_BROKEN, "%s is empty: there is nothing in it to look at.",
			   db_path);
	else
		return 0;
	err_next(e, "Look at the --data that the server was started with.");
	return -1;
}

int folder_enter(struct folder *f, struct err *e)
{
	ARENA(a);
	const char *db_path = str_fmt(&a, "%s/aplomb.db", f->path).at;
	if (is_ours(db_path, f->path, e) != 0)
		return -1;
	world_real(&f->world);
	if (access(f->path, W_OK) != 0)
		return store_look(&f->world, db_path, &f->look, e);
	if (store_open(&f->world, f->path, &f->store, e) == 0 || e->code == ERR_CONFLICT)
		return 0;
	return -1;
}

void folder_leave(struct folder *f)
{
	db_close(&f->look);
	store_close(&f->store);
}

int folder_ask(const struct folder *f, const char *what, struct str body, struct str *said,
	       struct err *e)
{
	struct arena *a = f->arena;
	struct client *client = NULL;
	struct client_reply reply = { 0 };
	const char *socket = str_fmt(a, "%s/socket", f->path).at;
	struct client_config config = { .unix_socket = socket, .timeout_ms = ASK_MS };
	struct client_ask ask = { .method = "POST",
				  .url = str_fmt(a, "http://localhost/-/%s", what).at,
				  .body = body };
	if (client_new(&config, &client, e) != 0)
		return -1;
	int result = client_request(client, &ask, a, &reply, e);
	client_free(&client);
	if (result != 0)
		return err_context(e, "%s is in use, and its server does not answer at %s", f->path,
				   socket);
	*e = (struct err){ 0 };
	if (reply.status != 200)
		return err_fail(e, ERR_BROKEN, STR_FMT, STR_ARG(str_trim(reply.body)));
	*said = reply.body;
	return 0;
}
