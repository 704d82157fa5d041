/* SPDX-License-Identifier: Apache-2.0 */
/* look: a database from outside, without a store: nothing is migrated and nothing is written. */
#ifndef APLOMB_STORE_LOOK_H
#define APLOMB_STORE_LOOK_H
#include "base/err.h"

struct world;
/* Whether SQLite finds its pages sound; takes the folder's lock meanwhile. ERR_CONFLICT: a server has the folder.
 * ERR_BROKEN: what it found. That the chain fits: verify.h. */
int store_quick_check(const struct world *, const char *data_dir, struct err *) MUST_USE;
#endif
