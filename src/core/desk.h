/* SPDX-License-Identifier: Apache-2.0 */
/* desk: the state of stream 0: what people did at the desk rather than in one incident. Live alerts are
 * not here (they follow from the inbox: engine/desk); what a person said about one is. */
#ifndef APLOMB_CORE_DESK_H
#define APLOMB_CORE_DESK_H
#include "core/module.h"

struct acknowledged {
	struct str fingerprint, name;
	struct person by;
	struct when at;
	bool withdrawn;
};
struct desk {
	struct arena *arena;
	int64_t seq;
	LIST_OF(struct acknowledged) acknowledged;
};
extern const struct field desk_fields[], acknowledged_fields[];
const struct acknowledged *desk_find_ack(const struct desk *,
					 struct str fingerprint); /* NULL = none */
#endif
