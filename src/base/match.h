/* SPDX-License-Identifier: Apache-2.0 */
/* match: Alertmanager's matchers: name="value", with = != =~ !~, and whether a set of labels fits them (PCRE2, anchored at
 * both ends, with limits on what one look may cost). What is silenced or filtered by them: core/silence, web. */
#ifndef APLOMB_MATCH_H
#define APLOMB_MATCH_H
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"

enum {
	MATCHERS_MAX = 50,	   /* of one silence or filter; people write under ten */
	MATCHER_NAME_BYTES = 200,  /* of a label's name */
	MATCHER_VALUE_BYTES = 2000 /* of a value or pattern */
};

enum match_op { MATCH_IS, MATCH_IS_NOT, MATCH_LIKE, MATCH_NOT_LIKE };
extern const char *const match_op_names[]; /* "=", "!=", "=~", "!~" */

struct matcher {
	struct str name, value;
	int op;
};
LIST_DECLARE(matchers, struct matcher);

/* One matcher as Alertmanager, amtool and karma write it: name="value", name=value, "odd name"="value"; within the value
 * \" \\ and \n are escapes. Texts go into the arena. ERR_BAD_INPUT. Whether a pattern compiles is match_new's to say. */
int matcher_parse(struct arena *, struct str text, struct matcher *, struct err *) MUST_USE;
/* Several, parted by commas outside of quotes, with or without braces: {a="b",c=~"d"}. Added to *out. */
int matchers_parse(struct arena *, struct str text, struct matchers *out, struct err *) MUST_USE;
/* In canonical form, which matcher_parse reads back: name="value". */
void matcher_print(const struct matcher *, struct buf *);
bool matcher_eq(const struct matcher *, const struct matcher *);

/* The value of one label in a JSON object of texts as intake keeps labels: no blanks between, each key once. Borrowed from
 * `json`, or in the arena where it holds escapes. Empty when absent. */
struct str match_label(struct arena *, struct str json, const char *name);

struct match; /* compiled; lives in the arena, for one thread at a time */
/* ERR_BAD_FIELD "matchers" for a name or value that is too long, too many, or a pattern that does not compile. */
int match_new(struct arena *, const struct matchers *, struct match **, struct err *) MUST_USE;
/* Do all matchers hold for these labels (a JSON object as above)? A label that is absent counts as empty. A pattern that costs too much does not hold, negated or
 * not: what nobody could decide is not silenced and not found. */
bool match_fits(struct match *, struct str labels);
/* A pattern has cost too much so often that it is not tried any more. */
bool match_gave_up(const struct match *);
/* Every matcher holds for labels that are absent: it would fit any alert that has none of them. */
bool match_takes_nothing(struct match *);
#endif
