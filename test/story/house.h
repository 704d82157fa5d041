/* SPDX-License-Identifier: Apache-2.0 */
/* house: a whole server in this process for one story: a temporary data folder, the people of the
 * story with a token each, and a clock that stands still until it is moved. Plays nothing (see
 * over_http.c). */
#ifndef APLOMB_TEST_HOUSE_H
#define APLOMB_TEST_HOUSE_H
#include "net/client.h"
#include "story/story.h"
#include "web/web.h"

struct house_person {
	struct str id, login, token;
};
struct house {
	struct arena *arena;
	const struct story *story;
	LIST_OF(struct house_person) people;
	char folder[32];
	int port;
	struct world_sim sim;
	struct store *store;
	struct engine *engine;
	struct web *web;
	struct server *server;
	struct db *reader;
	struct client *client;
};

/* After a failure house_close is due, too. */
int house_open(struct house *, const struct story *, struct arena *, struct err *) MUST_USE;
/* Stops everything and removes the folder. */
void house_close(struct house *);
/* Moves the clock from one due moment to the next, then to at_ms; on return nothing is due. */
int house_until(struct house *, int64_t at_ms, struct err *) MUST_USE;
/* Reads the ledger's whole chain; views made anew from it must be the same. */
int house_verify(struct house *, struct err *) MUST_USE;
const struct house_person *house_person(const struct house *, struct str login); /* NULL = nobody */
#endif
