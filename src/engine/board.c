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

struct board {
	pthread_mutex_t lock;
	struct arena arena; /* of shown */
	struct shown shown;
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

void engine_silences(struct engine *en, struct arena *a, struct silences *out)
{
	board_read(en->board, a, out);
}

void engine_each_alert(struct engine *en, engine_alert_fn *fn, void *ctx)
{
	live_each(en->live, fn, ctx);
}
