/* SPDX-License-Identifier: Apache-2.0 */
/* news: what the senders have in common that tell of changes in words of their own (tags, custom details, a body of any
 * shape): which word means which kind and state, markup taken off, limits, and the key that makes a redelivery the same
 * change. What all senders of changes share: changed.h; what a change is: core/change.h. */
#ifndef APLOMB_INTAKE_NEWS_H
#define APLOMB_INTAKE_NEWS_H
#include "intake/keyed.h"

enum { NEWS_MAX = 1000 }; /* changes told of by one body; each is a stream of its own */

/* "deploy", "rollout", "feature-flag", "terraform" ... as enum change_kind, case aside. False: none that is known. */
bool news_kind(struct str word, int *kind);
/* "started", "in_progress", "failed", "rolled back" ... as enum change_state. False: none that is known. */
bool news_state(struct str word, int *state);

/* Fills what tags say: "service:checkout", "env = prod", "deploy", "rollback", "production", a bare link. What is filled
 * stays. Other tags say nothing. */
void news_tags(struct change_news *, const struct strs *tags, struct arena *);
/* A list of texts, or one text with tags between spaces or commas; nothing else has tags. */
struct strs news_tags_of(const struct json *, struct arena *);

/* Text with HTML taken off and its usual entities read; *link (may be NULL) is the first link in it, where it is empty. */
struct str news_plain(struct str html, struct str *link, struct arena *);
/* "repo: checkout, build: 812": what one object says in members that `but` (NULL ends it) does not name. */
struct str news_rest(const struct json *object, const char *const *but, struct arena *);

/* 16 hex digits for a change whose sender names no key: a hash over integration and text; where no time is known, with
 * the minute it came in, so that a retry is the same change and the next day's is not. */
struct str news_mint(const struct intake_request *, const char *source, struct str text,
		     int64_t at_ms, struct arena *);
/* Adds it. news->key is the sender's own: it becomes SOURCE/KEY, with an integration SOURCE/NAME/KEY. Texts are made fit
 * as changed.h says; without a title it is added all the same, since it may move on one that has one. */
void news_add(const struct intake_request *, const char *source, const struct change_news *,
	      struct arena *, struct intake_result *);
#endif
