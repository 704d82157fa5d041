/* SPDX-License-Identifier: Apache-2.0 */
/* real: the machine itself behind world.h. Files are in file.c. */
#include "world/world.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ms(clockid_t id)
{
	struct timespec t;
	(void)clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_now_ms(__attribute__((unused)) const struct world *w)
{
	return clock_ms(CLOCK_REALTIME);
}

static int64_t real_mono_ms(__attribute__((unused)) const struct world *w)
{
	return clock_ms(CLOCK_MONOTONIC);
}

static void real_random(__attribute__((unused)) const struct world *w, void *to, size_t bytes)
{
	randombytes_buf(to, bytes);
}

void world_real(struct world *w)
{
	if (sodium_init() < 0)
		abort(); /* no random, no tokens: better not to start */
	*w = (struct world){ .now_ms = real_now_ms,
			     .mono_ms = real_mono_ms,
			     .random = real_random,
			     .crash_at = getenv("APLOMB_CRASH_AT") };
}

void world_give_up(const char *sentence)
{
	(void)fprintf(stderr, "aplomb: %s\n", sentence);
	_exit(1);
}

void crash_point(const struct world *w, const char *name)
{
	if (w->crash_at && strcmp(w->crash_at, name) == 0)
		(void)kill(getpid(), SIGKILL);
}
