/* SPDX-License-Identifier: Apache-2.0 */
/* login: keeps an address and a token that were seen to work. */
#include <limits.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/files.h"

int run_login(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct json *reply = NULL;
	struct str path = files_config(c->arena, "token");
	if (words->len || !c->args.token_file.len) {
		err_refuse(&e, ERR_USAGE,
			   "Say where the token is: aplomb login --server URL --token-file FILE.");
		err_next(&e, "- reads it from standard input.");
		return caller_complain(c, &e);
	}
	if (!c->token.len || !path.len) {
		err_refuse(&e, ERR_USAGE,
			   c->token.len ? "There is no folder to keep it in: HOME is not set."
					: "The token file is empty.");
		return caller_complain(c, &e);
	}
	if (caller_get(c, STR("/api/v1/incidents?state=open"), &reply, NULL, &e))
		return caller_complain(c, &e);
	char whole[PATH_MAX];
	const char *ca = c->args.ca.len ? realpath(str_z(c->arena, c->args.ca), whole) : NULL;
	struct str text = str_fmt(c->arena, STR_FMT "\n" STR_FMT "\n%s\n", STR_ARG(c->server),
				  STR_ARG(c->token), ca ? ca : "");
	if (files_write(c->arena, path, text, &e))
		return caller_complain(c, &e);
	if (!c->args.quiet)
		caller_say(c, str_fmt(c->arena,
				      "Logged in to " STR_FMT "; kept in " STR_FMT
				      ".\nNext: aplomb status\n",
				      STR_ARG(c->server), STR_ARG(path)));
	return 0;
}
