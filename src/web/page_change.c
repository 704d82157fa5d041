/* SPDX-License-Identifier: Apache-2.0 */
/* page_change: GET /changes/N: all that is known of one change, how it went on, the incidents around it, and when its service
 * was last taken back. /changes/new records one. The list of them: page_changes.c. */
#include "base/when.h"
#include "core/redact.h"
#include "core/tell.h"
#include "ui.h"
#include "web/alert_look.h"
#include "web/changes_look.h"
#include "web/forms.h"
#include "web/inside.h"
#include "web/readiness.h"

enum { NEAR_INCIDENTS = 20 };
static const int64_t hour_ms = 3600 * 1000, day_ms = 24LL * 3600 * 1000;

/* An incident before or behind it in time. */
struct near_incident {
	int64_t id;
	struct str name, when;
	int severity;
	bool is_same; /* it is about the service that was changed */
};
static const struct field near_incident_fields[] = {
	FIELD(near_incident, id, "its number"),
	FIELD(near_incident, name, "its title"),
	FIELD(near_incident, when, "how it lies to the change"),
	CHOICE(near_incident, severity, severity, "how bad it is"),
	FIELD(near_incident, is_same, "it is about the same service"),
	END,
};
struct change_entry {
	int64_t seq, pos;
	struct when at;
	struct str said;
};
static const struct field change_entry_fields[] = {
	FIELD(change_entry, seq, "its place"),
	FIELD(change_entry, pos, "its place in the ledger"),
	FIELD(change_entry, at, "when it happened"),
	FIELD(change_entry, said, "in a sentence"),
	END,
};
struct change_view {
	struct frame frame;
	struct change_lines change; /* one */
	LIST_OF(struct change_entry) log;
	LIST_OF(struct near_incident) incidents;
	struct readiness_lines readiness;
	struct html strip;
	struct str key, around, tell;
	struct when recorded;
	bool may_act;
};
extern const struct field change_view_fields[];
const struct field change_view_fields[] = {
	FRAME_FIELDS(change_view),
	ITEMS(change_view, change, change_line, "the change"),
	ITEMS(change_view, log, change_entry, "how it went on"),
	ITEMS(change_view, incidents, near_incident, "those around it"),
	ITEMS(change_view, readiness, readiness_line, "whether its service was taken back before"),
	FIELD(change_view, strip, "the hours around it"),
	FIELD(change_view, key, "what names it for its sender"),
	FIELD(change_view, around, "the address of the hours around it"),
	FIELD(change_view, tell, "where to tell how it went on; empty = nobody can"),
	FIELD(change_view, recorded, "when it was told of first"),
	FIELD(change_view, may_act, "the reader may change things"),
	END,
};

static void add_log(struct visit *v, const struct folded *f, struct change_view *view)
{
	LIST_EACH (ev, &f->events) {
		struct buf said = BUF(v->arena);
		const struct event *redaction = folded_redaction(f, ev->seq);
		if (redaction)
			redact_tell(redaction, &v->names, &said);
		else
			event_tell(ev, &v->names, CLEAR_INTERNAL, &said);
		*LIST_ADD(v->arena, &view->log) = (struct change_entry){ .seq = ev->seq,
									 .pos = ev->pos,
									 .at = { ev->recorded_ms },
									 .said = buf_str(&said) };
	}
}

static struct str relation(struct visit *v, const struct change *c, const struct incident_row *row)
{
	int64_t from = row->started.ms ? row->started.ms : row->declared.ms;
	struct buf length = BUF(v->arena);
	int64_t apart = from - c->began.ms;
	when_length(&length, apart < 0 ? -apart : apart);
	return str_fmt(v->arena,
		       apart >= 0 ? "began " STR_FMT " after it"
				  : "had begun " STR_FMT " before it",
		       STR_ARG(buf_str(&length)));
}

/* Those that were going on when it began, or began in the day behind it. */
static int add_incidents(struct visit *v, const struct change *c, struct change_view *view,
			 struct err *e)
{
	struct window_ids ids = { 0 };
	const struct window w = { .from_ms = c->began.ms,
				  .to_ms = c->began.ms + day_ms,
				  .limit = NEAR_INCIDENTS };
	if (window_incidents(v->db, &w, v->arena, &ids, e) != 0)
		return -1;
	LIST_EACH (id, &ids) {
		struct incident_row row;
		if (view_incident(v->db, *id, v->arena, &row, e) != 0)
			return -1;
		*LIST_ADD(v->arena, &view->incidents) = (struct near_incident){
			.id = row.id,
			.name = row.title,
			.when = relation(v, c, &row),
			.severity = row.severity,
			.is_same = c->service.len && strs_has(&row.services, c->service),
		};
	}
	return 0;
}

static int add_strip(struct visit *v, const struct change *c, struct change_view *view,
		     struct err *e)
{
	struct changes near = { 0 };
	struct buf around = BUF(v->arena);
	int64_t to = c->began.ms + hour_ms, now = v->now_ms - v->now_ms % 30000 + 30000;
	to = to < now ? to : now; /* what is to come shows nothing */
	struct window w = { .from_ms = to - 2 * hour_ms, .to_ms = to, .limit = 200 };
	if (window_changes(v->db, &w, v->arena, &near, e) != 0 ||
	    changes_strip(v, &(struct strip_of){ &w, &near }, &view->strip, e) != 0)
		return -1;
	buf_z(&around, "/changes?from=");
	when_rfc3339(&around, w.from_ms / 1000 * 1000);
	buf_z(&around, "&to=");
	when_rfc3339(&around, w.to_ms / 1000 * 1000);
	view->around = buf_str(&around);
	return 0;
}

/* The same key tells how it went on; the form starts with what is known. */
static struct str tell_address(struct visit *v, const struct change *c)
{
	struct buf b = BUF(v->arena);
	if (!c->key.len || c->state != CHANGE_RUNNING)
		return (struct str){ NULL, 0 };
	buf_z(&b, "/changes/new?key=");
	buf_url(&b, c->key);
	buf_z(&b, "&state=done&title=");
	buf_url(&b, c->title);
	return buf_str(&b);
}

int page_change(struct visit *v, struct reply *r, struct err *e)
{
	struct folded f;
	struct change_view view = { .may_act = v->right >= RIGHT_RESPOND };
	if (engine_fold_change(v->db, v->number, v->arena, &f, e) != 0)
		return -1;
	const struct change *c = f.change;
	struct change_line *line = LIST_ADD(v->arena, &view.change);
	*line = change_line_of(c, v->arena);
	view.frame = frame_of(v, "changes", line->title);
	view.key = c->key;
	view.recorded = c->recorded;
	view.tell = tell_address(v, c);
	add_log(v, &f, &view);
	const struct strs service = { &line->service, line->service.len ? 1 : 0 };
	if (add_strip(v, c, &view, e) != 0 || add_incidents(v, c, &view, e) != 0 ||
	    readiness_lines(v, &service, &view.readiness, e) != 0)
		return -1;
	return reply_page(v, &tpl_change, change_view_fields, &view, r);
}

static struct forming new_change(struct visit *v, const struct form *given)
{
	return (struct forming){ .v = v,
				 .stream = DESK_STREAM, /* its own is made when it is recorded */
				 .given = given,
				 .is_posted = given == &v->form };
}

int page_change_new(struct visit *v, struct reply *r, struct err *e)
{
	struct forming f = new_change(v, &v->query);
	if (form_verb(&f, &change_stream, STR("change"), STR("send"), e) != 0)
		return -1;
	return form_show(&f, r, e);
}

int post_change_new(struct visit *v, struct reply *r, struct err *e)
{
	struct forming f = new_change(v, &v->form);
	struct asked q = { 0 };
	struct outcome done;
	struct err refused = { 0 };
	if (form_verb(&f, &change_stream, STR("change"), STR("send"), e) != 0)
		return -1;
	if (form_read(&f, &q, &refused) == 0 && verb_run(v, &q, &done, &refused) == 0)
		return reply_see(v, str_fmt(v->arena, "/changes/%lld", (long long)-done.stream), r);
	if (!v->wants_html) {
		*e = refused;
		return -1;
	}
	f.refused = &refused;
	return form_show(&f, r, e);
}
