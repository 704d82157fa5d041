/* SPDX-License-Identifier: Apache-2.0 */
/* keyed: what the senders have in common that name an alert by a key of their own (dedup_key, alias, entity_id), not by
 * its label set. A source fills a struct keyed; the limits, the identity and the signal are made here. */
#ifndef APLOMB_INTAKE_KEYED_H
#define APLOMB_INTAKE_KEYED_H
#include "intake/labels.h"
#include "intake/source.h"

enum {
	TITLE_MAX_BYTES = 1024, /* PagerDuty's, the longest of a title that any sender promises */
	WORD_MAX_BYTES = 200,	/* severity, service */
	TEXT_MAX_BYTES = 16384, /* a description; Opsgenie allows 15000 characters */
	LINK_MAX_BYTES = 4096,
	FACTS_MAX = 64, /* labels, and notes, of one alert; the body is kept whole in the inbox */
	FACT_NAME_MAX_BYTES = 100,
	FACT_MAX_BYTES = 2048,
};

enum keyed_state { KEYED_FIRING, KEYED_ACKED, KEYED_RESOLVED };

struct keyed {
	struct str key; /* case counts */
	struct str title, description, severity, link;
	struct str service; /* empty = the label service, app, job or entity */
	struct labels labels, notes;
	int64_t at_ms; /* when it began, or ended; 0 = now */
	enum keyed_state state;
	bool is_partial; /* the sender named a key and no more */
};

/* 16 hex digits of a hash over source, integration and key. */
struct str keyed_fingerprint(const struct intake_request *, const char *source, struct str key,
			     struct arena *);
/* The keyed alert as a signal, each text within its limit and on as many lines as it may have. Texts are borrowed from
 * `k` or lie in the arena. A keyed sender tells the end itself: no lease. Its labels get alertname, service and severity. */
struct signal keyed_signal(const struct intake_request *, const char *source, const struct keyed *,
			   struct arena *);
/* A key for an alert whose sender names none: 32 hex digits of a hash of the request and its time. */
struct str keyed_mint(const struct intake_request *, struct arena *);

/* Adds a fact unless its value is empty, its name is there already or the set is full. Texts are clipped. */
void keyed_add(struct labels *, struct str name, struct str value, struct arena *);
/* Each member of an object by its own name, as json_plain shows it. NULL and what is no object add nothing. */
void keyed_add_members(struct labels *, const struct json *object, struct arena *);
/* "service:checkout, env:prod" or ["service:checkout", "urgent"]: what has no colon is a name with the value "yes". */
void keyed_add_tags(struct labels *, struct str tag, struct arena *);

/* The first of the paths (NULL ends them) that leads to a text, a number or a truth value. */
struct str keyed_first(const struct json *, const char *const *paths, struct arena *);
/* A time as the sender writes it: RFC 3339, or seconds or ms since 1970. 0 when it is none. */
int64_t keyed_time(const struct json *);
int64_t keyed_time_of(struct str);
/* "P1" to "P5" as the words that screens show; any other word stays as it is. */
struct str keyed_priority(struct str word);

bool keyed_is_fingerprint(struct str); /* 16 hex digits */

/* Empty when absent or ill-formed UTF-8; names in any case. */
struct str intake_header_of(const struct intake_request *, const char *name);
/* The content type without its parameters. */
struct str intake_type(const struct intake_request *);
/* The value of a name in the query; empty when absent or when the query is not well-formed. */
struct str intake_query(const struct intake_request *, const char *name, struct arena *);
/* A member of a body that is an object, such as the key of an integration; empty when there is none. */
struct str intake_member(const struct intake_request *, const char *name, struct arena *);
/* The body as JSON, read leniently; refuses what is no object. */
int intake_object(const struct intake_request *, struct arena *, struct json **,
		  struct err *) MUST_USE;
/* Sets the complaint, unless there is one. */
void intake_complain(struct intake_result *, struct arena *, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* {"name":"value",...} of name-value pairs; a NULL name ends them. */
struct str intake_reply(struct arena *, const char *name, ...);
#endif
