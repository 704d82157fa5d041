/* SPDX-License-Identifier: Apache-2.0 */
/* say: see say.h. */
#include "base/say.h"

#include "base/mask.h"
#include "base/when.h"

const char *const say_level_names[] = { "debug", "info", "warn", "error", NULL };
const char *const say_format_names[] = { "logfmt", "json", NULL };

/* The code point at s.at[0] and its bytes in *len; -1 where the bytes are no UTF-8 (then *len is 1). */
static int32_t point_of(struct str s, size_t *len)
{
	unsigned char c = (unsigned char)s.at[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	int32_t point = n == 1 ? c : c & (0xff >> (n + 1));
	*len = 1;
	if (n > s.len || !str_is_utf8(str_sub(s, 0, n)))
		return c == 0 ? 0 : -1;
	for (size_t i = 1; i < n; i++)
		point = point << 6 | ((unsigned char)s.at[i] & 0x3f);
	*len = n;
	return point;
}

/* Ends a line, moves the cursor, or turns what follows around. */
static bool is_tricky(int32_t p)
{
	return p < 0x20 || (p >= 0x7f && p <= 0x9f) || p == 0x61c || p == 0x200e || p == 0x200f ||
	       (p >= 0x2028 && p <= 0x202e) || (p >= 0x2066 && p <= 0x2069) || p == 0xfeff;
}

/* The same escapes in both formats: a quoted logfmt value is a JSON text. */
static void add_quoted(struct buf *b, struct str s)
{
	buf_c(b, '"');
	while (s.len) {
		size_t len;
		int32_t p = point_of(s, &len);
		if (p < 0)
			buf_z(b, "\\ufffd");
		else if (p == '\n')
			buf_z(b, "\\n");
		else if (p == '"' || p == '\\')
			buf_fmt(b, "\\%c", (char)p);
		else if (is_tricky(p))
			buf_fmt(b, "\\u%04x", (unsigned)p);
		else
			buf_add(b, str_sub(s, 0, len));
		s = str_sub(s, len, s.len);
	}
	buf_c(b, '"');
}

static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~' || s.at[i] == '"' || s.at[i] == '=' ||
		    s.at[i] == '\\')
			return false;
	return s.len > 0;
}

static void add_text(struct buf *b, enum say_format format, const char *key, struct str text)
{
	struct str safe = str_clip(mask_secrets(b->arena, text, NULL), SAY_TEXT_BYTES);
	buf_fmt(b, format == SAY_JSON ? ",\"%s\":" : " %s=", key);
	if (format == SAY_LOGFMT && is_bare(safe))
		buf_add(b, safe);
	else
		add_quoted(b, safe);
}

void say_add(const struct say_line *l, enum say_format format, struct buf *b)
{
	bool is_json = format == SAY_JSON;
	buf_z(b, is_json ? "{\"ts\":\"" : "ts=");
	when_rfc3339(b, l->at_ms);
	buf_fmt(b, is_json ? "\",\"level\":\"%s\"" : " level=%s", say_level_names[l->level]);
	add_text(b, format, "msg", l->msg);
	for (const struct say_pair *p = l->pairs; p && p->key; p++) {
		if (p->is_number)
			buf_fmt(b, is_json ? ",\"%s\":%lld" : " %s=%lld", p->key,
				(long long)p->number);
		else if (p->text.len)
			add_text(b, format, p->key, p->text);
	}
	buf_z(b, is_json ? "}\n" : "\n");
}
