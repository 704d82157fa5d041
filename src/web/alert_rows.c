/* SPDX-License-Identifier: Apache-2.0 */
/* alert_rows: from what was seen to the rows of a page (alert_look.h): in order, bounded, floods as one row. */
#include "web/alert_look.h"

enum {
	GROWING_MS = 5 * 60 * 1000, /* a flood whose newest is younger still grows */
	NO_GROUP = -1
};

const struct field alert_row_fields[] = {
	FIELD(alert_row, fingerprint, "what tells it from others"),
	FIELD(alert_row, name, "its name"),
	FIELD(alert_row, service, "what it is about"),
	FIELD(alert_row, summary, "what it says"),
	FIELD(alert_row, severity, "as its sender rates it"),
	FIELD(alert_row, started, "firing since"),
	FIELD(alert_row, ends, "resolved at"),
	FIELD(alert_row, acked, "since when somebody looks after it"),
	FIELD(alert_row, acked_by, "who"),
	FIELD(alert_row, silenced_until, "until when it is silenced"),
	FIELD(alert_row, silenced_by, "who silenced it"),
	FIELD(alert_row, silence_reason, "why"),
	FIELD(alert_row, silence_author, "who asked for that, as a client says"),
	FIELD(alert_row, incident, "the open incident that holds it"),
	FIELD(alert_row, silence, "the silence's number"),
	FIELD(alert_row, was, "the incident that held it and is over"),
	FIELD(alert_row, was_over, "since when that is over"),
	FIELD(alert_row, is_firing, "it fires"),
	FIELD(alert_row, by_timeout, "it ended because nothing was heard any more"),
	FIELD(alert_row, is_critical, "its sender rates it among the worst"),
	FIELD(alert_row, needs_person, "nobody looks after it"),
	FIELD(alert_row, is_flood, "many of one name"),
	FIELD(alert_row, is_growing, "and still more"),
	FIELD(alert_row, count, "how many"),
	FIELD(alert_row, services, "on how many services"),
	FIELD(alert_row, differs, "the labels that tell it from rows that look alike"),
	END,
};

struct str thousands(struct arena *a, int64_t n)
{
	struct str digits = str_fmt(a, "%lld", (long long)n);
	struct buf b = BUF(a);
	for (size_t i = 0; i < digits.len; i++) {
		if (i && (digits.len - i) % 3 == 0 && digits.at[i - 1] != '-')
			buf_c(&b, ',');
		buf_c(&b, digits.at[i]);
	}
	return buf_str(&b);
}

/* A place in the order. */
struct place {
	int standing, rank;
	bool is_flood;
	int64_t at_ms;
	struct str id;	 /* fingerprint, or the name of a flood */
	long long group; /* of a flood */
};

static int compare(const struct place *x, const struct place *y)
{
	if (x->standing != y->standing)
		return x->standing < y->standing ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->is_flood != y->is_flood)
		return y->is_flood ? -1 : 1;
	if (x->at_ms != y->at_ms)
		return x->at_ms > y->at_ms ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static struct str cursor_print(struct arena *a, const struct place *p)
{
	return str_fmt(a, "%d.%d.%d.%lld." STR_FMT, p->standing, p->rank, p->is_flood,
		       (long long)p->at_ms, STR_ARG(p->id));
}

static int cursor_read(struct str text, struct place *p, struct err *e)
{
	int64_t n[4] = { 0 };
	for (size_t i = 0; i < 4; i++) {
		struct str part;
		if (!str_cut(&text, '.', &part) || !str_to_int(part, &n[i]))
			return err_field(e, "next", "next is what the page before gave.");
	}
	*p = (struct place){ .standing = n[0] < 0 || n[0] > OVER ? OVER : (int)n[0],
			     .rank = n[1] < 0 || n[1] > 3 ? 3 : (int)n[1],
			     .is_flood = n[2] != 0,
			     .at_ms = n[3],
			     .id = text };
	return 0;
}

/* The first places behind the cursor, in order: a list as long as a page, which most alerts do not enter. */
struct first {
	struct place *at;
	size_t len, limit;
	const struct place *behind; /* NULL = from the first */
};

static void offer(struct first *f, struct place p)
{
	if (f->behind && compare(&p, f->behind) <= 0)
		return;
	if (f->len == f->limit && compare(&p, &f->at[f->len - 1]) >= 0)
		return;
	size_t i = f->len < f->limit ? f->len++ : f->len - 1;
	for (; i && compare(&f->at[i - 1], &p) > 0; i--)
		f->at[i] = f->at[i - 1];
	f->at[i] = p;
}

static void offer_all(struct first *f, const struct survey *s, const struct row_query *q)
{
	LIST_EACH (x, &s->seen) {
		if (x->standing < q->from || x->standing > q->to ||
		    (q->collapse && x->standing == NEEDS_PERSON &&
		     s->groups.at[x->group].count > HANDFUL))
			continue;
		offer(f, (struct place){ x->standing,
					 x->rank,
					 false,
					 x->at_ms,
					 { x->fingerprint, FINGERPRINT_HEX },
					 NO_GROUP });
	}
	LIST_EACH (g, &s->groups)
		if (q->collapse && q->from == NEEDS_PERSON && g->count > HANDFUL)
			offer(f, (struct place){ NEEDS_PERSON, g->rank, true, g->newest_ms, g->name,
						 g - s->groups.at });
}

static struct alert_row flood_row(struct look *l, const struct alert_group *g)
{
	return (struct alert_row){
		.name = g->name,
		.started = { g->since_ms },
		.is_firing = true,
		.needs_person = true,
		.is_critical = g->rank == 0,
		.is_flood = true,
		.is_growing = g->newest_ms > l->now_ms - GROWING_MS,
		.count = thousands(l->arena, g->count),
		.services = g->services > 1 ? thousands(l->arena, g->services) : (struct str){ 0 },
	};
}

/* An alert joins no incident that is over, but its page says where it was last. */
static int add_past(struct visit *v, struct alert_row *row, struct err *e)
{
	struct incident_row was;
	int64_t n = 0;
	if (row->incident)
		return 0;
	if (view_alert_past(v->db, row->fingerprint, &n, e) != 0)
		return -1;
	if (!n)
		return 0;
	if (view_incident(v->db, n, v->arena, &was, e) != 0)
		return -1;
	row->was = n;
	row->was_over = was.resolved.ms ? was.resolved : was.closed;
	return 0;
}

int alert_row_of(struct visit *v, struct look *l, const struct live_alert *a, struct alert_row *row,
		 struct err *e)
{
	const struct silence *s = a->is_firing ? look_silence(l, a) : NULL;
	*row = (struct alert_row){ .fingerprint = a->fingerprint,
				   .name = a->name,
				   .service = a->service,
				   .summary = a->summary,
				   .severity = a->severity,
				   .labels = a->labels,
				   .started = a->started,
				   .ends = a->ends,
				   .acked = a->acked,
				   .acked_by = a->acked_by,
				   .incident = a->incident,
				   .is_firing = a->is_firing,
				   .by_timeout = a->by_timeout,
				   .is_critical = severity_rank(a->severity) == 0 };
	row->needs_person = a->is_firing && !s && !a->acked_by.id.len && !a->incident;
	if (s) {
		row->silence = s->number;
		row->silenced_until = s->ends;
		row->silenced_by = s->by;
		row->silence_reason = s->comment;
		row->silence_author = s->author;
	}
	return add_past(v, row, e);
}

int survey_rows(struct visit *v, const struct survey *s, const struct row_query *q,
		struct row_page *out, struct err *e)
{
	struct place behind;
	struct first f = { .at = ARENA_ARRAY(v->arena, struct place, q->limit + 1),
			   .limit = q->limit + 1 };
	*out = (struct row_page){ 0 };
	if (q->cursor.len) {
		if (cursor_read(q->cursor, &behind, e) != 0)
			return -1;
		f.behind = &behind;
	}
	offer_all(&f, s, q);
	if (f.len > q->limit) {
		f.len = q->limit;
		out->next = cursor_print(v->arena, &f.at[f.len - 1]);
	}
	for (size_t i = 0; i < f.len; i++) {
		struct live_alert a;
		if (f.at[i].is_flood)
			*LIST_ADD(v->arena, &out->rows) = flood_row(s->look,
								    &s->groups.at[f.at[i].group]);
		else if (engine_alert(v->config->engine, f.at[i].id, v->arena, &a) &&
			 alert_row_of(v, s->look, &a, LIST_ADD(v->arena, &out->rows), e) != 0)
			return -1;
	}
	rows_differ(&out->rows, v->arena);
	return 0;
}
