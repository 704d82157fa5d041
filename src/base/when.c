/* SPDX-License-Identifier: Apache-2.0 */
/* when: see when.h. Civil dates by arithmetic alone (proleptic Gregorian), so that neither the
 * machine's zone nor its locale can change what a text means. */
#include "base/when.h"

#include "base/field.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };
enum { DAY_MS = 24 * HOUR_MS };
enum { CLOCK_AHEAD_MS = 60 * SECOND_MS }; /* a watch that runs fast is not yesterday */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01; years start in March so that the leap day comes last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct when_parts when_parts(int64_t at_ms)
{
	int64_t days = floor_div(at_ms, DAY_MS);
	int64_t in_day = at_ms - days * DAY_MS;
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9;
	int64_t weekday = (days + 4) % 7;
	return (struct when_parts){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = (int)month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(in_day / HOUR_MS),
		.minute = (int)(in_day / MINUTE_MS % 60),
		.second = (int)(in_day / SECOND_MS % 60),
		.ms = (int)(in_day % SECOND_MS),
		.weekday = (int)(weekday < 0 ? weekday + 7 : weekday),
	};
}

int64_t when_of_parts(const struct when_parts *p)
{
	int64_t months = (int64_t)p->month - 1;
	int64_t year = (int64_t)p->year + floor_div(months, 12);
	int64_t month = months - floor_div(months, 12) * 12 + 1;
	int64_t days = days_from_civil(year, month, 1) + p->day - 1;
	return days * DAY_MS + (int64_t)p->hour * HOUR_MS + (int64_t)p->minute * MINUTE_MS +
	       (int64_t)p->second * SECOND_MS + p->ms;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly n digits off the front of *s. */
static bool take_digits(struct str *s, size_t n, int *out)
{
	int v = 0;
	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->at[i] < '0' || s->at[i] > '9')
			return false;
		v = v * 10 + (s->at[i] - '0');
	}
	*s = str_sub(*s, n, s->len);
	*out = v;
	return true;
}

static bool take_char(struct str *s, const char *any_of)
{
	for (const char *c = any_of; *c && s->len; c++)
		if (s->at[0] == *c) {
			*s = str_sub(*s, 1, s->len);
			return true;
		}
	return false;
}

static bool take_date(struct str *s, struct when_parts *p)
{
	return take_digits(s, 4, &p->year) && take_char(s, "-") && take_digits(s, 2, &p->month) &&
	       take_char(s, "-") && take_digits(s, 2, &p->day) && p->year >= 1 && p->month >= 1 &&
	       p->month <= 12 && p->day >= 1 && p->day <= days_in(p->year, p->month);
}

static void take_fraction(struct str *s, int *ms)
{
	int scale = 100, digit;
	for (; take_digits(s, 1, &digit); scale /= 10)
		*ms += digit * scale;
}

/* "14:03", "14:03:05", "14:03:05.123"; whether seconds were there is told through *seconds. */
static bool take_clock(struct str *s, struct when_parts *p, bool *seconds)
{
	*seconds = false;
	if (!take_digits(s, 2, &p->hour) || !take_char(s, ":") || !take_digits(s, 2, &p->minute) ||
	    p->hour > 23 || p->minute > 59)
		return false;
	if (!take_char(s, ":"))
		return true;
	*seconds = true;
	/* 60 is a leap second; it carries over into the next minute. */
	if (!take_digits(s, 2, &p->second) || p->second > 60)
		return false;
	if (take_char(s, ".")) {
		if (!s->len || s->at[0] < '0' || s->at[0] > '9')
			return false;
		take_fraction(s, &p->ms);
	}
	return true;
}

/* "Z", "+01:00"; when short forms are taken, "+0100" and "+01" as well. */
static bool take_offset(struct str *s, bool is_short, int64_t *offset_ms)
{
	int hour, minute = 0;
	*offset_ms = 0;
	if (take_char(s, "Zz"))
		return true;
	bool west = s->len && s->at[0] == '-';
	if (!take_char(s, "+-") || !take_digits(s, 2, &hour))
		return false;
	bool has_colon = take_char(s, ":");
	if (!has_colon && !is_short)
		return false;
	if ((has_colon || s->len) && !take_digits(s, 2, &minute))
		return false;
	if (hour > 23 || minute > 59)
		return false;
	*offset_ms = ((int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS) * (west ? -1 : 1);
	return true;
}

static bool year_is_plain(int64_t at_ms)
{
	int year = when_parts(at_ms).year;
	return year >= 1 && year <= 9999;
}

static bool parse_moment(struct str s, bool is_strict, int64_t *at_ms)
{
	struct when_parts p = { 0 };
	int64_t offset_ms = 0;
	bool has_seconds;
	if (!take_date(&s, &p) || !take_char(&s, "Tt ") || !take_clock(&s, &p, &has_seconds) ||
	    (is_strict && !has_seconds))
		return false;
	bool has_offset = is_strict || s.len;
	if ((has_offset && !take_offset(&s, !is_strict, &offset_ms)) || s.len)
		return false;
	int64_t at = when_of_parts(&p) - offset_ms;
	if (!year_is_plain(at))
		return false;
	*at_ms = at;
	return true;
}

bool when_parse_rfc3339(struct str s, int64_t *at_ms)
{
	return parse_moment(s, true, at_ms);
}

bool when_parse_iso8601(struct str s, int64_t *at_ms)
{
	return parse_moment(s, false, at_ms);
}

/* "2026-11-23", "2026-11-23 14:03", and what a browser's date field sends (a T between). */
static bool parse_local(struct str s, int64_t offset_ms, int64_t *at_ms)
{
	struct when_parts p = { 0 };
	bool seconds;
	if (!take_date(&s, &p))
		return false;
	if (s.len && (!take_char(&s, "T ") || !take_clock(&s, &p, &seconds) || s.len))
		return false;
	*at_ms = when_of_parts(&p) - offset_ms;
	return true;
}

static bool parse_clock(struct str s, int64_t now_ms, int64_t offset_ms, int64_t *at_ms)
{
	struct when_parts clock = { 0 };
	bool seconds;
	if (!take_clock(&s, &clock, &seconds) || s.len)
		return false;
	struct when_parts p = when_parts(now_ms + offset_ms);
	clock.year = p.year;
	clock.month = p.month;
	clock.day = p.day;
	int64_t at = when_of_parts(&clock) - offset_ms;
	*at_ms = at > now_ms + CLOCK_AHEAD_MS ? at - DAY_MS : at;
	return true;
}

static bool parse_human(struct str s, int64_t now_ms, int64_t offset_ms, int64_t *at_ms)
{
	struct span away;
	if (when_parse_rfc3339(s, at_ms))
		return true;
	if (str_eq_nocase(s, STR("now"))) {
		*at_ms = now_ms;
		return true;
	}
	if (s.len > 1 && (s.at[0] == '+' || s.at[0] == '-')) {
		if (!span_parse(str_sub(s, 1, s.len), &away))
			return false;
		*at_ms = s.at[0] == '+' ? now_ms + away.ms : now_ms - away.ms;
		return true;
	}
	return parse_local(s, offset_ms, at_ms) || parse_clock(s, now_ms, offset_ms, at_ms);
}

/* A zone or "+30m" can lead out of the years that RFC 3339 can write. */
bool when_parse_human(struct str s, int64_t now_ms, int64_t offset_ms, int64_t *at_ms)
{
	int64_t at;
	if (!parse_human(str_trim(s), now_ms, offset_ms, &at) || !year_is_plain(at))
		return false;
	*at_ms = at;
	return true;
}

void when_rfc3339(struct buf *b, int64_t at_ms)
{
	struct when_parts p = when_parts(at_ms);
	buf_fmt(b, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute,
		p.second);
	if (p.ms)
		buf_fmt(b, ".%03d", p.ms);
	buf_c(b, 'Z');
}

void when_clock(struct buf *b, int64_t at_ms, int64_t offset_ms)
{
	struct when_parts p = when_parts(at_ms + offset_ms);
	buf_fmt(b, "%02d:%02d", p.hour, p.minute);
}

void when_day_clock(struct buf *b, int64_t at_ms, int64_t offset_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct when_parts p = when_parts(at_ms + offset_ms);
	buf_fmt(b, "%d %s %02d:%02d", p.day, months[p.month - 1], p.hour, p.minute);
}

void when_length(struct buf *b, int64_t length_ms)
{
	long long seconds = length_ms / SECOND_MS;
	if (seconds < 0) {
		buf_c(b, '-');
		seconds = -seconds;
	}
	long long minutes = seconds / 60, hours = minutes / 60;
	if (seconds < 60)
		buf_fmt(b, "%lld s", seconds);
	else if (minutes < 60)
		buf_fmt(b, "%lld min", minutes);
	else if (hours < 48 && minutes % 60)
		buf_fmt(b, "%lld h %lld min", hours, minutes % 60);
	else if (hours < 48)
		buf_fmt(b, "%lld h", hours);
	else
		buf_fmt(b, "%lld days", hours / 24);
}
