/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_log: the timeline, newest first, as sentences (core/tell.h). */
#include "web/war_room.h"

#include "core/redact.h"
#include "core/tell.h"

enum {
	OLD_MS = 12 * 3600 * 1000, /* from here on a clock time alone could be yesterday's */
	BEHIND_MS = 60 * 1000,	   /* from here on the reader is told when it was written */
};

/* Kinds of entries by the first word of their type: what the links above the timeline leave in. */
static const struct {
	const char *show, *prefix;
} kinds[] = {
	{ "decisions", "incident." },
	{ "decisions", "changes." },
	{ "decisions", "hypothesis." },
	{ "decisions", "mitigation." },
	{ "decisions", "guard." },
	{ "decisions", "step." },
	{ "decisions", "reset." },
	{ "decisions", "recovery." },
	{ "decisions", "role." },
	{ "evidence", "evidence." },
	{ "evidence", "symptom." },
	{ "evidence", "alert." },
	{ "evidence", "hypothesis.tested" },
	{ "comms", "update." },
	{ "comms", "review." },
	{ "comms", "action." },
};

static bool is_shown(struct str show, const struct event *ev)
{
	struct str type = str_of(ev->type->name);
	if (str_is(show, "all"))
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(show, kinds[i].show) && str_starts(type, str_of(kinds[i].prefix)))
			return true;
	return false;
}

static struct str chosen(struct visit *v)
{
	struct str show = form_get(&v->query, "show");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(show, kinds[i].show))
			return show;
	return STR("all");
}

static struct room_entry entry_of(const struct event *ev, const struct folded *f, struct visit *v)
{
	struct buf said = BUF(v->arena);
	struct str seq = str_fmt(v->arena, "%lld", (long long)ev->seq);
	const struct event *redaction = folded_redaction(f, ev->seq);
	if (redaction)
		redact_tell(redaction, &v->names, &said);
	else if (ev->body)
		event_tell(ev, &v->names, CLEAR_INTERNAL, &said);
	bool is_behind = ev->recorded_ms - ev->happened_ms > BEHIND_MS;
	return (struct room_entry){ .seq = ev->seq,
				    .at = { ev->happened_ms },
				    .written = { is_behind ? ev->recorded_ms : 0 },
				    .said = buf_str(&said),
				    .is_old = v->now_ms - ev->happened_ms > OLD_MS,
				    .taken_back = strs_has(&f->incident->retracted, seq),
				    .is_note = str_is(str_of(ev->type->name), "note.added") &&
					       !redaction,
				    .may_redact = v->right >= RIGHT_ADMIN && !redaction &&
						  ev->type != &redact_events[REDACT_BODY] };
}

void room_log_fill(struct incident_view *view, const struct folded *f, struct visit *v)
{
	size_t most = form_get(&v->query, "older").len ? f->events.len : ROOM_LOG_MAX;
	view->show = chosen(v);
	for (size_t i = f->events.len; i > 0; i--) {
		const struct event *ev = &f->events.at[i - 1];
		if (!is_shown(view->show, ev))
			continue;
		if (view->log.len >= most) {
			view->older++;
			continue;
		}
		struct room_entry *entry = LIST_ADD(v->arena, &view->log);
		*entry = entry_of(ev, f, v);
	}
}
