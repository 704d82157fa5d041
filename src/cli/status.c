/* SPDX-License-Identifier: Apache-2.0 */
/* status: how one incident stands, on one screen, the next safest step first; and its review. */
#include <stdio.h>

#include "base/when.h"
#include "cli/clean.h"
#include "cli/commands.h"
#include "cli/known.h"
#include "cli/pick.h"
#include "cli/state.h"
#include "core/rhythm.h"

struct page {
	struct caller *c;
	struct state state;
	struct buf out;
};

static struct str safe(struct page *p, struct str s)
{
	return clean_line(p->c->arena, s);
}

static struct str clock_of(struct page *p, struct when w)
{
	struct buf b = BUF(p->c->arena);
	when_clock(&b, w.ms, 0);
	buf_z(&b, " UTC");
	return buf_str(&b);
}

static struct str length_of(struct page *p, int64_t ms)
{
	struct buf b = BUF(p->c->arena);
	when_length(&b, ms < 0 ? -ms : ms);
	return buf_str(&b);
}

static struct str who(struct page *p, struct person person)
{
	return safe(p, state_name(p->state.people, person.id));
}

static void add_head(struct page *p)
{
	const struct incident *inc = &p->state.incident;
	struct arena *a = p->c->arena;
	buf_add(&p->out, caller_bold(p->c, str_fmt(a, "INC-%lld " STR_FMT, (long long)inc->id,
						   STR_ARG(inc->title))));
	buf_fmt(&p->out, "\n%s, %s", severity_names[inc->severity],
		phase_names[incident_phase(inc)]);
	if (inc->declared.ms)
		buf_fmt(&p->out, ", declared " STR_FMT " (" STR_FMT " ago)",
			STR_ARG(clock_of(p, inc->declared)),
			STR_ARG(length_of(p, p->c->reading.now_ms - inc->declared.ms)));
	buf_c(&p->out, '\n');
	if (inc->services.len)
		buf_fmt(&p->out, "Services: " STR_FMT "\n",
			STR_ARG(safe(p, strs_join(a, &inc->services, ", "))));
	buf_z(&p->out, "Lead: ");
	buf_add(&p->out,
		inc->role[ROLE_LEAD].id.len ? who(p, inc->role[ROLE_LEAD]) : STR("nobody"));
	if (inc->role[ROLE_COMMUNICATIONS].id.len)
		buf_fmt(&p->out, ". Updates: " STR_FMT,
			STR_ARG(who(p, inc->role[ROLE_COMMUNICATIONS])));
	buf_z(&p->out, "\n\n");
}

static void add_next(struct page *p)
{
	struct arena *a = p->c->arena;
	const struct rhythm_next next = rhythm_next(&p->state.incident, p->c->reading.now_ms, a);
	if (!next.text.len)
		return;
	buf_add(&p->out, caller_bold(p->c, str_fmt(a, "Next: " STR_FMT, STR_ARG(next.text))));
	if (next.why.len)
		buf_fmt(&p->out, " " STR_FMT, STR_ARG(safe(p, next.why)));
	if (next.verb)
		buf_fmt(&p->out, "\n      aplomb %s %s", next.verb->noun, next.verb->name);
	buf_z(&p->out, "\n\n");
}

static void add_rhythm(struct page *p)
{
	static const char *const marks[] = { "[ ]", "[>]", "[x]", "[!]", "[-]" };
	struct rhythm_step steps[RHYTHM_STEPS];
	rhythm_steps(&p->state.incident, p->c->reading.now_ms, steps);
	for (int i = 0; i < RHYTHM_STEPS; i++) {
		buf_fmt(&p->out, "%s%s %s", i % 5 ? "  " : "", marks[steps[i].state],
			steps[i].name);
		if (steps[i].due.ms)
			buf_fmt(&p->out, " " STR_FMT, STR_ARG(clock_of(p, steps[i].due)));
		if (i % 5 == 4)
			buf_c(&p->out, '\n');
	}
	buf_c(&p->out, '\n');
}

static void add_hypothesis(struct page *p)
{
	const struct hypothesis *h = incident_open_hypothesis(&p->state.incident);
	const char *is = "open";
	if (!h) {
		h = incident_confirmed_hypothesis(&p->state.incident);
		is = "confirmed";
	}
	if (!h)
		return;
	buf_fmt(&p->out, "Hypothesis %lld (%s): " STR_FMT "\n", (long long)h->number, is,
		STR_ARG(safe(p, h->cause)));
	if (h->prediction.len)
		buf_fmt(&p->out, "  expects: " STR_FMT "\n", STR_ARG(safe(p, h->prediction)));
	LIST_EACH (t, &h->tests)
		buf_fmt(&p->out, "  test %lld %s: " STR_FMT "\n", (long long)t->number,
			test_result_names[t->result], STR_ARG(safe(p, t->what)));
}

static void add_suspect(struct page *p)
{
	const struct ranking *r = &p->state.incident.ranking;
	if (!r->at.ms || incident_has_ended(&p->state.incident))
		return;
	if (r->none >= RANKING_NONE_FROM || !r->suspects.len)
		buf_fmt(&p->out, "What changed: no recent change explains this (%lld %%)\n",
			(long long)r->none);
	else
		buf_fmt(&p->out, "What changed: first suspect " STR_FMT " (%lld %%)\n",
			STR_ARG(safe(p, r->suspects.at[0].title)),
			(long long)r->suspects.at[0].share);
	buf_z(&p->out, "      aplomb changes --suspects\n");
}

static void add_moving(struct page *p)
{
	const struct incident *inc = &p->state.incident;
	const struct mitigation *m = incident_change_in_flight(inc);
	const struct freeze *f = incident_active_freeze(inc);
	const struct pause *pause = incident_active_pause(inc);
	if (pause)
		buf_fmt(&p->out, "Pause: called by " STR_FMT " since " STR_FMT "\n",
			STR_ARG(who(p, pause->by)), STR_ARG(clock_of(p, pause->since)));
	if (m)
		buf_fmt(&p->out, "Change in flight: " STR_FMT " (" STR_FMT " since " STR_FMT ")\n",
			STR_ARG(safe(p, m->what)), STR_ARG(who(p, m->run_by)),
			STR_ARG(clock_of(p, m->started)));
	if (f)
		buf_fmt(&p->out, "Frozen until " STR_FMT ": " STR_FMT "\n",
			STR_ARG(clock_of(p, f->until)), STR_ARG(safe(p, f->reason)));
	LIST_EACH (check, &inc->checks)
		if (!check->dropped)
			buf_fmt(&p->out, "Check %lld %s: " STR_FMT "\n", (long long)check->number,
				check->held.ms	  ? "held"
				: check->since.ms ? "holding"
						  : "not held",
				STR_ARG(safe(p, check->what)));
	if (inc->promised.ms) {
		int64_t left = inc->promised.ms - p->c->reading.now_ms;
		buf_fmt(&p->out, "Next update promised by " STR_FMT " (%s" STR_FMT ")\n",
			STR_ARG(clock_of(p, inc->promised)), left < 0 ? "late by " : "in ",
			STR_ARG(length_of(p, left)));
	}
	if (inc->resolution.len)
		buf_fmt(&p->out, "Resolved: " STR_FMT "\n", STR_ARG(safe(p, inc->resolution)));
}

/* How well word was kept: the measured lag, and what became of the promises. */
static void add_updates(struct page *p)
{
	const struct incident *inc = &p->state.incident;
	const struct update *last = NULL;
	long long kept = 0, late = 0;
	int64_t most_ms = 0;
	LIST_EACH (u, &inc->updates) {
		last = u;
		kept += u->promise == PROMISE_KEPT && u->next.ms;
		late += u->promise == PROMISE_LATE;
		most_ms = u->late_by.ms > most_ms ? u->late_by.ms : most_ms;
	}
	if (!last)
		return;
	buf_fmt(&p->out, "Last update: %lld at " STR_FMT, (long long)last->number,
		STR_ARG(clock_of(p, last->sent)));
	if (last->lag.ms)
		buf_fmt(&p->out, ", said " STR_FMT " after it changed",
			STR_ARG(length_of(p, last->lag.ms)));
	buf_c(&p->out, '\n');
	if (kept || late)
		buf_fmt(&p->out, "Promised updates: %lld kept, %lld late", kept, late);
	if (most_ms)
		buf_fmt(&p->out, ", at most by " STR_FMT, STR_ARG(length_of(p, most_ms)));
	if (kept || late)
		buf_c(&p->out, '\n');
}

/* `path` is where the reply came from; returns the exit code. */
static int print_json(struct page *p, const char *path)
{
	struct err e = { 0 };
	struct str told = str_fmt(p->c->arena, "%s/%lld", path, (long long)p->state.incident.id);
	if (known_in_reply(p->c, told, p->state.reply, &e))
		return caller_complain(p->c, &e);
	caller_put_json(p->c, p->state.reply, p->state.raw);
	return 0;
}

/* Colors are ours and everything else is safe already: past caller_say's cleaning. */
static void print_page(struct page *p)
{
	(void)fwrite(p->out.at ? p->out.at : "", 1, p->out.len, stdout);
}

static int read_page(struct page *p, const struct strs *words, struct err *e)
{
	int64_t n = 0;
	if (words->len > 1)
		return err_refuse(e, ERR_USAGE, "One incident at a time.");
	if (words->len && !args_incident(words->at[0], &p->c->args.incident))
		return err_refuse(e, ERR_USAGE, "'" STR_FMT "' is not the number of an incident.",
				  STR_ARG(str_clip(words->at[0], 60)));
	return caller_incident(p->c, &n, e) || state_read(p->c, n, &p->state, e) ? -1 : 0;
}

int run_incident(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct page p = { .c = c, .out = BUF(c->arena) };
	if (read_page(&p, words, &e))
		return caller_complain(c, &e);
	if (c->args.json)
		return print_json(&p, "/api/v1/incidents");
	p.state.people = state_people(c);
	add_head(&p);
	add_next(&p);
	add_rhythm(&p);
	add_suspect(&p);
	add_hypothesis(&p);
	add_moving(&p);
	add_updates(&p);
	print_page(&p);
	return 0;
}

int run_status(struct caller *c, const struct strs *words)
{
	return words->len || c->args.incident ? run_incident(c, words) : run_incidents(c, words);
}

int run_review(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct page p = { .c = c, .out = BUF(c->arena) };
	if (read_page(&p, words, &e))
		return caller_complain(c, &e);
	if (c->args.json) {
		struct str path = str_fmt(c->arena, "/api/v1/reviews/%lld",
					  (long long)p.state.incident.id);
		struct json *reply = NULL;
		if (caller_get(c, path, &reply, &p.state.raw, &e))
			return caller_complain(c, &e);
		p.state.reply = reply;
		return print_json(&p, "/api/v1/reviews");
	}
	const struct review *r = &p.state.incident.review;
	const struct {
		const char *name;
		struct str text;
	} parts[] = { { "Summary", r->summary },	   { "Impact", r->impact },
		      { "Root cause", r->root_cause },	   { "Factors", r->factors },
		      { "What went well", r->went_well },  { "What went poorly", r->went_poorly },
		      { "Where we were lucky", r->lucky }, { "Lessons", r->lessons } };
	p.state.people = state_people(c);
	add_head(&p);
	buf_fmt(&p.out, "Review: %s\n", review_state_names[r->state]);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].text.len) {
			buf_c(&p.out, '\n');
			buf_add(&p.out, caller_bold(c, str_of(parts[i].name)));
			buf_c(&p.out, '\n');
			clean_add(&p.out, parts[i].text);
			buf_c(&p.out, '\n');
		}
	LIST_EACH (x, &p.state.incident.actions)
		buf_fmt(&p.out, "\nAction %lld (%s): " STR_FMT, (long long)x->number,
			action_state_names[x->state], STR_ARG(safe(&p, x->title)));
	buf_z(&p.out, p.state.incident.actions.len ? "\n" : "");
	print_page(&p);
	return 0;
}
