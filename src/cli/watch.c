/* SPDX-License-Identifier: Apache-2.0 */
/* watch: what happens, as it happens; a broken stream is taken up again where it broke. */
#include <stdio.h>
#include <time.h>

#include "base/when.h"
#include "cli/commands.h"
#include "cli/known.h"
#include "cli/pick.h"

enum { FIRST_WAIT_S = 1, LONGEST_WAIT_S = 15, ID_BYTES = 32 };

struct watching {
	struct caller *c;
	struct arena scratch; /* of one message */
	struct buf data;
	char id[ID_BYTES]; /* of the last message, for Last-Event-ID */
	bool is_event, is_alive;
	bool is_unread; /* nobody takes our output any more */
};

static void print_event(struct watching *w)
{
	struct json *j = NULL;
	struct err ignored = { 0 };
	struct buf line = BUF(&w->scratch);
	if (w->c->args.json && !w->c->args.json_fields.len) {
		buf_add(&line, buf_str(&w->data));
	} else if (json_parse(&w->scratch, buf_str(&w->data), &j, &ignored) != 0) {
		return;
	} else if (w->c->args.json) {
		pick_fields(&w->scratch, j, w->c->args.json_fields, &line);
	} else {
		if (w->c->screen.has_tables)
			when_clock(&line, pick_when(j, "at"), 0);
		else
			when_rfc3339(&line, pick_when(j, "at"));
		buf_fmt(&line, "%s" STR_FMT, w->c->screen.has_tables ? "  " : "\t",
			STR_ARG(json_text(json_get(j, "said"))));
	}
	buf_c(&line, '\n');
	if (w->c->args.json)
		caller_put(w->c, buf_str(&line));
	else
		caller_say(w->c, buf_str(&line));
	w->is_unread = fflush(stdout) != 0 || ferror(stdout);
}

static void end_message(struct watching *w)
{
	if (w->is_event && w->data.len)
		print_event(w);
	arena_clear(&w->scratch);
	w->data = BUF(&w->scratch);
	w->is_event = true;
}

static bool on_line(void *ctx, struct str line)
{
	struct watching *w = ctx;
	struct str name, value = line;
	w->is_alive = true;
	w->c->is_answered = true;
	if (!line.len) {
		end_message(w);
		return !w->is_unread;
	}
	(void)str_cut(&value, ':', &name);
	if (str_starts(value, STR(" ")))
		value = str_sub(value, 1, value.len);
	if (str_is(name, "id") && value.len < ID_BYTES)
		(void)snprintf(w->id, sizeof(w->id), STR_FMT, STR_ARG(value));
	else if (str_is(name, "event"))
		w->is_event = str_is(value, "event");
	else if (str_is(name, "data")) {
		buf_z(&w->data, w->data.len ? "\n" : "");
		buf_add(&w->data, value);
	}
	return true;
}

static void wait_s(int seconds)
{
	const struct timespec t = { .tv_sec = seconds };
	(void)nanosleep(&t, NULL);
}

/* One stream until it ends or breaks. Returns an exit code for what another try will not mend, else -1. */
static int follow(struct watching *w, struct str path)
{
	ARENA(reply_arena);
	struct err e = { 0 };
	struct client_reply reply = { 0 };
	const struct sending s = { .method = "GET", .path = path };
	const struct client_ask ask = caller_ask(w->c, &s);
	const struct client_stream stream = {
		.last_event_id = str_of(w->id), .line = on_line, .ctx = w, .arena = &reply_arena
	};
	w->data = BUF(&w->scratch);
	w->is_event = true;
	int got = client_stream(w->c->client, &ask, &stream, &reply, &e);
	arena_clear(&w->scratch);
	if (w->is_unread)
		return 0; /* why the output was lost, the end of every command tells */
	if (got && e.code != ERR_UNREACHABLE)
		return caller_complain(w->c, &e);
	if (!got && reply.status != 200 && reply.status < 500 && reply.status != 429) {
		(void)caller_problem(&reply_arena, reply.status, reply.body, &e);
		return caller_complain(w->c, &e);
	}
	if (got && !w->is_alive && !w->id[0]) /* it never began */
		return caller_complain(w->c, &e);
	return -1;
}

int run_watch(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	int64_t n = 0;
	int wait = FIRST_WAIT_S, code;
	struct watching w = { .c = c };
	if (words->len && !args_incident(words->at[0], &c->args.incident))
		err_refuse(&e, ERR_USAGE, "'" STR_FMT "' is not the number of an incident.",
			   STR_ARG(str_clip(words->at[0], 60)));
	if (e.code || known_in_stream(c, &e) || caller_incident(c, &n, &e))
		return caller_complain(c, &e);
	struct str path = str_fmt(c->arena, "/events?incident=%lld", (long long)n);
	if (c->screen.is_terminal && !c->args.quiet)
		caller_warn(c, str_fmt(c->arena, "Watching INC-%lld; times are UTC; ^C ends it.",
				       (long long)n));
	while ((code = follow(&w, path)) < 0) {
		if (w.is_alive)
			wait = FIRST_WAIT_S;
		else if (wait < LONGEST_WAIT_S)
			wait = wait * 2 < LONGEST_WAIT_S ? wait * 2 : LONGEST_WAIT_S;
		w.is_alive = false;
		if (!c->args.quiet)
			caller_warn(c,
				    str_fmt(c->arena, "The stream broke off; trying again in %d s.",
					    wait));
		wait_s(wait);
	}
	return code;
}
