/* SPDX-License-Identifier: Apache-2.0 */
/* suspects: a follower of the ledger with a thread and a reading handle of its own. After commits that may move a ranking it
 * ranks the recent changes of each open incident that they concern, about once a second at most, and has the writer keep a
 * ranking that moved (the internal verb "suspect rank"). Nobody waits for it; after a crash it ranks again. How changes are
 * ranked: core/suspect.h; what is worth a word: core/ranking.h. */
#ifndef APLOMB_ENGINE_SUSPECTS_H
#define APLOMB_ENGINE_SUSPECTS_H
#include "engine/engine.h"

struct suspects; /* thread-safe */
int suspects_new(struct engine *, struct store *, struct suspects **, struct err *) MUST_USE;
int suspects_start(struct suspects *, struct err *) MUST_USE; /* once the writer runs */
void suspects_stop(struct suspects *);	/* before the writer stops: it may wait for it */
void suspects_free(struct suspects **); /* after the writer stopped; NULL inside is fine */
/* An event is on disk. On the writer's thread; never waits. */
void suspects_hear(struct suspects *, const struct event *);
#endif
