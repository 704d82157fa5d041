/* SPDX-License-Identifier: Apache-2.0 */
/* match: see match.h. */
#include "base/match.h"

#include <string.h>

#include "base/json.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
	STEPS_MAX =
		20000, /* of one pattern on one value: ".*a.*b" on a long value takes hundreds */
	DEPTH_MAX = 2000,
	HEAP_MAX_KB = 512,
	GIVE_UP_AFTER = 20 /* looks that cost too much */
};

const char *const match_op_names[] = { "=", "!=", "=~", "!~", NULL };

/* Classic names need no quotes; Alertmanager's newer ones may hold all but these. */
static bool is_reserved(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
	       memchr("{}!=~,\\\"'`", c, 10) != NULL;
}

/* Takes text in quotes off the front of *s; false when it does not end. */
static bool take_quoted(struct arena *a, struct str *s, struct str *out)
{
	struct buf b = BUF(a);
	for (size_t i = 1; i < s->len; i++) {
		char c = s->at[i];
		if (c == '"') {
			*out = buf_str(&b);
			*s = str_sub(*s, i + 1, s->len);
			return true;
		}
		char next = i + 1 < s->len ? s->at[i + 1] : '\0';
		if (c == '\\' && (next == 'n' || next == '"' || next == '\\')) {
			c = next == 'n' ? '\n' : next;
			i++;
		}
		buf_c(&b, c);
	}
	return false;
}

static bool take_name(struct arena *a, struct str *s, struct str *out)
{
	size_t n = 0;
	if (s->len && s->at[0] == '"')
		return take_quoted(a, s, out) && out->len > 0;
	while (n < s->len && !is_reserved(s->at[n]))
		n++;
	*out = str_copy(a, str_sub(*s, 0, n));
	*s = str_sub(*s, n, s->len);
	return n > 0;
}

static bool take_op(struct str *s, int *out)
{
	static const int longest_first[] = { MATCH_LIKE, MATCH_NOT_LIKE, MATCH_IS_NOT, MATCH_IS };
	*s = str_trim(*s);
	for (size_t i = 0; i < 4; i++) {
		struct str op = str_of(match_op_names[longest_first[i]]);
		if (!str_starts(*s, op))
			continue;
		*out = longest_first[i];
		*s = str_trim(str_sub(*s, op.len, s->len));
		return true;
	}
	return false;
}

/* A quote inside a bare value is a slip; single backslashes stand for themselves, as patterns need them. */
static bool take_value(struct arena *a, struct str s, struct str *out)
{
	if (s.len && s.at[0] == '"')
		return take_quoted(a, &s, out) && !str_trim(s).len;
	struct str in_quotes = str_fmt(a, "\"" STR_FMT "\"", STR_ARG(s));
	return take_quoted(a, &in_quotes, out) && !in_quotes.len;
}

int matcher_parse(struct arena *a, struct str text, struct matcher *out, struct err *e)
{
	struct str rest = str_trim(text);
	*out = (struct matcher){ 0 };
	if (str_is_utf8(text) && take_name(a, &rest, &out->name) && take_op(&rest, &out->op) &&
	    take_value(a, rest, &out->value))
		return 0;
	err_refuse(e, ERR_BAD_INPUT, "\"" STR_FMT "\" is no matcher.",
		   STR_ARG(str_clip(text, 200)));
	err_next(e, "Write name=\"value\", with = or != for a value and =~ or !~ for a pattern.");
	return -1;
}

/* Up to the next comma outside of quotes. */
static struct str take_part(struct str *s)
{
	bool quoted = false;
	size_t i = 0;
	for (; i < s->len && (quoted || s->at[i] != ','); i++) {
		if (s->at[i] == '"')
			quoted = !quoted;
		else if (s->at[i] == '\\' && i + 1 < s->len)
			i++;
	}
	struct str part = str_sub(*s, 0, i);
	*s = str_sub(*s, i + 1, s->len);
	return part;
}

int matchers_parse(struct arena *a, struct str text, struct matchers *out, struct err *e)
{
	struct str rest = str_trim(text);
	if (rest.len > 1 && rest.at[0] == '{' && rest.at[rest.len - 1] == '}')
		rest = str_sub(rest, 1, rest.len - 2);
	while (rest.len) {
		struct str part = str_trim(take_part(&rest));
		struct matcher m;
		if (!part.len && !str_trim(rest).len)
			break; /* a comma at the end */
		if (out->len == MATCHERS_MAX)
			return err_refuse(e, ERR_BAD_INPUT, "At most %d matchers.", MATCHERS_MAX);
		if (matcher_parse(a, part, &m, e) != 0)
			return -1;
		*LIST_ADD(a, out) = m;
	}
	return 0;
}

static void print_quoted(struct str s, struct buf *b)
{
	buf_c(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\n') {
			buf_z(b, "\\n");
			continue;
		}
		if (s.at[i] == '"' || s.at[i] == '\\')
			buf_c(b, '\\');
		buf_c(b, s.at[i]);
	}
	buf_c(b, '"');
}

void matcher_print(const struct matcher *m, struct buf *b)
{
	bool plain = m->name.len > 0;
	for (size_t i = 0; i < m->name.len; i++)
		plain = plain && !is_reserved(m->name.at[i]);
	if (plain)
		buf_add(b, m->name);
	else
		print_quoted(m->name, b);
	buf_z(b, match_op_names[m->op]);
	print_quoted(m->value, b);
}

bool matcher_eq(const struct matcher *x, const struct matcher *y)
{
	return x->op == y->op && str_eq(x->name, y->name) && str_eq(x->value, y->value);
}

/* What stands in front of a label's value. In JSON without blanks it stands nowhere else: within a text a quote is
 * escaped, and behind one that ends a value comes no colon. */
static struct str needle_of(struct arena *a, struct str name)
{
	struct buf b = BUF(a);
	buf_json(&b, name);
	buf_z(&b, ":\"");
	return buf_str(&b);
}

/* A text with escapes, from its opening quote to whatever follows. */
static struct str unescape(struct arena *a, struct str from)
{
	struct json *j;
	struct err e = { 0 };
	size_t end = 1;
	while (end < from.len && from.at[end] != '"')
		end += from.at[end] == '\\' ? 2 : 1;
	struct str list = str_fmt(a, "[" STR_FMT "]", STR_ARG(str_sub(from, 0, end + 1)));
	if (json_parse_lax(a, list, &j, &e) != 0)
		return (struct str){ NULL, 0 };
	return json_text(json_first(j));
}

static struct str value_of(struct arena *a, struct str json, struct str needle)
{
	const char *at = json.len ? memmem(json.at, json.len, needle.at, needle.len) : NULL;
	if (!at)
		return (struct str){ NULL, 0 };
	const char *value = at + needle.len;
	size_t left = json.len - (size_t)(value - json.at);
	const char *quote = memchr(value, '"', left);
	size_t len = quote ? (size_t)(quote - value) : left;
	if (!memchr(value, '\\', len))
		return (struct str){ value, len };
	return unescape(a, (struct str){ value - 1, left + 1 });
}

struct str match_label(struct arena *a, struct str json, const char *name)
{
	return value_of(a, json, needle_of(a, str_of(name)));
}

enum { SCRATCH_BYTES = 1 << 20 };

struct rule {
	struct matcher m;
	struct str needle; /* in front of its value */
	pcre2_code *code;  /* of a pattern */
};
struct match {
	struct rule *rules;
	size_t len;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int too_costly;	      /* how often */
	struct arena scratch; /* of values with escapes; emptied now and then */
};

/* PCRE2's memory is the arena's: it goes when the arena goes. */
static void *from_arena(size_t bytes, void *a)
{
	return arena_alloc(a, bytes);
}

static void to_arena(__attribute__((unused)) void *p, __attribute__((unused)) void *a)
{
}

static void clear_scratch(void *arena)
{
	arena_clear(arena);
}

static int compile(struct rule *r, pcre2_compile_context *how, struct err *e)
{
	int code;
	size_t at;
	PCRE2_UCHAR said[200] = { 0 };
	r->code = pcre2_compile((PCRE2_SPTR)(r->m.value.len ? r->m.value.at : ""), r->m.value.len,
				PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF |
					PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
				&code, &at, how);
	if (r->code)
		return 0;
	(void)pcre2_get_error_message(code, said, sizeof(said));
	return err_field(e, "matchers", "The pattern \"" STR_FMT "\" cannot be read: %s.",
			 STR_ARG(str_clip(r->m.value, 150)), (const char *)said);
}

static int check_rule(const struct matcher *m, struct err *e)
{
	if (!m->name.len || m->name.len > MATCHER_NAME_BYTES)
		return err_field(e, "matchers", "A label's name has 1 to %d bytes.",
				 MATCHER_NAME_BYTES);
	if (m->value.len > MATCHER_VALUE_BYTES)
		return err_field(e, "matchers", "The value of " STR_FMT " is longer than %d bytes.",
				 STR_ARG(m->name), MATCHER_VALUE_BYTES);
	return 0;
}

int match_new(struct arena *a, const struct matchers *all, struct match **out, struct err *e)
{
	struct match *m = ARENA_NEW(a, struct match);
	pcre2_general_context *memory = pcre2_general_context_create(from_arena, to_arena, a);
	pcre2_compile_context *how = pcre2_compile_context_create(memory);
	if (all->len > MATCHERS_MAX)
		return err_field(e, "matchers", "At most %d matchers.", MATCHERS_MAX);
	arena_defer(a, clear_scratch, &m->scratch);
	m->limits = pcre2_match_context_create(memory);
	m->data = pcre2_match_data_create(1, memory);
	(void)pcre2_set_match_limit(m->limits, STEPS_MAX);
	(void)pcre2_set_depth_limit(m->limits, DEPTH_MAX);
	(void)pcre2_set_heap_limit(m->limits, HEAP_MAX_KB);
	m->rules = ARENA_ARRAY(a, struct rule, all->len + 1);
	for (; m->len < all->len; m->len++) {
		struct rule *r = &m->rules[m->len];
		r->m = all->at[m->len];
		r->needle = needle_of(a, r->m.name);
		if (check_rule(&r->m, e) != 0 || (r->m.op >= MATCH_LIKE && compile(r, how, e) != 0))
			return -1;
	}
	*out = m;
	return 0;
}

static bool rule_holds(struct match *m, const struct rule *r, struct str value)
{
	if (r->m.op < MATCH_LIKE)
		return str_eq(r->m.value, value) == (r->m.op == MATCH_IS);
	if (m->too_costly >= GIVE_UP_AFTER)
		return false;
	int found = pcre2_match(r->code, (PCRE2_SPTR)(value.len ? value.at : ""), value.len, 0, 0,
				m->data, m->limits);
	if (found >= 0 || found == PCRE2_ERROR_NOMATCH)
		return (found >= 0) == (r->m.op == MATCH_LIKE);
	m->too_costly++;
	return false;
}

bool match_fits(struct match *m, struct str labels)
{
	if (m->scratch.held_bytes > SCRATCH_BYTES)
		arena_clear(&m->scratch);
	for (size_t i = 0; i < m->len; i++)
		if (!rule_holds(m, &m->rules[i], value_of(&m->scratch, labels, m->rules[i].needle)))
			return false;
	return true;
}

bool match_gave_up(const struct match *m)
{
	return m->too_costly >= GIVE_UP_AFTER;
}

bool match_takes_nothing(struct match *m)
{
	return match_fits(m, STR("{}"));
}
