/* SPDX-License-Identifier: Apache-2.0 */
/* cli: the verbs over HTTP, for people and scripts. Sees no database: it is a client like any other. */
#ifndef APLOMB_CLI_H
#define APLOMB_CLI_H
#include "cli/extra.h"

/* The whole command line, argv[0] included; `extra` ends at a row without name and may be NULL. Returns the exit code of
 * err.def. */
int cli_main(int argc, char **argv, const struct cli_extra *extra);
#endif
