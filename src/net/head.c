/* SPDX-License-Identifier: Apache-2.0 */
/* head: see head.h. */
#include "net/head.h"

#include <string.h>

enum {
	OK = 0,
	BAD = 400,
	BAD_EXPECTATION = 417,
	TOO_LONG = 431,
	NOT_DONE = 501,
	VERSION = 505,
	MAX_METHOD_BYTES = 20,
	MAX_LENGTH_DIGITS = 18, /* fits an int64_t without care; far above every limit on bodies */
};

int head_find(struct str bytes, size_t *len)
{
	*len = 0;
	size_t line = 0; /* where the current one starts */
	while (line < bytes.len) {
		const char *lf = memchr(bytes.at + line, '\n', bytes.len - line);
		if (!lf)
			break;
		size_t i = (size_t)(lf - bytes.at);
		if (i >= HEAD_MAX_BYTES)
			return TOO_LONG;
		if (i == line || bytes.at[i - 1] != '\r')
			return BAD;
		bool is_empty = i - line == 1;
		if (is_empty && line > 0) {
			/* the leading empty line, then another: nobody sends that */
			if (line == 2)
				return BAD;
			*len = i + 1;
			return OK;
		}
		line = i + 1;
	}
	return bytes.len > HEAD_MAX_BYTES ? TOO_LONG : OK;
}

static bool is_token_char(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return true;
	return c > ' ' && c < 0x7f && strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_token_char((unsigned char)s.at[i]))
			return false;
	return s.len > 0;
}

/* The rest of the bytes up to CRLF; false when the line holds what it must not. */
static bool line_take(struct str *rest, struct str *line)
{
	if (!str_cut(rest, '\n', line) || !rest->at || line->len == 0 ||
	    line->at[line->len - 1] != '\r')
		return false;
	line->len--;
	for (size_t i = 0; i < line->len; i++) {
		unsigned char c = (unsigned char)line->at[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool percent_decode(struct str raw, struct arena *a, struct str *out)
{
	*out = raw;
	if (raw.len == 0 || !memchr(raw.at, '%', raw.len))
		return true;
	char *to = arena_alloc(a, raw.len);
	size_t n = 0;
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.at[i] != '%') {
			to[n++] = raw.at[i];
			continue;
		}
		int high = i + 2 < raw.len ? hex_value(raw.at[i + 1]) : -1;
		int low = high >= 0 ? hex_value(raw.at[i + 2]) : -1;
		if (low < 0)
			return false;
		to[n++] = (char)(high * 16 + low);
		i += 2;
	}
	*out = (struct str){ to, n };
	return true;
}

static bool path_is_safe(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.at[i] < ' ' || path.at[i] == 0x7f)
			return false;
	struct str rest = path, part;
	while (str_cut(&rest, '/', &part))
		if (str_is(part, ".") || str_is(part, ".."))
			return false;
	return str_is_utf8(path);
}

/* "/path?query", or "*" for OPTIONS, or "http://host/path" where host is the one in Host. */
static int target_parse(struct head *h, struct arena *a)
{
	struct str t = h->target;
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.at[i];
		if (c <= ' ' || c >= 0x7f || c == '#')
			return BAD;
	}
	if (str_is(t, "*")) {
		h->path = t;
		return str_is(h->method, "OPTIONS") ? OK : BAD;
	}
	size_t skip = str_starts(t, STR("http://")) ? 7 : str_starts(t, STR("https://")) ? 8 : 0;
	if (skip) {
		struct str rest = str_sub(t, skip, t.len);
		size_t slash = str_find(rest, STR("/"));
		if (slash == SIZE_MAX)
			return BAD;
		if (!str_eq_nocase(str_sub(rest, 0, slash), head_get(h, "Host")))
			return BAD;
		t = str_sub(rest, slash, rest.len);
	}
	if (t.len == 0 || t.at[0] != '/')
		return BAD;
	size_t mark = str_find(t, STR("?"));
	struct str raw = mark == SIZE_MAX ? t : str_sub(t, 0, mark);
	h->query = mark == SIZE_MAX ? (struct str){ 0 } : str_sub(t, mark + 1, t.len);
	if (!percent_decode(raw, a, &h->path) || !path_is_safe(h->path))
		return BAD;
	return OK;
}

static int version_parse(struct str v, struct head *h)
{
	if (v.len != 8 || !str_starts(v, STR("HTTP/")) || v.at[6] != '.')
		return BAD;
	char major = v.at[5], minor = v.at[7];
	if (major < '0' || major > '9' || minor < '0' || minor > '9')
		return BAD;
	if (major != '1' || minor > '1')
		return VERSION;
	h->minor = minor - '0';
	return OK;
}

static int first_line(struct str line, struct head *h)
{
	struct str version;
	if (!str_cut(&line, ' ', &h->method) || !str_cut(&line, ' ', &h->target) ||
	    !str_cut(&line, ' ', &version) || line.at)
		return BAD; /* at is set while anything, even nothing behind a blank, is left */
	if (!is_token(h->method) || h->method.len > MAX_METHOD_BYTES || h->target.len == 0)
		return BAD;
	return version_parse(version, h);
}

static int header_line(struct str line, struct head *h, struct arena *a)
{
	if (h->headers.len == HEAD_MAX_HEADERS)
		return TOO_LONG;
	struct str name;
	size_t colon = str_find(line, STR(":"));
	if (colon == SIZE_MAX)
		return BAD;
	name = str_sub(line, 0, colon);
	if (!is_token(name)) /* also a folded line and a blank before the colon */
		return BAD;
	struct header *x = LIST_ADD(a, &h->headers);
	*x = (struct header){ name, str_trim(str_sub(line, colon + 1, line.len)) };
	return OK;
}

/* How many headers have that name; *value is the last one's. */
static size_t count_of(const struct head *h, const char *name, struct str *value)
{
	size_t n = 0;
	LIST_EACH (x, &h->headers) {
		if (!str_eq_nocase(x->name, str_of(name)))
			continue;
		*value = x->value;
		n++;
	}
	return n;
}

static bool has_token(const struct head *h, const char *name, const char *token)
{
	LIST_EACH (x, &h->headers) {
		if (!str_eq_nocase(x->name, str_of(name)))
			continue;
		struct str rest = x->value, part;
		while (str_cut(&rest, ',', &part))
			if (str_eq_nocase(str_trim(part), str_of(token)))
				return true;
	}
	return false;
}

static int length_parse(struct head *h)
{
	struct str v = { 0 };
	size_t n = count_of(h, "Content-Length", &v);
	h->content_length = -1;
	if (n == 0)
		return OK;
	if (n > 1 || v.len == 0 || v.len > MAX_LENGTH_DIGITS)
		return BAD;
	int64_t length = 0;
	for (size_t i = 0; i < v.len; i++) {
		if (v.at[i] < '0' || v.at[i] > '9')
			return BAD;
		length = length * 10 + (v.at[i] - '0');
	}
	h->content_length = length;
	return OK;
}

static int coding_parse(struct head *h)
{
	struct str v = { 0 };
	size_t n = count_of(h, "Transfer-Encoding", &v);
	if (n == 0)
		return OK;
	if (n > 1 || h->content_length >= 0 || h->minor == 0)
		return BAD;
	h->is_chunked = str_eq_nocase(v, STR("chunked"));
	if (h->is_chunked)
		return OK;
	return str_find(v, STR(",")) != SIZE_MAX || v.len == 0 ? BAD : NOT_DONE;
}

static int host_check(const struct head *h)
{
	struct str v = { 0 };
	size_t n = count_of(h, "Host", &v);
	if (n > 1 || (n == 0 && h->minor > 0))
		return BAD;
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.at[i];
		if (c <= ' ' || c >= 0x7f || strchr("/\\,?#@<>\"", c))
			return BAD;
	}
	return OK;
}

static int meaning_parse(struct head *h)
{
	int status = host_check(h);
	if (!status)
		status = length_parse(h);
	if (!status)
		status = coding_parse(h);
	if (status)
		return status;
	struct str expect = { 0 };
	size_t n = h->minor > 0 ? count_of(h, "Expect", &expect) : 0;
	if (n > 0 && (n > 1 || !str_eq_nocase(expect, STR("100-continue"))))
		return BAD_EXPECTATION;
	h->expects_continue = n > 0;
	h->keep_alive = !has_token(h, "Connection", "close") &&
			(h->minor > 0 || has_token(h, "Connection", "keep-alive"));
	return OK;
}

int head_parse(struct str bytes, struct arena *a, struct head *out)
{
	*out = (struct head){ .content_length = -1 };
	if (bytes.len > HEAD_MAX_BYTES)
		return TOO_LONG;
	struct str rest = bytes, line;
	if (str_starts(rest, STR("\r\n")))
		rest = str_sub(rest, 2, rest.len);
	if (!line_take(&rest, &line))
		return BAD;
	int status = first_line(line, out);
	while (!status) {
		if (!line_take(&rest, &line))
			return BAD;
		if (line.len == 0)
			break;
		status = header_line(line, out, a);
	}
	if (!status && rest.len)
		return BAD;
	if (!status)
		status = meaning_parse(out);
	return status ? status : target_parse(out, a);
}

struct str head_get(const struct head *h, const char *name)
{
	LIST_EACH (x, &h->headers) {
		if (str_eq_nocase(x->name, str_of(name)))
			return x->value;
	}
	return (struct str){ 0 };
}

bool head_has(const struct head *h, const char *name)
{
	struct str unused;
	return count_of(h, name, &unused) > 0;
}
