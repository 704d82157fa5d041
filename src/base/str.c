/* SPDX-License-Identifier: Apache-2.0 */
/* str: see str.h. */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.at, b.at, n) : 0;
	return c ? c : (a.len > b.len) - (a.len < b.len);
}

size_t str_find(struct str s, struct str needle)
{
	if (!needle.len)
		return 0;
	const char *at = s.len ? memmem(s.at, s.len, needle.at, needle.len) : NULL;
	return at ? (size_t)(at - s.at) : SIZE_MAX;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
	if (from >= s.len)
		return (struct str){ NULL, 0 };
	return (struct str){ s.at + from, len < s.len - from ? len : s.len - from };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(struct str *rest, char sep, struct str *part)
{
	if (!rest->at)
		return false;
	const char *hit = rest->len ? memchr(rest->at, sep, rest->len) : NULL;
	if (!hit) {
		*part = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*part = (struct str){ rest->at, (size_t)(hit - rest->at) };
	*rest = (struct str){ hit + 1, rest->len - part->len - 1 };
	return true;
}

bool str_to_int(struct str s, int64_t *out)
{
	bool minus = s.len && s.at[0] == '-';
	struct str digits = str_sub(s, minus, s.len);
	int64_t n = 0;
	if (!digits.len || digits.len > 18)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		n = n * 10 + (digits.at[i] - '0');
	}
	*out = minus ? -n : n;
	return true;
}

int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Bytes of the well-formed character at s[i], 0 when there is none (Unicode 15, table 3-7). */
static size_t char_bytes(const unsigned char *p, size_t left)
{
	if (p[0] < 0x80)
		return p[0] != 0;
	size_t n = p[0] >= 0xC2 && p[0] < 0xE0	 ? 2
		   : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
		   : p[0] >= 0xF0 && p[0] < 0xF5 ? 4
						 : 0;
	if (!n || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

enum { STRETCH = 64 };

/* ASCII without NUL? One flag and no early end, so that compilers look at a vector at a time. */
static bool is_plain_stretch(const unsigned char *p)
{
	signed char other = 0;
	for (size_t i = 0; i < STRETCH; i++)
		other |= (signed char)p[i] <= 0;
	return !other;
}

bool str_is_utf8(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.at;
	for (size_t i = 0; i < s.len;) {
		uint64_t eight;
		if (s.len - i >= 8) { /* plain ASCII without NUL passes eight at a time, then 64 */
			memcpy(&eight, p + i, 8);
			if (!((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u)) {
				i += 8;
				while (s.len - i >= STRETCH && is_plain_stretch(p + i))
					i += STRETCH;
				continue;
			}
		}
		size_t n = char_bytes(p + i, s.len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

struct str str_clip(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	s.len = max;
	while (s.len && ((unsigned char)s.at[s.len] & 0xC0) == 0x80)
		s.len--;
	return s;
}

struct str str_copy(struct arena *a, struct str s)
{
	if (!s.len)
		return (struct str){ NULL, 0 };
	char *p = arena_raw(a, s.len + 1);
	memcpy(p, s.at, s.len);
	p[s.len] = '\0';
	return (struct str){ p, s.len };
}

const char *str_z(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(p, s.at, s.len);
	return p;
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	assert(fmt);
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	size_t len = n > 0 ? (size_t)n : 0;
	char *p = arena_alloc(a, len + 1);
	(void)vsnprintf(p, len + 1, fmt, again);
	va_end(again);
	return (struct str){ p, len };
}

bool strs_has(const struct strs *l, struct str s)
{
	for (size_t i = 0; i < l->len; i++)
		if (str_eq(l->at[i], s))
			return true;
	return false;
}

struct strs strs_copy(struct arena *a, const struct strs *from)
{
	struct strs to = { ARENA_ARRAY(a, struct str, from->len), from->len };
	for (size_t i = 0; i < from->len; i++)
		to.at[i] = str_copy(a, from->at[i]);
	return to;
}

struct strs strs_split(struct arena *a, struct str text, char sep)
{
	size_t most = 1;
	for (size_t i = 0; i < text.len; i++)
		most += text.at[i] == sep;
	struct strs l = { ARENA_ARRAY(a, struct str, most), 0 };
	struct str part;
	while (str_cut(&text, sep, &part)) {
		part = str_trim(part);
		if (part.len)
			l.at[l.len++] = part;
	}
	return l;
}

struct str strs_join(struct arena *a, const struct strs *l, const char *between)
{
	struct str sep = str_of(between);
	size_t len = 0;
	for (size_t i = 0; i < l->len; i++)
		len += l->at[i].len + (i ? sep.len : 0);
	char *p = arena_alloc(a, len + 1), *w = p;
	for (size_t i = 0; i < l->len; i++) {
		if (i && sep.len) {
			memcpy(w, sep.at, sep.len);
			w += sep.len;
		}
		if (l->at[i].len)
			memcpy(w, l->at[i].at, l->at[i].len);
		w += l->at[i].len;
	}
	return (struct str){ p, len };
}
