/* SPDX-License-Identifier: Apache-2.0 */
/* man: the manual page aplomb(1) in mdoc, made from the tables, so that it cannot lag behind them. */
#include <string.h>

#include "cli/told.h"

enum { LINE_BYTES = 64 }; /* a word more than that and mandoc still finds it short enough */

/* A sentence a line, as mdoc wants it, and none too long; nothing in it is read as a request. */
static void add_text(struct buf *b, const char *text)
{
	bool starts = true;
	size_t from = b->len;
	for (const char *c = text; *c; c++) {
		bool ends = (c[0] == '.' && c[1] == ' ') ||
			    (c[1] == ' ' && b->len - from >= LINE_BYTES);
		if (starts && (*c == '.' || *c == '\''))
			buf_z(b, "\\&");
		buf_z(b, *c == '\\' ? "\\e" : "");
		if (*c != '\\')
			buf_c(b, *c);
		if (ends)
			buf_c(b, '\n');
		c += ends;
		from = ends ? b->len : from;
		starts = ends;
	}
	buf_c(b, '\n');
}

/* Words behind a macro: none of them may be taken for another one. */
static void add_words(struct buf *b, struct str words)
{
	struct str word;
	while (str_cut(&words, ' ', &word)) {
		buf_z(b, " \\&");
		for (size_t i = 0; i < word.len; i++) {
			if (word.at[i] == '-')
				buf_c(b, '\\');
			buf_c(b, word.at[i]);
		}
	}
	buf_c(b, '\n');
}

static void add_verb_flags(struct arena *a, struct buf *b, const struct verb *v)
{
	bool has_any = false;
	for (const struct field *f = v->fields; f->name; f++) {
		struct str choices = told_choices(a, f);
		if (f->hidden)
			continue;
		if (!has_any)
			buf_z(b, ".Bl -tag -width Ds\n");
		has_any = true;
		buf_z(b, ".It");
		add_words(b, told_flag(a, f->name));
		add_text(b, f->help);
		if (choices.len)
			buf_fmt(b, "(one of: " STR_FMT ")\n", STR_ARG(choices));
	}
	buf_z(b, has_any ? ".El\n" : "");
}

static void add_row(struct arena *a, struct buf *b, const struct told *t)
{
	buf_z(b, ".It");
	if (t->usage)
		add_words(b, str_of(t->usage + strlen("aplomb ")));
	else
		add_words(b, str_fmt(a, "%s %s", t->first, t->second));
	add_text(b, t->help);
	if (!t->verb)
		return;
	if (t->verb->alias)
		buf_fmt(b, "Short:\n.Ic aplomb %s\n", t->verb->alias);
	add_verb_flags(a, b, t->verb);
}

enum part { PART_READING, PART_DOING, PART_SERVER };

static enum part part_of(const struct told *t)
{
	if (t->verb)
		return PART_DOING;
	return cli_command_find(str_of(t->first), str_of(t->second)) ? PART_READING : PART_SERVER;
}

static void add_part(struct arena *a, struct buf *b, const struct told_rows *rows, enum part part)
{
	static const char *const titles[] = { "Reading and keeping",
					      "Doing, in the order of the rhythm", "The server" };
	buf_fmt(b, ".Ss %s\n.Bl -tag -width Ds\n", titles[part]);
	LIST_EACH (t, rows)
		if (part_of(t) == part &&
		    (t->usage || t->second)) /* short forms stand with the long */
			add_row(a, b, t);
	buf_z(b, ".El\n");
}

static const char head[] =
	".Dd November 23, 2026\n.Dt APLOMB 1\n.Os\n.Sh NAME\n.Nm aplomb\n"
	".Nd calm incident response\n.Sh SYNOPSIS\n.Nm\n.Ar noun\n.Ar verb\n.Op Ar argument\n"
	".Op Ar flags\n.Nm\n.Cm serve\n.Op Ar flags\n.Sh DESCRIPTION\n.Nm\n"
	"leads through an incident in ten steps and keeps what was seen and done.\n"
	"Where only one incident is open it is the one that is meant; else\n.Fl i Ar N .\n"
	"A rule of the practice that stands in the way says the safest next step;\n"
	"a written reason\n"
	".Pq Fl \\-because\n"
	"passes it and is recorded.\n.Sh COMMANDS\n";

static const char tail[] =
	".Sh FLAGS OF EVERY COMMAND\n.Bl -tag -width Ds\n"
	".It Fl i Ar N\nThe incident.\n"
	".It Fl \\-because Ar text\nGoes on past a rule; the reason is recorded.\n"
	".It Fl \\-accept Ar names\nThe rules that the reason is for, where several stand in the "
	"way.\n"
	".It Fl f Ar file\nA long text from a file,\n.Sq \\-\nfor standard input.\n"
	".It Fl \\-dry\\-run , Fl y\nShows only what would be sent; sends without asking.\n"
	".It Fl \\-json Ns Op = Ns Ar a,b\nJSON, or these members of it.\n"
	".It Fl \\-plain\nTabs instead of a table.\n"
	".It Fl \\-server Ar URL\nWhere Aplomb is.\n"
	".It Fl \\-token\\-file Ar file\nA token.\n"
	".It Fl \\-ca Ar file\nTrusts this certificate authority too.\n"
	".It Fl \\-timeout Ar seconds\nHow long to wait for an answer.\n"
	".It Fl q , v\nSays less, or what is sent.\n"
	".It Fl \\-no\\-input\nAsks nothing.\n"
	".It Fl \\-color Ns = Ns Ar auto|always|never\nWhether there is color.\n.El\n"
	".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	".It Ev APLOMB_SERVER , APLOMB_TOKEN , APLOMB_CA , APLOMB_INCIDENT\n"
	"As the flags of the same name.\n"
	".It Ev NO_COLOR\nNo color.\n.El\n"
	".Sh FILES\n.Bl -tag -width Ds\n.It Pa ~/.config/aplomb/token\nWhat\n.Ic aplomb "
	"login\nkeeps.\n"
	".It Pa ~/.local/state/aplomb\nNotes that could not be sent yet.\n.El\n"
	".Sh EXIT STATUS\n0 done, 1 failed, 2 usage, 3 not found, 4 log in needed,\n5 conflict, "
	"6 unreachable,\n7 gate closed, 8 refused by a rule of the practice.\n"
	".Sh EXAMPLES\n.Dl aplomb declare \\(dqCheckout is slow\\(dq \\-\\-sev 2\n"
	".Dl aplomb freeze \\(dqlook first\\(dq\n"
	".Dl aplomb hypothesis open \\(dqThe pool is too small\\(dq\n"
	".Dl aplomb status\n";

int run_man(struct caller *c, const struct strs *words)
{
	struct buf b = BUF(c->arena);
	struct err e = { 0 };
	struct told_rows rows = { 0 };
	if (words->len) {
		err_refuse(&e, ERR_USAGE, "There is one page: aplomb man.");
		err_next(&e, "It is read like this: aplomb man | man -l -");
		return caller_complain(c, &e);
	}
	told_all(c->arena, c->extra, &rows);
	buf_z(&b, head);
	for (enum part p = PART_READING; p <= PART_SERVER; p++)
		add_part(c->arena, &b, &rows, p);
	buf_z(&b, tail);
	caller_put(c, buf_str(&b));
	return 0;
}
