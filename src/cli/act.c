/* SPDX-License-Identifier: Apache-2.0 */
/* act: a verb of the core, from words to what the server said. What is shown before it leaves the
 * company: preview.c. Files as evidence: attach.c. */
#include <stdio.h>

#include "cli/attach.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/known.h"
#include "cli/outbox.h"
#include "cli/pick.h"
#include "cli/preview.h"
#include "cli/prompt.h"
#include "core/core.h"

static bool is_verb(const struct verb *v, const char *noun, const char *name)
{
	return str_is(str_of(noun), v->noun) && str_is(str_of(name), v->name);
}

/* -f FILE: the first long text of the verb. */
static int read_long_text(struct caller *c, struct words_command *cmd, struct err *e)
{
	struct str text;
	const struct field *row = cmd->verb->fields;
	if (!c->args.file.len)
		return 0;
	while (row->name && (row->hidden || row->lines < 2 || row->kind != KIND_STR))
		row++;
	if (!row->name)
		return err_refuse(e, ERR_USAGE, "'%s %s' has no long text for -f to fill.",
				  cmd->verb->noun, cmd->verb->name);
	if (!field_is_empty(row, cmd->fields))
		return err_refuse(e, ERR_USAGE, "%s is given twice, as a word and by -f.",
				  row->name);
	if (files_read(c->arena, c->args.file, &text, e))
		return -1;
	if (!str_is_utf8(text))
		return err_refuse(e, ERR_USAGE, "What -f names is not text.");
	return field_parse(row, cmd->fields, str_trim(text), &c->reading, e);
}

static int find_path(struct caller *c, const struct verb *v, int64_t *incident, struct str *path,
		     struct err *e)
{
	*incident = 0;
	if (v->traits & MAKES_STREAM) {
		*path = verb_stream(v) == &incident_stream ? STR("/api/v1/incidents")
							   : STR("/api/v1/changes");
		return 0;
	}
	if (verb_stream(v) == &desk_stream) {
		*path = str_fmt(c->arena, "/api/v1/desk/%s/%s", v->noun, v->name);
		return 0;
	}
	if (caller_incident(c, incident, e))
		return -1;
	*path = str_fmt(c->arena, "/api/v1/incidents/%lld/%s/%s", (long long)*incident, v->noun,
			v->name);
	return 0;
}

static void print_outcome(struct caller *c, const struct verb *v, struct str body)
{
	struct json *j = NULL;
	struct err ignored = { 0 };
	struct buf b = BUF(c->arena);
	bool is_json = json_parse(c->arena, body, &j, &ignored) == 0;
	if (c->args.json) {
		if (c->args.json_fields.len && is_json)
			pick_fields(c->arena, j, c->args.json_fields, &b);
		else
			buf_add(&b, body);
		buf_c(&b, '\n');
		caller_put(c, buf_str(&b));
		return;
	}
	if (c->args.quiet || !is_json)
		return;
	struct str said = json_text(json_get(j, "said")),
		   next = pick_text(c->arena, j, "next.text");
	struct str why = pick_text(c->arena, j, "next.why"),
		   verb = pick_text(c->arena, j, "next.verb");
	if (v->traits & MAKES_STREAM && verb_stream(v) == &incident_stream)
		buf_fmt(&b, "INC-%lld: ", (long long)pick_int(j, "incident"));
	buf_add(&b, said.len ? said : STR("Done."));
	buf_c(&b, '\n');
	if (next.len)
		buf_fmt(&b, "Next: " STR_FMT "%s" STR_FMT "\n", STR_ARG(next), why.len ? " " : "",
			STR_ARG(why));
	if (next.len && verb.len)
		buf_fmt(&b, "      aplomb " STR_FMT "\n", STR_ARG(verb));
	caller_say(c, buf_str(&b));
}

static struct when *time_of(struct words_command *cmd, const char *name)
{
	const struct field *f = field_find(cmd->verb->fields, str_of(name));
	return (struct when *)(void *)((char *)cmd->fields + f->at);
}

/* A change is kept for later, with the time that it is now, and the script that deploys goes on: exit 0. */
static int keep_change(struct caller *c, struct words_command *cmd, struct waiting *w,
		       const struct err *e)
{
	struct err trouble = { 0 };
	struct buf body = BUF(c->arena), state = BUF(c->arena);
	field_print(field_find(cmd->verb->fields, STR("state")), cmd->fields, &state);
	struct when *at = time_of(cmd, str_is(buf_str(&state), "running") ? "began" : "ended");
	if (!at->ms)
		at->ms = c->reading.now_ms;
	fields_to_json(cmd->verb->fields, cmd->fields, &body);
	w->server = c->server;
	w->path = STR("/api/v1/changes");
	w->body = buf_str(&body);
	if (outbox_keep(c, w, &trouble))
		return caller_complain(c, &trouble);
	caller_warn(c, str_fmt(c->arena,
			       "%s The change is kept here and sent before the next one that gets "
			       "through.",
			       e->text));
	return 0;
}

/* A note is kept for later; returns the exit code, which is that of the failure all the same. */
static int keep_note(struct caller *c, struct words_command *cmd, struct waiting *w, struct err *e)
{
	struct err trouble = { 0 };
	struct buf body = BUF(c->arena);
	const struct field *at = field_find(cmd->verb->fields, STR("at"));
	if (at && at->kind == KIND_WHEN && field_is_empty(at, cmd->fields))
		*(struct when *)(void *)((char *)cmd->fields +
					 at->at) = (struct when){ c->reading.now_ms };
	fields_to_json(cmd->verb->fields, cmd->fields, &body);
	w->server = c->server;
	w->body = buf_str(&body);
	if (outbox_keep(c, w, &trouble)) {
		caller_complain(c, &trouble);
		return caller_complain(c, e);
	}
	(void)snprintf(e->next, sizeof(e->next),
		       "The note is kept here and sent by the next command that gets through.");
	return caller_complain(c, e);
}

/* What could not be sent: a note and a change wait, for the others the person decides again. */
static int unsent(struct caller *c, struct words_command *cmd, struct waiting *w, struct err *e)
{
	bool is_away = e->code == ERR_UNREACHABLE || e->code == ERR_BUSY || e->code == ERR_STORE;
	if (is_verb(cmd->verb, "change", "send") && is_away)
		return keep_change(c, cmd, w, e);
	if (is_verb(cmd->verb, "note", "add") && e->code == ERR_UNREACHABLE)
		return keep_note(c, cmd, w, e);
	return caller_complain(c, e);
}

int act_send(struct caller *c, struct words_command *cmd)
{
	struct err e = { 0 };
	struct waiting w = { .because = cmd->because };
	struct sending s = { .method = "POST", .because = cmd->because, .accept = cmd->accept };
	struct client_reply reply = { 0 };
	struct buf body = BUF(c->arena);
	const struct verb *v = cmd->verb;
	prompt_missing(c, cmd);
	if (fields_check(v->fields, cmd->fields, &e) || preview_refuse_unasked(c, v, &e))
		return caller_complain(c, &e);
	if (files_random(c->arena, &w.key, &e))
		return caller_complain(c, &e);
	if (find_path(c, v, &w.incident, &s.path, &e))
		return unsent(c, cmd, &w, &e);
	switch (preview_show(c, cmd, w.incident, &e)) {
	case PREVIEW_REFUSED:
		return caller_complain(c, &e);
	case PREVIEW_ENOUGH:
		return 0;
	case PREVIEW_GO_ON:
		break;
	}
	fields_to_json(v->fields, cmd->fields, &body);
	s.body = buf_str(&body);
	s.key = w.key;
	if (is_verb(v, "change", "send") && !c->args.dry_run)
		outbox_replay(c); /* its beginning before its end */
	if (caller_send(c, &s, &reply, &e))
		return unsent(c, cmd, &w, &e);
	print_outcome(c, v, reply.body);
	return 0;
}

/* "freeze chck" must not freeze for the reason "chck": the words of a command that is no verb. */
static int refuse_slip(const struct caller *c, struct err *e)
{
	struct str first = c->args.first, second = c->args.second;
	for (const struct cli_command *k = cli_commands; k->first; k++) {
		bool is_near = k->second && str_is(first, k->first) && second.len >= 3 &&
			       words_distance(second, str_of(k->second)) <= 2;
		if (is_near && str_of(k->second).len >= 5 && !verb_find(first, second))
			return err_refuse(
				e, ERR_USAGE,
				"There is no '" STR_FMT " " STR_FMT "'. Did you mean '%s %s'?",
				STR_ARG(first), STR_ARG(str_clip(second, 60)), k->first, k->second);
	}
	return 0;
}

static int read_words(struct caller *c, const struct strs *words, struct words_command *out,
		      struct err *e)
{
	struct str near = { 0 };
	if (refuse_slip(c, e) != 0)
		return -1;
	if (words_to_command(words, args_verb_flags, &c->reading, out, e)) {
		bool is_known = out->verb || verb_by_alias(c->args.first);
		if (!is_known && e->code == ERR_USAGE)
			near = cli_command_near(c, c->args.first, c->args.second);
		if (near.len)
			err_refuse(e, ERR_USAGE,
				   "There is no '" STR_FMT "%s" STR_FMT "'. Did you mean '" STR_FMT
				   "'?",
				   STR_ARG(str_clip(c->args.first, 60)),
				   c->args.second.len ? " " : "",
				   STR_ARG(str_clip(c->args.second, 60)), STR_ARG(near));
		else if (!out->verb && !e->next[0])
			err_next(e, "All commands: aplomb help.");
		return -1;
	}
	LIST_EACH (o, &out->options)
		if (args_set(&c->args, str_of(o->name), o->value, e))
			return -1;
	return read_long_text(c, out, e);
}

int act_words(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	struct attach_commands all = { 0 };
	attach_spread(c->arena, words, &all);
	struct words_command *commands = ARENA_ARRAY(c->arena, struct words_command, all.len);
	for (size_t i = 0; i < all.len; i++)
		if (read_words(c, &all.at[i], &commands[i], &e))
			return caller_complain(c, &e);
	if (known_in_outcome(c, &e) || caller_open(c, &e))
		return caller_complain(c, &e);
	for (size_t i = 0; i < all.len; i++) {
		if (is_verb(commands[i].verb, "evidence", "add") &&
		    attach_file(c, &commands[i], &e))
			return caller_complain(c, &e);
		int code = act_send(c, &commands[i]);
		if (code)
			return code;
	}
	return 0;
}
