/* SPDX-License-Identifier: Apache-2.0 */
/* story: see story.h. */
#include "story/story.h"

#include "core/words.h"

enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 60 * MINUTE_MS };
static const int64_t story_day_ms = 1772409600000; /* Monday, 2 March 2026, 00:00 UTC */

struct reader {
	struct story *story;
	struct arena *arena;
	int64_t now_ms;
	int number;
};

static struct roster_person *person_of(const struct reader *r, struct str login)
{
	LIST_EACH (p, &r->story->roster.people)
		if (str_eq(p->login, login))
			return p;
	struct roster_person *p = LIST_ADD(r->arena, &r->story->roster.people);
	struct str name = str_copy(r->arena, login);
	if (name.len && name.at[0] >= 'a' && name.at[0] <= 'z')
		name = str_fmt(r->arena, "%c" STR_FMT, name.at[0] - 32,
			       STR_ARG(str_sub(name, 1, name.len)));
	*p = (struct roster_person){ login, login, name, RIGHT_RESPOND };
	return p;
}

static int read_clock(struct reader *r, struct str word, struct err *e)
{
	int64_t hour, minute;
	if (word.len != 5 || word.at[2] != ':' || !str_to_int(str_sub(word, 0, 2), &hour) ||
	    !str_to_int(str_sub(word, 3, 2), &minute) || hour > 23 || minute > 59)
		return err_refuse(e, ERR_USAGE, "'" STR_FMT "' is no time such as 14:03.",
				  STR_ARG(word));
	int64_t in_day = (hour * 60 + minute) * MINUTE_MS;
	int64_t day = r->now_ms - r->now_ms % DAY_MS;
	r->now_ms = day + in_day < r->now_ms ? day + in_day + DAY_MS : day + in_day;
	return 0;
}

static int read_team(const struct reader *r, const struct strs *words, struct err *e)
{
	if (words->len < 2 || words->len > 3)
		return err_refuse(e, ERR_USAGE, "Write: team LOGIN [NAME] RIGHT.");
	struct roster_person *p = person_of(r, words->at[0]);
	struct str right = words->at[words->len - 1];
	if (words->len == 3)
		p->name = words->at[1];
	for (int i = 0; i <= RIGHT_ADMIN; i++)
		if (str_is(right, right_names[i])) {
			p->right = (enum right)i;
			return 0;
		}
	return err_refuse(e, ERR_USAGE, "'" STR_FMT "' is no right: viewer, responder or admin.",
			  STR_ARG(right));
}

static struct strs from(const struct strs *words, size_t first)
{
	size_t n = words->len > first ? words->len - first : 0;
	return (struct strs){ n ? words->at + first : NULL, n };
}

/* An indented line. */
static int read_check(const struct reader *r, const struct strs *words, struct story_line *l,
		      struct err *e)
{
	bool expects = str_is(words->at[0], "expect");
	if (!expects && !str_is(words->at[0], "refused"))
		return err_refuse(e, ERR_USAGE, "An indented line begins with expect or refused.");
	if (words->len < 2 || (!expects && words->len > 2))
		return err_refuse(e, ERR_USAGE, expects ? "Expect what?" : "Write: refused NAME.");
	if (r->story->lines.len < 2)
		return err_refuse(e, ERR_USAGE, "There is no line before to check.");
	l->kind = expects ? STORY_EXPECT : STORY_REFUSED;
	l->words = from(words, 1);
	return 0;
}

static int read_step(struct reader *r, const struct strs *words, struct story_line *l,
		     struct err *e)
{
	if (read_clock(r, words->at[0], e))
		return -1;
	if (words->len < 2)
		return err_refuse(e, ERR_USAGE, "Who does what at " STR_FMT "?",
				  STR_ARG(words->at[0]));
	struct str second = words->at[1];
	l->words = from(words, 2);
	if (str_is(second, "team")) {
		l->kind = STORY_TEAM;
		return read_team(r, &l->words, e);
	}
	if (str_is(second, "alert")) {
		l->kind = STORY_ALERT;
		return l->words.len ? 0 : err_refuse(e, ERR_USAGE, "Which alert?");
	}
	if (str_is(second, "gate")) {
		l->kind = STORY_GATE;
		return l->words.len > 1
			       ? 0
			       : err_refuse(e, ERR_USAGE, "Write: gate SERVICE CHANGE, or -.");
	}
	if (str_is(second, "tick")) {
		l->kind = STORY_TICK;
		return 0;
	}
	l->kind = STORY_COMMAND;
	l->who = second;
	(void)person_of(r, second);
	return l->words.len ? 0 : err_refuse(e, ERR_USAGE, STR_FMT " does what?", STR_ARG(second));
}

static int read_line(struct reader *r, struct str text, struct err *e)
{
	struct strs words;
	bool is_indented = text.len && (text.at[0] == ' ' || text.at[0] == '\t');
	text = str_trim(text);
	if (!text.len || text.at[0] == '#')
		return 0;
	if (words_split(r->arena, text, &words, e))
		return -1;
	struct story_line *l = LIST_ADD(r->arena, &r->story->lines);
	l->number = r->number;
	if (is_indented ? read_check(r, &words, l, e) : read_step(r, &words, l, e))
		return -1;
	l->at_ms = r->now_ms;
	return 0;
}

int story_parse(struct str name, struct str text, struct arena *a, struct story *out, struct err *e)
{
	struct reader r = { .story = out, .arena = a, .now_ms = story_day_ms };
	struct str line;
	*out = (struct story){ .name = name };
	person_of(&r, STR("root"))->right = RIGHT_ADMIN;
	while (str_cut(&text, '\n', &line)) {
		r.number++;
		if (read_line(&r, line, e))
			return err_context(e, "line %d", r.number);
	}
	return 0;
}

static struct alert_fact *alert_named(struct story_alerts *alerts, const struct story_line *l,
				      struct arena *arena)
{
	struct str name = l->words.at[0];
	LIST_EACH (a, alerts)
		if (str_eq(a->fingerprint, name))
			return a;
	struct alert_fact *a = LIST_ADD(arena, alerts);
	*a = (struct alert_fact){ .fingerprint = name, .name = name, .started_ms = l->at_ms };
	return a;
}

struct alert_fact *story_alert(struct story_alerts *alerts, const struct story_line *l,
			       struct arena *arena, struct err *e)
{
	struct alert_fact *a = alert_named(alerts, l, arena);
	bool was_firing = a->is_firing;
	a->is_firing = true;
	for (size_t i = 1; i < l->words.len; i++) {
		struct str value = l->words.at[i], key;
		(void)str_cut(&value, '=', &key);
		if (str_is(key, "service"))
			a->service = value;
		else if (str_is(key, "summary"))
			a->summary = value;
		else if (str_is(key, "resolved") || str_is(key, "firing"))
			a->is_firing = str_is(key, "firing");
		else {
			err_refuse(
				e, ERR_USAGE,
				"An alert has service=, summary=, firing or resolved, not '" STR_FMT
				"'.",
				STR_ARG(key));
			return NULL;
		}
	}
	if (a->is_firing && !was_firing)
		a->started_ms = l->at_ms;
	return a;
}

int story_gate(const struct story_line *l, struct arena *a, struct gate_ask *out, struct err *e)
{
	*out = (struct gate_ask){ .what = l->words.at[1], .via = STR("story") };
	if (!str_is(l->words.at[0], "-"))
		out->services = strs_split(a, l->words.at[0], ',');
	for (size_t i = 2; i < l->words.len; i++) {
		struct str value = l->words.at[i], key;
		(void)str_cut(&value, '=', &key);
		if (str_is(key, "who"))
			out->who = value;
		else if (str_is(key, "rollback"))
			out->rollback = true;
		else
			return err_refuse(e, ERR_USAGE,
					  "A question has who= or rollback, not '" STR_FMT "'.",
					  STR_ARG(key));
	}
	return 0;
}
