/* SPDX-License-Identifier: Apache-2.0 */
/* base/yaml: a settings file that is taken is a flat list of names with one-line values, and says where each stood. */
#include "base/yaml.h"

#include "fuzz.h"

struct sample {
	struct str text;
	struct strs list;
	bool on;
	int64_t number;
	struct span span;
};
static const struct field sample_fields[] = {
	FIELD(sample, text, "a text"),	 FIELD(sample, list, "a list"),
	FIELD(sample, on, "a switch"),	 FIELD(sample, number, "a number"),
	FIELD(sample, span, "a length"), END,
};

static void check_text(struct str s)
{
	assert(str_is_utf8(s));
	for (size_t i = 0; i < s.len; i++)
		assert((unsigned char)s.at[i] >= ' ' && s.at[i] != 0x7f);
}

static void check_row(struct arena *a, const struct yaml_row *row, int last_line)
{
	struct sample out = { 0 };
	struct err e = { 0 };
	const struct reading how = { .arena = a };
	const struct field *f = field_find(sample_fields, row->name);
	check_text(row->name);
	assert(row->line >= 1 && row->line <= last_line);
	assert(row->is_list || row->values.len == 1);
	assert(row->values.len <= YAML_MAX_ITEMS);
	for (size_t i = 0; i < row->values.len; i++)
		check_text(row->values.at[i]);
	if (f && yaml_take(row, f, &out, &how, &e) != 0)
		assert(e.text[0] && e.field[0]);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct yaml y;
	struct err e = { 0 };
	int lines = 2;			 /* a mistake at the end stands behind the last line end */
	for (size_t i = 0; i < len; i++) /* NEL and the separators of Unicode end lines, too */
		lines += bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] >= 0x80;
	int result = yaml_parse(&a, text_of(bytes, len), &y, &e);
	assert(y.line >= 1 && y.line <= lines);
	assert(result == 0 || e.text[0]);
	assert(y.rows.len <= YAML_MAX_ROWS);
	LIST_EACH (row, &y.rows) {
		check_row(&a, row, lines);
		assert(yaml_find(&y, str_z(&a, row->name)) == row);
	}
	return 0;
}
