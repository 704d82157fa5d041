/* SPDX-License-Identifier: Apache-2.0 */
/* page_reviews: the reviews, those that are due first, and the actions that came of them. One review: page_review.c. */
#include "ui.h"
#include "web/inside.h"

struct review_line {
	int64_t incident, open_actions;
	struct str name;
	int severity, state;
	struct person lead;
	struct when due, resolved;
	bool is_late;
};
static const struct field review_line_fields[] = {
	FIELD(review_line, incident, "its number"),
	FIELD(review_line, open_actions, "how many actions are open"),
	FIELD(review_line, name, "the incident's title"),
	CHOICE(review_line, severity, severity, "how bad it was"),
	CHOICE(review_line, state, review_state, "how far the review is"),
	FIELD(review_line, lead, "who led"),
	FIELD(review_line, due, "when it is due"),
	FIELD(review_line, resolved, "when the incident was resolved"),
	FIELD(review_line, is_late, "it is late"),
	END,
};
struct action_line {
	int64_t incident, number;
	struct str name, link;
	struct person owner;
	struct when due, settled;
	int state;
	bool is_late, is_web;
};
static const struct field action_line_fields[] = {
	FIELD(action_line, incident, "the incident's number"),
	FIELD(action_line, number, "its number"),
	FIELD(action_line, name, "what is to be done"),
	FIELD(action_line, link, "where it is tracked"),
	FIELD(action_line, owner, "who does it"),
	FIELD(action_line, due, "by when"),
	FIELD(action_line, settled, "when it was done or dropped"),
	CHOICE(action_line, state, action_state, "how it stands"),
	FIELD(action_line, is_late, "it is late"),
	FIELD(action_line, is_web, "the link is a web address"),
	END,
};
struct reviews_view {
	struct frame frame;
	LIST_OF(struct review_line) due, published;
	LIST_OF(struct action_line) open, settled;
	int64_t open_count, settled_count, published_count;
};
extern const struct field reviews_view_fields[];
const struct field reviews_view_fields[] = {
	FRAME_FIELDS(reviews_view),
	ITEMS(reviews_view, due, review_line, "still to be written"),
	ITEMS(reviews_view, published, review_line, "published"),
	ITEMS(reviews_view, open, action_line, "actions still open"),
	ITEMS(reviews_view, settled, action_line, "actions done or dropped"),
	FIELD(reviews_view, open_count, "how many are open"),
	FIELD(reviews_view, settled_count, "how many are settled"),
	FIELD(reviews_view, published_count, "how many are published"),
	END,
};

static int add_reviews(struct visit *v, struct reviews_view *view, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter all = { 0 };
	if (view_incidents(v->db, &all, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		bool is_published = row->review == REVIEW_PUBLISHED;
		struct review_line line = { .incident = row->id,
					    .open_actions = row->open_actions,
					    .name = row->title,
					    .severity = row->severity,
					    .state = row->review,
					    .lead = row->lead,
					    .due = row->review_due,
					    .resolved = row->resolved,
					    .is_late = row->review_due.ms &&
						       row->review_due.ms < v->now_ms };
		if (is_published)
			*LIST_ADD(v->arena, &view->published) = line;
		else if (row->resolved.ms && !row->merged_into)
			*LIST_ADD(v->arena, &view->due) = line;
	}
	return 0;
}

static int add_actions(struct visit *v, struct reviews_view *view, struct err *e)
{
	struct action_rows rows = { 0 };
	struct view_filter all = { 0 };
	if (view_actions(v->db, &all, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		struct action_line line = { .incident = row->incident,
					    .number = row->number,
					    .name = row->title,
					    .link = row->link,
					    .owner = row->owner,
					    .due = row->due,
					    .settled = row->settled,
					    .state = row->state,
					    .is_late = row->due.ms && row->due.ms < v->now_ms,
					    .is_web = str_starts(row->link, STR("https://")) ||
						      str_starts(row->link, STR("http://")) };
		if (row->state == ACTION_OPEN)
			*LIST_ADD(v->arena, &view->open) = line;
		else
			*LIST_ADD(v->arena, &view->settled) = line;
	}
	return 0;
}

int page_reviews(struct visit *v, struct reply *r, struct err *e)
{
	struct reviews_view view = { .frame = frame_of(v, "reviews", STR("Reviews")) };
	if (add_reviews(v, &view, e) != 0 || add_actions(v, &view, e) != 0)
		return -1;
	view.open_count = (int64_t)view.open.len;
	view.settled_count = (int64_t)view.settled.len;
	view.published_count = (int64_t)view.published.len;
	return reply_page(v, &tpl_reviews, reviews_view_fields, &view, r);
}
