/* SPDX-License-Identifier: Apache-2.0 */
/* views: every v_* row and deadline made anew from the ledger alone. */
#ifndef APLOMB_ENGINE_VIEWS_H
#define APLOMB_ENGINE_VIEWS_H
#include "store/store.h"

/* One transaction on the writing handle; no engine may run on it. *is_same: the rows before and after are equal. */
int engine_rebuild_views(struct db *, int64_t *incidents, bool *is_same, struct err *) MUST_USE;
#endif
