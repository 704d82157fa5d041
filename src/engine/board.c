/* SPDX-License-Identifier: Apache-2.0 */
/* board: see board.h; and the doors of engine.h that look at the desk without a copy of all alerts. */
#include "engine/board.h"

#include "engine/inside.h"

struct shown {
	struct silences silences;
};
static const struct field shown_fields[] = {
	ITEMS(shown, silences, silence, "what is silenced"),
	END,
};

struct group {
	struct str name, service;
};
/* The groups of an open incident. */
struct holder {
	struct holder *next;
	int64_t incident;
	size_t alerts; /* how many it had when the groups were read */
	struct arena arena;
	LIST_OF(struct group) groups;
};

struct board {
	pthread_mutex_t lock;
	struct arena arena; /* of shown */
	struct shown shown;
	struct holder *holders; /* newest incident first */
};

struct board *board_new(void)
{
	struct board *b = heap_new(sizeof(*b));
	(void)pthread_mutex_init(&b->lock, NULL);
	return b;
}

void board_free(struct board **bp)
{
	struct board *b = *bp;
	if (!b)
		return;
	arena_clear(&b->arena);
	board_forget_incidents(b);
	(void)pthread_mutex_destroy(&b->lock);
	heap_free(b);
	*bp = NULL;
}

void board_follow(struct board *b, const struct desk *desk)
{
	const struct shown now = { desk->silences };
	(void)pthread_mutex_lock(&b->lock);
	arena_clear(&b->arena);
	fields_copy(shown_fields, &b->shown, &now, sizeof(now), &b->arena);
	(void)pthread_mutex_unlock(&b->lock);
}

void board_read(struct board *b, struct arena *a, struct silences *out)
{
	struct shown copy = { 0 };
	(void)pthread_mutex_lock(&b->lock);
	fields_copy(shown_fields, &copy, &b->shown, sizeof(copy), a);
	(void)pthread_mutex_unlock(&b->lock);
	*out = copy.silences;
}

static void drop(struct holder **at)
{
	struct holder *h = *at;
	*at = h->next;
	arena_clear(&h->arena);
	heap_free(h);
}

void board_forget_incidents(struct board *b)
{
	(void)pthread_mutex_lock(&b->lock);
	while (b->holders)
		drop(&b->holders);
	(void)pthread_mutex_unlock(&b->lock);
}

static bool has_group(const struct holder *h, struct str name, struct str service)
{
	LIST_EACH (g, &h->groups)
		if (str_eq(g->name, name) && str_eq(g->service, service))
			return true;
	return false;
}

static struct holder *holder_of(const struct incident *inc)
{
	struct holder *h = heap_new(sizeof(*h));
	h->incident = inc->id;
	h->alerts = inc->alerts.len;
	LIST_EACH (a, &inc->alerts)
		if (!has_group(h, a->name, a->service))
			*LIST_ADD(&h->arena,
				  &h->groups) = (struct group){ str_copy(&h->arena, a->name),
								str_copy(&h->arena, a->service) };
	return h;
}

/* Alerts never leave an incident, so that as many groups are the same groups. */
static bool replace(struct holder **at, const struct incident *inc, bool is_here)
{
	struct holder *h = holder_of(inc);
	bool grew = !is_here || (*at)->groups.len != h->groups.len;
	if (is_here)
		drop(at);
	h->next = *at;
	*at = h;
	return grew;
}

bool board_follow_incident(struct board *b, const struct incident *inc)
{
	bool is_open = incident_is_open(inc), changes = false;
	struct holder **at = &b->holders;
	(void)pthread_mutex_lock(&b->lock);
	while (*at && (*at)->incident > inc->id)
		at = &(*at)->next;
	bool is_here = *at && (*at)->incident == inc->id;
	if (is_open && inc->alerts.len && (!is_here || (*at)->alerts != inc->alerts.len)) {
		changes = replace(at, inc, is_here);
	} else if (!is_open && is_here) {
		drop(at);
		changes = true;
	}
	(void)pthread_mutex_unlock(&b->lock);
	return changes;
}

bool board_has_groups(struct board *b)
{
	(void)pthread_mutex_lock(&b->lock);
	bool any = b->holders != NULL;
	(void)pthread_mutex_unlock(&b->lock);
	return any;
}

int64_t board_incident_of(struct board *b, struct str name, struct str service, bool *has_room)
{
	int64_t found = 0;
	*has_room = false;
	(void)pthread_mutex_lock(&b->lock);
	for (const struct holder *h = b->holders; h && !found; h = h->next)
		if (has_group(h, name, service)) {
			found = h->incident;
			*has_room = h->alerts < GROUP_ATTACHED_MAX;
		}
	(void)pthread_mutex_unlock(&b->lock);
	return found;
}

void engine_silences(struct engine *en, struct arena *a, struct silences *out)
{
	board_read(en->board, a, out);
}

void engine_each_alert(struct engine *en, enum alert_texts texts, engine_alert_fn *fn, void *ctx)
{
	live_each(en->live, texts, fn, ctx);
}
