/* SPDX-License-Identifier: Apache-2.0 */
/* expect: what an `expect` line reads. A word says where:
 *     state PATH is VALUE | has TEXT      PATH: member or list.N.member, from 1; desk.PATH for the desk
 *     next PREFIX                         of the next safest step
 *     said TEXT                           in a sentence that the line before added
 *     timeline TEXT, no timeline TEXT     in any sentence of the incident or the desk
 *     phase NAME
 *     rhythm STEP is STATE
 *     because TEXT, or TEXT               in the refusal: what stands in the way, what to do instead
 *     made N                              the number of the thing made */
#include "base/when.h"
#include "core/rhythm.h"
#include "story/play.h"

static int wrong(struct err *e, const char *what, struct str wanted, struct str got)
{
	return err_fail(e, ERR_FAILED, "%s: wanted \"" STR_FMT "\", got \"" STR_FMT "\".", what,
			STR_ARG(str_clip(wanted, 180)), STR_ARG(str_clip(got, 220)));
}

static bool contains(struct str s, struct str part)
{
	return str_find(s, part) != SIZE_MAX;
}

/* The text of the member at a path; -1 when the path leads nowhere. */
static int read_path(const struct play *p, struct str path, struct buf *out, struct err *e)
{
	struct str whole = path, name;
	bool on_desk = str_starts(path, STR("desk."));
	const struct field *table = on_desk ? desk_fields : incident_fields;
	const void *base = on_desk ? p->streams.at[0].state : (const void *)play_incident(p);
	if (on_desk)
		path = str_sub(path, 5, path.len);
	while (base && str_cut(&path, '.', &name)) {
		const struct field *f = field_find(table, name);
		int64_t n;
		struct str index;
		if (!f)
			break;
		const void *at = (const char *)base + f->at;
		if (f->kind != KIND_ITEMS || !path.at) {
			if (path.at)
				break;
			if (f->kind == KIND_WHEN)
				when_clock(out, ((const struct when *)at)->ms, 0);
			else
				field_print(f, base, out);
			if (f->kind == KIND_WHEN && !((const struct when *)at)->ms)
				out->len = 0;
			return 0;
		}
		const struct list *l = at;
		(void)str_cut(&path, '.', &index);
		if (!str_to_int(index, &n) || n < 1 || (size_t)n > l->len)
			break;
		base = (const char *)l->at + (size_t)(n - 1) * f->item_bytes;
		table = f->item;
	}
	return err_fail(e, ERR_FAILED, "There is no " STR_FMT " in the state.", STR_ARG(whole));
}

static int expect_state(const struct play *p, const struct strs *w, struct err *e)
{
	struct buf b = BUF(p->arena);
	if (w->len != 4 || (!str_is(w->at[2], "is") && !str_is(w->at[2], "has")))
		return err_fail(e, ERR_USAGE, "Write: expect state PATH is VALUE, or has TEXT.");
	if (read_path(p, w->at[1], &b, e))
		return -1;
	bool holds = str_is(w->at[2], "is") ? str_eq(buf_str(&b), w->at[3])
					    : contains(buf_str(&b), w->at[3]);
	return holds ? 0 : wrong(e, str_z(p->arena, w->at[1]), w->at[3], buf_str(&b));
}

static int expect_next(const struct play *p, struct str wanted, struct err *e)
{
	const struct incident *inc = play_incident(p);
	if (!inc)
		return err_fail(e, ERR_FAILED, "There is no incident yet.");
	struct str got = rhythm_next(inc, p->now_ms, p->arena).text;
	return str_starts(got, wanted) ? 0 : wrong(e, "next", wanted, got);
}

static int expect_said(const struct play *p, struct str wanted, struct err *e)
{
	LIST_EACH(s, &p->told)
	if (contains(*s, wanted))
		return 0;
	return wrong(e, "said", wanted, p->told.len ? p->told.at[p->told.len - 1] : STR("nothing"));
}

static bool on_timeline(const struct play *p, struct str text)
{
	for (size_t i = 0; i < p->streams.len; i++) {
		if (i != 0 && i != p->current)
			continue;
		LIST_EACH(ev, &p->streams.at[i].events)
		if (contains(play_tell(p, ev), text))
			return true;
	}
	return false;
}

static int expect_phase(const struct play *p, struct str wanted, struct err *e)
{
	const struct incident *inc = play_incident(p);
	const char *got = inc ? phase_names[incident_phase(inc)] : "none";
	return str_is(wanted, got) ? 0 : wrong(e, "phase", wanted, str_of(got));
}

static int expect_rhythm(const struct play *p, const struct strs *w, struct err *e)
{
	const struct incident *inc = play_incident(p);
	struct rhythm_step steps[RHYTHM_STEPS];
	if (w->len != 4 || !str_is(w->at[2], "is") || !inc)
		return err_fail(e, ERR_USAGE,
				"Write: expect rhythm STEP is STATE, in an incident.");
	rhythm_steps(inc, p->now_ms, p->arena, steps);
	for (int i = 0; i < RHYTHM_STEPS; i++)
		if (str_is(w->at[1], steps[i].name))
			return str_is(w->at[3], step_state_names[steps[i].state])
				       ? 0
				       : wrong(e, steps[i].name, w->at[3],
					       str_of(step_state_names[steps[i].state]));
	return err_fail(e, ERR_USAGE, "There is no step " STR_FMT ".", STR_ARG(w->at[1]));
}

static int expect_text(const char *what, const char *text, struct str wanted, struct err *e)
{
	return contains(str_of(text), wanted) ? 0 : wrong(e, what, wanted, str_of(text));
}

static int expect(struct play *p, const struct strs *w, struct err *e)
{
	struct str what = w->at[0], last = w->at[w->len - 1];
	if (str_is(what, "state"))
		return expect_state(p, w, e);
	if (str_is(what, "rhythm"))
		return expect_rhythm(p, w, e);
	if (str_is(what, "no") && w->len == 3 && str_is(w->at[1], "timeline"))
		return on_timeline(p, last) ? wrong(e, "no timeline", last, last) : 0;
	if (w->len != 2)
		return err_fail(e, ERR_USAGE,
				"Expect " STR_FMT " takes one text; put it in quotes.",
				STR_ARG(what));
	if (str_is(what, "next"))
		return expect_next(p, last, e);
	if (str_is(what, "said"))
		return expect_said(p, last, e);
	if (str_is(what, "timeline"))
		return on_timeline(p, last) ? 0
					    : wrong(e, "timeline", last, STR("no such sentence"));
	if (str_is(what, "phase"))
		return expect_phase(p, last, e);
	if (str_is(what, "because"))
		return expect_text("because", p->refusal.text, last, e);
	if (str_is(what, "or"))
		return expect_text("or", p->refusal.next, last, e);
	if (str_is(what, "made"))
		return str_eq(last, str_fmt(p->arena, "%lld", (long long)p->made))
			       ? 0
			       : wrong(e, "made", last,
				       str_fmt(p->arena, "%lld", (long long)p->made));
	return err_fail(e, ERR_USAGE, "'" STR_FMT "' is nothing to expect.", STR_ARG(what));
}

int play_check(struct play *p, const struct story_line *l, struct err *e)
{
	struct str wanted = l->words.at[0];
	if (l->kind == STORY_EXPECT)
		return expect(p, &l->words, e);
	if (!p->refusal.code)
		return wrong(e, "refused", wanted, STR("it was done"));
	if (str_is(wanted, p->refusal.guard) || str_is(wanted, err_wire(p->refusal.code)))
		return 0;
	return wrong(e, "refused", wanted,
		     str_fmt(p->arena, "%s %s: %s", err_wire(p->refusal.code), p->refusal.guard,
			     p->refusal.text));
}
