/* SPDX-License-Identifier: Apache-2.0 */
/* commands: the commands that are not verbs of the core: reading, watching, keeping evidence. */
#ifndef APLOMB_CLI_COMMANDS_H
#define APLOMB_CLI_COMMANDS_H
#include "cli/caller.h"

struct cli_command {
	const char *first, *second; /* second may be NULL */
	const char *usage, *help;
	/* The bare words behind the command's name. Returns the exit code; has said what there is to say. */
	int (*run)(struct caller *, const struct strs *words);
};
/* Flags of its own, beside those of every command: a struct in caller->own_flags by its field table. */
struct cli_flags {
	int (*run)(struct caller *, const struct strs *words); /* of the command */
	const struct field *fields;
	size_t size;
	const char *examples; /* whole lines, for its help */
};
extern const struct cli_flags event_send_flags, service_apply_flags, service_diff_flags,
	freeze_check_flags, changes_flags;
const struct cli_flags *cli_flags_of(const struct cli_command *); /* NULL = none */
extern const struct cli_command cli_commands[];			  /* first NULL ends it */
/* NULL when it is none; one with two words goes before one with a single word. */
const struct cli_command *cli_command_find(struct str first, struct str second);
/* A verb that a command of the same two words stands for: it is not told twice. */
bool cli_command_stands_for(const struct verb *);
/* The nearest command or verb to what was typed, as "noun verb"; empty when none is near. */
struct str cli_command_near(const struct caller *, struct str first, struct str second);

/* Verbs (act.c): the words of the whole command. */
int act_words(struct caller *, const struct strs *words);
/* Sends one verb whose fields are filled, with all that goes with it; returns the exit code. */
int act_send(struct caller *, struct words_command *);

/* Help (help.c): of everything, of a noun, of a verb or command. ERR_USAGE for an unknown name. */
int help_print(struct caller *, struct str first, struct str second);

int run_help(struct caller *, const struct strs *);
int run_status(struct caller *, const struct strs *);
int run_incidents(struct caller *, const struct strs *);
int run_incident(struct caller *, const struct strs *);
int run_alerts(struct caller *, const struct strs *);
int run_alert(struct caller *, const struct strs *);
int run_silences(struct caller *, const struct strs *);
int run_changes(struct caller *, const struct strs *);
int run_change_view(struct caller *, const struct strs *);
/* Those of GET path as a table. */
int list_changes(struct caller *, const struct strs *, const char *path);
int run_integrations(struct caller *, const struct strs *);
int run_reviews(struct caller *, const struct strs *);
int run_review(struct caller *, const struct strs *);
int run_actions(struct caller *, const struct strs *);
int run_timeline(struct caller *, const struct strs *);
int run_watch(struct caller *, const struct strs *);
int run_api(struct caller *, const struct strs *);
int run_capture(struct caller *, const struct strs *);
int run_completion(struct caller *, const struct strs *);
int run_man(struct caller *, const struct strs *);
int run_login(struct caller *, const struct strs *);
int run_event_send(struct caller *, const struct strs *);
int run_services(struct caller *, const struct strs *);
int run_service(struct caller *, const struct strs *);
int run_service_apply(struct caller *, const struct strs *);
int run_service_diff(struct caller *, const struct strs *);
int run_freeze_check(struct caller *, const struct strs *);
#endif
