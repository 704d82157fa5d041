/* SPDX-License-Identifier: Apache-2.0 */
/* play: the world of one story, run against the pure core. What always has to be true is checked at
 * each step: decide leaves the state as it was; a body survives its text; the fold of all events equals
 * the state; after a tick nothing is due. */
#ifndef APLOMB_TEST_PLAY_H
#define APLOMB_TEST_PLAY_H
#include "core/core.h"
#include "story/story.h"

struct play_stream {
	int64_t id; /* 0 = the desk */
	const struct stream_type *type;
	const struct field *fields; /* of the state */
	void *state;
	LIST_OF(struct event) events;
};
struct play {
	struct arena *arena;
	const struct story *story;
	int64_t now_ms;
	LIST_OF(struct play_stream) streams; /* [0] is the desk, [N] is INC-N */
	LIST_OF(struct alert_fact) alerts;
	size_t current;		  /* the stream of the last command */
	LIST_OF(struct str) told; /* sentences of the last line's events */
	struct err refusal;	  /* of the last command; code 0 = it was done */
	int64_t made;		  /* by the last command */
};

void play_open(struct play *, const struct story *, struct arena *);
/* Runs what is due until then, in order, then sets the clock. Failures of a property: -1. */
int play_until(struct play *, int64_t at_ms, struct err *) MUST_USE;
/* One team, alert, tick or command line. A refused command is no failure here: see refusal. */
int play_line(struct play *, const struct story_line *, struct err *) MUST_USE;
/* One expect or refused line; -1 says what was there instead. */
int play_check(struct play *, const struct story_line *, struct err *) MUST_USE;

const struct incident *play_incident(const struct play *); /* the current one; NULL = none yet */
struct str play_tell(const struct play *, const struct event *);
#endif
