/* SPDX-License-Identifier: Apache-2.0 */
/* keyed: see keyed.h. */
#include "intake/keyed.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/form.h"
#include "base/when.h"
#include "intake/path.h"

static struct str hash_hex(struct arena *a, struct str text, size_t digits)
{
	struct sha256 h = sha256_of(text);
	return str_sub(hex_of(a, (struct str){ (const char *)h.b, SHA256_BYTES }), 0, digits);
}

struct str keyed_fingerprint(const struct intake_request *q, const char *source, struct str key,
			     struct arena *a)
{
	struct str name = q->integration ? q->integration->name : (struct str){ NULL, 0 };
	struct buf b = BUF(a);
	/* lengths, so that no two triples read alike */
	buf_fmt(&b, "%s %zu " STR_FMT " ", source, name.len, STR_ARG(name));
	buf_add(&b, key);
	return hash_hex(a, buf_str(&b), 16);
}

struct str keyed_mint(const struct intake_request *q, struct arena *a)
{
	struct buf b = BUF(a);
	buf_int(&b, q->now_ms);
	buf_c(&b, ' ');
	buf_add(&b, q->body);
	buf_add(&b, q->query);
	buf_add(&b, q->path_tail);
	return hash_hex(a, buf_str(&b), 32);
}

/* The texts that a line of a list shows. */
static const struct field line_fields[] = {
	FIELD(signal, name, "its title"),
	FIELD(signal, service, "its service"),
	FIELD(signal, severity, "as its sender rates it"),
	END,
};

/* Control characters become spaces; with `lines`, line ends and tabs stay. */
static struct str tidy(struct arena *a, struct str s, size_t max, bool lines)
{
	s = str_trim(str_clip(str_trim(s), max));
	char *to = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++) {
		bool is_blank = s.at[i] == '\n' || s.at[i] == '\t';
		bool is_control = (unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f;
		to[i] = is_control && !(lines && is_blank) ? ' ' : s.at[i];
	}
	return str_trim((struct str){ to, s.len });
}

static bool is_web(struct str link)
{
	return str_starts(link, STR("https://")) || str_starts(link, STR("http://"));
}

static struct str service_of(const struct keyed *k)
{
	static const char *const names[] = { "service", "app", "job", "entity" };
	struct str s = k->service;
	for (size_t i = 0; !s.len && i < sizeof(names) / sizeof(names[0]); i++)
		s = labels_get(&k->labels, names[i]);
	return s;
}

/* The labels that every alert of an Alertmanager has, so that one silence fits alerts of all senders; the sender's own
 * word goes before. */
static struct str labels_of(const struct signal *s, const struct keyed *k, struct arena *a)
{
	struct labels l = { 0 };
	LIST_EACH (x, &k->labels.set)
		*LIST_ADD(a, &l.set) = *x;
	keyed_add(&l, STR("alertname"), s->name, a);
	keyed_add(&l, STR("service"), s->service, a);
	keyed_add(&l, STR("severity"), s->severity, a);
	return labels_json(&l, a);
}

struct signal keyed_signal(const struct intake_request *q, const char *source,
			   const struct keyed *k, struct arena *a)
{
	bool is_past = k->at_ms > 0 && k->at_ms < q->now_ms; /* a clock ahead of ours says now */
	int64_t at_ms = is_past ? k->at_ms : q->now_ms;
	struct str link = tidy(a, k->link, LINK_MAX_BYTES, false);
	struct str fingerprint = keyed_fingerprint(q, source, k->key, a);
	struct signal s = {
		.fingerprint = fingerprint,
		.name = tidy(a, k->title, TITLE_MAX_BYTES, false),
		.service = tidy(a, service_of(k), WORD_MAX_BYTES, false),
		.summary = tidy(a, k->description, TEXT_MAX_BYTES, true),
		.severity = tidy(a, k->severity, WORD_MAX_BYTES, false),
		.annotations = labels_json(&k->notes, a),
		.generator = k->link.len <= LINK_MAX_BYTES && is_web(link)
				     ? link
				     : (struct str){ NULL, 0 },
		.started_ms = at_ms,
		.ends_ms = k->state == KEYED_RESOLVED ? at_ms : 0,
		.is_firing = k->state != KEYED_RESOLVED,
		.is_partial = k->is_partial,
		.is_acked = k->state == KEYED_ACKED,
	};
	fields_one_line(line_fields, &s, a); /* nothing in a title may hide or turn text around */
	if (!s.name.len && !s.is_partial)
		s.name = str_fmt(a, "alert %.8s", fingerprint.at);
	s.labels = labels_of(&s, k, a);
	return s;
}

void keyed_add(struct labels *l, struct str name, struct str value, struct arena *a)
{
	size_t i = 0;
	if (l->set.len == FACTS_MAX)
		return;
	struct label x = { tidy(a, name, FACT_NAME_MAX_BYTES, false),
			   tidy(a, value, FACT_MAX_BYTES, true) };
	if (!x.name.len || !x.value.len)
		return;
	while (i < l->set.len && str_cmp(l->set.at[i].name, x.name) < 0)
		i++;
	if (i < l->set.len && str_eq(l->set.at[i].name, x.name))
		return;
	(void)LIST_ADD(a, &l->set);
	for (size_t k = l->set.len - 1; k > i; k--)
		l->set.at[k] = l->set.at[k - 1];
	l->set.at[i] = x;
}

void keyed_add_members(struct labels *l, const struct json *object, struct arena *a)
{
	if (json_is_object(object))
		for (const struct json *c = json_first(object); c && l->set.len < FACTS_MAX;
		     c = json_next(c))
			keyed_add(l, json_key(c), json_plain(c, a), a);
}

void keyed_add_tags(struct labels *l, struct str tag, struct arena *a)
{
	struct str part, name;
	while (str_cut(&tag, ',', &part)) {
		bool has_value = str_cut(&part, ':', &name) && part.at;
		keyed_add(l, str_trim(name), has_value ? part : STR("yes"), a);
	}
}

struct str keyed_first(const struct json *j, const char *const *paths, struct arena *a)
{
	for (; *paths; paths++) {
		const struct json *found = path_get(j, str_of(*paths));
		if (json_is_object(found) || json_is_array(found))
			continue;
		struct str s = str_trim(json_plain(found, a));
		if (s.len)
			return s;
	}
	return (struct str){ NULL, 0 };
}

static int64_t time_of_number(int64_t n)
{
	static const int64_t least_s = 946684800;     /* 2000; a smaller number is no time */
	static const int64_t least_ms = 100000000000; /* 1973 in ms, 5138 in seconds */
	if (n >= least_ms)
		return n;
	return n >= least_s ? n * 1000 : 0;
}

int64_t keyed_time_of(struct str s)
{
	int64_t n;
	if (when_parse_iso8601(s, &n))
		return n > 0 ? n : 0;
	return str_to_int(s, &n) ? time_of_number(n) : 0;
}

int64_t keyed_time(const struct json *j)
{
	int64_t n;
	return json_int(j, &n) ? time_of_number(n) : keyed_time_of(json_text(j));
}

struct str keyed_priority(struct str word)
{
	static const char *const words[] = { "critical", "error", "warning", "info", "info" };
	if (word.len == 2 && (word.at[0] == 'P' || word.at[0] == 'p') && word.at[1] >= '1' &&
	    word.at[1] <= '5')
		return str_of(words[word.at[1] - '1']);
	return word;
}

bool keyed_is_fingerprint(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (hex_value(s.at[i]) < 0)
			return false;
	return s.len == 16;
}

struct str intake_header_of(const struct intake_request *q, const char *name)
{
	LIST_EACH (h, &q->headers)
		if (str_eq_nocase(h->name, str_of(name)))
			return str_is_utf8(h->value) ? h->value : (struct str){ NULL, 0 };
	return (struct str){ NULL, 0 };
}

struct str intake_type(const struct intake_request *q)
{
	struct str rest = q->content_type, type = { NULL, 0 };
	(void)str_cut(&rest, ';', &type);
	return str_is_utf8(type) ? str_trim(type) : STR("unreadable");
}

struct str intake_query(const struct intake_request *q, const char *name, struct arena *a)
{
	struct form form;
	struct err e = { 0 };
	if (form_parse(a, q->query, &form, &e) != 0)
		return (struct str){ NULL, 0 };
	return form_get(&form, name);
}

int intake_object(const struct intake_request *q, struct arena *a, struct json **out, struct err *e)
{
	if (json_parse_lax(a, q->body, out, e) != 0)
		return -1;
	if (!json_is_object(*out))
		return err_refuse(e, ERR_BAD_INPUT, "The body must be a JSON object.");
	return 0;
}

struct str intake_member(const struct intake_request *q, const char *name, struct arena *a)
{
	struct json *body;
	struct err e = { 0 };
	if (json_parse_lax(a, q->body, &body, &e) != 0)
		return (struct str){ NULL, 0 };
	return json_text(json_get(body, name));
}

void intake_complain(struct intake_result *r, struct arena *a, const char *fmt, ...)
{
	char text[512];
	va_list args;
	if (r->complaint.len)
		return;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n > 0)
		r->complaint = str_copy(a, str_clip(str_of(text), sizeof(text) - 4));
}

struct str intake_reply(struct arena *a, const char *name, ...)
{
	struct buf b = BUF(a);
	va_list args;
	buf_c(&b, '{');
	va_start(args, name);
	for (const char *n = name; n; n = va_arg(args, const char *)) {
		if (n != name)
			buf_c(&b, ',');
		buf_json(&b, str_of(n));
		buf_c(&b, ':');
		buf_json(&b, va_arg(args, struct str));
	}
	va_end(args);
	buf_c(&b, '}');
	return buf_str(&b);
}
