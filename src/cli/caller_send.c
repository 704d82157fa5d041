/* SPDX-License-Identifier: Apache-2.0 */
/* caller_send: requests, what a refusal means, and which incident is meant; see caller.h. */
#include <stdio.h>
#include <string.h>

#include "cli/caller.h"
#include "cli/pick.h"

enum { MAX_SEEN = 20 };

static struct header header_of(const char *name, struct str value)
{
	return (struct header){ str_of(name), value };
}

struct client_ask caller_ask(struct caller *c, const struct sending *s)
{
	struct header *headers = ARENA_ARRAY(c->arena, struct header, 6);
	size_t n = 0;
	bool is_read = strcmp(s->method, "GET") == 0;
	if (c->token.len)
		headers[n++] = header_of("Authorization",
					 str_fmt(c->arena, "Bearer " STR_FMT, STR_ARG(c->token)));
	if (s->key.len)
		headers[n++] = header_of("Idempotency-Key", s->key);
	if (s->because.len)
		headers[n++] = header_of("Aplomb-Because", s->because);
	if (s->accept.len)
		headers[n++] = header_of("Aplomb-Accept", s->accept);
	headers[n++] = header_of("Accept", STR("application/json"));
	if (!is_read)
		headers[n++] = header_of("Content-Type",
					 str_of(s->type ? s->type : "application/json"));
	struct str url = str_fmt(c->arena, STR_FMT STR_FMT, STR_ARG(c->server), STR_ARG(s->path));
	return (struct client_ask){ .method = s->method,
				    .url = str_z(c->arena, url),
				    .headers = headers,
				    .headers_len = n,
				    .body = s->body };
}

static enum err_code code_of_status(int status)
{
	static const enum err_code codes[] = { ERR_SIGN_IN, ERR_FORBIDDEN, ERR_NOT_FOUND,
					       ERR_METHOD,  ERR_CONFLICT,  ERR_TOO_LARGE,
					       ERR_MEDIA,   ERR_BAD_FIELD, ERR_TOO_MANY,
					       ERR_BUSY };
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (err_status(codes[i]) == status)
			return codes[i];
	return status >= 400 && status < 500 ? ERR_BAD_INPUT : ERR_FAILED;
}

static void keep(char *to, size_t bytes, struct str text)
{
	(void)snprintf(to, bytes, STR_FMT, STR_ARG(str_clip(text, bytes - 1)));
}

/* A refusal in plain words, as from a port that speaks https; no page of some proxy's. */
static bool is_sentence(struct str body)
{
	enum { LONGEST = 200 };
	return body.len > 0 && body.len <= LONGEST && body.at[0] != '<' && body.at[0] != '{' &&
	       str_is_utf8(body) && str_find(body, STR("\n")) == SIZE_MAX;
}

int caller_problem(struct arena *a, int status, struct str body, struct err *e)
{
	struct json *j = NULL;
	struct err ignored = { 0 };
	*e = (struct err){ .code = code_of_status(status) };
	bool is_json = json_parse(a, body, &j, &ignored) == 0 && json_is_object(j);
	if (!is_json && is_sentence(str_trim(body))) {
		keep(e->text, sizeof(e->text), str_trim(body));
	} else if (!is_json) {
		(void)snprintf(e->text, sizeof(e->text), "The server answered %d. %s", status,
			       err_sentence(e->code));
	} else {
		struct str code = json_text(json_get(j, "code"));
		if (code.len && err_by_wire(code) != ERR_NONE)
			e->code = err_by_wire(code);
		keep(e->text, sizeof(e->text), json_text(json_get(j, "detail")));
		if (!e->text[0])
			keep(e->text, sizeof(e->text), json_text(json_get(j, "title")));
		keep(e->next, sizeof(e->next), json_text(json_get(j, "next")));
		keep(e->field, sizeof(e->field), json_text(json_get(j, "field")));
		keep(e->guard, sizeof(e->guard), json_text(json_get(j, "guard")));
	}
	if (e->code == ERR_SIGN_IN && !e->next[0])
		err_next(e, "Sign in: aplomb login --server URL --token-file FILE.");
	return -1;
}

static void trace(const struct caller *c, const struct client_ask *ask, int status)
{
	if (!c->args.verbose)
		return;
	if (status)
		(void)fprintf(stderr, "< %d\n", status);
	else
		(void)fprintf(stderr, "> %s %s\n", ask->method, ask->url);
}

int caller_send(struct caller *c, const struct sending *s, struct client_reply *reply,
		struct err *e)
{
	const struct client_ask ask = caller_ask(c, s);
	trace(c, &ask, 0);
	int got = client_request(c->client, &ask, c->arena, reply, e);
	if (got && e->code == ERR_UNREACHABLE && s->key.len) {
		*reply = (struct client_reply){ 0 };
		got = client_request(c->client, &ask, c->arena, reply,
				     e); /* the key makes it safe */
	}
	if (got) {
		if (e->code == ERR_UNREACHABLE && !e->next[0])
			err_next(e, "Nothing is lost; try again, or say --server URL.");
		return -1;
	}
	trace(c, &ask, reply->status);
	c->is_answered = true;
	if (reply->status >= 200 && reply->status < 300)
		return 0;
	return caller_problem(c->arena, reply->status, reply->body, e);
}

int caller_get(struct caller *c, struct str path, struct json **out, struct str *raw, struct err *e)
{
	const struct sending s = { .method = "GET", .path = path };
	struct client_reply reply = { 0 };
	if (caller_send(c, &s, &reply, e))
		return -1;
	if (raw)
		*raw = reply.body;
	if (json_parse(c->arena, reply.body, out, e))
		return err_context(e, "the server's reply to " STR_FMT,
				   STR_ARG(str_clip(path, 80)));
	return 0;
}

int caller_incident(struct caller *c, int64_t *out, struct err *e)
{
	struct json *reply = NULL;
	struct buf seen = BUF(c->arena);
	size_t count = 0;
	*out = c->args.incident;
	if (*out)
		return 0;
	if (caller_get(c, STR("/api/v1/incidents?state=open"), &reply, NULL, e))
		return -1;
	for (const struct json *row = json_first(pick_rows(reply)); row; row = json_next(row)) {
		*out = pick_int(row, "id");
		if (++count <= MAX_SEEN)
			buf_fmt(&seen, "\n  INC-%lld  " STR_FMT, (long long)*out,
				STR_ARG(json_text(json_get(row, "title"))));
	}
	if (count == 1 && *out)
		return 0;
	if (!count) {
		err_refuse(e, ERR_USAGE, "No incident is open.");
		err_next(e, "Declare one: aplomb declare \"what is wrong\" --sev 2. Or name one: "
			    "-i N.");
		return -1;
	}
	caller_warn(c, str_fmt(c->arena, "%zu incidents are open:" STR_FMT, count,
			       STR_ARG(buf_str(&seen))));
	return err_refuse(e, ERR_USAGE, "Say which one is meant: -i N.");
}
