/* SPDX-License-Identifier: Apache-2.0 */
/* outbox: see outbox.h. */
#include "cli/outbox.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/files.h"

static const struct field waiting_fields[] = {
	FIELD(waiting, server, "where it goes", .max = 1000),
	FIELD(waiting, path, "the address of an event; empty: it is a note", .max = 1000),
	FIELD(waiting, incident, "the incident, 0 = the only open one"),
	FIELD(waiting, key, "its Idempotency-Key"),
	FIELD(waiting, because, "why a guard is passed"),
	FIELD(waiting, body, "the fields as JSON", .max = 1 << 20),
	END,
};

int outbox_keep(struct caller *c, const struct waiting *w, struct err *e)
{
	struct buf text = BUF(c->arena);
	struct str name = str_fmt(c->arena, "outbox/%015lld-" STR_FMT ".json",
				  (long long)c->reading.now_ms, STR_ARG(w->key));
	struct str path = files_state(c->arena, str_z(c->arena, name));
	if (!path.len)
		return err_fail(e, ERR_FAILED,
				"There is no folder to keep it in: HOME is not set.");
	fields_to_json(waiting_fields, w, &text);
	return files_write(c->arena, path, buf_str(&text), e);
}

static int read_waiting(struct caller *c, struct str path, struct waiting *w, struct err *e)
{
	struct str text;
	struct json *j;
	*w = (struct waiting){ 0 };
	if (files_read(c->arena, path, &text, e) || json_parse(c->arena, text, &j, e))
		return -1;
	return fields_from_json(waiting_fields, j, w, &c->reading, e);
}

static void set_aside(struct caller *c, struct str path, const struct err *e)
{
	struct str aside = str_fmt(c->arena, STR_FMT ".refused", STR_ARG(path));
	if (rename(str_z(c->arena, path), str_z(c->arena, aside)) != 0)
		aside = path;
	caller_warn(c,
		    str_fmt(c->arena, "What had waited was refused: %s It is kept in " STR_FMT ".",
			    e->text, STR_ARG(aside)));
}

/* A refusal that another try will not change. */
static bool is_final(enum err_code code)
{
	return code == ERR_BAD_INPUT || code == ERR_BAD_FIELD || code == ERR_NOT_FOUND ||
	       code == ERR_CONFLICT || code == ERR_GUARD || code == ERR_IDEM_REUSED ||
	       code == ERR_TOO_LARGE;
}

static int send_one(struct caller *c, const struct waiting *w, struct err *e)
{
	struct client_reply reply = { 0 };
	int64_t incident = w->incident;
	if (!w->path.len && !incident && caller_incident(c, &incident, e))
		return -1;
	const struct sending s = {
		.method = "POST",
		.path = w->path.len ? w->path
				    : str_fmt(c->arena, "/api/v1/incidents/%lld/note/add",
					      (long long)incident),
		.body = w->body,
		.key = w->key,
		.because = w->because,
	};
	return caller_send(c, &s, &reply, e);
}

void outbox_replay(struct caller *c)
{
	struct str folder = files_state(c->arena, "outbox");
	const struct strs names = files_list(c->arena, folder, ".json");
	size_t sent = 0, left = 0;
	for (size_t i = 0; i < names.len; i++) {
		struct waiting w;
		struct err e = { 0 };
		struct str path = str_fmt(c->arena, STR_FMT "/" STR_FMT, STR_ARG(folder),
					  STR_ARG(names.at[i]));
		if (read_waiting(c, path, &w, &e)) {
			set_aside(c, path, &e);
			continue;
		}
		if (!str_eq(w.server, c->server))
			continue;
		if (send_one(c, &w, &e) == 0) {
			(void)unlink(
				str_z(c->arena,
				      path)); /* if it stays, its key makes the next try harmless */
			sent++;
		} else if (is_final(e.code)) {
			set_aside(c, path, &e);
		} else {
			left++;
			if (e.code == ERR_UNREACHABLE)
				break;
		}
	}
	if (sent)
		caller_warn(c, str_fmt(c->arena, "Sent what had waited: %zu.", sent));
	if (left)
		caller_warn(c,
			    str_fmt(c->arena, "More still waits in " STR_FMT ".", STR_ARG(folder)));
}
