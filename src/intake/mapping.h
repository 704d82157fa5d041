/* SPDX-License-Identifier: Apache-2.0 */
/* mapping: a JSON value of any shape as one alert, by what the team said of it or by the names that senders commonly
 * use. For the sources whose bodies have no shape of their own: generic, cloudevents. */
#ifndef APLOMB_INTAKE_MAPPING_H
#define APLOMB_INTAKE_MAPPING_H
#include "intake/keyed.h"

/* Fills what it finds; the rest stays as it is. Without a word for the state it fires. Members that no path claims and
 * that hold one value become notes, `labels` and `tags` become labels. */
void mapping_read(const struct mapping *, const struct json *, struct keyed *, struct arena *);
/* What makes two bodies the same alert where the sender has no key: the title, on its service. */
struct str mapping_key(const struct keyed *, struct arena *);
/* Is it one of the words that say: it is over? `words` empty = the usual ones. */
bool mapping_is_over(struct str words, struct str word, struct arena *);
/* A word by a table "crit=critical, 2=warning, *=info"; without a row for it, the word itself. */
struct str mapping_word(struct str table, struct str word, struct arena *);
#endif
