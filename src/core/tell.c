/* SPDX-License-Identifier: Apache-2.0 */
/* tell: see tell.h. The sentences themselves stand in the rooms' event rows. */
#include "core/tell.h"

#include "base/when.h"

enum { SAME_DAY_MS = 20 * 3600 * 1000 }; /* further away than this, a clock time needs its day */

struct teller {
	const struct event *event;
	const struct names *names;
	struct buf *out;
};

static void say_person(const struct teller *t, struct str id)
{
	const struct names *n = t->names;
	buf_add(t->out, n->person && id.len ? n->person(n->ctx, id) : id);
}

/* One line, whatever was typed. */
static void say_text(struct buf *out, struct str text)
{
	text = str_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		bool blank = text.at[i] == '\n' || text.at[i] == '\t' || text.at[i] == '\r';
		buf_c(out, blank ? ' ' : text.at[i]);
	}
}

static void say_when(const struct teller *t, int64_t at_ms)
{
	int64_t away = at_ms - t->event->happened_ms;
	int64_t offset_ms = zone_offset_ms(t->names->zone, at_ms);
	if (away > SAME_DAY_MS || away < -SAME_DAY_MS)
		when_day_clock(t->out, at_ms, offset_ms);
	else
		when_clock(t->out, at_ms, offset_ms);
}

static void say_texts(struct buf *out, const struct strs *l)
{
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			buf_z(out, ", ");
		say_text(out, l->at[i]);
	}
}

static void say_member(const struct teller *t, const struct field *f)
{
	const void *p = (const char *)t->event->body + f->at;
	switch (f->kind) {
	case KIND_STR:
		say_text(t->out, *(const struct str *)p);
		return;
	case KIND_PERSON:
		say_person(t, ((const struct person *)p)->id);
		return;
	case KIND_WHEN:
		say_when(t, ((const struct when *)p)->ms);
		return;
	case KIND_SPAN:
		when_length(t->out, ((const struct span *)p)->ms);
		return;
	case KIND_STRS:
		say_texts(t->out, p);
		return;
	case KIND_INT:
	case KIND_BOOL:
	case KIND_MAYBE_INT:
	case KIND_HTML:
	case KIND_CHOICE:
	case KIND_ITEMS:
		field_print(f, t->event->body, t->out);
		return;
	}
}

static void say_hole(const struct teller *t, struct str name)
{
	const struct field *f = field_find(t->event->type->fields, name);
	if (f)
		say_member(t, f);
	else if (str_is(name, "actor") && t->event->actor.len)
		say_person(t, t->event->actor);
	else if (str_is(name, "actor"))
		buf_z(t->out, "Aplomb");
}

/* Up to and without `close`; *s goes on behind it. */
static struct str take_to(struct str *s, char close)
{
	struct str part = { NULL, 0 };
	str_cut(s, close, &part);
	return part;
}

static bool all_set(const struct teller *t, struct str part)
{
	struct str before;
	while (str_cut(&part, '{', &before) && part.len) {
		const struct field *f = field_find(t->event->type->fields, take_to(&part, '}'));
		if (f && field_is_empty(f, t->event->body))
			return false;
	}
	return true;
}

/* A text that ends its own sentence needs no second full stop. */
static void say_char(struct buf *out, char c)
{
	char last = out->len ? out->at[out->len - 1] : ' ';
	if (c != '.' || (last != '.' && last != '!' && last != '?'))
		buf_c(out, c);
}

static void say_part(const struct teller *t, struct str part)
{
	while (part.len) {
		char c = part.at[0];
		part = str_sub(part, 1, part.len);
		if (c == '{')
			say_hole(t, take_to(&part, '}'));
		else
			say_char(t->out, c);
	}
}

void event_tell(const struct event *event, const struct names *names, enum clearance reader,
		struct buf *out)
{
	const struct teller t = { event, names, out };
	struct str rest = str_of(event->type->sentence);
	if (event->type->clearance > reader) {
		buf_z(out, "Something happened that is not shown here.");
		return;
	}
	while (rest.len) {
		say_part(&t, take_to(&rest, '['));
		struct str maybe = take_to(&rest, ']');
		if (all_set(&t, maybe))
			say_part(&t, maybe);
	}
}
