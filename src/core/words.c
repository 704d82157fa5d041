/* SPDX-License-Identifier: Apache-2.0 */
/* words: see words.h. Splitting a line and the distance of words: words_split.c. */
#include "core/words.h"

#include "base/when.h"
#include "core/core.h"

enum { MAX_FLAG_BYTES = 64, DAY_MS = 24 * 3600 * 1000 };

struct word_reader {
	const struct strs *words;
	size_t at;
	const struct words_flag *own;
	const struct reading *reading;
	struct arena *arena; /* the reading's */
	struct words_command *out;
	bool *given;	 /* by row of the verb's table */
	bool flags_over; /* after "--" */
};

static struct str word_now(const struct word_reader *r)
{
	return r->at < r->words->len ? r->words->at[r->at] : (struct str){ 0 };
}

/* "-5m" and "-3" are values, "--sev" and "-i" are flags. */
static bool is_flag(const struct word_reader *r, struct str w)
{
	return !r->flags_over && w.len > 1 && w.at[0] == '-' && !(w.at[1] >= '0' && w.at[1] <= '9');
}

static bool is_close(struct str typed, struct str known)
{
	return words_distance(typed, known) <= (known.len >= 5 ? 2 : 1);
}

/* The caller's own flag, or NULL; `value` is what stands behind '=' (at NULL when there is none). A verb's own goes before:
 * of a change, --version is what runs after it. */
static const struct words_flag *find_own(const struct word_reader *r, struct str w,
					 struct str *value)
{
	struct str rest = w, name;
	*value = (struct str){ 0 };
	(void)str_cut(&rest, '=', &name);
	for (const struct words_flag *f = r->own; f && f->name; f++) {
		if (w.len == 2 && w.at[0] == '-' && w.at[1] == f->letter && f->letter)
			return f;
		if (str_starts(name, STR("--")) && str_is(str_sub(name, 2, name.len), f->name)) {
			*value = rest;
			return r->out->verb && field_find(r->out->verb->fields, str_of(f->name))
				       ? NULL
				       : f;
		}
	}
	return NULL;
}

/* Takes one own flag at the place of reading. 1: taken, 0: it is none, -1: refused. */
static int take_own(struct word_reader *r, struct err *e)
{
	struct str w = word_now(r), value;
	const struct words_flag *f = is_flag(r, w) ? find_own(r, w, &value) : NULL;
	if (!f)
		return 0;
	r->at++;
	if (f->takes_value && !value.at) {
		if (r->at >= r->words->len)
			return err_refuse(e, ERR_USAGE, "--%s needs a value.", f->name);
		value = r->words->at[r->at++];
	}
	struct words_option *o = LIST_ADD(r->arena, &r->out->options);
	*o = (struct words_option){ f->name, value };
	return 1;
}

/* The verb nearest to what was typed, as "noun name" or its alias; empty when none is near. */
static struct str suggestion(const struct word_reader *r, struct str first, struct str second)
{
	struct str best = { 0 };
	int least = 4;
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct verb *v = (*m)->verbs; v && v->name; v++) {
			struct str noun = str_of(v->noun), name = str_of(v->name),
				   alias = str_of(v->alias);
			int far = words_distance(first, noun) + words_distance(second, name);
			int far_alias = words_distance(first, alias);
			if (v->traits & INTERNAL)
				continue;
			if (far < least && is_close(first, noun) && is_close(second, name)) {
				least = far;
				best = str_fmt(r->arena, "%s %s", v->noun, v->name);
			}
			if (far_alias > 0 && alias.len && far_alias < least &&
			    is_close(first, alias)) {
				least = far_alias;
				best = alias;
			}
		}
	}
	return best;
}

static bool is_noun(struct str word)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (!(v->traits & INTERNAL) && str_is(word, v->noun))
				return true;
	return false;
}

static int refuse_unknown(const struct word_reader *r, struct str first, struct str second,
			  struct err *e)
{
	struct str near = suggestion(r, first, second);
	struct buf b = BUF(r->arena);
	if (near.len)
		return err_refuse(e, ERR_USAGE,
				  "There is no '" STR_FMT "%s" STR_FMT "'. Did you mean '" STR_FMT
				  "'?",
				  STR_ARG(str_clip(first, 60)), second.len ? " " : "",
				  STR_ARG(str_clip(second, 60)), STR_ARG(near));
	if (!is_noun(first))
		return err_refuse(e, ERR_USAGE, "There is no '" STR_FMT "' here.",
				  STR_ARG(str_clip(first, 60)));
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (!(v->traits & INTERNAL) && str_is(first, v->noun)) {
				buf_z(&b, b.len ? ", " : "");
				buf_z(&b, v->name);
			}
	return err_refuse(e, ERR_USAGE, "'" STR_FMT "' needs one of: " STR_FMT ".", STR_ARG(first),
			  STR_ARG(buf_str(&b)));
}

/* "freeze lfit" must not freeze for the reason "lfit". */
static bool looks_like_a_slip(struct str noun, struct str word)
{
	if (word.len < 3 || str_find(word, STR(" ")) != SIZE_MAX)
		return false;
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (!(v->traits & INTERNAL) && str_is(noun, v->noun) &&
			    is_close(word, str_of(v->name)))
				return true;
	return false;
}

static int take_verb(struct word_reader *r, struct err *e)
{
	struct str first = word_now(r), second = { 0 };
	if (!first.len || is_flag(r, first))
		return err_refuse(
			e, ERR_USAGE,
			first.len ? "Say first what to do, then the flags."
				  : "Say what to do, for example: note \"DB CPU is normal\".");
	if (r->at + 1 < r->words->len && !is_flag(r, r->words->at[r->at + 1]))
		second = r->words->at[r->at + 1];
	const struct verb *v = second.len ? verb_find(first, second) : NULL;
	if (v) {
		r->at += 2;
		r->out->verb = v;
		return 0;
	}
	v = verb_by_alias(first);
	if (!v || v->traits & INTERNAL || (is_noun(first) && looks_like_a_slip(first, second)))
		return refuse_unknown(r, first, second, e);
	r->at++;
	r->out->verb = v;
	return 0;
}

static const struct field *find_row(const struct verb *v, struct str flag)
{
	static const struct {
		const char *shorthand, *stands_for;
	} shorthands[] = {
		{ "sev", "severity" }, { "service", "services" }, { "to", "audiences" },
		{ "to", "who" },       { "to", "into" },	  { "alert", "alerts" }
	};
	char name[MAX_FLAG_BYTES];
	if (flag.len >= sizeof(name))
		return NULL;
	for (size_t i = 0; i < flag.len; i++)
		name[i] = flag.at[i] == '-' ? '_' : flag.at[i];
	const struct field *row = field_find(v->fields, (struct str){ name, flag.len });
	for (size_t i = 0; !row && i < sizeof(shorthands) / sizeof(shorthands[0]); i++)
		if (str_is(flag, shorthands[i].shorthand))
			row = field_find(v->fields, str_of(shorthands[i].stands_for));
	return row;
}

static bool looks_ahead(const struct field *row)
{
	return row->kind == KIND_WHEN &&
	       (str_is(str_of(row->name), "next") || str_is(str_of(row->name), "until") ||
		str_is(str_of(row->name), "due"));
}

static bool has_unit(struct str s)
{
	char last = s.len ? s.at[s.len - 1] : '0';
	return last >= 'a' && last <= 'z';
}

/* Matchers are several words: alertname=DiskFull instance=~"db.*" */
static bool holds_matchers(const struct field *row)
{
	return row->suggest && str_is(str_of(row->suggest), "matcher");
}

/* A text -> the member. Of a list of texts, a second flag adds to the first. */
static int set_row(struct word_reader *r, const struct field *row, struct str text, struct err *e)
{
	struct verb const *v = r->out->verb;
	bool *given = &r->given[row - v->fields];
	struct span ahead;
	if (*given && (row->kind == KIND_STRS || holds_matchers(row))) {
		struct buf b = BUF(r->arena);
		field_print(row, r->out->fields, &b);
		text = str_fmt(r->arena, STR_FMT "," STR_FMT, STR_ARG(buf_str(&b)), STR_ARG(text));
	} else if (*given) {
		return err_refuse(e, ERR_USAGE, "%s is given twice.", row->name);
	}
	*given = true;
	if (looks_ahead(row) && has_unit(str_trim(text)) && str_trim(text).at[0] != '+' &&
	    span_parse(text, &ahead))
		text = str_fmt(r->arena, "+" STR_FMT, STR_ARG(str_trim(text)));
	if (field_parse(row, r->out->fields, text, r->reading, e))
		return -1;
	struct when *w = (struct when *)(void *)((char *)r->out->fields + row->at);
	if (looks_ahead(row) && str_trim(text).len == 5 && w->ms && w->ms <= r->reading->now_ms)
		w->ms += DAY_MS; /* a clock alone: the next such time, not the last */
	return 0;
}

static int refuse_flag(const struct word_reader *r, struct str flag, struct err *e)
{
	const struct verb *v = r->out->verb;
	struct buf all = BUF(r->arena);
	for (const struct field *row = v->fields; row->name; row++) {
		if (row->hidden)
			continue;
		if (is_close(flag, str_of(row->name)))
			return err_refuse(e, ERR_USAGE,
					  "'%s %s' has no --" STR_FMT ". Did you mean '--%s'?",
					  v->noun, v->name, STR_ARG(str_clip(flag, 60)), row->name);
		buf_fmt(&all, "%s--%s", all.len ? ", " : "", row->name);
	}
	if (!all.len)
		return err_refuse(e, ERR_USAGE, "'%s %s' takes no flags.", v->noun, v->name);
	return err_refuse(e, ERR_USAGE, "'%s %s' has no --" STR_FMT ". It has: " STR_FMT ".",
			  v->noun, v->name, STR_ARG(str_clip(flag, 60)),
			  STR_ARG(str_clip(buf_str(&all), 300)));
}

static int take_flag(struct word_reader *r, struct err *e)
{
	struct str value = word_now(r), flag;
	if (!str_starts(value, STR("--")))
		return err_refuse(e, ERR_USAGE, "There is no flag '" STR_FMT "'.",
				  STR_ARG(str_clip(value, 60)));
	r->at++;
	value = str_sub(value, 2, value.len);
	if (!value.len) {
		r->flags_over = true;
		return 0;
	}
	(void)str_cut(&value, '=', &flag);
	struct str *meta = str_is(flag, "because")  ? &r->out->because
			   : str_is(flag, "accept") ? &r->out->accept
						    : NULL;
	const struct field *row = meta ? NULL : find_row(r->out->verb, flag);
	if (!row && !meta)
		return refuse_flag(r, flag, e);
	if (!value.at && row && row->kind == KIND_BOOL)
		return set_row(r, row, STR("yes"), e);
	if (!value.at) {
		if (r->at >= r->words->len)
			return err_refuse(e, ERR_USAGE, "--" STR_FMT " needs a value.",
					  STR_ARG(flag));
		value = r->words->at[r->at++];
	}
	if (!meta)
		return set_row(r, row, value, e);
	*meta = value;
	return 0;
}

static bool is_number_row(const struct field *row)
{
	return row->kind == KIND_INT || row->kind == KIND_MAYBE_INT;
}

/* The row that a bare word fills. Numbers go to numbers first; what is required comes before the rest;
 * of optional rows only the first number, length of time ("30m") and text take a bare word. */
static const struct field *row_for_word(const struct word_reader *r, struct str word)
{
	const struct field *rows = r->out->verb->fields;
	int64_t n;
	struct span span;
	bool is_number = str_to_int(word, &n),
	     is_length = has_unit(word) && span_parse(word, &span);
	bool is_matcher = str_find(word, STR("=")) != SIZE_MAX ||
			  str_find(word, STR("!~")) != SIZE_MAX;
	for (const struct field *row = rows; is_matcher && row->name; row++)
		if (holds_matchers(row))
			return row;
	for (const struct field *row = rows; is_number && row->name; row++)
		if (is_number_row(row) && row->required && !r->given[row - rows])
			return row;
	for (const struct field *row = rows; row->name; row++)
		if (row->required && !r->given[row - rows] && !is_number_row(row))
			return row;
	for (const struct field *row = rows; is_number && row->name; row++)
		if (is_number_row(row) && !row->hidden && !r->given[row - rows])
			return row;
	for (const struct field *row = rows; is_length && row->name; row++)
		if (row->kind == KIND_SPAN && !row->hidden && !r->given[row - rows])
			return row;
	for (const struct field *row = rows; row->name; row++)
		if (!row->required && row->kind == KIND_STR && !row->hidden)
			return r->given[row - rows] ? NULL : row;
	return NULL;
}

static int take_bare(struct word_reader *r, struct err *e)
{
	struct str w = r->words->at[r->at++];
	const struct verb *v = r->out->verb;
	const struct field *row = row_for_word(r, w);
	if (row)
		return set_row(r, row, w, e);
	err_refuse(e, ERR_USAGE, "'%s %s' has no place for '" STR_FMT "'.", v->noun, v->name,
		   STR_ARG(str_clip(w, 80)));
	err_next(e, "Put text of several words in quotes.");
	return -1;
}

static size_t count_rows(const struct field *rows)
{
	size_t n = 0;
	while (rows && rows[n].name)
		n++;
	return n;
}

int words_to_command(const struct strs *words, const struct words_flag *own,
		     const struct reading *reading, struct words_command *out, struct err *e)
{
	struct arena *a = reading->arena;
	struct word_reader r = {
		.words = words, .own = own, .reading = reading, .arena = a, .out = out
	};
	int took;
	*out = (struct words_command){ 0 };
	while ((took = take_own(&r, e)) > 0)
		;
	if (took < 0 || take_verb(&r, e))
		return -1;
	out->fields = arena_alloc(a, out->verb->size);
	r.given = ARENA_ARRAY(a, bool, count_rows(out->verb->fields) + 1);
	while (r.at < words->len) {
		took = take_own(&r, e);
		if (took < 0)
			return -1;
		if (took > 0)
			continue;
		if (is_flag(&r, word_now(&r)) ? take_flag(&r, e) : take_bare(&r, e))
			return -1;
	}
	return 0;
}
