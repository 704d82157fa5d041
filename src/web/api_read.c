/* SPDX-License-Identifier: Apache-2.0 */
/* api_read: what there is, as JSON: states by their field tables, lists by the views' rows. Changing: api.c. */
#include "base/json.h"
#include "base/when.h"
#include "core/redact.h"
#include "core/rhythm.h"
#include "core/tell.h"
#include "store/view_change.h"
#include "web/inside.h"
#include "web/integrations.h"

/* A list and the table that describes its rows. */
struct rows {
	const char *name;
	const struct field *fields;
	const void *list; /* a LIST_OF */
	size_t row_bytes;
};

/* {"<name>":[{...},...]} */
static int reply_rows(struct visit *v, const struct rows *rows, struct reply *r)
{
	const struct list *l = rows->list;
	struct buf b = BUF(v->arena);
	buf_fmt(&b, "{\"%s\":[", rows->name);
	for (size_t i = 0; i < l->len; i++) {
		if (i)
			buf_c(&b, ',');
		fields_to_json(rows->fields, (const char *)l->at + i * rows->row_bytes, &b);
	}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}

int api_incidents(struct visit *v, struct reply *r, struct err *e)
{
	struct view_filter filter = { .open_only = str_is(form_get(&v->query, "state"), "open") };
	struct incident_rows list = { 0 };
	(void)!str_to_int(form_get(&v->query, "before"), &filter.before);
	if (view_incidents(v->db, &filter, v->arena, &list, e) != 0)
		return -1;
	LIST_EACH (row, &list)
		row->next_step = row_next_step(row, v->now_ms);
	return reply_rows(
		v, &(struct rows){ "incidents", incident_row_fields, &list, sizeof(*list.at) }, r);
}

static void add_rhythm(struct visit *v, const struct incident *inc, struct buf *b)
{
	struct rhythm_step steps[RHYTHM_STEPS];
	struct rhythm_next next = rhythm_next(inc, v->now_ms, v->arena);
	rhythm_steps(inc, v->now_ms, steps);
	buf_fmt(b, ",\"phase\":\"%s\",\"rhythm\":[", phase_names[incident_phase(inc)]);
	for (size_t i = 0; i < RHYTHM_STEPS; i++)
		buf_fmt(b, "%s{\"step\":\"%s\",\"state\":\"%s\"}", i ? "," : "", steps[i].name,
			step_state_names[steps[i].state]);
	buf_z(b, "],\"next\":{\"text\":");
	buf_json(b, next.text);
	buf_z(b, ",\"why\":");
	buf_json(b, next.why);
	if (next.verb)
		buf_fmt(b, ",\"verb\":\"%s %s\"", next.verb->noun, next.verb->name);
	buf_c(b, '}');
}

int api_incident(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	struct buf b = BUF(v->arena);
	if (engine_fold(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	fields_to_json(incident_fields, f.incident, &b);
	b.len--; /* the closing brace: what follows from the state joins it */
	add_rhythm(v, f.incident, &b);
	buf_c(&b, '}');
	return reply_json(v, 200, &b, r);
}

static void add_entry(struct visit *v, const struct folded *f, const struct event *ev,
		      struct buf *b)
{
	struct buf said = BUF(v->arena);
	const struct event *redaction = folded_redaction(f, ev->seq);
	if (redaction)
		redact_tell(redaction, &v->names, &said);
	else
		event_tell(ev, &v->names, CLEAR_INTERNAL, &said);
	buf_fmt(b, "{\"seq\":%lld,\"pos\":%lld,\"type\":\"%s\",\"happened_at\":\"",
		(long long)ev->seq, (long long)ev->pos, ev->type->name);
	when_rfc3339(b, ev->happened_ms);
	buf_z(b, "\",\"recorded_at\":\"");
	when_rfc3339(b, ev->recorded_ms);
	buf_z(b, "\",\"actor\":");
	buf_json(b, ev->actor);
	buf_z(b, ",\"said\":");
	buf_json(b, buf_str(&said));
	if (redaction)
		buf_fmt(b, ",\"redacted_by\":%lld", (long long)redaction->seq);
	if (ev->body) {
		buf_z(b, ",\"body\":");
		fields_to_json(ev->type->fields, ev->body, b);
	}
	buf_c(b, '}');
}

int api_timeline(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	struct buf b = BUF(v->arena);
	if (engine_fold(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	buf_fmt(&b, "{\"incident\":%lld,\"timeline\":[", (long long)v->number);
	for (size_t i = 0; i < f.events.len; i++) {
		if (i)
			buf_c(&b, ',');
		add_entry(v, &f, &f.events.at[i], &b);
	}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}

/* Which changes a reader wants. */
struct change_query {
	struct when since, until;
	struct str service;
	int kind;
	int64_t before;
};
static const struct field change_query_fields[] = {
	FIELD(change_query, since, "that began then or later"),
	FIELD(change_query, until, "that began earlier"),
	FIELD(change_query, service, "of this service"),
	CHOICE(change_query, kind, change_kind, "of this kind"),
	FIELD(change_query, before, "with a lower number"),
	END,
};

int api_changes(struct visit *v, struct reply *r, struct err *e)
{
	struct change_query q = { 0 };
	struct changes list = { 0 };
	struct reading how = visit_reading(v);
	if (fields_from_form(change_query_fields, &v->query, &q, &how, e) != 0)
		return -1;
	struct change_filter f = { .since_ms = q.since.ms,
				   .until_ms = q.until.ms,
				   .service = q.service,
				   .kind = q.kind,
				   .before = q.before };
	if (view_changes(v->db, &f, v->arena, &list, e) != 0)
		return -1;
	return reply_rows(v, &(struct rows){ "changes", change_fields, &list, sizeof(*list.at) },
			  r);
}

int api_change(struct visit *v, struct reply *r, struct err *e)
{
	struct change c;
	struct buf b = BUF(v->arena);
	if (view_change(v->db, v->number, v->arena, &c, e) != 0)
		return -1;
	fields_to_json(change_fields, &c, &b);
	return reply_json(v, 200, &b, r);
}

int api_actions(struct visit *v, struct reply *r, struct err *e)
{
	struct view_filter filter = { .open_only = !str_is(form_get(&v->query, "state"), "all") };
	struct action_rows list = { 0 };
	if (view_actions(v->db, &filter, v->arena, &list, e) != 0)
		return -1;
	return reply_rows(
		v, &(struct rows){ "actions", action_row_fields, &list, sizeof(*list.at) }, r);
}

int api_reviews(struct visit *v, struct reply *r, struct err *e)
{
	struct view_filter filter = { 0 };
	struct incident_rows all = { 0 }, list = { 0 };
	if (view_incidents(v->db, &filter, v->arena, &all, e) != 0)
		return -1;
	LIST_EACH (row, &all)
		if (row->review != REVIEW_NONE || row->resolved.ms)
			*LIST_ADD(v->arena, &list) = *row;
	return reply_rows(
		v, &(struct rows){ "reviews", incident_row_fields, &list, sizeof(*list.at) }, r);
}

int api_review(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	struct buf b = BUF(v->arena);
	if (engine_fold(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	if (f.incident->review.state == REVIEW_NONE)
		return err_refuse(e, ERR_NOT_FOUND, "INC-%lld has no review yet.",
				  (long long)v->number);
	fields_to_json(review_fields, &f.incident->review, &b);
	return reply_json(v, 200, &b, r);
}

int api_people(struct visit *v, struct reply *r, struct err *e)
{
	struct accounts list = { 0 };
	if (account_list(v->db, v->arena, &list, e) != 0)
		return -1;
	return reply_rows(v, &(struct rows){ "people", account_fields, &list, sizeof(*list.at) },
			  r);
}

/* The doors of senders; keys are shown once, when they are made. */
int api_integrations(struct visit *v, struct reply *r, struct err *e)
{
	struct intake_lines list = { 0 };
	if (intake_lines_load(v, &list, e) != 0)
		return -1;
	return reply_rows(
		v, &(struct rows){ "integrations", intake_line_fields, &list, sizeof(*list.at) },
		r);
}

int api_me(struct visit *v, struct reply *r, struct err *e)
{
	struct account me;
	struct buf b = BUF(v->arena);
	if (account_get(v->db, v->user, v->arena, &me, e) != 0)
		return -1;
	me.password_hash = (struct str){ NULL, 0 };
	fields_to_json(account_fields, &me, &b);
	return reply_json(v, 200, &b, r);
}
