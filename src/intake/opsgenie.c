/* SPDX-License-Identifier: Apache-2.0 */
/* opsgenie: the Alert API as its clients speak it (docs.opsgenie.com/docs/alert-api; opsgenie-go-sdk-v2). Requests are
 * taken at once and answered 202, also the close of an alert that nobody knows. An alert is known by its
 * alias: the ids that Opsgenie gave out are not known here, and a client that uses them is told so. */
#include "intake/opsgenie.h"

#include "base/digest.h"
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source opsgenie_source;

/* 16 digits of the alert, 8 of the time, 3 of the body, 1 of the outcome and 4 that a made-up id does not have. */
enum { ID_DIGITS = 32, SUMMED_DIGITS = 28 };

static struct str sum_of(struct str digits, struct arena *a)
{
	struct str text = str_fmt(a, "opsgenie request " STR_FMT, STR_ARG(digits));
	struct sha256 h = sha256_of(text);
	return hex_of(a, (struct str){ (const char *)h.b, 2 });
}

/* The same request at the same time has the same one. */
struct str opsgenie_request_id(const struct intake_request *q, enum opsgenie_outcome outcome,
			       struct str fingerprint, struct arena *a)
{
	struct str none = STR("0000000000000000");
	struct str h = str_fmt(
		a, STR_FMT "%08x%.3s%x", STR_ARG(fingerprint.len == none.len ? fingerprint : none),
		(unsigned)(q->now_ms / 1000), keyed_mint(q, a).at, (unsigned)outcome);
	struct str sum = sum_of(h, a);
	return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.8s" STR_FMT, h.at, h.at + 8, h.at + 12, h.at + 16,
		       h.at + 20, STR_ARG(sum));
}

static int64_t number_of(struct str hex)
{
	int64_t n = 0;
	for (size_t i = 0; i < hex.len; i++)
		n = n * 16 + hex_value(hex.at[i]);
	return n;
}

bool opsgenie_request_read(struct str id, struct arena *a, struct opsgenie_request *out)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < id.len && b.len <= ID_DIGITS; i++) {
		if (id.at[i] == '-')
			continue;
		if (hex_value(id.at[i]) < 0)
			return false;
		buf_c(&b, id.at[i]);
	}
	struct str h = buf_str(&b), digits = str_sub(h, 0, SUMMED_DIGITS);
	if (h.len != ID_DIGITS || !str_eq(sum_of(digits, a), str_sub(h, SUMMED_DIGITS, h.len)))
		return false;
	int64_t outcome = number_of(str_sub(h, 27, 1));
	if (outcome >= OPSGENIE_OUTCOMES)
		return false;
	*out = (struct opsgenie_request){ .outcome = (enum opsgenie_outcome)outcome,
					  .at_s = number_of(str_sub(h, 16, 8)),
					  .fingerprint = str_sub(h, 0, 16) };
	if (str_is(out->fingerprint, "0000000000000000"))
		out->fingerprint.len = 0;
	return true;
}

static void answer(const struct intake_request *q, struct arena *a, struct intake_result *out,
		   enum opsgenie_outcome outcome)
{
	struct str alert = out->signals.len ? out->signals.at[0].fingerprint
					    : (struct str){ NULL, 0 };
	out->status = 202;
	out->reply = str_fmt(a,
			     "{\"result\":\"Request will be processed\",\"took\":0.1,"
			     "\"requestId\":\"" STR_FMT "\"}",
			     STR_ARG(opsgenie_request_id(q, outcome, alert, a)));
}

static int refuse(const struct intake_request *q, struct arena *a, struct intake_result *out,
		  const char *why)
{
	struct buf b = BUF(a);
	struct str id = opsgenie_request_id(q, OPSGENIE_REFUSED, (struct str){ NULL, 0 }, a);
	buf_z(&b, "{\"message\":");
	buf_json(&b, str_of(why));
	buf_fmt(&b, ",\"took\":0.1,\"requestId\":\"" STR_FMT "\"}", STR_ARG(id));
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
	answer(q, a, out, OPSGENIE_CREATED);
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
	if (!is_close && !is_ack) {
		answer(q, a, out, OPSGENIE_KEPT);
		intake_complain(out, a, "Kept; " STR_FMT " changes no alert here.",
				STR_ARG(str_clip(verb, 40)));
		return 0;
	}
	/* the ids are Opsgenie's, and the word left out means one */
	if (!str_is(type, "alias"))
		return refuse(q, a, out,
			      "Alerts are known here by their alias alone, not by an id or a tiny "
			      "id: add ?identifierType=alias.");
	*LIST_ADD(a, &out->signals) = keyed_signal(q, opsgenie_source.name, &k, a);
	answer(q, a, out, is_close ? OPSGENIE_CLOSED : OPSGENIE_ACKNOWLEDGED);
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

const struct source opsgenie_source = {
	.name = "opsgenie", .label = "Opsgenie", .read = opsgenie_read, .credential = credential
};
