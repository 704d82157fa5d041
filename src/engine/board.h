/* SPDX-License-Identifier: Apache-2.0 */
/* board: the silences as of the last command at the desk, for readers on other threads. The state itself is the writer's
 * (cache.c). */
#ifndef APLOMB_ENGINE_BOARD_H
#define APLOMB_ENGINE_BOARD_H
#include "core/desk.h"

struct board; /* thread-safe: one lock */

struct board *board_new(void);
void board_free(struct board **);
void board_follow(struct board *, const struct desk *);
void board_read(struct board *, struct arena *, struct silences *); /* a copy */
#endif
