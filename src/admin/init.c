/* SPDX-License-Identifier: Apache-2.0 */
/* init: a data folder with its admin and a token, for scripts; no question is asked. The server's own first start makes
 * an admin by a web page instead (serve.c). */
#include <stdio.h>
#include <sys/stat.h>

#include "admin/admin.h"
#include "store/store.h"

struct made {
	const char *login;
	struct arena *arena;
	struct str token;
};

static int make_admin(struct db *db, void *ctx, struct err *e)
{
	struct made *m = ctx;
	struct account admin = { .login = str_of(m->login),
				 .name = str_of(m->login),
				 .right = RIGHT_ADMIN };
	static struct str const all[] = {
		{ "intake", 6 }, { "read", 4 }, { "write", 5 }, { "admin", 5 }
	};
	struct strs scopes = strs_copy(m->arena, &(struct strs){ (struct str *)(uintptr_t)all, 4 });
	if (account_add(db, m->arena, &admin, e) != 0)
		return -1;
	struct token t = { .user = admin.id, .name = STR("init"), .scopes = scopes };
	return token_make(db, m->arena, &t, &m->token, e);
}

static int init(struct store *s, struct made *m, const char *token_file, struct err *e)
{
	struct db *db = store_writer(s);
	if (db_begin(db, e) != 0)
		return -1;
	if (make_admin(db, m, e) != 0) {
		db_rollback(db);
		return -1;
	}
	struct str line = str_fmt(m->arena, STR_FMT "\n", STR_ARG(m->token));
	/* the file first: a token nobody has is worse than a file whose token never came to be */
	if (token_file && file_write(token_file, line, 0600, e) != 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

int admin_init(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	const char *data = NULL, *admin = NULL, *token_file = NULL;
	const struct option options[] = {
		{ "data", "the folder to make", &data, true },
		{ "admin", "login name of the first admin", &admin, true },
		{ "token-file", "where to write a token with all scopes", &token_file, false },
		{ NULL, NULL, NULL, false },
	};
	int read = options_read(&admin_commands[0], options, argc, argv, &e);
	if (read != 0)
		return read > 0 ? 0 : admin_complain("init", &e);
	struct world world;
	struct store *store = NULL;
	struct made made = { .login = admin, .arena = &a };
	(void)umask(0077); /* the folder may have been there before, open to others */
	world_real(&world);
	int result = store_open(&world, data, &store, &e);
	if (result == 0)
		result = init(store, &made, token_file, &e);
	store_close(&store);
	if (result != 0)
		return admin_complain("init", &e);
	(void)printf("%s is ready. %s is its admin.\n", data, admin);
	if (token_file)
		(void)printf("A token with all scopes is in %s.\n", token_file);
	else
		(void)printf("Token (shown once): " STR_FMT "\n", STR_ARG(made.token));
	(void)printf("Next: aplomb serve --data %s\n", data);
	return 0;
}
