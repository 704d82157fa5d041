/* SPDX-License-Identifier: Apache-2.0 */
/* base/match: what is read prints, and reads back the same; a set of labels is matched within its limits. The first line is
 * matchers, the rest labels. */
#include "base/match.h"

#include "fuzz.h"

static void assert_prints(struct arena *a, const struct matcher *m)
{
	struct buf b = BUF(a);
	struct matcher again;
	struct err e = { 0 };
	matcher_print(m, &b);
	assert(matcher_parse(a, buf_str(&b), &again, &e) == 0 && matcher_eq(m, &again));
}

static void assert_fits(struct arena *a, const struct matchers *all, struct str labels)
{
	struct match *m;
	struct err e = { 0 };
	if (match_new(a, all, &m, &e) != 0) {
		assert(e.code == ERR_BAD_FIELD && e.text[0]);
		return;
	}
	bool fits = match_fits(m, labels);
	assert(fits == match_fits(m, labels));
	if (!all->len)
		assert(fits);
	LIST_EACH (x, all) {
		struct str value = match_label(a, labels, str_z(a, x->name));
		if (fits && x->op == MATCH_IS)
			assert(str_eq(value, x->value));
		if (fits && x->op == MATCH_IS_NOT)
			assert(!str_eq(value, x->value));
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str text = text_of(bytes, len), line;
	struct matchers all = { 0 };
	struct err e = { 0 };
	if (!str_cut(&text, '\n', &line) || matchers_parse(&a, line, &all, &e) != 0)
		return 0;
	LIST_EACH (m, &all)
		assert_prints(&a, m);
	assert_fits(&a, &all, text);
	return 0;
}
