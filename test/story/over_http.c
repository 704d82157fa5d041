/* SPDX-License-Identifier: Apache-2.0 */
/* over_http: plays the same stories against a whole server: each command is a request of that
 * person's, each alert one of Prometheus', and what is expected is read back from the API
 * (http_look.c). Every command that was done is sent twice under its Idempotency-Key and must be
 * done once. Starting and stopping the server: house.c. */
#include "story/over_http.h"

#include <stdio.h>

#include "base/when.h"
#include "core/words.h"

static const int64_t alert_lasts_ms = (int64_t)7 * 24 * 3600 * 1000;

/* A command on its way. */
struct errand {
	struct words_command words;
	struct question question;
	int64_t stream, seen; /* 0 = none, or unknown */
};

static void keep_text(char *to, size_t bytes, const struct json *from)
{
	(void)snprintf(to, bytes, STR_FMT, STR_ARG(json_text(from)));
}

/* problem+json -> the refusal that it tells of. */
static void keep_refusal(struct http_play *p, const struct json *problem)
{
	struct err *r = &p->refusal;
	r->code = err_by_wire(json_text(json_get(problem, "code")));
	keep_text(r->text, sizeof(r->text), json_get(problem, "detail"));
	keep_text(r->next, sizeof(r->next), json_get(problem, "next"));
	keep_text(r->field, sizeof(r->field), json_get(problem, "field"));
	keep_text(r->guard, sizeof(r->guard), json_get(problem, "guard"));
}

static struct str fingerprint_of(const struct http_play *p, struct str name)
{
	LIST_EACH (k, &p->known)
		if (str_eq(k->name, name))
			return k->fingerprint;
	return name;
}

/* Alerts that a command names, by the fingerprints that the server gave them. */
static void name_fingerprints(const struct http_play *p, const struct verb *verb, void *fields)
{
	for (const struct field *f = verb->fields; f && f->name; f++) {
		void *member = (char *)fields + f->at;
		struct strs one = { member, 1 };
		if (!f->suggest || !str_is(str_of(f->suggest), "alert"))
			continue;
		struct strs *all = f->kind == KIND_STRS ? member : &one;
		for (size_t i = 0; i < all->len; i++)
			all->at[i] = fingerprint_of(p, all->at[i]);
	}
}

/* The incident that a command without a number means, as the command line picks it: the newest open
 * one; else the newest that is not over; else the newest. 0 = there is none. */
static int64_t newest(const struct json *rows)
{
	int64_t open = 0, going = 0, any = 0;
	for (const struct json *row = json_first(rows); row; row = json_next(row)) {
		int64_t id = json_number(row, "id");
		struct str phase = json_text(json_get(row, "phase"));
		bool is_open = false;
		if (json_bool(json_get(row, "is_open"), &is_open) && is_open && id > open)
			open = id;
		if (!str_is(phase, "closed") && !str_is(phase, "merged") && id > going)
			going = id;
		any = id > any ? id : any;
	}
	return open ? open : going ? going : any;
}

static const struct json *row_of(const struct json *rows, int64_t id)
{
	const struct json *row = json_first(rows);
	while (row && json_number(row, "id") != id)
		row = json_next(row);
	return row;
}

/* Where a command goes, and what its writer has seen of the stream. */
static int address(struct http_play *p, struct errand *x, struct err *e)
{
	struct json *list;
	const struct verb *v = x->words.verb;
	if (v->traits & MAKES_STREAM) {
		x->question.path = verb_stream(v) == &incident_stream ? STR("/api/v1/incidents")
								      : STR("/api/v1/changes");
		return 0;
	}
	if (verb_stream(v) == &desk_stream) {
		x->question.path = str_fmt(p->arena, "/api/v1/desk/%s/%s", v->noun, v->name);
		return 0;
	}
	if (http_get(p, "/api/v1/incidents", &list, e))
		return -1;
	const struct json *rows = json_get(list, "incidents");
	x->stream = newest(rows);
	LIST_EACH (o, &x->words.options)
		if (!str_to_int(o->value, &x->stream))
			x->stream = 0;
	x->seen = json_number(row_of(rows, x->stream), "seq");
	x->question.path = str_fmt(p->arena, "/api/v1/incidents/%lld/%s/%s", (long long)x->stream,
				   v->noun, v->name);
	return 0;
}

static struct str body_of(const struct http_play *p, const struct errand *x)
{
	struct buf b = BUF(p->arena);
	const struct words_command *w = &x->words;
	fields_to_json(w->verb->fields, w->fields, &b);
	b.len--; /* the closing brace: what is said besides the fields joins them */
	const char *between = b.len > 1 ? "," : "";
	if (w->because.len) {
		buf_fmt(&b, "%s\"because\":", between);
		buf_json(&b, w->because);
		between = ",";
	}
	if (w->accept.len) {
		buf_fmt(&b, "%s\"accept\":", between);
		buf_json(&b, w->accept);
		between = ",";
	}
	if (x->seen)
		buf_fmt(&b, "%s\"seen\":%lld", between, (long long)x->seen);
	buf_c(&b, '}');
	return buf_str(&b);
}

/* The same request again: it answers as before and does nothing. */
static int repeat(struct http_play *p, const struct question *q, const struct json *first,
		  struct err *e)
{
	struct json *again;
	int status = 0;
	bool is_repeat = false;
	int64_t pos = engine_pos(p->house.engine);
	if (http_ask(p, q, &status, &again, e))
		return -1;
	if (!json_bool(json_get(again, "repeat"), &is_repeat) || !is_repeat ||
	    json_number(again, "seq") != json_number(first, "seq") ||
	    engine_pos(p->house.engine) != pos)
		return err_fail(e, ERR_FAILED,
				"Sent again under its Idempotency-Key, it was not done once.");
	return 0;
}

static int send_refused(struct http_play *p, const struct errand *x, const struct json *problem,
			struct err *e)
{
	keep_refusal(p, problem);
	if (x->seen)
		p->current = x->stream;
	if (p->refusal.code && p->refusal.text[0] && engine_pos(p->house.engine) == p->sent_pos)
		return 0;
	return err_fail(e, ERR_FAILED, "It was refused without a sentence, or half done.");
}

static int send(struct http_play *p, const struct errand *x, struct err *e)
{
	struct json *reply;
	int status = 0;
	p->sent_pos = engine_pos(p->house.engine);
	if (http_ask(p, &x->question, &status, &reply, e))
		return -1;
	if (status >= 300)
		return send_refused(p, x, reply, e);
	p->made = json_number(reply, "made");
	p->said = json_text(json_get(reply, "said"));
	if (verb_stream(x->words.verb) == &incident_stream)
		p->current = json_number(reply, "incident");
	return repeat(p, &x->question, reply, e);
}

static int command(struct http_play *p, const struct story_line *l, struct err *e)
{
	static const struct words_flag own[] = { { "incident", 'i', true }, { .name = NULL } };
	struct reading reading = { .arena = p->arena, .now_ms = l->at_ms };
	struct errand x = { .question = { .method = "POST",
					  .who = l->who,
					  .key = str_fmt(p->arena, "line-%d", l->number) } };
	if (words_to_command(&l->words, own, &reading, &x.words, &p->refusal))
		return 0;
	name_fingerprints(p, x.words.verb, x.words.fields);
	if (address(p, &x, e))
		return -1;
	x.question.body = body_of(p, &x);
	return send(p, &x, e);
}

static void add_member(struct buf *b, const char *before, const char *key, struct str value)
{
	buf_fmt(b, "%s\"%s\":", before, key);
	buf_json(b, value);
}

static struct str as_prometheus(const struct alert_fact *x, int64_t now_ms, struct arena *a)
{
	struct buf b = BUF(a);
	add_member(&b, "[{\"labels\":{", "alertname", x->name);
	if (x->service.len)
		add_member(&b, ",", "service", x->service);
	buf_z(&b, "},\"annotations\":{");
	if (x->summary.len)
		add_member(&b, "", "summary", x->summary);
	buf_z(&b, "},\"startsAt\":\"");
	when_rfc3339(&b, x->started_ms);
	buf_z(&b, "\",\"endsAt\":\"");
	when_rfc3339(&b, x->is_firing ? now_ms + alert_lasts_ms : now_ms);
	buf_z(&b, "\"}]");
	return buf_str(&b);
}

/* The server made the fingerprint; its list of alerts says which. */
static int learn_fingerprint(struct http_play *p, struct str name, struct err *e)
{
	struct json *list;
	if (!str_eq(fingerprint_of(p, name), name))
		return 0;
	if (http_get(p, "/api/v1/alerts", &list, e))
		return -1;
	for (const struct json *j = json_first(json_get(list, "alerts")); j; j = json_next(j)) {
		if (!str_eq(json_text(json_get(j, "name")), name))
			continue;
		struct str fingerprint = str_copy(p->arena, json_text(json_get(j, "fingerprint")));
		*LIST_ADD(p->arena, &p->known) = (struct known_alert){ name, fingerprint };
		return 0;
	}
	return err_fail(e, ERR_FAILED, "The alert was taken and is not listed.");
}

static int alert(struct http_play *p, const struct story_line *l, struct err *e)
{
	struct json *reply;
	int status = 0;
	const struct alert_fact *x = story_alert(&p->alerts, l, p->arena, e);
	struct question q = { .method = "POST", .path = STR("/api/v2/alerts"), .who = STR("root") };
	if (!x)
		return -1;
	q.body = as_prometheus(x, l->at_ms, p->arena);
	if (http_ask(p, &q, &status, &reply, e))
		return -1;
	if (status != 200)
		return err_fail(e, ERR_FAILED, "The alert was not taken: %d", status);
	return learn_fingerprint(p, x->name, e);
}

/* A closed gate is the line's refusal. */
static int gate(struct http_play *p, const struct story_line *l, struct err *e)
{
	struct json *reply;
	struct gate_ask ask;
	struct buf b = BUF(p->arena);
	int status = 0;
	bool is_open = false;
	struct question q = { .method = "POST", .path = STR("/api/v1/gate"), .who = STR("root") };
	if (story_gate(l, p->arena, &ask, e))
		return -1;
	if (!ask.who.len)
		ask.who = STR("A pipeline");
	fields_to_json(gate_ask_fields, &ask, &b);
	q.body = buf_str(&b);
	if (http_ask(p, &q, &status, &reply, e))
		return -1;
	if (status != 200 || !json_bool(json_get(reply, "open"), &is_open))
		return err_fail(e, ERR_FAILED, "The gate did not answer: %d", status);
	const struct json *first = json_first(json_get(reply, "incidents"));
	if (first)
		p->current = json_number(first, "incident");
	if (is_open)
		return 0;
	p->refusal.code = ERR_GATE;
	keep_text(p->refusal.text, sizeof(p->refusal.text), json_get(reply, "said"));
	keep_text(p->refusal.next, sizeof(p->refusal.next), json_get(reply, "next"));
	return 0;
}

static int do_line(struct http_play *p, const struct story_line *l, struct err *e)
{
	switch (l->kind) {
	case STORY_COMMAND:
		return command(p, l, e);
	case STORY_ALERT:
		return alert(p, l, e);
	case STORY_GATE:
		return gate(p, l, e);
	case STORY_TEAM:
	case STORY_TICK:
	case STORY_EXPECT:
	case STORY_REFUSED:
		break;
	}
	return 0;
}

static int line(void *ctx, const struct story_line *l, struct err *e)
{
	struct http_play *p = ctx;
	p->refusal = (struct err){ 0 };
	p->said = (struct str){ 0 };
	p->made = 0;
	p->pos = engine_pos(p->house.engine);
	if (house_until(&p->house, l->at_ms, e) || do_line(p, l, e))
		return -1;
	return house_until(&p->house, l->at_ms, e);
}

static void tell(const struct http_play *p)
{
	struct names names = { 0 };
	struct buf b = BUF(p->arena);
	engine_names(p->house.engine, &names);
	(void)engine_hub_fill(p->house.engine, -1, 0, &names, &b);
	printf(STR_FMT, STR_ARG(buf_str(&b)));
}

static int play(const struct story *story, struct arena *a, bool tells, int *number, struct err *e)
{
	struct http_play p = { .arena = a };
	struct stage stage = { a, &p, &p.refusal, line, http_look };
	int result = house_open(&p.house, story, a, e);
	if (!result)
		result = stage_play(&stage, story, number, e);
	if (tells && p.house.engine)
		tell(&p);
	if (!result)
		result = house_verify(&p.house, e);
	house_close(&p.house);
	return result;
}

int main(int argc, char **argv)
{
	static const struct runner over_http = {
		"story-http [-v] FILE|FOLDER...: plays stories against a server", "http ", play
	};
	return stage_main(&over_http, argc, argv);
}
