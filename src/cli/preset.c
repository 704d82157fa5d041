/* SPDX-License-Identifier: Apache-2.0 */
/* preset: see preset.h. */
#include "cli/preset.h"

#include <stdlib.h>

#include "base/yaml.h"
#include "cli/files.h"

static struct str text_of(const struct yaml *y, const char *name)
{
	const struct yaml_row *row = yaml_find(y, name);
	return row && !row->is_list ? row->values.at[0] : (struct str){ 0 };
}

static struct preset preset_of(const struct caller *c, struct str path)
{
	struct err e = { 0 };
	struct yaml y = { 0 };
	struct str text = { 0 };
	if (!files_is_file(c->arena, path))
		return (struct preset){ 0 };
	if (files_read(c->arena, path, &text, &e) != 0)
		caller_warn(c, str_fmt(c->arena, "%s It is left out.", e.text));
	else if (yaml_parse(c->arena, text, &y, &e) != 0)
		caller_warn(c, str_fmt(c->arena, STR_FMT ":%d: %s Only what stands above holds.",
				       STR_ARG(path), y.line, e.text));
	return (struct preset){ text_of(&y, "server"), text_of(&y, "token_file") };
}

struct presets presets_read(const struct caller *c)
{
	const char *named = getenv("APLOMB_CONFIG");
	return (struct presets){
		.user = preset_of(c, files_config(c->arena, "config.yaml")),
		.system = preset_of(c, str_of(named ? named : "/etc/aplomb/config.yaml")),
	};
}
