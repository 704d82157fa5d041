/* SPDX-License-Identifier: Apache-2.0 */
/* zone_rule: the rule at the end of a TZif file, as POSIX TZ text ("CET-1CEST,M3.5.0,M10.5.0/3") with
 * the wider hours of RFC 8536, 3.3.1. For zone alone. */
#ifndef APLOMB_ZONE_RULE_H
#define APLOMB_ZONE_RULE_H
#include "base/str.h"

struct zone_type {
	int64_t offset_s; /* east of UTC */
	struct str name;
};
enum zone_day_kind { ZONE_DAY_NO_LEAP, ZONE_DAY_OF_YEAR, ZONE_DAY_OF_WEEK };
struct zone_day {
	enum zone_day_kind kind;
	int month, week, day; /* week 5 = the last; day: of the year, or 0 = Sunday */
	int64_t at_s; /* local time of the change, seconds since midnight, may be negative */
};
struct zone_rule {
	struct zone_type standard, summer;
	bool has_summer;
	struct zone_day begin, end; /* of summer time */
};

bool zone_rule_parse(struct arena *, struct str, struct zone_rule *); /* names are copied */
struct zone_type zone_rule_at(const struct zone_rule *, int64_t at_s);
#endif
