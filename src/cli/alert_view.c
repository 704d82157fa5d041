/* SPDX-License-Identifier: Apache-2.0 */
/* alert_view: one alert on the terminal: what it says and why it is here, from the body that told of it to the incident
 * that holds it. */
#include "base/when.h"
#include "cli/commands.h"
#include "cli/pick.h"

static void add_line(struct caller *c, const struct json *reply, const char *label,
		     const char *path, struct buf *b)
{
	struct str text = pick_text(c->arena, reply, path);
	if (text.len)
		buf_fmt(b, "%-10s " STR_FMT "\n", label, STR_ARG(text));
}

static void add_step(struct caller *c, const struct json *step, struct buf *b)
{
	struct buf at = BUF(c->arena);
	int64_t ms = pick_when(step, "at");
	struct str link = pick_text(c->arena, step, "link");
	if (ms)
		when_day_clock(&at, ms, 0);
	buf_fmt(b, "  %-13.*s" STR_FMT, (int)at.len, at.len ? at.at : "",
		STR_ARG(pick_text(c->arena, step, "said")));
	if (link.len)
		buf_fmt(b, " (" STR_FMT STR_FMT ")", STR_ARG(c->server), STR_ARG(link));
	buf_c(b, '\n');
}

int run_alert(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct json *reply = NULL;
	struct str raw;
	struct buf path = BUF(c->arena), b = BUF(c->arena);
	if (words->len != 1) {
		err_refuse(&e, ERR_USAGE,
			   "Say which alert: its fingerprint, as `aplomb alert list` "
			   "shows it.");
		return caller_complain(c, &e);
	}
	buf_z(&path, "/api/v1/alerts/");
	buf_url(&path, words->at[0]);
	if (caller_get(c, buf_str(&path), &reply, &raw, &e))
		return caller_complain(c, &e);
	if (c->args.json) {
		caller_put_json(c, reply, raw);
		return 0;
	}
	buf_add(&b, pick_text(c->arena, reply, "name"));
	buf_c(&b, '\n');
	add_line(c, reply, "Service", "service", &b);
	add_line(c, reply, "Severity", "severity", &b);
	add_line(c, reply, "Says", "summary", &b);
	add_line(c, reply, "From", "generator", &b);
	buf_z(&b, "Why is this here (times are UTC)\n");
	for (const struct json *s = json_first(pick_at(reply, "why")); s; s = json_next(s))
		add_step(c, s, &b);
	caller_say(c, buf_str(&b));
	return 0;
}
