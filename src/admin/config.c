/* SPDX-License-Identifier: Apache-2.0 */
/* config: `aplomb config check` and `aplomb config show`: the settings as serve would take them. How they are read:
 * settings.c. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/settings.h"
#include "base/buf.h"

struct asked {
	const char *config, *origin, *json;
	struct settings_load load;
};

static int check(struct asked *q, struct arena *a, struct err *e)
{
	int result = settings_load(&q->load, a, e);
	LIST_EACH (c, &q->load.complaints)
		(void)fprintf(stderr, STR_FMT "\n", STR_ARG(*c));
	if (result != 0)
		return err_exit(e->code);
	if (!q->load.files.len)
		(void)printf("The settings are right; there is no file, so they are the defaults "
			     "and the "
			     "environment's.\n");
	for (size_t i = 0; i < q->load.files.len; i++)
		(void)printf(STR_FMT " is right.\n", STR_ARG(q->load.files.at[i]));
	return 0;
}

static struct str origin_text(struct arena *a, const struct origin *o)
{
	if (!o->where.len)
		return str_of(layer_names[o->layer]);
	return str_fmt(a, "%s " STR_FMT, layer_names[o->layer], STR_ARG(o->where));
}

static void show_json(const struct asked *q, struct arena *a)
{
	struct buf b = BUF(a);
	buf_c(&b, '{');
	for (const struct field *f = settings_fields; f->name; f++) {
		const struct origin *o = &q->load.origin[f - settings_fields];
		struct buf value = BUF(a);
		settings_print(f, &q->load.settings, &value);
		buf_fmt(&b, "%s\"%s\":", f == settings_fields ? "" : ",", f->name);
		if (q->origin)
			buf_z(&b, "{\"value\":");
		buf_json(&b, buf_str(&value));
		if (!q->origin)
			continue;
		buf_fmt(&b, ",\"layer\":\"%s\",\"where\":", layer_names[o->layer]);
		buf_json(&b, o->where);
		buf_c(&b, '}');
	}
	(void)printf(STR_FMT "}\n", STR_ARG(buf_str(&b)));
}

static int show(struct asked *q, struct arena *a, struct err *e)
{
	int result = settings_load(&q->load, a, e);
	LIST_EACH (c, &q->load.complaints)
		(void)fprintf(stderr, STR_FMT "\n", STR_ARG(*c));
	if (q->json) {
		show_json(q, a);
		return result == 0 ? 0 : err_exit(e->code);
	}
	for (const struct field *f = settings_fields; f->name; f++) {
		struct buf value = BUF(a);
		settings_print(f, &q->load.settings, &value);
		struct str from = origin_text(a, &q->load.origin[f - settings_fields]);
		if (q->origin)
			(void)printf("%-16s %-32.*s # " STR_FMT "\n", str_fmt(a, "%s:", f->name).at,
				     (int)value.len, value.at ? value.at : "", STR_ARG(from));
		else
			(void)printf("%s: " STR_FMT "\n", f->name, STR_ARG(buf_str(&value)));
	}
	return result == 0 ? 0 : err_exit(e->code);
}

int admin_config(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	struct asked q = { 0 };
	const struct admin_command *command = admin_command_find("config");
	const struct option options[] = {
		{ "config", "a settings file in place of /etc/aplomb/config.yaml", &q.config, 0 },
		{ "origin", "show: where each value comes from", &q.origin, OPTION_SWITCH },
		{ "json", "show: as a JSON object", &q.json, OPTION_SWITCH },
		{ NULL, NULL, NULL, 0 },
	};
	bool checks = argc > 0 && strcmp(argv[0], "check") == 0;
	bool shows = argc > 0 && strcmp(argv[0], "show") == 0;
	int named = checks || shows;
	int read = options_read(command, options, argc - named, argv + named, &e);
	if (read > 0)
		return 0;
	if (read == 0 && !named) {
		read = err_refuse(&e, ERR_USAGE, "say what to do: check or show.");
		err_next(&e, "Usage: %s", command->usage);
	}
	if (read < 0)
		return admin_complain("config", &e);
	q.load.config = q.config;
	return checks ? check(&q, &a, &e) : show(&q, &a, &e);
}
