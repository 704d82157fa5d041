/* SPDX-License-Identifier: Apache-2.0 */
/* http_look: what a story may expect, read back from a server: an incident and the timelines from
 * the API, the desk, which the API shows as alerts only, from the ledger. */
#include "core/event.h"
#include "core/tell.h"
#include "story/over_http.h"

static int read_fields(const struct http_play *p, const struct field *table, const struct json *j,
		       void *out, struct err *e)
{
	const struct reading how = { .arena = p->arena };
	return fields_from_json(table, j, out, &how, e);
}

static int look_at_incident(struct http_play *p, struct scene *s, struct err *e)
{
	struct json *j;
	struct incident *inc = ARENA_NEW(p->arena, struct incident);
	const char *path = str_fmt(p->arena, "/api/v1/incidents/%lld", (long long)p->current).at;
	if (http_get(p, path, &j, e))
		return -1;
	s->phase = str_copy(p->arena, json_text(json_get(j, "phase")));
	s->next = str_copy(p->arena, json_text(json_get(json_get(j, "next"), "text")));
	for (const struct json *x = json_first(json_get(j, "rhythm")); x; x = json_next(x))
		*LIST_ADD(p->arena, &s->steps) = (struct scene_step){
			str_copy(p->arena, json_text(json_get(x, "step"))),
			str_copy(p->arena, json_text(json_get(x, "state")))
		};
	json_remove(j, "phase");
	json_remove(j, "next");
	json_remove(j, "rhythm");
	s->incident = inc;
	return read_fields(p, incident_fields, j, inc, e);
}

static int look_at_timeline(struct http_play *p, int64_t id, struct scene *s, struct err *e)
{
	struct json *j;
	const char *path = str_fmt(p->arena, "/api/v1/incidents/%lld/timeline", (long long)id).at;
	if (http_get(p, path, &j, e))
		return -1;
	for (const struct json *x = json_first(json_get(j, "timeline")); x; x = json_next(x)) {
		struct str said = json_text(json_get(x, "said"));
		if (json_number(x, "pos") > p->pos)
			*LIST_ADD(p->arena, &s->told) = said;
		if (id == p->current)
			*LIST_ADD(p->arena, &s->timeline) = said;
	}
	return 0;
}

/* The desk's state with the story's words for people and alerts. */
static int translate_desk(struct http_play *p, const struct desk *desk, struct scene *s,
			  struct err *e)
{
	struct json *j;
	struct buf b = BUF(p->arena);
	struct desk *out = ARENA_NEW(p->arena, struct desk);
	fields_to_json(desk_fields, desk, &b);
	s->desk = out;
	if (json_parse(p->arena, http_story_words(p, buf_str(&b)), &j, e))
		return -1;
	return read_fields(p, desk_fields, j, out, e);
}

/* What is told of one stream that no page of an incident shows; into its state. */
static int look_at_stream(struct http_play *p, int64_t stream, void *state, struct scene *s,
			  struct err *e)
{
	struct ledger_rows rows = { 0 };
	struct ledger_range all = { .stream = stream };
	struct names names = { .now_ms = p->house.sim.world.now_ms(&p->house.sim.world) };
	engine_names(p->house.engine, &names);
	if (ledger_read(p->house.reader, &all, p->arena, &rows, e))
		return -1;
	LIST_EACH (row, &rows) {
		struct event *ev = &row->event;
		struct buf b = BUF(p->arena);
		if (event_decode(p->arena, ev->type, row->json, &ev->body, e))
			return -1;
		core_evolve(stream_type_of(stream), state, ev);
		event_tell(ev, &names, CLEAR_INTERNAL, &b);
		*LIST_ADD(p->arena, &s->timeline) = buf_str(&b);
		if (ev->pos > p->pos)
			*LIST_ADD(p->arena, &s->told) = buf_str(&b);
	}
	return 0;
}

static int look_at_desk(struct http_play *p, struct scene *s, struct err *e)
{
	struct desk *desk = core_blank(DESK_STREAM, p->arena);
	if (look_at_stream(p, DESK_STREAM, desk, s, e))
		return -1;
	return translate_desk(p, desk, s, e);
}

/* What the reply to a command said of it has to stand in the timelines. */
static int check_reply(const struct http_play *p, const struct scene *s, struct err *e)
{
	if (!p->said.len)
		return 0;
	LIST_EACH (t, &s->told)
		if (str_starts(p->said, *t))
			return 0;
	return err_fail(e, ERR_FAILED, "The reply said \"" STR_FMT "\", no timeline does.",
			STR_ARG(str_clip(p->said, 200)));
}

int http_look(void *ctx, struct scene *s, struct err *e)
{
	struct http_play *p = ctx;
	struct ledger_ends ends = { 0 };
	s->refusal = &p->refusal;
	s->made = p->made;
	if (p->current && look_at_incident(p, s, e))
		return -1;
	if (look_at_desk(p, s, e) || ledger_ends(p->house.reader, &ends, e))
		return -1;
	s->now_ms = p->house.sim.world.now_ms(&p->house.sim.world);
	for (int64_t id = ends.lowest; id < 0; id++) {
		struct change *c = core_blank(id, p->arena);
		if (look_at_stream(p, id, c, s, e))
			return -1;
		*LIST_ADD(p->arena, &s->changes) = *c;
	}
	for (int64_t id = 1; id <= ends.highest; id++)
		if (look_at_timeline(p, id, s, e))
			return -1;
	return check_reply(p, s, e);
}
