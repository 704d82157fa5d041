/* SPDX-License-Identifier: Apache-2.0 */
/* stage: what a story is played on: the pure core (play.h) or a server over HTTP (over_http.c).
 * Plays the lines in order, checks each `expect` and `refused` line, and is the main of both
 * runners. */
#ifndef APLOMB_TEST_STAGE_H
#define APLOMB_TEST_STAGE_H
#include "core/ranking.h"
#include "core/core.h"
#include "story/story.h"

struct scene_step {
	struct str name, state;
};
LIST_DECLARE(sentences, struct str);
/* What may be expected after a line. */
struct scene {
	const struct desk *desk;
	const struct incident *incident; /* the current one; NULL = none yet */
	struct changes changes;
	int64_t now_ms;
	struct str next, phase; /* of the incident, as are steps */
	LIST_OF(struct scene_step) steps;
	struct sentences told;	   /* what the line added, anywhere */
	struct sentences timeline; /* of the incident and the desk */
	const struct err *refusal; /* of the line; code 0 = it was done */
	int64_t made;		   /* the number of the thing made */
};
struct stage {
	struct arena *arena;
	void *ctx;
	const struct err *refusal; /* of the last line */
	/* Moves the clock, runs what is due, then the line. A refused command is no failure. */
	int (*line)(void *ctx, const struct story_line *, struct err *);
	int (*look)(void *ctx, struct scene *, struct err *);
};

/* *number is the line at work, also after a failure. */
int stage_play(const struct stage *, const struct story *, int *number, struct err *) MUST_USE;
/* One expect or refused line; -1 says what was there instead. */
int scene_check(const struct scene *, const struct story_line *, struct arena *,
		struct err *) MUST_USE;

struct runner {
	const char *usage, *prefix; /* of each line: "" or "http " */
	/* Plays a story from its beginning; with `tells` it also prints what happened. */
	int (*play)(const struct story *, struct arena *, bool tells, int *number, struct err *);
};
/* `[-v] FILE|FOLDER...`: prints "ok NAME" or "not ok NAME line N: why" for each; 1 when one fails.
 * */
int stage_main(const struct runner *, int argc, char **argv);
#endif
