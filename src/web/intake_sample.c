/* SPDX-License-Identifier: Apache-2.0 */
/* intake_sample: a body such as a sender posts, for "send a test": it goes the same way as theirs, through the same parser.
 * For a mapping of the team's own the body is made from its paths. */
#include "base/when.h"
#include "web/intake.h"

static const struct {
	/* @: the title; #: a key of this test's own; $: now; %: a branch from which code goes live */
	const char *source, *body;
} samples[] = {
	{ "prometheus", "[{\"labels\":{\"alertname\":@,\"severity\":\"info\",\"test\":#},"
			"\"annotations\":{\"summary\":\"Nothing is wrong.\"},\"startsAt\":$}]" },
	{ "alertmanager",
	  "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[{\"status\":\"firing\",\"labels\":"
	  "{\"alertname\":@,\"severity\":\"info\",\"test\":#},\"annotations\":{\"summary\":"
	  "\"Nothing is wrong.\"},\"startsAt\":$}]}" },
	{ "grafana",
	  "{\"version\":\"1\",\"status\":\"firing\",\"title\":@,\"alerts\":[{\"status\":\"firing\","
	  "\"labels\":{\"alertname\":@,\"severity\":\"info\",\"test\":#},\"annotations\":"
	  "{\"summary\":\"Nothing is wrong.\"},\"startsAt\":$}]}" },
	{ "pagerduty",
	  "{\"event_action\":\"trigger\",\"dedup_key\":#,\"payload\":{\"summary\":@,\"source\":"
	  "\"Aplomb\",\"severity\":\"info\",\"timestamp\":$}}" },
	{ "pagerduty_v1",
	  "{\"event_type\":\"trigger\",\"incident_key\":#,\"description\":@,\"details\":{}}" },
	{ "opsgenie", "{\"message\":@,\"alias\":#,\"priority\":\"P5\"}" },
	{ "cloudevents",
	  "{\"specversion\":\"1.0\",\"id\":#,\"source\":\"/aplomb/test\",\"type\":\"aplomb.test\","
	  "\"time\":$,\"data\":{\"title\":@,\"severity\":\"info\",\"status\":\"firing\"}}" },
	{ "incidentio",
	  "{\"title\":@,\"status\":\"firing\",\"deduplication_key\":#,\"description\":"
	  "\"Nothing is wrong.\",\"metadata\":{\"severity\":\"info\"}}" },
	{ "oncall", "{\"alert_uid\":#,\"title\":@,\"state\":\"alerting\",\"message\":"
		    "\"Nothing is wrong.\"}" },
	{ "datadog", "{\"alert_cycle_key\":#,\"alert_title\":@,\"alert_transition\":\"Triggered\","
		     "\"alert_type\":\"info\",\"text_only_msg\":\"Nothing is wrong.\"}" },
	{ "sentry", "{\"action\":\"created\",\"data\":{\"issue\":{\"id\":#,\"title\":@,\"level\":"
		    "\"info\",\"firstSeen\":$}}}" },
	{ "victorops", "{\"message_type\":\"WARNING\",\"entity_id\":#,\"entity_display_name\":@,"
		       "\"state_message\":\"Nothing is wrong.\"}" },
	{ "pagerduty_webhook",
	  "{\"event\":{\"event_type\":\"incident.triggered\",\"occurred_at\":$,\"data\":{\"id\":#,"
	  "\"title\":@,\"status\":\"triggered\",\"created_at\":$}}}" },
	{ "github",
	  "{\"action\":\"created\",\"deployment_status\":{\"state\":\"success\",\"created_at\":$},"
	  "\"deployment\":{\"id\":#,\"ref\":@,\"created_at\":$},\"repository\":{\"full_name\":"
	  "\"aplomb-test\"}}" },
	{ "gitlab",
	  "{\"object_kind\":\"deployment\",\"status\":\"success\",\"status_changed_at\":$,"
	  "\"deployment_id\":#,\"ref\":@,\"project\":{\"path_with_namespace\":"
	  "\"aplomb-test\"}}" },
	{ "bitbucket",
	  "{\"push\":{\"changes\":[{\"new\":{\"type\":\"branch\",\"name\":%,\"target\":{\"hash\":#,"
	  "\"message\":@}}}]},\"repository\":{\"full_name\":\"aplomb-test\"}}" },
	{ "gitea",
	  "{\"action\":\"published\",\"release\":{\"id\":#,\"tag_name\":@,\"published_at\":$},"
	  "\"repository\":{\"full_name\":\"aplomb-test\"}}" },
	{ NULL, NULL },
};

/* What says in a header of which kind the body is. */
static const struct {
	const char *source, *name, *value;
} headers[] = {
	{ "github", "X-GitHub-Event", "deployment_status" },
	{ "gitea", "X-Gitea-Event", "release" },
	{ "sentry", "Sentry-Hook-Resource", "issue" },
	{ NULL, NULL, NULL },
};

/* The first of the integration's branches; its star stands for "test". */
static struct str branch_of(struct arena *a, const struct integration *i)
{
	struct str rest = i->mapping.branches, first = { NULL, 0 };
	(void)str_cut(&rest, ',', &first);
	first = str_trim(first);
	if (!first.len)
		return STR("main");
	return str_ends(first, STR("*"))
		       ? str_fmt(a, STR_FMT "test", STR_ARG(str_sub(first, 0, first.len - 1)))
		       : first;
}

static struct str quoted(struct arena *a, struct str text)
{
	struct buf b = BUF(a);
	buf_json(&b, text);
	return buf_str(&b);
}

struct filling {
	struct str title, key, branch; /* as JSON */
	int64_t now_ms;
};

static struct str fill(struct arena *a, const char *body, const struct filling *f)
{
	struct buf b = BUF(a), time = BUF(a);
	when_rfc3339(&time, f->now_ms);
	for (; *body; body++) {
		if (*body == '@')
			buf_add(&b, f->title);
		else if (*body == '#')
			buf_add(&b, f->key);
		else if (*body == '%')
			buf_add(&b, f->branch);
		else if (*body == '$')
			buf_fmt(&b, "\"" STR_FMT "\"", STR_ARG(buf_str(&time)));
		else
			buf_c(&b, *body);
	}
	return buf_str(&b);
}

/* A place in the body to make, and what to put there. */
struct place {
	struct str path, value;
};
LIST_DECLARE(places, struct place);

static void add_path(struct arena *a, struct places *to, struct str prefix, struct str path,
		     struct str value)
{
	path = str_trim(path);
	if (path.len)
		*LIST_ADD(a, to) = (struct place){
			str_fmt(a, STR_FMT STR_FMT, STR_ARG(prefix), STR_ARG(path)), value
		};
}

/* A path, or each hole of a template. */
static void add(struct arena *a, struct places *to, struct str prefix, struct str member,
		struct str value)
{
	size_t at = str_find(member, STR("{{"));
	if (at == SIZE_MAX) {
		add_path(a, to, prefix, member, value);
		return;
	}
	while (at != SIZE_MAX) {
		member = str_sub(member, at + 2, member.len);
		size_t end = str_find(member, STR("}}"));
		add_path(a, to, prefix, str_sub(member, 0, end == SIZE_MAX ? 0 : end), value);
		at = str_find(member, STR("{{"));
	}
}

static struct str head_of(struct str path, struct str *rest)
{
	struct str head = { NULL, 0 };
	*rest = path;
	(void)str_cut(rest, '.', &head);
	return head;
}

enum { DEEPEST = 16 };

/* The JSON value that has something at each of these places: the first wins where two want the same. */
static void print_places(struct arena *a, const struct places *p, int depth, struct buf *b)
{
	struct str rest;
	if (!p->at[0].path.len || depth == DEEPEST) {
		buf_add(b, quoted(a, p->at[0].value));
		return;
	}
	int64_t index = -1;
	bool is_list = str_to_int(head_of(p->at[0].path, &rest), &index) && index >= 0 &&
		       index < DEEPEST;
	buf_c(b, is_list ? '[' : '{');
	for (int64_t i = 0; is_list && i < index; i++)
		buf_z(b, "null,");
	for (size_t i = 0; i < p->len; i++) {
		struct str key = head_of(p->at[i].path, &rest);
		struct places inner = { 0 };
		bool is_done = false;
		for (size_t k = 0; k < p->len; k++) {
			struct str other = head_of(p->at[k].path, &rest);
			if (!str_eq(other, key))
				continue;
			is_done = is_done || k < i;
			*LIST_ADD(a, &inner) = (struct place){ rest, p->at[k].value };
		}
		if (is_done || (is_list && i > 0) || !key.len)
			continue;
		if (i)
			buf_c(b, ',');
		if (!is_list) {
			buf_json(b, key);
			buf_c(b, ':');
		}
		print_places(a, &inner, depth + 1, b);
	}
	buf_c(b, is_list ? ']' : '}');
}

static struct str of_mapping(struct arena *a, const struct mapping *m, struct str title,
			     struct str key)
{
	struct places p = { 0 };
	struct buf b = BUF(a);
	struct str word = { NULL, 0 }, table = m->severities, prefix = { NULL, 0 };
	if (m->items.len)
		prefix = str_fmt(a, STR_FMT ".0.", STR_ARG(m->items));
	if (!str_cut(&table, '=', &word) || str_is(str_trim(word), "*"))
		word = STR("info");
	add(a, &p, prefix, m->title.len ? m->title : STR("title"), title);
	add(a, &p, prefix, m->key, key);
	add(a, &p, prefix, m->severity.len ? m->severity : STR("severity"), str_trim(word));
	add(a, &p, prefix, m->state, STR("firing"));
	add(a, &p, prefix, m->service, STR("aplomb"));
	add(a, &p, prefix, m->description, STR("Nothing is wrong."));
	print_places(a, &p, 0, &b);
	return buf_str(&b);
}

struct str intake_sample(struct arena *a, const struct integration *i, int64_t now_ms)
{
	struct str title = str_fmt(a, "Test from " STR_FMT, STR_ARG(i->name)),
		   key = str_fmt(a, "aplomb-test-%lld", (long long)now_ms);
	if (str_is(i->mapping.what, "change")) /* what is recorded of changes stays */
		return (struct str){ NULL, 0 };
	if (str_is(i->source, "generic"))
		return of_mapping(a, &i->mapping, title, key);
	for (size_t n = 0; samples[n].source; n++)
		if (str_is(i->source, samples[n].source))
			return fill(a, samples[n].body,
				    &(struct filling){ quoted(a, title), quoted(a, key),
						       quoted(a, branch_of(a, i)), now_ms });
	return (struct str){ NULL, 0 };
}

struct intake_header intake_sample_header(const struct integration *i)
{
	for (size_t n = 0; headers[n].source; n++)
		if (str_is(i->source, headers[n].source))
			return (struct intake_header){ str_of(headers[n].name),
						       str_of(headers[n].value) };
	return (struct intake_header){ { NULL, 0 }, { NULL, 0 } };
}
