/* SPDX-License-Identifier: Apache-2.0 */
/* prompt: see prompt.h. */
#include "cli/prompt.h"

#include <stdio.h>

enum { LINE_BYTES = 4096, TRIES = 3 };

static void add_names(struct buf *b, const struct field *row)
{
	if (row->kind != KIND_CHOICE || !row->names)
		return;
	buf_z(b, " [");
	for (const char *const *n = row->names; *n; n++)
		if (**n)
			buf_fmt(b, "%s%s", b->at[b->len - 1] == '[' ? "" : " ", *n);
	buf_c(b, ']');
}

/* False at the end of input. */
static bool ask(struct caller *c, const struct field *row, struct str *answer)
{
	char *line = arena_alloc(c->arena, LINE_BYTES);
	struct buf question = BUF(c->arena);
	buf_fmt(&question, "%s (%s)", row->name, row->help);
	add_names(&question, row);
	(void)fflush(stdout);
	(void)fprintf(stderr, STR_FMT ": ", STR_ARG(buf_str(&question)));
	if (!fgets(line, LINE_BYTES, stdin))
		return false;
	*answer = str_trim(str_of(line));
	return answer->len > 0;
}

void prompt_missing(struct caller *c, struct words_command *cmd)
{
	if (!c->screen.asks || str_is(c->args.file, "-"))
		return;
	for (const struct field *row = cmd->verb->fields; row && row->name; row++) {
		struct str answer;
		if (!row->required || row->hidden || row->kind == KIND_ITEMS)
			continue;
		for (int i = 0; i < TRIES && field_is_empty(row, cmd->fields); i++) {
			struct err e = { 0 };
			if (!ask(c, row, &answer))
				return;
			if (field_parse(row, cmd->fields, answer, &c->reading, &e))
				(void)caller_complain(c, &e);
		}
	}
}
