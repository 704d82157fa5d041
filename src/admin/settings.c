/* SPDX-License-Identifier: Apache-2.0 */
/* settings: the table and its layers; see settings.h. What goes together: settings_check.c. */
#include "admin/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/say.h"
#include "base/yaml.h"
#include "core/words.h"
#include "world/world.h"

static const char system_file[] = "/etc/aplomb/config.yaml";

#define log_level_names say_level_names
#define log_format_names say_format_names
const struct field settings_fields[] = {
	FIELD(settings, data, "the data folder", .max = 4000),
	FIELD(settings, listen, "HOST:PORT to serve on", .max = 300),
	FIELD(settings, public_url, "the address people use, https://NAME", .max = 1000),
	FIELD(settings, tls_cert, "serve https with this certificate: PEM, with its chain",
	      .max = 4000),
	FIELD(settings, tls_key, "its key: PEM; in the same file where nothing is said",
	      .max = 4000),
	FIELD(settings, behind_proxy,
	      "yes: a proxy on this machine ends TLS; or the addresses of such proxies, whose "
	      "X-Forwarded-For and -Proto are believed",
	      .max = 50),
	CHOICE(settings, log_level, log_level, "how much is logged: debug, info, warn, error"),
	CHOICE(settings, log_format, log_format, "how a line of the log looks: logfmt, json"),
	FIELD(settings, loops, "threads that own connections, 1 to 64", .max = 64),
	FIELD(settings, workers, "threads that answer pages, 1 to 256", .max = 256),
	FIELD(settings, max_connections, "connections at a time, 16 to 100000", .max = 100000),
	FIELD(settings, inbox_days,
	      "days that what senders posted is kept, but for what an incident cites; 0 = for ever",
	      .max = 36500),
	FIELD(settings, github_api, "where the freeze gate answers GitHub", .max = 300),
	FIELD(settings, github_token_file,
	      "a file with the token for that; read each time, so that it may be renewed",
	      .max = 4000),
	FIELD(settings, server, "for the command line: where Aplomb is", .max = 1000,
	      .hidden = true),
	FIELD(settings, token_file, "for the command line: a file with its token", .max = 4000,
	      .hidden = true),
	END,
};
_Static_assert(sizeof(settings_fields) / sizeof(settings_fields[0]) <= SETTINGS_MAX + 1,
	       "SETTINGS_MAX counts the rows");

const char *const layer_names[] = { "default", "system file", "user file", "environment", "flag" };

void settings_defaults(struct settings *s)
{
	*s = (struct settings){
		.data = STR("data"),
		.listen = STR("127.0.0.1:8420"),
		.log_level = SAY_INFO,
		.log_format = SAY_LOGFMT,
		.loops = 2,
		.workers = 4,
		.max_connections = 4096,
		.inbox_days = 30,
		.github_api = STR("https://api.github.com"),
	};
}

struct loading {
	struct settings_load *load;
	struct arena *arena;
	struct reading reading;
	enum layer layer;
};

static void complain(struct loading *l, struct str where, const struct err *e)
{
	*LIST_ADD(l->arena, &l->load->complaints) = str_fmt(
		l->arena, STR_FMT "%s%s%s%s", STR_ARG(where), where.len ? ": " : "", e->text,
		e->next[0] ? " " : "", e->next);
}

/* Where the setting got its value; empty where nobody set it. */
static struct str where_of(const struct settings_load *load, const char *name)
{
	const struct field *f = field_find(settings_fields, str_of(name));
	return f ? load->origin[f - settings_fields].where : (struct str){ 0 };
}

static struct str place(struct loading *l, struct str file, int line)
{
	return str_fmt(l->arena, STR_FMT ":%d", STR_ARG(file), line);
}

static void came_from(struct loading *l, const struct field *f, struct str where)
{
	l->load->origin[f - settings_fields] = (struct origin){ l->layer, where };
}

/* A text from a flag or the environment. */
static void take_text(struct loading *l, const struct field *f, const char *text, struct str where)
{
	struct err e = { 0 };
	if (field_parse(f, &l->load->settings, str_of(text), &l->reading, &e) != 0)
		complain(l, where, &e);
	else
		came_from(l, f, where);
}

static void refuse_name(struct loading *l, struct str file, const struct yaml_row *row)
{
	struct err e = { 0 };
	const struct field *near = NULL;
	int least = row->name.len >= 5 ? 3 : 2; /* so many slips are another word */
	err_refuse(&e, ERR_USAGE, "There is no setting " STR_FMT ".",
		   STR_ARG(str_clip(row->name, 60)));
	for (const struct field *f = settings_fields; f->name; f++) {
		int far = words_distance(row->name, str_of(f->name));
		if (far < least) {
			least = far;
			near = f;
		}
	}
	if (near)
		err_next(&e, "Did you mean %s?", near->name);
	else
		err_next(&e, "aplomb serve --help lists them.");
	complain(l, place(l, file, row->line), &e);
}

static void take_rows(struct loading *l, struct str file, const struct yaml *y)
{
	LIST_EACH (row, &y->rows) {
		struct err e = { 0 };
		const struct field *f = field_find(settings_fields, row->name);
		struct str where = place(l, file, row->line);
		if (!f)
			refuse_name(l, file, row);
		else if (yaml_take(row, f, &l->load->settings, &l->reading, &e) != 0)
			complain(l, where, &e);
		else
			came_from(l, f, where);
	}
}

/* A file that nobody named may be absent. */
static void take_file(struct loading *l, struct str path, bool is_named)
{
	struct err e = { 0 };
	struct str text;
	struct yaml y;
	/* a home that this user may not enter has nothing to say either */
	if (!is_named && access(str_z(l->arena, path), F_OK) != 0)
		return;
	if (file_read(l->arena, str_z(l->arena, path), YAML_MAX_BYTES, &text, &e) != 0) {
		*LIST_ADD(l->arena, &l->load->complaints) = str_copy(l->arena, str_of(e.text));
		return;
	}
	struct str *had = l->load->files.at;
	size_t n = l->load->files.len;
	l->load->files.at = ARENA_ARRAY(l->arena, struct str, n + 1);
	for (size_t i = 0; i < n; i++)
		l->load->files.at[i] = had[i];
	l->load->files.at[n] = path;
	l->load->files.len = n + 1;
	if (yaml_parse(l->arena, text, &y, &e) != 0)
		complain(l, place(l, path, y.line), &e);
	take_rows(l, path, &y); /* what stands before the mistake */
}

static struct str user_file(struct arena *a)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (folder && folder[0] == '/') /* the specification has relative ones ignored */
		return str_fmt(a, "%s/aplomb/config.yaml", folder);
	return home && home[0] == '/' ? str_fmt(a, "%s/.config/aplomb/config.yaml", home)
				      : (struct str){ 0 };
}

static void take_files(struct loading *l)
{
	const char *named = l->load->config ? l->load->config : getenv("APLOMB_CONFIG");
	struct str user = user_file(l->arena);
	l->layer = LAYER_SYSTEM;
	take_file(l, str_of(named ? named : system_file), named != NULL);
	l->layer = LAYER_USER;
	if (user.len)
		take_file(l, user, false);
}

const char *settings_environment(const struct field *f, struct arena *a)
{
	struct buf b = BUF(a);
	buf_z(&b, "APLOMB_");
	for (const char *c = f->name; *c; c++)
		buf_c(&b, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	return str_z(a, buf_str(&b));
}

const char *settings_flag(const struct field *f, struct arena *a)
{
	struct buf b = BUF(a);
	buf_z(&b, "--");
	for (const char *c = f->name; *c; c++)
		buf_c(&b, *c == '_' ? '-' : *c);
	return str_z(a, buf_str(&b));
}

static void take_environment(struct loading *l)
{
	l->layer = LAYER_ENVIRONMENT;
	for (const struct field *f = settings_fields; f->name; f++) {
		const char *name = settings_environment(f, l->arena), *value = getenv(name);
		if (value && value[0])
			take_text(l, f, value, str_of(name));
	}
}

static void take_flags(struct loading *l)
{
	l->layer = LAYER_FLAG;
	for (const struct field *f = settings_fields; f->name; f++) {
		const char *value = l->load->flag[f - settings_fields];
		if (value)
			take_text(l, f, value, str_of(settings_flag(f, l->arena)));
	}
}

int settings_load(struct settings_load *load, struct arena *a, struct err *e)
{
	struct loading l = { .load = load, .arena = a, .reading = { .arena = a } };
	struct err wrong = { 0 };
	settings_defaults(&load->settings);
	load->files = (struct strs){ NULL, 0 };
	load->complaints.len = 0;
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		load->origin[i] = (struct origin){ LAYER_DEFAULT, { 0 } };
	take_files(&l);
	take_environment(&l);
	take_flags(&l);
	if (!load->complaints.len && settings_check(&load->settings, a, &wrong) != 0)
		complain(&l, where_of(load, wrong.field), &wrong);
	if (!load->complaints.len)
		return 0;
	return err_refuse(e, ERR_USAGE, STR_FMT, STR_ARG(load->complaints.at[0]));
}

void settings_print(const struct field *f, const struct settings *s, struct buf *b)
{
	if (f->secret && !field_is_empty(f, s))
		buf_z(b, "[masked]");
	else
		field_print(f, s, b);
}
