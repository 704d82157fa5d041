/* SPDX-License-Identifier: Apache-2.0 */
/* readiness: when each service was last taken back, as sentences beside the choice of a mitigation. What counts:
 * core/readiness.h. */
#ifndef APLOMB_WEB_READINESS_H
#define APLOMB_WEB_READINESS_H
#include "store/view_rollback.h"
#include "web/visit.h"

struct readiness_line {
	struct str service, said;
	struct str href; /* the proof; empty = there is none */
	bool is_fresh;
};
extern const struct field readiness_line_fields[];
LIST_DECLARE(readiness_lines, struct readiness_line);
/* One for each service, in their order; of many the first few. */
int readiness_lines(struct visit *, const struct strs *services, struct readiness_lines *,
		    struct err *) MUST_USE;
/* Of the services that a mitigation of this incident may touch. */
int readiness_of_room(struct visit *, const struct incident *, struct readiness_lines *,
		      struct err *) MUST_USE;

/* A row of GET /api/v1/readiness. */
struct readiness_row {
	struct str service;
	int how;
	struct when at;
	struct span took;
	struct str what;
	int64_t change, incident, mitigation;
	bool is_fresh;
	struct str said;
};
extern const struct field readiness_row_fields[];
#endif
