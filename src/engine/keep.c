/* SPDX-License-Identifier: Apache-2.0 */
/* keep: what leaves. A redaction takes the body away in the commit of its event; what memory and files still hold of it
 * goes right after the commit, before anybody is answered. Old days of the inbox leave in the writer's idle time. Rows and
 * files: store/keep.h; the rules: core/redact.h. */
#include "core/event.h"
#include "core/redact.h"
#include "engine/inside.h"

enum {
	INBOX_DAYS = 30,      /* where the setting inbox_days says nothing */
	EXPIRE_ROWS = 500,    /* bodies a commit: a command that comes meanwhile waits a few ms */
	LOOK_MS = 600 * 1000, /* between two looks for a day that is over */
};
#define DAY_MS ((int64_t)24 * 3600 * 1000)

static bool is_redaction(const struct event *ev)
{
	return ev->type == &redact_events[REDACT_BODY];
}

static int read_one(struct batch *b, const struct ledger_range *range, struct ledger_row **out,
		    struct err *e)
{
	struct ledger_rows *rows = ARENA_NEW(b->arena, struct ledger_rows);
	*out = NULL;
	if (ledger_read(b->engine->db, range, b->arena, rows, e) != 0)
		return -1;
	if (rows->len)
		*out = &rows->at[0];
	return 0;
}

static int64_t number_of(struct str text)
{
	int64_t n = 0;
	(void)!str_to_int(text, &n);
	return n;
}

static int find_pos(struct batch *b, int64_t pos, struct ledger_row **row, struct err *e)
{
	struct ledger_range range = { .stream = LEDGER_ALL, .after = pos - 1, .limit = 1 };
	if (read_one(b, &range, row, e) != 0)
		return -1;
	if (!*row || (*row)->event.pos != pos)
		return err_refuse(e, ERR_NOT_FOUND, "There is no event %lld.", (long long)pos);
	return 0;
}

int keep_aim(struct batch *b, struct command *c, struct err *e)
{
	const struct redact_body *f = c->fields;
	struct str kind, target;
	struct ledger_row *row;
	if (c->verb != verb_find(STR("body"), STR("redact")) ||
	    !redact_target(f->target, &kind, &target) || !str_is(kind, "event"))
		return 0;
	if (find_pos(b, number_of(target), &row, e) != 0)
		return -1;
	if (row->event.stream == DESK_STREAM)
		return 0;
	struct redact_entry *entry = ARENA_NEW(b->arena, struct redact_entry);
	entry->entry = row->event.seq;
	entry->reason = str_trim(f->reason).len ? f->reason : c->override_reason;
	c->verb = row->event.stream > DESK_STREAM
			  ? verb_find(STR("entry"), STR("redact"))
			  : verb_find_internal(STR("change"), STR("redact"));
	c->stream = row->event.stream;
	c->fields = entry;
	c->override_reason = (struct str){ NULL, 0 };
	return 0;
}

int keep_follow(struct batch *b, const struct command *c, struct decision *d, struct err *e)
{
	struct ledger_entries naming = { 0 };
	const struct redact_entry *told = c->fields;
	if (c->verb != verb_find_internal(STR("change"), STR("redact")))
		return 0;
	if (ledger_naming(b->engine->db, -c->stream, d->arena, &naming, e) != 0)
		return -1;
	LIST_EACH (entry, &naming) {
		struct redact_entry *fields = ARENA_NEW(d->arena, struct redact_entry);
		*fields = (struct redact_entry){ .entry = entry->seq, .reason = told->reason };
		*LIST_ADD(d->arena, &d->follows) = (struct follow){
			.verb = verb_find(STR("entry"), STR("redact")),
			.stream = entry->stream,
			.fields = fields
		};
	}
	return 0;
}

static int prepare_event(struct batch *b, const struct event *ev, struct redacted *r, struct err *e)
{
	struct ledger_row *row;
	struct ledger_range by_entry = { .stream = ev->stream, .after = r->entry - 1, .limit = 1 };
	if ((r->entry ? read_one(b, &by_entry, &row, e)
		      : find_pos(b, number_of(r->target), &row, e)) != 0)
		return -1;
	if (!row)
		return err_refuse(e, ERR_NOT_FOUND, "There is no entry %lld.", (long long)r->entry);
	if (row->is_redacted)
		return err_refuse(e, ERR_CONFLICT, "Event %lld is redacted already.",
				  (long long)row->event.pos);
	if (is_redaction(&row->event) || row->event.type == &keep_events[KEEP_EXPIRED])
		return err_refuse(e, ERR_CONFLICT,
				  "Event %lld says what was removed, and why: that stays.",
				  (long long)row->event.pos);
	const void *body;
	if (event_decode(b->arena, row->event.type, row->json, &body, e) != 0)
		return -1;
	r->rest = redact_rest(row->event.type, body, b->arena);
	r->entry = row->event.seq;
	r->target = str_fmt(b->arena, "%lld", (long long)row->event.pos);
	struct backup held = { .pos = row->event.pos };
	return backups_with(b->engine->db, &held, b->arena, &r->backups, e);
}

static int prepare_inbox(struct batch *b, struct redacted *r, struct err *e)
{
	struct inbox_row row;
	struct backup held = { .inbox_id = number_of(r->target) };
	if (inbox_get(b->engine->db, held.inbox_id, b->arena, &row, e) != 0)
		return -1;
	if (row.is_expired)
		return err_refuse(e, ERR_CONFLICT, "The body of inbox row %lld is gone already.",
				  (long long)row.id);
	return backups_with(b->engine->db, &held, b->arena, &r->backups, e);
}

static int prepare_blob(struct batch *b, struct redacted *r, struct err *e)
{
	struct blob blob;
	if (blob_get(b->engine->db, r->target, b->arena, &blob, e) != 0)
		return -1;
	struct backup held = { .at_ms = blob.at.ms };
	return backups_with(b->engine->db, &held, b->arena, &r->backups, e);
}

int keep_prepare(struct batch *b, struct event *ev, struct err *e)
{
	if (!is_redaction(ev))
		return 0;
	struct redacted *r = ARENA_NEW(b->arena, struct redacted);
	*r = *(const struct redacted *)ev->body;
	ev->body = r;
	if (str_is(r->kind, "event"))
		return prepare_event(b, ev, r, e);
	return str_is(r->kind, "inbox") ? prepare_inbox(b, r, e) : prepare_blob(b, r, e);
}

/* The desk may show what this delivery said: it forgets the words, not the alert. */
static int blank_alerts(struct batch *b, int64_t id, struct err *e)
{
	struct inbox_row row;
	struct intake_result result = { 0 };
	if (inbox_get(b->engine->db, id, b->arena, &row, e) != 0)
		return -1;
	int read = desk_read_row(b->engine, &row, b->arena, &result, e);
	if (read == 0)
		LIST_EACH (signal, &result.signals)
			live_blank(b->engine->live, signal->fingerprint);
	return read < 0 ? -1 : 0;
}

static int redact(struct batch *b, const struct event *ev, const struct redacted *r, struct err *e)
{
	struct engine *en = b->engine;
	b->redacts = true;
	en->is_rewritten = false;
	if (store_secure_delete(en->store, true, e) != 0 ||
	    setting_set(en->db, "scrub", STR("due"), e) != 0)
		return -1;
	if (str_is(r->kind, "blob"))
		return blob_redact(en->db, r->target, ev->pos, e);
	if (str_is(r->kind, "inbox")) {
		/* a start reads no row before the snapshot: what this one said must not be missed */
		if (blank_alerts(b, number_of(r->target), e) != 0 ||
		    inbox_redact(en->db, number_of(r->target), ev->pos, e) != 0)
			return -1;
		return desk_save_within(en, e);
	}
	hub_forget(en->hub, number_of(r->target));
	b->refold = true;
	return ledger_redact(en->db, number_of(r->target), ev->pos, e) != 0 ||
			       request_blank(en->db, ev->stream, r->entry, e) != 0
		       ? -1
		       : 0;
}

int keep_apply(struct batch *b, const struct event *ev, struct err *e)
{
	if (is_redaction(ev)) {
		crash_point(b->engine->world, "redacting");
		return redact(b, ev, ev->body, e);
	}
	if (ev->type != &keep_events[KEEP_EXPIRED])
		return 0;
	const struct inbox_expired *x = ev->body;
	struct inbox_segment segment = { .from_id = x->from_id, .to_id = x->to_id };
	return inbox_expire(b->engine->db, &segment, ev->pos, e);
}

/* The files first, then the database; the costly part of it once, however long a reader holds the old WAL. */
static int scrub_files(struct engine *en, struct err *e)
{
	if (blob_scrub(en->store, e) != 0)
		return -1;
	if (en->is_rewritten)
		return store_scrub_wal(en->store, e);
	int result = store_scrub(en->store, e);
	en->is_rewritten = result == 0 || e->code == ERR_BUSY;
	return result;
}

/* Until all of it worked, the setting stays and the next idle moment, or the next start, tries again. */
void keep_scrub(struct engine *en)
{
	struct err ignored = { 0 };
	crash_point(en->world, "before-scrub");
	if (scrub_files(en, &ignored) != 0 || db_begin(en->db, &ignored) != 0)
		return;
	if (setting_set(en->db, "scrub", (struct str){ NULL, 0 }, &ignored) != 0) {
		db_rollback(en->db);
		return;
	}
	if (db_commit(en->db, &ignored) == 0 &&
	    store_secure_delete(en->store, false, &ignored) == 0)
		en->must_scrub = false;
}

int keep_open(struct engine *en, struct err *e)
{
	ARENA(a);
	struct str due;
	if (setting_get(en->db, "scrub", &a, &due, e) != 0)
		return -1;
	en->must_scrub = due.len > 0;
	en->is_expiring = true; /* perhaps: the first step finds out */
	return blob_scrub(en->store, e);
}

static int kept_days(struct engine *en, int64_t *days, struct err *e)
{
	ARENA(a);
	struct str text;
	if (setting_get(en->db, "inbox_days", &a, &text, e) != 0)
		return -1;
	if (!text.len || !str_to_int(text, days) || *days < 0)
		*days = INBOX_DAYS;
	return 0;
}

/* The next day that is old enough, as a command in a batch of its own. */
static int expire_day(struct batch *b, struct inbox_segment *segment, struct err *e)
{
	struct inbox_expired fields = { .day = { segment->day_ms },
					.from_id = segment->from_id,
					.to_id = segment->to_id,
					.rows = segment->rows,
					.kept = segment->kept };
	struct command c = { .verb = verb_find_internal(STR("inbox"), STR("expire")),
			     .stream = DESK_STREAM,
			     .fields = &fields };
	struct outcome out;
	return execute_command(b, &c, b->arena, &out, e);
}

int keep_next_day(struct engine *en, struct inbox_segment *segment, struct err *e)
{
	int64_t days, mono = en->world->mono_ms(en->world);
	*segment = (struct inbox_segment){ 0 };
	if (en->looked_mono_ms && mono - en->looked_mono_ms < LOOK_MS)
		return 0;
	if (kept_days(en, &days, e) != 0)
		return -1;
	if (days > 0 && inbox_segment_next(en->db, en->world->now_ms(en->world) - days * DAY_MS,
					   segment, e) != 0)
		return -1;
	if (!segment->from_id)
		en->looked_mono_ms = mono;
	/* a start reads the snapshot and the rows behind it: nothing of those may leave */
	if (segment->from_id && desk_saved_id(en) < segment->to_id && desk_save_all(en, e) != 0)
		return -1;
	if (desk_saved_id(en) < segment->to_id)
		segment->from_id = 0;
	return 0;
}

int keep_day(struct batch *b, struct inbox_segment *segment, struct err *e)
{
	crash_point(b->engine->world, "expiring");
	b->engine->is_expiring = true;
	return expire_day(b, segment, e);
}

int keep_step(struct engine *en, struct err *e)
{
	int64_t removed = 0;
	if (db_begin(en->db, e) != 0)
		return -1;
	if (inbox_expire_step(en->db, EXPIRE_ROWS, &removed, e) != 0) {
		db_rollback(en->db);
		return -1;
	}
	if (db_commit(en->db, e) != 0)
		return -1;
	en->is_expiring = removed > 0;
	return 0;
}
