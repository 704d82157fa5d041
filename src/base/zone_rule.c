/* SPDX-License-Identifier: Apache-2.0 */
/* zone_rule: see zone_rule.h. */
#include "base/zone_rule.h"

#include "base/when.h"

enum {
	DAY_S = 86400,
	HOUR_S = 3600,
	MAX_OFFSET_HOURS = 24,
	MAX_CHANGE_HOURS = 167
}; /* RFC 8536, 3.3.1 */

static bool take(struct str *s, char c)
{
	if (!s->len || s->at[0] != c)
		return false;
	*s = str_sub(*s, 1, s->len);
	return true;
}

static bool take_number(struct str *s, int most, int *out)
{
	size_t n = 0;
	int v = 0;
	while (n < s->len && n < 4 && s->at[n] >= '0' && s->at[n] <= '9')
		v = v * 10 + (s->at[n++] - '0');
	*s = str_sub(*s, n, s->len);
	*out = v;
	return n > 0 && v <= most;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CET" or "<+03>" */
static bool take_name(struct arena *a, struct str *s, struct str *out)
{
	size_t n = 0;
	bool quoted = take(s, '<');
	if (quoted)
		n = str_find(*s, STR(">"));
	else
		while (n < s->len && is_letter(s->at[n]))
			n++;
	if (n == SIZE_MAX || n < 3)
		return false;
	*out = str_copy(a, str_sub(*s, 0, n));
	*s = str_sub(*s, n + quoted, s->len);
	return true;
}

/* [+-]h[h][:mm[:ss]] */
static bool take_time(struct str *s, int most_hours, int64_t *out)
{
	int hours, minutes = 0, seconds = 0;
	bool minus = take(s, '-');
	if (!minus)
		(void)take(s, '+');
	if (!take_number(s, most_hours, &hours))
		return false;
	if (take(s, ':') && !take_number(s, 59, &minutes))
		return false;
	if (take(s, ':') && !take_number(s, 59, &seconds))
		return false;
	int64_t t = (int64_t)hours * HOUR_S + (int64_t)minutes * 60 + seconds;
	*out = minus ? -t : t;
	return true;
}

static bool take_day(struct str *s, struct zone_day *d)
{
	*d = (struct zone_day){ .kind = ZONE_DAY_OF_YEAR, .at_s = 2 * HOUR_S };
	if (take(s, 'M')) {
		d->kind = ZONE_DAY_OF_WEEK;
		if (!take_number(s, 12, &d->month) || d->month < 1 || !take(s, '.') ||
		    !take_number(s, 5, &d->week) || d->week < 1 || !take(s, '.') ||
		    !take_number(s, 6, &d->day))
			return false;
	} else if (take(s, 'J')) {
		d->kind = ZONE_DAY_NO_LEAP;
		if (!take_number(s, 365, &d->day) || d->day < 1)
			return false;
	} else if (!take_number(s, 365, &d->day)) {
		return false;
	}
	return !take(s, '/') || take_time(s, MAX_CHANGE_HOURS, &d->at_s);
}

bool zone_rule_parse(struct arena *a, struct str s, struct zone_rule *out)
{
	struct zone_rule r = { 0 };
	int64_t west_s;
	if (!take_name(a, &s, &r.standard.name) || !take_time(&s, MAX_OFFSET_HOURS, &west_s))
		return false;
	r.standard.offset_s = -west_s;
	r.has_summer = s.len > 0;
	if (r.has_summer) {
		if (!take_name(a, &s, &r.summer.name))
			return false;
		r.summer.offset_s = r.standard.offset_s + HOUR_S;
		if (s.len && s.at[0] != ',') {
			if (!take_time(&s, MAX_OFFSET_HOURS, &west_s))
				return false;
			r.summer.offset_s = -west_s;
		}
		if (!take(&s, ',') || !take_day(&s, &r.begin) || !take(&s, ',') ||
		    !take_day(&s, &r.end))
			return false;
	}
	*out = r;
	return s.len == 0;
}

static int64_t midnight_s(int year, int month, int day)
{
	struct when_parts p = { .year = year, .month = month, .day = day };
	return when_of_parts(&p) / 1000;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Local seconds since 1970 at which the day's change happens in that year. */
static int64_t change_in(const struct zone_day *d, int year)
{
	int64_t first = midnight_s(year, 1, 1);
	switch (d->kind) {
	case ZONE_DAY_OF_YEAR:
		return first + (int64_t)d->day * DAY_S + d->at_s;
	case ZONE_DAY_NO_LEAP:
		return first + (int64_t)(d->day - 1 + (is_leap(year) && d->day > 59)) * DAY_S +
		       d->at_s;
	case ZONE_DAY_OF_WEEK:
		break;
	}
	first = midnight_s(year, d->month, 1);
	int64_t next_month = midnight_s(year, d->month + 1, 1);
	int weekday = when_parts(first * 1000).weekday;
	int64_t day = first + (int64_t)((d->day - weekday + 7) % 7 + (d->week - 1) * 7) * DAY_S;
	while (day >= next_month)
		day -= (int64_t)7 * DAY_S;
	return day + d->at_s;
}

struct zone_type zone_rule_at(const struct zone_rule *r, int64_t at_s)
{
	if (!r->has_summer)
		return r->standard;
	int year = when_parts((at_s + r->standard.offset_s) * 1000).year;
	int64_t begin = change_in(&r->begin, year) - r->standard.offset_s;
	int64_t end = change_in(&r->end, year) - r->summer.offset_s;
	/* in the south, summer spans the turn of the year */
	bool summer = begin < end ? at_s >= begin && at_s < end : at_s >= begin || at_s < end;
	return summer ? r->summer : r->standard;
}
