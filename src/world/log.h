/* SPDX-License-Identifier: Apache-2.0 */
/* log: what the program has to say about itself, a line each on a file descriptor. Whoever serves makes one and puts it
 * into its world; a world without one is silent (tests, commands). How a line looks: base/say.h. */
#ifndef APLOMB_LOG_H
#define APLOMB_LOG_H
#include "base/say.h"
#include "world/world.h"

struct log; /* thread-safe */

struct log *log_new(int fd, enum say_level least, enum say_format);
void log_free(struct log **);
void log_set(struct log *, enum say_level least, enum say_format);

bool log_wants(const struct world *, enum say_level); /* before work that only a line needs */
/* One line, in one write. `pairs` ends at SAY_END and may be NULL. */
void log_say(const struct world *, enum say_level, const char *msg, const struct say_pair *pairs);
/* Trouble that a caller goes on without. `doing` is constant and short ("checkpoint"); the same sentence about the same
 * is said once a minute, with how many times it was left out. */
void log_trouble(const struct world *, const char *doing, const struct err *);
#endif
