/* SPDX-License-Identifier: Apache-2.0 */
/* generic: a sender of alerts, or of changes, that nobody knows: JSON of any shape, a form as scripts of Nagios, Zabbix and monit send it with
 * curl -d, or a plain line of text, which curl -d calls a form too. What means what: mapping.h, and the integration's own mapping. */
#include "base/form.h"
#include "intake/alert.h"
#include "intake/mapping.h"
#include "intake/path.h"

extern const struct source generic_source;

static const struct mapping *mapping_of(const struct intake_request *q)
{
	return q->integration ? &q->integration->mapping : NULL;
}

/* For the sentence that says why nothing was found. */
static struct str names_of(const struct json *j, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n = 0;
	if (json_is_object(j))
		for (const struct json *c = json_first(j); c && n < 12; c = json_next(c), n++) {
			buf_z(&b, n ? ", " : "");
			buf_add(&b, str_clip(json_key(c), 30));
		}
	return n ? buf_str(&b) : STR("no members");
}

static int refuse_untitled(const struct mapping *m, const struct json *j, struct arena *a,
			   struct err *e)
{
	if (m && m->title.len)
		return err_refuse(e, ERR_BAD_FIELD,
				  "No title: the mapping's \"" STR_FMT
				  "\" leads to no text. The body has " STR_FMT ".",
				  STR_ARG(str_clip(m->title, 60)), STR_ARG(names_of(j, a)));
	return err_refuse(e, ERR_BAD_FIELD,
			  "No title: none of title, summary, message, name, alert, text is in "
			  "the body, which has " STR_FMT
			  ". Say in the integration's mapping where the title is.",
			  STR_ARG(names_of(j, a)));
}

/* A change without a key is known by all that it says, and when: a retry says the same. */
static void add_change(const struct intake_request *q, struct change_news *n, struct str said,
		       struct arena *a, struct intake_result *out)
{
	if (!n->key.len)
		n->key = news_mint(q, generic_source.name, said, n->began.ms, a);
	news_add(q, generic_source.name, n, a, out);
}

static int take_change(const struct intake_request *q, const struct json *j, struct arena *a,
		       struct intake_result *out, struct err *e)
{
	const struct mapping *m = mapping_of(q);
	struct change_news n;
	mapping_read_change(m, j, &n, a);
	if (!n.title.len)
		return refuse_untitled(m, j, a, e);
	add_change(q, &n, json_plain(j, a), a, out);
	return 0;
}

static int take_one(const struct intake_request *q, const struct json *j, struct arena *a,
		    struct intake_result *out, struct err *e)
{
	const struct mapping *m = mapping_of(q);
	struct keyed k = { 0 };
	if (mapping_is_change(m))
		return take_change(q, j, a, out, e);
	mapping_read(m, j, &k, a);
	if (!k.title.len)
		return refuse_untitled(m, j, a, e);
	if (!k.key.len)
		k.key = mapping_key(&k, a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, generic_source.name, &k, a);
	return 0;
}

static int take_all(const struct intake_request *q, const struct json *list, struct arena *a,
		    struct intake_result *out, struct err *e)
{
	bool is_change = mapping_is_change(mapping_of(q));
	const char *what = is_change ? "change" : "alert";
	size_t n = 0, most = is_change ? (size_t)NEWS_MAX : (size_t)ALERTS_MAX;
	for (const struct json *j = json_first(list); j; j = json_next(j), n++) {
		struct err bad = { 0 };
		if (n == most)
			return err_refuse(e, ERR_TOO_LARGE, "At most %zu %ss in one body.", most,
					  what);
		if (take_one(q, j, a, out, &bad) == 0)
			continue;
		intake_complain(out, a, "%s %zu: %s", what, n, bad.text);
		*e = bad;
	}
	if (!n)
		intake_complain(out, a, "The list of %ss is empty.", what);
	if (n && !out->signals.len && !out->changes.len)
		return -1;
	*e = (struct err){ 0 }; /* one bad alert must not lose the others */
	return 0;
}

static int take_json(const struct intake_request *q, const struct json *j, struct arena *a,
		     struct intake_result *out, struct err *e)
{
	const struct mapping *m = mapping_of(q);
	const struct json *items = j;
	if (m && m->items.len) {
		items = path_get(j, m->items);
		if (!json_is_array(items))
			return err_refuse(e, ERR_BAD_FIELD,
					  "The mapping's items, \"" STR_FMT
					  "\", lead to no list. The body has " STR_FMT ".",
					  STR_ARG(str_clip(m->items, 60)), STR_ARG(names_of(j, a)));
	}
	return json_is_array(items) ? take_all(q, items, a, out, e) : take_one(q, j, a, out, e);
}

static int take_text(const struct intake_request *q, struct str text, struct arena *a,
		     struct intake_result *out, struct err *e)
{
	struct str first = { NULL, 0 };
	if (!str_is_utf8(text))
		return err_refuse(e, ERR_BAD_INPUT, "The text is not well-formed UTF-8.");
	(void)str_cut(&text, '\n', &first);
	struct keyed k = { .title = str_trim(first), .description = str_trim(text) };
	if (!k.title.len)
		return err_refuse(e, ERR_BAD_INPUT, "The body is empty: there is nothing to read.");
	k.key = k.title;
	if (mapping_is_change(mapping_of(q))) {
		struct change_news c = { .title = k.title,
					 .kind = CHANGE_DEPLOY,
					 .state = CHANGE_DONE,
					 .differs = k.description };
		(void)!news_kind(mapping_of(q)->kind, &c.kind);
		add_change(q, &c, q->body, a, out);
		return 0;
	}
	*LIST_ADD(a, &out->signals) = keyed_signal(q, generic_source.name, &k, a);
	return 0;
}

/* A form as the object that it means. */
static struct str form_as_json(const struct form *form, struct arena *a)
{
	struct str payload = form_get(form, "payload");
	struct buf b = BUF(a);
	if (form->pairs.len == 1 && str_starts(str_trim(payload), STR("{")))
		return payload;
	buf_c(&b, '{');
	LIST_EACH (p, &form->pairs) {
		buf_z(&b, p == form->pairs.at ? "" : ",");
		buf_json(&b, p->name);
		buf_c(&b, ':');
		buf_json(&b, p->value);
	}
	buf_c(&b, '}');
	return buf_str(&b);
}

/* A mapping that says where the title is has the last word, and so does a form that has one of the usual names. */
static bool names_nothing(const struct mapping *m, const struct form *form)
{
	static const char *const known[] = { "payload", "title", "summary", "message",
					     "name",	"alert", "text" };
	if (m && (m->title.len || m->items.len))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (form_has(form, known[i]))
			return false;
	return true;
}

static int take_form(const struct intake_request *q, struct arena *a, struct intake_result *out,
		     struct err *e)
{
	struct str body = str_trim(q->body);
	struct form form;
	struct json *j;
	struct err no_form = { 0 };
	if (form_parse(a, body, &form, &no_form) != 0 || names_nothing(mapping_of(q), &form))
		return take_text(q, body, a, out, e);
	if (json_parse_lax(a, form_as_json(&form, a), &j, e) != 0)
		return -1;
	return take_json(q, j, a, out, e);
}

/* curl -d says "form" whatever it carries, so that the first byte is asked before the type. */
static int generic_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
			struct err *e)
{
	struct str body = str_trim(q->body), type = intake_type(q);
	struct json *j;
	bool is_object = str_starts(body, STR("{")), is_list = str_starts(body, STR("["));
	bool is_form = str_eq_nocase(type, STR("application/x-www-form-urlencoded"));
	bool is_text = is_form || !type.len || str_eq_nocase(type, STR("text/plain")) ||
		       str_eq_nocase(type, STR("application/octet-stream"));
	out->status = 200;
	if (is_object || is_list) {
		if (json_parse_lax(a, q->body, &j, e) == 0)
			return take_json(q, j, a, out, e);
		if (is_object || !is_text) /* "[FIRING] disk full" is a sentence */
			return -1;
		*e = (struct err){ 0 };
		return take_text(q, body, a, out, e);
	}
	if (is_form && str_find(body, STR("=")) != SIZE_MAX)
		return take_form(q, a, out, e);
	if (is_text)
		return take_text(q, body, a, out, e);
	if (str_eq_nocase(type, STR("application/json")))
		return json_parse_lax(a, q->body, &j, e) == 0
			       ? err_refuse(e, ERR_BAD_INPUT,
					    "The JSON must be an object or a list of objects.")
			       : -1;
	return err_refuse(e, ERR_MEDIA, "JSON, a form or plain text is read here, not " STR_FMT ".",
			  STR_ARG(str_clip(type, 60)));
}

const struct source generic_source = { .name = "generic",
				       .label = "Any sender",
				       .read = generic_read };
