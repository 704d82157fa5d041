/* SPDX-License-Identifier: Apache-2.0 */
/* event: the codec (body struct <-> JSON text by its table) and the hash chain.
 * hash = SHA-256(prev hash, stream, seq, recorded_ms, happened_ms, actor, type, version, SHA-256(salt, body)),
 * each part preceded by its length as 8 bytes, big end first; numbers as decimal text. */
#ifndef APLOMB_CORE_EVENT_H
#define APLOMB_CORE_EVENT_H
#include "base/digest.h"
#include "core/module.h"

enum { EVENT_SALT_BYTES = 16 };

struct str event_encode(struct arena *, const struct event *); /* the body as JSON */
/* Body text -> struct in the arena; an unknown type gives ERR_BROKEN. Unknown keys are an error too:
 * wire names are never reused and an old version has an upgrade. */
int event_decode(struct arena *, const struct event_type *, struct str json, const void **body,
		 struct err *) MUST_USE;
struct sha256 event_body_hash(struct str salt, struct str body);
struct sha256 event_hash(const struct sha256 *prev, const struct event *,
			 const struct sha256 *body_hash);
#endif
