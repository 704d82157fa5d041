/* SPDX-License-Identifier: Apache-2.0 */
/* texts: stretches of text that many alerts share ("service":"checkout"), kept once and counted. What was seen only once
 * is not kept here: its owner writes it out, which is cheaper than a place in a table.
 * One thread changes it (the desk's writer). Any thread may read a text whose id it found under a lock that the writer
 * takes before it gives the id up. */
#ifndef APLOMB_ENGINE_TEXTS_H
#define APLOMB_ENGINE_TEXTS_H
#include "base/str.h"

struct texts;
struct texts *texts_new(void);
void texts_free(struct texts **);
/* Its id with one more user, when it is here or was asked for lately; 0 = write it out yourself. */
uint32_t texts_share(struct texts *, struct str);
/* Likewise, of a text at a spot that other alerts have too, as a label's. What was shared there last is looked at first, and
 * where nothing is shared for long only some are searched for: the others are 0. */
enum { TEXT_SPOTS = 32 };
uint32_t texts_share_at(struct texts *, unsigned spot, struct str);
/* As texts_share, but keeps it in any case; 0 only when there is no more room for ids. */
uint32_t texts_keep(struct texts *, struct str);
void texts_hold(struct texts *, uint32_t id, uint32_t users); /* so many more users */
void texts_drop(struct texts *, uint32_t id);		      /* one less; the last one frees it */
struct str texts_get(const struct texts *, uint32_t id);
size_t texts_ids(const struct texts *); /* every id is below */
#endif
