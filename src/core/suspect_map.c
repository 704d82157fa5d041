/* SPDX-License-Identifier: Apache-2.0 */
/* suspect_map: see suspect_map.h. */
#include "core/suspect_map.h"

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void add(struct suspect_map *m, struct str name)
{
	if (name.len)
		*LIST_ADD(m->arena, &m->names) = name;
}

static void sort_once(struct suspect_map *m)
{
	size_t kept = 0;
	LIST_SORT(&m->names, by_text);
	for (size_t i = 0; i < m->names.len; i++)
		if (!kept || !str_eq(m->names.at[kept - 1], m->names.at[i]))
			m->names.at[kept++] = m->names.at[i];
	m->names.len = kept;
}

int map_find(const struct suspect_map *m, struct str name)
{
	const struct str *found = list_find((const struct list *)(const void *)&m->names, &name,
					    sizeof(name), by_text);
	return found ? (int)(found - m->names.at) : MAP_NONE;
}

void map_init(struct suspect_map *m, const struct investigation *in, struct arena *a)
{
	*m = (struct suspect_map){ .arena = a };
	for (size_t i = 0; i < in->services.len; i++)
		add(m, in->services.at[i]);
	for (size_t i = 0; i < in->where.len; i++)
		add(m, in->where.at[i]);
	add(m, in->symptom_service);
	LIST_EACH (edge, &in->edges) {
		add(m, edge->caller);
		add(m, edge->callee);
	}
	LIST_EACH (c, &in->changes)
		add(m, c->service);
	LIST_EACH (x, &in->alerts)
		add(m, x->service);
	LIST_EACH (s, &in->series)
		add(m, s->service);
	sort_once(m);
	LIST_EACH (edge, &in->edges) {
		struct map_link l = { map_find(m, edge->caller), map_find(m, edge->callee) };
		if (l.from != MAP_NONE && l.to != MAP_NONE && l.from != l.to)
			*LIST_ADD(a, &m->links) = l;
	}
}

/* Rounds over all links: at most as many as the longest way has calls. */
int *map_hops(const struct suspect_map *m, const bool *starts, bool backwards)
{
	int *hops = ARENA_ARRAY(m->arena, int, m->names.len);
	for (size_t i = 0; i < m->names.len; i++)
		hops[i] = starts[i] ? 0 : MAP_FAR;
	bool grew = true;
	for (int round = 0; grew; round++) {
		grew = false;
		LIST_EACH (l, &m->links) {
			int at = backwards ? l->to : l->from, next = backwards ? l->from : l->to;
			if (hops[at] != round || hops[next] != MAP_FAR)
				continue;
			hops[next] = round + 1;
			grew = true;
		}
	}
	return hops;
}
