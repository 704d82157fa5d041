/* SPDX-License-Identifier: Apache-2.0 */
/* opsgenie: the requestId that each of its requests is answered with. Nothing is stored by it: it has the shape of a UUID
 * and says by itself what came of the request, so that a client that asks later is told the truth. Pure. */
#ifndef APLOMB_INTAKE_OPSGENIE_H
#define APLOMB_INTAKE_OPSGENIE_H
#include "intake/source.h"

enum opsgenie_outcome {
	OPSGENIE_REFUSED,      /* answered 422 */
	OPSGENIE_CREATED,      /* or renewed: the alias fired already */
	OPSGENIE_CLOSED,       /* whether or not the desk knew the alias */
	OPSGENIE_ACKNOWLEDGED, /* the same */
	OPSGENIE_KEPT,	       /* a request that changes no alert here */
	OPSGENIE_OUTCOMES
};
struct opsgenie_request {
	enum opsgenie_outcome outcome;
	int64_t at_s;		/* since 1970 UTC */
	struct str fingerprint; /* of the alert; empty = none */
};

struct str opsgenie_request_id(const struct intake_request *, enum opsgenie_outcome,
			       struct str fingerprint, struct arena *);
/* False: not one that we gave out. */
bool opsgenie_request_read(struct str id, struct arena *, struct opsgenie_request *);
#endif
