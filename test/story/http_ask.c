/* SPDX-License-Identifier: Apache-2.0 */
/* http_ask: see over_http.h. */
#include "story/over_http.h"

static void swap_all(struct arena *a, struct str *text, struct str from, struct str to)
{
	struct buf out = BUF(a);
	struct str rest = *text, quoted = str_fmt(a, "\"" STR_FMT "\"", STR_ARG(from));
	for (size_t at; (at = str_find(rest, quoted)) != SIZE_MAX;) {
		buf_add(&out, str_sub(rest, 0, at));
		buf_json(&out, to);
		rest = str_sub(rest, at + quoted.len, rest.len);
	}
	buf_add(&out, rest);
	*text = buf_str(&out);
}

struct str http_story_words(const struct http_play *p, struct str json)
{
	LIST_EACH (who, &p->house.people)
		swap_all(p->arena, &json, who->id, who->login);
	LIST_EACH (alert, &p->known)
		swap_all(p->arena, &json, alert->fingerprint, alert->name);
	return json;
}

int http_ask(struct http_play *p, const struct question *q, int *status, struct json **out,
	     struct err *e)
{
	const struct house_person *who = house_person(&p->house, q->who);
	struct header headers[3] = { { STR("Content-Type"), STR("application/json") } };
	size_t n = 1;
	if (who)
		headers[n++] = (struct header){ STR("Authorization"),
						str_fmt(p->arena, "Bearer " STR_FMT,
							STR_ARG(who->token)) };
	if (q->key.len)
		headers[n++] = (struct header){ STR("Idempotency-Key"), q->key };
	struct str url = str_fmt(p->arena, "http://127.0.0.1:%d" STR_FMT, p->house.port,
				 STR_ARG(q->path));
	struct client_ask a = { q->method, url.at, headers, n, q->body, 0 };
	struct client_reply r = { 0 };
	if (client_request(p->house.client, &a, p->arena, &r, e))
		return -1;
	*status = r.status;
	*out = NULL;
	if (r.status >= 500)
		return err_fail(e, ERR_FAILED, STR_FMT ": %d " STR_FMT, STR_ARG(q->path), r.status,
				STR_ARG(str_clip(r.body, 300)));
	if (!str_trim(r.body).len)
		return 0;
	return json_parse(p->arena, http_story_words(p, r.body), out, e);
}

int http_get(struct http_play *p, const char *path, struct json **out, struct err *e)
{
	int status = 0;
	struct question q = { .method = "GET", .path = str_of(path), .who = STR("root") };
	if (http_ask(p, &q, &status, out, e))
		return -1;
	return status == 200 && *out ? 0 : err_fail(e, ERR_FAILED, "GET %s: %d", path, status);
}

int64_t json_number(const struct json *j, const char *key)
{
	int64_t n = 0;
	return json_int(json_get(j, key), &n) ? n : 0;
}
