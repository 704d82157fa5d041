/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_suspects: the changes that may have set it off, as the newest ranking has them, and what can be done with one:
 * make it the hypothesis, or propose to undo it. How they are ranked: core/suspect.h, engine/suspects.h. */
#include "core/change.h"
#include "store/view_change.h"
#include "base/when.h"
#include "web/war_room.h"

enum { SUSPECTS_SHOWN = 3, BACK_MS = 24 * 3600 * 1000, ON_MS = 20 * 60 * 1000 };

/* "3 min before", "2 min after" */
static struct str lead_of(const struct incident *inc, const struct suspect *s, struct arena *a)
{
	int64_t lead_ms = inc->ranking.onset.ms - s->began.ms;
	struct buf b = BUF(a);
	when_length(&b, lead_ms < 0 ? -lead_ms : lead_ms);
	buf_z(&b, lead_ms < 0 ? " after" : " before");
	return buf_str(&b);
}

static const struct linked_alert *first_firing(const struct incident *inc, struct str service)
{
	const struct linked_alert *any = NULL;
	LIST_EACH (x, &inc->alerts) {
		if (x->firing && str_eq(x->service, service))
			return x;
		if (x->firing && !any)
			any = x;
	}
	return any;
}

/* What is expected if it is the cause: something that can be looked at soon. */
static struct str prediction_of(const struct incident *inc, const struct suspect *s,
				struct arena *a)
{
	const struct linked_alert *x = first_firing(inc, s->service);
	if (x)
		return str_fmt(a,
			       "If we undo " STR_FMT ", the alert " STR_FMT " stops within 10 min.",
			       STR_ARG(s->title), STR_ARG(x->name));
	if (inc->symptoms.fails.len)
		return str_fmt(a, "If we undo " STR_FMT ", this is over within 10 min: " STR_FMT,
			       STR_ARG(s->title), STR_ARG(str_clip(inc->symptoms.fails, 300)));
	return str_fmt(a, "If we undo " STR_FMT ", it works again within 10 min.",
		       STR_ARG(s->title));
}

static int mitigation_of(int change_kind)
{
	switch ((enum change_kind)change_kind) {
	case CHANGE_DEPLOY:
		return MITIGATION_ROLLBACK;
	case CHANGE_CONFIG:
		return MITIGATION_CONFIG;
	case CHANGE_FLAG:
		return MITIGATION_FLAG;
	case CHANGE_KIND_UNSET:
	case CHANGE_INFRASTRUCTURE:
	case CHANGE_DATA:
	case CHANGE_COMMAND:
		break;
	}
	return MITIGATION_OTHER;
}

static void add_query(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, "&%s=", name);
	buf_url(b, value);
}

/* The form of a mitigation, filled in. */
static struct str undo_href(const struct incident *inc, const struct suspect *s,
			    const struct change *c, struct arena *a)
{
	struct buf b = BUF(a);
	struct str what = c->undo.len ? str_fmt(a, "Undo " STR_FMT ": " STR_FMT, STR_ARG(s->title),
						STR_ARG(str_clip(c->undo, 280)))
				      : str_fmt(a, "Undo " STR_FMT, STR_ARG(s->title));
	buf_fmt(&b, "/incidents/%lld/do/mitigation/propose?kind=%s", (long long)inc->id,
		mitigation_kind_names[mitigation_of(s->kind)]);
	add_query(&b, "what", what);
	if (s->service.len)
		add_query(&b, "services", s->service);
	add_query(&b, "undo", str_fmt(a, "Bring " STR_FMT " back", STR_ARG(s->title)));
	return buf_str(&b);
}

static void fill_one(struct incident_view *view, const struct incident *inc,
		     const struct suspect *s, struct visit *v)
{
	struct change c = { 0 };
	struct err gone = { 0 };
	const struct hypothesis *open = incident_open_hypothesis(inc);
	struct room_suspect *to = LIST_ADD(v->arena, &view->hunted);
	if (view_change(v->db, s->change, v->arena, &c, &gone) != 0)
		c = (struct change){ 0 };
	*to = (struct room_suspect){ .number = s->change,
				     .place = (int64_t)view->hunted.len,
				     .title = s->title,
				     .of = s->service,
				     .kind = s->kind,
				     .state = c.state,
				     .lead_time = lead_of(inc, s, v->arena),
				     .share = s->share,
				     .differs = str_clip(c.differs, 300),
				     .reasons = s->says,
				     .against = s->against };
	to->supposed = str_fmt(v->arena, STR_FMT " set it off", STR_ARG(s->title));
	to->expected = prediction_of(inc, s, v->arena);
	to->undo_href = undo_href(inc, s, &c, v->arena);
	to->is_tested = open && str_eq(open->cause, to->supposed);
	to->is_undone = c.state == CHANGE_UNDONE;
	to->first_reason = s->says.len ? s->says.at[0] : STR("");
	to->first_against = s->against.len ? s->against.at[0] : STR("");
}

static struct str more_href(const struct incident *inc, struct arena *a)
{
	struct buf b = BUF(a), from = BUF(a), until = BUF(a);
	when_rfc3339(&from, inc->ranking.onset.ms - BACK_MS);
	when_rfc3339(&until, inc->ranking.onset.ms + ON_MS);
	buf_z(&b, "/changes?from=");
	buf_url(&b, buf_str(&from));
	buf_z(&b, "&to=");
	buf_url(&b, buf_str(&until));
	return buf_str(&b);
}

void room_suspects_fill(struct incident_view *view, const struct incident *inc, struct visit *v)
{
	const struct ranking *r = &inc->ranking;
	view->is_ranked = r->at.ms;
	view->explains_none = r->at.ms && r->none >= RANKING_NONE_FROM;
	for (size_t i = 0; i < r->suspects.len && i < SUSPECTS_SHOWN; i++)
		fill_one(view, inc, &r->suspects.at[i], v);
	if (r->known > (int64_t)view->hunted.len)
		view->more_changes = r->known - (int64_t)view->hunted.len;
	if (r->at.ms) {
		view->more_href = more_href(inc, v->arena);
		view->more_since.ms = r->onset.ms - BACK_MS;
	}
}
