/* SPDX-License-Identifier: Apache-2.0 */
/* redact: the content of something that was kept is taken away for good, with a reason, on the record; and the day of
 * deliveries that is old enough to leave. Who removes the bytes: engine/keep.c and store. */
#ifndef APLOMB_CORE_REDACT_H
#define APLOMB_CORE_REDACT_H
#include "base/template.h"
#include "core/module.h"

/* The body of "body.redacted". The engine fills in target, rest and backups as it writes the event down. */
struct redacted {
	struct str kind;   /* "event", "inbox" or "blob" */
	struct str target; /* pos of the event, id of the inbox row, hash of the blob, as text */
	int64_t entry;	   /* of an event: its number in its stream, which is this one's; else 0 */
	struct str reason;
	struct str rest; /* of an event: its body as JSON, every text of it said as "redacted" */
	struct strs backups; /* those that still hold it */
};
/* The body of "inbox.expired": a segment of one day whose bodies leave, but for those that incidents cite. */
struct inbox_expired {
	struct when day; /* its start, UTC */
	int64_t from_id, to_id;
	int64_t rows, kept; /* bodies that leave, bodies that stay */
};
enum { REDACT_BODY };
enum { KEEP_EXPIRED };
extern const struct event_type redact_events[], keep_events[];

/* The fields of the verbs: "entry redact" of an incident, "body redact" of the desk (whose target may be an incident's
 * event: the engine then runs the first one there). */
struct redact_entry {
	int64_t entry;
	struct str reason;
};
struct redact_body {
	struct str target, reason;
};

/* What may stay of a body: numbers, times, choices, people, hashes; every other text becomes "redacted". What a fold
 * counts and refers to stays in place, what somebody typed does not. Pure; the text is in the arena. */
struct str redact_rest(const struct event_type *, const void *body, struct arena *);
/* "Redacted by Ana at 14:05: password in a note": in place of what stood there; `by` is the event that took it away. */
void redact_tell(const struct event *by, const struct names *, struct buf *);
/* "42", "inbox:7", "blob:<hash>" -> kind and target, borrowed from the text; false when it is none of these. */
bool redact_target(struct str text, struct str *kind, struct str *target);
#endif
