/* SPDX-License-Identifier: Apache-2.0 */
/* people_do: the forms of the page of people: accounts, passwords, tokens. Rows change on the engine's writer; hashing a
 * password, which is slow on purpose, happens before, and only so many at a time. */
#include "web/inside.h"
#include "web/people.h"

enum { ZONE_FILE_BYTES = 64 << 10 };
#define SESSION_AGE_S ((int64_t)30 * 24 * 3600)

/* One change on its way through the writer. */
struct person_change {
	struct arena *arena;
	struct str id, name, zone, hash;
	enum right right;
	struct account account;
	struct token token;
	struct str text;
	struct session session;
};
typedef int write_fn(struct db *, void *, struct err *);

/* Done: back to the page, so that a reload repeats nothing. Refused: the page with the sentence. */
static int finish(struct visit *v, int result, const struct err *refused, struct reply *r,
		  struct err *e)
{
	if (result == 0)
		return reply_see(v, STR("/people?done=1"), r);
	if (!v->wants_html) {
		*e = *refused;
		return -1;
	}
	return people_show(v, &(struct people_news){ .refused = refused }, r, e);
}

static int write_and_finish(struct visit *v, write_fn *fn, struct person_change *c, struct reply *r,
			    struct err *e)
{
	struct err refused = { 0 };
	return finish(v, engine_write(v->config->engine, fn, c, &refused), &refused, r, e);
}

static int hash(struct visit *v, struct str password, struct str *out, struct err *e)
{
	while (sem_wait(&v->web->hashers) != 0)
		continue;
	int result = account_hash_password(v->arena, password, out, e);
	(void)sem_post(&v->web->hashers);
	return result;
}

static int read_right(struct visit *v, enum right *out, struct err *e)
{
	struct str word = form_get(&v->form, "right");
	for (int i = RIGHT_VIEW; i <= RIGHT_ADMIN; i++)
		if (str_is(word, right_names[i])) {
			*out = (enum right)i;
			return 0;
		}
	return err_field(e, "right", "A right is viewer, responder or admin.");
}

static int write_add(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	return account_add(db, c->arena, &c->account, e);
}

int post_people_add(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct person_change c = { .arena = v->arena };
	c.account.login = str_trim(form_get(&v->form, "login"));
	c.account.name = str_trim(form_get(&v->form, "new_name"));
	int result = read_right(v, &c.right, &refused);
	c.account.right = (int)c.right;
	if (result == 0)
		result = hash(v, form_get(&v->form, "password"), &c.account.password_hash,
			      &refused);
	if (result == 0)
		result = engine_write(v->config->engine, write_add, &c, &refused);
	return finish(v, result, &refused, r, e);
}

static int write_disable(struct db *db, void *ctx, struct err *e)
{
	return account_disable(db, ((struct person_change *)ctx)->id, e);
}

int post_people_disable(struct visit *v, struct reply *r, struct err *e)
{
	struct person_change c = { .id = v->arg[0] };
	return write_and_finish(v, write_disable, &c, r, e);
}

static int write_enable(struct db *db, void *ctx, struct err *e)
{
	return account_enable(db, ((struct person_change *)ctx)->id, e);
}

int post_people_enable(struct visit *v, struct reply *r, struct err *e)
{
	struct person_change c = { .id = v->arg[0] };
	return write_and_finish(v, write_enable, &c, r, e);
}

static int write_right(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	return account_set_right(db, c->id, c->right, e);
}

int post_people_right(struct visit *v, struct reply *r, struct err *e)
{
	struct person_change c = { .id = v->arg[0] };
	struct err refused = { 0 };
	if (read_right(v, &c.right, &refused) != 0)
		return finish(v, -1, &refused, r, e);
	return write_and_finish(v, write_right, &c, r, e);
}

static int write_password(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	return account_set_password(db, c->id, c->hash, e);
}

int post_people_password(struct visit *v, struct reply *r, struct err *e)
{
	struct person_change c = { .id = v->arg[0] };
	struct err refused = { 0 };
	if (hash(v, form_get(&v->form, "password"), &c.hash, &refused) != 0)
		return finish(v, -1, &refused, r, e);
	return write_and_finish(v, write_password, &c, r, e);
}

static int check_zone(struct visit *v, struct str zone, struct err *e)
{
	struct str bytes;
	struct err none = { 0 };
	const struct zone *parsed;
	if (!zone.len)
		return 0;
	const char *path = str_fmt(v->arena, "/usr/share/zoneinfo/" STR_FMT, STR_ARG(zone)).at;
	if (zone_name_is_safe(zone) &&
	    file_read(v->arena, path, ZONE_FILE_BYTES, &bytes, &none) == 0 &&
	    zone_parse(v->arena, bytes, &parsed, &none) == 0)
		return 0;
	return err_field(e, "zone", "There is no time zone \"" STR_FMT "\". Such as Europe/Berlin.",
			 STR_ARG(str_clip(zone, 60)));
}

static int write_name(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	return account_set_name(db, c->id, c->name, c->zone, e);
}

int post_people_me(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct person_change c = { .id = v->user,
				   .name = str_trim(form_get(&v->form, "name")),
				   .zone = str_trim(form_get(&v->form, "zone")) };
	if (check_zone(v, c.zone, &refused) != 0)
		return finish(v, -1, &refused, r, e);
	return write_and_finish(v, write_name, &c, r, e);
}

/* A new password ends every session of the account; the one that asked goes on with a new one. */
static int write_own_password(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	if (account_set_password(db, c->id, c->hash, e) != 0)
		return -1;
	return session_open(db, c->id, c->arena, &c->session, e);
}

static bool knows_password(struct visit *v)
{
	struct account me;
	struct err gone = { 0 };
	if (account_get(v->db, v->user, v->arena, &me, &gone) != 0)
		return false;
	while (sem_wait(&v->web->hashers) != 0)
		continue;
	bool right = account_password_is(me.password_hash, form_get(&v->form, "current"));
	(void)sem_post(&v->web->hashers);
	return right;
}

int post_people_me_password(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct person_change c = { .arena = v->arena, .id = v->user };
	int result = 0;
	if (!web_may_try(v->web, v->user, v->peer, v->now_ms))
		result = err_refuse(&refused, ERR_TOO_MANY,
				    "Too many tries. Wait a minute, then try again.");
	else if (!knows_password(v))
		result = err_field(&refused, "current", "That is not your password.");
	else
		result = hash(v, form_get(&v->form, "password"), &c.hash, &refused);
	if (result == 0)
		result = engine_write(v->config->engine, write_own_password, &c, &refused);
	if (result == 0 && v->session.secret.len)
		reply_header(r, "Set-Cookie", visit_cookie(v, c.session.secret, SESSION_AGE_S));
	return finish(v, result, &refused, r, e);
}

static int read_token(struct visit *v, struct token *t, struct err *e)
{
	static const struct field until[] = { FIELD(token, expires, "until when"), END };
	struct reading how = visit_reading(v);
	t->user = v->user;
	t->name = str_trim(form_get(&v->form, "name"));
	t->scopes = (struct strs){ ARENA_ARRAY(v->arena, struct str, v->form.pairs.len + 1), 0 };
	LIST_EACH (p, &v->form.pairs)
		if (str_is(p->name, "scopes"))
			t->scopes.at[t->scopes.len++] = p->value;
	if (!t->name.len)
		return err_field(e, "name", "Say what the token is for.");
	if (!t->scopes.len)
		return err_field(e, "scopes", "Choose what the token may do.");
	if (field_parse(until, t, form_get(&v->form, "expires"), &how, e) != 0)
		return -1;
	if (t->expires.ms && t->expires.ms <= v->now_ms)
		return err_field(e, "expires", "The token would have expired already.");
	return 0;
}

static int write_token(struct db *db, void *ctx, struct err *e)
{
	struct person_change *c = ctx;
	return token_make(db, c->arena, &c->token, &c->text, e);
}

int post_people_me_tokens(struct visit *v, struct reply *r, struct err *e)
{
	struct err refused = { 0 };
	struct person_change c = { .arena = v->arena };
	if (read_token(v, &c.token, &refused) != 0 ||
	    engine_write(v->config->engine, write_token, &c, &refused) != 0)
		return finish(v, -1, &refused, r, e);
	return people_show(v, &(struct people_news){ .token = c.text }, r, e);
}

static int write_revoke(struct db *db, void *ctx, struct err *e)
{
	return token_revoke(db, ((struct person_change *)ctx)->id, e);
}

int post_people_token_revoke(struct visit *v, struct reply *r, struct err *e)
{
	struct person_change c = { .id = v->arg[0] };
	struct tokens mine = { 0 };
	bool may = v->right == RIGHT_ADMIN;
	if (!may && token_list(v->db, v->user, v->arena, &mine, e) != 0)
		return -1;
	LIST_EACH (t, &mine)
		may = may || str_eq(t->id, c.id);
	if (!may)
		return err_refuse(e, ERR_NOT_FOUND, "You have no such token.");
	return write_and_finish(v, write_revoke, &c, r, e);
}
