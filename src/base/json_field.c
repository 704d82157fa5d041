/* SPDX-License-Identifier: Apache-2.0 */
/* json_field: structs from JSON and back by their field tables; see json.h. */
#include "base/field_path.h"
#include "base/json.h"
#include "base/when.h"

static const int64_t last_when_ms = 253402300799999; /* the year 9999 ends */

struct reader {
	const struct reading *how;
	struct arena *arena;
	struct err *e;
};

static int wrong_type(const struct field *f, const char *wanted, struct err *e)
{
	return err_field(e, f->name, "%s must be %s.", f->name, wanted);
}

static int read_text(const struct field *f, const struct json *j, void *base,
		     const struct reader *r)
{
	return field_parse(f, base, json_text(j), r->how, r->e);
}

static int read_texts(const struct field *f, const struct json *j, void *base,
		      const struct reader *r)
{
	const struct field one = { .name = f->name, .kind = KIND_STR };
	size_t most = 0;
	if (json_is_text(j))
		return read_text(f, j, base, r);
	if (!json_is_array(j))
		return wrong_type(f, "a list of texts", r->e);
	for (const struct json *c = json_first(j); c; c = json_next(c))
		if (++most > field_max_items(f))
			return field_too_many(r->e, f);
	struct strs l = { ARENA_ARRAY(r->arena, struct str, most), 0 };
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		if (!json_is_text(c))
			return wrong_type(f, "a list of texts", r->e);
		if (!str_trim(json_text(c)).len)
			continue;
		if (field_parse(&one, &l.at[l.len++], json_text(c), r->how, r->e))
			return -1;
	}
	*(struct strs *)field_at(f, base) = l;
	return 0;
}

static int read_items(const struct field *f, const struct json *j, void *base,
		      const struct reader *r)
{
	struct list l = { 0 };
	if (!json_is_array(j))
		return wrong_type(f, "a list of objects", r->e);
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		if (l.len == field_max_items(f))
			return field_too_many(r->e, f);
		void *item = list_add(r->arena, &l, f->item_bytes);
		if (fields_from_json(f->item, c, item, r->how, r->e))
			return field_within(r->e, f->name, l.len - 1);
	}
	*(struct list *)field_at(f, base) = l;
	return 0;
}

/* Kinds that are ms in a number or words in a text. */
static int read_ms(const struct field *f, const struct json *j, void *base, const struct reader *r)
{
	int64_t ms;
	if (json_is_text(j))
		return read_text(f, j, base, r);
	if (!json_int(j, &ms))
		return wrong_type(f,
				  f->kind == KIND_WHEN ? "a time: RFC 3339 text or ms since 1970"
						       : "a length of time: \"30m\" or ms",
				  r->e);
	if (f->kind == KIND_SPAN && ms < 0)
		return wrong_type(f, "a length of time, not below 0", r->e);
	if (f->kind == KIND_WHEN && (ms < 0 || ms > last_when_ms))
		return wrong_type(f, "a time between 1970 and 9999", r->e);
	*(int64_t *)field_at(f, base) = ms;
	return 0;
}

static int read_choice(const struct field *f, const struct json *j, void *base,
		       const struct reader *r)
{
	int64_t n;
	if (json_is_text(j))
		return read_text(f, j, base, r);
	if (!json_int(j, &n))
		return wrong_type(f, "one of its names, as a text", r->e);
	struct str digits = str_fmt(r->arena, "%lld", (long long)n);
	return field_parse(f, base, digits, r->how, r->e);
}

static int read_member(const struct field *f, const struct json *j, void *base,
		       const struct reader *r)
{
	struct maybe_int m = { .set = true };
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
		return json_is_text(j) ? read_text(f, j, base, r) : wrong_type(f, "a text", r->e);
	case KIND_INT:
		if (!json_int(j, &m.v))
			return wrong_type(f, "a whole number", r->e);
		*(int64_t *)field_at(f, base) = m.v;
		return 0;
	case KIND_BOOL:
		return json_bool(j, field_at(f, base)) ? 0 : wrong_type(f, "true or false", r->e);
	case KIND_WHEN:
	case KIND_SPAN:
		return read_ms(f, j, base, r);
	case KIND_MAYBE_INT:
		if (!json_int(j, &m.v))
			return wrong_type(f, "a whole number", r->e);
		*(struct maybe_int *)field_at(f, base) = m;
		return 0;
	case KIND_STRS:
		return read_texts(f, j, base, r);
	case KIND_CHOICE:
		return read_choice(f, j, base, r);
	case KIND_ITEMS:
		return read_items(f, j, base, r);
	case KIND_HTML:
		return field_parse(f, base, json_text(j), r->how, r->e); /* its refusal */
	}
	return 0;
}

int fields_from_json(const struct field *table, const struct json *j, void *out,
		     const struct reading *how, struct err *e)
{
	const struct reader r = { how, how->arena, e };
	if (!json_is_object(j))
		return err_refuse(e, ERR_BAD_INPUT, "A JSON object is expected here.");
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		const struct field *f = field_find(table, json_key(c));
		if (!f)
			return field_unknown(e, table, json_key(c));
		if (!json_is_null(c) && read_member(f, c, out, &r))
			return -1;
	}
	return 0;
}

static void write_texts(const struct strs *l, struct buf *b)
{
	buf_c(b, '[');
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			buf_c(b, ',');
		buf_json(b, l->at[i]);
	}
	buf_c(b, ']');
}

static void write_items(const struct field *f, const struct list *l, struct buf *b)
{
	buf_c(b, '[');
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			buf_c(b, ',');
		fields_to_json(f->item, (const char *)l->at + i * f->item_bytes, b);
	}
	buf_c(b, ']');
}

static void write_member(const struct field *f, const void *base, struct buf *b)
{
	const void *p = field_in(f, base);
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		buf_json(b, *(const struct str *)p);
		return;
	case KIND_INT:
	case KIND_SPAN:
		buf_int(b, *(const int64_t *)p);
		return;
	case KIND_MAYBE_INT:
		buf_int(b, ((const struct maybe_int *)p)->v);
		return;
	case KIND_BOOL:
		buf_z(b, *(const bool *)p ? "true" : "false");
		return;
	case KIND_WHEN:
		buf_c(b, '"');
		when_rfc3339(b, ((const struct when *)p)->ms);
		buf_c(b, '"');
		return;
	case KIND_STRS:
		write_texts(p, b);
		return;
	case KIND_CHOICE:
		buf_json(b, str_of(f->names[*(const int *)p]));
		return;
	case KIND_ITEMS:
		write_items(f, p, b);
		return;
	}
}

/* A required yes-or-no or number speaks even when it is "no" or 0; an unset time cannot. */
static bool is_left_out(const struct field *f, const void *base)
{
	bool can_be_zero = f->kind == KIND_BOOL || f->kind == KIND_INT;
	return f->secret || f->kind == KIND_HTML ||
	       (field_is_empty(f, base) && !(f->required && can_be_zero));
}

void fields_to_json(const struct field *table, const void *base, struct buf *b)
{
	bool first = true;
	buf_c(b, '{');
	for (const struct field *f = table; f->name; f++) {
		if (is_left_out(f, base))
			continue;
		if (!first)
			buf_c(b, ',');
		first = false;
		buf_json(b, str_of(f->name));
		buf_c(b, ':');
		write_member(f, base, b);
	}
	buf_c(b, '}');
}
