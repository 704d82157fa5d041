/* SPDX-License-Identifier: Apache-2.0 */
/* folder: see folder.h. */
#include "folder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void folder_die(const char *what, const struct err *e)
{
	(void)fprintf(stderr, "bench: %s: %s %s\n", what, e->text, e->next);
	exit(1);
}

void folder_open(struct folder *f, const char *data, int64_t at_ms)
{
	struct err e = { 0 };
	*f = (struct folder){ 0 };
	world_sim(&f->sim, at_ms);
	struct engine_config ec = { .world = &f->sim.world, .policy = &policy_default };
	if (store_open(&f->sim.world, data, &f->store, &e) != 0)
		folder_die(data, &e);
	ec.store = f->store;
	if (engine_start(&ec, &f->engine, &e) != 0)
		folder_die(data, &e);
}

void folder_close(struct folder *f)
{
	engine_stop(&f->engine);
	store_close(&f->store);
}

struct making {
	struct arena *arena;
	struct str actor;
	int tokens;
	FILE *to;
};

/* The account of that login, made where it is missing. */
static int have_account(struct db *db, struct arena *a, struct str login, struct account *out,
			struct err *e)
{
	struct err absent = { 0 };
	if (account_find_login(db, login, a, out, &absent) == 0)
		return 0;
	*out = (struct account){ .login = login, .name = login, .right = RIGHT_ADMIN };
	return account_add(db, a, out, e);
}

static int make_people(struct db *db, void *ctx, struct err *e)
{
	struct making *m = ctx;
	struct str scopes[] = { STR("intake"), STR("read"), STR("write"), STR("admin") };
	struct account first, next;
	if (have_account(db, m->arena, STR("bench"), &first, e) != 0)
		return -1;
	m->actor = first.id;
	next = first;
	for (int i = 0; i < m->tokens; i++) {
		struct str text, login = str_fmt(m->arena, "bench-%d", i);
		if (i && have_account(db, m->arena, login, &next, e) != 0)
			return -1;
		struct token t = { .user = next.id,
				   .name = STR("bench"),
				   .scopes = { scopes, sizeof(scopes) / sizeof(*scopes) } };
		if (token_make(db, m->arena, &t, &text, e) != 0)
			return -1;
		(void)fprintf(m->to, STR_FMT "\n", STR_ARG(text));
	}
	return 0;
}

void folder_people(struct folder *f, struct arena *a, int tokens, const char *token_file)
{
	struct err e = { 0 };
	struct making m = { .arena = a, .tokens = tokens };
	if (tokens && !(m.to = fopen(token_file, "we"))) {
		err_fail(&e, ERR_STORE, "The file of tokens cannot be written.");
		folder_die(token_file, &e);
	}
	if (engine_write(f->engine, make_people, &m, &e) != 0)
		folder_die("people", &e);
	if (m.to)
		(void)fclose(m.to);
	f->actor = m.actor;
}

void folder_run(struct folder *f, struct arena *a, const struct asked *q, struct outcome *out)
{
	struct err e = { 0 };
	struct json *j;
	const struct verb *verb = verb_find(str_of(q->noun), str_of(q->name));
	if (!verb) {
		err_fail(&e, ERR_FAILED, "There is no verb %s %s.", q->noun, q->name);
		folder_die("run", &e);
	}
	void *fields = arena_alloc(a, verb->size);
	struct reading how = { .arena = a, .now_ms = f->sim.world.now_ms(&f->sim.world) };
	struct command c = { .verb = verb,
			     .stream = q->stream,
			     .actor = f->actor,
			     .override_reason = str_of(q->because ? q->because : ""),
			     .claim = str_of(q->accept ? q->accept : ""),
			     .fields = fields };
	if (json_parse(a, q->fields, &j, &e) != 0 ||
	    fields_from_json(verb->fields, j, fields, &how, &e) != 0 ||
	    engine_run(f->engine, &c, a, out, &e) != 0)
		folder_die(verb->name, &e);
}
