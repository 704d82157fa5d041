/* SPDX-License-Identifier: Apache-2.0 */
/* gate_courier: brings the freeze gate's answers to the pipelines that wait for them at GitHub. The answers are rows
 * (store/gate_callback.h), so that a restart forgets none; a thread of its own sends, never the writer. */
#ifndef APLOMB_GATE_COURIER_H
#define APLOMB_GATE_COURIER_H
#include "engine/engine.h"

struct gate_courier;
struct gate_courier_config {
	struct engine *engine; /* all borrowed until gate_courier_stop */
	struct store *store;
	const struct world *world;
	struct str api;		/* "https://api.github.com": nothing else is ever called */
	const char *token_file; /* NULL = none: answers wait for one */
};
int gate_courier_start(const struct gate_courier_config *, struct gate_courier **,
		       struct err *) MUST_USE;
void gate_courier_stop(
	struct gate_courier **); /* waits for the try that is under way; NULL inside is fine */
#endif
