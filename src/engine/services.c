/* SPDX-License-Identifier: Apache-2.0 */
/* services: the catalogue as of the newest commit, one version in memory for whoever asks: a reader holds the version it took
 * until its arena is cleared, so that nobody copies a thousand services and nobody waits for the writer. */
#include "engine/inside.h"

struct service_version {
	atomic_int holders; /* the shelf is one */
	struct arena arena;
	struct services services;
};

static void let_go(void *version)
{
	struct service_version *v = version;
	if (atomic_fetch_sub(&v->holders, 1) > 1)
		return;
	arena_clear(&v->arena);
	heap_free(v);
}

/* From here on readers get this one; NULL = none. */
static void put(struct engine *en, struct service_version *next)
{
	(void)pthread_mutex_lock(&en->services_lock);
	struct service_version *old = en->services;
	en->services = next;
	(void)pthread_mutex_unlock(&en->services_lock);
	if (old)
		let_go(old);
}

int services_load(struct engine *en, struct err *e)
{
	void *state;
	if (cache_get(&en->cache, en->db, DESK_STREAM, &state, e) != 0)
		return -1;
	struct service_version *v = heap_new(sizeof(*v));
	atomic_init(&v->holders, 1);
	LIST_EACH (s, &((const struct desk *)state)->services)
		fields_copy(service_fields, LIST_ADD(&v->arena, &v->services), s, sizeof(*s),
			    &v->arena);
	put(en, v);
	return 0;
}

void services_clear(struct engine *en)
{
	put(en, NULL);
}

void services_follow(struct batch *b)
{
	struct err ignored = { 0 };
	bool changed = b->redacts; /* what a service was called may be among it */
	LIST_EACH (ev, &b->written)
		changed = changed || str_starts(str_of(ev->type->name), STR("service."));
	if (changed)
		(void)!services_load(b->engine, &ignored);
}

void engine_services(struct engine *en, struct arena *a, struct services *out)
{
	(void)pthread_mutex_lock(&en->services_lock);
	struct service_version *v = en->services;
	if (v)
		(void)atomic_fetch_add(&v->holders, 1);
	(void)pthread_mutex_unlock(&en->services_lock);
	*out = v ? v->services : (struct services){ 0 };
	if (v)
		arena_defer(a, let_go, v);
}
