/* SPDX-License-Identifier: Apache-2.0 */
/* board: what the writer's states say that others ask for often: the silences, and which open incident an alert belongs to
 * because it fires like one that is attached there (same name, same service): a group that grows is the same incident.
 * The states themselves are the writer's (cache.c). */
#ifndef APLOMB_ENGINE_BOARD_H
#define APLOMB_ENGINE_BOARD_H
#include "core/desk.h"
#include "core/incident.h"

struct board; /* thread-safe: one lock */

struct board *board_new(void);
void board_free(struct board **);
void board_follow(struct board *, const struct desk *);
void board_read(struct board *, struct arena *, struct silences *); /* a copy */
enum {
	GROUP_ATTACHED_MAX = 200
}; /* so many an incident lists; of more it only says that they belong to it */
/* Its groups, while it is open. True when they are not what they were. On the writer's thread. */
bool board_follow_incident(struct board *, const struct incident *);
/* The open incident whose group this is, 0 = none; *has_room while that may attach one more. */
int64_t board_incident_of(struct board *, struct str name, struct str service, bool *has_room);
bool board_has_groups(struct board *); /* of any open incident */
void board_forget_incidents(struct board *);
#endif
