/* SPDX-License-Identifier: Apache-2.0 */
/* changes: what changed, as a list; or, with --suspects, what of it may have set an incident off, and why. The ranking is
 * the server's: core/suspect.h. */
#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "cli/clean.h"
#include "cli/commands.h"
#include "cli/state.h"
#include "core/change.h"

struct changes_flags {
	struct str since, service, kind;
	bool suspects;
};
static const struct field changes_flag_fields[] = {
	FIELD(changes_flags, since,
	      "that began so long ago at most (2h, 7d), or since then (14:03)"),
	FIELD(changes_flags, service, "of this service"),
	FIELD(changes_flags, kind, "deploy, config, flag, infrastructure, data or command"),
	FIELD(changes_flags, suspects, "what of it may have set the incident off, and why"),
	END,
};
const struct cli_flags changes_flags = {
	run_changes, changes_flag_fields, sizeof(struct changes_flags),
	"Examples:\n"
	"  aplomb changes --since 2h\n"
	"  aplomb change list --since 7d --service payments --kind config\n"
	"  aplomb changes --suspects -i 42\n\n"
};

static void add_line(struct buf *b, const char *mark, struct str text, struct arena *a)
{
	buf_fmt(b, "   %s " STR_FMT "\n", mark, STR_ARG(clean_line(a, text)));
}

static void add_suspect(struct caller *c, const struct incident *inc, size_t i, struct buf *b)
{
	const struct suspect *s = &inc->ranking.suspects.at[i];
	int64_t lead_ms = inc->ranking.onset.ms - s->began.ms;
	buf_fmt(b, "%zu. ", i + 1);
	buf_add(b, caller_bold(c, clean_line(c->arena, s->title)));
	buf_fmt(b, "  change %lld, %s%s" STR_FMT ", ", (long long)s->change,
		change_kind_names[s->kind], s->service.len ? " of " : "",
		STR_ARG(clean_line(c->arena, s->service)));
	when_length(b, lead_ms < 0 ? -lead_ms : lead_ms);
	buf_fmt(b, " %s, %lld %%\n", lead_ms < 0 ? "after" : "before", (long long)s->share);
	for (size_t k = 0; k < s->says.len; k++)
		add_line(b, "for:    ", s->says.at[k], c->arena);
	for (size_t k = 0; k < s->against.len; k++)
		add_line(b, "against:", s->against.at[k], c->arena);
}

/* `since_ms`: those that began earlier are left out; 0 = none are. */
static void add_ranking(struct caller *c, const struct incident *inc, int64_t since_ms,
			struct buf *b)
{
	const struct ranking *r = &inc->ranking;
	buf_add(b, caller_bold(c, str_fmt(c->arena, "INC-%lld " STR_FMT, (long long)inc->id,
					  STR_ARG(clean_line(c->arena, inc->title)))));
	if (!r->at.ms) {
		buf_z(b, "\nNo change before it began is known.\n");
		return;
	}
	buf_z(b, "\nIt began at ");
	when_day_clock(b, r->onset.ms, 0);
	buf_fmt(b, " UTC: " STR_FMT ".\n", STR_ARG(clean_line(c->arena, r->onset_from)));
	buf_fmt(b, "No recent change explains this: %lld %%%s\n", (long long)r->none,
		r->none >= RANKING_NONE_FROM ? ", which is the likelier answer." : ".");
	for (size_t i = 0; i < r->suspects.len; i++)
		if (r->suspects.at[i].began.ms >= since_ms)
			add_suspect(c, inc, i, b);
	if (r->known > (int64_t)r->suspects.len)
		buf_fmt(b, "%lld more changes were looked at: aplomb changes --since 24h\n",
			(long long)r->known - (long long)r->suspects.len);
}

static int print_suspects(struct caller *c, const struct strs *words, int64_t since_ms)
{
	struct err e = { 0 };
	struct state s = { 0 };
	struct buf b = BUF(c->arena);
	int64_t incident = 0;
	if (words->len > 1 || (words->len && !args_incident(words->at[0], &c->args.incident))) {
		err_refuse(&e, ERR_USAGE, "Name one incident by its number, or none.");
		return caller_complain(c, &e);
	}
	if (caller_incident(c, &incident, &e) || state_read(c, incident, &s, &e))
		return caller_complain(c, &e);
	add_ranking(c, &s.incident, since_ms, &b);
	(void)fwrite(b.at, 1, b.len, stdout); /* colors are ours, the rest is clean */
	return 0;
}

static void add_part(struct buf *path, const char *name, struct str value)
{
	if (!value.len)
		return;
	buf_fmt(path, "%c%s=", memchr(path->at, '?', path->len) ? '&' : '?', name);
	buf_url(path, value);
}

/* A length of time, or a point in it; 0 = from the first. */
static int read_since(const struct caller *c, struct str text, int64_t *since_ms, struct err *e)
{
	struct span back;
	*since_ms = 0;
	if (!text.len)
		return 0;
	if (span_parse(text, &back))
		*since_ms = c->reading.now_ms - back.ms;
	else if (!when_parse_human(text, c->reading.now_ms, c->reading.offset_ms, since_ms))
		return err_refuse(
			e, ERR_USAGE,
			"--since takes a length of time (2h, 7d) or a time (14:03), not '" STR_FMT
			"'.",
			STR_ARG(str_clip(text, 60)));
	return 0;
}

int run_changes(struct caller *c, const struct strs *words)
{
	const struct changes_flags *own = c->own_flags;
	struct buf path = BUF(c->arena), since = BUF(c->arena);
	struct err e = { 0 };
	int64_t since_ms;
	if (read_since(c, own->since, &since_ms, &e) != 0)
		return caller_complain(c, &e);
	if (own->suspects)
		return c->args.json ? run_incident(c, words) : print_suspects(c, words, since_ms);
	if (since_ms)
		when_rfc3339(&since, since_ms);
	buf_z(&path, "/api/v1/changes");
	add_part(&path, "since", buf_str(&since));
	add_part(&path, "service", own->service);
	add_part(&path, "kind", own->kind);
	return list_changes(c, words, str_z(c->arena, buf_str(&path)));
}
