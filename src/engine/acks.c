/* SPDX-License-Identifier: Apache-2.0 */
/* acks: a sender says that a person looks after an alert: what `aplomb alert ack` does, in the name of the sender. */
#include "base/json.h"
#include "engine/inside.h"

static int ack(struct batch *b, struct str fingerprint, struct str by, struct err *e)
{
	const struct verb *verb = verb_find(STR("alert"), STR("ack"));
	void *fields = arena_alloc(b->arena, verb->size);
	struct outcome out = { 0 };
	struct reading how = { .arena = b->arena, .now_ms = b->now_ms };
	if (field_parse(verb->fields, fields, fingerprint, &how, e) != 0)
		return -1;
	struct command c = { .verb = verb,
			     .stream = DESK_STREAM,
			     .actor = by,
			     .is_sender = true,
			     .fields = fields };
	return execute_command(b, &c, b->arena, &out, e);
}

int execute_acks(struct batch *b, const struct delivery *d, struct err *e)
{
	LIST_EACH (s, &d->result.signals) {
		struct live_alert x;
		struct err refused = { 0 };
		if (!s->is_acked || !live_find(b->engine->live, s->fingerprint, b->arena, &x) ||
		    x.acked_by.id.len)
			continue;
		/* the core may refuse it: the alert itself is taken either way */
		if (ack(b, s->fingerprint, d->acked_by, &refused) != 0 && b->is_broken) {
			*e = refused;
			return -1;
		}
	}
	return 0;
}
