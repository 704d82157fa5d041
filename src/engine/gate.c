/* SPDX-License-Identifier: Apache-2.0 */
/* gate: see gate.h. */
#include "engine/gate.h"

#include <errno.h>
#include <time.h>

#include "base/json.h"
#include "engine/inside.h"
#include "world/log.h"

enum { COMMENT_BYTES = 1024 }; /* the longest that GitHub takes with an answer */

/* Lives until both have let go of it: the asker, who may not want to wait any longer, and the writer. */
struct gate_job {
	struct job job;
	struct arena arena;
	struct gate_question question;
	struct gate_answer answer;
	struct err err;
	atomic_bool one_left;
};

/* A question on its way through the incidents. */
struct asking {
	struct batch *batch;
	const struct gate_question *question;
	struct gate_answer *answer;
	struct arena *arena; /* the answer's */
};

/* One incident: what it answers, and its event. */
static int ask_one(const struct asking *x, int64_t incident, struct err *e)
{
	struct batch *b = x->batch;
	const struct gate_question *q = x->question;
	struct gate_look look = { .roster = atomic_load(&b->engine->roster),
				  .now_ms = b->now_ms,
				  .arena = x->arena };
	struct command c = { .verb = verb_find_internal(STR("freeze"), STR("ask")),
			     .stream = incident,
			     .actor = q->actor,
			     .is_sender = q->is_sender,
			     .fields = &q->ask };
	struct outcome told = { 0 };
	struct gate_stop stop;
	struct err untold = { 0 };
	int64_t pos = b->engine->head.pos;
	void *state;
	if (cache_get(&b->engine->cache, b->engine->db, incident, &state, e) != 0)
		return -1;
	look.incident = state;
	if (!gate_ask_incident(&look, &q->ask, &stop))
		return 0;
	*LIST_ADD(x->arena, &x->answer->stops) = stop;
	/* an answer that cannot be told is given all the same */
	if (execute_command(b, &c, b->arena, &told, &untold) != 0) {
		log_trouble(b->engine->world, "telling what the gate answered", &untold);
		if (b->is_broken)
			*e = untold;
		return b->is_broken ? -1 : 0;
	}
	if (b->engine->head.pos > pos)
		x->answer->recorded = b->engine->head.pos;
	return 0;
}

int gate_decide(struct batch *b, const struct gate_question *given, struct arena *a,
		struct gate_answer *out, struct err *e)
{
	struct gate_question q = *given;
	const struct asking x = { b, &q, out, a };
	struct frozen_incidents frozen = { 0 };
	*out = (struct gate_answer){ 0 };
	if (q.ask.passed.ms > b->now_ms)
		q.ask.passed.ms = b->now_ms;
	if (view_frozen(b->engine->db, q.ask.passed.ms, b->arena, &frozen, e) != 0)
		return -1;
	LIST_EACH (incident, &frozen)
		if (ask_one(&x, *incident, e) != 0)
			return -1;
	gate_conclude(&q.ask, b->now_ms, a, out);
	return 0;
}

struct str gate_comment(const struct gate_answer *answer, struct arena *a)
{
	struct str text = answer->said;
	if (!answer->is_open)
		text = str_fmt(a,
			       STR_FMT
			       " Run this job again when the freeze is lifted; the incident "
			       "says what goes on. A rollback always passes: deploy a ref "
			       "whose name says rollback.",
			       STR_ARG(answer->said));
	return str_clip(text, COMMENT_BYTES);
}

int gate_take_call(struct batch *b, const struct delivery *d, struct err *e)
{
	const struct gate_call *call = d->result.gate;
	struct gate_question q;
	struct gate_answer answer;
	struct err undecided = { 0 };
	bool is_known = false;
	if (!call)
		return 0;
	if (gate_callback_known(b->engine->db, call->key, &is_known, e) != 0)
		return -1;
	if (is_known)
		return 0;
	struct buf asked = BUF(b->arena);
	fields_to_json(gate_ask_fields, &call->ask, &asked);
	q = (struct gate_question){ call->ask, d->acked_by, true };
	if (gate_decide(b, &q, b->arena, &answer, &undecided) != 0) {
		/* an incident that cannot be read must not stop what others send */
		log_trouble(b->engine->world, "asking the gate", &undecided);
		if (undecided.code == ERR_STORE)
			*e = undecided;
		return undecided.code == ERR_STORE ? -1 : 0;
	}
	const struct gate_callback row = {
		.key = call->key,
		.url = call->callback,
		.environment = call->environment,
		.what = call->ask.what,
		.ask = buf_str(&asked),
		.approves = answer.is_open,
		.comment = gate_comment(&answer, b->arena),
		.incident = answer.stops.len ? answer.stops.at[0].incident : 0,
		.asked.ms = b->now_ms,
		.due.ms = b->now_ms,
	};
	return gate_callback_add(b->engine->db, &row, e);
}

void gate_run_job(struct batch *b, struct job *j)
{
	struct gate_job *g = j->ctx;
	j->result = gate_decide(b, &g->question, &g->arena, &g->answer, &g->err);
	if (j->result != 0 && g->err.code == ERR_STORE)
		b->is_broken = true;
}

static void let_go(struct gate_job *g)
{
	if (!atomic_exchange(&g->one_left, true))
		return;
	(void)sem_destroy(&g->job.done);
	arena_clear(&g->arena);
	heap_free(g);
}

void gate_done(struct job *j, const struct err *failed)
{
	struct gate_job *g = j->ctx;
	if (failed) {
		g->err = *failed;
		j->result = -1;
	}
	(void)sem_post(&j->done);
	let_go(g);
}

static struct gate_job *gate_job_new(const struct gate_question *q)
{
	struct gate_job *g = heap_new(sizeof(*g));
	g->job = (struct job){ .kind = JOB_GATE, .ctx = g, .err = &g->err };
	fields_copy(gate_ask_fields, &g->question.ask, &q->ask, sizeof(q->ask), &g->arena);
	g->question.actor = str_copy(&g->arena, q->actor);
	g->question.is_sender = q->is_sender;
	(void)sem_init(&g->job.done, 0, 0);
	return g;
}

static bool is_done_in_time(struct job *j)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += GATE_WAIT_MS / 1000;
	for (;;) {
		if (sem_clockwait(&j->done, CLOCK_MONOTONIC, &until) == 0)
			return true;
		if (errno != EINTR)
			return false;
	}
}

static void copy_answer(const struct gate_answer *from, struct arena *a, struct gate_answer *to)
{
	*to = (struct gate_answer){ .is_open = from->is_open,
				    .said = str_copy(a, from->said),
				    .next = str_copy(a, from->next),
				    .recorded = from->recorded };
	LIST_EACH (s, &from->stops)
		fields_copy(gate_stop_fields, LIST_ADD(a, &to->stops), s, sizeof(*s), a);
}

int engine_gate(struct engine *en, const struct gate_question *q, struct arena *a,
		struct gate_answer *out, struct err *e)
{
	*out = (struct gate_answer){ 0 };
	if (writer_is_full(en))
		return err_fail(e, ERR_BUSY, "%s", err_sentence(ERR_BUSY));
	struct gate_job *g = gate_job_new(q);
	writer_put(en, &g->job);
	int result = -1;
	if (!is_done_in_time(&g->job)) {
		err_fail(e, ERR_STORE, "The disk does not answer.");
	} else if (g->job.result == 0) {
		copy_answer(&g->answer, a, out);
		result = 0;
	} else {
		*e = g->err;
	}
	let_go(g);
	return result;
}

int engine_gate_look(const struct gate_reader *r, const struct gate_ask *ask,
		     struct gate_answer *out, struct err *e)
{
	struct frozen_incidents frozen = { 0 };
	struct gate_look look = { .roster = atomic_load(&r->engine->roster),
				  .now_ms = r->now_ms,
				  .arena = r->arena };
	*out = (struct gate_answer){ 0 };
	if (view_frozen(r->db, ask->passed.ms, r->arena, &frozen, e) != 0)
		return -1;
	LIST_EACH (incident, &frozen) {
		struct folded f;
		struct gate_stop stop;
		if (engine_fold(r->db, *incident, r->arena, &f, e) != 0)
			return -1;
		look.incident = f.incident;
		if (gate_ask_incident(&look, ask, &stop))
			*LIST_ADD(r->arena, &out->stops) = stop;
	}
	gate_conclude(ask, r->now_ms, r->arena, out);
	return 0;
}

int engine_gate_lost(struct engine *en, const struct gate_callback *row, struct err *e)
{
	ARENA(a);
	struct outcome out;
	const struct gate_lost lost = { row->what, row->environment, row->trouble };
	const struct command c = { .verb = verb_find_internal(STR("freeze"), STR("lose")),
				   .stream = row->incident,
				   .fields = &lost };
	return engine_run(en, &c, &a, &out, e);
}
