/* SPDX-License-Identifier: Apache-2.0 */
/* action: what will be done so that it does not come again. An action has an owner and a date by the
 * time the review is published (review.c holds that rule); the last one settled closes the incident. */
#include "core/review.h"

extern const struct module action_module;

enum { DAY_MS = 24 * 3600 * 1000 };

struct action_add {
	struct str title, link;
	struct person owner;
	struct when due;
};
static const struct field action_add_fields[] = {
	FIELD(action_add, title, "what will be done", .required = true, .max = 200),
	FIELD(action_add, owner, "who does it", .suggest = "person"),
	FIELD(action_add, due, "until when"),
	FIELD(action_add, link, "where it is tracked", .max = 2000),
	END,
};

/* The edit command; also the body of action.added and action.edited. */
struct action_edit {
	int64_t action;
	struct str title, link;
	struct person owner;
	struct when due;
};
static const struct field action_edit_fields[] = {
	FIELD(action_edit, action, "its number", .required = true),
	FIELD(action_edit, title, "what will be done", .max = 200),
	FIELD(action_edit, owner, "who does it", .suggest = "person"),
	FIELD(action_edit, due, "until when"),
	FIELD(action_edit, link, "where it is tracked", .max = 2000),
	END,
};

struct action_done {
	int64_t action;
	struct str outcome;
};
static const struct field action_done_fields[] = {
	FIELD(action_done, action, "its number", .required = true),
	FIELD(action_done, outcome, "what came of it", .max = 2000, .lines = 2),
	END,
};

struct action_drop {
	int64_t action;
	struct str reason;
};
static const struct field action_drop_fields[] = {
	FIELD(action_drop, action, "its number", .required = true),
	FIELD(action_drop, reason, "why it will not be done", .required = true, .max = 2000),
	END,
};

struct action_settled {
	int64_t action;
	struct str title, outcome;
};
static const struct field action_settled_fields[] = {
	FIELD(action_settled, action, "its number"),
	FIELD(action_settled, title, "what it was"),
	FIELD(action_settled, outcome, "what came of it, or why it was dropped"),
	END,
};

static void added(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct action_edit *b = ev->body;
	struct action *a = LIST_ADD(inc->arena, &inc->actions);
	*a = (struct action){
		.number = b->action,
		.title = incident_keep(inc, b->title),
		.link = incident_keep(inc, b->link),
		.owner = { incident_keep(inc, b->owner.id) },
		.due = b->due,
	};
}

static void edited(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct action_edit *b = ev->body;
	struct action *a = INCIDENT_ITEM(inc->actions, b->action);
	if (!a)
		return;
	if (b->title.len)
		a->title = incident_keep(inc, b->title);
	if (b->link.len)
		a->link = incident_keep(inc, b->link);
	if (b->owner.id.len)
		a->owner.id = incident_keep(inc, b->owner.id);
	if (b->due.ms)
		a->due = b->due;
}

static void settle(struct incident *inc, const struct event *ev, int as)
{
	const struct action_settled *b = ev->body;
	struct action *a = INCIDENT_ITEM(inc->actions, b->action);
	if (!a)
		return;
	a->state = as;
	a->outcome = incident_keep(inc, b->outcome);
	a->settled.ms = ev->happened_ms;
}

static void done(void *state, const struct event *ev)
{
	settle(state, ev, ACTION_DONE);
}

static void dropped(void *state, const struct event *ev)
{
	settle(state, ev, ACTION_DROPPED);
}

enum { ADDED, EDITED, DONE, DROPPED };
static const struct event_type events[] = {
	[ADDED] = { "action.added", 1, action_edit_fields, sizeof(struct action_edit),
		    CLEAR_INTERNAL, "{actor} added action {action}: {title}[ ({owner})].", added },
	[EDITED] = { "action.edited", 1, action_edit_fields, sizeof(struct action_edit),
		     CLEAR_INTERNAL, "{actor} changed action {action}[: {title}][, owner {owner}].",
		     edited },
	[DONE] = { "action.done", 1, action_settled_fields, sizeof(struct action_settled),
		   CLEAR_INTERNAL, "{actor} finished action {action}: {title}[. {outcome}].",
		   done },
	[DROPPED] = { "action.dropped", 1, action_settled_fields, sizeof(struct action_settled),
		      CLEAR_INTERNAL,
		      "{actor} dropped action {action}: {title}. Reason: {outcome}.", dropped },
	END_EVENTS,
};

/* A date alone means midnight, so that today is still good. */
static int check_due(struct when due, int64_t now_ms, struct err *e)
{
	if (due.ms && due.ms < now_ms - DAY_MS)
		return err_field(e, "due", "The due date is in the past.");
	return 0;
}

static int decide_add(const void *state, const struct facts *f, const struct command *c,
		      struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct action_add *v = c->fields;
	struct person owner;
	if (incident_refuse_if_over(inc, e) || review_find_person(f->roster, v->owner, &owner, e) ||
	    check_due(v->due, f->now_ms, e))
		return -1;
	if (review_stands(inc) && (!owner.id.len || !v->due.ms))
		return err_field(
			e, owner.id.len ? "due" : "owner",
			"The review is published: an action needs an owner and a due date.");
	struct action_edit *b = decision_add(d, &events[ADDED]);
	*b = (struct action_edit){ .action = (int64_t)inc->actions.len + 1,
				   .title = v->title,
				   .link = v->link,
				   .owner = owner,
				   .due = v->due };
	d->made = b->action;
	return 0;
}

static const struct action *find_open(const struct incident *inc, int64_t number, struct err *e)
{
	const struct action *a = INCIDENT_ITEM(inc->actions, number);
	if (incident_refuse_if_over(inc, e))
		return NULL;
	if (!a && !inc->actions.len)
		err_refuse(e, ERR_NOT_FOUND, "There are no actions yet.");
	else if (!a)
		err_refuse(e, ERR_NOT_FOUND, "There is no action %lld. The newest is %lld.",
			   (long long)number, (long long)inc->actions.len);
	else if (a->state != ACTION_OPEN)
		err_refuse(e, ERR_CONFLICT, "Action %lld is %s already.", (long long)number,
			   action_state_names[a->state]);
	return a && a->state == ACTION_OPEN ? a : NULL;
}

static int decide_edit(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct action_edit *v = c->fields;
	struct person owner;
	if (!find_open(state, v->action, e) || review_find_person(f->roster, v->owner, &owner, e) ||
	    check_due(v->due, f->now_ms, e))
		return -1;
	if (!v->title.len && !v->link.len && !owner.id.len && !v->due.ms)
		return err_field(e, "title", "Say what should change: nothing was given.");
	struct action_edit *b = decision_add(d, &events[EDITED]);
	*b = *v;
	b->owner = owner;
	return 0;
}

static int64_t count_open(const struct incident *inc)
{
	int64_t n = 0;
	LIST_EACH (a, &inc->actions)
		n += a->state == ACTION_OPEN;
	return n;
}

static int decide_settle(const struct incident *inc, int as, const struct action_settled *what,
			 struct decision *d, struct err *e)
{
	const struct action *a = find_open(inc, what->action, e);
	if (!a)
		return -1;
	struct action_settled *b = decision_add(d, &events[as]);
	*b = *what;
	b->title = a->title;
	if (review_stands(inc) && count_open(inc) == 1)
		review_close(d, (int64_t)inc->actions.len);
	return 0;
}

static int decide_done(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct action_done *v = c->fields;
	(void)f;
	return decide_settle(state, DONE,
			     &(struct action_settled){ .action = v->action, .outcome = v->outcome },
			     d, e);
}

static int decide_drop(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct action_drop *v = c->fields;
	(void)f;
	return decide_settle(state, DROPPED,
			     &(struct action_settled){ .action = v->action, .outcome = v->reason },
			     d, e);
}

static const struct verb verbs[] = {
	{ "action", "add", "action", "Add an action",
	  "Notes what will be done so that it does not come again.", RIGHT_RESPOND, 0,
	  action_add_fields, sizeof(struct action_add), decide_add },
	{ "action", "edit", NULL, "Edit the action",
	  "Replaces what is given: title, owner, due date, link.", RIGHT_RESPOND, 0,
	  action_edit_fields, sizeof(struct action_edit), decide_edit },
	{ "action", "done", NULL, "Done", "Says that an action is done and what came of it.",
	  RIGHT_RESPOND, 0, action_done_fields, sizeof(struct action_done), decide_done },
	{ "action", "drop", NULL, "Drop", "Drops an action, with the reason.", RIGHT_RESPOND, 0,
	  action_drop_fields, sizeof(struct action_drop), decide_drop },
	END_VERBS,
};

const struct module action_module = { "action", &incident_stream, verbs, events, NULL, NULL };
