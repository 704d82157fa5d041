/* SPDX-License-Identifier: Apache-2.0 */
/* changes_look: see changes_look.h. */
#include "web/changes_look.h"

#include "base/when.h"

const struct field change_line_fields[] = {
	FIELD(change_line, number, "its number"),
	FIELD(change_line, began, "when it began"),
	FIELD(change_line, ended, "when it ended"),
	CHOICE(change_line, kind, change_kind, "what sort of change"),
	CHOICE(change_line, state, change_state, "how far it is"),
	FIELD(change_line, service, "what it changes"),
	FIELD(change_line, title, "what was changed"),
	FIELD(change_line, who, "who changed it"),
	FIELD(change_line, version, "what runs after it"),
	FIELD(change_line, environment, "where"),
	FIELD(change_line, differs, "what is different now"),
	FIELD(change_line, sender, "which sender told of it"),
	FIELD(change_line, link, "where to look at it"),
	FIELD(change_line, link_text, "what was told instead of an address"),
	FIELD(change_line, undo, "how to undo it"),
	FIELD(change_line, undo_link, "likewise, where that is an address"),
	FIELD(change_line, took, "how long it took"),
	FIELD(change_line, is_rollback, "it takes an older state back"),
	FIELD(change_line, by, "who told of it"),
	END,
};

bool is_web_link(struct str s)
{
	return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

struct change_line change_line_of(const struct change *c, struct arena *a)
{
	const struct str none = { NULL, 0 };
	bool has_link = is_web_link(c->link), links_undo = is_web_link(c->undo);
	struct buf took = BUF(a);
	if (c->ended.ms > c->began.ms)
		when_length(&took, c->ended.ms - c->began.ms);
	return (struct change_line){
		.number = c->number,
		.began = c->began,
		.ended = c->ended,
		.kind = c->kind,
		.state = c->state,
		.service = c->service,
		.title = c->title.len ? c->title : STR("(redacted)"),
		.who = c->who,
		.version = str_find(c->title, c->version) == SIZE_MAX ? c->version : none,
		.environment = c->environment,
		.differs = c->differs,
		.sender = c->sender,
		.link = has_link ? c->link : none,
		.link_text = has_link ? none : c->link,
		.undo = links_undo ? none : c->undo,
		.undo_link = links_undo ? c->undo : none,
		.took = buf_str(&took),
		.is_rollback = c->is_rollback,
		.by = c->by,
	};
}
