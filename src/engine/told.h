/* SPDX-License-Identifier: Apache-2.0 */
/* told: which alert a mark means (intake/glance.h): so that one that is told again is found without being read. It may
 * forget; the alert is read then. Under the lock of a shard too, never the other way round. */
#ifndef APLOMB_ENGINE_TOLD_H
#define APLOMB_ENGINE_TOLD_H
#include "intake/source.h"

struct told; /* thread-safe */
struct told *told_new(void);
void told_free(struct told **);
/* A mark without its first half, one in 2^64, is kept by nobody. */
void told_keep(struct told *, const struct mark *, uint64_t key);
/* Before told_keep of several: asks memory for what it will look at. */
void told_fetch(struct told *, const struct intake_result *);
void told_drop(struct told *, const struct mark *);
/* keys[i] of the alert that signal i's mark may mean: whether it does is for the alert to say. False: one of them is not known. */
bool told_find(struct told *, const struct intake_result *, uint64_t *keys);
#endif
