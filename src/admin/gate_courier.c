/* SPDX-License-Identifier: Apache-2.0 */
/* gate_courier: see gate_courier.h. */
#include "admin/gate_courier.h"

#include <pthread.h>
#include <time.h>

#include "base/json.h"
#include "engine/gate.h"
#include "intake/github_gate.h"
#include "net/client.h"
#include "world/log.h"

enum {
	LOOK_EVERY_MS = 1000,
	TRY_MS = 10 * 1000,	  /* one request */
	FIRST_WAIT_MS = 5 * 1000, /* until the second try; each one doubles it */
	MOST_WAIT_MS = 15 * 60 * 1000,
	GIVE_UP_MS = 24 * 3600 * 1000, /* whoever still wants to deploy has run it again */
	STALE_MS = 30 * 1000,	       /* an approval that is older is asked again */
	TOKEN_BYTES = 4096,
};

struct gate_courier {
	struct gate_courier_config config;
	struct db *db;
	struct client *client;
	pthread_t thread;
	pthread_mutex_t lock; /* guards is_stopping */
	pthread_cond_t wake;
	bool is_stopping;
};

static int64_t now_of(const struct gate_courier *c)
{
	return c->config.world->now_ms(c->config.world);
}

static int64_t wait_after(int64_t tries)
{
	int64_t wait_ms = FIRST_WAIT_MS;
	for (int64_t i = 1; i < tries && wait_ms < MOST_WAIT_MS; i++)
		wait_ms *= 2;
	return wait_ms < MOST_WAIT_MS ? wait_ms : MOST_WAIT_MS;
}

static int write_begin(struct db *db, void *row, struct err *e)
{
	return gate_callback_begin(db, row, e);
}

static int write_end(struct db *db, void *row, struct err *e)
{
	return gate_callback_end(db, row, e);
}

static int read_token(const struct gate_courier *c, struct arena *a, struct str *token,
		      struct err *e)
{
	if (!c->config.token_file)
		return err_refuse(e, ERR_FAILED, "the setting github_token_file is missing");
	if (file_read(a, c->config.token_file, TOKEN_BYTES, token, e) != 0)
		return -1;
	*token = str_trim(*token);
	for (size_t i = 0; i < token->len; i++)
		if (token->at[i] <= ' ' || token->at[i] > '~')
			token->len = 0;
	return token->len ? 0
			  : err_refuse(e, ERR_FAILED,
				       "the file that github_token_file names has no token");
}

/* A freeze may have begun since it was approved. -1: nobody can say now. */
static int ask_again(const struct gate_courier *c, struct gate_callback *row, struct arena *a,
		     struct err *e)
{
	struct json *j;
	struct gate_question q = { .actor = STR("GitHub"), .is_sender = true };
	struct gate_answer answer;
	struct reading how = { .arena = a, .now_ms = now_of(c) };
	if (!row->approves || now_of(c) - row->asked.ms < STALE_MS)
		return 0;
	if (json_parse(a, row->ask, &j, e) != 0 ||
	    fields_from_json(gate_ask_fields, j, &q.ask, &how, e) != 0 ||
	    engine_gate(c->config.engine, &q, a, &answer, e) != 0)
		return -1;
	row->approves = answer.is_open;
	row->comment = gate_comment(&answer, a);
	if (!answer.is_open)
		row->incident = answer.stops.at[0].incident;
	return 0;
}

static int post(const struct gate_courier *c, const struct gate_callback *row, struct arena *a,
		struct client_reply *reply, struct err *e)
{
	struct str token;
	if (read_token(c, a, &token, e) != 0)
		return -1;
	const struct header headers[] = {
		{ STR("Authorization"), str_fmt(a, "Bearer " STR_FMT, STR_ARG(token)) },
		{ STR("Accept"), STR("application/vnd.github+json") },
		{ STR("Content-Type"), STR("application/json") },
		{ STR("X-GitHub-Api-Version"), STR("2022-11-28") },
	};
	const struct client_ask ask = { .method = "POST",
					.url = str_z(a, row->url),
					.headers = headers,
					.headers_len = sizeof(headers) / sizeof(headers[0]),
					.body = github_gate_answer(a, row->environment,
								   row->approves, row->comment),
					.timeout_ms = TRY_MS };
	return client_request(c->client, &ask, a, reply, e);
}

/* What GitHub says of it, in its words where it has some. */
static struct str trouble_of(const struct client_reply *reply, struct arena *a)
{
	struct json *j;
	struct err ignored = { 0 };
	struct str said = { NULL, 0 };
	if (json_parse_lax(a, reply->body, &j, &ignored) == 0)
		said = str_clip(json_text(json_get(j, "message")), 300);
	return str_fmt(a, "GitHub answered %d%s" STR_FMT, reply->status, said.len ? ": " : "",
		       STR_ARG(said));
}

/* Fills due, status and trouble. */
static void try_row(const struct gate_courier *c, struct gate_callback *row, struct arena *a)
{
	struct err e = { 0 };
	struct client_reply reply = { 0 };
	bool is_final = now_of(c) - row->asked.ms > GIVE_UP_MS;
	row->status = 0;
	row->trouble = (struct str){ NULL, 0 };
	if (!github_gate_is_callback(c->config.api, row->url)) {
		row->trouble = str_fmt(a, "its address is none of " STR_FMT,
				       STR_ARG(c->config.api));
		is_final = true;
	} else if (ask_again(c, row, a, &e) != 0 || post(c, row, a, &reply, &e) != 0) {
		row->trouble = str_copy(a, str_of(e.text));
	} else {
		row->status = reply.status;
		/* 422 to a second try: the first one got there, and we did not hear of it */
		bool is_heard = (reply.status >= 200 && reply.status <= 299) ||
				(reply.status == 422 && row->tries > 0);
		if (!is_heard)
			row->trouble = trouble_of(&reply, a);
		is_final = is_final || reply.status == 422; /* somebody decided it, or it is over */
	}
	bool is_over = !row->trouble.len || is_final;
	row->due.ms = is_over ? 0 : now_of(c) + wait_after(row->tries + 1);
}

static void tell(const struct gate_courier *c, const struct gate_callback *row)
{
	struct err e = { 0 };
	const struct say_pair pairs[] = { SAY_TEXT("change", row->what),
					  SAY_TEXT("environment", row->environment),
					  SAY_TEXT("answer", row->approves ? STR("approved")
									   : STR("rejected")),
					  SAY_NUMBER("tries", row->tries + 1),
					  SAY_TEXT("trouble", row->trouble),
					  SAY_END };
	if (!row->trouble.len) {
		log_say(c->config.world, SAY_INFO, "GitHub heard the gate's answer.", pairs);
		return;
	}
	log_say(c->config.world, SAY_WARN,
		row->due.ms ? "GitHub did not hear the gate's answer yet."
			    : "GitHub did not hear the gate's answer; it waits there.",
		pairs);
	if (!row->due.ms && row->incident && engine_gate_lost(c->config.engine, row, &e) != 0)
		log_trouble(c->config.world, "telling of a lost answer", &e);
}

/* 1: there may be more; 0: nothing is due, or it cannot be written down: then nothing is sent either. */
static int send_next(const struct gate_courier *c, struct err *e)
{
	ARENA(a);
	struct gate_callback row;
	if (gate_callback_next(c->db, now_of(c), &a, &row, e) != 0)
		return -1;
	if (!row.id)
		return 0;
	row.due.ms = now_of(c) + wait_after(row.tries + 1); /* should we die amid it */
	if (engine_note(c->config.engine, write_begin, &row, e) != 0)
		return -1;
	try_row(c, &row, &a);
	tell(c, &row);
	return engine_note(c->config.engine, write_end, &row, e) != 0 ? -1 : 1;
}

/* False: it is over. */
static bool rest(struct gate_courier *c)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LOOK_EVERY_MS / 1000;
	(void)pthread_mutex_lock(&c->lock);
	if (!c->is_stopping)
		(void)pthread_cond_timedwait(&c->wake, &c->lock, &until);
	bool goes_on = !c->is_stopping;
	(void)pthread_mutex_unlock(&c->lock);
	return goes_on;
}

static bool is_stopping(struct gate_courier *c)
{
	(void)pthread_mutex_lock(&c->lock);
	bool stops = c->is_stopping;
	(void)pthread_mutex_unlock(&c->lock);
	return stops;
}

static void *run(void *ctx)
{
	struct gate_courier *c = ctx;
	do {
		struct err e = { 0 };
		int more = 1;
		while (more > 0 && !is_stopping(c))
			more = send_next(c, &e);
		if (more < 0)
			log_trouble(c->config.world, "the gate's answers", &e);
	} while (rest(c));
	return NULL;
}

static void courier_free(struct gate_courier *c)
{
	client_free(&c->client);
	db_close(&c->db);
	(void)pthread_cond_destroy(&c->wake);
	(void)pthread_mutex_destroy(&c->lock);
	heap_free(c);
}

int gate_courier_start(const struct gate_courier_config *config, struct gate_courier **out,
		       struct err *e)
{
	const struct client_config cc = { .agent = "aplomb", .timeout_ms = TRY_MS };
	struct gate_courier *c = heap_new(sizeof(*c));
	pthread_condattr_t monotonic;
	c->config = *config;
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&c->wake, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
	if (store_reader(config->store, &c->db, e) != 0 || client_new(&cc, &c->client, e) != 0) {
		courier_free(c);
		return -1;
	}
	if (pthread_create(&c->thread, NULL, run, c) != 0) {
		courier_free(c);
		return err_fail(e, ERR_FAILED, "The gate's courier did not start.");
	}
	*out = c;
	return 0;
}

void gate_courier_stop(struct gate_courier **cp)
{
	struct gate_courier *c = *cp;
	if (!c)
		return;
	(void)pthread_mutex_lock(&c->lock);
	c->is_stopping = true;
	(void)pthread_cond_signal(&c->wake);
	(void)pthread_mutex_unlock(&c->lock);
	(void)pthread_join(c->thread, NULL);
	courier_free(c);
	*cp = NULL;
}
