/* SPDX-License-Identifier: Apache-2.0 */
/* labels: see labels.h. */
#include "intake/labels.h"

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

static uint64_t fnv(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 1099511628211u;
	return (h ^ 255u) * 1099511628211u;
}

struct str labels_fingerprint(const struct labels *l, struct arena *a)
{
	uint64_t h = 14695981039346656037u;
	LIST_EACH (x, &l->set) {
		h = fnv(h, x->name);
		h = fnv(h, x->value);
	}
	char *hex = arena_alloc(a, 16);
	for (size_t i = 16; i--; h >>= 4)
		hex[i] = "0123456789abcdef"[h & 15];
	return (struct str){ hex, 16 };
}
