/* SPDX-License-Identifier: Apache-2.0 */
/* sim: the machine with a wall clock that a test sets (world.h). Random, waits and files stay real.
 * */
#include "world/world.h"

static int64_t sim_now_ms(const struct world *w)
{
	const struct world_sim *sim = (const struct world_sim *)(const void *)w;
	return atomic_load(&sim->now_ms);
}

void world_sim(struct world_sim *sim, int64_t now_ms)
{
	world_real(&sim->world);
	sim->world.now_ms = sim_now_ms;
	atomic_init(&sim->now_ms, now_ms);
}

void world_sim_set(struct world_sim *sim, int64_t now_ms)
{
	atomic_store(&sim->now_ms, now_ms);
}
