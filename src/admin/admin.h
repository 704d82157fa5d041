/* SPDX-License-Identifier: Apache-2.0 */
/* admin: commands that work on a data folder. Each answers --help, writes results to stdout and all else to stderr,
 * and returns the exit code of err.def. */
#ifndef APLOMB_ADMIN_H
#define APLOMB_ADMIN_H
#include "base/err.h"

struct admin_command {
	const char *name;
	const char *usage; /* "aplomb init --data DIR --admin NAME --token-file FILE" */
	const char *help;  /* one sentence */
	int (*run)(int argc, char **argv); /* the arguments behind the command's name */
};
extern const struct admin_command admin_commands[];		  /* ends at a row without name */
const struct admin_command *admin_command_find(const char *name); /* one that is there */

/* --name VALUE and --name=VALUE options of a command. */
struct option {
	const char *name; /* "data" */
	const char *help;
	const char **value; /* where the text goes; stays as it was when not given */
	unsigned traits;
};
enum { OPTION_REQUIRED = 1, OPTION_SWITCH = 2 /* takes no value; "yes" where it is said */ };
/* Refuses unknown and missing ones by name (ERR_USAGE). 1: --help was printed and the command is done. */
int options_read(const struct admin_command *, const struct option *, int argc, char **argv,
		 struct err *) MUST_USE;
/* "aplomb init: what went wrong. next step" on stderr; returns the exit code. */
int admin_complain(const char *command, const struct err *);

const struct admin_command *admin_command_find(const char *name);
/* Takes the one bare word and -y (or --yes) out of the arguments; *argc shrinks. Two bare words: ERR_USAGE. */
int words_take(int *argc, char **argv, const char **word, bool *yes, struct err *) MUST_USE;

int admin_init(int argc, char **argv);
int admin_serve(int argc, char **argv);
int admin_verify(int argc, char **argv);
int admin_rebuild(int argc, char **argv);
int admin_suspects(int argc, char **argv);
int admin_config(int argc, char **argv);
int admin_doctor(int argc, char **argv);
int admin_backup(int argc, char **argv);
int admin_restore(int argc, char **argv);
#endif
