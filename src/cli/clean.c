/* SPDX-License-Identifier: Apache-2.0 */
/* clean: see clean.h. Sequences after ECMA-48: CSI, and strings (OSC, DCS, SOS, PM, APC) up to BEL or ST. */
#include "cli/clean.h"

enum { ESC = 0x1b, BEL = 0x07, DEL = 0x7f, NO_CHARACTER = 0xfffd };

/* One character off the text; NO_CHARACTER for a byte that is no UTF-8. Returns its bytes. */
static size_t take(struct str s, uint32_t *c)
{
	unsigned char b = (unsigned char)s.at[0];
	size_t n = b < 0x80 ? 1 : b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc2 ? 2 : 0;
	if (!n || n > s.len || !str_is_utf8((struct str){ s.at, n })) {
		*c = b ? NO_CHARACTER : 0;
		return 1;
	}
	*c = n == 1 ? b : b & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*c = *c << 6 | ((unsigned char)s.at[i] & 0x3fU);
	return n;
}

/* What a string sequence holds is not text: up to BEL or ST, or the end. */
static size_t string_bytes(struct str s, size_t at)
{
	for (; at < s.len; at++) {
		unsigned char b = (unsigned char)s.at[at],
			      next = at + 1 < s.len ? (unsigned char)s.at[at + 1] : 0;
		if (b == BEL)
			return at + 1;
		if ((b == ESC && next == '\\') || (b == 0xc2 && next == 0x9c))
			return at + 2;
	}
	return s.len;
}

static size_t control_sequence_bytes(struct str s, size_t at)
{
	while (at < s.len && (unsigned char)s.at[at] >= 0x20 && (unsigned char)s.at[at] < 0x40)
		at++;
	return at < s.len && (unsigned char)s.at[at] >= 0x40 && (unsigned char)s.at[at] < DEL
		       ? at + 1
		       : at;
}

static size_t after_introducer(struct str s, size_t at, char kind)
{
	if (kind == '[')
		return control_sequence_bytes(s, at);
	if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_')
		return string_bytes(s, at);
	return at;
}

/* Bytes of the escape sequence that starts the text; 0 when none does. */
static size_t escape_bytes(struct str s)
{
	unsigned char b = (unsigned char)s.at[0], next = s.len > 1 ? (unsigned char)s.at[1] : 0;
	if (b == 0xc2 && next >= 0x80 && next <= 0x9f)
		return after_introducer(s, 2, (char)(next - 0x40));
	if (b != ESC)
		return 0;
	if (s.len == 1)
		return 1;
	if (next >= 0x20 && next < 0x30) { /* "ESC ( B": intermediates, then one final byte */
		size_t at = 1;
		while (at < s.len && (unsigned char)s.at[at] >= 0x20 &&
		       (unsigned char)s.at[at] < 0x30)
			at++;
		return at < s.len && (unsigned char)s.at[at] < DEL ? at + 1 : at;
	}
	return next < DEL ? after_introducer(s, 2, (char)next) : 1;
}

static bool turns_direction(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
	       c == 0x200f || c == 0x2028 || c == 0x2029;
}

void clean_add(struct buf *b, struct str s)
{
	while (s.len) {
		uint32_t c = 0;
		size_t n = escape_bytes(s);
		if (!n) {
			n = take(s, &c);
			if (c == NO_CHARACTER && n == 1)
				buf_c(b, '?');
			else if (c == '\n' || c == '\t' ||
				 (c >= 0x20 && c != DEL && !turns_direction(c)))
				buf_add(b, str_sub(s, 0, n));
		}
		s = str_sub(s, n, s.len);
	}
}

struct str clean(struct arena *a, struct str s)
{
	struct buf b = BUF(a);
	clean_add(&b, s);
	return buf_str(&b);
}

struct str clean_line(struct arena *a, struct str s)
{
	struct str safe = str_trim(clean(a, s));
	struct buf b = BUF(a);
	for (size_t i = 0; i < safe.len; i++) {
		bool is_blank = safe.at[i] == '\n' || safe.at[i] == '\t' || safe.at[i] == ' ';
		if (!is_blank)
			buf_c(&b, safe.at[i]);
		else if (b.len && b.at[b.len - 1] != ' ')
			buf_c(&b, ' ');
	}
	return buf_str(&b);
}

static size_t character_width(uint32_t c)
{
	static const struct {
		uint32_t from, to;
		size_t width;
	} ranges[] = {
		{ 0x0300, 0x036f, 0 },	 { 0x1100, 0x115f, 2 },	  { 0x200b, 0x200d, 0 },
		{ 0x20d0, 0x20ff, 0 },	 { 0x2e80, 0xa4cf, 2 },	  { 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },	 { 0xfe00, 0xfe0f, 0 },	  { 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },	 { 0xffe0, 0xffe6, 2 },	  { 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return ranges[i].width;
	return 1;
}

size_t clean_width(struct str s)
{
	size_t columns = 0;
	while (s.len) {
		uint32_t c;
		s = str_sub(s, take(s, &c), s.len);
		columns += character_width(c);
	}
	return columns;
}

struct str clean_fit(struct arena *a, struct str s, size_t columns)
{
	size_t used = 0, at = 0;
	if (clean_width(s) <= columns)
		return s;
	if (!columns)
		return (struct str){ 0 };
	while (at < s.len) {
		uint32_t c;
		size_t n = take(str_sub(s, at, s.len), &c);
		if (used + character_width(c) > columns - 1)
			break;
		used += character_width(c);
		at += n;
	}
	return str_fmt(a, STR_FMT "…", STR_ARG(str_trim(str_sub(s, 0, at))));
}
