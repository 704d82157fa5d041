/* SPDX-License-Identifier: Apache-2.0 */
/* view_rollback: proofs that a service can be taken back, as rows (v_rollback), written with the views of the change or the
 * incident that they follow from. What counts as one: core/readiness.h. */
#ifndef APLOMB_STORE_VIEW_ROLLBACK_H
#define APLOMB_STORE_VIEW_ROLLBACK_H
#include "core/readiness.h"
#include "store/db.h"

/* Replaces the rows of this change, or of this incident. */
int view_rollback_of_change(struct db *, const struct change *, struct err *) MUST_USE;
int view_rollback_of_incident(struct db *, const struct incident *, struct err *) MUST_USE;

/* The last proof of this service; how is READINESS_UNPROVEN when there is none. */
int view_readiness(struct db *, struct str service, struct arena *, struct readiness *,
		   struct err *) MUST_USE;
/* The last one of each service that has any, by name. */
int view_readinesses(struct db *, struct arena *, struct readinesses *, struct err *) MUST_USE;
#endif
