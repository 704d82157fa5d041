/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_reader: libyaml's events, one by one, without what is clever: anchors, aliases, tags, directives. For yaml.c and
 * yaml_tree.c alone. */
#ifndef APLOMB_YAML_READER_H
#define APLOMB_YAML_READER_H
#include <yaml.h>

#include "base/err.h"

struct yaml_reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the newest */
	struct arena *arena;
	int line;	/* of the newest event, or of what was refused; from 1 */
	bool has_lines; /* a text may hold line ends and tabs */
};
/* Refuses what is no UTF-8 or longer than max_bytes; needs yaml_reader_close after 0. The arena is set by the caller. */
int yaml_reader_open(struct yaml_reader *, struct str text, size_t max_bytes,
		     struct err *) MUST_USE;
void yaml_reader_close(struct yaml_reader *);
int yaml_reader_next(struct yaml_reader *, struct err *) MUST_USE;
/* The text of the newest event, a scalar; a copy in the arena. */
int yaml_reader_text(struct yaml_reader *, struct str *out, struct err *) MUST_USE;
/* Up to what the document holds, the newest event then; *is_empty: there is none. And its end: one document, no more. */
int yaml_reader_begin(struct yaml_reader *, bool *is_empty, struct err *) MUST_USE;
int yaml_reader_end(struct yaml_reader *, struct err *) MUST_USE;
#endif
