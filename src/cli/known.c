/* SPDX-License-Identifier: Apache-2.0 */
/* known: see known.h. */
#include "cli/known.h"

#include "cli/pick.h"
#include "core/words.h"

static struct str first_part(struct str name)
{
	struct str part = { 0 };
	(void)str_cut(&name, '.', &part);
	return part;
}

static struct str nearest(struct str name, const struct strs *known)
{
	struct str best = { 0 };
	int least = name.len >= 5 ? 3 : 2; /* in a short word two changes are another word */
	for (size_t i = 0; i < known->len; i++) {
		int far = words_distance(name, known->at[i]);
		if (far < least) {
			least = far;
			best = known->at[i];
		}
	}
	return best;
}

static int refuse(struct caller *c, struct str name, const struct strs *known, struct err *e)
{
	struct str near = nearest(name, known);
	caller_warn(c, str_fmt(c->arena, "The fields are: " STR_FMT ".",
			       STR_ARG(strs_join(c->arena, known, ", "))));
	err_refuse(e, ERR_USAGE, "There is no field '" STR_FMT "' for --json.",
		   STR_ARG(str_clip(name, 60)));
	if (near.len)
		err_next(e, "Did you mean '" STR_FMT "'?", STR_ARG(near));
	return -1;
}

static bool has_member(const struct json *row, struct str name)
{
	for (const struct json *m = json_is_object(row) ? json_first(row) : NULL; m;
	     m = json_next(m))
		if (str_eq(json_key(m), name))
			return true;
	return false;
}

static bool is_in_reply(const struct json *reply, struct str name)
{
	const struct json *rows = pick_rows(reply);
	if (!rows)
		return has_member(reply, name);
	for (const struct json *row = json_first(rows); row; row = json_next(row))
		if (has_member(row, name))
			return true;
	return false;
}

/* "/api/v1/incidents/42/timeline?x" as the description spells it: a number is a hole. */
static struct str path_told(struct arena *a, struct str path)
{
	struct str part, rest = path;
	struct buf b = BUF(a);
	int64_t n;
	(void)str_cut(&rest, '?', &path);
	path = str_sub(path, 1, path.len);
	while (str_cut(&path, '/', &part))
		if (str_to_int(part, &n))
			buf_z(&b, "/{incident}");
		else
			buf_fmt(&b, "/" STR_FMT, STR_ARG(part));
	return buf_str(&b);
}

static const struct json *member_of(const struct json *j, struct str name)
{
	for (const struct json *m = json_is_object(j) ? json_first(j) : NULL; m; m = json_next(m))
		if (str_eq(json_key(m), name))
			return m;
	return NULL;
}

/* Follows "#/components/schemas/X". */
static const struct json *followed(const struct json *doc, const struct json *schema)
{
	struct str ref = json_text(json_get(schema, "$ref")), part;
	if (!ref.len)
		return schema;
	(void)str_cut(&ref, '/', &part);
	while (doc && str_cut(&ref, '/', &part))
		doc = member_of(doc, part);
	return doc;
}

/* The properties of the reply, or of the rows of the list that it is. */
static const struct json *properties_of(const struct json *doc, struct str path)
{
	static const char *const steps[] = { "get",	"responses",	    "2XX",
					     "content", "application/json", "schema" };
	const struct json *j = member_of(json_get(doc, "paths"), path);
	for (size_t i = 0; j && i < sizeof(steps) / sizeof(steps[0]); i++)
		j = json_get(j, steps[i]);
	const struct json *properties = json_get(followed(doc, j), "properties");
	for (const struct json *p = properties ? json_first(properties) : NULL; p;
	     p = json_next(p)) {
		const struct json *items = json_get(p, "items");
		if (items && json_get(items, "$ref"))
			return json_get(followed(doc, items), "properties");
	}
	return properties;
}

int known_in_reply(struct caller *c, struct str path, const struct json *reply, struct err *e)
{
	const struct strs names = strs_split(c->arena, c->args.json_fields, ',');
	const struct json *properties = NULL;
	struct json *doc = NULL;
	struct err ignored = { 0 };
	struct strs known = { 0 };
	for (size_t i = 0; i < names.len; i++) {
		struct str name = first_part(names.at[i]);
		if (is_in_reply(reply, name))
			continue;
		if (!doc && (caller_get(c, STR("/openapi.json"), &doc, NULL, &ignored) != 0 ||
			     !(properties = properties_of(doc, path_told(c->arena, path)))))
			return 0;
		if (has_member(properties, name))
			continue;
		for (const struct json *p = json_first(properties); p; p = json_next(p))
			known.len++;
		known.at = ARENA_ARRAY(c->arena, struct str, known.len);
		known.len = 0;
		for (const struct json *p = json_first(properties); p; p = json_next(p))
			known.at[known.len++] = json_key(p);
		return refuse(c, name, &known, e);
	}
	return 0;
}

static int known_in_list(struct caller *c, const char *list, struct err *e)
{
	const struct strs names = strs_split(c->arena, c->args.json_fields, ',');
	const struct strs known = strs_split(c->arena, str_of(list), ' ');
	for (size_t i = 0; i < names.len; i++)
		if (!strs_has(&known, first_part(names.at[i])))
			return refuse(c, first_part(names.at[i]), &known, e);
	return 0;
}

int known_in_outcome(struct caller *c, struct err *e)
{
	return known_in_list(c, "incident seq pos made repeat said next", e);
}

int known_in_stream(struct caller *c, struct err *e)
{
	return known_in_list(c, "pos stream seq at type actor said", e);
}
