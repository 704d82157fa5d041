/* SPDX-License-Identifier: Apache-2.0 */
/* token: see token.h. Looked up by hash, so a mistyped one costs no time that tells anything. */
#include "store/token.h"

#include "store/stmt.h"

enum { SECRET_CHARS = 43, CHECK_CHARS = 6, NAME_MAX_BYTES = 80 };

const struct field token_fields[] = {
	FIELD(token, id, "its id"),
	FIELD(token, user, "whose rights it has"),
	FIELD(token, name, "what it is for", .required = true, .max = NAME_MAX_BYTES),
	FIELD(token, scopes, "what it may do: intake, read, write, admin", .required = true,
	      .max = 4),
	CHOICE(token, right, right, "the user's right"),
	FIELD(token, login, "the user's login"),
	FIELD(token, created, "when it was made"),
	FIELD(token, expires, "when it ends; empty means never"),
	FIELD(token, used, "when it was last used"),
	END,
};

/* Tells a mistyped token from an unknown one, and a leak scanner a token from noise. */
static void add_check(struct buf *b)
{
	ARENA(a);
	struct buf check = BUF(&a);
	struct sha256 hash = sha256_of(buf_str(b));
	base64_add(&check, (struct str){ (const char *)hash.b, SHA256_BYTES }, true);
	buf_add(b, str_sub(buf_str(&check), 0, CHECK_CHARS));
}

bool token_is_well_formed(struct str text)
{
	ARENA(a);
	struct str prefix = STR("apl_");
	size_t body = prefix.len + SECRET_CHARS;
	if (text.len != body + CHECK_CHARS || !str_starts(text, prefix))
		return false;
	struct buf b = BUF(&a);
	buf_add(&b, str_sub(text, 0, body));
	add_check(&b);
	return secret_equal(buf_str(&b), text);
}

static int check(const struct token *token, struct err *e)
{
	static const char *const known[] = { "intake", "read", "write", "admin" };
	if (!str_trim(token->name).len || token->name.len > NAME_MAX_BYTES)
		return err_field(e, "name", "Say what the token is for, in at most %d characters.",
				 NAME_MAX_BYTES);
	if (!token->scopes.len)
		return err_field(e, "scopes", "Choose at least one of intake, read, write, admin.");
	for (size_t i = 0; i < token->scopes.len; i++) {
		bool found = false;
		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
			found = found || str_is(token->scopes.at[i], known[k]);
		if (!found)
			return err_field(e, "scopes",
					 "There is no scope \"" STR_FMT
					 "\": choose of intake, read, write, admin.",
					 STR_ARG(str_clip(token->scopes.at[i], 40)));
	}
	return 0;
}

int token_make(struct db *db, struct arena *a, struct token *token, struct str *text, struct err *e)
{
	if (check(token, e))
		return -1;
	struct buf b = BUF(a);
	buf_z(&b, "apl_");
	buf_add(&b, db_random_secret(db, a));
	add_check(&b);
	struct sha256 hash = sha256_of(buf_str(&b));
	token->id = db_random_id(db, a, 't');
	token->created.ms = db_now_ms(db);
	token->used.ms = 0;
	STMT(s, db, Q_TOKEN_ADD);
	stmt_hash(&s, "hash", &hash);
	stmt_fields(&s, token_fields, token);
	if (stmt_run(&s, e))
		return -1;
	*text = buf_str(&b);
	return 0;
}

int token_find(struct db *db, struct str text, struct arena *a, struct token *out, struct err *e)
{
	if (!token_is_well_formed(text))
		return err_refuse(e, ERR_SIGN_IN, "This is not a whole Aplomb token.");
	struct sha256 hash = sha256_of(text);
	STMT(s, db, Q_TOKEN_FIND);
	stmt_hash(&s, "hash", &hash);
	stmt_int(&s, "now_ms", db_now_ms(db));
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_SIGN_IN, "This token is unknown, expired or revoked.");
	*out = (struct token){ 0 };
	return got < 0 ? -1 : stmt_row(&s, token_fields, out, a, e);
}

int token_touch(struct db *db, struct str id, struct err *e)
{
	STMT(s, db, Q_TOKEN_TOUCH);
	stmt_int(&s, "used_ms", db_now_ms(db));
	stmt_text(&s, "id", id);
	return stmt_run(&s, e);
}

int token_revoke(struct db *db, struct str id, struct err *e)
{
	STMT(s, db, Q_TOKEN_REVOKE);
	stmt_text(&s, "id", id);
	if (stmt_run(&s, e))
		return -1;
	return stmt_changes(&s) ? 0 : err_refuse(e, ERR_NOT_FOUND, "There is no such token.");
}

int token_list(struct db *db, struct str user, struct arena *a, struct tokens *out, struct err *e)
{
	STMT(s, db, Q_TOKEN_LIST);
	stmt_text(&s, "user", user);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, token_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}
