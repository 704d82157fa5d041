/* SPDX-License-Identifier: Apache-2.0 */
/* gate_callback: answers of the freeze gate that a pipeline waits for at an address of its own. A row is written with the
 * question and stays until the answer got through or was given up; who sends it is admin's. */
#ifndef APLOMB_STORE_GATE_CALLBACK_H
#define APLOMB_STORE_GATE_CALLBACK_H
#include "base/field.h"
#include "store/db.h"

/* After that the one who waits gave up, too. */
static const int64_t gate_callback_keep_ms = 30LL * 24 * 3600 * 1000;

struct gate_callback {
	int64_t id;
	struct str key; /* names the question: the same one is answered once */
	struct str url, environment, what, comment;
	struct str ask; /* the question as JSON: an approval that is late is asked again */
	bool approves;
	int64_t incident;	/* whose timeline hears when it cannot be delivered; 0 = none */
	struct when asked, due; /* due: of the next try; 0 = it is over */
	int64_t tries, status;	/* status: HTTP's, of the last try; 0 = none came */
	struct str trouble;	/* of the last try */
};
extern const struct field gate_callback_fields[];

/* The writer's, in its transaction. A key that is known changes nothing. */
int gate_callback_add(struct db *, const struct gate_callback *, struct err *) MUST_USE;
int gate_callback_known(struct db *, struct str key, bool *is_known, struct err *) MUST_USE;
/* Counts a try before it is made; if we die amid it, the next is at `due`. */
int gate_callback_begin(struct db *, const struct gate_callback *, struct err *) MUST_USE;
/* What came of it: due, status, trouble. */
int gate_callback_end(struct db *, const struct gate_callback *, struct err *) MUST_USE;
int gate_callback_sweep(struct db *, int64_t before_ms, struct err *) MUST_USE;
/* The one that is longest due; id 0 = none. Any handle. */
int gate_callback_next(struct db *, int64_t now_ms, struct arena *, struct gate_callback *,
		       struct err *) MUST_USE;
#endif
