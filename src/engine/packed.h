/* SPDX-License-Identifier: Apache-2.0 */
/* packed: the texts of one alert as few bytes: what other alerts say too is a number (texts.h), what stands elsewhere in
 * the alert is a place, the rest is written out. Threads: as texts.h. */
#ifndef APLOMB_ENGINE_PACKED_H
#define APLOMB_ENGINE_PACKED_H
#include "base/buf.h"
#include "engine/texts.h"

enum packed_text {
	PACKED_ANNOTATIONS, /* these two first: a repeat is compared by them */
	PACKED_GENERATOR,
	PACKED_LABELS,
	PACKED_NAME,
	PACKED_SERVICE,
	PACKED_SUMMARY,
	PACKED_SEVERITY,
	PACKED_SOURCE,
	PACKED_TEXTS,
};

/* Holds the shared texts that it names until packed_drop. Lies in the buf, from its beginning. */
struct str packed_make(struct texts *, const struct str text[PACKED_TEXTS], struct buf *) MUST_USE;
void packed_drop(struct texts *, struct str packed);
/* Are annotations and generator these? */
bool packed_same(const struct texts *, struct str packed, struct str annotations,
		 struct str generator);
/* All of them, copied into the arena. */
void packed_read(const struct texts *, struct str packed, struct arena *,
		 struct str text[PACKED_TEXTS]);
/* Name, service and severity where they lie, good while nobody changes the texts. False: one of them is put together from
 * elsewhere, so packed_read. *from is 0 at first, and then where they begin: keep it beside the bytes. */
bool packed_words(const struct texts *, struct str packed, uint16_t *from,
		  struct str text[PACKED_TEXTS]);
/* Labels or annotations alone. */
void packed_pairs(const struct texts *, struct str packed, enum packed_text, struct buf *out);
/* Each shared id in place becomes what fn says; nothing is held or dropped. False: the bytes are not packed texts, or fn
 * gave 0. For a snapshot, whose ids are its own. */
bool packed_renumber(char *packed, size_t len, uint32_t (*fn)(void *ctx, uint32_t id), void *ctx);
/* A shared text of a snapshot, which has a number of its own there. */
struct adopted {
	uint32_t ours, users; /* its id here, 0 = none; how many pieces name it */
	size_t len;
};
struct adoption {
	struct adopted *text; /* by the snapshot's number, which begins at 1 */
	uint32_t count;
};
/* Of what came from disk, in place: every number becomes our id, whose user the caller then counts. False: the bytes are
 * no packed texts, a number is unknown, or a place lies outside of what is read before it. Comes before packed_read and
 * packed_same. */
bool packed_adopt(char *packed, size_t len, const struct adoption *);
#endif
