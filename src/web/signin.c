/* SPDX-License-Identifier: Apache-2.0 */
/* signin: signing in and out with a password, and /welcome, where the first start makes its admin, or gives the one of `aplomb init` a password. Rows: store/account.h,
 * store/session.h. */
#include "ui.h"
#include "web/inside.h"
#include "web/signin_view.h"

#define SESSION_AGE_S ((int64_t)30 * 24 * 3600)

static int show_sign_in(struct visit *v, struct str problem, struct reply *r)
{
	struct signin_view view = { .frame = frame_of(v, "", STR("Sign in")),
				    .problem = problem,
				    .login = form_get(&v->form, "login"),
				    .next = form_has(&v->form, "next")
						    ? form_get(&v->form, "next")
						    : form_get(&v->query, "next") };
	if (!is_own_path(view.next))
		view.next = STR("/");
	return reply_page(v, &tpl_signin, signin_view_fields, &view, r);
}

int get_sign_in(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	return show_sign_in(v, (struct str){ NULL, 0 }, r);
}

struct opening {
	struct arena *arena;
	struct str user;
	struct session session;
};

static int open_session(struct db *db, void *ctx, struct err *e)
{
	struct opening *o = ctx;
	return session_open(db, o->user, o->arena, &o->session, e);
}

static int start_session(struct visit *v, struct str user, struct reply *r, struct err *e)
{
	struct opening o = { .arena = v->arena, .user = user };
	if (engine_write(v->config->engine, open_session, &o, e) != 0)
		return -1;
	reply_header(r, "Set-Cookie", visit_cookie(v, o.session.secret, SESSION_AGE_S));
	return 0;
}

/* Slow on purpose, for a wrong login too, and only so many at a time. */
static bool password_is(struct visit *v, struct str hash, struct str password)
{
	while (sem_wait(&v->web->hashers) != 0)
		continue;
	bool right = account_password_is(hash, password);
	(void)sem_post(&v->web->hashers);
	return right;
}

int post_sign_in(struct visit *v, struct reply *r, struct err *e)
{
	struct account who = { 0 };
	struct err unknown = { 0 };
	struct str login = form_get(&v->form, "login"), next = form_get(&v->form, "next");
	/* by address alone as well: many logins from one place are one guesser */
	if (!web_may_try(v->web, login, v->peer, v->now_ms) ||
	    !web_may_try(v->web, STR("*"), v->peer, v->now_ms)) {
		r->status = 429;
		reply_header(r, "Retry-After", STR("60"));
		return show_sign_in(v, STR("Too many tries. Wait a minute, then try again."), r);
	}
	(void)!account_find_login(v->db, login, v->arena, &who, &unknown);
	if (!password_is(v, who.password_hash, form_get(&v->form, "password")) || who.disabled.ms) {
		r->status = 401;
		return show_sign_in(v, STR("That login and password do not fit together."), r);
	}
	if (start_session(v, who.id, r, e) != 0)
		return -1;
	return reply_see(v, next, r);
}

static int close_session(struct db *db, void *ctx, struct err *e)
{
	return session_close(db, ((struct visit *)ctx)->session.secret, e);
}

int post_sign_out(struct visit *v, struct reply *r, struct err *e)
{
	if (v->session.secret.len && engine_write(v->config->engine, close_session, v, e) != 0)
		return -1;
	reply_header(r, "Set-Cookie", visit_cookie(v, STR(""), 0));
	return reply_see(v, STR("/sign-in"), r);
}

static bool may_set_up(struct web *w, struct str token)
{
	struct sha256 given = sha256_of(token);
	(void)pthread_mutex_lock(&w->lock);
	bool may = w->has_setup &&
		   secret_equal((struct str){ (const char *)given.b, SHA256_BYTES },
				(struct str){ (const char *)w->setup.b, SHA256_BYTES });
	(void)pthread_mutex_unlock(&w->lock);
	return may;
}

static int refuse_set_up(struct err *e)
{
	err_refuse(e, ERR_FORBIDDEN,
		   "This address is for the first start, and it was used or is another start's.");
	err_next(e, "Sign in at /sign-in, or look at what the server printed when it started.");
	return -1;
}

static int show_welcome(struct visit *v, struct str problem, struct reply *r)
{
	struct welcome_view view = { .frame = frame_of(v, "", STR("Welcome to Aplomb")),
				     .problem = problem,
				     .token = form_has(&v->form, "token")
						      ? form_get(&v->form, "token")
						      : form_get(&v->query, "token"),
				     .login = form_get(&v->form, "login"),
				     .name = form_get(&v->form, "name") };
	return reply_page(v, &tpl_welcome, welcome_view_fields, &view, r);
}

int get_welcome(struct visit *v, struct reply *r, struct err *e)
{
	if (!may_set_up(v->web, form_get(&v->query, "token")))
		return refuse_set_up(e);
	return show_welcome(v, (struct str){ NULL, 0 }, r);
}

struct first {
	struct arena *arena;
	struct account account;
};

/* `aplomb init` makes an admin without a password: the first start gives it one. */
static int give_password(struct db *db, struct first *f, const struct account *have, struct err *e)
{
	if (have->right != RIGHT_ADMIN || have->disabled.ms)
		return err_refuse(e, ERR_FORBIDDEN, STR_FMT " is no admin. Choose another login.",
				  STR_ARG(have->login));
	if (account_set_password(db, have->id, f->account.password_hash, e) != 0)
		return -1;
	f->account.id = have->id;
	return account_set_name(db, have->id, f->account.name, have->zone, e);
}

static int add_first(struct db *db, void *ctx, struct err *e)
{
	struct first *f = ctx;
	struct account_count people;
	struct account have;
	struct err unknown = { 0 };
	if (account_count(db, &people, e) != 0)
		return -1;
	if (people.with_password > 0)
		return err_refuse(e, ERR_CONFLICT, "There is an admin already.");
	if (account_find_login(db, f->account.login, f->arena, &have, &unknown) == 0)
		return give_password(db, f, &have, e);
	return account_add(db, f->arena, &f->account, e);
}

int post_welcome(struct visit *v, struct reply *r, struct err *e)
{
	struct first f = { .arena = v->arena, .account = { .right = RIGHT_ADMIN } };
	struct err wrong = { 0 };
	if (!may_set_up(v->web, form_get(&v->form, "token")))
		return refuse_set_up(e);
	f.account.login = str_trim(form_get(&v->form, "login"));
	f.account.name = str_trim(form_get(&v->form, "name"));
	if (account_hash_password(v->arena, form_get(&v->form, "password"),
				  &f.account.password_hash, &wrong) != 0 ||
	    engine_write(v->config->engine, add_first, &f, &wrong) != 0) {
		r->status = err_status(wrong.code);
		return show_welcome(v, str_of(str_z(v->arena, str_of(wrong.text))), r);
	}
	(void)pthread_mutex_lock(&v->web->lock);
	v->web->has_setup = false;
	(void)pthread_mutex_unlock(&v->web->lock);
	if (start_session(v, f.account.id, r, e) != 0)
		return -1;
	return reply_see(v, STR("/"), r);
}
