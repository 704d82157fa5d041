/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm: which of the ten steps is done, derived from the facts of the incident, and the one next safest step
 * with its reason. Reads the fold; stores nothing; guides and never blocks. */
#ifndef APLOMB_CORE_RHYTHM_H
#define APLOMB_CORE_RHYTHM_H
#include "core/incident.h"

enum { RHYTHM_STEPS = 10 };
enum step_state { STEP_TODO, STEP_CURRENT, STEP_DONE, STEP_LATE, STEP_SKIPPED };
extern const char *const step_state_names[]; /* "todo" "current" "done" "late" "skipped" */

struct rhythm_step {
	const char *
		name; /* "Lead" "Freeze" "Symptoms" "Hypothesis" "Test" "Mitigate" "Verify" "Update" "Timeline" "Review" */
	int state;
	struct when due; /* beside Update the promised time, beside Freeze its end; 0 = none */
};
struct rhythm_next {
	struct str text;	 /* "Test the one open hypothesis." */
	struct str why;		 /* "Read-only, changes nothing." */
	const struct verb *verb; /* what the primary button does; NULL = nothing to do */
	struct str label;	 /* of that button */
};
void rhythm_steps(const struct incident *, int64_t now_ms, struct rhythm_step out[RHYTHM_STEPS]);
struct rhythm_next rhythm_next(const struct incident *, int64_t now_ms, struct arena *);
#endif
