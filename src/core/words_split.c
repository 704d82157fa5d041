/* SPDX-License-Identifier: Apache-2.0 */
/* words_split: a line into words, and how close two words are. The grammar: words.c. */
#include "core/words.h"

enum { FAR = 99, LONGEST_WORD = 40 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One word off the line into `to`; false when a quote never ends. */
static bool take_word(struct str line, size_t *at, char *to, size_t *len)
{
	char quote = 0;
	for (; *at < line.len && (quote || !is_blank(line.at[*at])); (*at)++) {
		char c = line.at[*at];
		if (quote == '"' && c == '\\' && *at + 1 < line.len) {
			c = line.at[++*at];
			to[(*len)++] = c == 'n' ? '\n' : c;
		} else if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
		} else {
			to[(*len)++] = c;
		}
	}
	return !quote;
}

int words_split(struct arena *a, struct str line, struct strs *out, struct err *e)
{
	char *bytes = arena_alloc(a, line.len + 1);
	*out = (struct strs){ ARENA_ARRAY(a, struct str, line.len / 2 + 1), 0 };
	for (size_t at = 0, used = 0; at < line.len;) {
		if (is_blank(line.at[at])) {
			at++;
			continue;
		}
		size_t len = 0;
		if (!take_word(line, &at, bytes + used, &len))
			return err_refuse(e, ERR_USAGE, "A quote is opened and never closed.");
		out->at[out->len++] = (struct str){ bytes + used, len };
		used += len;
	}
	return 0;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

int words_distance(struct str a, struct str b)
{
	int row[3][LONGEST_WORD + 1] = { { 0 } };
	if (a.len > LONGEST_WORD || b.len > LONGEST_WORD)
		return FAR;
	for (size_t j = 0; j <= b.len; j++)
		row[0][j] = (int)j;
	for (size_t i = 1; i <= a.len; i++) {
		int *now = row[i % 3];
		const int *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];
		now[0] = (int)i;
		for (size_t j = 1; j <= b.len; j++) {
			int swap = a.at[i - 1] != b.at[j - 1];
			now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + swap);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return row[a.len % 3][b.len];
}
