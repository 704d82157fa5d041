/* SPDX-License-Identifier: Apache-2.0 */
/* stage: see stage.h. What `expect` reads: expect.c. */
#include "story/stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STORY_MAX_BYTES = 1 << 20 };

struct tally {
	const struct runner *runner;
	int ran, failed;
	bool tells;
};

/* A refusal that the next lines do not ask for is a failure of its own line. */
static bool is_refusal_awaited(const struct story *s, size_t i)
{
	for (i++; i < s->lines.len; i++) {
		if (s->lines.at[i].kind == STORY_REFUSED)
			return true;
		if (s->lines.at[i].kind != STORY_EXPECT)
			return false;
	}
	return false;
}

static int act(const struct stage *st, const struct story *s, size_t i, struct err *e)
{
	if (st->line(st->ctx, &s->lines.at[i], e))
		return -1;
	if (!st->refusal->code || is_refusal_awaited(s, i))
		return 0;
	*e = *st->refusal;
	return err_context(e, "refused (%s%s%s)", err_wire(e->code), e->guard[0] ? " " : "",
			   e->guard);
}

int stage_play(const struct stage *st, const struct story *s, int *number, struct err *e)
{
	struct scene scene = { 0 };
	bool is_seen = false;
	for (size_t i = 0; i < s->lines.len; i++) {
		const struct story_line *l = &s->lines.at[i];
		*number = l->number;
		if (l->kind != STORY_EXPECT && l->kind != STORY_REFUSED) {
			if (act(st, s, i, e))
				return -1;
			is_seen = false;
			continue;
		}
		if (!is_seen) {
			scene = (struct scene){ 0 };
			if (st->look(st->ctx, &scene, e))
				return -1;
			is_seen = true;
		}
		if (scene_check(&scene, l, st->arena, e))
			return -1;
	}
	return 0;
}

static int read_file(const char *path, struct arena *a, struct str *out)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return -1;
	char *bytes = arena_alloc(a, STORY_MAX_BYTES);
	size_t n = fread(bytes, 1, STORY_MAX_BYTES, f);
	bool whole = n < STORY_MAX_BYTES && !ferror(f);
	(void)fclose(f);
	*out = (struct str){ bytes, n };
	return whole ? 0 : -1;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void run_file(const char *path, struct tally *t)
{
	ARENA(a);
	struct str text;
	struct story story;
	struct err e = { 0 };
	int number = 0;
	const char *name = base_name(path), *prefix = t->runner->prefix;
	t->ran++;
	if (read_file(path, &a, &text)) {
		t->failed++;
		printf("not ok %s%s line 0: it cannot be read\n", prefix, name);
	} else if (story_parse(str_of(name), text, &a, &story, &e)) {
		t->failed++;
		printf("not ok %s%s %s\n", prefix, name, e.text);
	} else if (t->runner->play(&story, &a, t->tells, &number, &e)) {
		t->failed++;
		printf("not ok %s%s line %d: %s\n", prefix, name, number, e.text);
	} else {
		printf("ok %s%s\n", prefix, name);
	}
	(void)fflush(stdout);
}

static int is_story(const struct dirent *d)
{
	return str_ends(str_of(d->d_name), STR(".story"));
}

static void run_path(const char *path, struct tally *t)
{
	struct stat st;
	struct dirent **names;
	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		run_file(path, t);
		return;
	}
	int n = scandir(path, &names, is_story, alphasort);
	for (int i = 0; i < n; i++) {
		ARENA(a);
		run_file(str_fmt(&a, "%s/%s", path, names[i]->d_name).at, t);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

int stage_main(const struct runner *runner, int argc, char **argv)
{
	struct tally t = { .runner = runner };
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			t.tells = true;
		else
			run_path(argv[i], &t);
	}
	if (!t.ran)
		(void)fprintf(stderr, "%s\n", runner->usage);
	else
		printf("1..%d, %d failed\n", t.ran, t.failed);
	return t.failed || !t.ran;
}
