/* SPDX-License-Identifier: Apache-2.0 */
/* want: what is expected of a body, as lines of text. Before the first "alert" stands the request ("> header NAME: VALUE",
 * "> path", "> query", "> type", "> method", "> mapping MEMBER VALUE") and the answer (status, reply, complaint, refused);
 * each "alert" is followed by title, severity, service, state, key or fingerprint, and, where they matter, summary, link,
 * labels, notes. A title, severity or service that is not there must be empty. Each "change" is followed by title, kind,
 * state, key and, where they are not empty, service, who, version, environment and rollback ("yes"); where they matter,
 * began and ended (RFC 3339, "-" for none), differs, link, undo. * is any text, # a remark, \n a line end. */
#ifndef APLOMB_TEST_INTAKE_WANT_H
#define APLOMB_TEST_INTAKE_WANT_H
#include "test.h"

#include <stdio.h>

#include "base/when.h"
#include "intake/keyed.h"

#define NOW 1795423720000 /* 2026-11-23T08:48:40Z */

static inline struct str whole_file(struct arena *a, const char *path)
{
	enum { MOST = 1 << 20 };
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	char *p = arena_alloc(a, MOST);
	size_t n = fread(p, 1, MOST, f);
	assert_true(n < MOST);
	(void)fclose(f);
	return (struct str){ p, n };
}

/* "status 202" -> "202" and true. */
static inline bool line_of(struct str line, const char *name, struct str *value)
{
	struct str word;
	if (!str_cut(&line, ' ', &word) || !str_is(word, name))
		return false;
	*value = str_trim(line);
	return true;
}

static inline struct str shown(struct arena *a, struct str s)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\n')
			buf_z(&b, "\\n");
		else
			buf_c(&b, s.at[i]);
	return buf_str(&b);
}

static inline void set_mapping(struct mapping *m, struct str line)
{
	static const struct {
		const char *name;
		size_t at;
	} members[] = {
#define M(x) { #x, offsetof(struct mapping, x) }
		M(items),    M(title),	  M(description), M(severity), M(severities),
		M(state),    M(resolved), M(key),	  M(service),  M(link),
		M(branches), M(what),	  M(kind),	  M(version),  M(environment),
		M(who),	     M(began),	  M(ended),	  M(differs),  M(undo),
#undef M
	};
	struct str value;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (line_of(line, members[i].name, &value)) {
			*(struct str *)(void *)((char *)m + members[i].at) = value;
			return;
		}
	fail_msg("the mapping has no " STR_FMT, STR_ARG(line));
}

struct asked {
	struct intake_request q;
	struct integration integration;
};

static inline void set_request(struct arena *a, struct asked *x, struct str line)
{
	struct str v, name;
	if (line_of(line, "path", &v)) {
		x->q.path_tail = v;
	} else if (line_of(line, "query", &v)) {
		x->q.query = v;
	} else if (line_of(line, "type", &v)) {
		x->q.content_type = v;
	} else if (line_of(line, "method", &v)) {
		x->q.method = v;
	} else if (line_of(line, "header", &v)) {
		(void)str_cut(&v, ':', &name);
		*LIST_ADD(a, &x->q.headers) = (struct intake_header){ name, str_trim(v) };
	} else if (line_of(line, "mapping", &v)) {
		x->integration.name = STR("acme");
		set_mapping(&x->integration.mapping, v);
		x->q.integration = &x->integration;
	} else {
		fail_msg("a request has no " STR_FMT, STR_ARG(line));
	}
}

static inline struct str state_of(struct arena *a, const struct signal *s)
{
	const char *word = !s->is_firing ? "resolved" : s->is_acked ? "acked" : "firing";
	return str_fmt(a, "%s%s", word, s->is_partial ? " partial" : "");
}

struct told {
	const char *at; /* for the sentence */
	const struct source *source;
	struct asked asked;
	int rc;
	struct intake_result r;
	struct err e;
};

static inline void expect(struct arena *a, const struct told *t, const char *what, struct str got,
			  struct str want)
{
	got = shown(a, got);
	if (!str_is(want, "*") && !str_eq(got, want))
		fail_msg("%s: %s is \"" STR_FMT "\", not \"" STR_FMT "\"", t->at, what,
			 STR_ARG(got), STR_ARG(want));
}

static inline void expect_key(struct arena *a, const struct told *t, const struct signal *s,
			      struct str key)
{
	/* both versions of PagerDuty's API share the keys */
	const char *name = str_is(str_of(t->source->name), "pagerduty_v1") ? "pagerduty"
									   : t->source->name;
	struct buf b = BUF(a);
	for (size_t i = 0; i < key.len; i++)
		if (str_starts(str_sub(key, i, 2), STR("\\n")) && ++i)
			buf_c(&b, '\n');
		else
			buf_c(&b, key.at[i]);
	if (str_is(key, "*"))
		return; /* minted */
	expect(a, t, str_fmt(a, "fingerprint of key " STR_FMT, STR_ARG(key)).at, s->fingerprint,
	       keyed_fingerprint(&t->asked.q, name, buf_str(&b), a));
}

/* A line that begins an alert or a change. */
static inline bool is_block(struct str line)
{
	return str_is(line, "alert") || str_is(line, "change");
}

/* Whatever a source says, this holds of it. */
static inline void check_signal(const struct told *t, const struct signal *s)
{
	if (s->fingerprint.len != 16 || (!s->name.len && !s->is_partial) || s->started_ms <= 0 ||
	    (!s->is_firing && s->ends_ms < s->started_ms) || s->name.len > TITLE_MAX_BYTES)
		fail_msg("%s: a signal that is not fit to store", t->at);
}

static inline void expect_alert(struct arena *a, const struct told *t, const struct signal *s,
				struct str *lines)
{
	struct str line, v, rest = *lines;
	struct str title = { NULL, 0 }, severity = { NULL, 0 }, service = { NULL, 0 };
	bool has_key = false, has_state = false;
	check_signal(t, s);
	while (str_cut(&rest, '\n', &line) && !is_block(line)) {
		*lines = rest;
		if (line_of(line, "state", &v) && (has_state = true))
			expect(a, t, "state", state_of(a, s), v);
		else if (line_of(line, "key", &v) && (has_key = true))
			expect_key(a, t, s, v);
		else if (line_of(line, "fingerprint", &v) && (has_key = true))
			expect(a, t, "fingerprint", s->fingerprint, v);
		else if (line_of(line, "summary", &v))
			expect(a, t, "summary", s->summary, v);
		else if (line_of(line, "link", &v))
			expect(a, t, "link", s->generator, v);
		else if (line_of(line, "labels", &v))
			expect(a, t, "labels", s->labels, v);
		else if (line_of(line, "notes", &v))
			expect(a, t, "notes", s->annotations, v);
		else if (line_of(line, "started", &v))
			expect(a, t, "started", str_fmt(a, "%lld", (long long)s->started_ms), v);
		else if (!line_of(line, "title", &title) && !line_of(line, "severity", &severity) &&
			 !line_of(line, "service", &service) && line.len && line.at[0] != '#')
			fail_msg("%s: not understood: " STR_FMT, t->at, STR_ARG(line));
	}
	expect(a, t, "title", s->name, title);
	expect(a, t, "severity", s->severity, severity);
	expect(a, t, "service", s->service, service);
	if (!has_key || !has_state)
		fail_msg("%s: an alert needs key or fingerprint, and state", t->at);
}

static inline struct str moment(struct arena *a, struct when w)
{
	struct buf b = BUF(a);
	if (!w.ms)
		return STR("-");
	when_rfc3339(&b, w.ms);
	return buf_str(&b);
}

/* Whatever a source says, this holds of it. */
static inline void check_change(const struct told *t, const struct change_news *c)
{
	struct str source = str_of(t->source->name);
	bool has_prefix = str_starts(c->key, source) && c->key.len > source.len + 1 &&
			  c->key.at[source.len] == '/';
	/* what only moves a change on need not name it again */
	bool is_new = str_is(t->asked.q.method, "POST");
	if ((is_new && !c->title.len) || c->title.len > CHANGE_TITLE_BYTES ||
	    c->key.len > CHANGE_KEY_BYTES || (c->key.len && !has_prefix) || c->began.ms < 0 ||
	    (c->ended.ms && c->ended.ms < c->began.ms) || c->sender.len)
		fail_msg("%s: a change that is not fit to store", t->at);
}

static inline void expect_change(struct arena *a, const struct told *t, const struct change_news *c,
				 struct str *lines)
{
	/* must: what no line names must be empty; the others are not looked at then */
	struct {
		const char *name;
		struct str got;
		bool must;
	} members[] = {
		{ "title", c->title, true },
		{ "service", c->service, true },
		{ "kind", str_of(change_kind_names[c->kind]), true },
		{ "state", str_of(change_state_names[c->state]), true },
		{ "key", c->key, true },
		{ "who", c->who, true },
		{ "version", c->version, true },
		{ "environment", c->environment, true },
		{ "rollback", c->is_rollback ? STR("yes") : STR(""), true },
		{ "began", moment(a, c->began), false },
		{ "ended", moment(a, c->ended), false },
		{ "differs", c->differs, false },
		{ "link", c->link, false },
		{ "undo", c->undo, false },
	};
	enum { MEMBERS = sizeof(members) / sizeof(*members) };
	struct str want[MEMBERS] = { { NULL, 0 } }, line, rest = *lines;
	check_change(t, c);
	while (str_cut(&rest, '\n', &line) && !is_block(line)) {
		bool is_known = !line.len || line.at[0] == '#';
		*lines = rest;
		for (size_t i = 0; i < MEMBERS && !is_known; i++)
			is_known = line_of(line, members[i].name, &want[i]);
		if (!is_known)
			fail_msg("%s: not understood: " STR_FMT, t->at, STR_ARG(line));
	}
	for (size_t i = 0; i < MEMBERS; i++)
		if (members[i].must || want[i].at)
			expect(a, t, members[i].name, members[i].got, want[i]);
}

static inline void expect_answer(struct arena *a, const struct told *t, struct str line)
{
	struct str v;
	if (line_of(line, "status", &v))
		expect(a, t, "status", str_fmt(a, "%d", t->r.status), v);
	else if (line_of(line, "reply", &v))
		expect(a, t, "reply", t->r.reply, v);
	else if (line_of(line, "complaint", &v))
		expect(a, t, "complaint", t->r.complaint, v);
	else if (line_of(line, "refused", &v))
		expect(a, t, "refusal", str_of(t->e.text), v);
	else
		fail_msg("%s: not understood: " STR_FMT, t->at, STR_ARG(line));
}

/* Sends `body` to the source as the lines say, and compares. */
static inline void expect_all(const char *at, const struct source *source, struct str body,
			      struct str lines)
{
	ARENA(a);
	struct told t = { .at = at, .source = source };
	struct str rest = lines, line, v;
	bool complains = false, refuses = false;
	t.asked.q = (struct intake_request){
		.method = STR("POST"), .body = body, .now_ms = NOW, .resolve_timeout_ms = 300000
	};
	while (str_cut(&rest, '\n', &line) && !is_block(line)) {
		complains = complains || line_of(line, "complaint", &v);
		refuses = refuses || line_of(line, "refused", &v);
		if (line_of(line, ">", &v))
			set_request(&a, &t.asked, v);
	}
	t.rc = source->read(&t.asked.q, &a, &t.r, &t.e);
	if (t.rc != (refuses ? -1 : 0))
		fail_msg("%s: read says %d \"%s\"", at, t.rc, t.e.text);
	if (!refuses && !complains)
		expect(&a, &t, "complaint", t.r.complaint, (struct str){ NULL, 0 });
	size_t n = 0, changes = 0;
	while (str_cut(&lines, '\n', &line)) {
		if (str_is(line, "alert")) {
			if (n == t.r.signals.len)
				fail_msg("%s: only %zu alerts", at, n);
			expect_alert(&a, &t, &t.r.signals.at[n++], &lines);
		} else if (str_is(line, "change")) {
			if (changes == t.r.changes.len)
				fail_msg("%s: only %zu changes", at, changes);
			expect_change(&a, &t, &t.r.changes.at[changes++], &lines);
		} else if (line.len && line.at[0] != '#' && line.at[0] != '>') {
			expect_answer(&a, &t, line);
		}
	}
	if (!refuses && n != t.r.signals.len)
		fail_msg("%s: %zu alerts, not %zu", at, t.r.signals.len, n);
	if (!refuses && changes != t.r.changes.len)
		fail_msg("%s: %zu changes, not %zu", at, t.r.changes.len, changes);
}
#endif
