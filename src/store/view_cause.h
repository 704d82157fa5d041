/* SPDX-License-Identifier: Apache-2.0 */
/* view_cause: what set incidents off, as rows (v_cause), and how often changes of a service or a kind did. They follow from
 * the ledger alone, as all views (view.h). */
#ifndef APLOMB_STORE_VIEW_CAUSE_H
#define APLOMB_STORE_VIEW_CAUSE_H
#include "core/incident.h"
#include "store/db.h"

/* Replaces the row of this incident; it has one when it is over and somebody named the cause. */
int view_cause_write(struct db *, const struct incident *, struct err *) MUST_USE;

/* Of a service, or of a kind of change. */
struct cause_count {
	struct str name;
	int64_t changes, causes; /* changes that were made, and those that set off an incident */
};
LIST_DECLARE(cause_counts, struct cause_count);
struct cause_sums {
	int64_t changed, none; /* incidents that a change set off, and those that none did */
	struct cause_counts services, kinds;
	LIST_OF(int64_t) to_blame; /* the changes, in order of their numbers */
};
/* Of changes that began at since_ms or later. Where no change ever was to blame the lists stay empty: there is nothing to
 * learn from them. */
int view_cause_sums(struct db *, int64_t since_ms, struct arena *, struct cause_sums *,
		    struct err *) MUST_USE;
#endif
