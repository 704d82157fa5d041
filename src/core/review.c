/* SPDX-License-Identifier: Apache-2.0 */
/* review: the blameless review of a resolved incident, from draft to publication, and the closing of
 * the incident. The draft's words: review_draft.c. Its actions: action.c. */
#include "core/review.h"

extern const struct module review_module;

enum { REVIEW_TEXT_BYTES = 20000 };

struct review_none {
	bool unused;
};
static const struct field review_none_fields[] = { END };

/* One shape for the edit command and its event: only what is given changes. */
struct review_edit {
	struct str summary, impact, root_cause, factors, went_well, went_poorly, lucky, lessons;
	struct person owner;
};
#define REVIEW_TEXT(m, h) FIELD(review_edit, m, h, .max = REVIEW_TEXT_BYTES, .lines = 6)
static const struct field review_edit_fields[] = {
	REVIEW_TEXT(summary, "what happened, for somebody who was not there"),
	REVIEW_TEXT(impact, "who could not do what, and for how long"),
	REVIEW_TEXT(root_cause, "why it happened, without naming a person"),
	REVIEW_TEXT(factors, "what made it possible, worse or harder to see"),
	REVIEW_TEXT(went_well, "what went well"),
	REVIEW_TEXT(went_poorly, "what went poorly"),
	REVIEW_TEXT(lucky, "where it was luck"),
	REVIEW_TEXT(lessons, "what was learned"),
	FIELD(review_edit, owner, "who brings it to publication", .suggest = "person"),
	END,
};

struct review_pick {
	int64_t entry;
	bool hidden;
};
static const struct field review_pick_fields[] = {
	FIELD(review_pick, entry, "the number of a timeline entry", .required = true),
	FIELD(review_pick, hidden, "leave it out"),
	END,
};

static const struct field review_drafted_fields[] = {
	FIELD(review_drafted, summary, "what happened"),
	FIELD(review_drafted, impact, "who could not do what"),
	FIELD(review_drafted, root_cause, "why"),
	FIELD(review_drafted, factors, "what contributed"),
	FIELD(review_drafted, went_well, "what went well"),
	FIELD(review_drafted, went_poorly, "what went poorly"),
	FIELD(review_drafted, timeline, "entries picked", .max = REVIEW_MAX_ENTRIES),
	FIELD(review_drafted, owner, "who brings it to publication"),
	END,
};

struct review_published {
	int64_t actions; /* open ones */
};
static const struct field review_published_fields[] = {
	FIELD(review_published, actions, "actions still open"),
	END,
};

struct incident_closed {
	struct str work; /* "3 actions settled" */
};
static const struct field incident_closed_fields[] = {
	FIELD(incident_closed, work, "what was settled"),
	END,
};

static void drafted(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct review_drafted *b = ev->body;
	struct when due = inc->review.due;
	inc->review = (struct review){
		.state = REVIEW_DRAFT,
		.summary = incident_keep(inc, b->summary),
		.impact = incident_keep(inc, b->impact),
		.root_cause = incident_keep(inc, b->root_cause),
		.factors = incident_keep(inc, b->factors),
		.went_well = incident_keep(inc, b->went_well),
		.went_poorly = incident_keep(inc, b->went_poorly),
		.timeline = incident_keep_all(inc, &b->timeline),
		.owner = { incident_keep(inc, b->owner.id) },
		.drafted = { ev->happened_ms },
		.due = due,
	};
}

static void replace(struct incident *inc, struct str *had, struct str said)
{
	if (said.len)
		*had = incident_keep(inc, said);
}

static void edited(void *state, const struct event *ev)
{
	struct incident *inc = state;
	const struct review_edit *b = ev->body;
	struct review *r = &inc->review;
	replace(inc, &r->summary, b->summary);
	replace(inc, &r->impact, b->impact);
	replace(inc, &r->root_cause, b->root_cause);
	replace(inc, &r->factors, b->factors);
	replace(inc, &r->went_well, b->went_well);
	replace(inc, &r->went_poorly, b->went_poorly);
	replace(inc, &r->lucky, b->lucky);
	replace(inc, &r->lessons, b->lessons);
	replace(inc, &r->owner.id, b->owner.id);
}

/* The list of picks without `entry`, and with it where `shown`, in order of number. */
static void repick(struct incident *inc, int64_t entry, bool shown)
{
	const struct strs *had = &inc->review.timeline;
	struct strs now = { ARENA_ARRAY(inc->arena, struct str, had->len + 1), 0 };
	for (size_t i = 0; i < had->len; i++) {
		int64_t n = 0;
		if (!str_to_int(had->at[i], &n) || n == entry)
			continue;
		if (shown && n > entry) {
			now.at[now.len++] = str_fmt(inc->arena, "%lld", (long long)entry);
			shown = false;
		}
		now.at[now.len++] = had->at[i];
	}
	if (shown)
		now.at[now.len++] = str_fmt(inc->arena, "%lld", (long long)entry);
	inc->review.timeline = now;
}

static void entry_shown(void *state, const struct event *ev)
{
	repick(state, ((const struct review_pick *)ev->body)->entry, true);
}

static void entry_hidden(void *state, const struct event *ev)
{
	repick(state, ((const struct review_pick *)ev->body)->entry, false);
}

static void published(void *state, const struct event *ev)
{
	struct incident *inc = state;
	inc->review.state = REVIEW_PUBLISHED;
	inc->review.published.ms = ev->happened_ms;
}

static void closed(void *state, const struct event *ev)
{
	struct incident *inc = state;
	inc->closed.ms = ev->happened_ms;
}

enum { DRAFTED, EDITED, ENTRY_SHOWN, ENTRY_HIDDEN, PUBLISHED, CLOSED };
static const struct event_type events[] = {
	[DRAFTED] = { "review.drafted", 1, review_drafted_fields, sizeof(struct review_drafted),
		      CLEAR_INTERNAL, "{actor} drafted the review[; {owner} owns it].", drafted },
	[EDITED] = { "review.edited", 1, review_edit_fields, sizeof(struct review_edit),
		     CLEAR_INTERNAL, "{actor} edited the review.", edited },
	[ENTRY_SHOWN] = { "review.entry_shown", 1, review_pick_fields, sizeof(struct review_pick),
			  CLEAR_INTERNAL, "{actor} put entry {entry} into the review.",
			  entry_shown },
	[ENTRY_HIDDEN] = { "review.entry_hidden", 1, review_pick_fields, sizeof(struct review_pick),
			   CLEAR_INTERNAL, "{actor} left entry {entry} out of the review.",
			   entry_hidden },
	[PUBLISHED] = { "review.published", 1, review_published_fields,
			sizeof(struct review_published), CLEAR_INTERNAL,
			"{actor} published the review[; actions still open: {actions}].",
			published },
	[CLOSED] = { "incident.closed", 1, incident_closed_fields, sizeof(struct incident_closed),
		     CLEAR_INTERNAL, "The incident is closed: its review is published[, {work}].",
		     closed },
	END_EVENTS,
};

bool review_stands(const struct incident *inc)
{
	return inc->review.state == REVIEW_PUBLISHED && inc->resolved.ms &&
	       inc->review.published.ms >= inc->resolved.ms;
}

void review_close(struct decision *d, int64_t settled)
{
	struct incident_closed *b = decision_add(d, &events[CLOSED]);
	if (settled)
		b->work = str_fmt(d->arena, "%lld action%s settled", (long long)settled,
				  settled == 1 ? "" : "s");
}

int review_find_person(const struct roster *roster, struct person who, struct person *id,
		       struct err *e)
{
	const struct roster_person *p = who.id.len ? roster_find(roster, who.id) : NULL;
	ARENA(a);
	struct buf all = BUF(&a);
	*id = p ? (struct person){ p->id } : who;
	if (p || !who.id.len)
		return 0;
	LIST_EACH (q, &roster->people) {
		buf_z(&all, all.len ? ", " : "");
		buf_add(&all, q->login);
	}
	return err_refuse(e, ERR_NOT_FOUND,
			  "Nobody here is called " STR_FMT ". There are: " STR_FMT ".",
			  STR_ARG(str_clip(who.id, 60)), STR_ARG(str_clip(buf_str(&all), 300)));
}

static int refuse_unless_resolved(const struct incident *inc, struct err *e)
{
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (inc->resolved.ms)
		return 0;
	err_refuse(e, ERR_CONFLICT, "The incident is not resolved yet.");
	err_next(e, "Resolve it first; a review looks back.");
	return -1;
}

static int refuse_unless_draft(const struct incident *inc, struct err *e)
{
	if (refuse_unless_resolved(inc, e))
		return -1;
	if (review_stands(inc))
		return err_refuse(e, ERR_CONFLICT, "The review is published already.");
	if (inc->review.state == REVIEW_DRAFT)
		return 0;
	err_refuse(e, ERR_CONFLICT, "There is no draft of the review yet.");
	err_next(e, "Draft it first; most of it is written from the facts.");
	return -1;
}

static int decide_draft(const void *state, const struct facts *f, const struct command *c,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	(void)c;
	if (refuse_unless_resolved(inc, e))
		return -1;
	if (inc->review.state == REVIEW_DRAFT || review_stands(inc)) {
		err_refuse(e, ERR_CONFLICT, "The review is %s already.",
			   inc->review.state == REVIEW_DRAFT ? "drafted" : "published");
		err_next(e,
			 "Edit it instead: what somebody wrote is never overwritten by a draft.");
		return -1;
	}
	review_draft(inc, f->roster, d->arena, decision_add(d, &events[DRAFTED]));
	return 0;
}

static int decide_edit(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct review_edit *v = c->fields;
	struct person owner;
	bool any = false;
	if (refuse_unless_draft(inc, e) || review_find_person(f->roster, v->owner, &owner, e))
		return -1;
	for (const struct field *row = review_edit_fields; row->name; row++)
		any |= !field_is_empty(row, v);
	if (!any)
		return err_field(e, "summary", "Say what should change: nothing was given.");
	struct review_edit *b = decision_add(d, &events[EDITED]);
	*b = *v;
	b->owner = owner;
	return 0;
}

static int decide_pick(const void *state, const struct facts *f, const struct command *c,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct review_pick *v = c->fields;
	(void)f;
	if (refuse_unless_draft(inc, e))
		return -1;
	if (v->entry < 1 || v->entry > inc->seq)
		return err_refuse(e, ERR_NOT_FOUND, "There is no entry %lld. The newest is %lld.",
				  (long long)v->entry, (long long)inc->seq);
	struct str text = str_fmt(d->arena, "%lld", (long long)v->entry);
	if (strs_has(&inc->review.timeline, text) != v->hidden)
		return err_refuse(e, ERR_CONFLICT, "Entry %lld is %s already.", (long long)v->entry,
				  v->hidden ? "left out" : "in the review");
	struct review_pick *b = decision_add(d, &events[v->hidden ? ENTRY_HIDDEN : ENTRY_SHOWN]);
	*b = *v;
	return 0;
}

static int refuse_unowned(const struct incident *inc, struct err *e)
{
	LIST_EACH (a, &inc->actions) {
		const char *lacks = !a->owner.id.len ? "owner" : !a->due.ms ? "due date" : NULL;
		if (a->state != ACTION_OPEN || !lacks)
			continue;
		err_refuse(e, ERR_CONFLICT, "Action %lld has no %s.", (long long)a->number, lacks);
		err_next(e, "Give it one, or drop it with a reason.");
		return -1;
	}
	return 0;
}

static int decide_publish(const void *state, const struct facts *f, const struct command *c,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	int64_t open = 0;
	(void)f, (void)c;
	if (refuse_unless_draft(inc, e))
		return -1;
	if (!str_trim(inc->review.summary).len)
		return err_field(e, "summary", "The review has no summary yet.");
	if (!str_trim(inc->review.root_cause).len)
		return err_field(e, "root_cause", "The review does not say why it happened yet.");
	if (refuse_unowned(inc, e))
		return -1;
	LIST_EACH (a, &inc->actions)
		open += a->state == ACTION_OPEN;
	struct review_published *b = decision_add(d, &events[PUBLISHED]);
	b->actions = open;
	if (!open)
		review_close(d, (int64_t)inc->actions.len);
	return 0;
}

static const struct verb verbs[] = {
	{ "review", "draft", "review", "Draft the review",
	  "Writes a first draft of the review from what is recorded.", RIGHT_RESPOND, 0,
	  review_none_fields, sizeof(struct review_none), decide_draft },
	{ "review", "edit", NULL, "Edit the review", "Replaces the parts that are given.",
	  RIGHT_RESPOND, 0, review_edit_fields, sizeof(struct review_edit), decide_edit },
	{ "review", "pick", NULL, "Choose an entry",
	  "Puts a timeline entry into the review, or leaves it out.", RIGHT_RESPOND, 0,
	  review_pick_fields, sizeof(struct review_pick), decide_pick },
	{ "review", "publish", NULL, "Publish the review",
	  "Publishes the review to the team; every open action needs an owner and a date.",
	  RIGHT_RESPOND, NEEDS_FRESH, review_none_fields, sizeof(struct review_none),
	  decide_publish },
	END_VERBS,
};

const struct module review_module = { "review", &incident_stream, verbs, events, NULL, NULL };
