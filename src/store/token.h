/* SPDX-License-Identifier: Apache-2.0 */
/* token: what a program signs in with: "apl_", 256 bits in base64url, a checksum of 6 letters. Shown once; kept as its
 * SHA-256. */
#ifndef APLOMB_STORE_TOKEN_H
#define APLOMB_STORE_TOKEN_H
#include "core/module.h"
#include "store/db.h"

struct token {
	struct str id;	    /* "t" and 10 letters or digits; token_make sets it */
	struct str user;    /* whose rights it has */
	struct str name;    /* what it is for */
	struct strs scopes; /* of intake read write admin */
	int right;	    /* enum right of the user, as of now */
	struct str login;   /* of the user */
	struct when created, expires,
		used; /* expires: 0 = never; used: last, to the minute; 0 = never */
};
extern const struct field token_fields[];
LIST_DECLARE(tokens, struct token);
#define TOKEN_TOUCH_MS ((int64_t)60 * 1000) /* `used` older than this wants token_touch */

/* From user, name, scopes and expires; sets id and created. *text is the only copy. Writer. ERR_BAD_FIELD. */
int token_make(struct db *, struct arena *, struct token *, struct str *text,
	       struct err *) MUST_USE;
/* ERR_SIGN_IN: unknown, mistyped, expired, or the account is disabled. Any handle. */
int token_find(struct db *, struct str text, struct arena *, struct token *, struct err *) MUST_USE;
int token_touch(struct db *, struct str id, struct err *) MUST_USE;  /* used now; writer */
int token_revoke(struct db *, struct str id, struct err *) MUST_USE; /* ERR_NOT_FOUND */
int token_list(struct db *, struct str user /* empty = everybody's */, struct arena *,
	       struct tokens *, struct err *) MUST_USE;
bool token_is_well_formed(struct str text); /* prefix, length and checksum */
#endif
