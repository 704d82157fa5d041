/* SPDX-License-Identifier: Apache-2.0 */
/* api_v2_silences: silences as Alertmanager's clients make, list and end them (api/v2/openapi.yaml): amtool, karma. Each
 * change is the desk's own verb; what may be silenced and for how long is core/silence.c. */
#include <stdlib.h>

#include "base/json.h"
#include "base/match.h"
#include "base/when.h"
#include "web/api_v2.h"
#include "web/inside.h"

static void add_matchers(struct visit *v, const struct silence *s, struct buf *b)
{
	struct matchers all = { 0 };
	struct err ignored = { 0 };
	(void)!silence_matchers(s, v->arena, &all, &ignored);
	buf_z(b, ",\"matchers\":[");
	LIST_EACH (m, &all) {
		if (m != all.at)
			buf_c(b, ',');
		buf_fmt(b, "{\"isEqual\":%s,\"isRegex\":%s,\"name\":",
			m->op == MATCH_IS || m->op == MATCH_LIKE ? "true" : "false",
			m->op >= MATCH_LIKE ? "true" : "false");
		buf_json(b, m->name);
		buf_z(b, ",\"value\":");
		buf_json(b, m->value);
		buf_c(b, '}');
	}
	buf_c(b, ']');
}

static struct str author_of(const struct visit *v, const struct silence *s)
{
	if (s->author.len)
		return s->author;
	return s->by.id.len ? v->names.person(v->names.ctx, s->by.id) : STR("Aplomb");
}

static void add_silence(struct visit *v, const struct silence *s, struct buf *b)
{
	buf_z(b, "{\"id\":");
	buf_json(b, s->id);
	buf_fmt(b, ",\"status\":{\"state\":\"%s\"},",
		silence_state_names[silence_state_at(s, v->now_ms)]);
	api_v2_time(b, "updatedAt", s->updated.ms);
	buf_z(b, ",\"annotations\":{},\"comment\":");
	buf_json(b, s->comment);
	buf_z(b, ",\"createdBy\":");
	buf_json(b, author_of(v, s));
	buf_c(b, ',');
	api_v2_time(b, "endsAt", s->ends.ms);
	add_matchers(v, s, b);
	buf_c(b, ',');
	api_v2_time(b, "startsAt", s->starts.ms);
	buf_c(b, '}');
}

/* Alertmanager's filter of silences: each matcher asked for must be one of the silence's own. */
static bool has_all(struct visit *v, const struct silence *s, const struct matchers *wanted)
{
	struct matchers own = { 0 };
	struct err e = { 0 };
	if (silence_matchers(s, v->arena, &own, &e) != 0)
		return false;
	LIST_EACH (w, wanted) {
		bool has = false;
		LIST_EACH (m, &own)
			has = has || matcher_eq(m, w);
		if (!has)
			return false;
	}
	return true;
}

/* A silence and its place: those that are on first, the one that ends next; then those to come; then the newest over. */
struct listed {
	const struct silence *silence;
	int state;
	int64_t at_ms;
};

static int in_order(const void *pa, const void *pb)
{
	const struct listed *a = pa, *b = pb;
	int on_first[] = { [SILENCE_PENDING] = 1, [SILENCE_ACTIVE] = 0, [SILENCE_EXPIRED] = 2 };
	if (a->state != b->state)
		return on_first[a->state] - on_first[b->state];
	if (a->at_ms == b->at_ms)
		return 0;
	bool earlier = a->at_ms < b->at_ms;
	return earlier == (a->state != SILENCE_EXPIRED) ? -1 : 1;
}

static int list_silences(struct visit *v, struct buf *b, struct err *e)
{
	struct silences all;
	struct matchers wanted = { 0 };
	LIST_OF(struct listed) found = { 0 };
	const bool wants[] = { [SILENCE_PENDING] = api_v2_wants(v, "pending"),
			       [SILENCE_ACTIVE] = api_v2_wants(v, "active"),
			       [SILENCE_EXPIRED] = api_v2_wants(v, "expired") };
	LIST_EACH (p, &v->query.pairs)
		if (str_is(p->name, "filter") &&
		    matchers_parse(v->arena, p->value, &wanted, e) != 0)
			return -1;
	engine_silences(v->config->engine, v->arena, &all);
	LIST_EACH (s, &all) {
		int state = (int)silence_state_at(s, v->now_ms);
		if (wants[state] && has_all(v, s, &wanted))
			*LIST_ADD(v->arena, &found) = (struct listed){
				.silence = s,
				.state = state,
				.at_ms = state == SILENCE_PENDING ? s->starts.ms : s->ends.ms
			};
	}
	if (found.len)
		qsort(found.at, found.len, sizeof(*found.at), in_order);
	buf_c(b, '[');
	LIST_EACH (x, &found) {
		if (x != found.at)
			buf_c(b, ',');
		add_silence(v, x->silence, b);
	}
	buf_c(b, ']');
	return 0;
}

int api_v2_silences(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct err bad = { 0 };
	struct buf b = BUF(v->arena);
	if (list_silences(v, &b, &bad) != 0)
		return api_v2_refuse(v, &bad, r);
	return reply_json(v, 200, &b, r);
}

int api_v2_silence(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct silences all;
	struct buf b = BUF(v->arena);
	engine_silences(v->config->engine, v->arena, &all);
	const struct silence *s = silences_find(&all, v->arg[0]);
	if (!s) {
		r->status = 404;
		return 0;
	}
	add_silence(v, s, &b);
	return reply_json(v, 200, &b, r);
}

/* A member that must be text where it is there at all; nothing else may read as the empty text. */
static int take_text(const struct json *object, const char *key, struct str *out, struct err *e)
{
	const struct json *j = json_get(object, key);
	*out = json_text(j);
	if (j && !json_is_text(j))
		return err_field(e, key, "%s must be a text.", key);
	return 0;
}

static int read_matcher(const struct json *j, struct matcher *m, struct err *e)
{
	bool is_regex = false, is_equal = true;
	const struct json *regex = json_get(j, "isRegex"), *equal = json_get(j, "isEqual");
	if (take_text(j, "name", &m->name, e) != 0 || take_text(j, "value", &m->value, e) != 0)
		return -1;
	if (!m->name.len || !json_get(j, "value") || (regex && !json_bool(regex, &is_regex)) ||
	    (equal && !json_bool(equal, &is_equal)))
		return err_field(e, "matchers",
				 "A matcher has name, value, isRegex and perhaps isEqual.");
	m->op = is_regex ? (is_equal ? MATCH_LIKE : MATCH_NOT_LIKE)
			 : (is_equal ? MATCH_IS : MATCH_IS_NOT);
	return 0;
}

static int read_matchers(const struct json *list, struct buf *out, struct err *e)
{
	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		struct matcher m;
		if (read_matcher(j, &m, e) != 0)
			return -1;
		if (out->len)
			buf_c(out, ',');
		matcher_print(&m, out);
	}
	return 0;
}

static void add_member(struct buf *b, const char *key, struct str value)
{
	if (!value.len)
		return;
	buf_fmt(b, "%s\"%s\":", b->len > 1 ? "," : "", key);
	buf_json(b, value);
}

struct member {
	const char *theirs, *ours;
	bool is_time; /* a point in time, never "+2h" or a clock of the reader's day */
};

static int move_member(const struct json *body, const struct member *m, struct buf *out,
		       struct err *e)
{
	int64_t at_ms;
	struct str text;
	if (take_text(body, m->theirs, &text, e) != 0)
		return -1;
	if (!m->is_time || !text.len) {
		add_member(out, m->ours, text);
		return 0;
	}
	if (!when_parse_iso8601(text, &at_ms))
		return err_field(e, m->theirs,
				 "%s must be a time as in RFC 3339, not \"" STR_FMT "\".",
				 m->theirs, STR_ARG(str_clip(text, 40)));
	struct buf plain = BUF(out->arena);
	when_rfc3339(&plain, at_ms);
	add_member(out, m->ours, buf_str(&plain));
	return 0;
}

/* Their body -> the verb's own fields, as JSON. */
static int translate(struct visit *v, struct buf *out, struct err *e)
{
	static const struct member members[] = { { "comment", "comment", false },
						 { "startsAt", "starts", true },
						 { "endsAt", "until", true },
						 { "createdBy", "author", false },
						 { "id", "id", false } };
	struct json *body;
	struct buf matchers = BUF(v->arena);
	if (json_parse_lax(v->arena, v->request->body, &body, e) != 0 ||
	    read_matchers(json_get(body, "matchers"), &matchers, e) != 0)
		return -1;
	buf_c(out, '{');
	add_member(out, "matchers", buf_str(&matchers));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (move_member(body, &members[i], out, e) != 0)
			return -1;
	buf_c(out, '}');
	return 0;
}

static int run(struct visit *v, const char *name, const struct buf *fields, struct outcome *out,
	       struct err *e)
{
	struct json *j;
	struct reading how = visit_reading(v);
	struct asked q = { .verb = verb_find(STR("silence"), str_of(name)), .stream = DESK_STREAM };
	q.fields = arena_alloc(v->arena, q.verb->size);
	if (json_parse(v->arena, buf_str(fields), &j, e) != 0 ||
	    fields_from_json(q.verb->fields, j, q.fields, &how, e) != 0)
		return -1;
	return verb_run(v, &q, out, e);
}

static int add(struct visit *v, struct buf *b, struct err *e)
{
	struct outcome out;
	struct silences all;
	struct buf fields = BUF(v->arena);
	if (translate(v, &fields, e) != 0 || run(v, "add", &fields, &out, e) != 0)
		return -1;
	engine_silences(v->config->engine, v->arena, &all);
	const struct silence *s = silences_by_number(&all, out.made);
	if (!s)
		return err_fail(e, ERR_FAILED, "The silence is made, but it is not listed.");
	buf_z(b, "{\"silenceID\":");
	buf_json(b, s->id);
	buf_c(b, '}');
	return 0;
}

int api_v2_post_silence(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct err bad = { 0 };
	struct buf b = BUF(v->arena);
	/* a page of somebody else's cannot send this type without asking us first */
	if (!str_starts(request_header(v->request, "Content-Type"), STR("application/json")))
		(void)err_refuse(&bad, ERR_MEDIA, "Send application/json.");
	else
		(void)!add(v, &b, &bad);
	return bad.code != ERR_NONE ? api_v2_refuse(v, &bad, r) : reply_json(v, 200, &b, r);
}

int api_v2_delete_silence(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct err bad = { 0 };
	struct outcome out;
	struct silences all;
	struct buf fields = BUF(v->arena);
	engine_silences(v->config->engine, v->arena, &all);
	const struct silence *s = silences_find(&all, v->arg[0]);
	r->status = s ? 200 : 404;
	/* ending what is over is no error there */
	if (!s || s->is_over)
		return 0;
	buf_c(&fields, '{');
	add_member(&fields, "silence", s->id);
	buf_c(&fields, '}');
	return run(v, "expire", &fields, &out, &bad) != 0 ? api_v2_refuse(v, &bad, r) : 0;
}
