/* SPDX-License-Identifier: Apache-2.0 */
/* cli: the verbs over HTTP, for people and scripts. Sees no database: it is a client like any other. */
#ifndef APLOMB_CLI_H
#define APLOMB_CLI_H

/* The whole command line, argv[0] included. Returns the exit code of err.def. */
int cli_main(int argc, char **argv);
#endif
