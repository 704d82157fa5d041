/* SPDX-License-Identifier: Apache-2.0 */
/* integration_key: what opens the door of an integration: 32 hex digits, as the clients of other services want them. Shown
 * once; kept as its SHA-256, and as it is where the sender signs with it instead of sending it. Which integrations there are: core/integration.h. */
#ifndef APLOMB_STORE_INTEGRATION_KEY_H
#define APLOMB_STORE_INTEGRATION_KEY_H
#include "base/field.h"
#include "store/db.h"

enum { INTEGRATION_KEY_CHARS = 32 };
#define INTEGRATION_KEY_TOUCH_MS ((int64_t)60 * 1000) /* `used` older than this wants a touch */

struct integration_key {
	struct str name;	/* of the integration */
	struct when made, used; /* used: last, to the minute; 0 = never */
};
extern const struct field integration_key_fields[];
LIST_DECLARE(integration_keys, struct integration_key);

/* A new key; one that was there opens nothing any more. *text is the only copy. Writer. */
int integration_key_make(struct db *, struct arena *, struct str name, struct str *text,
			 struct err *) MUST_USE;
/* ERR_SIGN_IN: no such key. Looked up by hash, so that a wrong one costs no time that tells anything. */
int integration_key_find(struct db *, struct str text, struct arena *, struct integration_key *,
			 struct err *) MUST_USE;
int integration_key_list(struct db *, struct arena *, struct integration_keys *,
			 struct err *) MUST_USE;
int integration_key_touch(struct db *, struct str name, struct err *) MUST_USE; /* writer */
int integration_key_remove(struct db *, struct str name,
			   struct err *) MUST_USE; /* writer; none is fine */

/* For a sender that signs: its key as it is, to check a signature with. See sql/schema/0009. */
struct integration_secret {
	struct str text; /* empty = this integration has none */
	int64_t used_ms; /* when its key was last used; 0 = never */
};
int integration_secret_keep(struct db *, struct str name, struct str text,
			    struct err *) MUST_USE; /* writer */
int integration_secret_get(struct db *, struct str name, struct arena *,
			   struct integration_secret *, struct err *) MUST_USE;
bool integration_key_is_well_formed(struct str text); /* 32 hex digits */
#endif
