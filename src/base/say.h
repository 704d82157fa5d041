/* SPDX-License-Identifier: Apache-2.0 */
/* say: one line of the log as bytes: logfmt or JSON. Secrets are masked, control characters and what turns text around are
 * escaped, so that no line can pretend to be two. Writing it: world/log.h. */
#ifndef APLOMB_SAY_H
#define APLOMB_SAY_H
#include "base/buf.h"

enum say_level { SAY_DEBUG, SAY_INFO, SAY_WARN, SAY_ERROR };
extern const char *const say_level_names[]; /* "debug" ...; NULL ends it */
enum say_format { SAY_LOGFMT, SAY_JSON };
extern const char *const say_format_names[]; /* "logfmt", "json"; NULL ends it */

/* incident=42, client="10.0.0.7". The key is a plain word of ours. */
struct say_pair {
	const char *key; /* NULL ends an array of them */
	struct str text;
	int64_t number; /* where is_number */
	bool is_number;
};
#define SAY_TEXT(k, s)                  \
	(struct say_pair)               \
	{                               \
		.key = (k), .text = (s) \
	}
#define SAY_NUMBER(k, n)                                     \
	(struct say_pair)                                    \
	{                                                    \
		.key = (k), .number = (n), .is_number = true \
	}
#define SAY_END             \
	(struct say_pair)   \
	{                   \
		.key = NULL \
	}

enum { SAY_TEXT_BYTES = 2000 }; /* of one text; a longer one is cut */

struct say_line {
	int64_t at_ms;
	enum say_level level;
	struct str msg;
	const struct say_pair *pairs; /* ends at SAY_END; NULL = none */
};
/* Adds the line and its line end. */
void say_add(const struct say_line *, enum say_format, struct buf *);
#endif
