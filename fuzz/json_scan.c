/* SPDX-License-Identifier: Apache-2.0 */
/* base/json_scan against cJSON: what one takes the other takes, and their trees are equal. Ours refuses more: depth, size,
 * and a \u without four digits, of which cJSON makes a NUL. Ours replaces \u0000 and half a surrogate pair. */
#include <cjson/cJSON.h>
#include <string.h>

#include "base/json_scan.h"
#include "fuzz.h"

static bool has_bad_unicode(struct str s)
{
	for (size_t i = 0; i + 1 < s.len; i++) {
		if (s.at[i] != '\\')
			continue;
		i++;
		for (size_t k = 1; s.at[i] == 'u' && k <= 4; k++)
			if (i + k >= s.len || hex_value(s.at[i + k]) < 0)
				return true;
	}
	return false;
}

static bool has_escape(struct str s, struct str start)
{
	for (size_t i = 0; i + 1 < s.len; i++)
		if (s.at[i] == '\\' && str_eq_nocase(str_sub(s, i + 1, start.len), start))
			return true;
		else if (s.at[i] == '\\')
			i++;
	return false;
}

static bool came_before(const cJSON *object, const cJSON *member)
{
	for (const cJSON *c = object->child; c != member; c = c->next)
		if (strcmp(c->string, member->string) == 0)
			return true;
	return false;
}

static void assert_equal(const cJSON *ours, const cJSON *theirs)
{
	assert(ours->type == theirs->type);
	if (cJSON_IsString(theirs))
		assert(strcmp(ours->valuestring, theirs->valuestring) == 0);
	if (cJSON_IsNumber(theirs))
		assert(memcmp(&ours->valuedouble, &theirs->valuedouble, sizeof(double)) == 0 &&
		       ours->valueint == theirs->valueint);
	const cJSON *o = ours->child, *last = NULL;
	for (const cJSON *c = theirs->child; c; c = c->next) {
		if (cJSON_IsObject(theirs) && came_before(theirs, c))
			continue; /* the first is kept */
		assert(o);
		assert(!cJSON_IsObject(theirs) || strcmp(o->string, c->string) == 0);
		assert(o == ours->child || o->prev == last);
		assert_equal(o, c);
		last = o;
		o = o->next;
	}
	assert(!o);
	assert(!ours->child || ours->child->prev == last);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	const char *what = NULL, *end = NULL;
	size_t at = 0;
	if (!str_is_utf8(s))
		return 0;
	cJSON *ours = json_scan(&a, s, &what, &at);
	assert(at <= s.len && (ours != NULL) == (what == NULL));
	cJSON *theirs = cJSON_ParseWithLengthOpts(s.at ? s.at : "", s.len, &end, 0);
	bool is_whole = theirs && !str_trim(str_sub(s, (size_t)(end - s.at), s.len)).len;
	if (ours && (has_escape(s, STR("u0000")) || (!is_whole && has_escape(s, STR("ud"))))) {
		; /* what cJSON cuts short or refuses, half a pair too, is replaced by us */
	} else if (ours) {
		assert(is_whole);
		assert_equal(ours, theirs);
	} else if (is_whole) {
		assert(strcmp(what, "cannot be read") != 0 || has_bad_unicode(s));
	}
	cJSON_Delete(theirs);
	return 0;
}
