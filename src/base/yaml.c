/* SPDX-License-Identifier: Apache-2.0 */
/* yaml: see yaml.h. */
#include "base/yaml.h"

#include "base/yaml_reader.h"

struct reader {
	struct yaml_reader base;
	struct yaml *out;
};

static int take_list(struct reader *r, struct yaml_row *row, struct err *e)
{
	LIST_OF(struct str) items = { 0 };
	struct str text;
	for (;;) {
		if (yaml_reader_next(&r->base, e) != 0)
			return -1;
		if (r->base.event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (r->base.event.type != YAML_SCALAR_EVENT)
			return err_refuse(e, ERR_BAD_INPUT,
					  "A list holds plain texts, nothing inside.");
		if (items.len >= YAML_MAX_ITEMS)
			return err_refuse(e, ERR_TOO_LARGE, "A list has at most %d entries.",
					  YAML_MAX_ITEMS);
		if (yaml_reader_text(&r->base, &text, e) != 0)
			return -1;
		*LIST_ADD(r->base.arena, &items) = text;
	}
	row->is_list = true;
	row->values = (struct strs){ items.at, items.len };
	return 0;
}

static int take_value(struct reader *r, struct yaml_row *row, struct err *e)
{
	if (yaml_reader_next(&r->base, e) != 0)
		return -1;
	if (r->base.event.type == YAML_SEQUENCE_START_EVENT)
		return take_list(r, row, e);
	if (r->base.event.type != YAML_SCALAR_EVENT)
		return err_refuse(e, ERR_BAD_INPUT,
				  STR_FMT
				  " takes a text or a list of texts; nothing is nested here.",
				  STR_ARG(str_clip(row->name, 60)));
	row->values = (struct strs){ ARENA_NEW(r->base.arena, struct str), 1 };
	return yaml_reader_text(&r->base, row->values.at, e);
}

static int take_row(struct reader *r, struct err *e)
{
	struct yaml_row row = { .line = r->base.line };
	if (r->base.event.type != YAML_SCALAR_EVENT)
		return err_refuse(e, ERR_BAD_INPUT, "A setting's name is a plain text.");
	if (yaml_reader_text(&r->base, &row.name, e) != 0)
		return -1;
	LIST_EACH (had, &r->out->rows)
		if (str_eq(had->name, row.name))
			return err_refuse(e, ERR_BAD_INPUT,
					  STR_FMT " is set twice; the first time in line %d.",
					  STR_ARG(str_clip(row.name, 60)), had->line);
	if (r->out->rows.len >= YAML_MAX_ROWS)
		return err_refuse(e, ERR_TOO_LARGE, "A settings file has at most %d settings.",
				  YAML_MAX_ROWS);
	if (take_value(r, &row, e) != 0)
		return -1;
	*LIST_ADD(r->base.arena, &r->out->rows) = row;
	return 0;
}

static int take_mapping(struct reader *r, struct err *e)
{
	if (r->base.event.type == YAML_SCALAR_EVENT && !r->base.event.data.scalar.length)
		return 0; /* comments alone */
	if (r->base.event.type != YAML_MAPPING_START_EVENT)
		return err_refuse(e, ERR_BAD_INPUT,
				  "A settings file is lines such as listen: 127.0.0.1:8420.");
	for (;;) {
		if (yaml_reader_next(&r->base, e) != 0)
			return -1;
		if (r->base.event.type == YAML_MAPPING_END_EVENT)
			return 0;
		if (take_row(r, e) != 0)
			return -1;
	}
}

static int take_stream(struct reader *r, struct err *e)
{
	bool is_empty;
	if (yaml_reader_begin(&r->base, &is_empty, e) != 0)
		return -1;
	if (is_empty)
		return 0;
	return take_mapping(r, e) == 0 ? yaml_reader_end(&r->base, e) : -1;
}

int yaml_parse(struct arena *a, struct str text, struct yaml *out, struct err *e)
{
	struct reader r = { .base = { .arena = a }, .out = out };
	*out = (struct yaml){ 0 };
	int result = yaml_reader_open(&r.base, text, YAML_MAX_BYTES, e);
	if (result == 0) {
		result = take_stream(&r, e);
		yaml_reader_close(&r.base);
	}
	out->line = r.base.line;
	return result;
}

int yaml_take(const struct yaml_row *row, const struct field *f, void *base,
	      const struct reading *how, struct err *e)
{
	if (f->kind == KIND_STRS && row->is_list) {
		*(struct strs *)(void *)((char *)base + f->at) = strs_copy(how->arena,
									   &row->values);
		return 0;
	}
	if (row->is_list)
		return err_field(e, f->name, "%s takes one value, not a list.", f->name);
	return field_parse(f, base, row->values.at[0], how, e);
}

const struct yaml_row *yaml_find(const struct yaml *y, const char *name)
{
	LIST_EACH (row, &y->rows)
		if (str_is(row->name, name))
			return row;
	return NULL;
}
