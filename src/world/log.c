/* SPDX-License-Identifier: Apache-2.0 */
/* log: see log.h. */
#include "world/log.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { TROUBLES = 32, TROUBLE_EVERY_MS = 60 * 1000 };

struct trouble {
	const char *doing; /* NULL = free */
	char text[sizeof(((struct err *)0)->text)];
	int64_t said_ms, left_out;
};

struct log {
	int fd;
	_Atomic int least, format;
	pthread_mutex_t lock; /* guards troubles, and keeps lines whole */
	struct trouble troubles[TROUBLES];
};

struct log *log_new(int fd, enum say_level least, enum say_format format)
{
	struct log *l = heap_new(sizeof(*l));
	l->fd = fd;
	(void)pthread_mutex_init(&l->lock, NULL);
	log_set(l, least, format);
	return l;
}

void log_free(struct log **lp)
{
	if (!*lp)
		return;
	(void)pthread_mutex_destroy(&(*lp)->lock);
	heap_free(*lp);
	*lp = NULL;
}

void log_set(struct log *l, enum say_level least, enum say_format format)
{
	atomic_store(&l->least, (int)least);
	atomic_store(&l->format, (int)format);
}

bool log_wants(const struct world *w, enum say_level level)
{
	return w->log && (int)level >= atomic_load(&w->log->least);
}

void log_say(const struct world *w, enum say_level level, const char *msg,
	     const struct say_pair *pairs)
{
	if (!log_wants(w, level))
		return;
	ARENA(a);
	struct buf b = BUF(&a);
	struct say_line line = {
		.at_ms = w->now_ms(w), .level = level, .msg = str_of(msg), .pairs = pairs
	};
	say_add(&line, (enum say_format)atomic_load(&w->log->format), &b);
	(void)pthread_mutex_lock(&w->log->lock);
	/* nowhere to complain that the log cannot be written */
	if (write(w->log->fd, b.at, b.len) < 0)
		b.len = 0;
	(void)pthread_mutex_unlock(&w->log->lock);
}

/* The slot of this work; the one that was quiet longest where all are taken. */
static struct trouble *trouble_of(struct log *l, const char *doing)
{
	struct trouble *oldest = l->troubles;
	for (struct trouble *t = l->troubles; t < l->troubles + TROUBLES; t++) {
		if (t->doing && strcmp(t->doing, doing) == 0)
			return t;
		if (!t->doing || (oldest->doing && t->said_ms < oldest->said_ms))
			oldest = t;
	}
	*oldest = (struct trouble){ .doing = doing };
	return oldest;
}

/* -1: not now; else how many times it was not said. */
static int64_t may_say(struct log *l, const char *doing, const struct err *e, int64_t mono_ms)
{
	int64_t left_out = -1;
	(void)pthread_mutex_lock(&l->lock);
	struct trouble *t = trouble_of(l, doing);
	bool is_new = !t->said_ms || strcmp(t->text, e->text) != 0;
	if (is_new || mono_ms - t->said_ms >= TROUBLE_EVERY_MS) {
		left_out = t->left_out;
		t->left_out = 0;
		t->said_ms = mono_ms ? mono_ms : 1;
		memcpy(t->text, e->text, sizeof(t->text));
	} else {
		t->left_out++;
	}
	(void)pthread_mutex_unlock(&l->lock);
	return left_out;
}

void log_trouble(const struct world *w, const char *doing, const struct err *e)
{
	if (!log_wants(w, SAY_ERROR))
		return;
	int64_t left_out = may_say(w->log, doing, e, w->mono_ms(w));
	if (left_out < 0)
		return;
	const char *why = e->text[0] ? e->text : err_sentence(e->code);
	log_say(w, SAY_ERROR, why,
		(struct say_pair[]){
			SAY_TEXT("doing", str_of(doing)), SAY_TEXT("next", str_of(e->next)),
			left_out > 0 ? SAY_NUMBER("left_out", left_out) : SAY_END, SAY_END });
}
