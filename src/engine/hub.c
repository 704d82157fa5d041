/* SPDX-License-Identifier: Apache-2.0 */
/* hub: see hub.h. A ring of arenas; a reader that fell out of it gets the same messages from the database. */
#include "engine/hub.h"

#include <pthread.h>

#include "base/when.h"
#include "core/event.h"
#include "core/tell.h"
#include "store/session.h"
#include "store/token.h"

struct kept {
	struct arena arena;
	struct event event;
	struct str message; /* what readers get, told for the first of them; empty = not told yet */
};

struct hub {
	pthread_mutex_t lock;
	struct kept ring[HUB_EVENTS]; /* event of pos p lies at p % HUB_EVENTS */
	int64_t pos, oldest;	      /* newest and oldest pos in the ring; oldest > pos = empty */
	struct db *reader;
};

struct hub *hub_new(struct db *reader, int64_t pos)
{
	struct hub *h = heap_new(sizeof(*h));
	(void)pthread_mutex_init(&h->lock, NULL);
	h->reader = reader;
	h->pos = pos;
	h->oldest = pos + 1;
	return h;
}

void hub_free(struct hub **hp)
{
	struct hub *h = *hp;
	if (!h)
		return;
	for (size_t i = 0; i < HUB_EVENTS; i++)
		arena_clear(&h->ring[i].arena);
	db_close(&h->reader);
	(void)pthread_mutex_destroy(&h->lock);
	heap_free(h);
	*hp = NULL;
}

void hub_add(struct hub *h, const struct event *ev)
{
	(void)pthread_mutex_lock(&h->lock);
	struct kept *k = &h->ring[ev->pos % HUB_EVENTS];
	arena_clear(&k->arena);
	void *body = arena_alloc(&k->arena, ev->type->size);
	fields_copy(ev->type->fields, body, ev->body, ev->type->size, &k->arena);
	k->event = *ev;
	k->event.actor = str_copy(&k->arena, ev->actor);
	k->event.body = body;
	k->message = (struct str){ NULL, 0 };
	h->pos = ev->pos;
	if (h->pos - h->oldest >= HUB_EVENTS)
		h->oldest = h->pos - HUB_EVENTS + 1;
	(void)pthread_mutex_unlock(&h->lock);
}

void hub_forget(struct hub *h, int64_t pos)
{
	(void)pthread_mutex_lock(&h->lock);
	if (pos >= h->oldest && pos <= h->pos) {
		struct kept *k = &h->ring[pos % HUB_EVENTS];
		arena_clear(&k->arena);
		k->event.actor = k->message = (struct str){ NULL, 0 };
		k->event.body = NULL;
	}
	(void)pthread_mutex_unlock(&h->lock);
}

int64_t hub_pos(struct hub *h)
{
	(void)pthread_mutex_lock(&h->lock);
	int64_t pos = h->pos;
	(void)pthread_mutex_unlock(&h->lock);
	return pos;
}

static void message(const struct event *ev, const struct names *names, struct buf *out)
{
	ARENA(a);
	struct buf said = BUF(&a);
	event_tell(ev, names, CLEAR_INTERNAL, &said);
	buf_fmt(out,
		"id: %lld\nevent: event\ndata: "
		"{\"pos\":%lld,\"stream\":%lld,\"seq\":%lld,\"at\":\"",
		(long long)ev->pos, (long long)ev->pos, (long long)ev->stream, (long long)ev->seq);
	when_rfc3339(out, ev->happened_ms);
	buf_fmt(out, "\",\"type\":\"%s\",\"actor\":", ev->type->name);
	struct str who = ev->actor.len && names->person ? names->person(names->ctx, ev->actor)
							: STR("Aplomb");
	buf_json(out, who);
	buf_z(out, ",\"said\":");
	buf_json(out, buf_str(&said));
	buf_z(out, "}\n\n");
}

/* All readers are told the same, so it is put in words once. */
static struct str told(struct kept *k, const struct names *names)
{
	if (!k->message.len) {
		struct buf b = BUF(&k->arena);
		message(&k->event, names, &b);
		k->message = buf_str(&b);
	}
	return k->message;
}

/* From the ring: every event behind the cursor is in it. Under the lock. */
static int64_t fill_near(struct hub *h, int64_t stream, int64_t cursor, const struct names *names,
			 struct buf *out)
{
	while (cursor < h->pos && out->len < HUB_FILL_BYTES) {
		struct kept *k = &h->ring[(cursor + 1) % HUB_EVENTS];
		if (k->event.body && (stream < 0 || k->event.stream == stream))
			buf_add(out, told(k, names));
		cursor++;
	}
	return cursor;
}

static int64_t fill_far(struct hub *h, int64_t stream, int64_t cursor, const struct names *names,
			struct buf *out)
{
	ARENA(a);
	struct err e = { 0 };
	struct ledger_rows rows = { 0 };
	struct ledger_range some = { .stream = LEDGER_ALL,
				     .after = cursor,
				     .limit = HUB_EVENTS / 4 };
	if (ledger_read(h->reader, &some, &a, &rows, &e) != 0 || !rows.len)
		return cursor; /* the disk is unwell: the stream stays open and asks again at the next event */
	LIST_EACH (row, &rows) {
		struct event *ev = &row->event;
		if (ev->pos > h->pos) /* committed, not told yet: it comes by the ring */
			break;
		cursor = ev->pos;
		if (stream >= 0 && ev->stream != stream)
			continue;
		if (row->is_redacted || event_decode(&a, ev->type, row->json, &ev->body, &e) != 0)
			continue;
		message(ev, names, out);
	}
	return cursor;
}

static bool has_token(struct hub *h, const struct watcher *w, struct arena *a)
{
	struct tokens list = { 0 };
	struct err ignored = { 0 };
	int64_t now_ms = db_now_ms(h->reader);
	if (token_list(h->reader, w->user, a, &list, &ignored) != 0)
		return false;
	LIST_EACH (t, &list)
		if (str_eq(t->id, w->token))
			return !t->expires.ms || t->expires.ms > now_ms;
	return false;
}

static bool is_enabled(struct hub *h, const struct watcher *w, struct arena *a)
{
	struct account who;
	struct err ignored = { 0 };
	return account_get(h->reader, w->user, a, &who, &ignored) == 0 && !who.disabled.ms;
}

bool hub_admits(struct hub *h, const struct watcher *w)
{
	ARENA(a);
	struct session session;
	struct err ignored = { 0 };
	(void)pthread_mutex_lock(&h->lock);
	bool may = w->session.len ? session_find(h->reader, w->session, &a, &session, &ignored) == 0
				  : is_enabled(h, w, &a) && has_token(h, w, &a);
	(void)pthread_mutex_unlock(&h->lock);
	return may;
}

int64_t hub_fill(struct hub *h, int64_t stream, int64_t cursor, const struct names *names,
		 struct buf *out)
{
	(void)pthread_mutex_lock(&h->lock);
	int64_t from = cursor;
	if (cursor < 0 || cursor > h->pos)
		cursor =
			h->pos; /* a new stream starts now; one from another life of this folder starts anew */
	if (h->pos - cursor > HUB_RESYNC_EVENTS) {
		buf_fmt(out, "id: %lld\nevent: resync\ndata: {}\n\n", (long long)h->pos);
		cursor = h->pos;
	}
	while (cursor < h->pos && out->len < HUB_FILL_BYTES && cursor + 1 < h->oldest) {
		int64_t next = fill_far(h, stream, cursor, names, out);
		if (next == cursor)
			break;
		cursor = next;
	}
	if (cursor + 1 >= h->oldest)
		cursor = fill_near(h, stream, cursor, names, out);
	if (from != cursor &&
	    !out->len) /* nothing of this stream: the browser still learns where it is */
		buf_fmt(out, "id: %lld\nevent: at\ndata: {}\n\n", (long long)cursor);
	(void)pthread_mutex_unlock(&h->lock);
	return cursor;
}
