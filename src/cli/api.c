/* SPDX-License-Identifier: Apache-2.0 */
/* api: any request, for scripts and for what has no command yet. */
#include <string.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/pick.h"

static const char *method_of(struct caller *c, struct str word)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD" };
	(void)c;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_eq_nocase(word, str_of(methods[i])))
			return methods[i];
	return NULL;
}

static int read_request(struct caller *c, const struct strs *words, struct sending *s,
			struct err *e)
{
	if (words->len != 2 || !(s->method = method_of(c, words->at[0])) ||
	    !str_starts(words->at[1], STR("/")))
		return err_refuse(e, ERR_USAGE,
				  "Say it like this: aplomb api GET /api/v1/incidents.");
	s->path = words->at[1];
	for (size_t i = 0; i < s->path.len; i++)
		if (s->path.at[i] <= ' ' || s->path.at[i] > '~')
			return err_refuse(
				e, ERR_USAGE,
				"The path holds a character that must be percent-encoded.");
	if (c->args.file.len && files_read(c->arena, c->args.file, &s->body, e))
		return -1;
	bool is_post = strcmp(s->method, "POST") == 0;
	return is_post ? files_random(c->arena, &s->key, e) : 0;
}

int run_api(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct sending s = { 0 };
	struct client_reply reply = { 0 };
	struct buf b = BUF(c->arena);
	struct json *j = NULL;
	struct err ignored = { 0 };
	if (read_request(c, words, &s, &e))
		return caller_complain(c, &e);
	int got = caller_send(c, &s, &reply, &e);
	if (c->args.json_fields.len && !got && json_parse(c->arena, reply.body, &j, &ignored) == 0)
		pick_fields(c->arena, j, c->args.json_fields, &b);
	else
		buf_add(&b, reply.body);
	if (b.len && b.at[b.len - 1] != '\n')
		buf_c(&b, '\n');
	caller_put(c, buf_str(&b));
	return got ? caller_complain(c, &e) : 0;
}
