/* SPDX-License-Identifier: Apache-2.0 */
/* deadline: when each stream next falls due (core_due), kept beside the ledger for the ticker. */
#ifndef APLOMB_STORE_DEADLINE_H
#define APLOMB_STORE_DEADLINE_H
#include "core/module.h"
#include "store/db.h"

int deadline_set(struct db *, int64_t stream, int64_t due_ms,
		 struct err *) MUST_USE; /* NOTHING_DUE removes it */
int deadline_next(struct db *, int64_t *due_ms,
		  struct err *) MUST_USE;		/* NOTHING_DUE when there is none */
int deadline_clear(struct db *, struct err *) MUST_USE; /* all; for a rebuild */

struct deadline {
	int64_t stream, due_ms;
};
LIST_DECLARE(deadlines, struct deadline);
/* Those with due_ms <= now_ms, earliest first. */
int deadline_due(struct db *, int64_t now_ms, struct arena *, struct deadlines *,
		 struct err *) MUST_USE;
#endif
