/* SPDX-License-Identifier: Apache-2.0 */
/* expect: what an `expect` line reads. A word says where:
 *     state PATH is VALUE | has TEXT      PATH: member or list.N.member, from 1; desk.PATH for the desk
 *     next PREFIX                         of the next safest step
 *     said TEXT                           in a sentence that the line before added
 *     timeline TEXT, no timeline TEXT     in any sentence of the incident or the desk
 *     phase NAME
 *     rhythm STEP is STATE
 *     suspect N is TITLE                  in the ranking of recent changes, as it would be made now
 *     no suspect                          "no recent change explains this" is its answer
 *     because TEXT, or TEXT               in the refusal: what stands in the way, what to do instead
 *     made N                              the number of the thing made */
#include "base/when.h"
#include "story/stage.h"

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
static int read_path(const struct scene *s, struct str path, struct buf *out, struct err *e)
{
	struct str whole = path, name;
	bool on_desk = str_starts(path, STR("desk."));
	const struct field *table = on_desk ? desk_fields : incident_fields;
	const void *base = on_desk ? (const void *)s->desk : (const void *)s->incident;
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

static int expect_state(const struct scene *s, const struct strs *w, struct arena *a, struct err *e)
{
	struct buf b = BUF(a);
	if (w->len != 4 || (!str_is(w->at[2], "is") && !str_is(w->at[2], "has")))
		return err_fail(e, ERR_USAGE, "Write: expect state PATH is VALUE, or has TEXT.");
	if (read_path(s, w->at[1], &b, e))
		return -1;
	bool holds = str_is(w->at[2], "is") ? str_eq(buf_str(&b), w->at[3])
					    : contains(buf_str(&b), w->at[3]);
	return holds ? 0 : wrong(e, str_z(a, w->at[1]), w->at[3], buf_str(&b));
}

static bool is_told(const struct sentences *l, struct str text)
{
	LIST_EACH (s, l)
		if (contains(*s, text))
			return true;
	return false;
}

static int expect_said(const struct scene *s, struct str wanted, struct err *e)
{
	struct str last = s->told.len ? s->told.at[s->told.len - 1] : STR("nothing");
	return is_told(&s->told, wanted) ? 0 : wrong(e, "said", wanted, last);
}

static int expect_timeline(const struct scene *s, bool is_wanted, struct str text, struct err *e)
{
	if (is_told(&s->timeline, text) == is_wanted)
		return 0;
	return is_wanted ? wrong(e, "timeline", text, STR("no such sentence"))
			 : wrong(e, "no timeline", text, text);
}

static int expect_rhythm(const struct scene *s, const struct strs *w, struct err *e)
{
	if (w->len != 4 || !str_is(w->at[2], "is") || !s->incident)
		return err_fail(e, ERR_USAGE,
				"Write: expect rhythm STEP is STATE, in an incident.");
	LIST_EACH (step, &s->steps)
		if (str_eq(w->at[1], step->name))
			return str_eq(w->at[3], step->state)
				       ? 0
				       : wrong(e, "rhythm", w->at[3], step->state);
	return err_fail(e, ERR_USAGE, "There is no step " STR_FMT ".", STR_ARG(w->at[1]));
}

static struct ranked ranking_now(const struct scene *s, struct arena *a)
{
	struct ranked r;
	struct ranking_facts facts = { .incident = s->incident,
				       .changes = &s->changes,
				       .services = &s->desk->services,
				       .now_ms = s->now_ms };
	ranking_make(&facts, a, &r);
	return r;
}

static int expect_suspect(const struct scene *s, const struct strs *w, struct arena *a,
			  struct err *e)
{
	int64_t place = 0;
	if (!s->incident || w->len != 4 || !str_is(w->at[2], "is") ||
	    !str_to_int(w->at[1], &place) || place < 1)
		return err_fail(e, ERR_USAGE, "Write: expect suspect N is TITLE, in an incident.");
	struct ranked r = ranking_now(s, a);
	const struct suspect *at = INCIDENT_ITEM(r.suspects, place);
	struct str title = at ? at->title : STR("nothing"), wanted = w->at[3];
	if (r.none >= RANKING_NONE_FROM)
		return wrong(e, "suspect", wanted, STR("no recent change explains it"));
	return str_eq(wanted, title) ? 0 : wrong(e, "suspect", wanted, title);
}

static int expect_no_suspect(const struct scene *s, struct arena *a, struct err *e)
{
	if (!s->incident)
		return err_fail(e, ERR_USAGE, "There is no incident to find suspects for.");
	struct ranked r = ranking_now(s, a);
	return r.none >= RANKING_NONE_FROM
		       ? 0
		       : wrong(e, "no suspect", STR("no recent change explains it"),
			       r.suspects.at[0].title);
}

static int expect_same(const char *what, struct str wanted, struct str got, struct err *e)
{
	return str_eq(wanted, got) ? 0 : wrong(e, what, wanted, got);
}

static int expect_part(const char *what, struct str text, struct str wanted, struct err *e)
{
	return contains(text, wanted) ? 0 : wrong(e, what, wanted, text);
}

static int expect_one(const struct scene *s, struct str what, struct str wanted, struct arena *a,
		      struct err *e)
{
	if (str_is(what, "next"))
		return str_starts(s->next, wanted) ? 0 : wrong(e, "next", wanted, s->next);
	if (str_is(what, "said"))
		return expect_said(s, wanted, e);
	if (str_is(what, "timeline"))
		return expect_timeline(s, true, wanted, e);
	if (str_is(what, "phase"))
		return expect_same("phase", wanted, s->phase, e);
	if (str_is(what, "because"))
		return expect_part("because", str_of(s->refusal->text), wanted, e);
	if (str_is(what, "or"))
		return expect_part("or", str_of(s->refusal->next), wanted, e);
	if (str_is(what, "made"))
		return expect_same("made", wanted, str_fmt(a, "%lld", (long long)s->made), e);
	return err_fail(e, ERR_USAGE, "'" STR_FMT "' is nothing to expect.", STR_ARG(what));
}

static int expect(const struct scene *s, const struct strs *w, struct arena *a, struct err *e)
{
	struct str what = w->at[0], last = w->at[w->len - 1];
	if (str_is(what, "state"))
		return expect_state(s, w, a, e);
	if (str_is(what, "rhythm"))
		return expect_rhythm(s, w, e);
	if (str_is(what, "suspect"))
		return expect_suspect(s, w, a, e);
	if (str_is(what, "no") && w->len == 2 && str_is(last, "suspect"))
		return expect_no_suspect(s, a, e);
	if (str_is(what, "no") && w->len == 3 && str_is(w->at[1], "timeline"))
		return expect_timeline(s, false, last, e);
	if (str_is(what, "nothing") && w->len == 1)
		return s->told.len ? wrong(e, "told", (struct str){ NULL, 0 }, s->told.at[0]) : 0;
	if (w->len != 2)
		return err_fail(e, ERR_USAGE,
				"Expect " STR_FMT " takes one text; put it in quotes.",
				STR_ARG(what));
	return expect_one(s, what, last, a, e);
}

int scene_check(const struct scene *s, const struct story_line *l, struct arena *a, struct err *e)
{
	struct str wanted = l->words.at[0];
	const struct err *r = s->refusal;
	if (l->kind == STORY_EXPECT)
		return expect(s, &l->words, a, e);
	if (!r->code)
		return wrong(e, "refused", wanted, STR("it was done"));
	if (str_is(wanted, r->guard) || str_is(wanted, err_wire(r->code)))
		return 0;
	return wrong(e, "refused", wanted,
		     str_fmt(a, "%s %s: %s", err_wire(r->code), r->guard, r->text));
}
