/* SPDX-License-Identifier: Apache-2.0 */
/* pick: see pick.h. */
#include "cli/pick.h"

#include "base/when.h"

static void print_children(const struct json *j, struct buf *b)
{
	bool is_object = json_is_object(j);
	buf_c(b, is_object ? '{' : '[');
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		if (c != json_first(j))
			buf_c(b, ',');
		if (is_object) {
			buf_json(b, json_key(c));
			buf_c(b, ':');
		}
		pick_print(c, b); /* as deep as json_parse lets anything be */
	}
	buf_c(b, is_object ? '}' : ']');
}

void pick_print(const struct json *j, struct buf *b)
{
	int64_t n;
	bool yes;
	if (!j)
		buf_z(b, "null");
	else if (json_is_object(j) || json_is_array(j))
		print_children(j, b);
	else if (json_is_text(j))
		buf_json(b, json_text(j));
	else if (json_int(j, &n))
		buf_int(b, n);
	else if (json_bool(j, &yes))
		buf_z(b, yes ? "true" : "false");
	else
		buf_z(b, "null");
}

const struct json *pick_rows(const struct json *reply)
{
	if (json_is_array(reply))
		return reply;
	const struct json *first = json_is_object(reply) ? json_first(reply) : NULL;
	int64_t n;
	if (first && json_int(first, &n)) /* {"incident":42,"timeline":[...]} */
		first = json_next(first);
	return json_is_array(first) ? first : NULL;
}

static const struct json *member(const struct json *j, struct str path)
{
	struct str part;
	while (j && str_cut(&path, '.', &part)) {
		const struct json *c = json_is_object(j) ? json_first(j) : NULL;
		while (c && !str_eq(json_key(c), part))
			c = json_next(c);
		j = c;
	}
	return j;
}

const struct json *pick_at(const struct json *j, const char *path)
{
	return member(j, str_of(path));
}

struct str pick_text(struct arena *a, const struct json *j, const char *path)
{
	const struct json *m = pick_at(j, path);
	struct buf b = BUF(a);
	int64_t n;
	if (json_is_text(m))
		return json_text(m);
	if (m && json_int(m, &n))
		return str_fmt(a, "%lld", (long long)n);
	if (!json_is_array(m))
		return (struct str){ 0 };
	for (const struct json *c = json_first(m); c; c = json_next(c)) {
		buf_z(&b, b.len ? ", " : "");
		buf_add(&b, json_text(c));
	}
	return buf_str(&b);
}

int64_t pick_int(const struct json *j, const char *path)
{
	int64_t n = 0;
	const struct json *m = pick_at(j, path);
	return m && json_int(m, &n) ? n : 0;
}

int64_t pick_when(const struct json *j, const char *path)
{
	int64_t ms = 0;
	const struct json *m = pick_at(j, path);
	if (json_is_text(m) && !when_parse_rfc3339(json_text(m), &ms))
		return 0;
	return json_is_text(m) ? ms : pick_int(j, path);
}

static void add_picked(const struct json *row, const struct strs *names, struct buf *b)
{
	buf_c(b, '{');
	for (size_t i = 0; i < names->len; i++) {
		buf_z(b, i ? "," : "");
		buf_json(b, names->at[i]);
		buf_c(b, ':');
		pick_print(member(row, names->at[i]), b);
	}
	buf_c(b, '}');
}

void pick_fields(struct arena *a, const struct json *reply, struct str names, struct buf *b)
{
	const struct strs wanted = strs_split(a, names, ',');
	const struct json *rows = pick_rows(reply);
	if (!rows) {
		add_picked(reply, &wanted, b);
		return;
	}
	buf_c(b, '[');
	for (const struct json *row = json_first(rows); row; row = json_next(row)) {
		buf_z(b, row == json_first(rows) ? "" : ",");
		add_picked(row, &wanted, b);
	}
	buf_c(b, ']');
}
