/* SPDX-License-Identifier: Apache-2.0 */
/* main: picks admin (a data folder is named) or cli (a server is spoken to). The only place that wires. */
#include <signal.h>
#include <string.h>

#include "admin/admin.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc > 1)
		for (const struct admin_command *c = admin_commands; c->name; c++)
			if (strcmp(argv[1], c->name) == 0)
				return c->run(argc - 2, argv + 2);
	return cli_main(argc, argv);
}
