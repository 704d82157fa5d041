/* SPDX-License-Identifier: Apache-2.0 */
/* mapping: see mapping.h. */
#include "intake/mapping.h"

#include "intake/path.h"

/* The names that senders commonly use, in the order in which they are asked. */
static const char *const title_names[] = { "title", "summary", "message", "name",
					   "alert", "text",    NULL };
static const char *const description_names[] = { "description", "details", "body", "text",
						 "message",	"summary", NULL };
static const char *const severity_names[] = { "severity", "level", "priority", NULL };
static const char *const state_names[] = { "status", "state", NULL };
static const char *const key_names[] = { "key", "id", "dedup_key", "alias", NULL };
static const char *const service_names[] = { "service", "host", "app", NULL };
static const char *const link_names[] = { "link", "url", "href", NULL };
static const char *const time_names[] = { "timestamp", "time", "startsAt", "started_at", NULL };

static struct str find(const struct json *j, struct str path, const char *const *names,
		       struct arena *a)
{
	return path.len ? path_fill(j, path, a) : keyed_first(j, names, a);
}

bool mapping_is_over(struct str words, struct str word, struct arena *a)
{
	static const char usual[] =
		"resolved, resolve, ok, up, closed, close, recovered, recovery, "
		"clear, cleared, normal, inactive, healthy, success";
	struct strs all = strs_split(a, words.len ? words : str_of(usual), ',');
	for (size_t i = 0; i < all.len; i++)
		if (str_eq_nocase(all.at[i], word))
			return true;
	return false;
}

struct str mapping_word(struct str table, struct str word, struct arena *a)
{
	struct strs rows = strs_split(a, table, ',');
	struct str other = word;
	for (size_t i = 0; i < rows.len; i++) {
		struct str to = rows.at[i], from;
		(void)str_cut(&to, '=', &from);
		if (!to.at)
			continue;
		if (str_eq_nocase(str_trim(from), word))
			return str_trim(to);
		if (str_is(str_trim(from), "*"))
			other = str_trim(to);
	}
	return other;
}

struct str mapping_key(const struct keyed *k, struct arena *a)
{
	if (!k->service.len)
		return k->title;
	return str_fmt(a, STR_FMT " on " STR_FMT, STR_ARG(k->title), STR_ARG(k->service));
}

static void add_tags(struct keyed *k, const struct json *tags, struct arena *a)
{
	if (json_is_text(tags))
		keyed_add_tags(&k->labels, json_text(tags), a);
	else if (json_is_array(tags))
		for (const struct json *t = json_first(tags); t; t = json_next(t))
			keyed_add_tags(&k->labels, json_text(t), a);
	else
		keyed_add_members(&k->labels, tags, a);
}

/* What is told already, as title and so on, is not told again. */
static bool is_told(const struct keyed *k, struct str value)
{
	return str_eq(value, k->title) || str_eq(value, k->description) ||
	       str_eq(value, k->service) || str_eq(value, k->link);
}

static void add_rest(struct keyed *k, const struct json *j, struct arena *a)
{
	add_tags(k, json_get(j, "labels"), a);
	add_tags(k, json_get(j, "tags"), a);
	if (!json_is_object(j))
		return;
	for (const struct json *c = json_first(j); c; c = json_next(c))
		if (!json_is_object(c) && !json_is_array(c) && !is_told(k, json_plain(c, a)))
			keyed_add(&k->notes, json_key(c), json_plain(c, a), a);
}

static void set(struct str *to, struct str found)
{
	if (found.len)
		*to = found;
}

void mapping_read(const struct mapping *m, const struct json *j, struct keyed *k, struct arena *a)
{
	static const struct mapping none = { 0 };
	m = m ? m : &none;
	set(&k->title, find(j, m->title, title_names, a));
	set(&k->service, find(j, m->service, service_names, a));
	set(&k->link, find(j, m->link, link_names, a));
	set(&k->key, find(j, m->key, key_names, a));
	set(&k->severity, mapping_word(m->severities, find(j, m->severity, severity_names, a), a));
	if (m->description.len)
		set(&k->description, path_fill(j, m->description, a));
	else
		for (size_t i = 0; description_names[i] && !k->description.len; i++) {
			struct str s = path_text(j, str_of(description_names[i]), a);
			if (!str_eq(s, k->title))
				k->description = s;
		}
	for (size_t i = 0; time_names[i] && !k->at_ms; i++)
		k->at_ms = keyed_time(json_get(j, time_names[i]));
	struct str state = find(j, m->state, state_names, a);
	if (state.len)
		k->state = mapping_is_over(m->resolved, state, a) ? KEYED_RESOLVED : KEYED_FIRING;
	add_rest(k, j, a);
}

bool mapping_is_change(const struct mapping *m)
{
	return m && str_is(m->what, "change");
}

static void read_kind(const struct mapping *m, const struct json *j, struct change_news *n,
		      struct arena *a)
{
	static const char *const names[] = { "kind", "type", "change_type", NULL };
	n->kind = CHANGE_DEPLOY;
	if (!news_kind(find(j, m->kind, names, a), &n->kind))
		(void)!news_kind(m->kind, &n->kind); /* the same for all */
}

static void read_times(const struct mapping *m, const struct json *j, struct change_news *n,
		       struct arena *a)
{
	static const char *const began[] = { "began",	   "started",	 "started_at", "startedAt",
					     "start_time", "start_date", "timestamp",  "time",
					     "created_at", NULL };
	static const char *const ended[] = { "ended",	    "ended_at",	  "finished",
					     "finished_at", "finishedAt", "completed_at",
					     "end_time",    NULL };
	n->began.ms = keyed_time_of(find(j, m->began, began, a));
	n->ended.ms = keyed_time_of(find(j, m->ended, ended, a));
	if (n->state != CHANGE_RUNNING && !n->ended.ms)
		n->ended.ms = n->began.ms;
}

void mapping_read_change(const struct mapping *m, const struct json *j, struct change_news *n,
			 struct arena *a)
{
	static const char *const version[] = {
		"version", "tag", "release", "revision", "sha", NULL
	};
	static const char *const environment[] = { "environment", "env", NULL };
	static const char *const who[] = { "who", "user", "author", "actor", "by", NULL };
	static const char *const differs[] = { "differs", "diff", "description", "details", NULL };
	static const char *const undo[] = { "undo", NULL };
	bool is_rollback = false;
	*n = (struct change_news){ .state = CHANGE_DONE };
	set(&n->title, find(j, m->title, title_names, a));
	set(&n->service, find(j, m->service, service_names, a));
	set(&n->link, find(j, m->link, link_names, a));
	set(&n->key, find(j, m->key, key_names, a));
	set(&n->version, find(j, m->version, version, a));
	set(&n->environment, find(j, m->environment, environment, a));
	set(&n->who, find(j, m->who, who, a));
	set(&n->differs, find(j, m->differs.len ? m->differs : m->description, differs, a));
	if (!m->undo.len || path_fills(j, m->undo, a)) /* half a command undoes something else */
		set(&n->undo, find(j, m->undo, undo, a));
	(void)!news_state(find(j, m->state, state_names, a), &n->state);
	if (json_bool(json_get(j, "rollback"), &is_rollback))
		n->is_rollback = is_rollback;
	read_kind(m, j, n, a);
	read_times(m, j, n, a);
}
