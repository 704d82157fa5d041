/* SPDX-License-Identifier: Apache-2.0 */
/* roster: the people as the core and the sentences know them: one version in memory, replaced when accounts change. Old
 * versions stay until the end, since any thread may be reading one; accounts change a few times a year. */
#include "engine/inside.h"

static bool same_roster(const struct roster *a, const struct roster *b)
{
	if (a->people.len != b->people.len)
		return false;
	for (size_t i = 0; i < a->people.len; i++) {
		const struct roster_person *x = &a->people.at[i], *y = &b->people.at[i];
		if (!str_eq(x->id, y->id) || !str_eq(x->login, y->login) ||
		    !str_eq(x->name, y->name) || x->right != y->right)
			return false;
	}
	return true;
}

int roster_load(struct engine *en, struct db *db, struct err *e)
{
	ARENA(scratch);
	struct roster fresh = { 0 };
	if (account_roster(db, &scratch, &fresh, e) != 0)
		return -1;
	const struct roster *have = atomic_load(&en->roster);
	if (have && same_roster(have, &fresh))
		return 0;
	(void)pthread_mutex_lock(&en->roster_lock);
	struct roster *kept = ARENA_NEW(&en->roster_arena, struct roster);
	LIST_EACH (p, &fresh.people) {
		struct roster_person *q = LIST_ADD(&en->roster_arena, &kept->people);
		q->id = str_copy(&en->roster_arena, p->id);
		q->login = str_copy(&en->roster_arena, p->login);
		q->name = str_copy(&en->roster_arena, p->name);
		q->right = p->right;
	}
	atomic_store(&en->roster, kept);
	(void)pthread_mutex_unlock(&en->roster_lock);
	return 0;
}

static struct str name_now(const void *ctx, struct str id)
{
	const struct engine *en = ctx;
	return roster_name(atomic_load(&en->roster), id);
}

void engine_names(struct engine *en, struct names *names)
{
	names->person = name_now;
	names->ctx = en;
}
