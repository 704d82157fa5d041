/* SPDX-License-Identifier: Apache-2.0 */
/* setting: small facts about this installation ("zone", "public_url"), as text. */
#ifndef APLOMB_STORE_SETTING_H
#define APLOMB_STORE_SETTING_H
#include "store/db.h"

/* Empty when it was never set. Copied into the arena. */
int setting_get(struct db *, const char *key, struct arena *, struct str *value,
		struct err *) MUST_USE;
int setting_set(struct db *, const char *key, struct str value,
		struct err *) MUST_USE; /* empty removes it */
#endif
