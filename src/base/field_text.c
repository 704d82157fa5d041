/* SPDX-License-Identifier: Apache-2.0 */
/* field_text: a member from text and back, lengths of time too; see field.h. */
#include <stdio.h>

#include "base/field_path.h"
#include "base/when.h"

enum { MAX_SPAN_DIGITS = 12 };
static const int64_t max_span_ms = 100LL * 366 * 24 * 3600 * 1000; /* a hundred years */

struct unit {
	const char *name;
	int64_t ms;
};
static const struct unit units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },	 { "s", 1000 },
	{ "ms", 1 },	   { "min", 60000 }, { "w", 604800000 }, { NULL, 0 },
};

static struct str take_while(struct str *s, bool digits)
{
	size_t n = 0;
	while (n < s->len && (s->at[n] >= '0' && s->at[n] <= '9') == digits)
		n++;
	struct str taken = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->len);
	return taken;
}

bool span_parse(struct str s, struct span *out)
{
	int64_t total = 0, n;
	bool bare = true;
	s = str_trim(s);
	if (!s.len)
		return false;
	while (s.len) {
		struct str digits = take_while(&s, true), name = str_trim(take_while(&s, false));
		if (!digits.len || digits.len > MAX_SPAN_DIGITS || !str_to_int(digits, &n))
			return false;
		if (!name.len && (s.len || !bare))
			return false; /* "1h30": 30 of what? */
		bare = false;
		const struct unit *u = units;
		while (u->name && !str_eq_nocase(name, str_of(name.len ? u->name : "")))
			u++;
		int64_t unit_ms = name.len ? u->ms : 60000;
		if (!unit_ms || n > max_span_ms / unit_ms)
			return false;
		total += n * unit_ms;
		if (total > max_span_ms)
			return false;
	}
	out->ms = total;
	return true;
}

void span_print(struct span span, struct buf *b)
{
	int64_t left = span.ms;
	if (!left)
		buf_z(b, "0m");
	if (left < 0)
		buf_c(b, '-');
	for (size_t i = 0; i < 5; i++) {
		int64_t n = left / units[i].ms;
		left -= n * units[i].ms;
		if (n)
			buf_fmt(b, "%lld%s", (long long)(n < 0 ? -n : n), units[i].name);
	}
}

/* A copy with every line end as a plain \n: browsers send \r\n. Blanks alone are nothing, since that is how
 * they are written and read again. */
static struct str clean_text(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.len + 1);
	size_t n = 0;
	if (!str_trim(s).len)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < s.len; i++) {
		while (s.at[i] == '\n' && n && to[n - 1] == '\r')
			n--;
		to[n++] = s.at[i];
	}
	return (struct str){ n ? to : NULL, n };
}

static struct strs split_texts(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		to[i] = s.at[i] == '\n' || s.at[i] == '\r' ? ',' : s.at[i];
	return strs_split(a, (struct str){ to, s.len }, ',');
}

static int bad_text(const struct field *f, const char *wanted, struct str text, struct err *e)
{
	if (f->secret)
		return err_field(e, f->name, "%s must be %s.", f->name, wanted);
	return err_field(e, f->name, "%s must be %s, not \"" STR_FMT "\".", f->name, wanted,
			 STR_ARG(field_quote(text)));
}

static bool parse_bool(struct str s, bool *out)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "", "no", "false", "off", "0" };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (str_eq_nocase(s, str_of(yes[i])))
			return *out = true;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (str_eq_nocase(s, str_of(no[i])))
			return !(*out = false);
	return false;
}

/* "1" picks "sev1": the name is letters and then exactly these digits. */
static bool name_has_number(struct str name, struct str digits)
{
	struct str letters = str_sub(name, 0, name.len - digits.len);
	char last = letters.len ? letters.at[letters.len - 1] : '0';
	return str_ends(name, digits) && (last < '0' || last > '9');
}

static bool find_choice(const char *const *names, struct str s, int *out)
{
	struct str rest = s;
	int64_t n;
	for (int i = 0; names[i]; i++)
		if (str_eq_nocase(s, str_of(names[i]))) {
			*out = i;
			return true;
		}
	if (!s.len || take_while(&rest, true).len != s.len)
		return false;
	for (int i = 0; names[i]; i++)
		if (str_of(names[i]).len > s.len && name_has_number(str_of(names[i]), s)) {
			*out = i;
			return true;
		}
	if (!str_to_int(s, &n))
		return false;
	for (int i = 0; names[i]; i++)
		if (i == n) {
			*out = i;
			return true;
		}
	return false;
}

static int parse_choice(const struct field *f, struct str s, int *out, struct err *e)
{
	char wanted[300] = "one of ";
	size_t used = sizeof("one of ") - 1;
	if (find_choice(f->names, s, out))
		return 0;
	for (int i = 0, shown = 0; f->names[i] && used < sizeof(wanted); i++) {
		if (!f->names[i][0])
			continue;
		int n = snprintf(wanted + used, sizeof(wanted) - used, "%s%s", shown++ ? ", " : "",
				 f->names[i]);
		used += n > 0 ? (size_t)n : 0;
	}
	return bad_text(f, wanted, s, e);
}

static int parse_when(const struct field *f, struct str s, const struct reading *how,
		      struct when *out, struct err *e)
{
	struct when w = { 0 };
	if (s.len && !when_parse_human(s, how->now_ms, how->offset_ms, &w.ms))
		return bad_text(f, "a time such as 14:03, 2026-11-23 14:03 or +30m", s, e);
	*out = w;
	return 0;
}

static int parse_maybe_int(const struct field *f, struct str s, struct maybe_int *out,
			   struct err *e)
{
	struct maybe_int m = { .set = s.len > 0 };
	if (m.set && !str_to_int(s, &m.v))
		return bad_text(f, "a whole number", s, e);
	*out = m;
	return 0;
}

int field_parse(const struct field *f, void *base, struct str text, const struct reading *how,
		struct err *e)
{
	void *p = field_at(f, base);
	struct str s = str_trim(text);
	struct maybe_int m = { 0 };
	struct span span = { 0 };
	switch (f->kind) {
	case KIND_STR:
		*(struct str *)p = clean_text(text, how->arena);
		return 0;
	case KIND_INT:
		if (parse_maybe_int(f, s, &m, e))
			return -1;
		*(int64_t *)p = m.v;
		return 0;
	case KIND_BOOL:
		return parse_bool(s, p) ? 0 : bad_text(f, "yes or no", s, e);
	case KIND_WHEN:
		return parse_when(f, s, how, p, e);
	case KIND_SPAN:
		if (s.len && !span_parse(s, &span))
			return bad_text(f, "a length of time such as 30m, 1h30m or 2d", s, e);
		*(struct span *)p = span;
		return 0;
	case KIND_MAYBE_INT:
		return parse_maybe_int(f, s, p, e);
	case KIND_PERSON:
		((struct person *)p)->id = str_copy(how->arena, s);
		return 0;
	case KIND_STRS:
		*(struct strs *)p = split_texts(s, how->arena);
		return 0;
	case KIND_CHOICE:
		return parse_choice(f, s, p, e);
	case KIND_HTML:
		return err_field(e, f->name, "%s is made here and cannot be set.", f->name);
	case KIND_ITEMS:
		return err_field(e, f->name, "%s is a list of rows: name them %s.0 and so on.",
				 f->name, f->name);
	}
	return 0;
}

static void print_texts(const struct strs *l, struct buf *b)
{
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			buf_z(b, ", ");
		buf_add(b, l->at[i]);
	}
}

void field_print(const struct field *f, const void *base, struct buf *b)
{
	const void *p = field_in(f, base);
	if (f->secret)
		return;
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		buf_add(b, *(const struct str *)p);
		return;
	case KIND_INT:
		buf_int(b, *(const int64_t *)p);
		return;
	case KIND_BOOL:
		buf_z(b, *(const bool *)p ? "yes" : "no");
		return;
	case KIND_WHEN:
		if (!field_is_empty(f, base))
			when_rfc3339(b, ((const struct when *)p)->ms);
		return;
	case KIND_SPAN:
		if (!field_is_empty(f, base))
			span_print(*(const struct span *)p, b);
		return;
	case KIND_MAYBE_INT:
		if (((const struct maybe_int *)p)->set)
			buf_int(b, ((const struct maybe_int *)p)->v);
		return;
	case KIND_STRS:
		print_texts(p, b);
		return;
	case KIND_CHOICE:
		buf_z(b, f->names[*(const int *)p]);
		return;
	case KIND_ITEMS:
		buf_int(b, (int64_t)((const struct list *)p)->len);
		return;
	}
}
