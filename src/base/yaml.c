/* SPDX-License-Identifier: Apache-2.0 */
/* yaml: see yaml.h. */
#include "base/yaml.h"

#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the newest */
	struct arena *arena;
	struct yaml *out;
};

static int check_decoration(const yaml_event_t *v, struct err *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	if (v->type == YAML_ALIAS_EVENT)
		anchor = v->data.alias.anchor;
	if (v->type == YAML_SCALAR_EVENT) {
		anchor = v->data.scalar.anchor;
		tag = v->data.scalar.tag;
	}
	if (v->type == YAML_SEQUENCE_START_EVENT) {
		anchor = v->data.sequence_start.anchor;
		tag = v->data.sequence_start.tag;
	}
	if (v->type == YAML_MAPPING_START_EVENT) {
		anchor = v->data.mapping_start.anchor;
		tag = v->data.mapping_start.tag;
	}
	if (anchor)
		return err_refuse(
			e, ERR_BAD_INPUT,
			"Anchors and aliases (& and *) are not used here; write the value out, in "
			"quotes where it begins with one of them.");
	if (tag)
		return err_refuse(
			e, ERR_BAD_INPUT,
			"Tags (!) are not used here; put the value in quotes where it begins with "
			"one.");
	if (v->type == YAML_DOCUMENT_START_EVENT &&
	    (v->data.document_start.version_directive ||
	     v->data.document_start.tag_directives.start !=
		     v->data.document_start.tag_directives.end))
		return err_refuse(e, ERR_BAD_INPUT, "Directives (%%) are not used here.");
	return 0;
}

static int next(struct reader *r, struct err *e)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event)) {
		r->out->line = (int)r->parser.problem_mark.line + 1;
		return err_refuse(e, ERR_BAD_INPUT, "This is not YAML: %s.",
				  r->parser.problem ? r->parser.problem : "it cannot be read");
	}
	r->out->line = (int)r->event.start_mark.line + 1;
	return check_decoration(&r->event, e);
}

/* The text of the newest event, a scalar. */
static int take_text(struct reader *r, struct str *out, struct err *e)
{
	struct str s = { (const char *)r->event.data.scalar.value, r->event.data.scalar.length };
	bool is_plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (is_plain && (!s.len || str_is(s, "~") || str_is(s, "null")))
		return err_refuse(
			e, ERR_BAD_INPUT,
			"There is a name without a value: leave the line out, or give it one.");
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return err_refuse(e, ERR_BAD_INPUT,
					  "A value is one line without control characters.");
	*out = str_copy(r->arena, s);
	return 0;
}

static int take_list(struct reader *r, struct yaml_row *row, struct err *e)
{
	LIST_OF(struct str) items = { 0 };
	struct str text;
	for (;;) {
		if (next(r, e) != 0)
			return -1;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (r->event.type != YAML_SCALAR_EVENT)
			return err_refuse(e, ERR_BAD_INPUT,
					  "A list holds plain texts, nothing inside.");
		if (items.len >= YAML_MAX_ITEMS)
			return err_refuse(e, ERR_TOO_LARGE, "A list has at most %d entries.",
					  YAML_MAX_ITEMS);
		if (take_text(r, &text, e) != 0)
			return -1;
		*LIST_ADD(r->arena, &items) = text;
	}
	row->is_list = true;
	row->values = (struct strs){ items.at, items.len };
	return 0;
}

static int take_value(struct reader *r, struct yaml_row *row, struct err *e)
{
	if (next(r, e) != 0)
		return -1;
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		return take_list(r, row, e);
	if (r->event.type != YAML_SCALAR_EVENT)
		return err_refuse(e, ERR_BAD_INPUT,
				  STR_FMT
				  " takes a text or a list of texts; nothing is nested here.",
				  STR_ARG(str_clip(row->name, 60)));
	row->values = (struct strs){ ARENA_NEW(r->arena, struct str), 1 };
	return take_text(r, row->values.at, e);
}

static int take_row(struct reader *r, struct err *e)
{
	struct yaml_row row = { .line = r->out->line };
	if (r->event.type != YAML_SCALAR_EVENT)
		return err_refuse(e, ERR_BAD_INPUT, "A setting's name is a plain text.");
	if (take_text(r, &row.name, e) != 0)
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
	*LIST_ADD(r->arena, &r->out->rows) = row;
	return 0;
}

static int take_mapping(struct reader *r, struct err *e)
{
	if (r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.length)
		return 0; /* comments alone */
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return err_refuse(e, ERR_BAD_INPUT,
				  "A settings file is lines such as listen: 127.0.0.1:8420.");
	for (;;) {
		if (next(r, e) != 0)
			return -1;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return 0;
		if (take_row(r, e) != 0)
			return -1;
	}
}

static int take_stream(struct reader *r, struct err *e)
{
	if (next(r, e) != 0 || next(r, e) != 0) /* the stream's start, then what is in it */
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return 0;
	if (next(r, e) != 0 || take_mapping(r, e) != 0)
		return -1;
	while (r->event.type != YAML_STREAM_END_EVENT) {
		if (next(r, e) != 0)
			return -1;
		if (r->event.type == YAML_DOCUMENT_START_EVENT)
			return err_refuse(e, ERR_BAD_INPUT,
					  "A settings file is one document (one ---).");
	}
	return 0;
}

int yaml_parse(struct arena *a, struct str text, struct yaml *out, struct err *e)
{
	struct reader r = { .arena = a, .out = out };
	*out = (struct yaml){ .line = 1 };
	if (text.len > YAML_MAX_BYTES)
		return err_refuse(e, ERR_TOO_LARGE, "A settings file has at most %d bytes.",
				  YAML_MAX_BYTES);
	if (!str_is_utf8(text))
		return err_refuse(e, ERR_BAD_INPUT, "The file is not UTF-8 text.");
	if (str_starts(text, STR("\xef\xbb\xbf"))) /* some editors put it in front */
		text = str_sub(text, 3, text.len);
	if (!yaml_parser_initialize(&r.parser))
		return err_fail(e, ERR_FAILED, "There is no memory to read the file.");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.at ? text.at : ""),
				     text.len);
	int result = take_stream(&r, e);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
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
