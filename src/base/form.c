/* SPDX-License-Identifier: Apache-2.0 */
/* form: see form.h. */
#include "base/form.h"

#include <string.h>

#include "base/field_path.h"

struct reader {
	const struct reading *how;
	struct arena *arena;
	struct err *e;
};

/* False on a % without two hex digits, on NUL and on ill-formed UTF-8. */
static bool decode(struct arena *a, struct str s, struct str *out)
{
	char *to = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] != '%') {
			to[n++] = s.at[i] == '+' ? ' ' : s.at[i];
			continue;
		}
		if (i + 2 >= s.len || hex_value(s.at[i + 1]) < 0 || hex_value(s.at[i + 2]) < 0)
			return false;
		to[n++] = (char)(hex_value(s.at[i + 1]) * 16 + hex_value(s.at[i + 2]));
		i += 2;
	}
	*out = (struct str){ n ? to : NULL, n };
	return str_is_utf8(*out);
}

int form_parse(struct arena *a, struct str bytes, struct form *out, struct err *e)
{
	struct str part, name;
	*out = (struct form){ 0 };
	while (str_cut(&bytes, '&', &part)) {
		if (!part.len)
			continue;
		if (out->pairs.len == FORM_MAX_PAIRS)
			return err_refuse(e, ERR_BAD_INPUT, "The form has more than %d fields.",
					  FORM_MAX_PAIRS);
		struct form_pair *p = LIST_ADD(a, &out->pairs);
		str_cut(&part, '=', &name);
		if (!decode(a, name, &p->name) || !decode(a, part, &p->value))
			return err_refuse(e, ERR_BAD_INPUT,
					  "The form is not well-formed: field %zu cannot be read.",
					  out->pairs.len);
	}
	return 0;
}

struct str form_get(const struct form *form, const char *name)
{
	LIST_EACH (p, &form->pairs)
		if (str_is(p->name, name))
			return p->value;
	return (struct str){ NULL, 0 };
}

bool form_has(const struct form *form, const char *name)
{
	LIST_EACH (p, &form->pairs)
		if (str_is(p->name, name))
			return true;
	return false;
}

static int add_texts(const struct field *f, void *base, struct str value, const struct reader *r)
{
	struct strs *l = field_at(f, base), had = *l;
	if (field_parse(f, base, value, r->how, r->e))
		return -1;
	struct strs both = { ARENA_ARRAY(r->arena, struct str, had.len + l->len), 0 };
	for (size_t i = 0; i < had.len; i++)
		both.at[both.len++] = had.at[i];
	for (size_t i = 0; i < l->len; i++)
		both.at[both.len++] = l->at[i];
	*l = both;
	return 0;
}

static int row_index(const struct field *f, struct str index, size_t *out, struct err *e)
{
	int64_t i;
	if (!str_to_int(index, &i) || i < 0)
		return err_field(e, f->name, "%s is a list of rows: name them %s.0 and so on.",
				 f->name, f->name);
	*out = (size_t)i;
	return *out < field_max_items(f) ? 0 : field_too_many(e, f);
}

static int set_member(const struct field *table, void *base, struct form_pair pair,
		      const struct reader *r)
{
	struct str rest = pair.name, head = { 0 }, index = { 0 };
	str_cut(&rest, '.', &head);
	const struct field *f = field_find(table, head);
	if (!f || (rest.at && f->kind != KIND_ITEMS))
		return field_unknown(r->e, table, pair.name);
	if (f->kind == KIND_STRS)
		return add_texts(f, base, pair.value, r);
	if (!rest.at)
		return field_parse(f, base, pair.value, r->how, r->e);
	str_cut(&rest, '.', &index);
	struct list *l = field_at(f, base);
	size_t i = 0;
	if (row_index(f, index, &i, r->e))
		return -1;
	while (l->len <= i)
		(void)list_add(r->arena, l, f->item_bytes);
	if (set_member(f->item, (char *)l->at + i * f->item_bytes,
		       (struct form_pair){ rest, pair.value }, r))
		return field_within(r->e, f->name, i);
	return 0;
}

static bool is_blank(const struct field *table, const void *row)
{
	for (const struct field *f = table; f->name; f++) {
		bool first_choice = f->kind == KIND_CHOICE && *(const int *)field_in(f, row) == 0;
		if (!first_choice && !field_is_empty(f, row))
			return false;
	}
	return true;
}

/* A form shows spare rows; those left blank are not meant. */
static void drop_blank_rows(const struct field *table, void *base)
{
	for (const struct field *f = table; f->name; f++) {
		struct list *l = f->kind == KIND_ITEMS ? field_at(f, base) : NULL;
		size_t kept = 0;
		for (size_t i = 0; l && i < l->len; i++) {
			char *row = (char *)l->at + i * f->item_bytes;
			drop_blank_rows(f->item, row);
			if (is_blank(f->item, row))
				continue;
			memmove((char *)l->at + kept++ * f->item_bytes, row, f->item_bytes);
		}
		if (l)
			l->len = kept;
	}
}

/* Which of the table's rows a dotted name ends at; NULL when it ends nowhere. */
static const struct field *find_dotted(const struct field *table, struct str name)
{
	struct str head, index;
	const struct field *f = NULL;
	while (table && str_cut(&name, '.', &head)) {
		f = field_find(table, head);
		table = f ? f->item : NULL;
		if (table)
			(void)str_cut(&name, '.', &index);
	}
	return f;
}

static int refuse_twice(const struct field *table, const struct form *form, size_t i, struct err *e)
{
	struct form_pair pair = form->pairs.at[i];
	const struct field *f = find_dotted(table, pair.name);
	if (!f || f->kind == KIND_STRS)
		return 0;
	for (size_t k = 0; k < i; k++)
		if (str_eq(form->pairs.at[k].name, pair.name))
			return err_field(e, f->name, "%s is given twice.", f->name);
	return 0;
}

int fields_from_form(const struct field *table, const struct form *form, void *out,
		     const struct reading *how, struct err *e)
{
	const struct reader r = { how, how->arena, e };
	for (size_t i = 0; i < form->pairs.len; i++) {
		struct form_pair pair = form->pairs.at[i];
		if (str_starts(pair.name, STR("_")))
			continue;
		if (refuse_twice(table, form, i, e) || set_member(table, out, pair, &r))
			return -1;
	}
	drop_blank_rows(table, out);
	return 0;
}
