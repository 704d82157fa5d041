/* SPDX-License-Identifier: Apache-2.0 */
/* words: what a person types on a command line or a story holds -> a verb and its fields. Pure.
 *     hypothesis open "Database overloaded"       noun verb, first required text
 *     declare "Payments slow" --sev 2             short verb, shorthand flag
 *     mitigation start 1 --because "Ana is away"  a bare number goes to a number
 * Flags are the fields' names ('-' for '_'), as --flag VALUE or --flag=VALUE; a yes-or-no flag may stand
 * alone. --sev is --severity, --service is --services, --to is --audiences, --who or --into.
 * Texts of next, until and due look ahead: "30m" is in half an hour, "14:30" the next such time. */
#ifndef APLOMB_CORE_WORDS_H
#define APLOMB_CORE_WORDS_H
#include "core/module.h"

/* A flag that the caller knows itself: "incident" with 'i'. name NULL ends the list. */
struct words_flag {
	const char *name;
	char letter; /* 0 = none */
	bool takes_value;
};
struct words_option {
	const char *name; /* of the struct words_flag */
	struct str value; /* empty for a flag without value */
};
struct words_command {
	const struct verb *verb;
	void *fields; /* verb->size bytes in the reading's arena; not checked yet: core_decide does */
	struct str because, accept;	      /* --because TEXT, --accept GUARD,GUARD */
	LIST_OF(struct words_option) options; /* the caller's own flags, in order */
};
/* `own` may be NULL. ERR_USAGE for what is not understood, with at most one suggestion in the text;
 * ERR_BAD_FIELD where a value does not parse. INTERNAL verbs are unknown here. */
int words_to_command(const struct strs *words, const struct words_flag *own, const struct reading *,
		     struct words_command *out, struct err *) MUST_USE;
/* A line -> words: spaces part them, "double" or 'single' quotes hold them together, a backslash inside
 * double quotes keeps the next character, \n is a line end. ERR_USAGE for a quote that never ends. */
int words_split(struct arena *, struct str line, struct strs *out, struct err *) MUST_USE;
/* How many single-letter changes lead from one word to the other; swapped neighbours count one. Words
 * past 40 bytes are never close. */
int words_distance(struct str, struct str);
#endif
