/* SPDX-License-Identifier: Apache-2.0 */
/* template: see template.h; the compiler is tools/templates.py. Two walks over the same ops: one
 * renders, one only looks each name up (template_check), so that rendering may assert.
 * Inside a quoted attribute the compiler writes the filter "attr" (or "attr-day"), because a <time>
 * element cannot stand there: a point in time is then bare text. */
#include "base/template.h"

#include <assert.h>
#include <string.h>

#include "base/when.h"

enum { MAX_DEPTH = 8 }; /* lists within lists; a page of ours has three */

/* One level of names. text_item: an item of a list of texts, which has no names but {{.}}. */
struct frame {
	const struct field *table;
	const char *base; /* NULL while checking */
	const struct frame *outer;
	bool text_item;
	int depth;
};

struct found {
	const struct field *field;
	const char *base;
};

struct writer {
	const struct names *names;
	struct buf *out;
};

static struct found find(const struct frame *f, const char *name)
{
	for (; f; f = f->outer) {
		const struct field *field = f->table ? field_find(f->table, str_of(name)) : NULL;
		if (field)
			return (struct found){ field, f->base };
	}
	return (struct found){ NULL, NULL };
}

static const struct frame *text_frame(const struct frame *f)
{
	while (f && !f->text_item)
		f = f->outer;
	return f;
}

static bool arg_is(const struct tpl_op *op, const char *word)
{
	return op->arg && strcmp(op->arg, word) == 0;
}

static const void *member(struct found m)
{
	return m.base + m.field->at;
}

static const char *choice_name(struct found m)
{
	return m.field->names[*(const int *)member(m)];
}

static bool is_set(struct found m)
{
	const void *p = member(m);
	switch (m.field->kind) {
	case KIND_STR:
		return ((const struct str *)p)->len > 0;
	case KIND_INT:
		return *(const int64_t *)p != 0;
	case KIND_BOOL:
		return *(const bool *)p;
	case KIND_WHEN:
		return ((const struct when *)p)->ms != 0;
	case KIND_SPAN:
		return ((const struct span *)p)->ms != 0;
	case KIND_MAYBE_INT:
		return ((const struct maybe_int *)p)->set;
	case KIND_PERSON:
		return ((const struct person *)p)->id.len > 0;
	case KIND_HTML:
		return ((const struct html *)p)->raw.len > 0;
	case KIND_STRS:
		return ((const struct strs *)p)->len > 0;
	case KIND_CHOICE:
		return choice_name(m)[0] != '\0';
	case KIND_ITEMS:
		return ((const struct list *)p)->len > 0;
	}
	return false;
}

/* {{#x}}, {{#x=word}} of anything but a list. */
static bool holds(struct found m, const char *word)
{
	if (!word)
		return is_set(m);
	if (m.field->kind == KIND_CHOICE)
		return strcmp(choice_name(m), word) == 0;
	assert(m.field->kind == KIND_STR);
	return str_is(*(const struct str *)member(m), word);
}

static void print_age(int64_t at_ms, const struct writer *w)
{
	int64_t since = w->names->now_ms - at_ms;
	when_length(w->out, since < 0 ? -since : since);
}

static void print_when(int64_t at_ms, const struct tpl_op *op, const struct writer *w)
{
	if (at_ms == 0)
		return;
	if (arg_is(op, "iso")) {
		when_rfc3339(w->out, at_ms);
		return;
	}
	if (arg_is(op, "age")) {
		print_age(at_ms, w);
		return;
	}
	bool bare = arg_is(op, "attr") || arg_is(op, "attr-day");
	bool day = arg_is(op, "day") || arg_is(op, "attr-day");
	void (*print)(struct buf *, int64_t, int64_t) = day ? when_day_clock : when_clock;
	if (!bare) {
		buf_z(w->out, "<time datetime=\"");
		when_rfc3339(w->out, at_ms);
		buf_z(w->out, "\" title=\"");
		print(w->out, at_ms, 0);
		buf_z(w->out, " UTC\">");
	}
	print(w->out, at_ms, zone_offset_ms(w->names->zone, at_ms));
	if (!bare)
		buf_z(w->out, "</time>");
}

static void print_text(struct str s, const struct tpl_op *op, const struct writer *w)
{
	if (arg_is(op, "url"))
		buf_url(w->out, s);
	else
		buf_html(w->out, s);
}

static void print_person(struct str id, const struct tpl_op *op, const struct writer *w)
{
	/* an address leads to the id; only a reader gets the name */
	bool named = w->names->person && !arg_is(op, "url") && id.len;
	print_text(named ? w->names->person(w->names->ctx, id) : id, op, w);
}

static void print_strs(const struct strs *l, const struct tpl_op *op, const struct writer *w)
{
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			print_text(STR(", "), op, w);
		print_text(l->at[i], op, w);
	}
}

static void print_member(struct found m, const struct tpl_op *op, const struct writer *w)
{
	const void *p = member(m);
	switch (m.field->kind) {
	case KIND_STR:
		print_text(*(const struct str *)p, op, w);
		break;
	case KIND_INT:
		buf_int(w->out, *(const int64_t *)p);
		break;
	case KIND_BOOL:
		buf_z(w->out, *(const bool *)p ? "yes" : "no");
		break;
	case KIND_WHEN:
		print_when(((const struct when *)p)->ms, op, w);
		break;
	case KIND_SPAN:
		if (is_set(m))
			when_length(w->out, ((const struct span *)p)->ms);
		break;
	case KIND_MAYBE_INT:
		if (is_set(m))
			buf_int(w->out, ((const struct maybe_int *)p)->v);
		break;
	case KIND_PERSON:
		print_person(((const struct person *)p)->id, op, w);
		break;
	case KIND_HTML:
		buf_add(w->out, ((const struct html *)p)->raw);
		break;
	case KIND_STRS:
		print_strs(p, op, w);
		break;
	case KIND_CHOICE:
		print_text(str_of(choice_name(m)), op, w);
		break;
	case KIND_ITEMS:
		buf_int(w->out, (int64_t)((const struct list *)p)->len);
		break;
	}
}

static void print_hole(const struct tpl_op *op, const struct frame *f, const struct writer *w)
{
	if (strcmp(op->text, ".") == 0) {
		const struct frame *item = text_frame(f);
		assert(item);
		print_text(*(const struct str *)(const void *)item->base, op, w);
		return;
	}
	struct found m = find(f, op->text);
	assert(m.field && !m.field->secret);
	print_member(m, op, w);
}

/* Ops [from, to) of one template. */
struct stretch {
	const struct template *t;
	int from, to;
};

static void run(struct stretch s, const struct frame *f, const struct writer *w);

static void run_list(struct found m, struct stretch body, const struct frame *f,
		     const struct writer *w)
{
	const void *p = member(m);
	const struct strs *texts = m.field->kind == KIND_STRS ? p : NULL;
	const struct list *items = texts ? NULL : p;
	struct frame item = { .table = m.field->item, .outer = f, .depth = f->depth + 1 };
	item.text_item = texts;
	assert(item.depth <= MAX_DEPTH);
	for (size_t i = 0; texts && i < texts->len; i++) {
		item.base = (const char *)&texts->at[i];
		run(body, &item, w);
	}
	for (size_t i = 0; items && i < items->len; i++) {
		item.base = (const char *)items->at + i * m.field->item_bytes;
		run(body, &item, w);
	}
}

/* The op to go on with after a block's opening. */
static int run_block(struct stretch s, int i, const struct frame *f, const struct writer *w)
{
	const struct tpl_op *op = &s.t->ops[i];
	struct found m = find(f, op->text);
	assert(m.field);
	bool list = m.field->kind == KIND_STRS || m.field->kind == KIND_ITEMS;
	if (op->kind == TPL_EACH && list) {
		run_list(m, (struct stretch){ s.t, i + 1, op->end }, f, w);
		return op->end + 1;
	}
	bool shown = holds(m, op->arg) == (op->kind == TPL_EACH);
	return shown ? i + 1 : op->end + 1;
}

static void run(struct stretch s, const struct frame *f, const struct writer *w)
{
	for (int i = s.from; i < s.to;) {
		const struct tpl_op *op = &s.t->ops[i];
		switch (op->kind) {
		case TPL_TEXT:
			buf_add(w->out, (struct str){ op->text, op->len });
			i++;
			break;
		case TPL_VAR:
			print_hole(op, f, w);
			i++;
			break;
		case TPL_EACH:
		case TPL_NOT:
			i = run_block(s, i, f, w);
			break;
		case TPL_END:
			i++;
			break;
		case TPL_PART:
			run((struct stretch){ op->part, 0, op->part->count }, f, w);
			i++;
			break;
		}
	}
}

void template_render(const struct template *t, const struct field *table, const void *view,
		     const struct names *names, struct buf *out)
{
	const struct names nobody = { 0 };
	struct frame top = { .table = table, .base = view };
	struct writer w = { names ? names : &nobody, out };
	run((struct stretch){ t, 0, t->count }, &top, &w);
}

static int refuse(const struct template *t, const struct tpl_op *op, const char *why, struct err *e)
{
	return err_refuse(e, ERR_BAD_FIELD, "page %s: %s \"%s\"%s%s", t->name, why, op->text,
			  op->arg ? " with " : "", op->arg ? op->arg : "");
}

static int check_hole(const struct template *t, const struct tpl_op *op, const struct frame *f,
		      struct err *e)
{
	bool url = arg_is(op, "url"), attr = arg_is(op, "attr");
	bool timed = op->arg && !url && !attr && !arg_is(op, "attr-day");
	if (strcmp(op->text, ".") == 0) {
		if (!text_frame(f))
			return refuse(t, op, "no list of texts around", e);
		return timed || arg_is(op, "attr-day") ? refuse(t, op, "no such filter for", e) : 0;
	}
	struct found m = find(f, op->text);
	if (!m.field)
		return err_refuse(e, ERR_BAD_FIELD, "page %s: no field \"%s\" in the view", t->name,
				  op->text);
	if (m.field->secret)
		return refuse(t, op, "a secret is never shown:", e);
	bool is_when = m.field->kind == KIND_WHEN;
	if ((timed || arg_is(op, "attr-day")) && !is_when)
		return refuse(t, op, "this filter needs a time:", e);
	if (url && (is_when || m.field->kind == KIND_HTML || m.field->kind == KIND_STRS))
		return refuse(t, op, "this cannot be a part of an address:", e);
	if (attr && m.field->kind == KIND_HTML)
		return refuse(t, op, "HTML cannot stand in an attribute:", e);
	return 0;
}

static bool has_word(const struct field *f, const char *word)
{
	if (f->kind == KIND_STR)
		return true;
	for (int i = 0; f->kind == KIND_CHOICE && f->names[i]; i++)
		if (strcmp(f->names[i], word) == 0)
			return true;
	return false;
}

static int check(struct stretch s, const struct frame *f, struct err *e);

static int check_block(struct stretch s, int i, const struct frame *f, struct err *e)
{
	const struct tpl_op *op = &s.t->ops[i];
	const struct field *m = find(f, op->text).field;
	struct stretch body = { s.t, i + 1, op->end };
	if (!m)
		return err_refuse(e, ERR_BAD_FIELD, "page %s: no field \"%s\" in the view",
				  s.t->name, op->text);
	if (op->arg && !has_word(m, op->arg))
		return refuse(s.t, op, "this can never be equal:", e);
	if (op->kind == TPL_NOT || (m->kind != KIND_ITEMS && m->kind != KIND_STRS))
		return check(body, f, e);
	struct frame item = { .table = m->item, .outer = f, .depth = f->depth + 1 };
	item.text_item = m->kind == KIND_STRS;
	if (item.depth > MAX_DEPTH)
		return refuse(s.t, op, "lists nested too deep at", e);
	return check(body, &item, e);
}

static int check(struct stretch s, const struct frame *f, struct err *e)
{
	for (int i = s.from; i < s.to; i++) {
		const struct tpl_op *op = &s.t->ops[i];
		int bad = 0;
		switch (op->kind) {
		case TPL_TEXT:
		case TPL_END:
			break;
		case TPL_VAR:
			bad = check_hole(s.t, op, f, e);
			break;
		case TPL_EACH:
		case TPL_NOT:
			bad = check_block(s, i, f, e);
			i = op->end;
			break;
		case TPL_PART:
			bad = check((struct stretch){ op->part, 0, op->part->count }, f, e);
			break;
		}
		if (bad)
			return -1;
	}
	return 0;
}

int template_check(const struct template *t, const struct field *table, struct err *e)
{
	struct frame top = { .table = table };
	return check((struct stretch){ t, 0, t->count }, &top, e);
}
