/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_reader: see yaml_reader.h. */
#include "base/yaml_reader.h"

#include <string.h>

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

int yaml_reader_next(struct yaml_reader *r, struct err *e)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event)) {
		r->line = (int)r->parser.problem_mark.line + 1;
		return err_refuse(e, ERR_BAD_INPUT, "This is not YAML: %s.",
				  r->parser.problem ? r->parser.problem : "it cannot be read");
	}
	r->line = (int)r->event.start_mark.line + 1;
	return check_decoration(&r->event, e);
}

int yaml_reader_text(struct yaml_reader *r, struct str *out, struct err *e)
{
	struct str s = { (const char *)r->event.data.scalar.value, r->event.data.scalar.length };
	bool is_plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (is_plain && (!s.len || str_is(s, "~") || str_is(s, "null")))
		return err_refuse(
			e, ERR_BAD_INPUT,
			"There is a name without a value: leave the line out, or give it one.");
	for (size_t i = 0; i < s.len; i++) {
		bool is_line = s.at[i] == '\n' || s.at[i] == '\t';
		if (((unsigned char)s.at[i] < ' ' && !(r->has_lines && is_line)) || s.at[i] == 0x7f)
			return err_refuse(e, ERR_BAD_INPUT,
					  r->has_lines ? "A value holds no control characters."
						       : "A value is one line without control "
							 "characters.");
	}
	*out = str_copy(r->arena, s);
	return 0;
}

int yaml_reader_begin(struct yaml_reader *r, bool *is_empty, struct err *e)
{
	*is_empty = false;
	/* the stream's start, then what is in it */
	if (yaml_reader_next(r, e) != 0 || yaml_reader_next(r, e) != 0)
		return -1;
	*is_empty = r->event.type == YAML_STREAM_END_EVENT;
	return *is_empty ? 0 : yaml_reader_next(r, e);
}

int yaml_reader_end(struct yaml_reader *r, struct err *e)
{
	while (r->event.type != YAML_STREAM_END_EVENT) {
		if (yaml_reader_next(r, e) != 0)
			return -1;
		if (r->event.type == YAML_DOCUMENT_START_EVENT)
			return err_refuse(e, ERR_BAD_INPUT,
					  "A settings file is one document (one ---).");
	}
	return 0;
}

int yaml_reader_open(struct yaml_reader *r, struct str text, size_t max_bytes, struct err *e)
{
	r->line = 1;
	if (text.len > max_bytes)
		return err_refuse(e, ERR_TOO_LARGE, "A settings file has at most %zu bytes.",
				  max_bytes);
	if (!str_is_utf8(text))
		return err_refuse(e, ERR_BAD_INPUT, "The file is not UTF-8 text.");
	if (str_starts(text, STR("\xef\xbb\xbf"))) /* some editors put it in front */
		text = str_sub(text, 3, text.len);
	if (!yaml_parser_initialize(&r->parser))
		return err_fail(e, ERR_FAILED, "There is no memory to read the file.");
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)(text.at ? text.at : ""),
				     text.len);
	return 0;
}

void yaml_reader_close(struct yaml_reader *r)
{
	yaml_event_delete(&r->event);
	yaml_parser_delete(&r->parser);
}
