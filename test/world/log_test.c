/* SPDX-License-Identifier: Apache-2.0 */
/* log: levels, and trouble that is said once a minute. */
#include "world/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

struct stage {
	struct world world;
	int read_fd, write_fd;
	char got[8192];
};

static int64_t mono_now; /* ms: a test may turn the clock */
static int64_t mono(__attribute__((unused)) const struct world *w)
{
	return mono_now;
}

static void set_stage(struct stage *s, enum say_level least)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	world_real(&s->world);
	s->world.mono_ms = mono;
	mono_now = 1000;
	s->read_fd = fds[0];
	s->write_fd = fds[1];
	s->world.log = log_new(fds[1], least, SAY_LOGFMT);
}

/* What was said so far; no more can be. */
static const char *said(struct stage *s)
{
	(void)close(s->write_fd);
	ssize_t n = read(s->read_fd, s->got, sizeof(s->got) - 1);
	assert_true(n >= 0);
	s->got[n] = '\0';
	(void)close(s->read_fd);
	log_free(&s->world.log);
	return s->got;
}

static int lines(const char *text)
{
	int n = 0;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

TEST(a_world_without_a_log_is_silent)
{
	struct world w;
	struct err e = { .text = "x" };
	world_real(&w);
	assert_false(log_wants(&w, SAY_ERROR));
	log_say(&w, SAY_ERROR, "x", NULL);
	log_trouble(&w, "x", &e);
}

TEST(the_level_holds_until_it_is_set)
{
	struct stage s;
	set_stage(&s, SAY_WARN);
	log_say(&s.world, SAY_INFO, "no", NULL);
	log_say(&s.world, SAY_WARN, "one", NULL);
	log_set(s.world.log, SAY_DEBUG, SAY_JSON);
	log_say(&s.world, SAY_DEBUG, "two", NULL);
	const char *text = said(&s);
	assert_int_equal(lines(text), 2);
	assert_non_null(strstr(text, "level=warn msg=one\n{\"ts\""));
	assert_non_null(strstr(text, "\"level\":\"debug\",\"msg\":\"two\"}\n"));
}

TEST(the_same_trouble_is_said_once_a_minute)
{
	struct stage s;
	struct err full = { .code = ERR_STORE, .text = "disk full" },
		   other = { .text = "io error" };
	set_stage(&s, SAY_INFO);
	for (int i = 0; i < 100; i++)
		log_trouble(&s.world, "commit", &full);
	log_trouble(&s.world, "sweep", &full);	 /* other work */
	log_trouble(&s.world, "commit", &other); /* another reason */
	mono_now += 60 * 1000;
	log_trouble(&s.world, "commit", &other);
	for (int i = 0; i < 5; i++)
		log_trouble(&s.world, "commit", &other);
	mono_now += 60 * 1000;
	log_trouble(&s.world, "commit", &other);
	const char *text = said(&s);
	assert_int_equal(lines(text), 5);
	assert_non_null(strstr(text, "msg=\"disk full\" doing=commit\n"));
	assert_non_null(strstr(text, "msg=\"io error\" doing=commit left_out=99\n"));
	assert_non_null(strstr(text, "msg=\"io error\" doing=commit left_out=5\n"));
}

TEST(an_error_without_a_text_has_its_sentence)
{
	struct stage s;
	struct err e = { .code = ERR_STORE };
	set_stage(&s, SAY_INFO);
	log_trouble(&s.world, "commit", &e);
	assert_non_null(strstr(said(&s), "The disk does not take writes."));
}

TESTS(T(a_world_without_a_log_is_silent), T(the_level_holds_until_it_is_set),
      T(the_same_trouble_is_said_once_a_minute), T(an_error_without_a_text_has_its_sentence))
