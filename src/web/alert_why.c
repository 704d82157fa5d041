/* SPDX-License-Identifier: Apache-2.0 */
/* alert_why: see alert_why.h. */
#include "web/alert_why.h"

#include "base/when.h"
#include "core/declare.h"
#include "core/tell.h"
#include "intake/source.h"

const struct field why_step_fields[] = {
	FIELD(why_step, step, "which step of the way"), FIELD(why_step, at, "when"),
	FIELD(why_step, said, "what happened there"),	FIELD(why_step, link, "where to look"),
	FIELD(why_step, shown, "how the link reads"),	END,
};

static struct why_step *add(struct visit *v, struct why_steps *out, const char *step, int64_t at_ms)
{
	struct why_step *s = LIST_ADD(v->arena, out);
	s->step = str_of(step);
	s->at.ms = at_ms;
	return s;
}

/* "generic/disk-checks" is its integration's. */
static struct str label_of(struct arena *a, struct str source)
{
	struct str rest = source, name;
	bool has_door = str_cut(&rest, '/', &name) && rest.len;
	const struct source *s = source_find(has_door ? name : source);
	if (!s)
		return source;
	return has_door ? str_fmt(a, "%s (" STR_FMT ")", s->label, STR_ARG(rest))
			: str_of(s->label);
}

static int add_inbox(struct visit *v, const struct live_alert *a, struct why_steps *out,
		     struct err *e)
{
	struct inbox_row row;
	if (!a->inbox) {
		add(v, out, "inbox", 0)->said = STR(
			"Which body told of it is not known: it is older than this record.");
		return 0;
	}
	if (inbox_get(v->db, a->inbox, v->arena, &row, e) != 0)
		return -1;
	struct why_step *s = add(v, out, "inbox", row.received_ms);
	struct str hash = hex_of(v->arena, (struct str){ (const char *)row.body_hash.b, 6 });
	s->said = str_fmt(v->arena, STR_FMT " sent a body of %lld bytes, SHA-256 " STR_FMT "...",
			  STR_ARG(label_of(v->arena, row.source)), (long long)row.bytes,
			  STR_ARG(hash));
	s->link = str_fmt(v->arena, "/inbox/%lld", (long long)row.id);
	s->shown = str_fmt(v->arena, "inbox %lld", (long long)row.id);
	return 0;
}

static void add_signal(struct visit *v, const struct live_alert *a, struct why_steps *out)
{
	struct buf b = BUF(v->arena);
	buf_fmt(&b, "We read in it: " STR_FMT, STR_ARG(a->name));
	if (a->service.len)
		buf_fmt(&b, " of the service " STR_FMT, STR_ARG(a->service));
	if (a->severity.len)
		buf_fmt(&b, ", severity " STR_FMT, STR_ARG(a->severity));
	buf_fmt(&b, ". Its fingerprint tells it from others: " STR_FMT ".",
		STR_ARG(a->fingerprint));
	add(v, out, "signal", 0)->said = buf_str(&b);
}

static void add_desk(struct visit *v, const struct live_alert *a, struct why_steps *out)
{
	struct buf until = BUF(v->arena);
	if (!a->is_firing) {
		add(v, out, "desk", a->ends.ms)->said =
			a->by_timeout
				? STR("It ended: the sender did not tell of it again in time.")
				: STR("It ended, as the sender said.");
		return;
	}
	struct why_step *s = add(v, out, "desk", a->started.ms);
	if (!a->ends.ms) {
		s->said = STR("It fires, until the sender says otherwise.");
		return;
	}
	when_clock(&until, a->ends.ms, v->offset_ms);
	s->said = str_fmt(v->arena,
			  "It fires. At " STR_FMT
			  " it ends by itself, unless the sender repeats it.",
			  STR_ARG(buf_str(&until)));
}

static struct str person(const struct visit *v, struct str id)
{
	return id.len ? v->names.person(v->names.ctx, id) : STR("Aplomb");
}

static void add_people(struct visit *v, const struct alert_row *row, struct why_steps *out)
{
	if (row->silence) {
		struct buf until = BUF(v->arena);
		struct str who = row->silenced_by.id.len || !row->silence_author.len
					 ? person(v, row->silenced_by.id)
					 : row->silence_author;
		when_day_clock(&until, row->silenced_until.ms, v->offset_ms);
		struct why_step *s = add(v, out, "silence", 0);
		s->said = str_fmt(v->arena, STR_FMT " silenced it until " STR_FMT ": " STR_FMT,
				  STR_ARG(who), STR_ARG(buf_str(&until)),
				  STR_ARG(row->silence_reason));
		s->link = STR("/silences");
		s->shown = str_fmt(v->arena, "silence %lld", (long long)row->silence);
	}
	if (row->acked_by.id.len)
		add(v, out, "ack", row->acked.ms)->said = str_fmt(
			v->arena, STR_FMT " looks after it.", STR_ARG(person(v, row->acked_by.id)));
}

/* Which entry of the incident attached it; NULL = by declaring with it, in an old version. */
static const struct event *attaching(const struct folded *f, struct str fingerprint)
{
	LIST_EACH (ev, &f->events)
		if (ev->type == &declare_events[DECLARE_ATTACHED] && ev->body &&
		    str_eq(((const struct alert_attached *)ev->body)->fingerprint, fingerprint))
			return ev;
	return NULL;
}

static int add_incident(struct visit *v, const struct alert_row *row, struct why_steps *out,
			struct err *e)
{
	struct folded f;
	int64_t n = row->incident ? row->incident : row->was;
	if (!n) {
		add(v, out, "incident", 0)->said = row->needs_person
							   ? STR("No incident holds it: it needs a "
								 "person.")
							   : STR("No incident holds it.");
		return 0;
	}
	if (engine_fold(v->db, n, v->arena, &f, e) != 0)
		return -1;
	const struct event *ev = attaching(&f, row->fingerprint);
	struct buf said = BUF(v->arena);
	if (ev)
		event_tell(ev, &v->names, CLEAR_INTERNAL, &said);
	else /* a member of a group that the incident holds */
		buf_z(&said, "It fires like the alerts of the incident.");
	if (row->was && row->is_firing)
		buf_z(&said, " That incident is over, and it joins none that is.");
	struct why_step *s = add(v, out, "incident", ev ? ev->happened_ms : 0);
	s->said = buf_str(&said);
	s->link = str_fmt(v->arena, "/incidents/%lld", (long long)n);
	s->shown = str_fmt(v->arena, "INC-%lld", (long long)n);
	return 0;
}

int alert_why(struct visit *v, const struct live_alert *a, const struct alert_row *row,
	      struct why_steps *out, struct err *e)
{
	if (add_inbox(v, a, out, e) != 0)
		return -1;
	add_signal(v, a, out);
	add_desk(v, a, out);
	add_people(v, row, out);
	return add_incident(v, row, out, e);
}
