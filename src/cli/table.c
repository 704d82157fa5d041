/* SPDX-License-Identifier: Apache-2.0 */
/* table: see table.h. */
#include "cli/table.h"

#include "cli/clean.h"

struct layout {
	size_t width[TABLE_MAX_COLUMNS]; /* as printed; 0 = left out */
	size_t count;
};

static size_t column_count(const struct column *c)
{
	size_t n = 0;
	while (c[n].name && n < TABLE_MAX_COLUMNS)
		n++;
	return n;
}

struct str *table_row(struct table *t)
{
	size_t n = column_count(t->columns), from = t->cells.len;
	for (size_t i = 0; i < n; i++)
		(void)LIST_ADD(t->arena, &t->cells);
	return t->cells.at + from;
}

static struct str cell(const struct table *t, size_t row, size_t column, size_t count)
{
	return clean_line(t->arena, t->cells.at[row * count + column]);
}

static size_t total(const struct layout *l)
{
	size_t sum = 0;
	for (size_t i = 0; i < l->count; i++)
		sum += l->width[i] ? l->width[i] + TABLE_GAP : 0;
	return sum ? sum - TABLE_GAP : 0;
}

static struct layout natural(const struct table *t)
{
	struct layout l = { .count = column_count(t->columns) };
	for (size_t c = 0; c < l.count; c++) {
		for (size_t r = 0; r < t->cells.len / l.count; r++) {
			size_t wide = clean_width(cell(t, r, c, l.count));
			l.width[c] = wide > l.width[c] ? wide : l.width[c];
		}
		size_t heading = clean_width(str_of(t->columns[c].name));
		if (l.width[c] && l.width[c] < heading)
			l.width[c] = heading; /* a column without any text has no heading either */
	}
	return l;
}

/* How narrow it can get without losing a column. */
static size_t narrowest(const struct table *t, const struct layout *l)
{
	struct layout n = *l;
	for (size_t c = 0; c < l->count; c++)
		if (t->columns[c].least && n.width[c] > t->columns[c].least)
			n.width[c] = t->columns[c].least;
	return total(&n);
}

static bool drop_one(const struct table *t, struct layout *l)
{
	size_t worst = l->count;
	for (size_t c = 0; c < l->count; c++)
		if (l->width[c] && t->columns[c].drop &&
		    (worst == l->count || t->columns[c].drop > t->columns[worst].drop))
			worst = c;
	if (worst == l->count)
		return false;
	l->width[worst] = 0;
	return true;
}

static void fit(const struct table *t, struct layout *l, size_t width)
{
	while (narrowest(t, l) > width && drop_one(t, l))
		;
	while (total(l) > width) { /* the widest of those that may be cut gives way */
		size_t widest = l->count;
		for (size_t c = 0; c < l->count; c++)
			if (t->columns[c].least && l->width[c] > t->columns[c].least &&
			    (widest == l->count || l->width[c] > l->width[widest]))
				widest = c;
		if (widest == l->count)
			return;
		l->width[widest]--;
	}
}

static void print_line(const struct table *t, const struct layout *l, const struct str *cells,
		       struct buf *b)
{
	size_t owed = 0; /* blanks before the next text: no line ends in blanks */
	for (size_t c = 0; c < l->count; c++) {
		if (!l->width[c])
			continue;
		struct str text = clean_fit(t->arena, cells[c], l->width[c]);
		if (text.len)
			for (; owed; owed--)
				buf_c(b, ' ');
		buf_add(b, text);
		owed += l->width[c] - clean_width(text) + TABLE_GAP;
	}
	buf_c(b, '\n');
}

static void print_tabs(const struct table *t, size_t count, struct buf *b)
{
	for (size_t r = 0; r < t->cells.len / count; r++)
		for (size_t c = 0; c < count; c++) {
			buf_add(b, cell(t, r, c, count));
			buf_c(b, c + 1 == count ? '\n' : '\t');
		}
}

void table_print(const struct table *t, size_t width, struct buf *b)
{
	struct layout l = natural(t);
	struct str line[TABLE_MAX_COLUMNS];
	if (!l.count)
		return;
	if (width == TABLE_TABS) {
		print_tabs(t, l.count, b);
		return;
	}
	fit(t, &l, width);
	for (size_t c = 0; c < l.count; c++)
		line[c] = str_of(t->columns[c].name);
	print_line(t, &l, line, b);
	for (size_t r = 0; r < t->cells.len / l.count; r++) {
		for (size_t c = 0; c < l.count; c++)
			line[c] = cell(t, r, c, l.count);
		print_line(t, &l, line, b);
	}
}
