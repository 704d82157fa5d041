/* SPDX-License-Identifier: Apache-2.0 */
/* session: see session.h. Looking up by a hash leaks no secret, so no comparison here needs constant time. */
#include "store/session.h"

#include "store/stmt.h"

const struct field session_fields[] = {
	FIELD(session, secret, "in the cookie", .secret = true),
	FIELD(session, user, "whose it is"),
	FIELD(session, login, "what they sign in with"),
	FIELD(session, name, "what they are called"),
	FIELD(session, zone, "their time zone"),
	CHOICE(session, right, right, "what they may do"),
	FIELD(session, csrf, "in every form", .secret = true),
	FIELD(session, created, "when they signed in"),
	FIELD(session, seen, "when it was last used"),
	FIELD(session, expires, "when it ends"),
	END,
};

static int add(struct db *db, const struct session *session, struct err *e)
{
	struct sha256 id = sha256_of(session->secret);
	STMT(s, db, Q_SESSION_ADD);
	stmt_hash(&s, "id_hash", &id);
	stmt_fields(&s, session_fields, session);
	return stmt_run(&s, e);
}

int session_open(struct db *db, struct str user, struct arena *a, struct session *out,
		 struct err *e)
{
	int64_t now_ms = db_now_ms(db);
	struct session session = {
		.secret = db_random_secret(db, a),
		.user = user,
		.csrf = db_random_secret(db, a),
		.created = { now_ms },
		.seen = { now_ms },
		.expires = { now_ms + SESSION_IDLE_MS },
	};
	if (add(db, &session, e) || session_find(db, session.secret, a, out, e))
		return -1;
	out->secret = session.secret;
	return 0;
}

int session_find(struct db *db, struct str secret, struct arena *a, struct session *out,
		 struct err *e)
{
	struct sha256 id = sha256_of(secret);
	STMT(s, db, Q_SESSION_FIND);
	stmt_hash(&s, "id_hash", &id);
	stmt_int(&s, "now_ms", db_now_ms(db));
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_SIGN_IN, "You are not signed in, or were signed out.");
	*out = (struct session){ 0 };
	return got < 0 ? -1 : stmt_row(&s, session_fields, out, a, e);
}

int session_touch(struct db *db, struct str secret, struct err *e)
{
	struct sha256 id = sha256_of(secret);
	int64_t now_ms = db_now_ms(db);
	STMT(s, db, Q_SESSION_TOUCH);
	stmt_hash(&s, "id_hash", &id);
	stmt_int(&s, "seen_ms", now_ms);
	stmt_int(&s, "expires_ms", now_ms + SESSION_IDLE_MS);
	return stmt_run(&s, e);
}

int session_close(struct db *db, struct str secret, struct err *e)
{
	struct sha256 id = sha256_of(secret);
	STMT(s, db, Q_SESSION_CLOSE);
	stmt_hash(&s, "id_hash", &id);
	return stmt_run(&s, e);
}

int session_close_all(struct db *db, struct str user, struct err *e)
{
	STMT(s, db, Q_SESSION_CLOSE_ALL);
	stmt_text(&s, "user", user);
	return stmt_run(&s, e);
}

int session_sweep(struct db *db, struct err *e)
{
	STMT(s, db, Q_SESSION_SWEEP);
	stmt_int(&s, "now_ms", db_now_ms(db));
	return stmt_run(&s, e);
}
