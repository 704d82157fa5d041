/* SPDX-License-Identifier: Apache-2.0 */
/* changes: what senders tell of changes to the system becomes streams: news with a key that is known goes to that change.
 * What becomes of it there: core/change.c. */
#include "engine/inside.h"
#include "store/view_change.h"

int change_aim(struct batch *b, struct command *c, struct err *e)
{
	const struct change_news *n = c->fields;
	int64_t number = 0;
	if (c->verb != verb_find(STR("change"), STR("send")) || !n->key.len)
		return 0;
	if (view_change_by_key(b->engine->db, n->key, &number, e) != 0)
		return -1;
	if (number) {
		c->verb = verb_find_internal(STR("change"), STR("follow"));
		c->stream = -number;
	}
	return 0;
}

/* The core may refuse one: the delivery itself is kept either way. */
int execute_changes(struct batch *b, const struct delivery *d, struct err *e)
{
	LIST_EACH (news, &d->result.changes) {
		struct err refused = { 0 };
		struct outcome out = { 0 };
		struct change_news n = *news;
		n.sender = str_of(d->source);
		struct command c = { .verb = verb_find(STR("change"), STR("send")), .fields = &n };
		fields_one_line(change_news_fields, &n, b->arena);
		change_news_clip(&n);
		if (execute_command(b, &c, b->arena, &out, &refused) != 0 && b->is_broken) {
			*e = refused;
			return -1;
		}
	}
	return 0;
}
