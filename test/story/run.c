/* SPDX-License-Identifier: Apache-2.0 */
/* run: plays stories against the pure core. `run FILE|FOLDER...` prints "ok NAME" or "not ok NAME line N: why"
 * for each and exits 1 when one fails; with -v it also tells each story's timeline. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/when.h"
#include "story/play.h"

enum { STORY_MAX_BYTES = 1 << 20 };

struct tally {
	int ran, failed;
	bool tells;
};

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

static void tell(const struct play *p)
{
	for (size_t i = 0; i < p->streams.len; i++) {
		if (p->streams.at[i].events.len)
			printf("# %s\n",
			       i ? str_z(p->arena, str_fmt(p->arena, "INC-%zu", i)) : "desk");
		LIST_EACH(ev, &p->streams.at[i].events)
		{
			struct buf b = BUF(p->arena);
			when_clock(&b, ev->recorded_ms, 0);
			buf_c(&b, ' ');
			buf_add(&b, play_tell(p, ev));
			printf("#   " STR_FMT "\n", STR_ARG(buf_str(&b)));
		}
	}
}

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

static int play(struct play *p, const struct story *s, int *number, struct err *e)
{
	for (size_t i = 0; i < s->lines.len; i++) {
		const struct story_line *l = &s->lines.at[i];
		bool checks = l->kind == STORY_EXPECT || l->kind == STORY_REFUSED;
		*number = l->number;
		if (checks ? play_check(p, l, e) : play_line(p, l, e))
			return -1;
		if (!checks && p->refusal.code && !is_refusal_awaited(s, i)) {
			*e = p->refusal;
			return err_context(e, "refused (%s%s%s)", err_wire(e->code),
					   e->guard[0] ? " " : "", e->guard);
		}
	}
	return 0;
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
	struct play p = { 0 };
	struct err e = { 0 };
	int number = 0;
	const char *name = base_name(path);
	t->ran++;
	if (read_file(path, &a, &text)) {
		t->failed++;
		printf("not ok %s line 0: it cannot be read\n", name);
		return;
	}
	if (story_parse(str_of(name), text, &a, &story, &e)) {
		t->failed++;
		printf("not ok %s %s\n", name, e.text);
		return;
	}
	play_open(&p, &story, &a);
	if (play(&p, &story, &number, &e)) {
		t->failed++;
		printf("not ok %s line %d: %s\n", name, number, e.text);
	} else {
		printf("ok %s\n", name);
	}
	if (t->tells)
		tell(&p);
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
		run_file(str_z(&a, str_fmt(&a, "%s/%s", path, names[i]->d_name)), t);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

int main(int argc, char **argv)
{
	struct tally t = { 0 };
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			t.tells = true;
		else
			run_path(argv[i], &t);
	}
	if (!t.ran)
		(void)fputs("run [-v] FILE|FOLDER...: plays stories against the core\n", stderr);
	else
		printf("1..%d, %d failed\n", t.ran, t.failed);
	return t.failed || !t.ran;
}
