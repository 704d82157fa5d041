/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm_next: which step the next safest step belongs to; for rhythm.c alone. */
#ifndef APLOMB_CORE_RHYTHM_NEXT_H
#define APLOMB_CORE_RHYTHM_NEXT_H
#include "core/rhythm.h"

enum rhythm_name {
	RHYTHM_LEAD,
	RHYTHM_FREEZE,
	RHYTHM_SYMPTOMS,
	RHYTHM_HYPOTHESIS,
	RHYTHM_TEST,
	RHYTHM_MITIGATE,
	RHYTHM_VERIFY,
	RHYTHM_UPDATE,
	RHYTHM_TIMELINE,
	RHYTHM_REVIEW,
	RHYTHM_NO_STEP
};
extern const char *const rhythm_names[]; /* "Lead" .. "Review" */

/* RHYTHM_NO_STEP where the next thing to do is none of the ten. */
enum rhythm_name rhythm_next_step(const struct incident *, int64_t now_ms);
/* Was the step skipped with a reason? */
bool rhythm_skipped(const struct incident *, enum rhythm_name);
#endif
