/* SPDX-License-Identifier: Apache-2.0 */
/* over_http: what the runner over HTTP shares between its rooms: the server it plays on, a request
 * to it (http_ask.c) and what can be read back (http_look.c). */
#ifndef APLOMB_TEST_OVER_HTTP_H
#define APLOMB_TEST_OVER_HTTP_H
#include "base/json.h"
#include "story/house.h"
#include "story/stage.h"

struct known_alert {
	struct str name, fingerprint;
};
struct http_play {
	struct house house;
	struct arena *arena;
	struct story_alerts alerts;
	LIST_OF(struct known_alert) known; /* to the server */
	int64_t current;		   /* incident of the last command; 0 = none */
	int64_t pos;			   /* of the ledger, before the last line */
	int64_t sent_pos;		   /* before the last command was sent */
	int64_t made;
	struct str said; /* the last command's account of itself; empty = refused, or no command */
	struct err refusal;
};

struct question {
	const char *method;
	struct str path, body;
	struct str who; /* a login of the story */
	struct str key; /* Idempotency-Key; may be empty */
};
/* out is the reply in the story's words (logins for ids, alert names for fingerprints), NULL when
 * it is empty. Fails for a status of 500 and above. */
int http_ask(struct http_play *, const struct question *, int *status, struct json **out,
	     struct err *) MUST_USE;
/* JSON with logins for ids and alert names for fingerprints. */
struct str http_story_words(const struct http_play *, struct str json);
/* As root; fails for any status but 200. */
int http_get(struct http_play *, const char *path, struct json **out, struct err *) MUST_USE;
int64_t json_number(const struct json *, const char *key); /* 0 when absent */
/* For struct stage; ctx is the http_play. */
int http_look(void *ctx, struct scene *, struct err *);
#endif
