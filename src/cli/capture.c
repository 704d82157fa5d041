/* SPDX-License-Identifier: Apache-2.0 */
/* capture: runs a command without a shell, shows what it prints and keeps it as evidence. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/attach.h"
#include "cli/clean.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "core/core.h"

enum { CHUNK_BYTES = 16 << 10, TEXT_BYTES = 60000, TITLE_BYTES = 200, NOT_STARTED = 127 };

/* In the child: never returns. */
static _Noreturn void become(char **argv, int out)
{
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGPIPE, SIG_DFL);
	if (dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
		(void)execvp(argv[0], argv);
	(void)fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	(void)fflush(stderr);
	_exit(NOT_STARTED);
}

static void show_and_keep(int in, struct buf *kept)
{
	char chunk[CHUNK_BYTES];
	for (;;) {
		ssize_t n = read(in, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		(void)fwrite(chunk, 1, (size_t)n, stdout);
		(void)fflush(stdout);
		buf_add(kept, (struct str){ chunk, (size_t)n });
	}
}

static int run_child(char **argv, struct buf *kept, int *status, struct err *e)
{
	int ends[2];
	if (pipe(ends) != 0)
		return err_fail(e, ERR_FAILED, "cannot make a pipe: %s", strerror(errno));
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		become(argv, ends[1]);
	}
	(void)close(ends[1]);
	if (child < 0) {
		(void)close(ends[0]);
		return err_fail(e, ERR_FAILED, "cannot start a process: %s", strerror(errno));
	}
	void (*before)(int) = signal(SIGINT, SIG_IGN); /* ^C ends the command; its output is kept */
	show_and_keep(ends[0], kept);
	(void)close(ends[0]);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	(void)signal(SIGINT, before == SIG_ERR ? SIG_DFL : before);
	return 0;
}

static struct str title_of(struct caller *c, const struct strs *words, int status)
{
	struct str line = clean_line(c->arena, strs_join(c->arena, words, " ")), end = { 0 };
	if (WIFSIGNALED(status))
		end = str_fmt(c->arena, " (signal %d)", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		end = str_fmt(c->arena, " (exit %d)", WEXITSTATUS(status));
	return str_fmt(c->arena, STR_FMT STR_FMT, STR_ARG(str_clip(line, TITLE_BYTES - end.len)),
		       STR_ARG(end));
}

/* Short output is text in the record, long output a file beside it. */
static int keep_output(struct caller *c, struct words_command *cmd, struct str bytes, struct err *e)
{
	struct str text = clean(c->arena, bytes), blob;
	if (!str_trim(text).len)
		return attach_set(c, cmd, "text", STR("(no output)"), e);
	if (text.len <= TEXT_BYTES)
		return attach_set(c, cmd, "text", text, e);
	return attach_upload(c, bytes, &blob, e) || attach_set(c, cmd, "blob", blob, e) ? -1 : 0;
}

int run_capture(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct buf kept = { .arena = c->arena, .max = FILES_MAX_BYTES };
	struct words_command cmd = { .verb = verb_find(STR("evidence"), STR("add")) };
	char **argv = ARENA_ARRAY(c->arena, char *, words->len + 1);
	int status = 0;
	if (!words->len || !cmd.verb) {
		err_refuse(&e, ERR_USAGE, "Say which command to run: aplomb capture -- COMMAND...");
		return caller_complain(c, &e);
	}
	/* before it runs: what can be seen only once is not to be refused afterwards */
	if (caller_incident(c, &c->args.incident, &e))
		return caller_complain(c, &e);
	for (size_t i = 0; i < words->len; i++) {
		argv[i] = arena_alloc(c->arena, words->at[i].len + 1);
		if (words->at[i].len)
			memcpy(argv[i], words->at[i].at, words->at[i].len);
	}
	if (run_child(argv, &kept, &status, &e))
		return caller_complain(c, &e);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED) {
		err_refuse(&e, ERR_USAGE,
			   "The command was not found or not started; nothing was kept.");
		return caller_complain(c, &e);
	}
	cmd.fields = arena_alloc(c->arena, cmd.verb->size);
	if (attach_set(c, &cmd, "title", title_of(c, words, status), &e) ||
	    attach_set(c, &cmd, "kind", STR("output"), &e) ||
	    keep_output(c, &cmd, buf_str(&kept), &e))
		return caller_complain(c, &e);
	if (kept.too_big)
		caller_warn(c, STR("The output was longer than 64 MiB; its beginning is kept."));
	return act_send(c, &cmd);
}
