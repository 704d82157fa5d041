/* SPDX-License-Identifier: Apache-2.0 */
/* openapi_schema: field tables as JSON Schema; see openapi.h. */
#include "core/core.h"
#include "core/rhythm.h"
#include "web/inside.h"
#include "web/integrations.h"
#include "web/openapi.h"
#include "web/readiness.h"
#include "web/service_now.h"

static void comma(struct buf *b)
{
	char last = b->len ? b->at[b->len - 1] : '{';
	if (last != '{' && last != '[' && last != ':')
		buf_c(b, ',');
}

static void add_key(struct buf *b, const char *key)
{
	comma(b);
	if (!key)
		return;
	buf_json(b, str_of(key));
	buf_c(b, ':');
}

void json_open(struct buf *b, const char *key, char bracket)
{
	add_key(b, key);
	buf_c(b, bracket);
}

void json_shut(struct buf *b, char bracket)
{
	buf_c(b, bracket);
}

void json_pair(struct buf *b, const char *key, const char *text)
{
	add_key(b, key);
	buf_json(b, str_of(text));
}

void json_raw(struct buf *b, const char *key, const char *json)
{
	add_key(b, key);
	buf_z(b, json);
}

static void add_limit(struct buf *b, const char *key, size_t limit)
{
	add_key(b, key);
	buf_int(b, (int64_t)limit);
}

static void add_choices(struct buf *b, const struct field *f)
{
	json_pair(b, "type", "string");
	json_open(b, "enum", '[');
	for (const char *const *n = f->names; *n; n++)
		if (**n)
			json_pair(b, NULL, *n);
	json_shut(b, ']');
}

static void add_text(struct buf *b, const struct field *f, enum shape shape)
{
	json_pair(b, "type", "string");
	if (shape == SHAPE_SENT)
		add_limit(b, "maxLength", f->max ? f->max : FIELD_MAX_TEXT);
}

static void add_items(struct buf *b, const struct field *f, enum shape shape)
{
	json_pair(b, "type", "array");
	schema_struct(b, "items", f->item, shape);
	if (shape == SHAPE_SENT)
		add_limit(b, "maxItems", f->max ? f->max : FIELD_MAX_ITEMS);
}

static void add_kind(struct buf *b, const struct field *f, enum shape shape)
{
	bool is_sent = shape == SHAPE_SENT;
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
	case KIND_HTML:
		add_text(b, f, shape);
		return;
	case KIND_INT:
	case KIND_MAYBE_INT:
		json_pair(b, "type", "integer");
		if (is_sent && f->max)
			add_limit(b, "maximum", f->max);
		return;
	case KIND_BOOL:
		json_pair(b, "type", "boolean");
		return;
	case KIND_WHEN:
		if (is_sent) {
			json_raw(b, "type", "[\"string\",\"integer\"]");
			return;
		}
		json_pair(b, "type", "string");
		json_pair(b, "format", "date-time");
		return;
	case KIND_SPAN:
		json_raw(b, "type", is_sent ? "[\"string\",\"integer\"]" : "\"integer\"");
		return;
	case KIND_STRS:
		json_raw(b, "type", is_sent ? "[\"array\",\"string\"]" : "\"array\"");
		json_raw(b, "items", "{\"type\":\"string\"}");
		return;
	case KIND_CHOICE:
		add_choices(b, f);
		return;
	case KIND_ITEMS:
		add_items(b, f, shape);
		return;
	}
}

static const char *unit_of(enum field_kind kind, enum shape shape)
{
	if (kind == KIND_PERSON)
		return shape == SHAPE_SENT ? " (a user's id or login)" : " (a user's id)";
	if (kind == KIND_SPAN)
		return shape == SHAPE_SENT ? " (\"30m\", \"1h30m\", or milliseconds)"
					   : " (milliseconds)";
	if (kind == KIND_WHEN && shape == SHAPE_SENT)
		return " (RFC 3339, or milliseconds since 1970)";
	return "";
}

static bool is_in(const struct field *f, enum shape shape)
{
	return shape == SHAPE_SENT || (!f->secret && f->kind != KIND_HTML);
}

static void add_properties(struct buf *b, const struct field *fields, enum shape shape)
{
	ARENA(scratch);
	for (const struct field *f = fields; f->name; f++) {
		if (!is_in(f, shape))
			continue;
		json_open(b, f->name, '{');
		add_kind(b, f, shape);
		json_pair(b, "description",
			  str_fmt(&scratch, "%s%s", f->help, unit_of(f->kind, shape)).at);
		json_shut(b, '}');
	}
}

static void add_required(struct buf *b, const struct field *fields)
{
	bool has_any = false;
	for (const struct field *f = fields; f->name; f++)
		has_any = has_any || f->required;
	if (!has_any)
		return;
	json_open(b, "required", '[');
	for (const struct field *f = fields; f->name; f++)
		if (f->required)
			json_pair(b, NULL, f->name);
	json_shut(b, ']');
}

void schema_struct(struct buf *b, const char *key, const struct field *fields, enum shape shape)
{
	json_open(b, key, '{');
	json_pair(b, "type", "object");
	json_open(b, "properties", '{');
	add_properties(b, fields, shape);
	json_shut(b, '}');
	if (shape == SHAPE_SENT) {
		add_required(b, fields);
		json_raw(b, "additionalProperties", "false");
	}
	json_shut(b, '}');
}

void schema_verb(struct buf *b, const char *key, const struct verb *v)
{
	json_open(b, key, '{');
	json_pair(b, "type", "object");
	json_open(b, "properties", '{');
	add_properties(b, v->fields, SHAPE_SENT);
	json_raw(b, "because",
		 "{\"type\":\"string\",\"maxLength\":1000,\"description\":\"the reason to go on "
		 "although "
		 "a guard stands in the way; it is recorded\"}");
	json_raw(b, "accept",
		 "{\"type\":\"string\",\"description\":\"the guards that the reason is for, where "
		 "several stand in the way: names with commas\"}");
	json_raw(b, "seen",
		 "{\"type\":\"integer\",\"description\":\"the last seq that its writer saw; "
		 "refused when "
		 "somebody else moved the incident on since\"}");
	json_shut(b, '}');
	add_required(b, v->fields);
	json_raw(b, "additionalProperties", "false");
	json_shut(b, '}');
}

/* An entry of the timeline: its body has the shape that its type names. */
static void add_entry(struct buf *b)
{
	ARENA(scratch);
	json_raw(b, "Entry",
		 "{\"type\":\"object\",\"required\":[\"seq\",\"pos\",\"type\",\"happened_at\","
		 "\"recorded_at\",\"actor\",\"said\"],\"properties\":{\"seq\":{\"type\":"
		 "\"integer\"},"
		 "\"pos\":{\"type\":\"integer\",\"description\":\"in the ledger\"},"
		 "\"happened_at\":{\"type\":\"string\",\"format\":\"date-time\"},"
		 "\"recorded_at\":{\"type\":\"string\",\"format\":\"date-time\"},"
		 "\"actor\":{\"type\":\"string\",\"description\":\"a user's id; empty: Aplomb "
		 "itself\"},"
		 "\"said\":{\"type\":\"string\",\"description\":\"the entry as one sentence\"},"
		 "\"body\":{\"type\":\"object\"}");
	json_open(b, "type", '{');
	json_pair(b, "type", "string");
	json_open(b, "enum", '[');
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++)
			json_pair(b, NULL, t->name);
	buf_z(b, "]}}");
	json_open(b, "allOf", '[');
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++) {
			json_raw(b, NULL,
				 str_fmt(&scratch,
					 "{\"if\":{\"properties\":{\"type\":{\"const\":\"%s\"}}},"
					 "\"then\":{\"properties\":{\"body\":{\"$ref\":"
					 "\"#/components/schemas/event.%s\"}}}}",
					 t->name, t->name)
					 .at);
		}
	buf_z(b, "]}");
}

static void add_events(struct buf *b)
{
	ARENA(scratch);
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++)
			schema_struct(b, str_fmt(&scratch, "event.%s", t->name).at, t->fields,
				      SHAPE_TOLD);
}

/* What follows from an incident's state joins its fields. */
static void add_incident(struct buf *b)
{
	static const struct field phase = {
		.name = "phase", .kind = KIND_CHOICE, .names = phase_names, .help = "how far it is"
	};
	json_open(b, "Incident", '{');
	json_pair(b, "type", "object");
	json_raw(b, "required", "[\"id\",\"seq\",\"title\",\"phase\",\"rhythm\",\"next\"]");
	json_open(b, "properties", '{');
	add_properties(b, incident_fields, SHAPE_TOLD);
	json_open(b, "phase", '{');
	add_choices(b, &phase);
	json_shut(b, '}');
	json_raw(b, "next", "{\"$ref\":\"#/components/schemas/Next\"}");
	buf_z(b, ",\"rhythm\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
		 "\"step\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"}}}}}}");
}

/* How it stands joins what the desk has of it. */
static void add_alert(struct buf *b)
{
	json_open(b, "Alert", '{');
	json_pair(b, "type", "object");
	json_raw(b, "required", "[\"fingerprint\",\"name\",\"needs_person\"]");
	json_open(b, "properties", '{');
	add_properties(b, live_alert_fields, SHAPE_TOLD);
	json_raw(b, "needs_person",
		 "{\"type\":\"boolean\",\"description\":\"it fires, and nobody looks after it\"}");
	json_raw(b, "silence",
		 "{\"type\":\"integer\",\"description\":\"the silence that holds it\"}");
	json_raw(b, "silenced_until",
		 "{\"type\":\"integer\",\"description\":\"ms since 1970 UTC\"}");
	json_raw(b, "silence_reason", "{\"type\":\"string\"}");
	json_raw(
		b, "was_incident",
		"{\"type\":\"integer\",\"description\":\"the incident that held it and is over\"}");
	json_raw(b, "why",
		 "{\"type\":\"array\",\"description\":\"from the body that told of it to the "
		 "incident; of "
		 "one alert alone\",\"items\":{\"type\":\"object\"}}");
	buf_z(b, "}}");
}

/* How it stands joins what the catalogue has of it. */
static void add_service(struct buf *b)
{
	json_open(b, "Service", '{');
	json_pair(b, "type", "object");
	json_raw(b, "required", "[\"name\",\"state\"]");
	json_open(b, "properties", '{');
	add_properties(b, service_fields, SHAPE_TOLD);
	add_properties(b, service_now_fields + 1, SHAPE_TOLD); /* both begin with the name */
	json_raw(b, "drift",
		 "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"description\":\"where "
		 "it differs from what its file said, in sentences\"}");
	buf_z(b, "}}");
}

void schema_components(struct buf *b)
{
	static const struct {
		const char *name;
		const struct field *fields;
	} told[] = {
		{ "IncidentRow", incident_row_fields }, { "Change", change_fields },
		{ "ActionRow", action_row_fields },	{ "Review", review_fields },
		{ "Integration", intake_line_fields },	{ "ServiceName", service_now_fields },
		{ "Person", account_fields },		{ "Readiness", readiness_row_fields },
	};
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		schema_struct(b, told[i].name, told[i].fields, SHAPE_TOLD);
	add_incident(b);
	add_alert(b);
	add_service(b);
	json_raw(b, "Next",
		 "{\"type\":\"object\",\"description\":\"the next safest "
		 "step\",\"required\":[\"text\","
		 "\"why\"],\"properties\":{\"text\":{\"type\":\"string\"},\"why\":{\"type\":"
		 "\"string\"},"
		 "\"verb\":{\"type\":\"string\",\"description\":\"noun and verb\"}}}");
	json_raw(b, "Outcome",
		 "{\"type\":\"object\",\"required\":[\"seq\",\"pos\",\"said\"],\"properties\":{"
		 "\"incident\":{\"type\":\"integer\"},\"change\":{\"type\":\"integer\"},"
		 "\"seq\":{\"type\":\"integer\"},"
		 "\"pos\":{\"type\":\"integer\",\"description\":\"in the ledger\"},"
		 "\"made\":{\"type\":\"integer\",\"description\":\"the number of the thing made\"},"
		 "\"repeat\":{\"type\":\"boolean\",\"description\":\"this Idempotency-Key has run "
		 "before\"},\"said\":{\"type\":\"string\"},"
		 "\"next\":{\"$ref\":\"#/components/schemas/Next\"}}}");
	json_raw(b, "Problem",
		 "{\"type\":\"object\",\"description\":\"RFC "
		 "9457\",\"required\":[\"type\",\"title\","
		 "\"status\",\"code\"],\"properties\":{\"type\":{\"type\":\"string\"},"
		 "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
		 "\"detail\":{\"type\":\"string\",\"description\":\"what stands in the way\"},"
		 "\"next\":{\"type\":\"string\",\"description\":\"the safest next step\"},"
		 "\"field\":{\"type\":\"string\",\"description\":\"the field at fault\"},"
		 "\"guard\":{\"type\":\"string\",\"description\":\"the name of the rule that "
		 "stands in "
		 "the way; because overrides it\"},\"code\":{\"type\":\"string\"}}}");
	add_entry(b);
	add_events(b);
}
