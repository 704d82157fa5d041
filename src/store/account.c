/* SPDX-License-Identifier: Apache-2.0 */
/* account: see account.h. Passwords' hashes: password.c. */
#include "store/account.h"

#include "store/session.h"
#include "store/stmt.h"

enum { LOGIN_MAX = 40, NAME_MAX_BYTES = 80 };

const struct field account_fields[] = {
	FIELD(account, id, "the user's id"),
	FIELD(account, login, "what they sign in with", .required = true, .max = LOGIN_MAX),
	FIELD(account, name, "what they are called", .required = true, .max = NAME_MAX_BYTES),
	CHOICE(account, right, right, "what they may do"),
	FIELD(account, zone, "their time zone; empty means the team's", .max = 64),
	FIELD(account, password_hash, "argon2id", .secret = true),
	FIELD(account, created, "when it was made"),
	FIELD(account, disabled, "since when they may not sign in"),
	END,
};

static bool login_is_plain(struct str login)
{
	for (size_t i = 0; i < login.len; i++) {
		char c = login.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      (c >= '0' && c <= '9');
		if (!letter && c != '.' && c != '_' && c != '-')
			return false;
	}
	return login.len >= 1 && login.len <= LOGIN_MAX;
}

static int find(struct stmt *s, struct arena *a, struct account *out, struct err *e)
{
	int got = stmt_next(s, e);
	if (got == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no such account.");
	*out = (struct account){ 0 };
	return got < 0 ? -1 : stmt_row(s, account_fields, out, a, e);
}

int account_find_login(struct db *db, struct str login, struct arena *a, struct account *out,
		       struct err *e)
{
	STMT(s, db, Q_ACCOUNT_BY_LOGIN);
	stmt_text(&s, "login", login);
	return find(&s, a, out, e);
}

int account_get(struct db *db, struct str id, struct arena *a, struct account *out, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_BY_ID);
	stmt_text(&s, "id", id);
	return find(&s, a, out, e);
}

static int check_name(struct str name, struct err *e)
{
	if (!str_trim(name).len || name.len > NAME_MAX_BYTES)
		return err_field(e, "name", "Give a name of 1 to %d characters.", NAME_MAX_BYTES);
	return 0;
}

int account_add(struct db *db, struct arena *a, struct account *account, struct err *e)
{
	if (!login_is_plain(account->login))
		return err_field(e, "login", "A login is 1 to %d letters, digits, '.', '_' or '-'.",
				 LOGIN_MAX);
	if (check_name(account->name, e))
		return -1;
	STMT(taken, db, Q_ACCOUNT_BY_LOGIN);
	stmt_text(&taken, "login", account->login);
	int got = stmt_next(&taken, e);
	if (got > 0)
		return err_refuse(e, ERR_CONFLICT, "The login " STR_FMT " is taken.",
				  STR_ARG(account->login));
	if (got < 0)
		return -1;
	account->id = db_random_id(db, a, 'u');
	account->created.ms = db_now_ms(db);
	STMT(s, db, Q_ACCOUNT_ADD);
	stmt_fields(&s, account_fields, account);
	return stmt_run(&s, e);
}

int account_list(struct db *db, struct arena *a, struct accounts *out, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_LIST);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, account_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int account_count(struct db *db, struct account_count *out, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_COUNT);
	if (stmt_next(&s, e) <= 0)
		return -1;
	out->all = stmt_col_int(&s, "count");
	out->with_password = stmt_col_int(&s, "with_password");
	return 0;
}

static int refuse_last_admin(struct db *db, struct str id, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_OTHER_ADMINS);
	stmt_text(&s, "id", id);
	if (stmt_next(&s, e) <= 0)
		return -1;
	if (stmt_col_int(&s, "count") > 0)
		return 0;
	ARENA(a);
	struct account account;
	if (account_get(db, id, &a, &account, e))
		return -1;
	if (account.right != RIGHT_ADMIN || account.disabled.ms)
		return 0;
	err_refuse(e, ERR_CONFLICT, STR_FMT " is the only administrator.", STR_ARG(account.name));
	err_next(e, "Make someone else an administrator first.");
	return -1;
}

/* Runs a change that must meet one account. */
static int change_one(struct stmt *s, struct err *e)
{
	if (stmt_run(s, e))
		return -1;
	return stmt_changes(s) ? 0 : err_refuse(e, ERR_NOT_FOUND, "There is no such account.");
}

static int set_disabled(struct db *db, struct str id, int64_t at_ms, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_SET_DISABLED);
	stmt_int(&s, "disabled_ms", at_ms);
	stmt_text(&s, "id", id);
	return change_one(&s, e);
}

static int revoke_tokens(struct db *db, struct str user, struct err *e)
{
	STMT(s, db, Q_TOKEN_REVOKE_ALL);
	stmt_text(&s, "user", user);
	return stmt_run(&s, e);
}

int account_disable(struct db *db, struct str id, struct err *e)
{
	if (refuse_last_admin(db, id, e) || set_disabled(db, id, db_now_ms(db), e))
		return -1;
	return session_close_all(db, id, e) || revoke_tokens(db, id, e) ? -1 : 0;
}

int account_enable(struct db *db, struct str id, struct err *e)
{
	return set_disabled(db, id, 0, e);
}

int account_set_right(struct db *db, struct str id, enum right right, struct err *e)
{
	if (right != RIGHT_ADMIN && refuse_last_admin(db, id, e))
		return -1;
	STMT(s, db, Q_ACCOUNT_SET_RIGHT);
	stmt_text(&s, "right", str_of(right_names[right]));
	stmt_text(&s, "id", id);
	return change_one(&s, e);
}

int account_set_password(struct db *db, struct str id, struct str hash, struct err *e)
{
	STMT(s, db, Q_ACCOUNT_SET_PASSWORD);
	stmt_text(&s, "password_hash", hash);
	stmt_text(&s, "id", id);
	return change_one(&s, e) ? -1 : session_close_all(db, id, e);
}

int account_set_name(struct db *db, struct str id, struct str name, struct str zone, struct err *e)
{
	if (check_name(name, e))
		return -1;
	STMT(s, db, Q_ACCOUNT_SET_NAME);
	stmt_text(&s, "name", name);
	stmt_text(&s, "zone", zone);
	stmt_text(&s, "id", id);
	return change_one(&s, e);
}

int account_roster(struct db *db, struct arena *a, struct roster *out, struct err *e)
{
	struct accounts accounts = { 0 };
	if (account_list(db, a, &accounts, e))
		return -1;
	LIST_EACH (account, &accounts) {
		*LIST_ADD(a, &out->people) = (struct roster_person){
			.id = account->id,
			.login = account->login,
			.name = account->name,
			.right = account->disabled.ms ? RIGHT_NONE : (enum right)account->right,
		};
	}
	return 0;
}
