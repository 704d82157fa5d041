/* SPDX-License-Identifier: Apache-2.0 */
/* base/zone: a file that is taken answers for every time there is. */
#include "base/zone.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static const int64_t times[] = {
		INT64_MIN,     -62135596800000, -1,	  0, 1, 1772452800000, 1782907200000,
		4102444800000, 253402300799999, INT64_MAX
	};
	enum { MOST_MS = 26 * 3600 * 1000 }; /* RFC 8536, 3.2, in ms */
	ARENA(a);
	const struct zone *z = NULL;
	struct err e = { 0 };
	struct str s = text_of(bytes, len);
	(void)zone_name_is_safe(s);
	if (zone_parse(&a, s, &z, &e))
		return 0;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t offset_ms = zone_offset_ms(z, times[i]);
		assert(offset_ms >= -MOST_MS && offset_ms <= MOST_MS);
		assert(zone_abbreviation(z, times[i]).len < len);
	}
	/* the reader's screen: every month of some years around now */
	for (int64_t at_ms = noon_ms; at_ms < noon_ms + 3LL * 366 * 86400000;
	     at_ms += 30LL * 86400000)
		(void)zone_offset_ms(z, at_ms);
	return 0;
}
