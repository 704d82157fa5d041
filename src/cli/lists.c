/* SPDX-License-Identifier: Apache-2.0 */
/* lists: incidents, alerts, reviews, actions and the timeline as tables. One incident: status.c. */
#include <stdio.h>

#include "base/when.h"
#include "cli/commands.h"
#include "cli/known.h"
#include "cli/pick.h"
#include "cli/state.h"
#include "cli/table.h"

enum {
	DAY_MS = 24 * 3600 * 1000,
	BEHIND_MS = 60 * 1000, /* from here on an entry says when it was written */
};

/* What a column shows of a row. */
enum show { SHOW_TEXT, SHOW_INCIDENT, SHOW_TIME, SHOW_FIRING, SHOW_PERSON, SHOW_SAID };
struct source {
	const char *path;
	int show;
};
struct listing {
	const char *path, *all_path; /* all_path: with --all; NULL = the same */
	const char *nothing;
	const struct column *columns;
	const struct source *sources;
};

static const struct column incident_columns[] = { { "INCIDENT", 0, 0 },	 { "SEV", 0, 2 },
						  { "PHASE", 0, 3 },	 { "TITLE", 16, 0 },
						  { "SERVICES", 10, 5 }, { "LEAD", 8, 6 },
						  { "UPDATE BY", 0, 4 }, { "NEXT STEP", 20, 7 },
						  { NULL, 0, 0 } };
static const struct source incident_sources[] = {
	{ "id", SHOW_INCIDENT },   { "severity", SHOW_TEXT }, { "phase", SHOW_TEXT },
	{ "title", SHOW_TEXT },	   { "services", SHOW_TEXT }, { "lead", SHOW_PERSON },
	{ "promised", SHOW_TIME }, { "next_step", SHOW_TEXT }
};
static const struct column alert_columns[] = { { "ALERT", 0, 0 },    { "STATE", 0, 0 },
					       { "NAME", 16, 0 },    { "SERVICE", 8, 3 },
					       { "SINCE", 0, 2 },    { "INCIDENT", 0, 4 },
					       { "ACKED BY", 8, 5 }, { "SUMMARY", 20, 6 },
					       { NULL, 0, 0 } };
static const struct source alert_sources[] = {
	{ "fingerprint", SHOW_TEXT }, { "is_firing", SHOW_FIRING }, { "name", SHOW_TEXT },
	{ "service", SHOW_TEXT },     { "started", SHOW_TIME },	    { "incident", SHOW_INCIDENT },
	{ "acked_by", SHOW_PERSON },  { "summary", SHOW_TEXT }
};
static const struct column silence_columns[] = { { "SILENCE", 0, 0 },	{ "STATE", 0, 3 },
						 { "MATCHERS", 16, 0 }, { "FROM", 0, 4 },
						 { "UNTIL", 0, 0 },	{ "BY", 8, 2 },
						 { "ASKED BY", 8, 5 },	{ "COMMENT", 20, 1 },
						 { NULL, 0, 0 } };
static const struct source silence_sources[] = {
	{ "number", SHOW_TEXT }, { "state", SHOW_TEXT },  { "matchers", SHOW_TEXT },
	{ "starts", SHOW_TIME }, { "ends", SHOW_TIME },	  { "by", SHOW_PERSON },
	{ "author", SHOW_TEXT }, { "comment", SHOW_TEXT }
};
static const struct column integration_columns[] = {
	{ "INTEGRATION", 12, 0 }, { "SENDER", 12, 3 }, { "LAST", 0, 0 }, { "IN 24 H", 0, 2 },
	{ "NOT READ", 0, 1 },	  { "NOTE", 12, 4 },   { NULL, 0, 0 }
};
static const struct source integration_sources[] = {
	{ "name", SHOW_TEXT }, { "label", SHOW_TEXT },	  { "last", SHOW_TIME },
	{ "day", SHOW_TEXT },  { "rejected", SHOW_TEXT }, { "note", SHOW_TEXT }
};
static const struct column change_columns[] = { { "CHANGE", 0, 0 },  { "BEGAN", 0, 0 },
						{ "KIND", 0, 3 },    { "STATE", 0, 2 },
						{ "SERVICE", 8, 1 }, { "TITLE", 16, 0 },
						{ "WHO", 8, 4 },     { "FROM", 8, 5 },
						{ NULL, 0, 0 } };
static const struct source change_sources[] = { { "number", SHOW_TEXT },  { "began", SHOW_TIME },
						{ "kind", SHOW_TEXT },	  { "state", SHOW_TEXT },
						{ "service", SHOW_TEXT }, { "title", SHOW_TEXT },
						{ "who", SHOW_TEXT },	  { "sender", SHOW_TEXT } };
static const struct column service_columns[] = { { "SERVICE", 12, 0 }, { "TIER", 0, 2 },
						 { "OWNER", 10, 0 },   { "NOW", 0, 0 },
						 { "FIRING", 0, 4 },   { "INCIDENTS", 0, 5 },
						 { "CALLS", 12, 6 },   { "CALLED BY", 12, 7 },
						 { "DRIFT", 12, 3 },   { NULL, 0, 0 } };
static const struct source service_sources[] = {
	{ "name", SHOW_TEXT },	  { "tier", SHOW_TEXT },    { "owner", SHOW_TEXT },
	{ "state", SHOW_TEXT },	  { "firing", SHOW_TEXT },  { "incidents", SHOW_TEXT },
	{ "depends", SHOW_TEXT }, { "used_by", SHOW_TEXT }, { "drift", SHOW_TEXT }
};
static const struct column review_columns[] = { { "INCIDENT", 0, 0 }, { "REVIEW", 0, 0 },
						{ "TITLE", 16, 0 },   { "DUE", 0, 2 },
						{ "ACTIONS", 0, 3 },  { NULL, 0, 0 } };
static const struct source review_sources[] = { { "id", SHOW_INCIDENT },
						{ "review", SHOW_TEXT },
						{ "title", SHOW_TEXT },
						{ "review_due", SHOW_TIME },
						{ "open_actions", SHOW_TEXT } };
static const struct column action_columns[] = { { "INCIDENT", 0, 0 }, { "ACTION", 0, 0 },
						{ "STATE", 0, 3 },    { "DUE", 0, 0 },
						{ "OWNER", 8, 2 },    { "TITLE", 16, 0 },
						{ NULL, 0, 0 } };
static const struct source action_sources[] = {
	{ "incident", SHOW_INCIDENT }, { "number", SHOW_TEXT },	 { "state", SHOW_TEXT },
	{ "due", SHOW_TIME },	       { "owner", SHOW_PERSON }, { "title", SHOW_TEXT }
};
static const struct column timeline_columns[] = {
	{ "#", 0, 0 }, { "AT", 0, 0 }, { "WHAT", 0, 0 }, { NULL, 0, 0 }
};
static const struct source timeline_sources[] = { { "seq", SHOW_TEXT },
						  { "happened_at", SHOW_TIME },
						  { "said", SHOW_SAID } };

/* What every cell of a list is made with. */
struct shown {
	struct caller *c;
	const struct json *people;    /* NULL = not known */
	const struct strs *retracted; /* seqs of entries taken back, as text; NULL = none */
	bool is_tabs;
};

static struct str time_of(const struct shown *l, int64_t ms)
{
	int64_t from_now = ms - l->c->reading.now_ms;
	struct buf b = BUF(l->c->arena);
	if (!ms)
		return (struct str){ 0 };
	if (l->is_tabs)
		when_rfc3339(&b, ms);
	else if (from_now > DAY_MS / 2 || from_now < -DAY_MS / 2)
		when_day_clock(&b, ms, 0);
	else
		when_clock(&b, ms, 0);
	return buf_str(&b);
}

/* An entry's sentence, and what a reader must know about it. */
static struct str said_of(const struct shown *l, const struct json *row)
{
	struct arena *a = l->c->arena;
	struct buf b = BUF(a);
	int64_t happened = pick_when(row, "happened_at"), recorded = pick_when(row, "recorded_at");
	buf_add(&b, pick_text(a, row, "said"));
	if (l->retracted && strs_has(l->retracted, pick_text(a, row, "seq")))
		buf_z(&b, " (taken back)");
	if (recorded - happened > BEHIND_MS)
		buf_fmt(&b, " (written " STR_FMT ")", STR_ARG(time_of(l, recorded)));
	return buf_str(&b);
}

static struct str show(const struct shown *l, const struct json *row, const struct source *s)
{
	struct caller *c = l->c;
	int64_t n;
	bool yes = false;
	switch ((enum show)s->show) {
	case SHOW_TEXT:
		return pick_text(c->arena, row, s->path);
	case SHOW_PERSON:
		return state_name(l->people, pick_text(c->arena, row, s->path));
	case SHOW_INCIDENT:
		n = pick_int(row, s->path);
		return n ? str_fmt(c->arena, "INC-%lld", (long long)n) : (struct str){ 0 };
	case SHOW_FIRING:
		if (!json_bool(pick_at(row, s->path), &yes) || !yes)
			return STR("resolved");
		return pick_int(row, "silence") ? STR("silenced") : STR("firing");
	case SHOW_TIME:
		return time_of(l, pick_when(row, s->path));
	case SHOW_SAID:
		return said_of(l, row);
	}
	return (struct str){ 0 };
}

/* retracted: see struct shown. */
static int print_list(struct caller *c, struct str path, const struct listing *l,
		      const struct strs *retracted)
{
	struct err e = { 0 };
	struct json *reply = NULL;
	struct str raw;
	struct buf b = BUF(c->arena);
	struct table t = { .arena = c->arena, .columns = l->columns };
	bool is_tabs = !c->screen.has_tables;
	if (caller_get(c, path, &reply, &raw, &e))
		return caller_complain(c, &e);
	if (c->args.json) {
		if (known_in_reply(c, path, reply, &e))
			return caller_complain(c, &e);
		caller_put_json(c, reply, raw);
		return 0;
	}
	const struct json *rows = pick_rows(reply);
	bool has_people = json_first(rows) && l->sources != timeline_sources;
	const struct shown shown = { .c = c,
				     .people = has_people ? state_people(c) : NULL,
				     .retracted = retracted,
				     .is_tabs = is_tabs };
	for (const struct json *row = json_first(rows); row; row = json_next(row)) {
		struct str *cells = table_row(&t);
		for (size_t i = 0; l->columns[i].name; i++)
			cells[i] = show(&shown, row, &l->sources[i]);
	}
	if (!t.cells.len) {
		if (!is_tabs)
			caller_say(c, str_fmt(c->arena, "%s\n", l->nothing));
		else if (!c->args.quiet)
			(void)fprintf(stderr, "%s\n",
				      l->nothing); /* no row for those who count rows */
		return 0;
	}
	table_print(&t, is_tabs ? TABLE_TABS : c->screen.columns, &b);
	caller_say(c, buf_str(&b));
	if (pick_text(c->arena, reply, "next").len)
		caller_warn(c, str_fmt(c->arena, "These are the first of %lld.",
				       (long long)pick_int(reply, "count")));
	return 0;
}

static int run_list(struct caller *c, const struct strs *words, const struct listing *l)
{
	struct err e = { 0 };
	if (words->len) {
		err_refuse(&e, ERR_USAGE, "A list takes no '" STR_FMT "'.",
			   STR_ARG(str_clip(words->at[0], 60)));
		return caller_complain(c, &e);
	}
	return print_list(c, str_of(c->args.all && l->all_path ? l->all_path : l->path), l, NULL);
}

int run_incidents(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/incidents?state=open", "/api/v1/incidents",
					  "All quiet.", incident_columns, incident_sources };
	return run_list(c, words, &l);
}

int run_alerts(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/alerts", NULL, "No alerts.", alert_columns,
					  alert_sources };
	return run_list(c, words, &l);
}

int run_silences(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/silences", "/api/v1/silences?state=all",
					  "Nothing is silenced.", silence_columns,
					  silence_sources };
	return run_list(c, words, &l);
}

int run_integrations(struct caller *c, const struct strs *words)
{
	static const struct listing l = {
		"/api/v1/integrations", NULL,
		"No sender has a door yet: aplomb integration add NAME --source SENDER.",
		integration_columns, integration_sources
	};
	return run_list(c, words, &l);
}

int list_changes(struct caller *c, const struct strs *words, const char *path)
{
	const struct listing l = { path, NULL, "No changes are known from that time.",
				   change_columns, change_sources };
	return run_list(c, words, &l);
}

int run_services(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/services", NULL,
					  "The catalogue is empty: aplomb service set NAME --owner "
					  "TEAM, or service apply -f FILE.",
					  service_columns, service_sources };
	return run_list(c, words, &l);
}

int run_reviews(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/reviews", NULL, "No reviews yet.",
					  review_columns, review_sources };
	return run_list(c, words, &l);
}

int run_actions(struct caller *c, const struct strs *words)
{
	static const struct listing l = { "/api/v1/actions?state=open", "/api/v1/actions?state=all",
					  "No open actions.", action_columns, action_sources };
	return run_list(c, words, &l);
}

int run_timeline(struct caller *c, const struct strs *words)
{
	static const struct listing l = { NULL, NULL, "Nothing happened yet.", timeline_columns,
					  timeline_sources };
	struct state state = { 0 };
	struct err e = { 0 };
	int64_t n = 0;
	if (words->len && !args_incident(words->at[0], &c->args.incident)) {
		err_refuse(&e, ERR_USAGE, "'" STR_FMT "' is not the number of an incident.",
			   STR_ARG(str_clip(words->at[0], 60)));
		return caller_complain(c, &e);
	}
	if (caller_incident(c, &n, &e) || (!c->args.json && state_read(c, n, &state, &e)))
		return caller_complain(c, &e);
	return print_list(c, str_fmt(c->arena, "/api/v1/incidents/%lld/timeline", (long long)n), &l,
			  &state.incident.retracted);
}
