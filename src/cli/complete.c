/* SPDX-License-Identifier: Apache-2.0 */
/* complete: what a shell offers behind `aplomb`, as a script of that shell. It holds no question to the server: a shell that
 * waits for the network is no help. */
#include "cli/told.h"

struct script {
	struct arena *arena;
	struct buf b;
	struct told_rows rows;
};

/* A row in a `case` over "first second": a short form is followed by anything. */
static void add_pattern(struct script *s, const struct told *t)
{
	if (t->second)
		buf_fmt(&s->b, "\t\t\"%s %s\"", t->first, t->second);
	else
		buf_fmt(&s->b, "\t\t\"%s \"*", t->first);
}

static bool stands_before(const struct script *s, const struct told *t)
{
	for (const struct told *o = s->rows.at; o < t; o++)
		if (str_is(str_of(o->first), t->first))
			return true;
	return false;
}

static void add_firsts(struct script *s)
{
	buf_z(&s->b, "\t\tlist=\"");
	LIST_EACH (t, &s->rows)
		if (!stands_before(s, t))
			buf_fmt(&s->b, "%s%s", t == s->rows.at ? "" : " ", t->first);
	buf_z(&s->b, "\"\n");
}

static void add_seconds(struct script *s)
{
	LIST_EACH (t, &s->rows) {
		bool has_any = false;
		if (stands_before(s, t))
			continue;
		LIST_EACH (o, &s->rows) {
			if (!o->second || !str_is(str_of(o->first), t->first))
				continue;
			if (!has_any)
				buf_fmt(&s->b, "\t\t%s) list=\"", t->first);
			buf_fmt(&s->b, "%s%s", has_any ? " " : "", o->second);
			has_any = true;
		}
		buf_z(&s->b, has_any ? "\" ;;\n" : "");
	}
	buf_z(&s->b, "\t\tcompletion) list=\"bash zsh fish\" ;;\n");
}

static void add_row_choices(struct script *s, const struct told *t)
{
	for (const struct field *f = t->verb ? t->verb->fields : NULL; f && f->name; f++) {
		struct str choices = told_choices(s->arena, f);
		if (!choices.len || f->hidden)
			continue;
		add_pattern(s, t);
		buf_fmt(&s->b, "\" " STR_FMT "\") list=\"" STR_FMT "\" ;;\n",
			STR_ARG(told_flag(s->arena, f->name)), STR_ARG(choices));
	}
}

/* Rows of two words before those of one, which would take everything. */
static void add_choices(struct script *s)
{
	buf_z(&s->b, "\t\t*\" --color\") list=\"auto always never\" ;;\n");
	LIST_EACH (t, &s->rows)
		if (t->second)
			add_row_choices(s, t);
	LIST_EACH (t, &s->rows)
		if (!t->second)
			add_row_choices(s, t);
}

static void add_row_flags(struct script *s, const struct told *t)
{
	const struct strs flags = told_flags(s->arena, t);
	if (!flags.len)
		return;
	add_pattern(s, t);
	buf_fmt(&s->b, ") list=\"" STR_FMT " $list\" ;;\n",
		STR_ARG(strs_join(s->arena, &flags, " ")));
}

static void add_flags(struct script *s)
{
	const struct strs common = told_common(s->arena);
	buf_fmt(&s->b, "\t\tlist=\"" STR_FMT "\"\n\t\tcase \"$one $two\" in\n",
		STR_ARG(strs_join(s->arena, &common, " ")));
	LIST_EACH (t, &s->rows)
		if (t->second)
			add_row_flags(s, t);
	LIST_EACH (t, &s->rows)
		if (!t->second)
			add_row_flags(s, t);
	buf_z(&s->b, "\t\tesac\n");
}

/* The same for bash and zsh: from one, two, prev, cur and at (the place of cur) to list. */
static void add_body(struct script *s)
{
	buf_z(&s->b, "\tif [ \"$at\" -eq 1 ]; then\n");
	add_firsts(s);
	buf_z(&s->b, "\t\treturn\n\tfi\n\tcase \"$one $two $prev\" in\n");
	add_choices(s);
	buf_z(&s->b, "\tesac\n\t[ -n \"$list\" ] && return\n"
		     "\tcase \"$cur\" in\n\t-*)\n");
	add_flags(s);
	buf_z(&s->b, "\t\treturn ;;\n\tesac\n\tif [ \"$at\" -eq 2 ]; then\n\t\tcase \"$one\" in\n");
	add_seconds(s);
	buf_z(&s->b, "\t\tesac\n\tfi\n");
}

static void add_bash(struct script *s)
{
	buf_z(&s->b, "# bash completion for aplomb; made by: aplomb completion bash\n"
		     "_aplomb_list()\n{\n");
	add_body(s);
	buf_z(&s->b, "}\n_aplomb()\n{\n"
		     "\tlocal at=$COMP_CWORD list= one=${COMP_WORDS[1]-} two=${COMP_WORDS[2]-}\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]-} prev=${COMP_WORDS[COMP_CWORD-1]-}\n"
		     "\t_aplomb_list\n"
		     "\tCOMPREPLY=($(compgen -W \"$list\" -- \"$cur\"))\n}\n"
		     "complete -o default -F _aplomb aplomb\n");
}

static void add_zsh(struct script *s)
{
	buf_z(&s->b, "#compdef aplomb\n# made by: aplomb completion zsh\n_aplomb_list()\n{\n");
	add_body(s);
	buf_z(&s->b, "}\n_aplomb()\n{\n"
		     "\tlocal at=$((CURRENT - 1)) list= one=${words[2]-} two=${words[3]-}\n"
		     "\tlocal cur=${words[CURRENT]-} prev=${words[CURRENT-1]-}\n"
		     "\t_aplomb_list\n"
		     "\tif [ -n \"$list\" ]; then compadd -- ${=list}; else _files; fi\n}\n"
		     "if [ \"${funcstack[1]-}\" = _aplomb ]; then _aplomb \"$@\"; "
		     "else compdef _aplomb aplomb; fi\n");
}

static void add_fish_text(struct buf *b, const char *text)
{
	buf_z(b, " -d '");
	for (; *text; text++)
		buf_fmt(b, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
	buf_z(b, "'\n");
}

static void add_fish_flags(struct script *s, const struct told *t)
{
	const char *two = t->second ? t->second : "";
	for (const struct field *f = t->verb ? t->verb->fields : NULL; f && f->name; f++) {
		struct str choices = told_choices(s->arena, f), flag = told_flag(s->arena, f->name);
		if (f->hidden)
			continue;
		buf_fmt(&s->b, "complete -c aplomb -n '__aplomb_at %s %s' -l " STR_FMT, t->first,
			two, STR_ARG(str_sub(flag, 2, flag.len)));
		buf_z(&s->b, f->kind == KIND_BOOL ? "" : " -r");
		if (choices.len)
			buf_fmt(&s->b, " -f -a '" STR_FMT "'", STR_ARG(choices));
		add_fish_text(&s->b, f->help);
	}
	const struct strs flags = t->verb ? (struct strs){ 0 } : told_flags(s->arena, t);
	for (size_t i = 0; i < flags.len; i++)
		buf_fmt(&s->b, "complete -c aplomb -n '__aplomb_at %s %s' -l " STR_FMT " -r\n",
			t->first, two, STR_ARG(str_sub(flags.at[i], 2, flags.at[i].len)));
}

static void add_fish(struct script *s)
{
	buf_z(&s->b, "# fish completion for aplomb; made by: aplomb completion fish\n"
		     "function __aplomb_at\n\tset -l w (commandline -opc)\n"
		     "\ttest (count $w) -gt 1; and test $w[2] = $argv[1]; or return 1\n"
		     "\ttest (count $argv) -lt 2; and return 0\n"
		     "\ttest (count $w) -gt 2; and test $w[3] = $argv[2]\nend\n");
	LIST_EACH (t, &s->rows) {
		if (!stands_before(s, t)) {
			buf_fmt(&s->b,
				"complete -c aplomb -n 'test (count (commandline -opc)) -eq 1' "
				"-f -a %s",
				t->first);
			add_fish_text(&s->b, t->second ? "" : t->help);
		}
		if (t->second) {
			buf_fmt(&s->b,
				"complete -c aplomb -n '__aplomb_at %s; and test (count "
				"(commandline -opc)) -eq 2' -f -a %s",
				t->first, t->second);
			add_fish_text(&s->b, t->help);
		}
		add_fish_flags(s, t);
	}
	const struct strs common = told_common(s->arena);
	for (size_t i = 0; i < common.len; i++)
		buf_fmt(&s->b, "complete -c aplomb -l " STR_FMT "\n",
			STR_ARG(str_sub(common.at[i], 2, common.at[i].len)));
	buf_z(&s->b, "complete -c aplomb -n '__aplomb_at completion' -f -a 'bash zsh fish'\n");
}

int run_completion(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct script s = { .arena = c->arena, .b = BUF(c->arena) };
	struct str shell = words->len == 1 ? words->at[0] : (struct str){ 0 };
	told_all(c->arena, c->extra, &s.rows);
	if (str_is(shell, "bash")) {
		add_bash(&s);
	} else if (str_is(shell, "zsh")) {
		add_zsh(&s);
	} else if (str_is(shell, "fish")) {
		add_fish(&s);
	} else {
		err_refuse(&e, ERR_USAGE, "Say which shell: bash, zsh or fish.");
		err_next(&e, "For this shell: source <(aplomb completion bash).");
		return caller_complain(c, &e);
	}
	caller_put(c, buf_str(&s.b));
	return 0;
}
