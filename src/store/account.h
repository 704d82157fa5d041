/* SPDX-License-Identifier: Apache-2.0 */
/* account: the people who may sign in: plain, changeable rows; events hold their ids only. Sessions: session.h; tokens:
 * token.h. Functions that write want the writer inside a transaction. */
#ifndef APLOMB_STORE_ACCOUNT_H
#define APLOMB_STORE_ACCOUNT_H
#include "core/module.h"
#include "store/db.h"

enum { ACCOUNT_PASSWORD_MIN = 10, ACCOUNT_PASSWORD_MAX = 1024 }; /* bytes */

struct account {
	struct str id; /* "u" and 10 letters or digits; account_add makes it */
	struct str login, name;
	int right;		  /* enum right */
	struct str zone;	  /* "Europe/Berlin"; empty = the team's */
	struct str password_hash; /* argon2id, as text; empty = cannot sign in with a password */
	struct when created, disabled; /* disabled: 0 = may sign in */
};
extern const struct field account_fields[];
LIST_DECLARE(accounts, struct account);

/* Slow (a third of a second, 64 MiB): any thread but the writer's. ERR_BAD_FIELD "password" when too short. */
int account_hash_password(struct arena *, struct str password, struct str *hash,
			  struct err *) MUST_USE;
/* As slow, also where hash is empty (an unknown login), so that time tells nothing. */
bool account_password_is(struct str hash, struct str password);

/* Sets id and created. ERR_CONFLICT: the login is taken (letter case does not count). Refuses an empty login or name, and
 * a login that is not 1 to 40 letters, digits, . _ -. */
int account_add(struct db *, struct arena *, struct account *, struct err *) MUST_USE;
/* Both ERR_NOT_FOUND; disabled ones are found too. */
int account_find_login(struct db *, struct str login, struct arena *, struct account *,
		       struct err *) MUST_USE;
int account_get(struct db *, struct str id, struct arena *, struct account *,
		struct err *) MUST_USE;
/* By login, without password hashes. */
int account_list(struct db *, struct arena *, struct accounts *, struct err *) MUST_USE;
struct account_count {
	int64_t all;
	int64_t with_password; /* that could sign in on a page now */
};
int account_count(struct db *, struct account_count *, struct err *) MUST_USE;
/* Ends the sessions and revokes the tokens of the account, too. Refuses the last administrator (ERR_CONFLICT). */
int account_disable(struct db *, struct str id, struct err *) MUST_USE;
int account_enable(struct db *, struct str id, struct err *) MUST_USE;
int account_set_right(struct db *, struct str id, enum right,
		      struct err *) MUST_USE; /* refuses as above */
int account_set_password(struct db *, struct str id, struct str hash,
			 struct err *) MUST_USE; /* ends its sessions */
int account_set_name(struct db *, struct str id, struct str name, struct str zone,
		     struct err *) MUST_USE;
/* Everybody, disabled ones with RIGHT_NONE (their names are still wanted). */
int account_roster(struct db *, struct arena *, struct roster *, struct err *) MUST_USE;
#endif
