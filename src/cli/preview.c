/* SPDX-License-Identifier: Apache-2.0 */
/* preview: see preview.h. */
#include "cli/preview.h"

#include <string.h>

#include "cli/clean.h"
#include "cli/state.h"
#include "core/update.h"

int preview_refuse_unasked(const struct caller *c, const struct verb *v, struct err *e)
{
	if (!(v->traits & LEAVES_COMPANY) || c->args.yes || c->args.dry_run || c->screen.asks)
		return 0;
	err_refuse(e, ERR_USAGE, "'%s %s' leaves the company and nobody can be asked here.",
		   v->noun, v->name);
	err_next(e, "Say -y to send it, or --dry-run to read it.");
	return -1;
}

static const struct field *row_of(const struct words_command *cmd, const char *name,
				  enum field_kind kind)
{
	const struct field *row = field_find(cmd->verb->fields, str_of(name));
	return row && row->kind == kind ? row : NULL;
}

static struct str *text_of(const struct words_command *cmd, const char *name)
{
	const struct field *row = row_of(cmd, name, KIND_STR);
	return row ? (struct str *)(void *)((char *)cmd->fields + row->at) : NULL;
}

static struct str text_or_empty(const struct words_command *cmd, const char *name)
{
	const struct str *text = text_of(cmd, name);
	return text ? *text : (struct str){ 0 };
}

/* What is drafted here is sent as it stands, so that nobody agrees to other words than those read. */
static int fill_drafts(struct caller *c, struct words_command *cmd, int64_t incident, struct err *e)
{
	struct state state;
	const struct field *to = row_of(cmd, "audiences", KIND_STRS),
			   *next = row_of(cmd, "next", KIND_WHEN);
	const struct strs *chosen =
		to ? (const struct strs *)(const void *)((const char *)cmd->fields + to->at) : NULL;
	if (state_read(c, incident, &state, e))
		return -1;
	struct update_parts parts = { text_or_empty(cmd, "happened"),
				      text_or_empty(cmd, "impact"),
				      text_or_empty(cmd, "doing"),
				      { 0 } };
	if (next)
		parts.next = *(const struct when *)(const void *)((const char *)cmd->fields +
								  next->at);
	for (int i = 0; i < AUDIENCE_COUNT; i++) {
		struct str *text = text_of(cmd, audience_names[i]);
		bool is_chosen = !chosen || !chosen->len ||
				 strs_has(chosen, str_of(audience_names[i]));
		if (text && !text->len && is_chosen)
			*text = update_draft(&state.incident, &parts, (enum audience)i, c->arena);
	}
	return 0;
}

static void add_indented(struct buf *b, struct str text)
{
	struct str line;
	while (str_cut(&text, '\n', &line)) {
		buf_z(b, "    ");
		clean_add(b, line);
		buf_c(b, '\n');
	}
}

static void print_rows(struct caller *c, const struct words_command *cmd)
{
	struct buf b = BUF(c->arena);
	buf_fmt(&b, "%s %s\n", cmd->verb->noun, cmd->verb->name);
	for (const struct field *row = cmd->verb->fields; row->name; row++) {
		struct buf value = BUF(c->arena);
		if (row->hidden || row->secret || field_is_empty(row, cmd->fields))
			continue;
		field_print(row, cmd->fields, &value);
		buf_fmt(&b, "  %s:", row->name);
		if (row->lines > 1) {
			buf_c(&b, '\n');
			add_indented(&b, buf_str(&value));
		} else {
			buf_c(&b, ' ');
			clean_add(&b, buf_str(&value));
			buf_c(&b, '\n');
		}
	}
	caller_say(c, buf_str(&b));
}

enum preview preview_show(struct caller *c, struct words_command *cmd, int64_t incident,
			  struct err *e)
{
	const struct verb *v = cmd->verb;
	bool leaves = v->traits & LEAVES_COMPANY;
	if (!leaves && !c->args.dry_run)
		return PREVIEW_GO_ON;
	bool is_update = strcmp(v->noun, "update") == 0 && strcmp(v->name, "send") == 0;
	if (is_update && fill_drafts(c, cmd, incident, e))
		return PREVIEW_REFUSED;
	if (c->args.dry_run || !c->args.yes || !c->args.quiet)
		print_rows(c, cmd);
	if (c->args.dry_run) {
		caller_warn(c, STR("Nothing was sent (--dry-run)."));
		return PREVIEW_ENOUGH;
	}
	if (c->args.yes || caller_asks(c, "Send this?"))
		return PREVIEW_GO_ON;
	caller_warn(c, STR("Nothing was sent."));
	return PREVIEW_ENOUGH;
}
