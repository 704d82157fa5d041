/* SPDX-License-Identifier: Apache-2.0 */
/* told: see told.h. */
#include "cli/told.h"

#include "core/core.h"

static void add(struct arena *a, struct told_rows *out, struct told row)
{
	*LIST_ADD(a, out) = row;
}

void told_all(struct arena *a, const struct cli_extra *extra, struct told_rows *out)
{
	for (const struct cli_command *c = cli_commands; c->first; c++)
		add(a, out, (struct told){ c->first, c->second, c->usage, c->help, NULL });
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++) {
			if (v->traits & INTERNAL || cli_command_stands_for(v))
				continue;
			add(a, out, (struct told){ v->noun, v->name, NULL, v->help, v });
			if (v->alias)
				add(a, out, (struct told){ v->alias, NULL, NULL, v->help, v });
		}
	for (; extra && extra->name; extra++)
		add(a, out, (struct told){ extra->name, NULL, extra->usage, extra->help, NULL });
}

struct str told_flag(struct arena *a, const char *name)
{
	struct buf b = BUF(a);
	buf_z(&b, "--");
	for (; *name; name++)
		buf_c(&b, *name == '_' ? '-' : *name);
	return buf_str(&b);
}

static bool is_flag_byte(char c)
{
	return (c >= 'a' && c <= 'z') || c == '-';
}

/* "aplomb serve [--data DIR] [--listen HOST:PORT]" -> --data, --listen */
static struct strs usage_flags(struct arena *a, const char *usage)
{
	struct str rest = str_of(usage);
	struct strs out = { ARENA_ARRAY(a, struct str, rest.len / 3 + 1), 0 };
	for (size_t at; (at = str_find(rest, STR("--"))) != SIZE_MAX;) {
		size_t n = 0;
		rest = str_sub(rest, at, rest.len);
		while (n < rest.len && is_flag_byte(rest.at[n]))
			n++;
		if (n > 2)
			out.at[out.len++] = str_sub(rest, 0, n);
		rest = str_sub(rest, n, rest.len);
	}
	return out;
}

struct strs told_flags(struct arena *a, const struct told *row)
{
	size_t n = 0;
	if (!row->verb)
		return usage_flags(a, row->usage);
	for (const struct field *f = row->verb->fields; f->name; f++)
		n++;
	struct strs out = { ARENA_ARRAY(a, struct str, n), 0 };
	for (const struct field *f = row->verb->fields; f->name; f++)
		if (!f->hidden)
			out.at[out.len++] = told_flag(a, f->name);
	return out;
}

struct strs told_common(struct arena *a)
{
	size_t n = 2;
	for (const struct words_flag *f = args_verb_flags; f->name; f++)
		n++;
	struct strs out = { ARENA_ARRAY(a, struct str, n), 0 };
	out.at[out.len++] = STR("--because");
	out.at[out.len++] = STR("--accept");
	for (const struct words_flag *f = args_verb_flags; f->name; f++)
		out.at[out.len++] = told_flag(a, f->name);
	return out;
}

struct str told_choices(struct arena *a, const struct field *f)
{
	struct buf b = BUF(a);
	for (const char *const *n = f->names; f->kind == KIND_CHOICE && n && *n; n++)
		if (**n)
			buf_fmt(&b, "%s%s", b.len ? " " : "", *n);
	return buf_str(&b);
}
