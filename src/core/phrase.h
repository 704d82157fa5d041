/* SPDX-License-Identifier: Apache-2.0 */
/* phrase: the few turns of speech that refusals and guards of several rooms share. Sentences of the
 * timeline are tell's. */
#ifndef APLOMB_CORE_PHRASE_H
#define APLOMB_CORE_PHRASE_H
#include "core/module.h"

/* "14:03 UTC": core knows no reader and so no zone. */
struct str phrase_clock(struct arena *, int64_t at_ms);
/* "10 min" */
struct str phrase_length(struct arena *, int64_t length_ms);
/* ERR_NOT_FOUND: "There is no check 7. The newest is 3."; `len` is the length of the list. */
int phrase_no_item(const char *noun, int64_t number, size_t len, struct err *);
#endif
