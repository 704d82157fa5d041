/* SPDX-License-Identifier: Apache-2.0 */
/* caller: settings and the screen; see caller.h. Requests: caller_send.c. */
#include "cli/caller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/clean.h"
#include "cli/files.h"
#include "cli/pick.h"
#include "cli/preset.h"

enum { DEFAULT_COLUMNS = 80, LEAST_COLUMNS = 20, MOST_COLUMNS = 1000 };
static const char default_server[] = "http://127.0.0.1:8420";

static size_t columns(void)
{
	struct winsize w = { 0 };
	int64_t n = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= LEAST_COLUMNS)
		return w.ws_col;
	if (str_to_int(str_of(getenv("COLUMNS")), &n) && n >= LEAST_COLUMNS && n <= MOST_COLUMNS)
		return (size_t)n;
	return DEFAULT_COLUMNS;
}

static struct screen screen_of(const struct args *a)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct screen s = { .is_terminal = isatty(STDOUT_FILENO) == 1, .columns = columns() };
	bool is_dumb = !term || strcmp(term, "dumb") == 0;
	s.has_tables = s.is_terminal && !a->plain;
	s.asks = !a->no_input && isatty(STDIN_FILENO) == 1;
	s.has_color = a->color == COLOR_ALWAYS || (a->color == COLOR_AUTO && s.has_tables &&
						   !is_dumb && !(no_color && no_color[0]));
	return s;
}

struct login {
	struct str server, token, ca; /* ca: empty = the system's authorities */
};

/* The login file: the server's address, the token, and the authority's file where one was named, a line each. */
static struct login read_login(struct arena *a)
{
	struct str path = files_config(a, "token"), rest = { 0 };
	struct err ignored = { 0 };
	struct login l = { 0 };
	if (!files_is_file(a, path) || files_read(a, path, &rest, &ignored))
		return l;
	if (str_cut(&rest, '\n', &l.server) && str_cut(&rest, '\n', &l.token))
		l.ca = str_trim(rest);
	l.server = str_trim(l.server);
	l.token = str_trim(l.token);
	return l;
}

/* Slashes at the end say nothing. */
static struct str trim_server(struct str server)
{
	while (str_ends(server, STR("/")))
		server.len--;
	return server;
}

static struct str preset_token_file(const struct caller *c, const struct presets *p)
{
	const struct preset *both[] = { &p->user, &p->system };
	for (size_t i = 0; i < 2; i++)
		if (both[i]->token_file.len && str_eq(trim_server(both[i]->server), c->server))
			return both[i]->token_file;
	return (struct str){ 0 };
}

static int read_token(struct caller *c, const struct login *login, const struct presets *presets,
		      struct err *e)
{
	struct str from_env = str_trim(str_of(getenv("APLOMB_TOKEN")));
	struct str file = c->args.token_file;
	if (!file.len && !from_env.len && !str_eq(login->server, c->server))
		file = preset_token_file(c, presets);
	if (file.len) {
		if (files_read(c->arena, file, &c->token, e))
			return -1;
		c->token = str_trim(c->token);
	} else if (from_env.len) {
		c->token = from_env;
	} else if (str_eq(login->server, c->server)) {
		c->token = login->token; /* it is never shown to another server */
	}
	for (size_t i = 0; i < c->token.len; i++)
		if (c->token.at[i] <= ' ' || c->token.at[i] > '~')
			return err_refuse(e, ERR_USAGE, "What was given as a token is none.");
	return 0;
}

static int read_environment(struct caller *c, struct err *e)
{
	struct str incident = str_of(getenv("APLOMB_INCIDENT"));
	if (!c->args.incident && incident.len && !args_incident(incident, &c->args.incident))
		return err_refuse(e, ERR_USAGE,
				  "APLOMB_INCIDENT is not the number of an incident.");
	return 0;
}

int caller_open(struct caller *c, struct err *e)
{
	const struct login login = read_login(c->arena);
	c->screen = screen_of(&c->args);
	const struct presets presets = presets_read(c);
	const struct str servers[] = { c->args.server,	      str_of(getenv("APLOMB_SERVER")),
				       presets.user.server,   login.server,
				       presets.system.server, str_of(default_server) };
	for (size_t i = 0; !c->server.len; i++)
		c->server = trim_server(servers[i]);
	if (!str_starts(c->server, STR("http://")) && !str_starts(c->server, STR("https://")))
		return err_refuse(
			e, ERR_USAGE,
			"The server's address starts with http:// or https://, not \"" STR_FMT
			"\".",
			STR_ARG(str_clip(c->server, 80)));
	if (read_environment(c, e) || read_token(c, &login, &presets, e))
		return -1;
	if (!c->args.ca.len)
		c->args.ca = str_of(getenv("APLOMB_CA"));
	if (!c->args.ca.len && str_eq(login.server, c->server))
		c->args.ca = login.ca;
	const struct client_config config = { .agent = "aplomb",
					      .ca_file = c->args.ca.len
								 ? str_z(c->arena, c->args.ca)
								 : NULL,
					      .timeout_ms = c->args.timeout_ms };
	return client_new(&config, &c->client, e);
}

void caller_close(struct caller *c)
{
	if (c->client)
		client_free(&c->client);
}

void caller_say(const struct caller *c, struct str text)
{
	ARENA(scratch);
	struct str safe = clean(&scratch, text);
	(void)c;
	(void)fwrite(safe.at ? safe.at : "", 1, safe.len, stdout);
}

void caller_put(const struct caller *c, struct str bytes)
{
	if (c->screen.is_terminal)
		caller_say(c, bytes);
	else
		(void)fwrite(bytes.at ? bytes.at : "", 1, bytes.len, stdout);
}

void caller_put_json(const struct caller *c, const struct json *reply, struct str raw)
{
	struct buf b = BUF(c->arena);
	if (c->args.json_fields.len)
		pick_fields(c->arena, reply, c->args.json_fields, &b);
	else
		buf_add(&b, str_trim(raw));
	buf_c(&b, '\n');
	caller_put(c, buf_str(&b));
}

void caller_warn(const struct caller *c, struct str text)
{
	ARENA(scratch);
	struct str safe = clean(&scratch, text);
	(void)c;
	(void)fflush(stdout);
	(void)fprintf(stderr, "aplomb: " STR_FMT "\n", STR_ARG(safe));
}

int caller_complain(const struct caller *c, const struct err *e)
{
	ARENA(scratch);
	struct buf b = BUF(&scratch);
	buf_z(&b, e->text[0] ? e->text : err_sentence(e->code));
	if (e->next[0])
		buf_fmt(&b, " %s", e->next);
	if (e->code == ERR_GUARD && !strstr(b.at, "--because") && !strstr(b.at, "--accept"))
		buf_z(&b, "\n        To go on all the same: --because \"your reason\".");
	caller_warn(c, buf_str(&b));
	return err_exit(e->code);
}

bool caller_asks(const struct caller *c, const char *question)
{
	char line[64];
	if (!c->screen.asks)
		return false;
	(void)fflush(stdout);
	(void)fprintf(stderr, "%s [y/N] ", question);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	struct str answer = str_trim(str_of(line));
	return str_eq_nocase(answer, STR("y")) || str_eq_nocase(answer, STR("yes"));
}

struct str caller_bold(const struct caller *c, struct str text)
{
	struct str safe = clean_line(c->arena, text);
	return c->screen.has_color ? str_fmt(c->arena, "\033[1m" STR_FMT "\033[0m", STR_ARG(safe))
				   : safe;
}
