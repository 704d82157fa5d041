/* SPDX-License-Identifier: Apache-2.0 */
/* append: what was decided becomes history: ledger rows, the folded state, views and the stored deadline, all in the
 * batch's transaction. Whether it may happen was settled before (execute.c). */
#include "core/event.h"
#include "engine/inside.h"
#include "store/view_change.h"

/* What cannot be read back must not become history: it would stop its stream for good. */
static int reads_back(struct batch *b, const struct event *ev, struct str json, struct err *e)
{
	const void *body;
	if (event_decode(b->arena, ev->type, json, &body, e) == 0)
		return 0;
	e->code = ERR_FAILED; /* the command's fault, not the disk's */
	return err_context(e, "%s cannot be written down", ev->type->name);
}

/* For the hub, with texts of its own: a body may borrow from a state that leaves the cache before the commit. */
static void remember(struct batch *b, const struct event *ev)
{
	struct event *kept = LIST_ADD(b->arena, &b->written);
	void *body = arena_alloc(b->arena, ev->type->size);
	fields_copy(ev->type->fields, body, ev->body, ev->type->size, b->arena);
	*kept = *ev;
	kept->body = body;
	kept->actor = str_copy(b->arena, ev->actor);
}

static int append_event(struct batch *b, struct event *ev, void *state, struct err *e)
{
	struct engine *en = b->engine;
	unsigned char salt[EVENT_SALT_BYTES];
	if (keep_prepare(b, ev, e) != 0 || suspects_prepare(b, ev, e) != 0)
		return -1;
	en->world->random(en->world, salt, sizeof(salt));
	struct ledger_body body = { .json = event_encode(b->arena, ev),
				    .salt = { (const char *)salt, sizeof(salt) } };
	if (reads_back(b, ev, body.json, e) != 0 ||
	    ledger_append(en->db, ev, &body, &en->head.hash, e) != 0)
		return -1;
	en->head.pos = ev->pos;
	core_evolve(stream_type_of(ev->stream), state, ev);
	remember(b, ev);
	return keep_apply(b, ev, e);
}

static int64_t holder_of(void *board, const struct live_alert *a)
{
	bool has_room;
	return board_incident_of(board, a->name, a->service, &has_room);
}

void link_groups(struct engine *en, const struct incident *inc)
{
	if (!board_follow_incident(en->board, inc))
		return;
	live_unlink(en->live, inc->id);
	live_relink(en->live, holder_of, en->board);
}

/* Lists show one open incident beside an alert: this one, another that still holds it, or one whose group it is. */
int link_alerts(struct batch *b, const struct incident *inc, struct err *e)
{
	link_groups(b->engine, inc);
	LIST_EACH (alert, &inc->alerts) {
		struct alert_holders holders = { 0 };
		int64_t delivery = live_inbox(b->engine->live, alert->fingerprint);
		/* the delivery that told of it is evidence now: its body does not expire */
		if (delivery && inbox_cite(b->engine->db, delivery, inc->id, e) != 0)
			return -1;
		if (incident_is_open(inc)) {
			live_link(b->engine->live, alert->fingerprint, inc->id);
			continue;
		}
		if (view_alert_holders(b->engine->db, alert->fingerprint, b->arena, &holders, e) !=
		    0)
			return -1;
		bool has_room;
		live_link(b->engine->live, alert->fingerprint,
			  holders.len ? holders.at[holders.len - 1]
				      : board_incident_of(b->engine->board, alert->name,
							  alert->service, &has_room));
	}
	return 0;
}

static int keep_what_follows(struct batch *b, int64_t stream, void *state, struct err *e)
{
	struct engine *en = b->engine;
	if (stream == DESK_STREAM) {
		live_follow_desk(en->live, state);
		board_follow(en->board, state);
	} else if (stream < DESK_STREAM) {
		if (view_change_write(en->db, state, e) != 0)
			return -1;
	} else {
		if (view_write(en->db, state, e) != 0 || link_alerts(b, state, e) != 0)
			return -1;
	}
	return deadline_set(en->db, stream, core_due(stream_type_of(stream), state), e);
}

/* What the lost body said is in the folded state: it is folded again from what is left. */
static int fold_again(struct batch *b, int64_t stream, void **state, struct err *e)
{
	if (!b->refold)
		return 0;
	b->refold = false;
	cache_drop(&b->engine->cache, stream);
	return view_forget(b->engine->db, stream, e) != 0 ||
			       cache_get(&b->engine->cache, b->engine->db, stream, state, e) != 0
		       ? -1
		       : 0;
}

int append_decision(struct batch *b, const struct command *c, void **statep,
		    const struct decision *d, struct err *e)
{
	void *state = *statep;
	if (!d->events.len)
		return 0;
	int64_t *seq = core_seq(stream_type_of(c->stream), state);
	LIST_EACH (p, &d->events) {
		struct event ev = { .stream = c->stream,
				    .seq = *seq + 1,
				    .recorded_ms = b->now_ms,
				    .happened_ms = p->happened_ms ? p->happened_ms : b->now_ms,
				    .actor = c->actor,
				    .type = p->type,
				    .body = p->body };
		if (append_event(b, &ev, state, e) != 0)
			return -1;
	}
	if (fold_again(b, c->stream, statep, e) != 0)
		return -1;
	return keep_what_follows(b, c->stream, *statep, e);
}
