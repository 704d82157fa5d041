/* SPDX-License-Identifier: Apache-2.0 */
/* house: see house.h. */
#include "story/house.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/views.h"

enum { MOST_TICKS = 10000, OPEN_FOLDERS = 8 };

/* One account and one token for each; they never expire. */
static int add_person(struct house *h, struct db *db, const struct roster_person *p, struct err *e)
{
	struct str scopes[] = { STR("read"), STR("write"), STR("intake"), STR("admin") };
	struct account account = { .login = p->login, .name = p->name, .right = (int)p->right };
	if (account_add(db, h->arena, &account, e))
		return err_context(e, STR_FMT, STR_ARG(p->login));
	struct token token = { .user = account.id,
			       .name = STR("story"),
			       .scopes = { scopes, sizeof(scopes) / sizeof(*scopes) } };
	struct str text;
	if (token_make(db, h->arena, &token, &text, e))
		return err_context(e, STR_FMT, STR_ARG(p->login));
	*LIST_ADD(h->arena, &h->people) = (struct house_person){ str_copy(h->arena, account.id),
								 p->login,
								 str_copy(h->arena, text) };
	return 0;
}

static int add_people(struct db *db, void *ctx, struct err *e)
{
	struct house *h = ctx;
	LIST_EACH (p, &h->story->roster.people)
		if (add_person(h, db, p, e))
			return -1;
	return 0;
}

static void wake_streams(void *server)
{
	server_wake(server);
}

static int serve(struct house *h, struct err *e)
{
	struct server_config sc = { .host = "127.0.0.1", .loops = 1, .workers = 2 };
	struct web_config wc = {
		.engine = h->engine, .store = h->store, .world = &h->sim.world, .is_loopback = true
	};
	if (web_new(&wc, &h->web, e))
		return -1;
	web_server_config(h->web, &sc);
	if (server_new(&sc, &h->server, e))
		return -1;
	engine_on_commit(h->engine, wake_streams, h->server);
	h->port = server_port(h->server);
	return server_start(h->server, e);
}

int house_open(struct house *h, const struct story *story, struct arena *a, struct err *e)
{
	*h = (struct house){ .arena = a, .story = story, .folder = "/tmp/aplomb-story-XXXXXX" };
	struct engine_config ec = { .world = &h->sim.world, .policy = &policy_default };
	struct client_config cc = { .agent = "aplomb-story" };
	(void)signal(SIGPIPE, SIG_IGN);
	world_sim(&h->sim, story->lines.len ? story->lines.at[0].at_ms : 1);
	if (!mkdtemp(h->folder)) {
		h->folder[0] = '\0';
		return err_fail(e, ERR_STORE, "No temporary folder could be made.");
	}
	if (store_open(&h->sim.world, h->folder, &h->store, e))
		return -1;
	ec.store = h->store;
	if (engine_start(&ec, &h->engine, e) || engine_write(h->engine, add_people, h, e) ||
	    serve(h, e))
		return -1;
	return store_reader(h->store, &h->reader, e) || client_new(&cc, &h->client, e) ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void house_close(struct house *h)
{
	client_free(&h->client);
	if (h->server)
		server_stop(h->server);
	engine_stop(&h->engine);
	server_free(&h->server);
	web_free(&h->web);
	if (h->reader)
		db_close(&h->reader);
	store_close(&h->store);
	if (h->folder[0])
		(void)nftw(h->folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static int nothing(struct db *db, void *ctx, struct err *e)
{
	(void)db;
	(void)ctx;
	(void)e;
	return 0;
}

int house_until(struct house *h, int64_t at_ms, struct err *e)
{
	const struct world *w = &h->sim.world;
	for (int n = 0; n < MOST_TICKS; n++) {
		int64_t due;
		if (deadline_next(h->reader, &due, e))
			return -1;
		if (due > at_ms && w->now_ms(w) >= at_ms)
			return 0;
		int64_t to = due < at_ms ? due : at_ms;
		if (to > w->now_ms(w))
			world_sim_set(&h->sim, to);
		/* the writer does what is due in front of what it is asked */
		if (engine_write(h->engine, nothing, NULL, e))
			return -1;
	}
	return err_fail(e, ERR_FAILED, "Ticks do not come to an end.");
}

static int rebuild(struct db *db, void *ctx, struct err *e)
{
	return engine_rebuild_views(db, ctx, e);
}

int house_verify(struct house *h, struct err *e)
{
	struct verify_report report = { 0 };
	struct rebuilt rebuilt = { 0 };
	if (engine_write(h->engine, rebuild, &rebuilt, e) ||
	    ledger_verify(h->reader, NULL, &report, e))
		return -1;
	return rebuilt.is_same ? 0
			       : err_fail(e, ERR_FAILED,
					  "Views made anew from the ledger are not the same.");
}

const struct house_person *house_person(const struct house *h, struct str login)
{
	LIST_EACH (p, &h->people)
		if (str_eq(p->login, login))
			return p;
	return NULL;
}
