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
