/* SPDX-License-Identifier: Apache-2.0 */
/* zone: a time zone from the bytes of a TZif file (RFC 8536, versions 1 to 4). Reading the file is
 * world's work. */
#ifndef APLOMB_ZONE_H
#define APLOMB_ZONE_H
#include "base/field.h"

struct zone; /* lives in its arena */
int zone_parse(struct arena *, struct str tzif, const struct zone **out, struct err *) MUST_USE;
int64_t zone_offset_ms(const struct zone *, int64_t at_ms); /* east of UTC; NULL zone = 0 */
/* "CET"; "UTC" for NULL */
struct str zone_abbreviation(const struct zone *, int64_t at_ms);
bool zone_name_is_safe(struct str); /* "Europe/Berlin": no dots, no leading slash, <= 64 bytes */
#endif
