/* SPDX-License-Identifier: Apache-2.0 */
/* cloudevents: CloudEvents 1.0 over HTTP (cloudevents/spec: spec.md, http-protocol-binding.md): structured, batch and
 * binary. Incidents of CDEvents are known by their subject, its deploys are changes (cdevents.h); of any other event the data
 * is read as mapping.h says, and what the data leaves open comes from the event: type and subject are the title. */
#include "intake/cloudevents.h"

#include "base/digest.h"
#include "intake/alert.h"
#include "intake/cdevents.h"
#include "intake/mapping.h"
#include "intake/path.h"

extern const struct source cloudevents_source;

/* One event, whichever way it came. */
struct cloud_event {
	struct str id, source, specversion, type, subject;
	int64_t at_ms;
	const struct json *data; /* NULL = none, or no JSON */
	struct str text;	 /* data that is no JSON */
};

static int check(const struct cloud_event *v, struct err *e)
{
	if (!str_is(v->specversion, "1.0"))
		return err_field(e, "specversion",
				 "specversion must be 1.0: is this a CloudEvent?");
	if (!v->id.len || !v->source.len || !v->type.len)
		return err_field(e,
				 !v->id.len	  ? "id"
				 : !v->source.len ? "source"
						  : "type",
				 "An event needs id, source and type.");
	return 0;
}

static bool is_over(struct str kind)
{
	return str_starts(kind, STR("resolved"));
}

/* dev.cdevents.incident.detected.0.2.0: what stands behind "incident."; empty for another event. */
static struct str incident_kind(struct str type)
{
	static const char prefix[] = "dev.cdevents.incident.";
	struct str p = str_of(prefix);
	return str_starts(type, p) ? str_sub(type, p.len, type.len) : (struct str){ NULL, 0 };
}

/* cdevents/spec continuous-operations.md. */
static int read_incident(const struct cloud_event *v, struct str kind, struct keyed *k,
			 struct arena *a, struct err *e)
{
	static const char *const id[] = { "subject.id", NULL };
	static const char *const service[] = { "subject.content.service.id",
					       "subject.content.service.name", NULL };
	if (!str_starts(kind, STR("detected")) && !str_starts(kind, STR("reported")) &&
	    !is_over(kind))
		return err_refuse(e, ERR_BAD_INPUT, "\"" STR_FMT "\" changes no alert.",
				  STR_ARG(str_clip(v->type, 100)));
	k->key = keyed_first(v->data, id, a);
	if (!k->key.len)
		k->key = v->subject.len ? v->subject : v->id;
	k->state = is_over(kind) ? KEYED_RESOLVED : KEYED_FIRING;
	k->is_partial = is_over(kind);
	k->title = path_text(v->data, STR("subject.content.description"), a);
	if (!k->title.len)
		k->title = str_fmt(a, "Incident " STR_FMT, STR_ARG(k->key));
	k->service = keyed_first(v->data, service, a);
	k->link = path_text(v->data, STR("subject.content.ticketURI"), a);
	keyed_add(&k->labels, STR("environment"),
		  path_text(v->data, STR("subject.content.environment.id"), a), a);
	return 0;
}

static void read_data(const struct intake_request *q, const struct cloud_event *v, struct keyed *k,
		      struct arena *a)
{
	const struct mapping *m = q->integration ? &q->integration->mapping : NULL;
	struct str name = v->subject.len ? v->subject : v->id;
	struct keyed found = { .description = v->text };
	if (json_is_object(v->data))
		mapping_read(m, v->data, &found, a);
	/* an id inside the data is anybody's; what the team named as the key is meant */
	if (!m || !m->key.len || !found.key.len)
		found.key = str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(v->source), STR_ARG(name));
	if (!found.title.len)
		found.title = str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(v->type), STR_ARG(name));
	*k = found;
}

/* Source and id name an event: 16 hex digits; with their lengths, so that no two pairs read alike. */
static struct str event_name(const struct intake_request *q, const struct cloud_event *v,
			     struct arena *a)
{
	return keyed_fingerprint(q, "cloudevents id",
				 str_fmt(a, "%zu " STR_FMT " " STR_FMT, v->source.len,
					 STR_ARG(v->source), STR_ARG(v->id)),
				 a);
}

static bool take_change(const struct intake_request *q, const struct cloud_event *v,
			struct arena *a, struct intake_result *out)
{
	static const char *const time[] = { "context.timestamp", NULL };
	struct change_news n;
	const struct mapping *m = q->integration ? &q->integration->mapping : NULL;
	int64_t at_ms = v->at_ms ? v->at_ms : keyed_time_of(keyed_first(v->data, time, a));
	if (cdevents_read(v->type, v->subject, v->data, &n, a)) {
		n.key = event_name(q, v, a);
	} else if (mapping_is_change(m) && json_is_object(v->data) && !incident_kind(v->type).len) {
		mapping_read_change(m, v->data, &n, a);
		/* an id inside the data is anybody's, unless the team named it */
		n.key = m->key.len && n.key.len ? n.key : event_name(q, v, a);
		n.title = n.title.len ? n.title
				      : str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(v->type),
						STR_ARG(v->subject.len ? v->subject : v->id));
	} else {
		return false;
	}
	n.began.ms = n.began.ms ? n.began.ms : at_ms;
	if (n.state != CHANGE_RUNNING && !n.ended.ms)
		n.ended = n.began;
	news_add(q, cloudevents_source.name, &n, a, out);
	return true;
}

static int take(const struct intake_request *q, const struct cloud_event *v, struct arena *a,
		struct intake_result *out, struct err *e)
{
	struct str kind = incident_kind(v->type);
	struct keyed k = { 0 };
	struct err why = { 0 };
	if (check(v, e) != 0)
		return -1;
	if (take_change(q, v, a, out))
		return 0;
	if (str_starts(v->type, STR("dev.cdevents."))) {
		if (read_incident(v, kind, &k, a, &why) != 0) {
			intake_complain(out, a, "Kept: %s", why.text);
			out->is_quiet = true;
			return 0;
		}
	} else {
		read_data(q, v, &k, a);
	}
	if (!k.at_ms)
		k.at_ms = v->at_ms;
	keyed_add(&k.labels, STR("ce_type"), v->type, a);
	keyed_add(&k.labels, STR("ce_source"), v->source, a);
	keyed_add(&k.labels, STR("ce_subject"), v->subject, a);
	struct signal s = keyed_signal(q, cloudevents_source.name, &k, a);
	s.event = event_name(q, v, a);
	*LIST_ADD(a, &out->signals) = s;
	return 0;
}

static struct cloud_event of_json(const struct json *j, struct arena *a)
{
	struct cloud_event v = { .id = path_text(j, STR("id"), a),
				 .source = path_text(j, STR("source"), a),
				 .specversion = path_text(j, STR("specversion"), a),
				 .type = path_text(j, STR("type"), a),
				 .subject = path_text(j, STR("subject"), a),
				 .at_ms = keyed_time(json_get(j, "time")),
				 .data = json_get(j, "data") };
	struct str bytes;
	struct json *parsed;
	struct err e = { 0 };
	if (json_is_text(v.data))
		v.text = json_text(v.data);
	if (!v.data && base64_parse(a, json_text(json_get(j, "data_base64")), &bytes)) {
		if (json_parse_lax(a, bytes, &parsed, &e) == 0)
			v.data = parsed;
		else if (str_is_utf8(bytes))
			v.text = bytes;
	}
	return v;
}

/* A header's value: percent-encoded, perhaps in quotes (http-protocol-binding.md, 3.1.3.2). */
static struct str attribute(const struct intake_request *q, const char *name, struct arena *a)
{
	struct str s = str_trim(intake_header_of(q, str_fmt(a, "ce-%s", name).at));
	struct buf b = BUF(a);
	bool is_quoted = s.len > 1 && s.at[0] == '"' && s.at[s.len - 1] == '"';
	if (is_quoted)
		s = str_sub(s, 1, s.len - 2);
	for (size_t i = 0; i < s.len; i++) {
		bool is_hex = s.at[i] == '%' && i + 2 < s.len && hex_value(s.at[i + 1]) >= 0 &&
			      hex_value(s.at[i + 2]) >= 0;
		if (is_hex) {
			buf_c(&b, (char)(hex_value(s.at[i + 1]) * 16 + hex_value(s.at[i + 2])));
			i += 2;
		} else if (!is_quoted || s.at[i] != '\\' || ++i < s.len) {
			buf_c(&b, s.at[i]);
		}
	}
	s = buf_str(&b);
	return str_is_utf8(s) ? s : (struct str){ NULL, 0 };
}

static int read_binary(const struct intake_request *q, struct arena *a, struct intake_result *out,
		       struct err *e)
{
	struct json *data;
	struct err no_json = { 0 };
	struct cloud_event v = { .id = attribute(q, "id", a),
				 .source = attribute(q, "source", a),
				 .specversion = attribute(q, "specversion", a),
				 .type = attribute(q, "type", a),
				 .subject = attribute(q, "subject", a),
				 .at_ms = keyed_time_of(attribute(q, "time", a)) };
	if (json_parse_lax(a, q->body, &data, &no_json) == 0)
		v.data = data;
	else if (str_is_utf8(q->body))
		v.text = q->body;
	return take(q, &v, a, out, e);
}

/* Source and id name an event: the same twice in a batch is one. */
static bool is_repeat(const struct json *list, const struct json *j, struct arena *a)
{
	struct cloud_event v = of_json(j, a);
	const struct json *before = NULL;
	for (const struct json *c = json_first(list); c && c != j; c = json_next(c))
		if (v.id.len && str_eq(json_text(json_get(c, "id")), v.id) &&
		    str_eq(json_text(json_get(c, "source")), v.source))
			before = c;
	return before != NULL;
}

static int read_batch(const struct intake_request *q, const struct json *list, struct arena *a,
		      struct intake_result *out, struct err *e)
{
	enum { EVENTS_MAX = 1000 }; /* each is compared with those before it */
	size_t n = 0;
	if (!json_is_array(list))
		return err_refuse(e, ERR_BAD_INPUT, "A batch must be a list of events.");
	for (const struct json *j = json_first(list); j; j = json_next(j), n++) {
		struct err bad = { 0 };
		struct cloud_event v = of_json(j, a);
		if (n == EVENTS_MAX)
			return err_refuse(e, ERR_TOO_LARGE, "At most %d events in one batch.",
					  EVENTS_MAX);
		if (!is_repeat(list, j, a) && take(q, &v, a, out, &bad) != 0) {
			/* those that are well-formed are kept all the same */
			out->status = 400;
			intake_complain(out, a, "event %zu: %s", n, bad.text);
		}
	}
	return 0;
}

static int cloudevents_read(const struct intake_request *q, struct arena *a,
			    struct intake_result *out, struct err *e)
{
	static const char structured[] = "application/cloudevents";
	struct json *body;
	struct str type = intake_type(q);
	bool is_batch = str_eq_nocase(type, STR("application/cloudevents-batch+json"));
	bool is_event = str_eq_nocase(type, STR("application/cloudevents+json")) ||
			str_eq_nocase(type, STR("application/cloudevents"));
	out->status = 202;
	if (!is_batch && !is_event &&
	    str_eq_nocase(str_sub(type, 0, sizeof(structured) - 1), str_of(structured)))
		return err_refuse(e, ERR_MEDIA, "Events are read as JSON here, not as " STR_FMT ".",
				  STR_ARG(str_clip(type, 60)));
	if (!is_batch && !is_event && intake_header_of(q, "ce-specversion").len)
		return read_binary(q, a, out, e);
	if (!is_batch && !is_event && type.len && !str_eq_nocase(type, STR("application/json")))
		return err_refuse(e, ERR_MEDIA,
				  "No CloudEvent: the content type is " STR_FMT
				  " and there is no ce-specversion header.",
				  STR_ARG(str_clip(type, 60)));
	if (json_parse_lax(a, q->body, &body, e) != 0)
		return -1;
	if (is_batch)
		return read_batch(q, body, a, out, e);
	struct cloud_event v = of_json(body, a);
	return take(q, &v, a, out, e);
}

int cloudevents_handshake(const struct intake_request *q, struct arena *a,
			  struct intake_result *out, struct err *e)
{
	enum { RATE_MAX = 6000 }; /* a minute: what one door takes with ease */
	struct str origin = str_trim(intake_header_of(q, "WebHook-Request-Origin"));
	struct str asked = str_trim(intake_header_of(q, "WebHook-Request-Rate"));
	int64_t rate;
	if (!origin.len || origin.len > 253)
		return err_refuse(e, ERR_BAD_INPUT,
				  "WebHook-Request-Origin must name who wants to send.");
	out->status = 200;
	*LIST_ADD(a, &out->reply_headers) = (struct intake_header){ STR("WebHook-Allowed-Origin"),
								    origin };
	if (!asked.len)
		return 0;
	bool is_number = str_to_int(asked, &rate) && rate > 0 && rate < RATE_MAX;
	*LIST_ADD(a, &out->reply_headers) = (struct intake_header){
		STR("WebHook-Allowed-Rate"), is_number ? asked : str_fmt(a, "%d", RATE_MAX)
	};
	return 0;
}

/* Both MUST be taken: the header and access_token in the query (http-webhook.md, 3). */
static struct str credential(const struct intake_request *q, struct arena *a)
{
	struct str word, rest = intake_header_of(q, "Authorization");
	struct str token = intake_query(q, "access_token", a);
	if (str_cut(&rest, ' ', &word) && str_eq_nocase(word, STR("Bearer")))
		return str_trim(rest);
	return token.len ? token : intake_query(q, "token", a);
}

const struct source cloudevents_source = { .name = "cloudevents",
					   .label = "CloudEvents",
					   .read = cloudevents_read,
					   .credential = credential };
