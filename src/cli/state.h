/* SPDX-License-Identifier: Apache-2.0 */
/* state: an incident as the server tells it, read into the core's own struct, so that the core's pure
 * readings (rhythm, drafts, phase) work here too. */
#ifndef APLOMB_CLI_STATE_H
#define APLOMB_CLI_STATE_H
#include "cli/caller.h"
#include "core/incident.h"

struct state {
	struct incident incident;
	const struct json *reply;  /* the whole of it */
	const struct json *people; /* NULL = not known */
	struct str raw;
};
int state_read(struct caller *, int64_t incident, struct state *, struct err *) MUST_USE;
/* The same from a reply at hand. Members that this version does not know are passed over. */
int state_of_json(const struct json *reply, const struct reading *, struct incident *,
		  struct err *) MUST_USE;
/* A person's name, as the server's list of people has it; the id where it does not. `people` may be NULL. */
struct str state_name(const struct json *people, struct str id);
/* GET /api/v1/people; NULL where that is refused: names are a comfort, not a need. */
const struct json *state_people(struct caller *);
#endif
