/* SPDX-License-Identifier: Apache-2.0 */
/* admin: the list of commands and their options. */
#include "admin/admin.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/words.h"

const struct admin_command admin_commands[] = {
	{ "init", "aplomb init --data DIR --admin NAME [--token-file FILE]",
	  "Makes a data folder with an admin; writes a token with all scopes to FILE.",
	  admin_init },
	{ "serve",
	  "aplomb serve [--data DIR] [--listen HOST:PORT] [--tls-cert FILE --tls-key FILE]",
	  "Serves on http://127.0.0.1:8420 until it is told to stop (SIGTERM).", admin_serve },
	{ "verify", "aplomb verify --data DIR",
	  "Checks the hash chain of the ledger and of the inbox, and every attachment.",
	  admin_verify },
	{ "rebuild", "aplomb rebuild --data DIR", "Makes all views anew from the ledger.",
	  admin_rebuild },
	{ "suspects", "aplomb suspects --cases FILE [--at +120s]",
	  "Measures the ranking of suspects on a file of cases.", admin_suspects },
	{ "config", "aplomb config check|show [--config FILE] [--origin] [--json]",
	  "check: whether the settings are right; show: what holds, and where each comes from.",
	  admin_config },
	{ "doctor",
	  "aplomb doctor [--data DIR] [--server URL] [--config FILE] [--prove [--to DIR]] [--json]",
	  "Looks at settings, clock, disk, folder, backups, senders and the server, and says what "
	  "to do; --prove: that a backup comes back.",
	  admin_doctor },
	{ "backup", "aplomb backup [--data DIR] [-y] FILE",
	  "Copies a data folder into one file while its server goes on; - writes to standard "
	  "output.",
	  admin_backup },
	{ "restore", "aplomb restore FILE --data DIR",
	  "Makes a data folder from a backup, in an empty or new place, and verifies it.",
	  admin_restore },
	{ NULL, NULL, NULL, NULL },
};

const struct admin_command *admin_command_find(const char *name)
{
	const struct admin_command *c = admin_commands;
	while (c->name && strcmp(c->name, name) != 0)
		c++;
	assert(c->name);
	return c;
}

int admin_complain(const char *command, const struct err *e)
{
	(void)fprintf(stderr, "aplomb %s: %s%s%s\n", command, e->text, e->next[0] ? " " : "",
		      e->next);
	return err_exit(e->code);
}

static void print_help(const struct admin_command *c, const struct option *options)
{
	(void)printf("%s\n\n%s\n\n", c->usage, c->help);
	for (const struct option *o = options; o->name; o++)
		(void)printf("  --%-16s %s\n", o->name, o->help);
}

static const struct option *option_find(const struct option *options, struct str name)
{
	for (const struct option *o = options; o->name; o++)
		if (str_is(name, o->name))
			return o;
	return NULL;
}

static int refuse_option(const struct option *options, struct str name, struct err *e)
{
	const struct option *near = NULL;
	int least = name.len >= 5 ? 3 : 2; /* so many slips are another word */
	for (const struct option *o = options; o->name; o++) {
		int far = words_distance(name, str_of(o->name));
		if (far < least) {
			least = far;
			near = o;
		}
	}
	if (near)
		return err_refuse(e, ERR_USAGE,
				  "there is no option --" STR_FMT "; did you mean --%s?",
				  STR_ARG(str_clip(name, 60)), near->name);
	return err_refuse(e, ERR_USAGE, "there is no option --" STR_FMT ".",
			  STR_ARG(str_clip(name, 60)));
}

static int option_take(const struct option *options, int argc, char **argv, int *i, struct err *e)
{
	struct str word = str_of(argv[*i]);
	if (!str_starts(word, STR("--")))
		return err_refuse(e, ERR_USAGE, "\"%s\" is not understood here.", argv[*i]);
	struct str rest = str_sub(word, 2, word.len), name;
	bool has_value = memchr(word.at, '=', word.len) != NULL;
	if (!str_cut(&rest, '=', &name))
		return err_refuse(e, ERR_USAGE, "\"--\" is not understood here.");
	const struct option *o = option_find(options, name);
	if (!o)
		return refuse_option(options, name, e);
	if (has_value) {
		*o->value = rest.at ? rest.at : "";
		return 0;
	}
	if (o->traits & OPTION_SWITCH) {
		*o->value = "yes";
		return 0;
	}
	if (*i + 1 >= argc)
		return err_refuse(e, ERR_USAGE, "--%s needs a value: %s.", o->name, o->help);
	*o->value = argv[++*i];
	return 0;
}

int words_take(int *argc, char **argv, const char **word, bool *yes, struct err *e)
{
	int kept = 0;
	for (int i = 0; i < *argc; i++) {
		const char *w = argv[i];
		bool is_flag = w[0] == '-' && w[1] != '\0';
		if (strcmp(w, "-y") == 0 || strcmp(w, "--yes") == 0) {
			*yes = true;
		} else if (is_flag) {
			argv[kept++] = argv[i];
			if (strncmp(w, "--", 2) == 0 && !strchr(w, '=') && i + 1 < *argc)
				argv[kept++] = argv[++i]; /* its value */
		} else if (*word) {
			return err_refuse(e, ERR_USAGE, "\"%s\" is one word too many here.", w);
		} else {
			*word = w;
		}
	}
	*argc = kept;
	return 0;
}

int options_read(const struct admin_command *c, const struct option *options, int argc, char **argv,
		 struct err *e)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(c, options);
			return 1;
		}
		if (option_take(options, argc, argv, &i, e) != 0) {
			err_next(e, "Usage: %s", c->usage);
			return -1;
		}
	}
	for (const struct option *o = options; o->name; o++) {
		if ((o->traits & OPTION_REQUIRED) && !*o->value) {
			err_refuse(e, ERR_USAGE, "--%s is missing: %s.", o->name, o->help);
			err_next(e, "Usage: %s", c->usage);
			return -1;
		}
	}
	return 0;
}
