/* SPDX-License-Identifier: Apache-2.0 */
/* mitigation: the rules that stand before a change is approved or started (mitigation_guard.c). For the room
 * itself only. */
#ifndef APLOMB_CORE_MITIGATION_H
#define APLOMB_CORE_MITIGATION_H
#include "core/incident.h"

struct start_guards {
	const struct incident *inc;
	const struct facts *facts;
	const struct command *cmd;
	struct decision *d;
	const struct mitigation *wanted; /* with the way back that came with the start */
};

/* lead-approves: severity 1 and 2 only. */
int mitigation_guard_approve(const struct incident *, const struct facts *, const struct command *,
			     struct decision *, struct err *) MUST_USE;
/* In this order: paused, approval-first, one-change, undo-known, evidence-first. */
int mitigation_guard_start(const struct start_guards *, struct err *) MUST_USE;
#endif
