/* SPDX-License-Identifier: Apache-2.0 */
/* opsgenie: the Alert API as its clients speak it (docs.opsgenie.com/docs/alert-api; opsgenie-go-sdk-v2). Requests are
 * taken at once and answered 202, also the close of an alert that nobody knows. An alert is known by its
 * alias: the ids that Opsgenie gave out are not known here. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source opsgenie_source;

/* A requestId has the shape of a UUID; the same request at the same time has the same one. */
static struct str request_id(const struct intake_request *q, struct arena *a)
{
	struct str h = keyed_mint(q, a);
	return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", h.at, h.at + 8, h.at + 12, h.at + 16,
		       h.at + 20);
}

static void answer(const struct intake_request *q, struct arena *a, struct intake_result *out)
{
	out->status = 202;
	out->reply = str_fmt(a,
			     "{\"result\":\"Request will be processed\",\"took\":0.1,"
			     "\"requestId\":\"" STR_FMT "\"}",
			     STR_ARG(request_id(q, a)));
}

static int refuse(const struct intake_request *q, struct arena *a, struct intake_result *out,
		  const char *why)
{
	struct buf b = BUF(a);
	buf_z(&b, "{\"message\":");
	buf_json(&b, str_of(why));
	buf_fmt(&b, ",\"took\":0.1,\"requestId\":\"" STR_FMT "\"}", STR_ARG(request_id(q, a)));
	out->status = 422;
	out->reply = buf_str(&b);
	intake_complain(out, a, "%s", why);
	return 0;
}

static void add_tags(struct keyed *k, const struct json *tags, struct arena *a)
{
	for (const struct json *t = json_first(tags); t; t = json_next(t))
		keyed_add_tags(&k->notes, json_text(t), a);
}

static int create(const struct intake_request *q, const struct json *body, struct arena *a,
		  struct intake_result *out)
{
	struct keyed k = { .title = path_text(body, STR("message"), a),
			   .key = path_text(body, STR("alias"), a),
			   .description = path_text(body, STR("description"), a),
			   .severity = keyed_priority(path_text(body, STR("priority"), a)) };
	if (!k.title.len)
		return refuse(q, a, out, "message must not be empty: it is the alert's title.");
	if (!k.key.len)
		k.key = keyed_mint(q, a);
	if (!k.severity.len)
		k.severity = keyed_priority(STR("P3")); /* what Opsgenie takes it for */
	keyed_add_members(&k.labels, json_get(body, "details"), a);
	keyed_add(&k.labels, STR("entity"), path_text(body, STR("entity"), a), a);
	keyed_add(&k.labels, STR("source"), path_text(body, STR("source"), a), a);
	keyed_add(&k.notes, STR("note"), path_text(body, STR("note"), a), a);
	add_tags(&k, json_get(body, "tags"), a);
	k.link = path_text(body, STR("source"), a); /* Alertmanager's is the address of the alert */
	*LIST_ADD(a, &out->signals) = keyed_signal(q, opsgenie_source.name, &k, a);
	answer(q, a, out);
	return 0;
}

static int change(const struct intake_request *q, struct str alias, struct str verb,
		  struct arena *a, struct intake_result *out)
{
	struct str type = intake_query(q, "identifierType", a);
	bool is_close = str_is(verb, "close"), is_ack = str_is(verb, "acknowledge");
	struct keyed k = { .key = alias,
			   .state = is_close ? KEYED_RESOLVED : KEYED_ACKED,
			   .is_partial = true };
	answer(q, a, out);
	if (!is_close && !is_ack) {
		intake_complain(out, a, "Kept; " STR_FMT " changes no alert here.",
				STR_ARG(str_clip(verb, 40)));
		return 0;
	}
	if (!str_is(type, "alias")) {
		intake_complain(out, a,
				"Kept; alerts are known here by their alias alone: add "
				"?identifierType=alias.");
		return 0;
	}
	*LIST_ADD(a, &out->signals) = keyed_signal(q, opsgenie_source.name, &k, a);
	return 0;
}

/* "alias/close" -> alias and close; an alias may have slashes. */
static struct str last_part(struct str *path)
{
	size_t i = path->len;
	while (i && path->at[i - 1] != '/')
		i--;
	struct str last = str_sub(*path, i, path->len);
	*path = str_sub(*path, 0, i ? i - 1 : 0);
	return last;
}

static int opsgenie_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
			 struct err *e)
{
	struct json *body;
	struct str alias = q->path_tail;
	if (str_is(q->method, "GET"))
		return err_refuse(e, ERR_METHOD,
				  "Alerts are created, closed and acknowledged "
				  "here; they are read at /alerts.");
	if (!alias.len) {
		if (intake_object(q, a, &body, e) != 0)
			return refuse(q, a, out, e->text);
		return create(q, body, a, out);
	}
	if (str_is(q->method, "DELETE") && str_find(alias, STR("/")) == SIZE_MAX)
		return change(q, alias, STR("close"), a, out);
	struct str verb = last_part(&alias);
	if (!alias.len)
		return err_refuse(e, ERR_NOT_FOUND, "Write /v2/alerts/ALIAS/close.");
	return change(q, alias, verb, a, out);
}

static struct str credential(const struct intake_request *q,
			     __attribute__((unused)) struct arena *a)
{
	struct str word, rest = intake_header_of(q, "Authorization");
	if (!str_cut(&rest, ' ', &word) || !str_eq_nocase(word, STR("GenieKey")))
		return (struct str){ NULL, 0 };
	return str_trim(rest);
}

const struct source opsgenie_source = { "opsgenie", "Opsgenie", opsgenie_read, credential };
