/* SPDX-License-Identifier: Apache-2.0 */
/* run: plays stories against the pure core; with -v it also tells each story's timeline. The same
 * over HTTP and on SQLite: over_http.c. */
#include <stdio.h>

#include "base/when.h"
#include "story/play.h"

static void tell(const struct play *p)
{
	for (size_t i = 0; i < p->streams.len; i++) {
		if (p->streams.at[i].events.len)
			printf("# %s\n", i ? str_fmt(p->arena, "INC-%zu", i).at : "desk");
		LIST_EACH (ev, &p->streams.at[i].events) {
			struct buf b = BUF(p->arena);
			when_clock(&b, ev->recorded_ms, 0);
			buf_c(&b, ' ');
			buf_add(&b, play_tell(p, ev));
			printf("#   " STR_FMT "\n", STR_ARG(buf_str(&b)));
		}
	}
}

static int play(const struct story *story, struct arena *a, bool tells, int *number, struct err *e)
{
	struct play p = { 0 };
	play_open(&p, story, a);
	struct stage stage = play_stage(&p);
	int result = stage_play(&stage, story, number, e);
	if (tells)
		tell(&p);
	return result;
}

int main(int argc, char **argv)
{
	static const struct runner pure = {
		"story [-v] FILE|FOLDER...: plays stories against the core", "", play
	};
	return stage_main(&pure, argc, argv);
}
