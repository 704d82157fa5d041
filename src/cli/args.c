/* SPDX-License-Identifier: Apache-2.0 */
/* args: see args.h. */
#include "cli/args.h"

#include "core/core.h"

enum { MAX_TIMEOUT_S = 3600 };

static const struct words_flag flags[] = {
	{ "all", 0, false },	   { "incident", 'i', true }, { "server", 0, true },
	{ "token-file", 0, true }, { "file", 'f', true },     { "json", 0, false },
	{ "plain", 0, false },	   { "quiet", 'q', false },   { "no-input", 0, false },
	{ "yes", 'y', false },	   { "dry-run", 0, false },   { "color", 0, true },
	{ "timeout", 0, true },	   { "verbose", 'v', false }, { "help", 'h', false },
	{ "version", 0, false },   { "ca", 0, true },	      { NULL, 0, false },
};
const struct words_flag *const args_verb_flags = flags + 1;

bool args_incident(struct str s, int64_t *out)
{
	struct str prefix = str_sub(s, 0, 4);
	if (str_eq_nocase(prefix, STR("inc-")))
		s = str_sub(s, 4, s.len);
	else if (str_starts(s, STR("#")))
		s = str_sub(s, 1, s.len);
	return str_to_int(s, out) && *out >= 1;
}

static int set_color(struct args *a, struct str value, struct err *e)
{
	static const char *const names[] = { "auto", "always", "never" };
	for (int i = 0; i < 3; i++)
		if (str_is(value, names[i])) {
			a->color = i;
			return 0;
		}
	return err_refuse(e, ERR_USAGE, "--color is auto, always or never, not \"" STR_FMT "\".",
			  STR_ARG(str_clip(value, 40)));
}

static int set_valued(struct args *a, struct str name, struct str value, struct err *e)
{
	int64_t n;
	if (str_is(name, "color"))
		return set_color(a, value, e);
	if (str_is(name, "server"))
		a->server = value;
	if (str_is(name, "token-file"))
		a->token_file = value;
	if (str_is(name, "file"))
		a->file = value;
	if (str_is(name, "ca"))
		a->ca = value;
	if (str_is(name, "incident") && !args_incident(value, &a->incident))
		return err_refuse(e, ERR_USAGE,
				  "-i takes the number of an incident, not \"" STR_FMT "\".",
				  STR_ARG(str_clip(value, 40)));
	if (!str_is(name, "timeout"))
		return 0;
	if (!str_to_int(value, &n) || n < 1 || n > MAX_TIMEOUT_S)
		return err_refuse(e, ERR_USAGE, "--timeout takes seconds, 1 to %d.", MAX_TIMEOUT_S);
	a->timeout_ms = n * 1000;
	return 0;
}

int args_set(struct args *a, struct str name, struct str value, struct err *e)
{
	const struct {
		const char *name;
		bool *on;
	} switches[] = {
		{ "all", &a->all },	      { "json", &a->json },
		{ "plain", &a->plain },	      { "quiet", &a->quiet },
		{ "yes", &a->yes },	      { "dry-run", &a->dry_run },
		{ "no-input", &a->no_input }, { "verbose", &a->verbose },
		{ "help", &a->help },	      { "version", &a->version },
	};
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (str_is(name, switches[i].name)) {
			*switches[i].on = true;
			if (str_is(name, "json"))
				a->json_fields = value;
			return 0;
		}
	return set_valued(a, name, value, e);
}

/* The row of a flag; *value is what stands behind '=' (at NULL when there is none). */
static const struct words_flag *flag_find(struct str w, struct str *value)
{
	struct str rest = w, name;
	*value = (struct str){ 0 };
	if (!str_cut(&rest, '=', &name))
		return NULL;
	for (const struct words_flag *f = flags; f->name; f++) {
		if (w.len == 2 && w.at[0] == '-' && f->letter && w.at[1] == f->letter)
			return f;
		if (str_starts(name, STR("--")) && str_is(str_sub(name, 2, name.len), f->name)) {
			if (name.len < w.len)
				*value = str_sub(w, name.len + 1, w.len);
			return f;
		}
	}
	return NULL;
}

/* Takes the flag at *at. 1: taken, 0: it is none of ours, -1: refused. */
static int take_flag(struct args *a, const struct strs *words, size_t *at, struct err *e)
{
	struct str value;
	const struct words_flag *f = flag_find(words->at[*at], &value);
	if (!f)
		return 0;
	(*at)++;
	if (f->takes_value && !value.at) {
		if (*at >= words->len)
			return err_refuse(e, ERR_USAGE, "--%s needs a value.", f->name);
		value = words->at[(*at)++];
	}
	return args_set(a, str_of(f->name), value, e) ? -1 : 1;
}

static bool is_flag(struct str w)
{
	return w.len > 1 && w.at[0] == '-' && !(w.at[1] >= '0' && w.at[1] <= '9');
}

int args_lead(struct arena *arena, const struct strs *all, struct args *out, struct err *e)
{
	size_t at = 0;
	*out = (struct args){ .words = { ARENA_ARRAY(arena, struct str, all->len + 1), 0 } };
	while (at < all->len && out->words.len < 2) {
		int took = take_flag(out, all, &at, e);
		if (took < 0)
			return -1;
		if (took > 0)
			continue;
		if (is_flag(all->at[at]))
			break;
		out->words.at[out->words.len++] = all->at[at++];
	}
	out->first = out->words.len > 0 ? out->words.at[0] : (struct str){ 0 };
	out->second = out->words.len > 1 ? out->words.at[1] : (struct str){ 0 };
	/* of a change, --version says what runs after it */
	const struct verb *v = verb_find(out->first, out->second);
	bool is_ours = !v || !field_find(v->fields, STR("version"));
	for (size_t i = at; i < all->len && !str_is(all->at[i], "--"); i++) {
		out->help |= str_is(all->at[i], "--help") || str_is(all->at[i], "-h");
		out->version |= is_ours && str_is(all->at[i], "--version");
	}
	while (at < all->len)
		out->words.at[out->words.len++] = all->at[at++];
	return 0;
}

static int refuse_flag(struct str w, struct err *e)
{
	struct str rest = w, name;
	int least = 3;
	const char *near = NULL;
	(void)str_cut(&rest, '=', &name);
	name = str_sub(name, 2, name.len);
	for (const struct words_flag *f = flags; f->name && name.len > 2; f++) {
		int far = words_distance(name, str_of(f->name));
		if (far < least) {
			least = far;
			near = f->name;
		}
	}
	err_refuse(e, ERR_USAGE, "There is no flag " STR_FMT " here.", STR_ARG(str_clip(w, 60)));
	if (near)
		err_next(e, "Did you mean --%s?", near);
	return -1;
}

int args_rest(struct arena *arena, const struct strs *words, struct args *a, struct strs *bare,
	      struct err *e)
{
	*bare = (struct strs){ ARENA_ARRAY(arena, struct str, words->len + 1), 0 };
	bool flags_over = false;
	for (size_t at = 0; at < words->len;) {
		struct str w = words->at[at];
		int took = flags_over ? 0 : take_flag(a, words, &at, e);
		if (took < 0)
			return -1;
		if (took > 0)
			continue;
		at++;
		if (!flags_over && str_is(w, "--")) {
			flags_over = true;
			continue;
		}
		if (!flags_over && is_flag(w))
			return refuse_flag(w, e);
		bare->at[bare->len++] = w;
	}
	return 0;
}

static const struct field *own_flag(const struct field *table, struct str word, struct arena *a)
{
	if (!str_starts(word, STR("--")) || word.len < 3)
		return NULL;
	struct buf name = BUF(a);
	for (size_t i = 2; i < word.len; i++)
		buf_c(&name, word.at[i] == '-' ? '_' : word.at[i]);
	return field_find(table, buf_str(&name));
}

int args_own(const struct reading *how, const struct field *table, struct strs *words, void *out,
	     struct err *e)
{
	struct strs rest = { ARENA_ARRAY(how->arena, struct str, words->len + 1), 0 };
	bool is_over = false;
	for (size_t i = 0; i < words->len; i++) {
		struct str value = words->at[i], name = { NULL, 0 };
		(void)str_cut(&value, '=', &name);
		const struct field *f = is_over ? NULL : own_flag(table, name, how->arena);
		is_over = is_over || str_is(words->at[i], "--");
		if (!f) {
			rest.at[rest.len++] = words->at[i];
			continue;
		}
		bool is_joined = name.len < words->at[i].len;
		if (f->kind == KIND_BOOL && !is_joined) {
			*(bool *)(void *)((char *)out + f->at) = true;
			continue;
		}
		if (!is_joined && ++i == words->len)
			return err_refuse(e, ERR_USAGE, "--%s needs a value.", f->name);
		if (field_parse(f, out, is_joined ? value : words->at[i], how, e) != 0)
			return -1;
	}
	*words = rest;
	return 0;
}
