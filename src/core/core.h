/* SPDX-License-Identifier: Apache-2.0 */
/* core: dispatch over the rooms of modules.def. Pure. */
#ifndef APLOMB_CORE_H
#define APLOMB_CORE_H
#include "core/change.h"
#include "core/desk.h"
#include "core/incident.h"

extern const struct module *const modules[]; /* NULL ends it */

/* The state of a stream before its first event, in the arena, which it keeps. */
void *core_blank(int64_t stream, struct arena *);
int64_t *core_seq(const struct stream_type *, void *state); /* the seq of its last event */

/* Checks the fields by their table, then the verb's decide. On refusal the decision holds no event. */
int core_decide(const void *state, const struct facts *, const struct command *, struct decision *,
		struct err *) MUST_USE;
void core_evolve(const struct stream_type *, void *state, const struct event *);
int64_t core_due(const struct stream_type *, const void *state);
/* Events of everything due at facts->now_ms. Afterwards core_due(state) > now (always tested). */
void core_tick(const struct stream_type *, const void *state, const struct facts *,
	       struct decision *);

const struct verb *verb_find(struct str noun, struct str name); /* NULL when absent or INTERNAL */
const struct verb *verb_find_internal(struct str noun, struct str name);
const struct verb *verb_by_alias(struct str alias);
const struct stream_type *verb_stream(const struct verb *);
const struct event_type *event_type_find(struct str name);
#endif
