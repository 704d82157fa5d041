/* SPDX-License-Identifier: Apache-2.0 */
/* openapi: GET /openapi.json, made from routes.def, the verb rows, event types and field tables, so that it cannot lag
 * behind them. Shapes: openapi_schema.c. It holds no data: anybody may read it. */
#include "web/openapi.h"

#include <string.h>

#include "core/core.h"
#include "web/inside.h"

struct doc {
	const char *method, *path, *summary, *schema, *list, *query;
};
static const struct doc docs[] = {
#define DOC(method, path, summary, schema, list, query) \
	{ method, path, summary, schema, list, query },
#include "web/openapi.def"
#undef DOC
	{ .method = NULL },
};

static const struct doc *doc_find(const struct route *r)
{
	for (const struct doc *d = docs; d->method; d++)
		if (strcmp(d->method, r->method) == 0 && strcmp(d->path, r->path) == 0)
			return d;
	return NULL;
}

static const char *tag_of(const struct route *r)
{
	if (r->scope == SCOPE_INTAKE)
		return "senders";
	if (strncmp(r->path, "/api/v2/", 8) == 0)
		return "alertmanager";
	return strncmp(r->path, "/api/", 5) == 0 ? "reading" : "machine";
}

/* Pages and their forms are for people; what only the socket in the folder reaches is for us. */
static bool is_told(const struct route *r)
{
	static const char *const others[] = { "/events",    "/blobs/{w}", "/openapi.json",
					      "/-/healthy", "/-/ready",	  "/metrics" };
	/* with a slash at its end it is how some client spells an address that is told without */
	if (r->traits & ONLY_SOCKET || r->path[strlen(r->path) - 1] == '/')
		return false;
	if (strncmp(r->path, "/api/", 5) == 0 || r->scope == SCOPE_INTAKE)
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(r->path, others[i]) == 0)
			return true;
	return false;
}

/* These stand for every verb, and are told verb by verb. */
static bool is_verb_route(const struct route *r)
{
	static const char *const patterns[] = { "/api/v1/incidents/{n}/{w}/{w}",
						"/api/v1/incidents/{n}/{w}", "/api/v1/desk/{w}/{w}",
						"/api/v1/incidents", "/api/v1/changes" };
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (strcmp(r->method, "POST") == 0 && strcmp(r->path, patterns[i]) == 0)
			return true;
	return false;
}

/* "/incidents/{n}/x" -> "/incidents/{incident}/x": a hole is named after what stands before it. */
static const char *hole_name(struct arena *a, struct str before, struct str hole)
{
	if (str_is(before, "in"))
		return "source";
	if (str_is(before, "incidents") || str_is(before, "reviews"))
		return "incident";
	if (before.len && before.at[before.len - 1] == 's')
		before.len--;
	if (hole.len > 3 && hole.at[1] != 'n')
		return "rest";
	return str_z(a, before);
}

static bool is_hole(struct str part)
{
	return part.len > 2 && part.at[0] == '{';
}

static const char *path_told(struct arena *a, const char *path)
{
	struct str rest = str_of(path + 1), part, before = { 0 };
	struct buf b = BUF(a);
	while (str_cut(&rest, '/', &part)) {
		if (is_hole(part))
			buf_fmt(&b, "/{%s}", hole_name(a, before, part));
		else
			buf_fmt(&b, "/" STR_FMT, STR_ARG(part));
		before = part;
	}
	buf_c(&b, '\0');
	return b.at;
}

static void add_path_params(struct arena *a, struct buf *b, const char *path)
{
	struct str rest = str_of(path + 1), part, before = { 0 };
	while (str_cut(&rest, '/', &part)) {
		if (is_hole(part)) {
			json_open(b, NULL, '{');
			json_pair(b, "name", hole_name(a, before, part));
			json_pair(b, "in", "path");
			json_raw(b, "required", "true");
			json_raw(b, "schema",
				 str_is(part, "{n}") ? "{\"type\":\"integer\",\"minimum\":1}"
						     : "{\"type\":\"string\"}");
			json_shut(b, '}');
		}
		before = part;
	}
}

static void add_query_params(struct buf *b, const char *names)
{
	static const struct {
		const char *name, *help, *schema;
	} known[] = {
		{ "state", "open ones, or all",
		  "{\"type\":\"string\",\"enum\":[\"open\",\"all\"]}" },
		{ "before", "only those with a lower number", "{\"type\":\"integer\"}" },
		{ "limit", "at most so many", "{\"type\":\"integer\",\"minimum\":1}" },
		{ "next", "what the page before gave as next", "{\"type\":\"string\"}" },
		{ "incident", "of this incident alone", "{\"type\":\"integer\",\"minimum\":1}" },
	};
	struct str rest = str_of(names), name;
	while (str_cut(&rest, ' ', &name))
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (!str_is(name, known[i].name))
				continue;
			json_open(b, NULL, '{');
			json_pair(b, "name", known[i].name);
			json_pair(b, "in", "query");
			json_pair(b, "description", known[i].help);
			json_raw(b, "schema", known[i].schema);
			json_shut(b, '}');
		}
}

static void add_refusals(struct buf *b, bool is_verb, bool is_open)
{
	static const char *const codes[] = { "400", "401", "403", "404", "409",
					     "413", "415", "422", "429", "503" };
	static const char everybody[] = "400 404 429 503", reads[] = "400 401 403 404 429 503";
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (!is_verb && !strstr(is_open ? everybody : reads, codes[i]))
			continue;
		json_open(b, codes[i], '{');
		json_pair(b, "$ref",
			  strcmp(codes[i], "409") == 0 ? "#/components/responses/Guard"
			  : strcmp(codes[i], "503") == 0 || strcmp(codes[i], "429") == 0
				  ? "#/components/responses/Busy"
				  : "#/components/responses/Refusal");
		json_shut(b, '}');
	}
}

static void add_id(struct arena *a, struct buf *b, const char *method, const char *path)
{
	struct buf id = BUF(a);
	for (const char *c = method; *c; c++)
		buf_c(&id, (char)(*c - 'A' + 'a'));
	for (const char *c = path; *c; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
		if (is_plain)
			buf_c(&id, *c);
		else if (id.at[id.len - 1] != '_')
			buf_c(&id, '_');
	}
	buf_c(&id, '\0');
	json_pair(b, "operationId", id.at);
}

static const char *const scope_names[] = { "none", "intake", "read", "write", "admin" };

static void add_needs(struct arena *a, struct buf *b, enum scope scope, enum right right,
		      const char *more)
{
	if (scope == SCOPE_NONE)
		json_pair(b, "description", *more ? more : "Anybody may ask.");
	else
		json_pair(b, "description",
			  str_fmt(a, "A token needs the scope %s%s%s.%s%s", scope_names[scope],
				  right > RIGHT_NONE ? "; a person, the right of a " : "",
				  right > RIGHT_NONE ? right_names[right] : "", *more ? " " : "",
				  more)
				  .at);
}

/* {"timeline":[...]}; a list of something's own names its number too, and one in pages where the next begins. */
static const char *list_schema(struct arena *a, const struct doc *d, const char *row)
{
	const char *of =
		strstr(d->path, "{n}") ? ",\"incident\":{\"type\":\"integer\"}"
		: strcmp(d->list, "services") == 0
			? ",\"unowned\":{\"type\":\"array\",\"items\":{\"$ref\":"
			  "\"#/components/schemas/ServiceName\"}}"
		: strstr(d->query, "next")
			? ",\"count\":{\"type\":\"integer\"},\"next\":{\"type\":\"string\"}"
			: "";
	return str_fmt(a,
		       "{\"type\":\"object\",\"required\":[\"%s\"],\"properties\":{"
		       "\"%s\":{\"type\":\"array\",\"items\":%s}%s}}",
		       d->list, d->list, row, of)
		.at;
}

static void add_good(struct arena *a, struct buf *b, const struct doc *d)
{
	json_open(b, "2XX", '{');
	json_pair(b, "description", "Done.");
	if (d && d->schema) {
		const char *row =
			str_fmt(a, "{\"$ref\":\"#/components/schemas/%s\"}", d->schema).at;
		const char *whole = d->list ? list_schema(a, d, row) : row;
		json_raw(b, "content",
			 str_fmt(a, "{\"application/json\":{\"schema\":%s}}", whole).at);
	}
	json_shut(b, '}');
}

static void add_open_security(struct buf *b, const struct route *r)
{
	if (r->scope == SCOPE_NONE)
		json_raw(b, "security", "[]");
	else if (r->traits & OPEN_LOCAL)
		json_raw(b, "security", "[{},{\"token\":[]}]");
}

static void add_route(struct arena *a, struct buf *b, const struct route *r)
{
	const struct doc *d = doc_find(r);
	char method[16] = "";
	for (size_t i = 0; r->method[i] && i < sizeof(method) - 1; i++)
		method[i] = (char)(r->method[i] - 'A' + 'a');
	json_open(b, method, '{');
	add_id(a, b, r->method, r->path);
	json_pair(b, "summary", d ? d->summary : path_told(a, r->path));
	add_needs(a, b, r->scope, r->needs,
		  r->traits & OPEN_LOCAL ? "On loopback nobody needs to say who they are." : "");
	json_open(b, "tags", '[');
	json_pair(b, NULL, tag_of(r));
	json_shut(b, ']');
	add_open_security(b, r);
	json_open(b, "parameters", '[');
	add_path_params(a, b, r->path);
	add_query_params(b, d ? d->query : "");
	json_shut(b, ']');
	if (r->limit_bytes)
		json_raw(b, "requestBody",
			 r->scope == SCOPE_INTAKE
				 ? "{\"description\":\"What the sender posts, in its own "
				   "format.\",\"content\":{\"*/*\":{\"schema\":{}}}}"
				 : "{\"content\":{\"*/*\":{\"schema\":{}}}}");
	json_open(b, "responses", '{');
	add_good(a, b, d);
	add_refusals(b, false, r->scope == SCOPE_NONE);
	json_shut(b, '}');
	json_shut(b, '}');
}

/* All methods of a path stand together; the first row that has the path tells them. */
/* Verbs that make something have the list's address. */
static const struct maker {
	const char *path, *noun, *name;
} makers[] = {
	{ "/api/v1/incidents", "incident", "declare" },
	{ "/api/v1/changes", "change", "send" },
	{ NULL, NULL, NULL },
};

static bool makes(const char *path)
{
	for (const struct maker *m = makers; m->path; m++)
		if (strcmp(m->path, path) == 0)
			return true;
	return false;
}

static void add_routes(struct arena *a, struct buf *b)
{
	for (const struct route *r = routes; r->method; r++) {
		bool is_first = true;
		for (const struct route *s = routes; s < r; s++)
			is_first = is_first && strcmp(s->path, r->path) != 0;
		if (!is_first || !is_told(r) || makes(r->path) || is_verb_route(r))
			continue;
		json_open(b, path_told(a, r->path), '{');
		for (const struct route *s = r; s->method; s++)
			if (strcmp(s->path, r->path) == 0 && is_told(s) && !is_verb_route(s))
				add_route(a, b, s);
		json_shut(b, '}');
	}
}

static void add_verb(struct arena *a, struct buf *b, const struct verb *v, bool is_short)
{
	bool has_number = verb_stream(v) == &incident_stream && !(v->traits & MAKES_STREAM);
	json_open(b, "post", '{');
	json_pair(b, "operationId",
		  is_short ? str_fmt(a, "short_%s", v->alias).at
			   : str_fmt(a, "%s_%s", v->noun, v->name).at);
	json_pair(b, "summary", v->label);
	add_needs(a, b, v->needs == RIGHT_ADMIN ? SCOPE_ADMIN : SCOPE_WRITE, v->needs, v->help);
	json_open(b, "tags", '[');
	json_pair(b, NULL, v->noun);
	json_shut(b, ']');
	json_open(b, "parameters", '[');
	if (has_number)
		add_path_params(a, b, "/incidents/{n}");
	json_raw(b, NULL,
		 "{\"$ref\":\"#/components/parameters/key\"},"
		 "{\"$ref\":\"#/components/parameters/because\"},"
		 "{\"$ref\":\"#/components/parameters/accept\"}]");
	json_raw(b, "requestBody",
		 str_fmt(a,
			 "{\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
			 "\"#/components/schemas/%s.%s\"}}}}",
			 v->noun, v->name)
			 .at);
	json_open(b, "responses", '{');
	add_good(a, b, &(struct doc){ .schema = "Outcome" });
	add_refusals(b, true, false);
	buf_z(b, "}}}");
}

static void add_verbs(struct arena *a, struct buf *b)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++) {
			bool is_desk = verb_stream(v) == &desk_stream;
			if ((v->traits & INTERNAL) || (v->traits & MAKES_STREAM))
				continue;
			const char *at = is_desk ? "/api/v1/desk" : "/api/v1/incidents/{incident}";
			json_open(b, str_fmt(a, "%s/%s/%s", at, v->noun, v->name).at, '{');
			add_verb(a, b, v, false);
			if (!v->alias || is_desk)
				continue;
			json_open(b, str_fmt(a, "%s/%s", at, v->alias).at, '{');
			add_verb(a, b, v, true);
		}
}

static void add_paths(struct arena *a, struct buf *b)
{
	json_open(b, "paths", '{');
	for (const struct maker *m = makers; m->path; m++) {
		json_open(b, m->path, '{');
		for (const struct route *r = routes; r->method; r++)
			if (strcmp(r->path, m->path) == 0 && !is_verb_route(r))
				add_route(a, b, r);
		add_verb(a, b, verb_find(str_of(m->noun), str_of(m->name)), false);
	}
	add_verbs(a, b);
	add_routes(a, b);
	json_shut(b, '}');
}

static void add_tags(struct buf *b)
{
	static const char *const plain[][2] = {
		{ "reading", "What there is." },
		{ "machine", "For whoever runs it." },
		{ "alertmanager", "Alertmanager's own API, for its clients." },
		{ "senders", "Where monitoring posts; each in its own format." },
	};
	struct str last = { 0 };
	json_open(b, "tags", '[');
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		json_open(b, NULL, '{');
		json_pair(b, "name", plain[i][0]);
		json_pair(b, "description", plain[i][1]);
		json_shut(b, '}');
	}
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++) {
			if ((v->traits & INTERNAL) || str_is(last, v->noun))
				continue;
			last = str_of(v->noun);
			json_open(b, NULL, '{');
			json_pair(b, "name", v->noun);
			json_pair(b, "description", v->help);
			json_shut(b, '}');
		}
	json_shut(b, ']');
}

static void add_components(struct visit *v, struct buf *b)
{
	json_open(b, "components", '{');
	json_open(b, "schemas", '{');
	schema_components(b);
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *w = (*m)->verbs; w && w->name; w++)
			if (!(w->traits & INTERNAL))
				schema_verb(b, str_fmt(v->arena, "%s.%s", w->noun, w->name).at, w);
	json_shut(b, '}');
	json_raw(b, "parameters",
		 "{\"key\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":\"makes "
		 "a "
		 "repetition safe for a day\",\"schema\":{\"type\":\"string\",\"maxLength\":200}},"
		 "\"because\":{\"name\":\"Aplomb-Because\",\"in\":\"header\",\"description\":\"as "
		 "because "
		 "in the body\",\"schema\":{\"type\":\"string\"}},"
		 "\"accept\":{\"name\":\"Aplomb-Accept\",\"in\":\"header\",\"description\":\"as "
		 "accept in "
		 "the body\",\"schema\":{\"type\":\"string\"}}}");
	json_open(b, "responses", '{');
	static const char *const refusals[][2] = {
		{ "Refusal", "It says what stands in the way and the safest next step." },
		{ "Guard", "A rule of the practice stands in the way, or somebody was first." },
		{ "Busy", "Try again after a moment." },
	};
	for (size_t i = 0; i < 3; i++) {
		json_open(b, refusals[i][0], '{');
		json_pair(b, "description", refusals[i][1]);
		if (i == 2)
			json_raw(b, "headers",
				 "{\"Retry-After\":{\"schema\":{\"type\":\"integer\"}}}");
		json_raw(b, "content",
			 "{\"application/problem+json\":{\"schema\":{\"$ref\":"
			 "\"#/components/schemas/Problem\"}}}}");
	}
	json_shut(b, '}');
	json_raw(b, "securitySchemes",
		 "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"made on "
		 "the page "
		 "People\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":");
	buf_json(b, str_of(visit_cookie_name(v)));
	buf_z(b,
	      ",\"description\":\"of a browser\"},\"proof\":{\"type\":\"apiKey\",\"in\":\"header\","
	      "\"name\":\"Aplomb-Csrf\",\"description\":\"with a session, for all that changes "
	      "something\"}}}");
}

int get_openapi(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct buf b = BUF(v->arena);
	buf_c(&b, '{');
	json_pair(&b, "openapi", "3.1.0");
	json_raw(&b, "info",
		 "{\"title\":\"Aplomb\",\"version\":\"1\",\"description\":\"Calm incident "
		 "response. Each "
		 "verb is one POST; a refusal says what stands in the way and the safest next "
		 "step.\","
		 "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}");
	json_raw(&b, "servers", "[{\"url\":\"/\"}]");
	json_raw(&b, "security", "[{\"token\":[]},{\"session\":[],\"proof\":[]}]");
	add_tags(&b);
	add_paths(v->arena, &b);
	add_components(v, &b);
	buf_c(&b, '}');
	return reply_json(v, 200, &b, r);
}
