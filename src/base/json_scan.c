/* SPDX-License-Identifier: Apache-2.0 */
/* json_scan: see json_scan.h. What cJSON lets pass passes here: control characters in texts, numbers like 01, any bytes up
 * to a space between values. The copy that it reads ends with a NUL, which nothing in it matches. */
#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { FEW_KEYS = 32 };

struct scan {
	struct arena *arena;
	char *p;
	const char *what;
	size_t values, depth;
};

static bool scan_value(struct scan *s, cJSON *v);

static bool fail(struct scan *s, const char *what)
{
	if (!s->what)
		s->what = what;
	return false;
}

static bool unreadable(struct scan *s)
{
	return fail(s, "cannot be read");
}

static void skip_space(struct scan *s)
{
	while (*s->p && (unsigned char)*s->p <= ' ')
		s->p++;
}

static bool counts(struct scan *s)
{
	return ++s->values <= JSON_MAX_VALUES || fail(s, "has more than 100000 values");
}

/* To the quote or backslash, eight bytes a step; the copy is padded for it. */
static char *text_end(char *p)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	for (;; p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
		uint64_t hit = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
			       ((w - ones) & ~w);
		hit &= highs;
		if (!hit)
			continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		return p +
		       __builtin_ctzll(hit) / 8; /* only bits above the first hit can be wrong */
#else
		while (*p && *p != '"' && *p != '\\')
			p++;
		return p;
#endif
	}
}

static int hex4(const char *p)
{
	int code = 0;
	for (int i = 0; i < 4; i++) {
		int v = hex_value(p[i]);
		if (v < 0)
			return -1;
		code = code << 4 | v;
	}
	return code;
}

static char *put_utf8(char *to, unsigned code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	*to++ = (char)((0xff00U >> (more + 1) & 0xff) | code >> (6 * more));
	while (more--)
		*to++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
	return to;
}

/* Behind \u; both halves of a pair. NUL, which our texts cannot hold, and half a pair are replaced, as Go does: one bad
 * letter must not lose a batch. What replaces them is no longer than the escape. */
static bool scan_unicode(struct scan *s, char **to)
{
	enum { REPLACEMENT = 0xFFFD };
	int code = hex4(s->p), low = -1;
	if (code < 0)
		return unreadable(s);
	s->p += 4;
	bool is_high = code >= 0xD800 && code <= 0xDBFF;
	if (is_high && s->p[0] == '\\' && s->p[1] == 'u')
		low = hex4(s->p + 2);
	if (low >= 0xDC00 && low <= 0xDFFF) {
		s->p += 6;
		code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
	} else if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) {
		code = REPLACEMENT;
	}
	*to = put_utf8(*to, (unsigned)code);
	return true;
}

static bool scan_escape(struct scan *s, char **to)
{
	static const char from[] = "bfnrt\"\\/", into[] = "\b\f\n\r\t\"\\/";
	char c = s->p[1];
	const char *at = c ? strchr(from, c) : NULL;
	if (!at && c != 'u')
		return unreadable(s);
	s->p += 2;
	if (!at)
		return scan_unicode(s, to);
	*(*to)++ = into[at - from];
	return true;
}

/* From the opening quote to behind the closing one; the text ends with a NUL, in place. */
static bool scan_text(struct scan *s, char **text, size_t *len)
{
	if (*s->p != '"')
		return unreadable(s);
	char *from = ++s->p, *to = from;
	for (;;) {
		char *end = text_end(s->p);
		size_t n = (size_t)(end - s->p);
		if (to != s->p)
			memmove(to, s->p, n);
		to += n;
		s->p = end;
		if (*end == '"')
			break;
		if (!*end)
			return unreadable(s);
		if (!scan_escape(s, &to))
			return false;
	}
	s->p++;
	*to = '\0';
	*text = from;
	*len = (size_t)(to - from);
	return true;
}

static bool scan_number(struct scan *s, cJSON *v)
{
	char *end, *run_end = s->p + strspn(s->p, "0123456789+-eE."), held = *run_end;
	*run_end = '\0'; /* or strtod would take 0x10 and -inf */
	double d = strtod(s->p, &end);
	*run_end = held;
	if (end == s->p)
		return unreadable(s);
	v->type = cJSON_Number;
	v->valuedouble = d;
	v->valueint = d >= INT_MAX ? INT_MAX : d <= (double)INT_MIN ? INT_MIN : (int)d;
	s->p = end;
	return true;
}

struct seen_key {
	const char *at;
	size_t len;
};

static bool is_known(const struct seen_key *seen, size_t n, const char *key, size_t len)
{
	for (size_t i = 0; i < n && i < FEW_KEYS; i++)
		if (seen[i].len == len && memcmp(seen[i].at, key, len) == 0)
			return true;
	return false;
}

static void append(cJSON *to, cJSON *child)
{
	if (!to->child) {
		to->child = child;
	} else {
		child->prev = to->child->prev;
		child->prev->next = child;
	}
	to->child->prev = child;
}

struct sorted_key {
	cJSON *item;
	size_t at;
};

static int compare_keys(const void *a, const void *b)
{
	const struct sorted_key *x = a, *y = b;
	int c = strcmp(x->item->string, y->item->string);
	return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* Of many keys: sorted, so that a body made of one name costs no more than another. */
static void drop_repeats(struct scan *s, cJSON *object, size_t n)
{
	struct sorted_key *keys = ARENA_ARRAY(s->arena, struct sorted_key, n);
	n = 0;
	for (cJSON *c = object->child; c; c = c->next, n++)
		keys[n] = (struct sorted_key){ c, n };
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1, kept = 0; i < n; i++) {
		if (strcmp(keys[kept].item->string, keys[i].item->string) != 0)
			kept = i;
		else
			(void)cJSON_DetachItemViaPointer(object, keys[i].item);
	}
}

static bool scan_member(struct scan *s, cJSON *object, struct seen_key *seen, size_t n)
{
	char *key;
	size_t len;
	cJSON *child = ARENA_NEW(s->arena, cJSON);
	skip_space(s);
	if (!scan_text(s, &key, &len))
		return false;
	skip_space(s);
	if (*s->p != ':')
		return unreadable(s);
	s->p++;
	skip_space(s);
	if (!scan_value(s, child))
		return false;
	child->string = key;
	if (!is_known(seen, n, key, len))
		append(object, child);
	if (n < FEW_KEYS)
		seen[n] = (struct seen_key){ key, len };
	return true;
}

static bool scan_object(struct scan *s, cJSON *v)
{
	struct seen_key seen[FEW_KEYS];
	size_t n = 0;
	v->type = cJSON_Object;
	s->p++;
	skip_space(s);
	if (*s->p == '}') {
		s->p++;
		return true;
	}
	for (;; s->p++, n++) {
		if (n == JSON_MAX_KEYS)
			return fail(s, "has an object with more than 2000 keys");
		if (!scan_member(s, v, seen, n))
			return false;
		skip_space(s);
		if (*s->p != ',')
			break;
		if (!counts(s))
			return false;
	}
	if (*s->p != '}')
		return unreadable(s);
	s->p++;
	if (n >= FEW_KEYS)
		drop_repeats(s, v, n + 1);
	return true;
}

static bool scan_array(struct scan *s, cJSON *v)
{
	v->type = cJSON_Array;
	s->p++;
	skip_space(s);
	if (*s->p == ']') {
		s->p++;
		return true;
	}
	for (;; s->p++) {
		cJSON *child = ARENA_NEW(s->arena, cJSON);
		skip_space(s);
		if (!scan_value(s, child))
			return false;
		append(v, child);
		skip_space(s);
		if (*s->p != ',')
			break;
		if (!counts(s))
			return false;
	}
	if (*s->p != ']')
		return unreadable(s);
	s->p++;
	return true;
}

static bool scan_nested(struct scan *s, cJSON *v)
{
	if (!counts(s))
		return false;
	if (++s->depth > JSON_MAX_DEPTH)
		return fail(s, "is nested more than 32 deep");
	bool is_good = *s->p == '{' ? scan_object(s, v) : scan_array(s, v);
	s->depth--;
	return is_good;
}

static bool scan_word(struct scan *s, cJSON *v, const char *word, int type)
{
	size_t n = strlen(word);
	if (strncmp(s->p, word, n) != 0)
		return unreadable(s);
	v->type = type;
	v->valueint = type == cJSON_True;
	s->p += n;
	return true;
}

static bool scan_value(struct scan *s, cJSON *v)
{
	size_t len;
	switch (*s->p) {
	case '"':
		v->type = cJSON_String;
		return scan_text(s, &v->valuestring, &len);
	case '{':
	case '[':
		return scan_nested(s, v);
	case 't':
		return scan_word(s, v, "true", cJSON_True);
	case 'f':
		return scan_word(s, v, "false", cJSON_False);
	case 'n':
		return scan_word(s, v, "null", cJSON_NULL);
	default:
		return (*s->p >= '0' && *s->p <= '9') || *s->p == '-' ? scan_number(s, v)
								      : unreadable(s);
	}
}

struct cJSON *json_scan(struct arena *a, struct str text, const char **what, size_t *at)
{
	enum { PADDING = 8 }; /* text_end looks so far ahead */
	char *copy = arena_raw(a, text.len + PADDING);
	if (text.len)
		memcpy(copy, text.at, text.len);
	memset(copy + text.len, 0, PADDING);
	struct scan s = { .arena = a, .p = copy };
	cJSON *v = ARENA_NEW(a, cJSON);
	if (text.len > 4 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0)
		s.p += 3;
	skip_space(&s);
	bool is_good = scan_value(&s, v);
	*at = (size_t)(s.p - copy);
	if (is_good && str_trim(str_sub(text, *at, text.len)).len)
		is_good = fail(&s, "ends, but more text follows");
	if (!is_good && *at == text.len && *at)
		--*at; /* the last byte, not a line that is not there */
	*what = s.what;
	return is_good ? v : NULL;
}
