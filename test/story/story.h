/* SPDX-License-Identifier: Apache-2.0 */
/* story: the .story format. One file is a test, a replay and a drill; this reads it into lines and plays
 * nothing (see stage.h).
 *     # a remark
 *     14:02 team ana Ana responder            who is there; otherwise whoever acts is a responder
 *     14:03 alert HighLatency service=checkout summary="p99 above 1 s"       firing; `resolved` at the end
 *     14:04 ana declare "Payments slow" --sev 2
 *           expect said "declared"            about the line before
 *           refused one-change                the line before had to be refused: a guard or an error's name
 *     14:05 gate checkout "deploy v231" who=octocat     a pipeline asks; `rollback` at the end; - is no service.
 *           refused gate-closed
 *     14:34 tick                              time goes on
 * Clocks only go forward: an earlier one is on the next day. Indented lines check the line before. */
#ifndef APLOMB_TEST_STORY_H
#define APLOMB_TEST_STORY_H
#include "core/freeze_ask.h"

enum story_kind {
	STORY_TEAM,
	STORY_ALERT,
	STORY_TICK,
	STORY_GATE,
	STORY_COMMAND,
	STORY_EXPECT,
	STORY_REFUSED
};
struct story_line {
	int number; /* in the file, from 1 */
	enum story_kind kind;
	int64_t at_ms;
	struct str who;	   /* STORY_COMMAND: a login */
	struct strs words; /* what stands behind the kind's own word */
};
struct story {
	struct str name;
	LIST_OF(struct story_line) lines;
	struct roster roster; /* everybody who acts, the team, and root as admin; id = login */
};
/* `text` stays borrowed. The refusal begins with "line N: ". */
int story_parse(struct str name, struct str text, struct arena *, struct story *,
		struct err *) MUST_USE;

LIST_DECLARE(story_alerts, struct alert_fact);
/* The alert of a STORY_ALERT line as it is from then on: found by its name (which is its
 * fingerprint here too) or added, and changed. NULL = the line is not understood. */
struct alert_fact *story_alert(struct story_alerts *, const struct story_line *, struct arena *,
			       struct err *) MUST_USE;
/* What a STORY_GATE line asks; borrowed from the line. */
int story_gate(const struct story_line *, struct arena *, struct gate_ask *, struct err *) MUST_USE;
#endif
