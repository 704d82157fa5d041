/* SPDX-License-Identifier: Apache-2.0 */
/* integrations: the doors that the team set up, one version in memory, as the desk's state has them: any thread asks. Old
 * versions stay until the end, since any thread may be reading one; integrations change a few times a year. */
#include "engine/inside.h"

int integrations_load(struct engine *en, struct err *e)
{
	void *state;
	if (cache_get(&en->cache, en->db, DESK_STREAM, &state, e) != 0)
		return -1;
	const struct desk *desk = state;
	(void)pthread_mutex_lock(&en->roster_lock);
	struct arena *a = &en->roster_arena;
	struct integrations *kept = ARENA_NEW(a, struct integrations);
	LIST_EACH (i, &desk->integrations)
		fields_copy(integration_fields, LIST_ADD(a, kept), i, sizeof(*i), a);
	atomic_store(&en->integrations, kept);
	(void)pthread_mutex_unlock(&en->roster_lock);
	return 0;
}

void integrations_follow(struct batch *b)
{
	struct err ignored = { 0 };
	bool changed = false;
	LIST_EACH (ev, &b->written)
		changed = changed || str_starts(str_of(ev->type->name), STR("integration."));
	if (!changed)
		return;
	(void)!integrations_load(b->engine, &ignored);
	/* bodies in the inbox were read by the old mapping: a snapshot keeps what they meant then */
	b->engine->saves_due = LIVE_SHARDS;
}

const struct integrations *engine_integrations(struct engine *en)
{
	return atomic_load(&en->integrations);
}

static const struct integration *find(struct engine *en, struct str name)
{
	LIST_EACH (i, engine_integrations(en))
		if (str_eq(i->name, name))
			return i;
	return NULL;
}

const struct integration *engine_integration(struct engine *en, struct str name)
{
	const struct integration *i = find(en, name);
	return i && !i->is_removed ? i : NULL;
}

const struct integration *integration_of_row(struct engine *en, struct str source,
					     struct str *source_name)
{
	struct str name = source;
	*source_name = source;
	(void)str_cut(&name, '/', source_name);
	return name.len ? find(en, name) : NULL;
}
