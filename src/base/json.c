/* SPDX-License-Identifier: Apache-2.0 */
/* json: see json.h. Structs by their tables are json_field.c; the lax door's reader is json_scan.c. Before cJSON goes
 * one linear scan, so that no body reaches it that is deep, vast or ill-formed. */
#include "base/json.h"

#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

struct key {
	const char *name;
};

struct scan {
	struct str text;
	size_t i, depth, values;
};

static int refuse_at(struct str text, size_t byte, const char *what, struct err *e)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < byte && i < text.len; i++) {
		column = text.at[i] == '\n' ? 1 : column + 1;
		line += text.at[i] == '\n';
	}
	return err_refuse(e, ERR_BAD_INPUT, "The JSON %s (line %zu, byte %zu of it).", what, line,
			  column);
}

/* From the byte after the opening quote to the closing one. */
static int scan_string(struct scan *s, struct err *e)
{
	for (s->i++; s->i < s->text.len && s->text.at[s->i] != '"'; s->i++) {
		if ((unsigned char)s->text.at[s->i] < 0x20)
			return refuse_at(s->text, s->i, "has a bare control character in a text",
					 e);
		if (s->text.at[s->i] != '\\')
			continue;
		if (str_starts(str_sub(s->text, s->i, 6), STR("\\u0000")))
			return refuse_at(s->text, s->i, "has a \\u0000 in a text", e);
		s->i++;
	}
	return 0;
}

static int scan(struct scan *s, struct err *e)
{
	for (; s->i < s->text.len; s->i++) {
		char c = s->text.at[s->i];
		if (c == '"' && scan_string(s, e))
			return -1;
		if (c == '{' || c == '[') {
			s->values++;
			if (++s->depth > JSON_MAX_DEPTH)
				return refuse_at(s->text, s->i, "is nested more than 32 deep", e);
		} else if (c == '}' || c == ']') {
			s->depth -= s->depth > 0;
		} else if (c == ',') {
			s->values++;
		}
		if (s->values > JSON_MAX_VALUES)
			return refuse_at(s->text, s->i, "has more than 100000 values", e);
	}
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static int check_object(struct arena *a, const cJSON *object, struct err *e)
{
	size_t n = 0;
	for (const cJSON *c = object->child; c; c = c->next)
		n++;
	if (n > JSON_MAX_KEYS)
		return err_refuse(e, ERR_BAD_INPUT, "An object of the JSON has more than %d keys.",
				  JSON_MAX_KEYS);
	if (n < 2)
		return 0;
	struct key *keys = ARENA_ARRAY(a, struct key, n);
	n = 0;
	for (const cJSON *c = object->child; c; c = c->next, n++)
		keys[n] = (struct key){ c->string };
	qsort(keys, n, sizeof(keys[0]), compare_keys);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i - 1].name, keys[i].name) == 0)
			return err_refuse(e, ERR_BAD_INPUT,
					  "The JSON has the key \"%.60s\" twice in one object.",
					  keys[i].name);
	return 0;
}

static int check_keys(struct arena *a, const cJSON *v, struct err *e)
{
	if (cJSON_IsObject(v) && check_object(a, v, e))
		return -1;
	for (const cJSON *c = v->child; c; c = c->next)
		if (c->child && check_keys(a, c, e))
			return -1;
	return 0;
}

static void delete_tree(void *tree)
{
	cJSON_Delete(tree);
}

static int check_some(struct str text, struct err *e)
{
	if (!str_trim(text).len)
		return err_refuse(e, ERR_BAD_INPUT, "The body is empty where JSON is expected.");
	return 0;
}

static int check_text(struct str text, struct err *e)
{
	if (check_some(text, e))
		return -1;
	if (!str_is_utf8(text))
		return err_refuse(e, ERR_BAD_INPUT, "The JSON is not well-formed UTF-8.");
	return 0;
}

int json_parse(struct arena *a, struct str text, struct json **out, struct err *e)
{
	ARENA(scratch);
	struct scan s = { .text = text };
	const char *end = NULL;
	if (check_text(text, e) || scan(&s, e))
		return -1;
	cJSON *tree = cJSON_ParseWithLengthOpts(text.at, text.len, &end, 0);
	size_t at = end ? (size_t)(end - text.at) : 0;
	if (!tree)
		return refuse_at(text, at, "cannot be read", e);
	arena_defer(a, delete_tree, tree);
	struct str rest = str_sub(text, at, text.len);
	if (str_trim(rest).len)
		return refuse_at(text, at, "ends, but more text follows", e);
	if (check_keys(&scratch, tree, e))
		return -1;
	*out = (struct json *)(void *)tree;
	return 0;
}

/* The bytes that start a well-formed character of UTF-8; 0: none does. */
static size_t character_at(struct str s, size_t i)
{
	for (size_t n = 1; n <= 4 && i + n <= s.len; n++)
		if (str_is_utf8(str_sub(s, i, n)))
			return n;
	return 0;
}

/* Each byte that is part of no character becomes U+FFFD, as in Go. */
static struct str mended(struct arena *a, struct str s)
{
	struct buf b = BUF(a);
	for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
		n = character_at(s, i);
		buf_add(&b, n ? str_sub(s, i, n) : STR("\xEF\xBF\xBD"));
	}
	return buf_str(&b);
}

int json_parse_lax(struct arena *a, struct str text, struct json **out, struct err *e)
{
	const char *what;
	size_t at;
	if (check_some(text, e))
		return -1;
	if (!str_is_utf8(text))
		text = mended(a, text);
	cJSON *tree = json_scan(a, text, &what, &at);
	if (!tree)
		return refuse_at(text, at, what, e);
	*out = (struct json *)(void *)tree;
	return 0;
}

static const cJSON *tree_of(const struct json *j)
{
	return (const cJSON *)(const void *)j;
}

static const struct json *json_of(const cJSON *c)
{
	return (const struct json *)(const void *)c;
}

bool json_is_object(const struct json *j)
{
	return cJSON_IsObject(tree_of(j));
}

bool json_is_array(const struct json *j)
{
	return cJSON_IsArray(tree_of(j));
}

bool json_is_null(const struct json *j)
{
	return cJSON_IsNull(tree_of(j));
}

bool json_is_text(const struct json *j)
{
	return cJSON_IsString(tree_of(j));
}

const struct json *json_get(const struct json *object, const char *key)
{
	if (!json_is_object(object))
		return NULL;
	const struct json *member = json_of(cJSON_GetObjectItemCaseSensitive(tree_of(object), key));
	return json_is_null(member) ? NULL : member;
}

const struct json *json_first(const struct json *j)
{
	return json_is_object(j) || json_is_array(j) ? json_of(tree_of(j)->child) : NULL;
}

const struct json *json_next(const struct json *j)
{
	return j ? json_of(tree_of(j)->next) : NULL;
}

struct str json_key(const struct json *j)
{
	return str_of(j ? tree_of(j)->string : NULL);
}

struct str json_text(const struct json *j)
{
	return str_of(json_is_text(j) ? tree_of(j)->valuestring : NULL);
}

bool json_int(const struct json *j, int64_t *out)
{
	static const double limit =
		9007199254740992.0; /* 2^53: from here on, neighbours read alike */
	if (!cJSON_IsNumber(tree_of(j)))
		return false;
	double d = tree_of(j)->valuedouble;
	if (!(d > -limit && d < limit) || d != (double)(int64_t)d)
		return false;
	*out = (int64_t)d;
	return true;
}

bool json_bool(const struct json *j, bool *out)
{
	if (!cJSON_IsBool(tree_of(j)))
		return false;
	*out = cJSON_IsTrue(tree_of(j));
	return true;
}

void json_remove(struct json *object, const char *key)
{
	cJSON_DeleteItemFromObjectCaseSensitive((cJSON *)(void *)object, key);
}
