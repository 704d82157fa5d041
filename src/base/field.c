/* SPDX-License-Identifier: Apache-2.0 */
/* field: see field.h. Finding, checking, copying and comparing; text is field_text.c. */
#include "base/field.h"

#include <stdio.h>
#include <string.h>

#include "base/field_path.h"

enum { QUOTED_BYTES = 60 }; /* enough to recognise what one typed */

void *field_at(const struct field *f, void *base)
{
	return (char *)base + f->at;
}

const void *field_in(const struct field *f, const void *base)
{
	return (const char *)base + f->at;
}

size_t field_max_items(const struct field *f)
{
	return f->max ? f->max : FIELD_MAX_ITEMS;
}

int field_too_many(struct err *e, const struct field *f)
{
	return err_field(e, f->name, "%s has too many entries: at most %zu.", f->name,
			 field_max_items(f));
}

struct str field_quote(struct str text)
{
	return str_is_utf8(text) ? str_clip(text, QUOTED_BYTES) : STR("(not readable)");
}

int field_within(struct err *e, const char *list, size_t row)
{
	char text[sizeof(e->text)], field[sizeof(e->field)];
	bool has_field = e->field[0] != '\0';
	const char *dot = has_field ? "." : "";
	bool leads = has_field && strncmp(e->text, e->field, strlen(e->field)) == 0;
	(void)snprintf(text, sizeof(text), "%s.%zu%s%.440s", list, row, leads ? "." : ": ",
		       e->text);
	(void)snprintf(field, sizeof(field), "%s.%zu%s%.40s", list, row, dot, e->field);
	memcpy(e->text, text, sizeof(text));
	memcpy(e->field, field, sizeof(field));
	return -1;
}

int field_unknown(struct err *e, const struct field *table, struct str name)
{
	char key[sizeof(e->field)], known[200] = "";
	size_t used = 0;
	struct str shown = str_clip(field_quote(name), sizeof(key) - 1);
	(void)snprintf(key, sizeof(key), STR_FMT, STR_ARG(shown));
	for (const struct field *f = table; f->name && used < sizeof(known); f++) {
		if (f->hidden || f->kind == KIND_HTML)
			continue;
		int n = snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "",
				 f->name);
		used += n > 0 ? (size_t)n : 0;
	}
	err_field(e, key, "There is no field \"%s\" here.", key);
	err_next(e, used < sizeof(known) ? "The fields are: %s." : "The fields are: %s...", known);
	return -1;
}

const struct field *field_find(const struct field *table, struct str name)
{
	for (const struct field *f = table; f->name; f++)
		if (str_is(name, f->name))
			return f;
	return NULL;
}

bool field_is_empty(const struct field *f, const void *base)
{
	const void *p = field_in(f, base);
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		return str_trim(*(const struct str *)p).len == 0;
	case KIND_INT:
	case KIND_WHEN:
	case KIND_SPAN:
		return *(const int64_t *)p == 0;
	case KIND_BOOL:
		return !*(const bool *)p;
	case KIND_MAYBE_INT:
		return !((const struct maybe_int *)p)->set;
	case KIND_STRS:
		return ((const struct strs *)p)->len == 0;
	case KIND_CHOICE:
		return f->names[*(const int *)p][0] == '\0';
	case KIND_ITEMS:
		return ((const struct list *)p)->len == 0;
	}
	return true;
}

static int check_text(const struct field *f, struct str s, size_t max, struct err *e)
{
	if (s.len > max)
		return err_field(e, f->name, "%s is too long: at most %zu bytes, this has %zu.",
				 f->name, max, s.len);
	if (!str_is_utf8(s))
		return err_field(e, f->name, "%s is not readable text (UTF-8).", f->name);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return err_field(e, f->name, "%s holds a control character (byte %zu).",
					 f->name, i + 1);
	}
	return 0;
}

static int check_int(const struct field *f, int64_t v, struct err *e)
{
	if (f->max && v > 0 && (uint64_t)v > f->max)
		return err_field(e, f->name, "%s is too large: at most %zu.", f->name, f->max);
	return 0;
}

static int check_texts(const struct field *f, const struct strs *l, struct err *e)
{
	if (l->len > field_max_items(f))
		return field_too_many(e, f);
	for (size_t i = 0; i < l->len; i++)
		if (check_text(f, l->at[i], FIELD_MAX_TEXT, e))
			return -1;
	return 0;
}

static int check_items(const struct field *f, const struct list *l, struct err *e)
{
	if (l->len > field_max_items(f))
		return field_too_many(e, f);
	for (size_t i = 0; i < l->len; i++)
		if (fields_check(f->item, (const char *)l->at + i * f->item_bytes, e))
			return field_within(e, f->name, i);
	return 0;
}

static int check_one(const struct field *f, const void *base, struct err *e)
{
	const void *p = field_in(f, base);
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
		return check_text(f, *(const struct str *)p, f->max ? f->max : FIELD_MAX_TEXT, e);
	case KIND_INT:
		return check_int(f, *(const int64_t *)p, e);
	case KIND_MAYBE_INT:
		return check_int(f, ((const struct maybe_int *)p)->v, e);
	case KIND_STRS:
		return check_texts(f, p, e);
	case KIND_ITEMS:
		return check_items(f, p, e);
	case KIND_BOOL:
	case KIND_WHEN:
	case KIND_SPAN:
	case KIND_HTML:
	case KIND_CHOICE:
		return 0;
	}
	return 0;
}

int fields_check(const struct field *table, const void *base, struct err *e)
{
	for (const struct field *f = table; f->name; f++) {
		/* "no" is an answer, so a required yes-or-no is never missing */
		if (f->required && f->kind != KIND_BOOL && field_is_empty(f, base))
			return err_field(e, f->name,
					 f->help ? "%s is missing: %s." : "%s is missing.", f->name,
					 f->help ? f->help : "");
		if (check_one(f, base, e))
			return -1;
	}
	return 0;
}

static void copy_items(const struct field *f, struct list *l, struct arena *a)
{
	char *to = arena_alloc(a, l->len * f->item_bytes);
	for (size_t i = 0; i < l->len; i++)
		fields_copy(f->item, to + i * f->item_bytes,
			    (const char *)l->at + i * f->item_bytes, f->item_bytes, a);
	*l = (struct list){ .at = l->len ? to : NULL, .len = l->len, .cap = l->len };
}

void fields_copy(const struct field *table, void *to, const void *from, size_t bytes,
		 struct arena *a)
{
	memmove(to, from, bytes);
	for (const struct field *f = table; f->name; f++) {
		void *p = field_at(f, to);
		switch (f->kind) {
		case KIND_STR:
		case KIND_PERSON:
		case KIND_HTML:
			*(struct str *)p = str_copy(a, *(struct str *)p);
			break;
		case KIND_STRS:
			*(struct strs *)p = strs_copy(a, p);
			break;
		case KIND_ITEMS:
			copy_items(f, p, a);
			break;
		case KIND_INT:
		case KIND_BOOL:
		case KIND_WHEN:
		case KIND_SPAN:
		case KIND_MAYBE_INT:
		case KIND_CHOICE:
			break;
		}
	}
}

static bool equal_texts(const struct strs *x, const struct strs *y)
{
	if (x->len != y->len)
		return false;
	for (size_t i = 0; i < x->len; i++)
		if (!str_eq(x->at[i], y->at[i]))
			return false;
	return true;
}

static bool equal_items(const struct field *f, const struct list *x, const struct list *y)
{
	if (x->len != y->len)
		return false;
	for (size_t i = 0; i < x->len; i++)
		if (!fields_equal(f->item, (const char *)x->at + i * f->item_bytes,
				  (const char *)y->at + i * f->item_bytes))
			return false;
	return true;
}

static bool equal_one(const struct field *f, const void *x, const void *y)
{
	const struct maybe_int *m = x, *n = y;
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		return str_eq(*(const struct str *)x, *(const struct str *)y);
	case KIND_INT:
	case KIND_WHEN:
	case KIND_SPAN:
		return *(const int64_t *)x == *(const int64_t *)y;
	case KIND_BOOL:
		return *(const bool *)x == *(const bool *)y;
	case KIND_MAYBE_INT:
		return m->set == n->set && (!m->set || m->v == n->v);
	case KIND_STRS:
		return equal_texts(x, y);
	case KIND_CHOICE:
		return *(const int *)x == *(const int *)y;
	case KIND_ITEMS:
		return equal_items(f, x, y);
	}
	return false;
}

bool fields_equal(const struct field *table, const void *a, const void *b)
{
	for (const struct field *f = table; f->name; f++)
		if (!equal_one(f, field_in(f, a), field_in(f, b)))
			return false;
	return true;
}

/* Bytes of a character that hides or turns text around at s[i], else 0: U+0080-9F, U+202A-202E, U+2066-2069. */
static size_t trick_bytes(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.at + i;
	size_t left = s.len - i;
	if (left >= 2 && p[0] == 0xC2 && p[1] < 0xA0)
		return 2;
	if (left < 3 || p[0] != 0xE2)
		return 0;
	bool override = p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE;
	bool isolate = p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9;
	return override || isolate ? 3 : 0;
}

static struct str one_line(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len;) {
		size_t trick = trick_bytes(s, i);
		i += trick;
		if (trick)
			continue;
		to[n++] = s.at[i] == '\n' || s.at[i] == '\t' ? ' ' : s.at[i];
		i++;
	}
	return str_trim((struct str){ to, n });
}

void fields_one_line(const struct field *table, void *base, struct arena *a)
{
	for (const struct field *f = table; f->name; f++) {
		void *p = field_at(f, base);
		if (f->kind == KIND_STR && f->lines <= 1)
			*(struct str *)p = one_line(*(struct str *)p, a);
		if (f->kind != KIND_ITEMS)
			continue;
		struct list *rows = p;
		for (size_t i = 0; i < rows->len; i++)
			fields_one_line(f->item, (char *)rows->at + i * f->item_bytes, a);
	}
}
