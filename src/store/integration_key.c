/* SPDX-License-Identifier: Apache-2.0 */
/* integration_key: see integration_key.h. */
#include "store/integration_key.h"

#include "store/stmt.h"

const struct field integration_key_fields[] = {
	FIELD(integration_key, name, "the integration's name"),
	FIELD(integration_key, made, "since when"),
	FIELD(integration_key, used, "when it was last used"),
	END,
};

bool integration_key_is_well_formed(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (hex_value(text.at[i]) < 0)
			return false;
	return text.len == INTEGRATION_KEY_CHARS;
}

int integration_key_make(struct db *db, struct arena *a, struct str name, struct str *text,
			 struct err *e)
{
	/* half of a hash over 256 random bits is 128 random bits */
	struct sha256 random = sha256_of(db_random_secret(db, a));
	struct str key = hex_of(a,
				(struct str){ (const char *)random.b, INTEGRATION_KEY_CHARS / 2 });
	struct sha256 hash = sha256_of(key);
	STMT(s, db, Q_INTEGRATION_KEY_PUT);
	stmt_text(&s, "name", name);
	stmt_hash(&s, "hash", &hash);
	stmt_int(&s, "made_ms", db_now_ms(db));
	if (stmt_run(&s, e))
		return -1;
	*text = key;
	return 0;
}

int integration_key_find(struct db *db, struct str text, struct arena *a,
			 struct integration_key *out, struct err *e)
{
	if (!integration_key_is_well_formed(text))
		return err_refuse(e, ERR_SIGN_IN, "This is not a whole key.");
	struct sha256 hash = sha256_of(text);
	STMT(s, db, Q_INTEGRATION_KEY_FIND);
	stmt_hash(&s, "hash", &hash);
	int got = stmt_next(&s, e);
	if (got == 0)
		return err_refuse(e, ERR_SIGN_IN,
				  "This key is unknown, or a newer one replaced it.");
	*out = (struct integration_key){ 0 };
	return got < 0 ? -1 : stmt_row(&s, integration_key_fields, out, a, e);
}

int integration_key_list(struct db *db, struct arena *a, struct integration_keys *out,
			 struct err *e)
{
	STMT(s, db, Q_INTEGRATION_KEY_LIST);
	int got;
	while ((got = stmt_next(&s, e)) > 0)
		if (stmt_row(&s, integration_key_fields, LIST_ADD(a, out), a, e))
			return -1;
	return got;
}

int integration_key_touch(struct db *db, struct str name, struct err *e)
{
	STMT(s, db, Q_INTEGRATION_KEY_TOUCH);
	stmt_int(&s, "used_ms", db_now_ms(db));
	stmt_text(&s, "name", name);
	return stmt_run(&s, e);
}

int integration_key_remove(struct db *db, struct str name, struct err *e)
{
	STMT(secret, db, Q_INTEGRATION_SECRET_REMOVE);
	STMT(s, db, Q_INTEGRATION_KEY_REMOVE);
	stmt_text(&secret, "name", name);
	stmt_text(&s, "name", name);
	return stmt_run(&secret, e) == 0 ? stmt_run(&s, e) : -1;
}

int integration_secret_keep(struct db *db, struct str name, struct str text, struct err *e)
{
	STMT(s, db, Q_INTEGRATION_SECRET_PUT);
	stmt_text(&s, "name", name);
	stmt_text(&s, "secret", text);
	return stmt_run(&s, e);
}

int integration_secret_get(struct db *db, struct str name, struct arena *a,
			   struct integration_secret *out, struct err *e)
{
	STMT(s, db, Q_INTEGRATION_SECRET_GET);
	stmt_text(&s, "name", name);
	int got = stmt_next(&s, e);
	*out = (struct integration_secret){ 0 };
	if (got > 0) {
		out->text = str_copy(a, stmt_col_text(&s, "secret"));
		out->used_ms = stmt_col_int(&s, "used_ms");
	}
	return got < 0 ? -1 : 0;
}
