/* SPDX-License-Identifier: Apache-2.0 */
/* labels: see labels.h. */
#include "intake/labels.h"

#include <string.h>

static void insert_sorted(struct arena *a, struct labels *l, struct label x)
{
	(void)LIST_ADD(a, &l->set);
	size_t i = l->set.len - 1;
	for (; i && str_cmp(l->set.at[i - 1].name, x.name) > 0; i--)
		l->set.at[i] = l->set.at[i - 1];
	l->set.at[i] = x;
}

int labels_read(const struct json *object, const char *what, struct arena *a, struct labels *out,
		struct err *e)
{
	*out = (struct labels){ 0 };
	if (!object)
		return 0;
	if (!json_is_object(object))
		return err_field(e, what, "%s must be an object of texts.", what);
	for (const struct json *c = json_first(object); c; c = json_next(c)) {
		struct label x = { json_key(c), json_text(c) };
		if (json_is_null(c)) /* an empty text, as Go reads it */
			continue;
		if (!json_is_text(c))
			return err_field(e, what, "%s: the value of " STR_FMT " must be a text.",
					 what, STR_ARG(str_clip(x.name, 60)));
		if (!x.name.len || x.value.len > LABEL_MAX_BYTES || out->set.len == LABELS_MAX)
			return err_field(e, what,
					 "%s: at most %d with names and at most %d bytes each.",
					 what, LABELS_MAX, LABEL_MAX_BYTES);
		if (x.value.len)
			insert_sorted(a, out, x);
	}
	return 0;
}

struct str labels_get(const struct labels *l, const char *name)
{
	struct str wanted = str_of(name);
	LIST_EACH (x, &l->set)
		if (x->name.len == wanted.len && str_eq(x->name, wanted))
			return x->value;
	return (struct str){ NULL, 0 };
}

struct str labels_json(const struct labels *l, struct arena *a)
{
	struct buf b = BUF(a);
	b.cap = 3;
	LIST_EACH (x, &l->set)
		b.cap += x->name.len + x->value.len +
			 6; /* what it takes where nothing is escaped */
	b.at = arena_raw(a, b.cap);
	buf_c(&b, '{');
	for (size_t i = 0; i < l->set.len; i++) {
		if (i)
			buf_c(&b, ',');
		buf_json(&b, l->set.at[i].name);
		buf_c(&b, ':');
		buf_json(&b, l->set.at[i].value);
	}
	buf_c(&b, '}');
	return buf_str(&b);
}

enum {
	TOGETHER = 4
}; /* each step of the hash waits for the one before: so many hashes fill the time */
static const uint64_t fnv_start = 14695981039346656037u, fnv_step = 1099511628211u;

/* The bytes that are hashed: name FF value FF. */
static struct str hashed(const struct labels *l, struct arena *a)
{
	size_t len = 0;
	LIST_EACH (x, &l->set)
		len += x->name.len + x->value.len + 2;
	char *at = arena_raw(a, len ? len : 1), *to = at;
	LIST_EACH (x, &l->set) {
		to = (char *)memcpy(to, x->name.at, x->name.len) + x->name.len;
		*to++ = (char)0xff;
		if (x->value.len)
			memcpy(to, x->value.at, x->value.len);
		to += x->value.len;
		*to++ = (char)0xff;
	}
	return (struct str){ at, len };
}

static uint64_t fnv(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * fnv_step;
	return h;
}

static void fnv_together(const struct str s[TOGETHER], uint64_t h[TOGETHER])
{
	size_t least = s[0].len;
	for (size_t k = 0; k < TOGETHER; k++) {
		h[k] = fnv_start;
		least = s[k].len < least ? s[k].len : least;
	}
	uint64_t h0 = h[0], h1 = h[1], h2 = h[2], h3 = h[3];
	for (size_t i = 0; i < least; i++) {
		h0 = (h0 ^ (unsigned char)s[0].at[i]) * fnv_step;
		h1 = (h1 ^ (unsigned char)s[1].at[i]) * fnv_step;
		h2 = (h2 ^ (unsigned char)s[2].at[i]) * fnv_step;
		h3 = (h3 ^ (unsigned char)s[3].at[i]) * fnv_step;
	}
	h[0] = fnv(h0, str_sub(s[0], least, s[0].len));
	h[1] = fnv(h1, str_sub(s[1], least, s[1].len));
	h[2] = fnv(h2, str_sub(s[2], least, s[2].len));
	h[3] = fnv(h3, str_sub(s[3], least, s[3].len));
}

enum { HEX = 16 };

static struct str hex_of(uint64_t h, char hex[HEX])
{
	for (size_t i = HEX; i--; h >>= 4)
		hex[i] = "0123456789abcdef"[h & 15];
	return (struct str){ hex, HEX };
}

struct str labels_fingerprint(const struct labels *l, struct arena *a)
{
	return hex_of(fnv(fnv_start, hashed(l, a)), arena_raw(a, HEX));
}

void labels_fingerprints(const struct labels *const *l, size_t n, struct arena *a, struct str *out)
{
	size_t i = 0;
	char(*hex)[HEX] = arena_raw(
		a, sizeof(*hex) * n); /* side by side: another thread looks at all of them */
	for (; i + TOGETHER <= n; i += TOGETHER) {
		struct str bytes[TOGETHER];
		uint64_t h[TOGETHER];
		for (size_t k = 0; k < TOGETHER; k++)
			bytes[k] = hashed(l[i + k], a);
		fnv_together(bytes, h);
		for (size_t k = 0; k < TOGETHER; k++)
			out[i + k] = hex_of(h[k], hex[i + k]);
	}
	for (; i < n; i++)
		out[i] = hex_of(fnv(fnv_start, hashed(l[i], a)), hex[i]);
}
