/* SPDX-License-Identifier: Apache-2.0 */
/* outbox: notes and events that could not be sent. Each is a file in the state folder with its own key, so that it
 * lands once; the next command that reaches the server sends them. */
#ifndef APLOMB_CLI_OUTBOX_H
#define APLOMB_CLI_OUTBOX_H
#include "cli/caller.h"

struct waiting {
	struct str server, path, key, because,
		body;	  /* path: empty = a note's; body: its fields as JSON */
	int64_t incident; /* 0: the only one that is open when it is sent */
};
int outbox_keep(struct caller *, const struct waiting *, struct err *) MUST_USE;
/* Sends what waits for this server and says so. What the server refuses for good is set aside as
 * NAME.refused and named. */
void outbox_replay(struct caller *);
#endif
