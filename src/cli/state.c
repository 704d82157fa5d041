/* SPDX-License-Identifier: Apache-2.0 */
/* state: see state.h. */
#include "cli/state.h"

#include "cli/pick.h"

/* Prints the members that the table knows; a newer server may send more. */
static void add_known(const struct json *object, const struct field *table, struct buf *b)
{
	bool is_first = true;
	buf_c(b, '{');
	for (const struct json *c = json_first(object); c; c = json_next(c)) {
		const struct field *row = field_find(table, json_key(c));
		if (!row)
			continue;
		buf_z(b, is_first ? "" : ",");
		is_first = false;
		buf_json(b, json_key(c));
		buf_c(b, ':');
		if (row->kind != KIND_ITEMS || !json_is_array(c)) {
			pick_print(c, b);
			continue;
		}
		buf_c(b, '[');
		for (const struct json *item = json_first(c); item; item = json_next(item)) {
			buf_z(b, item == json_first(c) ? "" : ",");
			add_known(item, row->item, b); /* as deep as the tables */
		}
		buf_c(b, ']');
	}
	buf_c(b, '}');
}

int state_of_json(const struct json *reply, const struct reading *reading, struct incident *out,
		  struct err *e)
{
	struct arena *a = reading->arena;
	struct buf known = BUF(a);
	struct json *j = NULL;
	const struct json *object = json_get(reply, "incident");
	*out = (struct incident){ .arena = a };
	add_known(json_is_object(object) ? object : reply, incident_fields, &known);
	if (json_parse(a, buf_str(&known), &j, e) ||
	    fields_from_json(incident_fields, j, out, reading, e))
		return err_context(e, "the server's incident");
	return 0;
}

int state_read(struct caller *c, int64_t incident, struct state *out, struct err *e)
{
	struct json *reply = NULL;
	*out = (struct state){ 0 };
	if (caller_get(c, str_fmt(c->arena, "/api/v1/incidents/%lld", (long long)incident), &reply,
		       &out->raw, e))
		return -1;
	out->reply = reply;
	return state_of_json(reply, &c->reading, &out->incident, e);
}

struct str state_name(const struct json *people, struct str id)
{
	for (const struct json *row = json_first(pick_rows(people)); row; row = json_next(row))
		if (str_eq(json_text(json_get(row, "id")), id)) {
			struct str name = json_text(json_get(row, "name"));
			return name.len ? name : id;
		}
	return id;
}

const struct json *state_people(struct caller *c)
{
	struct json *people = NULL;
	struct err ignored = { 0 };
	return caller_get(c, STR("/api/v1/people"), &people, NULL, &ignored) ? NULL : people;
}
