/* SPDX-License-Identifier: Apache-2.0 */
/* gate (web): POST /api/v1/gate asks the freeze gate and leaves its trace; GET only looks. The answer is 200 whether the
 * gate is open or closed: scripts read "open". What is decided: core/freeze_gate.h. */
#include "base/json.h"
#include "base/mask.h"
#include "base/when.h"
#include "core/catalog.h"
#include "engine/gate.h"
#include "web/inside.h"

enum { ASKED_MAX = 50, NAME_BYTES = 200 };

/* What may be sent: one service has the name that people expect. */
struct gate_body {
	struct gate_ask ask;
	struct str service;
};
#define ASK(m, ...)                                                                               \
	{                                                                                         \
		.name = #m, .kind = KIND_OF(FIELD_MEMBER(gate_ask, m)),                           \
		.at = offsetof(struct gate_body, ask) + offsetof(struct gate_ask, m), __VA_ARGS__ \
	}
static const struct field gate_body_fields[] = {
	FIELD(gate_body, service, "the service it touches", .max = NAME_BYTES),
	ASK(services, .help = "or several", .max = ASKED_MAX),
	ASK(what, .help = "the change, such as deploy v231", .max = 500),
	ASK(environment, .help = "where it goes", .max = 100),
	ASK(who, .help = "who wants it", .max = NAME_BYTES),
	ASK(link, .help = "where to see it", .max = 1000),
	ASK(via, .help = "by which way it is asked", .max = 40),
	ASK(rollback, .help = "it takes an older state back"),
	ASK(passed, .help = "it passed at this time, when nobody could be asked"),
	END,
};

static int read_body(struct visit *v, struct gate_body *out, struct err *e)
{
	struct reading how = visit_reading(v);
	struct json *body;
	struct str type = request_header(v->request, "Content-Type");
	struct str text = mask_secrets(v->arena, str_trim(v->request->body), NULL);
	if (str_is(v->request->method, "GET") || str_is(v->request->method, "HEAD"))
		return fields_from_form(gate_body_fields, &v->query, out, &how, e);
	if (str_starts(type, STR("application/x-www-form-urlencoded")))
		return fields_from_form(gate_body_fields, &v->form, out, &how, e);
	if (type.len && !str_starts(type, STR("application/json")))
		return err_refuse(e, ERR_MEDIA, "Send application/json or a form, not " STR_FMT ".",
				  STR_ARG(str_clip(type, 80)));
	if (json_parse(v->arena, text.len ? text : STR("{}"), &body, e) != 0)
		return -1;
	return fields_from_json(gate_body_fields, body, out, &how, e);
}

static int read_ask(struct visit *v, struct gate_ask *out, struct err *e)
{
	struct gate_body body = { 0 };
	struct strs all = { 0 };
	if (read_body(v, &body, e) != 0 || fields_check(gate_body_fields, &body, e) != 0)
		return -1;
	fields_one_line(gate_body_fields, &body, v->arena);
	all.at = ARENA_ARRAY(v->arena, struct str, body.ask.services.len + 1);
	if (str_trim(body.service).len)
		all.at[all.len++] = str_trim(body.service);
	for (size_t i = 0; i < body.ask.services.len; i++) {
		struct str name = str_trim(body.ask.services.at[i]);
		if (name.len > NAME_BYTES)
			return err_field(e, "services", "A service's name has at most %d bytes.",
					 NAME_BYTES);
		if (name.len && !strs_has(&all, name))
			all.at[all.len++] = name;
	}
	*out = body.ask;
	out->services = all;
	out->what = str_trim(out->what);
	if (!out->via.len)
		out->via = STR("api");
	return 0;
}

static bool is_known(const struct services *all, struct str name)
{
	LIST_EACH (s, all)
		if (str_eq_nocase(s->name, name))
			return true;
	return false;
}

/* A slip in a name would open the gate without a word. */
static void add_unknown(struct visit *v, const struct gate_ask *ask, struct gate_answer *a)
{
	struct services all = { 0 };
	struct buf names = BUF(v->arena);
	engine_services(v->config->engine, v->arena, &all);
	for (size_t i = 0; all.len && i < ask->services.len; i++)
		if (!is_known(&all, ask->services.at[i]))
			buf_fmt(&names, "%s" STR_FMT, names.len ? ", " : "",
				STR_ARG(ask->services.at[i]));
	if (names.len && !a->stops.len)
		a->next = str_fmt(v->arena,
				  "The catalogue knows no service called " STR_FMT
				  ": the gate goes by the names that incidents use.",
				  STR_ARG(buf_str(&names)));
}

/* The freeze that decides: the first that refuses, else the first that covers. */
static void add_freeze(const struct gate_answer *a, struct buf *b)
{
	if (!a->stops.len)
		return;
	buf_fmt(b, ",\"freeze\":{\"incident\":%lld,\"number\":%lld,\"until\":\"",
		(long long)a->stops.at[0].incident, (long long)a->stops.at[0].freeze);
	when_rfc3339(b, a->stops.at[0].until.ms);
	buf_z(b, "\",\"reason\":");
	buf_json(b, a->stops.at[0].reason);
	buf_c(b, '}');
}

static int reply_answer(struct visit *v, int status, const struct gate_answer *a, struct reply *r)
{
	struct buf b = BUF(v->arena);
	buf_fmt(&b, "{\"open\":%s,\"said\":", a->is_open ? "true" : "false");
	buf_json(&b, a->said);
	if (a->next.len) {
		buf_z(&b, ",\"next\":");
		buf_json(&b, a->next);
	}
	buf_z(&b, ",\"incidents\":[");
	LIST_EACH (s, &a->stops) {
		if (s != a->stops.at)
			buf_c(&b, ',');
		fields_to_json(gate_stop_fields, s, &b);
	}
	buf_c(&b, ']');
	add_freeze(a, &b);
	buf_fmt(&b, ",\"recorded\":%lld}", (long long)a->recorded);
	return reply_json(v, status, &b, r);
}

static int look(struct visit *v, const struct gate_ask *ask, struct gate_answer *out, struct err *e)
{
	const struct gate_reader reader = { v->config->engine, v->db, v->now_ms, v->arena };
	return engine_gate_look(&reader, ask, out, e);
}

/* What is frozen is known all the same: it is said, with a status that tells that nothing was written down. */
static int answer_unrecorded(struct visit *v, const struct gate_ask *ask, struct reply *r,
			     struct err *e)
{
	struct gate_answer answer;
	struct err unread = { 0 };
	if ((e->code != ERR_STORE && e->code != ERR_BUSY) || look(v, ask, &answer, &unread) != 0)
		return -1;
	reply_header(r, "Retry-After", STR("5"));
	return reply_answer(v, 503, &answer, r);
}

int api_gate_ask(struct visit *v, struct reply *r, struct err *e)
{
	struct gate_question q = { .actor = v->user };
	struct gate_answer answer;
	if (read_ask(v, &q.ask, e) != 0)
		return -1;
	if (engine_gate(v->config->engine, &q, v->arena, &answer, e) != 0)
		return answer_unrecorded(v, &q.ask, r, e);
	add_unknown(v, &q.ask, &answer);
	return reply_answer(v, 200, &answer, r);
}

int api_gate_look(struct visit *v, struct reply *r, struct err *e)
{
	struct gate_ask ask;
	struct gate_answer answer;
	if (read_ask(v, &ask, e) != 0 || look(v, &ask, &answer, e) != 0)
		return -1;
	add_unknown(v, &ask, &answer);
	return reply_answer(v, 200, &answer, r);
}
