/* SPDX-License-Identifier: Apache-2.0 */
/* help: made from the tables of verbs and commands, so that it cannot lag behind them. */
#include <string.h>

#include "cli/commands.h"
#include "core/core.h"

static const char flags_help[] =
	"Flags of every command, in any place:\n"
	"  -i N                  the incident (APLOMB_INCIDENT; else the only open one)\n"
	"  --because TEXT        go on past a guard; the reason is recorded\n"
	"  --accept NAME,NAME    the guards that the reason is for, where several stand in the "
	"way\n"
	"  -f FILE               a long text from a file, - for standard input\n"
	"  --dry-run, -y         show only what would be sent; send without asking\n"
	"  --json[=a,b], --plain JSON, or these members of it; tabs instead of a table\n"
	"  --server URL          (APLOMB_SERVER) where Aplomb is, http://127.0.0.1:8420 by "
	"default\n"
	"  --token-file FILE     a token (APLOMB_TOKEN, or the one kept by aplomb login)\n"
	"  --ca FILE             (APLOMB_CA) trust this certificate authority too, for https\n"
	"  --timeout SECONDS, -q, -v, --no-input, --color=auto|always|never, -h, --version\n"
	"Exit: 0 done, 1 failed, 2 usage, 3 not found, 4 log in needed, 5 conflict, 6 "
	"unreachable,\n"
	"      7 gate closed, 8 refused by a guard.\n";

static void add_entry(struct buf *b, struct str usage, const char *help)
{
	enum { HELP_COLUMN = 40 };
	buf_fmt(b, "  " STR_FMT, STR_ARG(usage));
	if (usage.len + 4 > HELP_COLUMN) {
		buf_c(b, '\n');
		usage.len = 0;
		buf_z(b, "  ");
	}
	for (size_t i = usage.len; i + 2 < HELP_COLUMN; i++)
		buf_c(b, ' ');
	buf_fmt(b, "%s\n", help);
}

/* The row that a bare word fills first. */
static const struct field *argument_of(const struct verb *v)
{
	for (const struct field *f = v->fields; f && f->name; f++)
		if (f->required && f->kind != KIND_CHOICE)
			return f;
	return NULL;
}

static struct str verb_usage(struct arena *a, const struct verb *v)
{
	struct buf b = BUF(a);
	const struct field *argument = argument_of(v);
	if (v->alias)
		buf_z(&b, v->alias);
	else
		buf_fmt(&b, "%s %s", v->noun, v->name);
	for (const char *c = argument ? argument->name : ""; *c; c++) {
		buf_z(&b, c == argument->name ? " " : "");
		buf_c(&b, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
	}
	return buf_str(&b);
}

static void add_verbs(struct arena *a, struct buf *b, const struct module *m)
{
	for (const struct verb *v = m->verbs; v && v->name; v++)
		if (!(v->traits & INTERNAL) && !cli_command_stands_for(v))
			add_entry(b, verb_usage(a, v), v->help);
}

static void add_everything(const struct caller *c, struct buf *b)
{
	buf_z(b, "Aplomb: calm incident response.\n\nReading and keeping:\n");
	for (const struct cli_command *x = cli_commands; x->first; x++)
		add_entry(b, str_of(x->usage + strlen("aplomb ")), x->help);
	buf_z(b, "\nDoing, in the order of the rhythm:\n");
	for (const struct module *const *m = modules; *m; m++)
		add_verbs(c->arena, b, *m);
	buf_z(b, "\nThe server:\n");
	for (const struct cli_extra *x = c->extra; x && x->name; x++)
		add_entry(b, str_of(x->usage + strlen("aplomb ")), x->help);
	buf_fmt(b, "\n%s", flags_help);
}

static void add_choices(struct buf *b, const struct field *f)
{
	bool is_first = true;
	for (const char *const *n = f->names; f->kind == KIND_CHOICE && n && *n; n++) {
		if (!**n)
			continue;
		buf_fmt(b, "%s%s", is_first ? ": " : ", ", *n);
		is_first = false;
	}
}

static void add_verb(struct arena *a, struct buf *b, const struct verb *v)
{
	const struct field *argument = argument_of(v);
	buf_fmt(b, "aplomb %s %s [flags]%s%s\n\n%s\n", v->noun, v->name,
		v->alias ? "        short: aplomb " : "", v->alias ? v->alias : "", v->help);
	if (v->traits & LEAVES_COMPANY)
		buf_z(b, "Shows what goes out and asks first; -y goes on, --dry-run only shows.\n");
	if (v->traits & DANGEROUS)
		buf_z(b, "Takes effect at once.\n");
	buf_c(b, '\n');
	for (const struct field *f = v->fields; f && f->name; f++) {
		struct buf help = BUF(a), flag = BUF(a);
		if (f->hidden)
			continue;
		buf_z(&flag, "--");
		for (const char *c = f->name; *c; c++)
			buf_c(&flag, *c == '_' ? '-' : *c);
		buf_z(&help, f->help);
		add_choices(&help, f);
		buf_z(&help, f == argument ? " (required; may stand without its flag)"
			     : f->required ? " (required)"
					   : "");
		buf_c(&help, '\0');
		add_entry(b, buf_str(&flag), help.at);
	}
}

static void add_command(struct arena *a, struct buf *b, const struct cli_command *command)
{
	const struct cli_flags *own = cli_flags_of(command);
	buf_fmt(b, "%s\n\n%s\n\n", command->usage, command->help);
	for (const struct field *f = own ? own->fields : NULL; f && f->name; f++) {
		struct buf flag = BUF(a);
		buf_z(&flag, "--");
		for (const char *c = f->name; *c; c++)
			buf_c(&flag, *c == '_' ? '-' : *c);
		add_entry(b, buf_str(&flag), f->help);
	}
	if (own)
		buf_fmt(b, "\n%s", own->examples);
	buf_z(b, flags_help);
}

static bool add_noun(struct arena *a, struct buf *b, struct str noun)
{
	size_t before = b->len;
	for (const struct cli_command *c = cli_commands; c->first; c++)
		if (str_is(noun, c->first))
			add_entry(b, str_of(c->usage + strlen("aplomb ")), c->help);
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			if (str_is(noun, v->noun) && !(v->traits & INTERNAL) &&
			    !cli_command_stands_for(v))
				add_entry(b, str_fmt(a, "%s %s", v->noun, v->name), v->help);
	return b->len > before;
}

int help_print(struct caller *c, struct str first, struct str second)
{
	struct buf b = BUF(c->arena);
	struct err e = { 0 };
	const struct cli_command *command = first.len ? cli_command_find(first, second) : NULL;
	const struct verb *v = second.len ? verb_find(first, second) : NULL;
	if (!first.len || (command && str_is(first, "help") && !second.len))
		add_everything(c, &b);
	else if (v && !cli_command_stands_for(v))
		add_verb(c->arena, &b, v);
	else if (command)
		add_command(c->arena, &b, command);
	else if (!add_noun(c->arena, &b, first) && (v = verb_by_alias(first)) != NULL &&
		 !(v->traits & INTERNAL))
		add_verb(c->arena, &b, v);
	if (!b.len) {
		struct str near = cli_command_near(c, first, second);
		err_refuse(&e, ERR_USAGE, "There is no '" STR_FMT "'.",
			   STR_ARG(str_clip(first, 60)));
		if (near.len)
			err_next(&e, "Did you mean '" STR_FMT "'?", STR_ARG(near));
		return caller_complain(c, &e);
	}
	caller_say(c, buf_str(&b));
	return 0;
}

int run_help(struct caller *c, const struct strs *words)
{
	return help_print(c, words->len > 0 ? words->at[0] : (struct str){ 0 },
			  words->len > 1 ? words->at[1] : (struct str){ 0 });
}
