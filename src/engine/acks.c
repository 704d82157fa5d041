/* SPDX-License-Identifier: Apache-2.0 */
/* acks: a sender says that a person looks after an alert: what `aplomb alert ack` does, in the name of the sender; and an
 * alert that was over and fires again needs a person again. */
#include "base/json.h"
#include "engine/inside.h"

/* by: a sender's name; empty = Aplomb itself */
static int run(struct batch *b, const struct verb *verb, struct str fingerprint, struct str by,
	       struct err *e)
{
	void *fields = arena_alloc(b->arena, verb->size);
	struct outcome out = { 0 };
	struct reading how = { .arena = b->arena, .now_ms = b->now_ms };
	if (field_parse(verb->fields, fields, fingerprint, &how, e) != 0)
		return -1;
	struct command c = { .verb = verb,
			     .stream = DESK_STREAM,
			     .actor = by,
			     .is_sender = by.len > 0,
			     .fields = fields };
	return execute_command(b, &c, b->arena, &out, e);
}

int execute_lapses(struct batch *b, const struct alert_flips *flips, struct err *e)
{
	LIST_EACH (f, flips) {
		struct live_alert x;
		struct err refused = { 0 };
		if (!f->is_firing || !f->is_acked ||
		    !live_find(b->engine->live, f->fingerprint, b->arena, &x) || !x.acked_by.id.len)
			continue;
		if (run(b, verb_find_internal(STR("alert"), STR("lapse")), f->fingerprint,
			(struct str){ NULL, 0 }, &refused) != 0 &&
		    b->is_broken) {
			*e = refused;
			return -1;
		}
	}
	return 0;
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
		if (run(b, verb_find(STR("alert"), STR("ack")), s->fingerprint, d->acked_by,
			&refused) != 0 &&
		    b->is_broken) {
			*e = refused;
			return -1;
		}
	}
	return 0;
}
