/* SPDX-License-Identifier: Apache-2.0 */
/* json_show: JSON values back as text; see json.h. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

static void show_number(double d, struct buf *out)
{
	char text[32];
	/* the shortest of the two that reads back as the same number: 0.1, not 0.10000000000000001 */
	(void)snprintf(text, sizeof(text), "%.15g", d);
	if (strtod(text, NULL) != d)
		(void)snprintf(text, sizeof(text), "%.17g", d);
	buf_z(out, text);
}

static void show_children(const struct json *j, struct buf *out)
{
	bool is_object = json_is_object(j);
	buf_c(out, is_object ? '{' : '[');
	for (const struct json *c = json_first(j); c; c = json_next(c)) {
		if (c != json_first(j))
			buf_c(out, ',');
		if (is_object) {
			buf_json(out, json_key(c));
			buf_c(out, ':');
		}
		json_show(c, out);
	}
	buf_c(out, is_object ? '}' : ']');
}

void json_show(const struct json *j, struct buf *out)
{
	const cJSON *c = (const cJSON *)(const void *)j;
	bool yes;
	if (json_is_object(j) || json_is_array(j))
		show_children(j, out);
	else if (json_is_text(j))
		buf_json(out, json_text(j));
	else if (json_bool(j, &yes))
		buf_z(out, yes ? "true" : "false");
	else if (cJSON_IsNumber(c) && c->valuedouble - c->valuedouble == 0)
		show_number(c->valuedouble, out);
	else
		buf_z(out, "null"); /* and what is past all numbers: 1e999 */
}

struct str json_plain(const struct json *j, struct arena *a)
{
	const cJSON *c = (const cJSON *)(const void *)j;
	struct buf b = BUF(a);
	if (!j || cJSON_IsNull(c))
		return (struct str){ NULL, 0 };
	if (json_is_text(j))
		return json_text(j);
	json_show(j, &b);
	return buf_str(&b);
}
