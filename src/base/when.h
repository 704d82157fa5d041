/* SPDX-License-Identifier: Apache-2.0 */
/* when: text of a point in time and back; UTC only (other zones: zone.h). No clock in here. */
#ifndef APLOMB_WHEN_H
#define APLOMB_WHEN_H
#include "base/buf.h"

enum { WHEN_TEXT_BYTES = 25 }; /* "2026-11-23T11:05:42.123Z" and NUL */

struct when_parts {
	int year, month, day, hour, minute, second, ms,
		weekday; /* month 1-12, weekday 0 = Sunday */
};
struct when_parts when_parts(int64_t at_ms);
int64_t when_of_parts(const struct when_parts *); /* weekday ignored; out-of-range carries over */
/* RFC 3339 with any offset and fraction (read to ms, rest dropped), year 0001 to 9999. */
bool when_parse_rfc3339(struct str, int64_t *at_ms);
/* What senders write: RFC 3339, and the rest of ISO 8601's extended form: no seconds, an offset as "+0100" or "+01", no
 * offset (UTC). */
bool when_parse_iso8601(struct str, int64_t *at_ms);
/* What a person types: RFC 3339, "2026-11-23 14:03", "2026-11-23", "14:03" (the latest such time not
 * after now), "+30m" (from now), "-5m"; `offset_ms` is the reader's zone east of UTC. What leads out of the
 * years 0001 to 9999 is refused. */
bool when_parse_human(struct str, int64_t now_ms, int64_t offset_ms, int64_t *at_ms);
void when_rfc3339(struct buf *, int64_t at_ms); /* "2026-11-23T11:05:42.123Z"; ms left out when 0 */
void when_clock(struct buf *, int64_t at_ms, int64_t offset_ms);     /* "14:03" */
void when_day_clock(struct buf *, int64_t at_ms, int64_t offset_ms); /* "23 Nov 14:03" */
void when_length(struct buf *, int64_t length_ms); /* "27 min", "3 h 12 min", "6 days", "12 s" */
#endif
