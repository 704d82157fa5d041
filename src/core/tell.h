/* SPDX-License-Identifier: Apache-2.0 */
/* tell: an event as one plain sentence, from its type's sentence and its body. */
#ifndef APLOMB_CORE_TELL_H
#define APLOMB_CORE_TELL_H
#include "base/template.h"
#include "core/module.h"

/* Plain text, for timeline, SSE, review and CLI; nothing is escaped. Times in the reader's zone. An event
 * above the reader's clearance is told as "Something happened that is not shown here." */
void event_tell(const struct event *, const struct names *, enum clearance reader, struct buf *);
#endif
