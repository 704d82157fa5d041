/* SPDX-License-Identifier: Apache-2.0 */
/* change_view: one change on the terminal, and when its service was last taken back to an older state. Many: lists.c. */
#include "base/when.h"
#include "cli/commands.h"
#include "cli/pick.h"

static void add_line(const char *label, struct str text, struct buf *b)
{
	if (text.len)
		buf_fmt(b, "%-12s " STR_FMT "\n", label, STR_ARG(text));
}

static struct str time_of(struct arena *a, int64_t at_ms)
{
	struct buf b = BUF(a);
	if (at_ms)
		when_day_clock(&b, at_ms, 0);
	return buf_str(&b);
}

/* What it is worth to know before it is undone; an older server does not tell. */
static void add_readiness(struct caller *c, struct str service, struct buf *b)
{
	struct buf path = BUF(c->arena);
	struct json *reply = NULL;
	struct str raw;
	struct err ignored = { 0 };
	if (!service.len)
		return;
	buf_z(&path, "/api/v1/readiness?service=");
	buf_url(&path, service);
	if (caller_get(c, buf_str(&path), &reply, &raw, &ignored))
		return;
	const struct json *row = json_first(pick_at(reply, "readiness"));
	if (row)
		buf_fmt(b, STR_FMT "\n", STR_ARG(pick_text(c->arena, row, "said")));
}

static void add_change(struct caller *c, const struct json *j, struct buf *b)
{
	static const struct {
		const char *label, *path;
	} lines[] = { { "Kind", "kind" },	{ "State", "state" },
		      { "Service", "service" }, { "Where", "environment" },
		      { "Version", "version" }, { "By", "who" },
		      { "Differs", "differs" }, { "Look at it", "link" },
		      { "To undo it", "undo" }, { "From", "sender" },
		      { "Key", "key" } };
	struct arena *a = c->arena;
	buf_fmt(b, "Change " STR_FMT ": " STR_FMT "\n", STR_ARG(pick_text(a, j, "number")),
		STR_ARG(pick_text(a, j, "title")));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		add_line(lines[i].label, pick_text(a, j, lines[i].path), b);
	add_line("Began", time_of(a, pick_when(j, "began")), b);
	add_line("Ended", time_of(a, pick_when(j, "ended")), b);
	bool is_back = false;
	if (json_bool(pick_at(j, "rollback"), &is_back) && is_back)
		buf_z(b, "It takes an older state back.\n");
}

int run_change_view(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct json *reply = NULL;
	struct str raw;
	struct buf b = BUF(c->arena);
	int64_t number = 0;
	if (words->len != 1 || !str_to_int(words->at[0], &number) || number < 1) {
		err_refuse(&e, ERR_USAGE,
			   "Say which change: its number, as `aplomb change list` shows it.");
		return caller_complain(c, &e);
	}
	if (caller_get(c, str_fmt(c->arena, "/api/v1/changes/%lld", (long long)number), &reply,
		       &raw, &e))
		return caller_complain(c, &e);
	if (c->args.json) {
		caller_put_json(c, reply, raw);
		return 0;
	}
	add_change(c, reply, &b);
	add_readiness(c, pick_text(c->arena, reply, "service"), &b);
	caller_say(c, buf_str(&b));
	return 0;
}
