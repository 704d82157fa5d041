/* SPDX-License-Identifier: Apache-2.0 */
/* envelope: see envelope.h. */
#include "intake/envelope.h"

#include "base/form.h"
#include "intake/labels.h"

static const char magic[] = "aplomb-envelope?";

bool envelope_keeps(struct str name)
{
	static const char *const names[] = { "Sentry-Hook-Resource", "X-GitHub-Event",
					     "X-Gitea-Event",	     "X-Forgejo-Event",
					     "X-Gogs-Event",	     "X-Event-Key",
					     "X-Gitlab-Event-UUID",  "Idempotency-Key" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return str_eq_nocase(str_sub(name, 0, 3), STR("ce-"));
}

/* Whatever its charset says: JSON is UTF-8. */
static bool is_json(struct str type)
{
	struct str head = { NULL, 0 };
	(void)str_cut(&type, ';', &head);
	return str_eq_nocase(str_trim(head), STR("application/json"));
}

static bool is_plain(const struct intake_request *q)
{
	return str_is(q->method, "POST") && !q->path_tail.len && !q->query.len && !q->headers.len &&
	       !str_starts(q->body, str_of(magic)) && is_json(q->content_type);
}

static void add(struct buf *b, struct str name, struct str value)
{
	if (!value.len)
		return;
	if (b->at[b->len - 1] != '?')
		buf_c(b, '&');
	buf_url(b, name);
	buf_c(b, '=');
	buf_url(b, value);
}

struct str envelope_wrap(const struct intake_request *q, int64_t test_ends_ms, struct arena *a)
{
	struct buf b = BUF(a);
	if (is_plain(q) && !test_ends_ms)
		return q->body;
	buf_z(&b, magic);
	add(&b, STR("method"), q->method);
	add(&b, STR("tail"), q->path_tail);
	add(&b, STR("query"), q->query);
	add(&b, STR("type"), q->content_type);
	LIST_EACH (h, &q->headers)
		add(&b, h->name, h->value);
	if (test_ends_ms)
		add(&b, STR("test"), str_fmt(a, "%lld", (long long)test_ends_ms));
	buf_c(&b, '\n');
	buf_add(&b, q->body);
	return buf_str(&b);
}

int envelope_open(struct str kept, struct arena *a, struct intake_request *q, int64_t *test_ends_ms,
		  struct err *e)
{
	struct form head;
	struct str line;
	*test_ends_ms = 0;
	q->method = STR("POST");
	q->body = kept;
	q->content_type = STR("application/json");
	if (!str_starts(kept, str_of(magic)))
		return 0;
	q->content_type = (struct str){ NULL, 0 };
	if (!str_cut(&kept, '\n', &line) ||
	    form_parse(a, str_sub(line, sizeof(magic) - 1, line.len), &head, e) != 0)
		return err_fail(e, ERR_BROKEN, "An envelope in the inbox cannot be read.");
	q->body = kept;
	LIST_EACH (p, &head.pairs) {
		if (str_is(p->name, "method"))
			q->method = p->value;
		else if (str_is(p->name, "tail"))
			q->path_tail = p->value;
		else if (str_is(p->name, "query"))
			q->query = p->value;
		else if (str_is(p->name, "type"))
			q->content_type = p->value;
		else if (str_is(p->name, "test"))
			(void)!str_to_int(p->value, test_ends_ms);
		else
			*LIST_ADD(a, &q->headers) = (struct intake_header){ p->name, p->value };
	}
	return 0;
}

/* The label set as JSON with one more; what is no label set becomes that one alone. */
static struct str with_label(struct str json, struct arena *a)
{
	struct json *j = NULL;
	struct labels set = { 0 };
	struct err none = { 0 };
	if (json_parse_lax(a, json.len ? json : STR("{}"), &j, &none) != 0 ||
	    labels_read(j, "labels", a, &set, &none) != 0)
		set = (struct labels){ 0 };
	struct buf b = BUF(a);
	buf_z(&b, "{\"aplomb_test\":\"yes\"");
	LIST_EACH (l, &set.set) {
		if (str_is(l->name, "aplomb_test"))
			continue;
		buf_c(&b, ',');
		buf_json(&b, l->name);
		buf_c(&b, ':');
		buf_json(&b, l->value);
	}
	buf_c(&b, '}');
	/* read once more: labels are kept sorted */
	if (json_parse_lax(a, buf_str(&b), &j, &none) != 0 ||
	    labels_read(j, "labels", a, &set, &none) != 0)
		return json;
	return labels_json(&set, a);
}

void envelope_mark_test(struct intake_result *r, int64_t test_ends_ms, struct arena *a)
{
	LIST_EACH (s, &r->signals) {
		s->labels = with_label(s->labels, a);
		if (!s->is_firing)
			continue;
		s->ends_ms = test_ends_ms;
		s->by_timeout = true;
	}
	LIST_EACH (c, &r->changes) {
		c->service = STR("aplomb-test");
		c->environment = STR("test");
	}
}
