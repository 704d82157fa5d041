/* SPDX-License-Identifier: Apache-2.0 */
/* args: the flags that every command takes, and the first two words, which name the command. Pure. What a
 * verb's own words and flags mean is core/words. */
#ifndef APLOMB_CLI_ARGS_H
#define APLOMB_CLI_ARGS_H
#include "core/words.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct args {
	struct str first, second; /* the first two bare words; empty when there are fewer */
	struct strs words; /* first, second and all behind them; own flags before are taken off */
	int64_t incident;  /* -i; 0 = not said */
	struct str server, token_file, file, ca; /* empty = not said */
	struct str json_fields;			 /* of --json=a,b */
	int64_t timeout_ms;			 /* 0 = the client's */
	int color;
	bool all, json, plain, quiet, no_input, yes, dry_run, verbose, help, version;
};

/* The flags in core/words' spelling, for words_to_command: all but --all, which only lists take. */
extern const struct words_flag *const args_verb_flags;
/* Takes the flags up to the second bare word. --help and --version count anywhere before a "--", but where a
 * verb has a --version of its own. Texts are borrowed from the words. ERR_USAGE. */
int args_lead(struct arena *, const struct strs *all, struct args *out, struct err *) MUST_USE;
/* The words of a command that is not a verb: flags taken off, the rest into `bare`. Behind "--" all is
 * bare. ERR_USAGE for a flag that is not ours. */
int args_rest(struct arena *, const struct strs *words, struct args *, struct strs *bare,
	      struct err *) MUST_USE;
/* Takes a command's own flags (--name VALUE or --name=VALUE, a yes-or-no one alone; by the names of the table) off the words, up to "--". ERR_USAGE
 * where a value is missing. */
int args_own(const struct reading *, const struct field *, struct strs *words, void *out,
	     struct err *) MUST_USE;
/* One flag by its long name. */
int args_set(struct args *, struct str name, struct str value, struct err *) MUST_USE;
/* "42", "INC-42", "inc-42", "#42"; false for all else and for numbers below 1. */
bool args_incident(struct str, int64_t *out);
#endif
