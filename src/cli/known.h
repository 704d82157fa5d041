/* SPDX-License-Identifier: Apache-2.0 */
/* known: the names that --json=a,b may pick. An empty member is left out of a reply, so that a name which is not there is
 * either that or a slip: the server's own description (/openapi.json) tells which. */
#ifndef APLOMB_CLI_KNOWN_H
#define APLOMB_CLI_KNOWN_H
#include "cli/caller.h"

/* Of the reply to a GET of this path. ERR_USAGE names the slip and the nearest; the whole list goes to standard error. An
 * older server that does not describe itself is believed. */
int known_in_reply(struct caller *, struct str path, const struct json *reply,
		   struct err *) MUST_USE;
/* Of what a verb answers, and of the messages of a stream: these are asked before anything is sent. */
int known_in_outcome(struct caller *, struct err *) MUST_USE;
int known_in_stream(struct caller *, struct err *) MUST_USE;
#endif
