/* SPDX-License-Identifier: Apache-2.0 */
/* play: see play.h. */
#include "story/play.h"

#include "core/event.h"
#include "core/freeze_gate.h"
#include "core/rhythm.h"
#include "core/tell.h"
#include "core/words.h"

enum { MOST_TICKS = 10000 }; /* a story that needs more has a deadline that never passes */

static struct play_stream *stream_add(struct play *p, const struct stream_type *type)
{
	bool is_change = type == &change_stream;
	struct play_streams *all = is_change ? &p->changes : &p->streams;
	int64_t id = is_change ? -(int64_t)all->len - 1 : (int64_t)all->len;
	struct play_stream *s = LIST_ADD(p->arena, all);
	*s = (struct play_stream){ .id = id,
				   .type = type,
				   .fields = is_change		    ? change_fields
					     : type == &desk_stream ? desk_fields
								    : incident_fields,
				   .state = core_blank(id, p->arena) };
	return s;
}

static int64_t state_seq(const struct play_stream *s)
{
	return *core_seq(s->type, s->state);
}

void play_open(struct play *p, const struct story *story, struct arena *a)
{
	*p = (struct play){ .arena = a, .story = story };
	(void)stream_add(p, &desk_stream);
}

static struct str person_name(const void *roster, struct str id)
{
	return roster_name(roster, id);
}

struct str play_tell(const struct play *p, const struct event *ev)
{
	struct names names = { .person = person_name,
			       .ctx = &p->story->roster,
			       .now_ms = p->now_ms };
	struct buf b = BUF(p->arena);
	event_tell(ev, &names, CLEAR_INTERNAL, &b);
	return buf_str(&b);
}

/* x -> text -> x, twice: both texts and both bodies have to be the same. */
static int check_text(const struct event *ev, struct arena *a, const void **decoded, struct err *e)
{
	struct event again = *ev;
	struct str text = event_encode(a, ev);
	if (event_decode(a, ev->type, text, decoded, e))
		return err_context(e, "%s does not decode", ev->type->name);
	again.body = *decoded;
	if (!str_eq(text, event_encode(a, &again)) ||
	    !fields_equal(ev->type->fields, ev->body, *decoded))
		return err_fail(e, ERR_FAILED, "%s changes between its body and its text.",
				ev->type->name);
	return 0;
}

static int check_fold(const struct play_stream *s, struct err *e)
{
	ARENA(a);
	void *again = core_blank(s->id, &a);
	LIST_EACH (ev, &s->events) {
		const void *body;
		struct event read = *ev;
		if (check_text(ev, &a, &body, e))
			return -1;
		read.body = body;
		core_evolve(s->type, again, &read);
	}
	if (!fields_equal(s->fields, again, s->state))
		return err_fail(e, ERR_FAILED,
				"The fold of all events differs from the state, last event %s.",
				s->events.len ? s->events.at[s->events.len - 1].type->name
					      : "none");
	return 0;
}

static int append(struct play *p, struct play_stream *s, struct str actor, const struct decision *d,
		  struct err *e)
{
	LIST_EACH (pending, &d->events) {
		struct event *ev = LIST_ADD(p->arena, &s->events);
		void *body = arena_alloc(p->arena, pending->type->size);
		fields_copy(pending->type->fields, body, pending->body, pending->type->size,
			    p->arena);
		*ev = (struct event){
			.pos = 1,
			.stream = s->id,
			.seq = state_seq(s) + 1,
			.recorded_ms = p->now_ms,
			.happened_ms = pending->happened_ms ? pending->happened_ms : p->now_ms,
			.actor = actor,
			.type = pending->type,
			.body = body,
		};
		core_evolve(s->type, s->state, ev);
		*LIST_ADD(p->arena, &p->told) = play_tell(p, ev);
	}
	return check_fold(s, e);
}

static struct list open_incidents(const struct play *p, struct arena *a)
{
	LIST_OF(struct open_incident) open = { 0 };
	for (size_t i = 1; i < p->streams.len; i++) {
		const struct incident *inc = p->streams.at[i].state;
		if (!incident_is_open(inc))
			continue;
		struct open_incident *o = LIST_ADD(a, &open);
		struct strs alerts = { ARENA_ARRAY(a, struct str, inc->alerts.len + 1), 0 };
		LIST_EACH (alert, &inc->alerts)
			alerts.at[alerts.len++] = alert->fingerprint;
		*o = (struct open_incident){ p->streams.at[i].id, inc->title, inc->services,
					     alerts };
	}
	return (struct list){ open.at, open.len, open.cap };
}

static struct facts facts_for(const struct play *p, struct str actor, const struct list *open)
{
	const struct roster_person *who = actor.len ? roster_find(&p->story->roster, actor) : NULL;
	return (struct facts){
		.now_ms = p->now_ms,
		.actor = actor,
		.right = who ? who->right : RIGHT_ADMIN,
		.roster = &p->story->roster,
		.policy = &policy_default,
		.alerts = p->alerts.at,
		.alert_count = p->alerts.len,
		.open = open,
	};
}

/* Decides on one stream; the state must be the same afterwards. A refusal goes to p->refusal. */
static int decide(struct play *p, const struct play_stream *s, const struct command *cmd,
		  struct decision *d, struct err *e)
{
	struct list open = open_incidents(p, d->arena);
	struct facts facts = facts_for(p, cmd->actor, &open);
	void *before = arena_alloc(d->arena, s->type->state_size);
	fields_copy(s->fields, before, s->state, s->type->state_size, d->arena);
	p->refusal = (struct err){ 0 };
	int rc = core_decide(s->state, &facts, cmd, d, &p->refusal);
	if (!fields_equal(s->fields, before, s->state))
		return err_fail(e, ERR_FAILED, "Deciding '%s %s' wrote into the state.",
				cmd->verb->noun, cmd->verb->name);
	if (rc && (d->events.len || !p->refusal.code || !p->refusal.text[0]))
		return err_fail(e, ERR_FAILED,
				"'%s %s' was refused without a sentence, or half done.",
				cmd->verb->noun, cmd->verb->name);
	return 0;
}

/* Decides what a command leaves for other streams; the caller appends only when all of it is done. */
static int decide_follows(struct play *p, const struct command *cmd, const struct decision *d,
			  struct decision *then, struct err *e)
{
	for (size_t i = 0; i < d->follows.len && !p->refusal.code; i++) {
		const struct follow *f = &d->follows.at[i];
		struct command next = { .verb = f->verb,
					.stream = f->stream,
					.actor = cmd->actor,
					.fields = f->fields };
		if (f->stream < 0 || (size_t)f->stream >= p->streams.len)
			(void)err_refuse(&p->refusal, ERR_NOT_FOUND, "There is no INC-%lld.",
					 (long long)f->stream);
		else if (decide(p, &p->streams.at[f->stream], &next, &then[i], e))
			return -1;
	}
	return 0;
}

static int run(struct play *p, struct play_stream *s, struct command *cmd, struct err *e)
{
	ARENA(a);
	struct decision d = { .arena = &a };
	cmd->stream = s->id;
	cmd->seen_seq = state_seq(s);
	if (decide(p, s, cmd, &d, e))
		return -1;
	struct decision *then = ARENA_ARRAY(&a, struct decision, d.follows.len);
	for (size_t i = 0; i < d.follows.len; i++)
		then[i].arena = &a;
	p->made = d.made;
	if (p->refusal.code)
		return 0;
	if (decide_follows(p, cmd, &d, then, e))
		return -1;
	if (p->refusal.code)
		return 0;
	if (append(p, s, cmd->actor, &d, e))
		return -1;
	for (size_t i = 0; i < d.follows.len; i++)
		if (append(p, &p->streams.at[d.follows.at[i].stream], cmd->actor, &then[i], e))
			return -1;
	return 0;
}

static int tick(struct play *p, struct play_stream *s, struct err *e)
{
	ARENA(a);
	struct decision d = { .arena = &a };
	struct list open = open_incidents(p, &a);
	struct facts facts = facts_for(p, (struct str){ 0 }, &open);
	core_tick(s->type, s->state, &facts, &d);
	if (append(p, s, (struct str){ 0 }, &d, e))
		return -1;
	if (core_due(s->type, s->state) <= p->now_ms)
		return err_fail(e, ERR_FAILED, "After a tick something is still due.");
	return 0;
}

/* Runs what is due until then, in order, then sets the clock. Failures of a property: -1. */
static int play_until(struct play *p, int64_t at_ms, struct err *e)
{
	for (int n = 0; n < MOST_TICKS; n++) {
		size_t first = 0;
		int64_t due = NOTHING_DUE;
		for (size_t i = 0; i < p->streams.len; i++) {
			int64_t at = core_due(p->streams.at[i].type, p->streams.at[i].state);
			if (at < due) {
				due = at;
				first = i;
			}
		}
		if (due > at_ms) {
			p->now_ms = at_ms;
			return 0;
		}
		if (due > p->now_ms)
			p->now_ms = due;
		if (tick(p, &p->streams.at[first], e))
			return -1;
	}
	return err_fail(e, ERR_FAILED, "Ticks do not come to an end.");
}

/* The newest open incident; else the newest that is not over; else the newest. */
static size_t newest(const struct play *p)
{
	for (size_t i = p->streams.len; i-- > 1;)
		if (incident_is_open(p->streams.at[i].state))
			return i;
	for (size_t i = p->streams.len; i-- > 1;)
		if (!incident_has_ended(p->streams.at[i].state))
			return i;
	return p->streams.len - 1;
}

static size_t pick_stream(struct play *p, const struct words_command *w)
{
	int64_t asked = 0;
	if (verb_stream(w->verb) == &desk_stream)
		return 0;
	LIST_EACH (o, &w->options)
		if (!str_to_int(o->value, &asked) || asked < 1 || (size_t)asked >= p->streams.len)
			return SIZE_MAX;
	if (asked)
		return (size_t)asked;
	if (w->verb->traits & MAKES_STREAM) {
		(void)stream_add(p, &incident_stream);
		return p->streams.len - 1;
	}
	return p->streams.len > 1 ? newest(p) : SIZE_MAX;
}

/* As the engine does: news with a key that is known is of that change. */
static int tell_change(struct play *p, struct command *cmd, struct err *e)
{
	const struct change_news *n = cmd->fields;
	LIST_EACH (s, &p->changes) {
		if (!n->key.len || !str_eq(((const struct change *)s->state)->key, n->key))
			continue;
		cmd->verb = verb_find_internal(STR("change"), STR("follow"));
		return run(p, s, cmd, e);
	}
	struct play_stream *s = stream_add(p, &change_stream);
	if (run(p, s, cmd, e))
		return -1;
	if (p->refusal.code)
		p->changes.len--;
	return 0;
}

static int command(struct play *p, const struct story_line *l, struct err *e)
{
	static const struct words_flag own[] = { { "incident", 'i', true }, { .name = NULL } };
	struct reading reading = { .arena = p->arena, .now_ms = p->now_ms };
	struct words_command w;
	p->refusal = (struct err){ 0 };
	if (words_to_command(&l->words, own, &reading, &w, &p->refusal))
		return 0;
	struct command cmd = { .verb = w.verb,
			       .actor = l->who,
			       .override_reason = w.because,
			       .claim = w.accept,
			       .fields = w.fields };
	if (verb_stream(w.verb) == &change_stream)
		return tell_change(p, &cmd, e);
	size_t stream = pick_stream(p, &w);
	if (stream == SIZE_MAX) {
		(void)err_refuse(&p->refusal, ERR_NOT_FOUND, "There is no such incident.");
		return 0;
	}
	if (run(p, &p->streams.at[stream], &cmd, e))
		return -1;
	if (p->refusal.code && w.verb->traits & MAKES_STREAM)
		p->streams.len--; /* what was refused was never made */
	else if (stream)
		p->current = stream;
	return 0;
}

static bool holds(const struct incident *inc, struct str fingerprint)
{
	LIST_EACH (a, &inc->alerts)
		if (str_eq(a->fingerprint, fingerprint))
			return true;
	return false;
}

/* The internal verb's fields, by name: the runner knows no room's structs. */
static int alert_change(struct play *p, const struct alert_fact *a, struct command *cmd,
			struct err *e)
{
	const struct field *rows = cmd->verb->fields;
	void *fields = arena_alloc(p->arena, cmd->verb->size);
	struct reading r = { .arena = p->arena, .now_ms = p->now_ms };
	cmd->fields = fields;
	if (field_parse(field_find(rows, STR("fingerprint")), fields, a->fingerprint, &r, e) ||
	    field_parse(field_find(rows, STR("firing")), fields,
			a->is_firing ? STR("yes") : STR("no"), &r, e))
		return -1;
	return field_parse(field_find(rows, STR("at")), fields, STR("+0m"), &r, e);
}

/* Desk state changes; each incident that holds the alert hears of it. */
static int alert(struct play *p, const struct story_line *l, struct err *e)
{
	const struct alert_fact *a = story_alert(&p->alerts, l, p->arena, e);
	const struct verb *v = verb_find_internal(STR("alert"), STR("change"));
	if (!a)
		return -1;
	if (!v)
		return err_fail(e, ERR_FAILED, "There is no internal verb 'alert change'.");
	for (size_t i = 1; i < p->streams.len; i++) {
		if (!holds(p->streams.at[i].state, a->fingerprint))
			continue;
		struct command cmd = { .verb = v };
		if (alert_change(p, a, &cmd, e) || run(p, &p->streams.at[i], &cmd, e))
			return -1;
		if (p->refusal.code)
			return err_fail(e, ERR_FAILED, "alert change was refused: %s",
					p->refusal.text);
	}
	return 0;
}

/* A closed gate is the line's refusal; what is told of it is told all the same. */
static void conclude_gate(struct play *p, const struct gate_ask *ask, struct gate_answer *answer)
{
	gate_conclude(ask, p->now_ms, p->arena, answer);
	if (answer->stops.len)
		p->current = (size_t)answer->stops.at[0].incident;
	if (answer->is_open)
		return;
	(void)err_refuse(&p->refusal, ERR_GATE, STR_FMT, STR_ARG(answer->said));
	err_next(&p->refusal, STR_FMT, STR_ARG(answer->next));
}

static int gate(struct play *p, const struct story_line *l, struct err *e)
{
	struct gate_ask ask;
	struct gate_answer answer = { 0 };
	if (story_gate(l, p->arena, &ask, e))
		return -1;
	struct command cmd = { .verb = verb_find_internal(STR("freeze"), STR("ask")),
			       .fields = &ask };
	for (size_t i = 1; i < p->streams.len; i++) {
		struct gate_look look = { p->streams.at[i].state, &p->story->roster, p->now_ms,
					  p->arena };
		struct gate_stop stop;
		if (!gate_ask_incident(&look, &ask, &stop))
			continue;
		*LIST_ADD(p->arena, &answer.stops) = stop;
		if (run(p, &p->streams.at[i], &cmd, e))
			return -1;
	}
	conclude_gate(p, &ask, &answer);
	return 0;
}

static int do_line(struct play *p, const struct story_line *l, struct err *e)
{
	switch (l->kind) {
	case STORY_COMMAND:
		return command(p, l, e);
	case STORY_ALERT:
		return alert(p, l, e);
	case STORY_GATE:
		return gate(p, l, e);
	case STORY_TEAM:
	case STORY_TICK:
	case STORY_EXPECT:
	case STORY_REFUSED:
		break;
	}
	return 0;
}

/* What is due by itself now follows at once, as it does in a server. */
static int line(void *ctx, const struct story_line *l, struct err *e)
{
	struct play *p = ctx;
	p->told.len = 0;
	p->refusal = (struct err){ 0 };
	if (play_until(p, l->at_ms, e) || do_line(p, l, e))
		return -1;
	return play_until(p, l->at_ms, e);
}

static void look_at_incident(const struct play *p, struct scene *s)
{
	struct rhythm_step steps[RHYTHM_STEPS];
	s->incident = p->streams.at[p->current].state;
	s->next = rhythm_next(s->incident, p->now_ms, p->arena).text;
	s->phase = str_of(phase_names[incident_phase(s->incident)]);
	rhythm_steps(s->incident, p->now_ms, steps);
	for (size_t i = 0; i < RHYTHM_STEPS; i++)
		*LIST_ADD(p->arena, &s->steps) = (struct scene_step){
			str_of(steps[i].name), str_of(step_state_names[steps[i].state])
		};
}

static int look(void *ctx, struct scene *s, struct err *e)
{
	const struct play *p = ctx;
	(void)e;
	s->desk = p->streams.at[0].state;
	s->refusal = &p->refusal;
	s->made = p->made;
	if (p->current)
		look_at_incident(p, s);
	LIST_EACH (t, &p->told)
		*LIST_ADD(p->arena, &s->told) = *t;
	s->now_ms = p->now_ms;
	LIST_EACH (c, &p->changes) {
		*LIST_ADD(p->arena, &s->changes) = *(const struct change *)c->state;
		LIST_EACH (ev, &c->events)
			*LIST_ADD(p->arena, &s->timeline) = play_tell(p, ev);
	}
	for (size_t i = 0; i < p->streams.len; i++) {
		if (i != 0 && i != p->current)
			continue;
		LIST_EACH (ev, &p->streams.at[i].events)
			*LIST_ADD(p->arena, &s->timeline) = play_tell(p, ev);
	}
	return 0;
}

struct stage play_stage(struct play *p)
{
	return (struct stage){ p->arena, p, &p->refusal, line, look };
}
