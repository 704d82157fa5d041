/* SPDX-License-Identifier: Apache-2.0 */
/* session: a browser that signed in. The secret is in its cookie and, hashed, here. */
#ifndef APLOMB_STORE_SESSION_H
#define APLOMB_STORE_SESSION_H
#include "core/module.h"
#include "store/db.h"

struct session {
	struct str secret; /* 256 bits, base64url: set by session_open alone */
	struct str user, login, name, zone;
	int right;	 /* enum right, as of now */
	struct str csrf; /* 256 bits, base64url: hidden in every form */
	struct when created, seen, expires;
};
extern const struct field session_fields[];
#define SESSION_IDLE_MS ((int64_t)30 * 24 * 3600 * 1000) /* unused for so long it ends */
#define SESSION_TOUCH_MS ((int64_t)3600 * 1000) /* `seen` older than this wants session_touch */

/* Fills *out, the secret too. Writer. */
int session_open(struct db *, struct str user, struct arena *, struct session *out,
		 struct err *) MUST_USE;
/* ERR_SIGN_IN: unknown, expired, or the account is disabled. Any handle. */
int session_find(struct db *, struct str secret, struct arena *, struct session *out,
		 struct err *) MUST_USE;
int session_touch(struct db *, struct str secret, struct err *) MUST_USE; /* seen now; writer */
int session_close(struct db *, struct str secret, struct err *) MUST_USE;
int session_close_all(struct db *, struct str user, struct err *) MUST_USE;
int session_sweep(struct db *, struct err *) MUST_USE; /* expired ones */
#endif
