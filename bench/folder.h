/* SPDX-License-Identifier: Apache-2.0 */
/* folder: a data folder opened with its engine and nothing else, as the programs that fill and measure one need it. */
#ifndef APLOMB_BENCH_FOLDER_H
#define APLOMB_BENCH_FOLDER_H
#include "engine/engine.h"

struct folder {
	struct world_sim sim; /* its clock is the caller's to set */
	struct store *store;
	struct engine *engine;
	struct str actor; /* an admin's id; in the arena of folder_people */
};
/* What to run: a verb by its words, its fields as JSON. */
struct asked {
	const char *noun, *name;
	int64_t stream;
	struct str fields;
	const char *because, *accept; /* a reason for the guards named here; may be NULL */
};
/* The clock starts at at_ms. Ends the program with a sentence when it cannot be opened. */
void folder_open(struct folder *, const char *data, int64_t at_ms);
void folder_close(struct folder *);
/* The admin "bench" and so many tokens of all scopes, one a line in the file, the first for "bench", each of the others
 * for a person of its own. With 0 it only finds out who "bench" is. */
void folder_people(struct folder *, struct arena *, int tokens, const char *token_file);
/* Any thread. Ends the program when it is refused. */
void folder_run(struct folder *, struct arena *, const struct asked *, struct outcome *);
_Noreturn void folder_die(const char *what, const struct err *);
#endif
