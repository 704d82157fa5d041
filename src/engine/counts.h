/* SPDX-License-Identifier: Apache-2.0 */
/* counts: see counts.c. Thread-safe. */
#ifndef APLOMB_ENGINE_COUNTS_H
#define APLOMB_ENGINE_COUNTS_H
#include "engine/engine.h"

struct counts;
struct counts *counts_new(void);
void counts_free(struct counts **);
void counts_add(struct counts *, const struct delivery *, int64_t now_ms); /* it is on disk */
int counts_load(struct counts *, struct db *, int64_t last_id /* of the inbox */,
		struct err *) MUST_USE;
void counts_list(struct counts *, int64_t now_ms, struct arena *, struct intake_counts *);
#endif
