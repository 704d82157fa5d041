/* SPDX-License-Identifier: Apache-2.0 */
/* gate: whether a change may go out now. Every incident that freezes something is asked, in the writer's order, so that a
 * freeze and a lift are before or after a question and never amid it. What an incident answers: core/freeze_gate.h. */
#ifndef APLOMB_ENGINE_GATE_H
#define APLOMB_ENGINE_GATE_H
#include "core/freeze_gate.h"
#include "engine/engine.h"

enum { GATE_WAIT_MS = 5000 }; /* a pipeline is not kept waiting by a disk that hangs */

struct gate_question {
	struct gate_ask ask;
	struct str actor; /* a user's id, or a sender's name */
	bool is_sender;
};

/* Decides and writes down; answers after the commit. ERR_STORE, ERR_BUSY: the disk takes no writes, or does not answer in
 * GATE_WAIT_MS; then engine_gate_look tells how it stands. The answer's texts live in the arena. Any thread but the
 * writer's. */
int engine_gate(struct engine *, const struct gate_question *, struct arena *, struct gate_answer *,
		struct err *) MUST_USE;

/* What a page of the pipeline says: all that can be done there, in at most 1024 bytes. */
struct str gate_comment(const struct gate_answer *, struct arena *);
/* An answer that could not be delivered: the incident hears of it. */
int engine_gate_lost(struct engine *, const struct gate_callback *, struct err *) MUST_USE;

/* The same without writing anything down, with a reading handle of the caller's. */
struct gate_reader {
	struct engine *engine;
	struct db *db;
	int64_t now_ms;
	struct arena *arena;
};
int engine_gate_look(const struct gate_reader *, const struct gate_ask *, struct gate_answer *,
		     struct err *) MUST_USE;
#endif
