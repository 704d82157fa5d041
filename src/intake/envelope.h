/* SPDX-License-Identifier: Apache-2.0 */
/* envelope: what a delivery means besides its body (the path behind the door, the query, some headers), so that the inbox
 * alone brings the alerts back. Most senders say all in the body: then the body is kept as it came, without one.
 *     aplomb-envelope?method=POST&tail=x%2Fclose&query=...&type=...&ce-id=...&test=1764000000000 LF body
 * Credentials never get here: see envelope_keeps. Pure. */
#ifndef APLOMB_INTAKE_ENVELOPE_H
#define APLOMB_INTAKE_ENVELOPE_H
#include "intake/source.h"

/* Is this a header that a source may need ("ce-id")? Only such ones are handed to sources and kept. */
bool envelope_keeps(struct str header_name);
/* What to keep of a delivery. test_ends_ms: it is a test of ours and ends by then; 0 = it is not. */
struct str envelope_wrap(const struct intake_request *, int64_t test_ends_ms, struct arena *);
/* Back, with application/json for what has no envelope: fills everything but integration, now_ms and resolve_timeout_ms. Borrows from `kept`. */
int envelope_open(struct str kept, struct arena *, struct intake_request *, int64_t *test_ends_ms,
		  struct err *) MUST_USE;
/* The alerts of a test say so and end by themselves; its changes are none of a real service. */
void envelope_mark_test(struct intake_result *, int64_t test_ends_ms, struct arena *);
#endif
