/* SPDX-License-Identifier: Apache-2.0 */
/* extra: commands that this program has and the command line does not see (those that work on a data folder): told here by
 * main for help, manual and completion. */
#ifndef APLOMB_CLI_EXTRA_H
#define APLOMB_CLI_EXTRA_H

struct cli_extra {
	const char *name, *usage,
		*help; /* "serve", "aplomb serve [--data DIR] ...", one sentence */
};
#endif
