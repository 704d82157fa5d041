/* SPDX-License-Identifier: Apache-2.0 */
/* prompt: asks a person at a terminal for the required fields that a command left out. */
#ifndef APLOMB_CLI_PROMPT_H
#define APLOMB_CLI_PROMPT_H
#include "cli/caller.h"

/* Asks nothing where nobody can be asked; what then is missing, fields_check names. A wrong answer is
 * asked for again; an empty one or the end of input goes on without. */
void prompt_missing(struct caller *, struct words_command *);
#endif
