/* SPDX-License-Identifier: Apache-2.0 */
/* override: the record of what was done although a guard stood in the way, and of steps skipped. */
#ifndef APLOMB_CORE_OVERRIDE_H
#define APLOMB_CORE_OVERRIDE_H
#include "core/module.h"

struct guard_overridden {
	struct str guard;  /* its name: "one-change" */
	struct str stands; /* the sentence that would have refused */
	struct str reason; /* what the person wrote */
};
enum { OVERRIDE_GUARD, OVERRIDE_STEP }; /* rows of override_events */
extern const struct event_type override_events[];
#endif
