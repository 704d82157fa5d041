/* SPDX-License-Identifier: Apache-2.0 */
/* page_review: the review of one incident: a draft to edit, or, once published, a page to read and print. Its forms post to
 * page_form.c. */
#include "base/markdown.h"
#include "core/review.h"
#include "core/tell.h"
#include "ui.h"
#include "web/forms.h"
#include "web/inside.h"

struct review_part {
	struct str heading;
	struct html text;
};
static const struct field review_part_fields[] = {
	FIELD(review_part, heading, "which part"),
	FIELD(review_part, text, "what it says"),
	END,
};
struct review_entry {
	int64_t entry;
	struct when at;
	struct str said;
	bool is_picked;
};
static const struct field review_entry_fields[] = {
	FIELD(review_entry, entry, "its number in the timeline"),
	FIELD(review_entry, at, "when it happened"),
	FIELD(review_entry, said, "what it says"),
	FIELD(review_entry, is_picked, "it is in the review"),
	END,
};
struct review_action {
	int64_t number;
	struct str what, link, outcome;
	struct person owner;
	struct when due, settled;
	int state;
	bool is_open, is_late, is_web;
};
static const struct field review_action_fields[] = {
	FIELD(review_action, number, "its number"),
	FIELD(review_action, what, "what is to be done"),
	FIELD(review_action, link, "where it is tracked"),
	FIELD(review_action, outcome, "what came of it"),
	FIELD(review_action, owner, "who does it"),
	FIELD(review_action, due, "by when"),
	FIELD(review_action, settled, "when it was done or dropped"),
	CHOICE(review_action, state, action_state, "how it stands"),
	FIELD(review_action, is_open, "it is open"),
	FIELD(review_action, is_late, "it is late"),
	FIELD(review_action, is_web, "the link is a web address"),
	END,
};
struct review_view {
	struct frame frame;
	struct str name;
	int severity;
	int64_t incident, seen, action_count, picked_count;
	struct when started, declared, resolved, due, published;
	struct person owner, lead;
	LIST_OF(struct review_part) parts;
	LIST_OF(struct review_entry) entries;
	LIST_OF(struct review_action) actions;
	struct html form, action_form;
	struct str cause;
	int64_t cause_first, cause_last; /* its places in the rankings; 0 = not among theirs */
	bool is_draft, is_published, may_draft, may_edit, may_act;
};
extern const struct field review_view_fields[];
const struct field review_view_fields[] = {
	FRAME_FIELDS(review_view),
	FIELD(review_view, name, "the incident's title"),
	CHOICE(review_view, severity, severity, "how bad it was"),
	FIELD(review_view, incident, "its number"),
	FIELD(review_view, seen, "its last entry"),
	FIELD(review_view, action_count, "how many actions there are"),
	FIELD(review_view, picked_count, "how many entries are in the review"),
	FIELD(review_view, started, "when it began"),
	FIELD(review_view, declared, "when it was declared"),
	FIELD(review_view, resolved, "when it was resolved"),
	FIELD(review_view, due, "when the review is due"),
	FIELD(review_view, published, "when it was published"),
	FIELD(review_view, owner, "who brings it to publication"),
	FIELD(review_view, lead, "who led"),
	ITEMS(review_view, parts, review_part, "the texts, where it is not edited here"),
	ITEMS(review_view, entries, review_entry, "the timeline"),
	ITEMS(review_view, actions, review_action, "what follows"),
	FIELD(review_view, form, "the texts to edit"),
	FIELD(review_view, cause, "the change that set it off, or that none did"),
	FIELD(review_view, cause_first, "where the first ranking had it"),
	FIELD(review_view, cause_last, "where the last ranking had it"),
	FIELD(review_view, action_form, "one more action"),
	FIELD(review_view, is_draft, "it is a draft"),
	FIELD(review_view, is_published, "it is published"),
	FIELD(review_view, may_draft, "there is none yet, and the reader may draft it"),
	FIELD(review_view, may_edit, "it is a draft, and the reader may change it"),
	FIELD(review_view, may_act, "the reader may change the actions"),
	END,
};

static void add_part(struct visit *v, struct review_view *view, const char *heading,
		     struct str text)
{
	if (text.len)
		*LIST_ADD(v->arena,
			  &view->parts) = (struct review_part){ str_of(heading),
								markdown_html(v->arena, text) };
}

static void add_parts(struct visit *v, const struct review *r, struct review_view *view)
{
	add_part(v, view, "Summary", r->summary);
	add_part(v, view, "Impact", r->impact);
	add_part(v, view, "Root cause", r->root_cause);
	add_part(v, view, "What made it possible or worse", r->factors);
	add_part(v, view, "What went well", r->went_well);
	add_part(v, view, "What went poorly", r->went_poorly);
	add_part(v, view, "Where it was luck", r->lucky);
	add_part(v, view, "What was learned", r->lessons);
}

static void add_entries(struct visit *v, const struct folded *f, struct review_view *view)
{
	const struct strs *picked = &f->incident->review.timeline;
	LIST_EACH (event, &f->events) {
		struct buf said = BUF(v->arena);
		bool is_picked = strs_has(picked, str_fmt(v->arena, "%lld", (long long)event->seq));
		if (!is_picked && !view->may_edit)
			continue;
		event_tell(event, &v->names, CLEAR_INTERNAL, &said);
		*LIST_ADD(v->arena,
			  &view->entries) = (struct review_entry){ .entry = event->seq,
								   .at = { event->happened_ms },
								   .said = buf_str(&said),
								   .is_picked = is_picked };
		view->picked_count += is_picked;
	}
}

static void add_actions(struct visit *v, const struct incident *inc, struct review_view *view)
{
	LIST_EACH (a, &inc->actions)
		*LIST_ADD(v->arena, &view->actions) = (struct review_action){
			.number = a->number,
			.what = a->title,
			.link = a->link,
			.outcome = a->outcome,
			.owner = a->owner,
			.due = a->due,
			.settled = a->settled,
			.state = a->state,
			.is_open = a->state == ACTION_OPEN,
			.is_late = a->state == ACTION_OPEN && a->due.ms && a->due.ms < v->now_ms,
			.is_web = str_starts(a->link, STR("https://")) ||
				  str_starts(a->link, STR("http://")),
		};
	view->action_count = (int64_t)inc->actions.len;
}

static int add_forms(struct visit *v, const struct incident *inc, struct review_view *view,
		     struct err *e)
{
	struct forming f = { .v = v,
			     .verb = verb_find(STR("review"), STR("edit")),
			     .stream = inc->id,
			     .incident = inc };
	struct form_hints hints = { 0 };
	struct form_print how = { .hints = &hints, .zone = v->zone };
	if (form_hints_of(v, inc, &hints, e) != 0)
		return -1;
	if (view->may_edit) {
		how.table = f.verb->fields;
		how.current = form_current(&f);
		view->form = form_html(&how, v->arena);
	}
	how.table = verb_find(STR("action"), STR("add"))->fields;
	how.current = NULL;
	how.id = "action";
	if (view->may_act)
		view->action_form = form_html(&how, v->arena);
	return 0;
}

int page_review(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	if (engine_fold(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	const struct incident *inc = f.incident;
	bool responds = v->right >= RIGHT_RESPOND, over = incident_has_ended(inc);
	bool stands = review_stands(inc), is_draft = inc->review.state == REVIEW_DRAFT;
	struct review_view view = {
		.frame = frame_for(v, "reviews",
				   str_fmt(v->arena, "Review of INC-%lld", (long long)inc->id),
				   inc),
		.name = inc->title,
		.severity = inc->severity,
		.incident = inc->id,
		.seen = inc->seq,
		.started = inc->started,
		.declared = inc->declared,
		.resolved = inc->resolved,
		.due = inc->review.due,
		.published = { stands ? inc->review.published.ms : 0 },
		.owner = inc->review.owner,
		.lead = inc->role[ROLE_LEAD],
		.cause = inc->cause.title,
		.cause_first = inc->cause.first_place,
		.cause_last = inc->cause.last_place,
		.is_draft = is_draft,
		.is_published = stands,
		.may_draft = responds && !over && inc->resolved.ms && !is_draft && !stands,
		.may_edit = responds && !over && inc->resolved.ms && is_draft,
		.may_act = responds && !over,
	};
	if (!view.may_edit)
		add_parts(v, &inc->review, &view);
	add_entries(v, &f, &view);
	add_actions(v, inc, &view);
	if (add_forms(v, inc, &view, e) != 0)
		return -1;
	return reply_page(v, &tpl_review, review_view_fields, &view, r);
}
