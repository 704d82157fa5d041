/* SPDX-License-Identifier: Apache-2.0 */
/* readiness: see readiness.h. */
#include "core/readiness.h"

#include "core/phrase.h"

const char *const readiness_how_names[] = { "", "rollback", "undone", "mitigation", NULL };

const struct field readiness_fields[] = {
	FIELD(readiness, service, "the service"),
	CHOICE(readiness, how, readiness_how, "how it was taken back last"),
	FIELD(readiness, at, "when it was back"),
	FIELD(readiness, took, "how long that took; of an undone change: since it began"),
	FIELD(readiness, what, "what was done"),
	FIELD(readiness, change, "the change that proves it; 0 = none"),
	FIELD(readiness, incident, "the incident that proves it; 0 = none"),
	FIELD(readiness, mitigation, "the number of the mitigation in it; 0 = none"),
	END,
};

/* "deploy v790"; words may have been redacted */
static struct str name_of(const struct change *c, struct arena *a)
{
	const char *kind = change_kind_names[c->kind];
	if (c->version.len)
		return str_fmt(a, "%s " STR_FMT, kind, STR_ARG(c->version));
	if (c->title.len)
		return str_fmt(a, "%s \"" STR_FMT "\"", kind, STR_ARG(c->title));
	return str_fmt(a, "change %lld", (long long)c->number);
}

bool readiness_of_change(const struct change *c, struct arena *a, struct readiness *out)
{
	bool is_back = c->is_rollback && c->state == CHANGE_DONE;
	bool is_undone = !c->is_rollback && c->state == CHANGE_UNDONE;
	if (!c->service.len || (!is_back && !is_undone))
		return false;
	*out = (struct readiness){
		.service = c->service,
		.how = is_back ? READINESS_ROLLBACK : READINESS_UNDONE,
		.at = c->ended.ms ? c->ended : c->began,
		.what = name_of(c, a),
		.change = c->number,
	};
	if (c->ended.ms > c->began.ms)
		out->took.ms = c->ended.ms - c->began.ms;
	return true;
}

/* When the first check held after that time; 0 = none did. */
static int64_t first_held_ms(const struct incident *inc, int64_t after_ms)
{
	int64_t first_ms = 0;
	LIST_EACH (c, &inc->checks)
		if (!c->dropped && c->held.ms >= after_ms && (!first_ms || c->held.ms < first_ms))
			first_ms = c->held.ms;
	return first_ms;
}

/* Whether another change could be what helped. */
static bool is_alone(const struct incident *inc, const struct mitigation *m, int64_t until_ms)
{
	LIST_EACH (other, &inc->mitigations)
		if (other != m && other->state == MITIGATION_DONE &&
		    other->ended.ms >= m->ended.ms && other->ended.ms <= until_ms)
			return false;
	return true;
}

static void add_proof(const struct incident *inc, const struct mitigation *m, struct arena *a,
		      struct readinesses *out)
{
	const struct strs *services = m->services.len ? &m->services : &inc->services;
	for (size_t i = 0; i < services->len; i++)
		*LIST_ADD(a, out) = (struct readiness){
			.service = services->at[i],
			.how = READINESS_MITIGATION,
			.at = m->ended,
			.took = { m->started.ms ? m->ended.ms - m->started.ms : 0 },
			.what = m->what,
			.incident = inc->id,
			.mitigation = m->number,
		};
}

void readiness_of_incident(const struct incident *inc, struct arena *a, struct readinesses *out)
{
	if (!incident_is_verified(inc))
		return;
	LIST_EACH (m, &inc->mitigations) {
		if (m->kind != MITIGATION_ROLLBACK || m->state != MITIGATION_DONE || !m->ended.ms)
			continue;
		int64_t held_ms = first_held_ms(inc, m->ended.ms);
		if (held_ms && is_alone(inc, m, held_ms))
			add_proof(inc, m, a, out);
	}
}

static const int64_t day_ms = 24LL * 3600 * 1000;

bool readiness_is_fresh(const struct readiness *r, int64_t now_ms)
{
	return r->how && now_ms - r->at.ms <= READINESS_OLD_DAYS * day_ms;
}

struct str readiness_age(int64_t ms, struct arena *a)
{
	int64_t days = ms / day_ms;
	if (days < 14)
		return phrase_length(a, ms > 0 ? ms : 0);
	if (days < 60)
		return str_fmt(a, "%lld weeks", (long long)(days / 7));
	if (days < 2 * READINESS_OLD_DAYS)
		return str_fmt(a, "%lld months", (long long)(days / 30));
	return str_fmt(a, "%lld years", (long long)(days / READINESS_OLD_DAYS));
}

static struct str how_it_went(const struct readiness *r, struct arena *a)
{
	struct str took = r->took.ms ? phrase_length(a, r->took.ms) : (struct str){ NULL, 0 };
	const char *in = took.len ? " in " : "";
	switch ((enum readiness_how)r->how) {
	case READINESS_UNPROVEN:
		break;
	case READINESS_ROLLBACK:
		return str_fmt(a, STR_FMT " took it back%s" STR_FMT, STR_ARG(r->what), in,
			       STR_ARG(took));
	case READINESS_UNDONE:
		return str_fmt(a, STR_FMT " was undone%s" STR_FMT "%s", STR_ARG(r->what),
			       took.len ? " " : "", STR_ARG(took),
			       took.len ? " after it began" : "");
	case READINESS_MITIGATION:
		return str_fmt(a, "%s" STR_FMT "%s in INC-%lld%s" STR_FMT ", and it held",
			       r->what.len ? "\"" : "a rollback", STR_ARG(str_clip(r->what, 120)),
			       r->what.len ? "\"" : "", (long long)r->incident,
			       took.len ? ", done in " : "", STR_ARG(took));
	}
	return (struct str){ NULL, 0 };
}

struct str readiness_say(const struct readiness *r, int64_t now_ms, struct arena *a)
{
	if (!r->how)
		return str_fmt(
			a, "Nobody has rolled " STR_FMT " back that we know of: expect surprises.",
			STR_ARG(r->service));
	struct str age = readiness_age(now_ms - r->at.ms, a), how = how_it_went(r, a);
	if (!readiness_is_fresh(r, now_ms))
		return str_fmt(a,
			       "Nobody has rolled " STR_FMT
			       " back in a year that we know of: expect surprises. The last time "
			       "was " STR_FMT " ago (" STR_FMT ").",
			       STR_ARG(r->service), STR_ARG(age), STR_ARG(how));
	return str_fmt(a, "Rolling " STR_FMT " back was last proven " STR_FMT " ago (" STR_FMT ").",
		       STR_ARG(r->service), STR_ARG(age), STR_ARG(how));
}
