/* SPDX-License-Identifier: Apache-2.0 */
/* execute: a command on the writer thread: has it run before, may this person, is the form fresh, what does core
 * decide. Writing it down: append.c. */
#include <stdlib.h>
#include <string.h>

#include "core/event.h"
#include "core/tell.h"
#include "engine/inside.h"

enum { FOLLOW_DEPTH = 4, SINCE_SHOWN = 3, SAID_MAX = 10, TICK_AGAIN_MS = 60 * 1000 };

static struct str person_name(const void *ctx, struct str id)
{
	return roster_name(ctx, id);
}

static struct names batch_names(const struct batch *b)
{
	return (struct names){ .person = person_name,
			       .ctx = atomic_load(&b->engine->roster),
			       .now_ms = b->now_ms };
}

static void cite_alert(struct batch *b, struct str fingerprint, struct facts *f,
		       struct alert_fact *room)
{
	struct live_alert x;
	if (!live_find(b->engine->live, fingerprint, b->arena, &x))
		return;
	room[f->alert_count++] = (struct alert_fact){ .fingerprint = x.fingerprint,
						      .name = x.name,
						      .service = x.service,
						      .summary = x.summary,
						      .started_ms = x.started.ms,
						      .is_firing = x.is_firing };
}

/* The alerts that the command names: members that suggest alerts hold fingerprints. */
static void cite_alerts(struct batch *b, const struct command *c, struct facts *f)
{
	for (const struct field *d = c->verb->fields; d && d->name; d++) {
		const void *member = (const char *)c->fields + d->at;
		if (!d->suggest || !str_is(str_of(d->suggest), "alert"))
			continue;
		struct strs one = { 0 },
			    *all = d->kind == KIND_STRS ? (struct strs *)(uintptr_t)member : &one;
		if (d->kind == KIND_STR)
			one = (struct strs){ (struct str *)(uintptr_t)member, 1 };
		struct alert_fact *room = ARENA_ARRAY(b->arena, struct alert_fact,
						      all->len + f->alert_count);
		for (size_t i = 0; i < f->alert_count; i++)
			room[i] = f->alerts[i];
		f->alerts = room;
		for (size_t i = 0; i < all->len; i++)
			cite_alert(b, all->at[i], f, room);
	}
}

static int make_facts(struct batch *b, const struct command *c, struct facts *f, struct err *e)
{
	const struct roster *roster = atomic_load(&b->engine->roster);
	const struct roster_person *who = c->actor.len ? roster_find(roster, c->actor) : NULL;
	*f = (struct facts){ .now_ms = b->now_ms,
			     .actor = c->actor,
			     .right = !c->actor.len  ? RIGHT_ADMIN
				      : c->is_sender ? RIGHT_RESPOND
				      : who	     ? who->right
						     : RIGHT_NONE,
			     .roster = roster,
			     .policy = b->engine->policy };
	if (f->right < c->verb->needs) {
		err_refuse(e, ERR_FORBIDDEN, "This needs the right of a %s.",
			   right_names[c->verb->needs]);
		err_next(e, "Ask an admin, under People.");
		return -1;
	}
	cite_alerts(b, c, f);
	if (c->verb->traits & MAKES_STREAM && verb_stream(c->verb) == &incident_stream) {
		struct open_incidents *open = ARENA_NEW(b->arena, struct open_incidents);
		if (view_open(b->engine->db, b->arena, open, e) != 0)
			return -1;
		f->open = (const struct list *)(const void *)open;
	}
	return 0;
}

/* Somebody else moved the incident on since this form was written: say how, and let the person look again. */
static int refuse_if_stale(struct batch *b, const struct command *c, int64_t seq, struct err *e)
{
	if (!(c->verb->traits & NEEDS_FRESH) || !c->seen_seq || c->seen_seq >= seq)
		return 0;
	struct ledger_rows rows = { 0 };
	struct ledger_range since = { .stream = c->stream, .after = c->seen_seq };
	if (ledger_read(b->engine->db, &since, b->arena, &rows, e) != 0)
		return -1;
	struct buf said = BUF(b->arena);
	struct names names = batch_names(b);
	size_t others = 0;
	LIST_EACH (row, &rows) {
		struct event *ev = &row->event;
		if (!ev->actor.len || str_eq(ev->actor, c->actor) || row->is_redacted)
			continue;
		if (++others > SINCE_SHOWN)
			continue;
		if (event_decode(b->arena, ev->type, row->json, &ev->body, e) != 0)
			return -1;
		buf_c(&said, ' ');
		event_tell(ev, &names, CLEAR_INTERNAL, &said);
	}
	if (!others)
		return 0;
	err_refuse(e, ERR_CONFLICT, "Meanwhile:" STR_FMT, STR_ARG(str_clip(buf_str(&said), 480)));
	err_next(e, "Look again, then decide.");
	return -1;
}

static int load_state(struct batch *b, struct command *c, void **state, struct err *e)
{
	struct engine *en = b->engine;
	if (c->verb->traits & MAKES_STREAM) {
		c->stream = verb_stream(c->verb) == &incident_stream ? en->ends.highest + 1
								     : en->ends.lowest - 1;
		cache_drop(&en->cache, c->stream);
	}
	if (cache_get(&en->cache, en->db, c->stream, state, e) != 0)
		return -1;
	bool is_blank = *core_seq(stream_type_of(c->stream), *state) == 0;
	if (is_blank && c->stream != DESK_STREAM && !(c->verb->traits & MAKES_STREAM)) {
		cache_drop(&en->cache, c->stream);
		return err_refuse(e, ERR_NOT_FOUND, "There is no %s %lld.",
				  stream_type_of(c->stream)->name, llabs(c->stream));
	}
	return 0;
}

static int decide_and_append(struct batch *b, struct command *c, int depth, struct outcome *out,
			     struct err *e)
{
	struct facts facts;
	struct decision d = { .arena = b->arena };
	void *state;
	if (depth > FOLLOW_DEPTH)
		return err_fail(e, ERR_FAILED, "Commands follow each other in a circle.");
	if (!(c->verb->traits & MAKES_STREAM) && verb_stream(c->verb) != stream_type_of(c->stream))
		return err_refuse(e, ERR_NOT_FOUND, "There is no %s %s here.", c->verb->noun,
				  c->verb->name);
	if (make_facts(b, c, &facts, e) != 0 || load_state(b, c, &state, e) != 0 ||
	    refuse_if_stale(b, c, *core_seq(stream_type_of(c->stream), state), e) != 0 ||
	    core_decide(state, &facts, c, &d, e) != 0 || keep_follow(b, c, &d, e) != 0 ||
	    append_decision(b, c, &state, &d, e) != 0)
		return -1;
	ledger_ends_reach(&b->engine->ends, c->stream);
	if (depth == 0) {
		out->stream = c->stream;
		out->seq = *core_seq(stream_type_of(c->stream), state);
		out->pos = b->engine->head.pos;
		out->made = d.made;
	}
	LIST_EACH (f, &d.follows) {
		struct command next = {
			.verb = f->verb, .stream = f->stream, .actor = c->actor, .fields = f->fields
		};
		if (decide_and_append(b, &next, depth + 1, out, e) != 0)
			return -1;
	}
	return 0;
}

/* Of what was asked. Times are left out: "+30m" is another moment when the same request comes again. */
static struct str fingerprint_of(struct arena *a, const struct command *c)
{
	struct buf b = BUF(a);
	char *asked = arena_alloc(a, c->verb->size);
	memcpy(asked, c->fields, c->verb->size);
	for (const struct field *f = c->verb->fields; f->name; f++)
		if (f->kind == KIND_WHEN)
			((struct when *)(void *)(asked + f->at))->ms = 0;
	buf_fmt(&b, "%s/%s/%lld/", c->verb->noun, c->verb->name, (long long)c->stream);
	fields_to_json(c->verb->fields, asked, &b);
	struct sha256 h = sha256_of(buf_str(&b));
	return hex_of(a, (struct str){ (const char *)h.b, sizeof(h.b) });
}

static void tell_all(struct batch *b, size_t from, struct arena *a, struct outcome *out)
{
	struct buf said = BUF(a);
	struct names names = batch_names(b);
	size_t to = b->written.len - from > SAID_MAX ? from + SAID_MAX : b->written.len;
	for (size_t i = from; i < to; i++) {
		if (said.len)
			buf_c(&said, ' ');
		event_tell(&b->written.at[i], &names, CLEAR_INTERNAL, &said);
	}
	if (to < b->written.len)
		buf_fmt(&said, " And %zu more.", b->written.len - to);
	out->said = buf_str(&said);
}

static int once(struct batch *b, struct command *c, struct arena *a, struct outcome *out,
		struct err *e)
{
	struct idem_request r = { .key = c->idem, .actor = c->actor };
	bool is_known = false;
	if (c->idem.len) {
		r.fingerprint = fingerprint_of(b->arena, c);
		if (request_find(b->engine->db, a, &r, &is_known, e) != 0)
			return -1;
	}
	if (is_known) {
		*out = (struct outcome){ r.stream, r.seq, r.pos, r.made, r.said, true };
		return 0;
	}
	size_t from = b->written.len;
	if (keep_aim(b, c, e) != 0 || change_aim(b, c, e) != 0 ||
	    decide_and_append(b, c, 0, out, e) != 0)
		return -1;
	tell_all(b, from, a, out);
	r.stream = out->stream;
	r.seq = out->seq;
	r.pos = out->pos;
	r.made = out->made;
	r.said = out->said;
	return c->idem.len ? request_keep(b->engine->db, &r, e) : 0;
}

/* Memory goes back to what the rows say, after db_undo: states that the refused command moved are folded anew, and live
 * alerts point where they did. */
static void forget(struct batch *b, size_t from, const struct ledger_ends *ends,
		   const struct ledger_head *head)
{
	struct engine *en = b->engine;
	struct err ignored = { 0 };
	void *state;
	en->ends = *ends;
	en->head = *head;
	for (size_t i = from; i < b->written.len; i++)
		cache_drop(&en->cache, b->written.at[i].stream);
	for (size_t i = from; i < b->written.len; i++) {
		int64_t stream = b->written.at[i].stream;
		if (stream > DESK_STREAM &&
		    cache_get(&en->cache, en->db, stream, &state, &ignored) == 0)
			(void)!link_alerts(b, state, &ignored);
	}
	b->written.len = from;
}

int execute_command(struct batch *b, const struct command *given, struct arena *a,
		    struct outcome *out, struct err *e)
{
	struct command c = *given;
	struct ledger_head head = b->engine->head;
	struct ledger_ends ends = b->engine->ends;
	size_t from = b->written.len;
	struct err ours = { 0 };
	if (db_mark(b->engine->db, e) != 0) {
		b->is_broken = true;
		return -1;
	}
	int result = once(b, &c, a, out, e);
	if (result != 0 && e->code == ERR_STORE)
		b->is_broken = true;
	if ((result != 0 ? db_undo(b->engine->db, &ours) : db_release(b->engine->db, &ours)) != 0)
		b->is_broken = true;
	if (result != 0)
		forget(b, from, &ends, &head);
	return result;
}

static int run_tick(struct batch *b, int64_t stream, struct err *e)
{
	static const struct verb tick = { .noun = "clock", .name = "tick" };
	struct facts facts = { .now_ms = b->now_ms,
			       .right = RIGHT_ADMIN,
			       .roster = atomic_load(&b->engine->roster),
			       .policy = b->engine->policy };
	struct decision d = { .arena = b->arena };
	struct command c = { .verb = &tick, .stream = stream };
	void *state;
	if (cache_get(&b->engine->cache, b->engine->db, stream, &state, e) != 0)
		return -1;
	core_tick(stream_type_of(stream), state, &facts, &d);
	if (!d.events.len) /* the deadline was of another state: store today's */
		return deadline_set(b->engine->db, stream, core_due(stream_type_of(stream), state),
				    e);
	return append_decision(b, &c, &state, &d, e);
}

/* One stream that cannot go on must not stop the others: it is asked again in a minute. */
int execute_tick(struct batch *b, int64_t stream, struct err *e)
{
	struct ledger_head head = b->engine->head;
	struct ledger_ends ends = b->engine->ends;
	size_t from = b->written.len;
	if (db_mark(b->engine->db, e) != 0)
		return -1;
	if (run_tick(b, stream, e) == 0)
		return db_release(b->engine->db, e);
	if (e->code == ERR_STORE || db_undo(b->engine->db, e) != 0)
		return -1;
	forget(b, from, &ends, &head);
	return deadline_set(b->engine->db, stream, b->now_ms + TICK_AGAIN_MS, e);
}

/* An internal verb, or one that we run ourselves, with fields as JSON. */
static int run_ours(struct batch *b, const struct verb *verb, int64_t incident, struct str json,
		    struct err *e)
{
	struct json *j;
	void *fields = arena_alloc(b->arena, verb->size);
	struct command c = { .verb = verb, .stream = incident, .fields = fields };
	struct outcome out = { 0 };
	struct reading how = { .arena = b->arena, .now_ms = b->now_ms };
	if (json_parse(b->arena, json, &j, e) != 0 ||
	    fields_from_json(verb->fields, j, fields, &how, e) != 0)
		return -1;
	return execute_command(b, &c, b->arena, &out, e);
}

static int tell_incident(struct batch *b, const struct alert_flip *f, int64_t incident,
			 struct err *e)
{
	struct buf text = BUF(b->arena);
	buf_z(&text, "{\"fingerprint\":");
	buf_json(&text, f->fingerprint);
	buf_fmt(&text, ",\"firing\":%s,\"at\":%lld}", f->is_firing ? "true" : "false",
		(long long)f->at_ms);
	return run_ours(b, verb_find_internal(STR("alert"), STR("change")), incident,
			buf_str(&text), e);
}

/* A group that grows is the same incident: what fires like an alert of an open one joins it. */
static int join_group(struct batch *b, const struct alert_flip *f, struct err *e)
{
	struct live_alert a;
	struct buf text = BUF(b->arena);
	bool has_room;
	if (!f->is_firing || !board_has_groups(b->engine->board) ||
	    !live_find(b->engine->live, f->fingerprint, b->arena, &a))
		return 0;
	int64_t incident = board_incident_of(b->engine->board, a.name, a.service, &has_room);
	if (!incident)
		return 0;
	if (!has_room) {
		live_link(b->engine->live, f->fingerprint, incident);
		return 0;
	}
	buf_z(&text, "{\"alerts\":[");
	buf_json(&text, f->fingerprint);
	buf_z(&text, "]}");
	return run_ours(b, verb_find(STR("alert"), STR("attach")), incident, buf_str(&text), e);
}

int execute_flips(struct batch *b, const struct alert_flips *flips, struct err *e)
{
	LIST_EACH (f, flips) {
		struct alert_holders holders = { 0 };
		if (!board_has_groups(b->engine->board))
			return 0; /* no open incident has an alert: most of the time */
		if (view_alert_holders(b->engine->db, f->fingerprint, b->arena, &holders, e) != 0)
			return -1;
		/* an incident may refuse it: the alert itself is on disk either way */
		LIST_EACH (incident, &holders)
			if (tell_incident(b, f, *incident, e) != 0 && b->is_broken)
				return -1;
		if (!holders.len && join_group(b, f, e) != 0 && b->is_broken)
			return -1;
	}
	return 0;
}

int execute_corrections(struct batch *b, size_t from, struct err *e)
{
	size_t to = b->written.len;
	for (size_t i = from; i < to; i++) {
		struct alert_flips flips = { 0 };
		int64_t stream = b->written.at[i].stream;
		void *state;
		if (stream <= DESK_STREAM || (i > from && b->written.at[i - 1].stream == stream))
			continue;
		if (cache_get(&b->engine->cache, b->engine->db, stream, &state, e) != 0)
			return -1;
		if (!incident_is_open(state))
			continue;
		live_correct(b->engine->live, state, b->arena, &flips);
		LIST_EACH (f, &flips)
			if (tell_incident(b, f, stream, e) != 0 && b->is_broken)
				return -1;
	}
	return 0;
}
