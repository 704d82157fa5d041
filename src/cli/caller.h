/* SPDX-License-Identifier: Apache-2.0 */
/* caller: one run of the command line: its flags, its screen, and the server it speaks to. */
#ifndef APLOMB_CLI_CALLER_H
#define APLOMB_CLI_CALLER_H
#include "base/json.h"
#include "cli/args.h"
#include "cli/extra.h"
#include "net/client.h"

struct screen {
	bool is_terminal; /* standard output */
	bool has_tables;  /* it is one and --plain was not said */
	bool asks;	  /* standard input is a terminal and --no-input was not said */
	bool has_color;
	size_t columns;
};
struct caller {
	struct arena *arena;
	struct args args;
	struct screen screen;
	struct client *client;
	struct str server; /* without a '/' at its end */
	struct str token;  /* empty = none */
	struct reading reading;
	const struct cli_extra *extra; /* ends at a row without name; may be NULL */
	bool is_answered;	       /* the server gave an answer at least once */
	void *own_flags; /* of a command that has some (struct cli_flags); else NULL */
};

/* Flags, environment and login file -> server, token, screen; no connection yet. ERR_USAGE. */
int caller_open(struct caller *, struct err *) MUST_USE;
void caller_close(struct caller *);

struct sending {
	const char *method, *type;	 /* content type; NULL = application/json */
	struct str path, body;		 /* path from '/' on */
	struct str key, because, accept; /* headers; empty = not sent */
};
/* 0 for a 2xx reply. A problem of the server becomes the error it names. A request with a key is tried
 * once more when the connection breaks. */
int caller_send(struct caller *, const struct sending *, struct client_reply *,
		struct err *) MUST_USE;
/* The reply of a GET, read. `raw` may be NULL. */
int caller_get(struct caller *, struct str path, struct json **, struct str *raw,
	       struct err *) MUST_USE;
/* A refusal in problem+json, or a bare status -> *e; returns -1. */
int caller_problem(struct arena *, int status, struct str body, struct err *e);
/* The URL and the headers of a request, in the arena. */
struct client_ask caller_ask(struct caller *, const struct sending *);

/* The incident that is meant: -i, APLOMB_INCIDENT, else the only open one. None or several: ERR_USAGE,
 * and they are listed on standard error. */
int caller_incident(struct caller *, int64_t *out, struct err *) MUST_USE;

/* Text to standard output, always made safe; color is added by caller_bold alone. */
void caller_say(const struct caller *, struct str);
/* Bytes as they came (JSON, a reply), made safe only where a terminal would see them. */
void caller_put(const struct caller *, struct str);
/* A reply for --json: as it came, or the fields that were asked for. */
void caller_put_json(const struct caller *, const struct json *reply, struct str raw);
/* "aplomb: ..." to standard error, always made safe. */
void caller_warn(const struct caller *, struct str);
/* The error on standard error; returns the exit code of err.def. */
int caller_complain(const struct caller *, const struct err *);
/* A yes-or-no question on the terminal; no is the default. */
bool caller_asks(const struct caller *, const char *question);
/* "\033[1m" and the like around a text where the screen has color. */
struct str caller_bold(const struct caller *, struct str);
#endif
