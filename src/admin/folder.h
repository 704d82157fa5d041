/* SPDX-License-Identifier: Apache-2.0 */
/* folder: a data folder for the commands that work on one: opened by ourselves, or its server asked over the socket. */
#ifndef APLOMB_ADMIN_FOLDER_H
#define APLOMB_ADMIN_FOLDER_H
#include "admin/admin.h"
#include "store/store.h"

struct folder {
	const char *path;
	struct arena *arena; /* the caller's */
	struct world world;
	struct store *store; /* NULL: a server has it, or it takes no writes */
	struct db *look;     /* of a folder that takes no writes: reading alone */
};
/* Refuses what is no data folder. Close it whatever comes of it. */
int folder_enter(struct folder *, struct err *) MUST_USE;
void folder_leave(struct folder *);
/* POST /-/what to the server that has the folder; what it said, in the arena. Its refusal becomes the error. */
int folder_ask(const struct folder *, const char *what, struct str body, struct str *said,
	       struct err *) MUST_USE;
#endif
