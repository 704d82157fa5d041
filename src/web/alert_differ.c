/* SPDX-License-Identifier: Apache-2.0 */
/* alert_differ: rows that would look alike say by which labels they differ: "instance db-3". What a row says besides:
 * alert_rows.c. */
#include "base/json.h"
#include "web/alert_look.h"

enum { MOST_TOLD = 3, VALUE_BYTES = 60 };

/* Rows that look alike, and their labels. */
struct twins {
	LIST_OF(struct alert_row *) rows;
	LIST_OF(const struct json *) labels;
};

static bool looks_like(const struct alert_row *a, const struct alert_row *b)
{
	return !a->is_flood && !b->is_flood && str_eq(a->name, b->name) &&
	       str_eq(a->service, b->service) && str_eq(a->summary, b->summary);
}

static void find_twins(const struct alert_rows *rows, const struct alert_row *of, struct arena *a,
		       struct twins *out)
{
	LIST_EACH (r, rows) {
		struct json *labels = NULL;
		struct err ignored = { 0 };
		if (!looks_like(r, of) || json_parse_lax(a, r->labels, &labels, &ignored) != 0)
			continue;
		*LIST_ADD(a, &out->rows) = r;
		*LIST_ADD(a, &out->labels) = labels;
	}
}

static bool has_another_value(const struct twins *t, const char *key, struct str value)
{
	LIST_EACH (labels, &t->labels)
		if (!str_eq(json_text(json_get(*labels, key)), value))
			return true;
	return false;
}

static struct str differing(const struct twins *t, const struct json *labels, struct arena *a)
{
	struct buf b = BUF(a);
	size_t told = 0;
	for (const struct json *l = json_first(labels); l && told < MOST_TOLD; l = json_next(l)) {
		struct str key = json_key(l), value = json_text(l);
		if (str_is(key, "severity") || !has_another_value(t, str_z(a, key), value))
			continue;
		buf_z(&b, told++ ? ", " : "");
		buf_add(&b, str_clip(key, VALUE_BYTES));
		buf_c(&b, ' ');
		buf_add(&b, str_clip(value, VALUE_BYTES));
	}
	return buf_str(&b);
}

void rows_differ(struct alert_rows *rows, struct arena *a)
{
	LIST_EACH (r, rows) {
		struct twins t = { 0 };
		if (r->is_flood || r->differs.len)
			continue;
		find_twins(rows, r, a, &t);
		for (size_t i = 0; t.rows.len > 1 && i < t.rows.len; i++)
			t.rows.at[i]->differs = differing(&t, t.labels.at[i], a);
	}
}
