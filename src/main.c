/* SPDX-License-Identifier: Apache-2.0 */
/* main: picks admin (a data folder is named) or cli (a server is spoken to). The only place that wires. */
#include <signal.h>
#include <string.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "cli/cli.h"

enum { MOST_EXTRA = 32 };

/* Help, manual and completion tell of the commands on a data folder too. */
static void tell_admin(struct cli_extra extra[MOST_EXTRA])
{
	size_t n = 0;
	for (const struct admin_command *c = admin_commands; c->name && n < MOST_EXTRA - 1; c++)
		extra[n++] = (struct cli_extra){ c->name, c->usage, c->help };
}

static const struct admin_command *find_admin(const char *name)
{
	for (const struct admin_command *c = admin_commands; c->name; c++)
		if (strcmp(name, c->name) == 0)
			return c;
	return NULL;
}

int main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	heap_settle();
	char help[] = "--help", *asks[] = { help, NULL };
	const struct admin_command *c = argc > 1 ? find_admin(argv[1]) : NULL;
	if (c)
		return c->run(argc - 2, argv + 2);
	c = argc == 3 && strcmp(argv[1], "help") == 0 ? find_admin(argv[2]) : NULL;
	if (c)
		return c->run(1, asks);
	struct cli_extra extra[MOST_EXTRA] = { 0 };
	tell_admin(extra);
	return cli_main(argc, argv, extra);
}
