/* SPDX-License-Identifier: Apache-2.0 */
/* path: see path.h. */
#include "intake/path.h"

enum { HOLE_MAX_BYTES = 16384 }; /* the longest text that an alert keeps */

static const struct json *element(const struct json *list, struct str index)
{
	int64_t i;
	if (!str_to_int(index, &i) || i < 0)
		return NULL;
	const struct json *c = json_first(list);
	while (c && i--)
		c = json_next(c);
	return c;
}

static const struct json *child(const struct json *j, struct str name)
{
	if (json_is_array(j))
		return element(j, name);
	for (const struct json *c = json_first(j); c; c = json_next(c))
		if (str_eq(json_key(c), name))
			return c;
	return NULL;
}

const struct json *path_get(const struct json *j, struct str path)
{
	struct str head;
	if (!path.len)
		return NULL;
	while (j && path.len) {
		const struct json *whole = child(j, path); /* a name with dots in it */
		if (whole)
			return whole;
		(void)str_cut(&path, '.', &head);
		j = path.len ? child(j, head) : NULL;
	}
	return j;
}

struct str path_text(const struct json *j, struct str path, struct arena *a)
{
	return str_trim(json_plain(path_get(j, path), a));
}

/* Takes the text before the next hole and the hole's path off *rest. False when no hole is left. */
static bool next_hole(struct str *rest, struct str *before, struct str *path)
{
	size_t open = str_find(*rest, STR("{{"));
	if (open == SIZE_MAX)
		return false;
	struct str inside = str_sub(*rest, open + 2, rest->len);
	size_t close = str_find(inside, STR("}}"));
	if (close == SIZE_MAX)
		return false;
	*before = str_sub(*rest, 0, open);
	*path = str_trim(str_sub(inside, 0, close));
	*rest = str_sub(inside, close + 2, inside.len);
	return true;
}

struct str path_fill(const struct json *j, struct str t, struct arena *a)
{
	struct buf b = BUF(a);
	struct str rest = t, before, path;
	bool any = false;
	if (str_find(t, STR("{{")) == SIZE_MAX)
		return path_text(j, str_trim(t), a);
	while (next_hole(&rest, &before, &path)) {
		struct str value = path_text(j, path, a);
		any = any || value.len;
		buf_add(&b, before);
		buf_add(&b, str_clip(value, HOLE_MAX_BYTES));
	}
	buf_add(&b, rest);
	return any ? str_trim(buf_str(&b)) : (struct str){ NULL, 0 };
}

bool path_fills(const struct json *j, struct str t, struct arena *a)
{
	struct str rest = t, before, path;
	if (str_find(t, STR("{{")) == SIZE_MAX)
		return path_text(j, str_trim(t), a).len > 0;
	while (next_hole(&rest, &before, &path))
		if (!path_text(j, path, a).len)
			return false;
	return true;
}

int path_check(struct str t, struct err *e)
{
	struct str rest = t, before, path;
	while (next_hole(&rest, &before, &path))
		if (!path.len)
			return err_refuse(e, ERR_BAD_FIELD,
					  "A hole is empty: write the path between {{ and }}.");
	if (str_find(rest, STR("{{")) != SIZE_MAX)
		return err_refuse(e, ERR_BAD_FIELD, "A hole is not closed: {{ needs its }}.");
	return 0;
}
