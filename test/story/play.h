/* SPDX-License-Identifier: Apache-2.0 */
/* play: the world of one story, run against the pure core. What always has to be true is checked at
 * each step: decide leaves the state as it was; a body survives its text; the fold of all events equals
 * the state; after a tick nothing is due. */
#ifndef APLOMB_TEST_PLAY_H
#define APLOMB_TEST_PLAY_H
#include "core/core.h"
#include "story/stage.h"

struct play_stream {
	int64_t id; /* 0 = the desk */
	const struct stream_type *type;
	const struct field *fields; /* of the state */
	void *state;
	LIST_OF(struct event) events;
};
LIST_DECLARE(play_streams, struct play_stream);
struct play {
	struct arena *arena;
	const struct story *story;
	int64_t now_ms;
	struct play_streams streams; /* [0] is the desk, [N] is INC-N */
	struct play_streams changes; /* [N] is change N + 1 */
	struct story_alerts alerts;
	size_t current;		  /* the stream of the last command */
	LIST_OF(struct str) told; /* sentences of the last line's events */
	struct err refusal;	  /* of the last command; code 0 = it was done */
	int64_t made;		  /* by the last command */
};

void play_open(struct play *, const struct story *, struct arena *);
/* What stage_play needs; borrows the play. */
struct stage play_stage(struct play *);
struct str play_tell(const struct play *, const struct event *);
#endif
