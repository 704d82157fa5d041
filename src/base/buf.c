/* SPDX-License-Identifier: Apache-2.0 */
/* buf: see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

char *buf_more(struct buf *b, size_t n)
{
	size_t max = b->max ? b->max : BUF_MAX_BYTES;
	if (b->too_big || n > max || b->len > max - n) {
		b->too_big = true;
		return NULL;
	}
	if (b->len + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 256;
		while (cap < b->len + n + 1)
			cap *= 2;
		b->at = arena_stretch(b->arena, b->at, b->cap, cap);
		b->cap = cap;
	}
	char *p = b->at + b->len;
	b->len += n;
	b->at[b->len] = '\0';
	return p;
}

void buf_z(struct buf *b, const char *z)
{
	buf_add(b, str_of(z));
}

void buf_int(struct buf *b, int64_t n)
{
	buf_fmt(b, "%lld", (long long)n);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof(small)) {
		buf_add(b, (struct str){ small, (size_t)n });
	} else if (n > 0) {
		char *p = buf_room(b, (size_t)n);
		if (p)
			(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	}
	va_end(again);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->at, b->len };
}

void buf_html(struct buf *b, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *e = s.at[i] == '&'	  ? "&amp;"
				: s.at[i] == '<'  ? "&lt;"
				: s.at[i] == '>'  ? "&gt;"
				: s.at[i] == '"'  ? "&quot;"
				: s.at[i] == '\'' ? "&#39;"
						  : NULL;
		if (!e)
			continue;
		buf_add(b, str_sub(s, from, i - from));
		buf_z(b, e);
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.len - from));
}

void buf_url(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '_' || c == '.' || c == '~') {
			buf_c(b, (char)c);
		} else {
			buf_c(b, '%');
			buf_c(b, hex[c >> 4]);
			buf_c(b, hex[c & 15]);
		}
	}
}

/* What JSON escapes, and what HTML around it would read as its own. */
static const bool is_escaped[256] = {
	true,	      true,	    true,	   true, true,	       true,	      true,
	true,	      true,	    true,	   true, true,	       true,	      true,
	true,	      true,	    true,	   true, true,	       true,	      true,
	true,	      true,	    true,	   true, true,	       true,	      true,
	true,	      true,	    true,	   true, ['"'] = true, ['\\'] = true, ['<'] = true,
	['>'] = true, ['&'] = true, [0x7f] = true,
};

static void add_escaped(struct buf *b, char c)
{
	if (c == '"' || c == '\\')
		buf_add(b, (struct str){ (const char[]){ '\\', c }, 2 });
	else if (c == '\n')
		buf_z(b, "\\n");
	else
		buf_fmt(b, "\\u%04x", (unsigned char)c);
}

void buf_json(struct buf *b, struct str s)
{
	size_t i = 0, from = 0;
	while (i < s.len && !is_escaped[(unsigned char)s.at[i]])
		i++;
	char *p = i == s.len ? buf_room(b, s.len + 2) : NULL; /* nearly always */
	if (p) {
		p[0] = p[s.len + 1] = '"';
		if (s.len)
			memcpy(p + 1, s.at, s.len);
		return;
	}
	buf_c(b, '"');
	for (; i < s.len; i++) {
		if (!is_escaped[(unsigned char)s.at[i]])
			continue;
		buf_add(b, str_sub(s, from, i - from));
		from = i + 1;
		add_escaped(b, s.at[i]);
	}
	buf_add(b, str_sub(s, from, s.len - from));
	buf_c(b, '"');
}
