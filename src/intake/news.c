/* SPDX-License-Identifier: Apache-2.0 */
/* news: see news.h. */
#include "intake/news.h"

#include <string.h>

#include "intake/changed.h"

struct word {
	const char *word;
	int value;
};

/* Dashes, underscores and blanks are one and the same: "feature flag", "in-progress". */
static bool is_word(struct str s, const char *word)
{
	size_t i = 0;
	for (; i < s.len && word[i]; i++) {
		char c = s.at[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == '_' || c == ' ')
			c = '-';
		if (c != word[i])
			return false;
	}
	return i == s.len && !word[i];
}

static bool find(const struct word *words, struct str word, int *value)
{
	word = str_trim(word);
	for (; words->word; words++)
		if (is_word(word, words->word)) {
			*value = words->value;
			return true;
		}
	return false;
}

bool news_kind(struct str word, int *kind)
{
	static const struct word words[] = {
		{ "deploy", CHANGE_DEPLOY },
		{ "deployment", CHANGE_DEPLOY },
		{ "deployed", CHANGE_DEPLOY },
		{ "release", CHANGE_DEPLOY },
		{ "rollout", CHANGE_DEPLOY },
		{ "rollback", CHANGE_DEPLOY },
		{ "config", CHANGE_CONFIG },
		{ "configuration", CHANGE_CONFIG },
		{ "setting", CHANGE_CONFIG },
		{ "settings", CHANGE_CONFIG },
		{ "flag", CHANGE_FLAG },
		{ "feature", CHANGE_FLAG },
		{ "feature-flag", CHANGE_FLAG },
		{ "toggle", CHANGE_FLAG },
		{ "infrastructure", CHANGE_INFRASTRUCTURE },
		{ "infra", CHANGE_INFRASTRUCTURE },
		{ "terraform", CHANGE_INFRASTRUCTURE },
		{ "network", CHANGE_INFRASTRUCTURE },
		{ "data", CHANGE_DATA },
		{ "database", CHANGE_DATA },
		{ "migration", CHANGE_DATA },
		{ "schema", CHANGE_DATA },
		{ "backfill", CHANGE_DATA },
		{ "command", CHANGE_COMMAND },
		{ "operator", CHANGE_COMMAND },
		{ "manual", CHANGE_COMMAND },
		{ "maintenance", CHANGE_COMMAND },
		{ NULL, 0 },
	};
	return find(words, word, kind);
}

bool news_state(struct str word, int *state)
{
	static const struct word words[] = {
		{ "running", CHANGE_RUNNING },	   { "started", CHANGE_RUNNING },
		{ "start", CHANGE_RUNNING },	   { "begin", CHANGE_RUNNING },
		{ "began", CHANGE_RUNNING },	   { "in-progress", CHANGE_RUNNING },
		{ "pending", CHANGE_RUNNING },	   { "deploying", CHANGE_RUNNING },
		{ "progressing", CHANGE_RUNNING }, { "done", CHANGE_DONE },
		{ "finished", CHANGE_DONE },	   { "succeeded", CHANGE_DONE },
		{ "success", CHANGE_DONE },	   { "successful", CHANGE_DONE },
		{ "completed", CHANGE_DONE },	   { "complete", CHANGE_DONE },
		{ "deployed", CHANGE_DONE },	   { "ok", CHANGE_DONE },
		{ "failed", CHANGE_FAILED },	   { "failure", CHANGE_FAILED },
		{ "error", CHANGE_FAILED },	   { "aborted", CHANGE_FAILED },
		{ "cancelled", CHANGE_FAILED },	   { "canceled", CHANGE_FAILED },
		{ "timeout", CHANGE_FAILED },	   { "undone", CHANGE_UNDONE },
		{ "reverted", CHANGE_UNDONE },	   { "rolled-back", CHANGE_UNDONE },
		{ "rolledback", CHANGE_UNDONE },   { NULL, 0 },
	};
	return find(words, word, state);
}

static bool is_web(struct str s)
{
	return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

static bool is_rollback(struct str word)
{
	return is_word(word, "rollback") || is_word(word, "revert") || is_word(word, "undo");
}

static bool is_yes(struct str word)
{
	return is_word(word, "true") || is_word(word, "yes") || is_word(word, "1");
}

static bool is_environment(struct str word)
{
	static const char *const words[] = { "production", "prod", "staging", "stage",
					     "preprod",	   "qa",   "uat",     "test",
					     "testing",	   "dev",  "canary",  "development" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(word, words[i]))
			return true;
	return false;
}

/* "name: value" of a tag. `last`: a member that goes by another name where nothing better named it. */
static const struct {
	const char *name;
	size_t at;
	bool last;
} members[] = {
#define M(n, member, last)                                    \
	{                                                     \
		n, offsetof(struct change_news, member), last \
	}
	M("service", service, false),
	M("service-name", service, false),
	M("svc", service, false),
	M("app", service, false),
	M("app-name", service, false),
	M("application", service, false),
	M("component", service, false),
	M("project", service, true),
	M("name", service, true), /* Flux: of the object that it reconciles */
	M("version", version, false),
	M("release", version, false),
	M("tag", version, false),
	M("revision", version, false),
	M("image-tag", version, true),
	M("image", version, true),
	M("build", version, true),
	M("sha", version, true),
	M("commit", version, true),
	M("environment", environment, false),
	M("env", environment, false),
	M("stage", environment, true),
	M("who", who, false),
	M("user", who, false),
	M("author", who, false),
	M("actor", who, false),
	M("by", who, false),
	M("differs", differs, false),
	M("undo", undo, false),
	M("link", link, false),
	M("url", link, false),
#undef M
};

static void take_pair(struct change_news *n, struct str name, struct str value, bool last)
{
	if (!last && !n->kind && (is_word(name, "kind") || is_word(name, "type")))
		(void)!news_kind(value, &n->kind);
	if (!last && !n->state && (is_word(name, "state") || is_word(name, "status")))
		(void)!news_state(value, &n->state);
	if (!last && is_word(name, "rollback"))
		n->is_rollback = n->is_rollback || is_yes(value);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct str *to = (struct str *)(void *)((char *)n + members[i].at);
		if (members[i].last == last && !to->len && is_word(name, members[i].name))
			*to = value;
	}
}

static void take_word(struct change_news *n, struct str word)
{
	int kind, state;
	if (news_kind(word, &kind))
		n->kind = n->kind ? n->kind : kind;
	else if (news_state(word, &state))
		n->state = n->state ? n->state : state;
	n->is_rollback = n->is_rollback || is_rollback(word);
	if (!n->environment.len && is_environment(word))
		n->environment = word;
}

/* Flux writes | for : in values, since it puts : between name and value. */
static struct str with_colons(struct str value, struct arena *a)
{
	struct buf b = BUF(a);
	if (str_find(value, STR("@sha1|")) == SIZE_MAX &&
	    str_find(value, STR("@sha256|")) == SIZE_MAX)
		return value;
	for (size_t i = 0; i < value.len; i++)
		buf_c(&b, value.at[i] == '|' ? ':' : value.at[i]);
	return buf_str(&b);
}

static void take_tag(struct change_news *n, struct str tag, bool last, struct arena *a)
{
	struct str value = tag, name = { NULL, 0 };
	size_t colon = str_find(tag, STR(":")), equals = str_find(tag, STR("="));
	char between = colon < equals ? ':' : '=';
	if (is_web(tag)) {
		n->link = n->link.len ? n->link : tag;
		return;
	}
	if (colon != SIZE_MAX || equals != SIZE_MAX) {
		(void)str_cut(&value, between, &name);
		take_pair(n, str_trim(name), with_colons(str_trim(value), a), last);
	} else if (last) {
		take_word(n, tag); /* less than a word with its name */
	}
}

void news_tags(struct change_news *n, const struct strs *tags, struct arena *a)
{
	for (int last = 0; last < 2; last++)
		for (size_t i = 0; i < tags->len; i++)
			take_tag(n, str_trim(tags->at[i]), last, a);
}

struct strs news_tags_of(const struct json *j, struct arena *a)
{
	struct strs tags = { NULL, 0 };
	size_t n = 0;
	if (json_is_text(j))
		return strs_split(a, json_text(j),
				  str_find(json_text(j), STR(",")) == SIZE_MAX ? ' ' : ',');
	if (!json_is_array(j))
		return tags;
	for (const struct json *t = json_first(j); t && n < FACTS_MAX; t = json_next(t))
		n++;
	tags.at = ARENA_ARRAY(a, struct str, n + 1);
	for (const struct json *t = json_first(j); t && tags.len < n; t = json_next(t))
		tags.at[tags.len++] = json_text(t);
	return tags;
}

/* What stands between "<" and ">", without them; false where no tag begins. *len has both. */
static bool markup_at(struct str s, struct str *inside, size_t *len)
{
	size_t end = str_find(s, STR(">"));
	char c = s.len > 1 ? s.at[1] : 0;
	if (s.at[0] != '<' || end == SIZE_MAX ||
	    !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!'))
		return false;
	*inside = str_sub(s, 1, end - 1);
	*len = end + 1;
	return true;
}

static struct str href_of(struct str inside)
{
	size_t at = str_find(inside, STR("href="));
	if (at == SIZE_MAX)
		return (struct str){ NULL, 0 };
	struct str rest = str_sub(inside, at + 5, inside.len), value = { NULL, 0 };
	char quote = rest.len ? rest.at[0] : 0;
	if (quote != '"' && quote != '\'')
		return str_cut(&rest, ' ', &value) ? value : rest;
	rest = str_sub(rest, 1, rest.len);
	(void)str_cut(&rest, quote, &value);
	return value;
}

/* The length of the entity at the front of s, 0 where none is; *c is what it means. */
static size_t entity_at(struct str s, char *c)
{
	static const struct {
		const char *text;
		char means;
	} known[] = { { "&amp;", '&' },	 { "&lt;", '<' },  { "&gt;", '>' },  { "&quot;", '"' },
		      { "&#39;", '\'' }, { "&#34;", '"' }, { "&nbsp;", ' ' } };
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_starts(s, str_of(known[i].text))) {
			*c = known[i].means;
			return str_of(known[i].text).len;
		}
	return 0;
}

static struct str without_entities(struct str s, struct arena *a)
{
	struct buf b = BUF(a);
	for (size_t i = 0, len; i < s.len; i += len ? len : 1) {
		char c = s.at[i];
		len = entity_at(str_sub(s, i, s.len), &c);
		buf_c(&b, c);
	}
	return buf_str(&b);
}

/* The first address in plain text. */
static struct str link_in(struct str text)
{
	size_t at = str_find(text, STR("https://")), plain = str_find(text, STR("http://")), n = 0;
	at = at < plain ? at : plain;
	if (at == SIZE_MAX)
		return (struct str){ NULL, 0 };
	text = str_sub(text, at, text.len);
	while (n < text.len && (unsigned char)text.at[n] > ' ' &&
	       !memchr("<>\"')]}", text.at[n], 7))
		n++;
	while (n && memchr(".,;", text.at[n - 1], 3))
		n--;
	return str_sub(text, 0, n);
}

struct str news_plain(struct str html, struct str *link, struct arena *a)
{
	struct buf b = BUF(a);
	struct str inside, found = { NULL, 0 };
	html = str_clip(html, TEXT_MAX_BYTES);
	for (size_t i = 0, len; i < html.len; i += len) {
		struct str rest = str_sub(html, i, html.len);
		char c = html.at[i];
		len = c == '&' ? entity_at(rest, &c) : 0;
		if (c == '<' && !len && markup_at(rest, &inside, &len)) {
			found = found.len ? found : href_of(inside);
			/* a line's end; other markup stands within words */
			if (str_starts(inside, STR("br")) || str_starts(inside, STR("/p")) ||
			    str_starts(inside, STR("/div")) || str_starts(inside, STR("/li")))
				buf_c(&b, '\n');
			continue;
		}
		buf_c(&b, c);
		len = len ? len : 1;
	}
	struct str plain = str_trim(buf_str(&b));
	if (link && !link->len)
		*link = is_web(found) ? without_entities(found, a) : link_in(plain);
	return plain;
}

static bool is_among(const char *const *names, struct str name)
{
	for (; *names; names++)
		if (str_eq_nocase(name, str_of(*names)))
			return true;
	return false;
}

struct str news_rest(const struct json *object, const char *const *but, struct arena *a)
{
	struct buf b = BUF(a);
	if (!json_is_object(object))
		return json_plain(object, a);
	for (const struct json *c = json_first(object); c && b.len < CHANGE_TEXT_BYTES;
	     c = json_next(c)) {
		struct str value = str_trim(json_plain(c, a));
		if (!value.len || is_among(but, json_key(c)))
			continue;
		buf_fmt(&b, "%s" STR_FMT ": " STR_FMT, b.len ? ", " : "", STR_ARG(json_key(c)),
			STR_ARG(value));
	}
	return buf_str(&b);
}

struct str news_mint(const struct intake_request *q, const char *source, struct str text,
		     int64_t at_ms, struct arena *a)
{
	struct buf b = BUF(a);
	buf_fmt(&b, "%s ", at_ms ? "at" : "minute");
	buf_int(&b, at_ms ? at_ms : q->now_ms / 60000);
	buf_c(&b, ' ');
	buf_add(&b, text);
	return keyed_fingerprint(q, source, buf_str(&b), a);
}

void news_add(const struct intake_request *q, const char *source, const struct change_news *news,
	      struct arena *a, struct intake_result *out)
{
	struct change_news n = *news;
	const struct str parts[] = { str_of(source),
				     q->integration ? q->integration->name
						    : (struct str){ NULL, 0 },
				     news->key };
	n.key = changed_key(a, parts, sizeof(parts) / sizeof(*parts));
	changed_fit(&n, a);
	if (!n.title.len && news->title.len) /* of it nothing can be shown */
		n.title = str_clip(n.key, CHANGE_TITLE_BYTES);
	if (out->changes.len < NEWS_MAX)
		*LIST_ADD(a, &out->changes) = n;
}
