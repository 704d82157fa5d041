/* SPDX-License-Identifier: Apache-2.0 */
/* mapping: a JSON value of any shape as one alert or change, by what the team said of it or by the names that senders commonly
 * use. For the sources whose bodies have no shape of their own: generic, cloudevents. */
#ifndef APLOMB_INTAKE_MAPPING_H
#define APLOMB_INTAKE_MAPPING_H
#include "intake/news.h"

/* Fills what it finds; the rest stays as it is. Without a word for the state it fires. Members that no path claims and
 * that hold one value become notes, `labels` and `tags` become labels. */
void mapping_read(const struct mapping *, const struct json *, struct keyed *, struct arena *);
/* Did the team say that what this sender tells of are changes? NULL: no. */
bool mapping_is_change(const struct mapping *);
/* Fills what it finds of a change; without a word for it, it is a deploy and done. The key stays empty where none is. */
void mapping_read_change(const struct mapping *, const struct json *, struct change_news *,
			 struct arena *);
/* What makes two bodies the same alert where the sender has no key: the title, on its service. */
struct str mapping_key(const struct keyed *, struct arena *);
/* Is it one of the words that say: it is over? `words` empty = the usual ones. */
bool mapping_is_over(struct str words, struct str word, struct arena *);
/* A word by a table "crit=critical, 2=warning, *=info"; without a row for it, the word itself. */
struct str mapping_word(struct str table, struct str word, struct arena *);
#endif
