/* SPDX-License-Identifier: Apache-2.0 */
/* page_services: the catalogue: a picture of what calls what, a list with owners and states, and the names that nobody owns
 * yet. One of them: page_service.c; how each stands: service_now.h. */
#include "ui.h"
#include "web/inside.h"
#include "web/service_graph.h"

struct service_line {
	struct str name, owner, word, tone, calls, drift;
	int tier, state;
	bool is_calm, needs_form; /* needs_form: it has a name that the catalogue can take */
};
static const struct field service_line_fields[] = {
	FIELD(service_line, name, "its name"),
	FIELD(service_line, owner, "who looks after it"),
	CHOICE(service_line, tier, tier, "how much hangs on it"),
	CHOICE(service_line, state, service_state, "how it stands"),
	FIELD(service_line, word, "how it stands, in words"),
	FIELD(service_line, tone, "the class for that"),
	FIELD(service_line, calls, "what it calls"),
	FIELD(service_line, drift, "where it differs from its file"),
	FIELD(service_line, is_calm, "nothing is wrong with it"),
	FIELD(service_line, needs_form, "it can be put into the catalogue"),
	END,
};
LIST_DECLARE(service_lines, struct service_line);

struct services_view {
	struct frame frame;
	struct service_lines services, unowned;
	struct html picture;
	struct str counts, files;
	int64_t left, alone;
	bool may_act, has_unowned, has_any, is_first_tier;
};
extern const struct field services_view_fields[];
const struct field services_view_fields[] = {
	FRAME_FIELDS(services_view),
	ITEMS(services_view, services, service_line, "what is not calm first, then by tier"),
	ITEMS(services_view, unowned, service_line, "names that nobody put into the catalogue"),
	FIELD(services_view, picture, "what calls what"),
	FIELD(services_view, counts, "how many there are and how they stand"),
	FIELD(services_view, files, "the files they come from"),
	FIELD(services_view, left, "how many linked ones the picture leaves out"),
	FIELD(services_view, alone, "how many call nothing and are called by nothing"),
	FIELD(services_view, may_act, "the reader may change things"),
	FIELD(services_view, has_unowned, "there are such names"),
	FIELD(services_view, has_any, "there is a service"),
	FIELD(services_view, is_first_tier, "the picture has those of tier 1 alone"),
	END,
};

static struct service_line line_of(struct visit *v, const struct service_now *s)
{
	struct err no = { 0 };
	const struct service_words words = { .name = s->name };
	struct service_line line = { .name = s->name,
				     .word = s->word,
				     .tone = str_of(service_tone(s)),
				     .state = s->state,
				     .is_calm = s->state == SERVICE_CALM };
	line.needs_form = service_check(&words, &no) == 0;
	if (!s->service)
		return line;
	struct strs drift = service_drift(s->service, v->arena);
	line.owner = s->service->owner;
	line.tier = s->service->tier;
	line.calls = strs_join(v->arena, &s->service->depends, ", ");
	line.drift = strs_join(v->arena, &drift, "; ");
	return line;
}

static int line_order(const void *a, const void *b)
{
	const struct service_line *x = a, *y = b;
	int tx = x->tier ? x->tier : TIER_4 + 1, ty = y->tier ? y->tier : TIER_4 + 1;
	if (x->state != y->state)
		return y->state - x->state;
	return tx != ty ? tx - ty : str_cmp(x->name, y->name);
}

static struct str counts_of(struct visit *v, const struct services_now *now)
{
	struct buf b = BUF(v->arena);
	size_t count[SERVICE_INCIDENT + 1] = { 0 };
	LIST_EACH (s, &now->known)
		count[s->state]++;
	buf_fmt(&b, "%zu service%s", now->known.len, now->known.len == 1 ? "" : "s");
	if (count[SERVICE_INCIDENT])
		buf_fmt(&b, ", %zu in an open incident", count[SERVICE_INCIDENT]);
	if (count[SERVICE_FIRING])
		buf_fmt(&b, ", %zu with alerts that fire", count[SERVICE_FIRING]);
	if (count[SERVICE_FROZEN])
		buf_fmt(&b, ", %zu frozen", count[SERVICE_FROZEN]);
	buf_fmt(&b, ", %zu calm.", count[SERVICE_CALM]);
	return buf_str(&b);
}

/* "services.yaml (abc123)": each file by its newest revision. */
static struct str files_of(struct visit *v, const struct services_now *now)
{
	enum { NAMED = 5 };
	struct strs names = { ARENA_ARRAY(v->arena, struct str, NAMED), 0 };
	struct buf b = BUF(v->arena);
	LIST_EACH (s, &now->services) {
		const struct service *newest = s;
		if (!s->file.len || strs_has(&names, s->file) || names.len == NAMED)
			continue;
		names.at[names.len++] = s->file;
		LIST_EACH (o, &now->services)
			if (str_eq(o->file, s->file) && o->origin == ORIGIN_FILE &&
			    (newest->origin != ORIGIN_FILE || o->at.ms > newest->at.ms))
				newest = o;
		buf_fmt(&b, "%s" STR_FMT, names.len > 1 ? ", " : "", STR_ARG(s->file));
		if (newest->revision.len)
			buf_fmt(&b, " (" STR_FMT ")", STR_ARG(str_clip(newest->revision, 12)));
	}
	return buf_str(&b);
}

int page_services(struct visit *v, struct reply *r, struct err *e)
{
	struct services_now now;
	struct service_picture picture;
	struct services_view view = { .frame = frame_of(v, "services", STR("Services")),
				      .may_act = v->right >= RIGHT_RESPOND };
	if (services_now(v, &now, e) != 0)
		return -1;
	LIST_EACH (s, &now.known)
		*LIST_ADD(v->arena, &view.services) = line_of(v, s);
	LIST_EACH (s, &now.unowned)
		*LIST_ADD(v->arena, &view.unowned) = line_of(v, s);
	LIST_SORT(&view.services, line_order);
	LIST_SORT(&view.unowned, line_order);
	service_graph(&now, (struct str){ NULL, 0 }, v->arena, &picture);
	view.picture = picture.svg;
	view.left = picture.left;
	view.alone = picture.alone;
	view.is_first_tier = picture.is_first_tier;
	view.counts = counts_of(v, &now);
	view.files = files_of(v, &now);
	view.has_any = now.known.len > 0;
	view.has_unowned = now.unowned.len > 0;
	return reply_page(v, &tpl_services, services_view_fields, &view, r);
}
