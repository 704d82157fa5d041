/* SPDX-License-Identifier: Apache-2.0 */
/* suspects: see suspects.h. */
#include "engine/suspects.h"

#include <pthread.h>
#include <time.h>

#include "base/json.h"
#include "core/ranking.h"
#include "engine/inside.h"
#include "store/view_cause.h"
#include "store/view_change.h"
#include "world/log.h"

enum {
	SETTLE_MS = 300,      /* after the first word of news: more of it comes at once */
	EVERY_MS = 1000,      /* not more often */
	AGAIN_MS = 60 * 1000, /* time itself moves a ranking a little */
	HEARD_MAX = 64,	      /* streams that are told apart; of more, all are ranked */
	PAST_MS = 60 * 1000,  /* what was learnt is read anew after so long */
	NEAR_MAX = 500,	      /* alerts of the desk, the first that are met */
	NEAR_MS = 5000,	      /* they are looked through so often at most: there may be 100,000 */
	ALERTS_ASKED = 20,    /* so many alerts are asked where they are from */
};
static const int64_t learn_from_ms = (int64_t)365 * 24 * 3600 * 1000;

struct suspects {
	struct engine *engine;
	struct db *reader;
	pthread_t thread;
	bool is_running;      /* the starter's own */
	pthread_mutex_t lock; /* guards what is heard, and is_stopping */
	pthread_cond_t wake;
	int64_t heard[HEARD_MAX]; /* incidents */
	size_t heard_len;
	bool heard_all, is_stopping;
	int64_t heard_at_ms; /* monotonic; of the first; 0 = nothing */
	/* the thread's own */
	struct arena past_arena;
	struct cause_sums past;
	int64_t past_ms; /* monotonic; 0 = never read */
	struct arena near_arena;
	struct near_alerts near;
	int64_t near_ms; /* monotonic; 0 = never */
	int64_t again_ms, ran_ms;
};

static int64_t mono_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void hear_incident(struct suspects *s, int64_t incident)
{
	for (size_t i = 0; i < s->heard_len; i++)
		if (s->heard[i] == incident)
			return;
	if (s->heard_len == HEARD_MAX)
		s->heard_all = true;
	else
		s->heard[s->heard_len++] = incident;
}

void suspects_hear(struct suspects *s, const struct event *ev)
{
	bool is_service = str_starts(str_of(ev->type->name), STR("service."));
	if (ev->type == &ranking_events[RANKING_RANKED] ||
	    (ev->stream == DESK_STREAM && !is_service))
		return;
	(void)pthread_mutex_lock(&s->lock);
	if (ev->stream > DESK_STREAM)
		hear_incident(s, ev->stream);
	else
		s->heard_all = true;
	if (!s->heard_at_ms) {
		s->heard_at_ms = mono_ms();
		(void)pthread_cond_signal(&s->wake);
	}
	(void)pthread_mutex_unlock(&s->lock);
}

/* When there is something to do, monotonic. Under the lock. */
static int64_t due_ms(const struct suspects *s)
{
	int64_t due = s->again_ms ? s->again_ms : INT64_MAX;
	int64_t next = s->ran_ms + EVERY_MS;
	if (s->heard_at_ms && s->heard_at_ms + SETTLE_MS < due)
		due = s->heard_at_ms + SETTLE_MS;
	return due < next ? next : due;
}

struct heard {
	int64_t incidents[HEARD_MAX];
	size_t len;
	bool all;
};

/* False: it is over. */
static bool await(struct suspects *s, struct heard *out)
{
	(void)pthread_mutex_lock(&s->lock);
	for (int64_t due = due_ms(s); !s->is_stopping && due > mono_ms(); due = due_ms(s)) {
		struct timespec until = { .tv_sec = (time_t)(due / 1000),
					  .tv_nsec = (long)(due % 1000) * 1000000 };
		if (due == INT64_MAX)
			(void)pthread_cond_wait(&s->wake, &s->lock);
		else
			(void)pthread_cond_timedwait(&s->wake, &s->lock, &until);
	}
	*out = (struct heard){ .len = s->heard_len, .all = s->heard_all };
	memcpy(out->incidents, s->heard, sizeof(s->heard));
	out->all = out->all || (s->again_ms && s->again_ms <= mono_ms());
	s->heard_len = 0;
	s->heard_all = false;
	s->heard_at_ms = 0;
	bool goes_on = !s->is_stopping;
	(void)pthread_mutex_unlock(&s->lock);
	return goes_on;
}

static void come_again(struct suspects *s, int64_t in_ms)
{
	int64_t at_ms = mono_ms() + in_ms;
	if (!s->again_ms || at_ms < s->again_ms)
		s->again_ms = at_ms;
}

static int learn(struct suspects *s, struct err *e)
{
	int64_t now = mono_ms();
	if (s->past_ms && now - s->past_ms < PAST_MS)
		return 0;
	arena_clear(&s->past_arena);
	s->past_ms = 0;
	int64_t since_ms = s->engine->world->now_ms(s->engine->world) - learn_from_ms;
	if (view_cause_sums(s->reader, since_ms, &s->past_arena, &s->past, e) != 0)
		return -1;
	s->past_ms = now;
	return 0;
}

struct looking {
	struct suspects *suspects;
	int64_t from_ms;
};

/* Under a lock of the desk. */
static void look_at(void *ctx, const struct live_alert *x)
{
	const struct looking *l = ctx;
	struct suspects *s = l->suspects;
	if (!x->is_firing || x->started.ms < l->from_ms || s->near.len >= NEAR_MAX)
		return;
	*LIST_ADD(&s->near_arena, &s->near) = (struct near_alert){
		.fingerprint = str_copy(&s->near_arena, x->fingerprint),
		.name = str_copy(&s->near_arena, x->name),
		.service = str_copy(&s->near_arena, x->service),
		.started_ms = x->started.ms
	};
}

static void look_around(struct suspects *s)
{
	int64_t now = mono_ms(), wall_ms = s->engine->world->now_ms(s->engine->world);
	if (s->near_ms && now - s->near_ms < NEAR_MS)
		return;
	arena_clear(&s->near_arena);
	s->near = (struct near_alerts){ 0 };
	s->near_ms = now;
	engine_each_alert(s->engine, ALERT_WORDS, look_at,
			  &(struct looking){ s, wall_ms - RANKING_BACK_MS });
}

static struct str environment_of(struct str labels, struct arena *a)
{
	static const char *const names[] = { "environment", "env" };
	struct json *j;
	struct err unread = { 0 };
	if (json_parse(a, labels, &j, &unread) != 0)
		return STR("");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_text(json_get(j, names[i])).len)
			return json_text(json_get(j, names[i]));
	return STR("");
}

/* Where the alerts of the incident are from, when those that say so agree. */
static struct str where_it_shows(struct suspects *s, const struct incident *inc, struct arena *a)
{
	struct str found = STR("");
	for (size_t i = 0; i < inc->alerts.len && i < ALERTS_ASKED; i++) {
		struct live_alert x;
		if (!engine_alert(s->engine, inc->alerts.at[i].fingerprint, a, &x))
			continue;
		struct str its = environment_of(x.labels, a);
		if (found.len && its.len && !str_eq_nocase(found, its))
			return STR("");
		found = its.len ? its : found;
	}
	return found;
}

static void add_past(const struct cause_sums *sums, struct arena *a, struct ranking_facts *f)
{
	LIST_EACH (c, &sums->services)
		*LIST_ADD(a, &f->past_services) = (struct past){ c->name, c->changes, c->causes };
	LIST_EACH (c, &sums->kinds)
		*LIST_ADD(a, &f->past_kinds) = (struct past){ c->name, c->changes, c->causes };
	LIST_EACH (number, &sums->to_blame)
		*LIST_ADD(a, &f->to_blame) = *number;
	f->past_changed = sums->changed;
	f->past_none = sums->none;
}

static int keep(struct suspects *s, int64_t incident, const struct ranked *r, struct err *e)
{
	ARENA(a);
	struct outcome out;
	struct command c = { .verb = verb_find_internal(STR("suspect"), STR("rank")),
			     .stream = incident,
			     .fields = r };
	return engine_run(s->engine, &c, &a, &out, e);
}

static int rank(struct suspects *s, int64_t incident, struct err *e)
{
	ARENA(a);
	struct folded f;
	struct changes changes = { 0 };
	struct services services = { 0 };
	struct ranked r;
	if (engine_fold(s->reader, incident, &a, &f, e) != 0)
		return -1;
	const struct incident *inc = f.incident;
	int64_t onset_ms = ranking_onset(inc);
	int64_t now_ms = s->engine->world->now_ms(s->engine->world);
	struct change_filter recent = { .since_ms = onset_ms - RANKING_BACK_MS,
					.until_ms = onset_ms + RANKING_ON_MS,
					.limit = RANKING_CHANGES };
	if (!incident_is_open(inc) || view_changes(s->reader, &recent, &a, &changes, e) != 0)
		return e->code ? -1 : 0;
	if (!changes.len && !inc->ranking.at.ms)
		return 0;
	struct ranking_facts facts = { .incident = inc,
				       .changes = &changes,
				       .services = &services,
				       .near = s->near,
				       .environment = where_it_shows(s, inc, &a),
				       .now_ms = now_ms };
	add_past(&s->past, &a, &facts);
	engine_services(s->engine, &a, &services);
	ranking_make(&facts, &a, &r);
	come_again(s, AGAIN_MS);
	if (!ranking_moved(inc, &r, &a).len)
		return 0;
	int64_t since_ms = now_ms - inc->ranking.at.ms;
	if (inc->ranking.at.ms && since_ms < RANKING_EVERY_MS) {
		come_again(s, since_ms < 0 ? AGAIN_MS : RANKING_EVERY_MS - since_ms);
		return 0;
	}
	return keep(s, incident, &r, e);
}

static bool concerns(const struct heard *h, int64_t incident)
{
	for (size_t i = 0; i < h->len; i++)
		if (h->incidents[i] == incident)
			return true;
	return h->all;
}

static void rank_all(struct suspects *s, const struct heard *heard)
{
	ARENA(a);
	struct err e = { 0 };
	struct open_incidents open = { 0 };
	s->again_ms = heard->all ? 0 : s->again_ms;
	if (view_open(s->reader, &a, &open, &e) != 0 || (open.len && learn(s, &e) != 0))
		log_trouble(s->engine->world, "suspects", &e);
	if (open.len)
		look_around(s);
	LIST_EACH (o, &open) {
		struct err own = { 0 };
		if (concerns(heard, o->id) && rank(s, o->id, &own) != 0 && own.code == ERR_STORE)
			log_trouble(s->engine->world, "suspects", &own);
	}
}

static void *run(void *arg)
{
	struct suspects *s = arg;
	struct heard heard;
	while (await(s, &heard)) {
		rank_all(s, &heard);
		s->ran_ms = mono_ms();
	}
	return NULL;
}

int suspects_new(struct engine *en, struct store *store, struct suspects **out, struct err *e)
{
	struct suspects *s = heap_new(sizeof(*s));
	pthread_condattr_t monotonic;
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&s->wake, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	(void)pthread_mutex_init(&s->lock, NULL);
	s->engine = en;
	s->heard_all = true; /* what moved while we were away */
	s->heard_at_ms = mono_ms();
	*out = s;
	return store_reader(store, &s->reader, e);
}

int suspects_start(struct suspects *s, struct err *e)
{
	s->is_running = pthread_create(&s->thread, NULL, run, s) == 0;
	return s->is_running
		       ? 0
		       : err_fail(e, ERR_FAILED, "The thread that ranks changes did not start.");
}

void suspects_stop(struct suspects *s)
{
	if (!s || !s->is_running)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->is_stopping = true;
	(void)pthread_cond_signal(&s->wake);
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_join(s->thread, NULL);
	s->is_running = false;
}

void suspects_free(struct suspects **sp)
{
	struct suspects *s = *sp;
	if (!s)
		return;
	db_close(&s->reader);
	arena_clear(&s->past_arena);
	arena_clear(&s->near_arena);
	(void)pthread_cond_destroy(&s->wake);
	(void)pthread_mutex_destroy(&s->lock);
	heap_free(s);
	*sp = NULL;
}

/* What a change is called may have been redacted while it was ranked: that ranking comes too late, and another follows. */
static int refuse_if_renamed(struct batch *b, const struct ranked *r, struct err *e)
{
	struct change c;
	LIST_EACH (s, &r->suspects) {
		if (view_change(b->engine->db, s->change, b->arena, &c, e) != 0)
			return -1;
		if (!str_eq(c.title, s->title) || !str_eq(c.service, s->service))
			return err_refuse(e, ERR_CONFLICT,
					  "Change %lld is called otherwise by now.",
					  (long long)s->change);
	}
	return 0;
}

/* A cause that is named must be a change that there is; its title is what people read. */
int suspects_prepare(struct batch *b, struct event *ev, struct err *e)
{
	if (ev->type == &ranking_events[RANKING_RANKED])
		return refuse_if_renamed(b, ev->body, e);
	if (ev->type != &ranking_events[RANKING_CAUSE])
		return 0;
	struct change c;
	struct cause_named *body = (struct cause_named *)(uintptr_t)ev->body;
	if (!body->change)
		return 0;
	if (view_change(b->engine->db, body->change, b->arena, &c, e) != 0)
		return e->code == ERR_NOT_FOUND ? err_field(e, "cause", "There is no change %lld.",
							    (long long)body->change)
						: -1;
	body->title = c.title;
	return 0;
}
