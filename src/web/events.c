/* SPDX-License-Identifier: Apache-2.0 */
/* events: GET /events, the live stream (SSE). A stream is a position in the ledger; the hub tells what lies behind it.
 * `?incident=N` follows one; Last-Event-ID resumes. Alerts come without events: a stream of all says `event: desk`, without
 * an id, when they changed. */
#include "web/inside.h"

struct follower {
	struct engine *engine;
	int64_t stream; /* -1 = all */
	int64_t desk;	/* the version it was told of */
	struct names names;
	struct watcher watcher;
	const struct world *world;
	int64_t ends_ms;    /* of the token; 0 = never */
	struct arena arena; /* of its own: it outlives the call's */
};

static int64_t fill(void *ctx, int64_t cursor, struct buf *out)
{
	struct follower *f = ctx;
	/* a stream stays open for days: who was signed out or disabled since reads no further */
	if ((f->ends_ms && f->ends_ms <= f->world->now_ms(f->world)) ||
	    !engine_may_watch(f->engine, &f->watcher))
		return -1;
	int64_t desk = engine_desk_version(f->engine);
	cursor = engine_hub_fill(f->engine, f->stream, cursor, &f->names, out);
	if (f->stream < 0 && f->desk != desk)
		buf_z(out, "event: desk\ndata: {}\n\n");
	f->desk = desk;
	return cursor;
}

static void follower_free(void *ctx)
{
	struct follower *f = ctx;
	arena_clear(&f->arena);
	heap_free(f);
}

/* A stream of what does not exist would be silent for ever. */
static bool has_incident(struct visit *v, int64_t stream, struct err *e)
{
	const struct ledger_range first = { .stream = stream, .limit = 1 };
	struct ledger_rows rows = { 0 };
	if (ledger_read(v->db, &first, v->arena, &rows, e) != 0)
		return false;
	if (!rows.len)
		err_refuse(e, ERR_NOT_FOUND, "There is no incident %lld.", (long long)stream);
	return rows.len > 0;
}

int get_events(struct visit *v, __attribute__((unused)) struct reply *r, struct err *e)
{
	struct str wanted = form_get(&v->query, "incident"),
		   last = request_header(v->request, "Last-Event-ID");
	int64_t cursor = engine_pos(v->config->engine), stream = -1;
	if (!last.len)
		last = form_get(&v->query, "after");
	if (wanted.len && (!str_to_int(wanted, &stream) || stream < 1))
		return err_field(e, "incident",
				 "incident must be a number, as in /events?incident=42.");
	if (wanted.len && !has_incident(v, stream, e))
		return -1;
	if (last.len && (!str_to_int(last, &cursor) || cursor < 0))
		return err_field(e, "Last-Event-ID",
				 "Last-Event-ID must be a number that a message of ours carried.");
	struct follower *f = heap_new(sizeof(*f));
	f->engine = v->config->engine;
	f->stream = stream;
	f->desk = engine_desk_version(f->engine);
	f->watcher = (struct watcher){ .user = str_copy(&f->arena, v->user),
				       .session = str_copy(&f->arena, v->session.secret),
				       .token = str_copy(&f->arena, v->token.id),
				       .proven = -1 };
	f->world = v->config->world;
	f->ends_ms = v->token.expires.ms;
	engine_names(f->engine,
		     &f->names); /* times in UTC: the page tells them in the reader's zone */
	struct stream_start start = { .session = v->session.secret.len ? v->session.csrf
								       : v->token.id,
				      .cursor = cursor,
				      .fill = fill,
				      .stream_ctx = f,
				      .free_ctx = follower_free };
	call_stream(v->call, &start);
	return ANSWERED;
}
