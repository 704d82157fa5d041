/* SPDX-License-Identifier: Apache-2.0 */
/* told: everything that can be typed, out of the tables of verbs and commands: for completion and the manual. Pure. */
#ifndef APLOMB_CLI_TOLD_H
#define APLOMB_CLI_TOLD_H
#include "cli/commands.h"

/* One command. A short verb is a row of its own with second NULL. */
struct told {
	const char *first, *second; /* second may be NULL */
	const char *usage;	    /* of a command: "aplomb status [INCIDENT]"; NULL for a verb */
	const char *help;
	const struct verb *verb; /* NULL = a command: its flags stand in `usage` */
};
LIST_DECLARE(told_rows, struct told);
/* Commands, verbs in the order of the rhythm, and what main told of (may be NULL). */
void told_all(struct arena *, const struct cli_extra *, struct told_rows *out);
/* The flags of a row, as they are typed: "--cause". Those of every command: told_common. */
struct strs told_flags(struct arena *, const struct told *);
struct strs told_common(struct arena *);
/* The words that a flag takes, with blanks between; empty where it takes any. */
struct str told_choices(struct arena *, const struct field *);
/* "cause_of_it" -> "--cause-of-it" */
struct str told_flag(struct arena *, const char *field_name);
#endif
