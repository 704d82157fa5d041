/* SPDX-License-Identifier: Apache-2.0 */
/* source: what the fuzzers of intake share. Whatever a source takes is fit to store, what it refuses it refuses with a
 * sentence, and the same request reads the same twice. */
#ifndef APLOMB_FUZZ_SOURCE_H
#define APLOMB_FUZZ_SOURCE_H
#include "fuzz.h"
#include "intake/keyed.h"

static inline void check_signal(struct arena *a, const struct signal *s)
{
	assert(keyed_is_fingerprint(s->fingerprint));
	assert(is_json(a, s->labels) && is_json(a, s->annotations));
	assert(s->is_partial || s->name.len);
	assert(s->name.len <= LABEL_MAX_BYTES && s->summary.len <= TEXT_MAX_BYTES);
	assert(str_is_utf8(s->name) && str_is_utf8(s->service) && str_is_utf8(s->summary));
	assert(str_is_utf8(s->severity) && str_is_utf8(s->generator));
	assert(s->started_ms > 0 && !s->by_timeout);
	assert(s->is_firing ? s->ends_ms == 0 : s->ends_ms > 0);
	assert(s->is_firing || !s->is_acked);
}

static inline void check_change(const char *source, const struct change_news *c)
{
	struct str name = str_of(source);
	assert(c->key.len <= CHANGE_KEY_BYTES);
	if (c->key.len) /* some senders name no key of their own */
		assert(c->key.len > name.len + 1 && str_starts(c->key, name) &&
		       c->key.at[name.len] == '/');
	assert(c->title.len <= CHANGE_TITLE_BYTES && c->service.len <= CHANGE_NAME_BYTES);
	assert(c->version.len <= CHANGE_NAME_BYTES && c->environment.len <= CHANGE_NAME_BYTES);
	assert(c->differs.len <= CHANGE_TEXT_BYTES && c->undo.len <= CHANGE_TEXT_BYTES);
	assert(str_is_utf8(c->title) && str_is_utf8(c->key) && str_is_utf8(c->service));
	assert(str_is_utf8(c->differs) && str_is_utf8(c->undo) && str_is_utf8(c->link));
	assert(str_is_utf8(c->who) && str_is_utf8(c->version) && str_is_utf8(c->environment));
	assert(str_find(c->title, STR("\n")) == SIZE_MAX && str_find(c->undo, STR("\n")) == SIZE_MAX);
	assert(c->began.ms >= 0 && (!c->ended.ms || c->ended.ms >= c->began.ms));
	assert(!c->sender.len);
	assert(c->kind >= 0 && c->kind <= CHANGE_COMMAND && c->state <= CHANGE_UNDONE);
}

static inline void check_result(struct arena *a, const struct intake_result *r)
{
	assert(r->status >= 200 && r->status < 500);
	assert(r->signals.len || r->changes.len || r->complaint.len || r->gate);
	assert(r->status < 400 || r->complaint.len);
	assert(str_is_utf8(r->complaint));
	assert(!r->reply.len || is_json(a, r->reply));
	LIST_EACH (s, &r->signals)
		check_signal(a, s);
}

static inline int read_request(const char *name, struct intake_request *q, struct arena *a)
{
	const struct source *source = source_find(str_of(name));
	struct intake_result one = { 0 }, two = { 0 };
	struct err e = { 0 };
	q->now_ms = noon_ms;
	q->resolve_timeout_ms = 300000;
	if (!q->method.len)
		q->method = STR("POST");
	if (source->credential)
		(void)source->credential(q, a);
	if (source->read(q, a, &one, &e) != 0) {
		assert(e.code && e.text[0] && str_is_utf8(str_of(e.text)));
		return 0;
	}
	check_result(a, &one);
	LIST_EACH (c, &one.changes)
		check_change(name, c);
	assert(source->read(q, a, &two, &e) == 0 && two.signals.len == one.signals.len);
	assert(two.changes.len == one.changes.len);
	for (size_t i = 0; i < one.changes.len; i++)
		assert(str_eq(one.changes.at[i].key, two.changes.at[i].key));
	for (size_t i = 0; i < one.signals.len; i++)
		assert(str_eq(one.signals.at[i].fingerprint, two.signals.at[i].fingerprint));
	assert(str_eq(one.reply, two.reply));
	return 0;
}

/* For a source that reads the body alone. */
static inline int read_body(const char *name, const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct intake_request q = { .content_type = STR("application/json"),
				    .body = text_of(bytes, len) };
	return read_request(name, &q, &a);
}

/* For one that reads more: lines with method, path, query and content type, then "name: value" up to a blank line. False
 * when the net would not have let it through. */
static inline bool take_head(struct arena *a, struct intake_request *q)
{
	struct str line, name,
		*first[] = { &q->method, &q->path_tail, &q->query, &q->content_type };
	for (size_t i = 0; i < 4; i++)
		(void)str_cut(&q->body, '\n', first[i]);
	while (str_cut(&q->body, '\n', &line) && line.len) {
		(void)str_cut(&line, ':', &name);
		*LIST_ADD(a, &q->headers) = (struct intake_header){ name, str_trim(line) };
	}
	return str_is_utf8(q->path_tail);
}

static inline int read_whole(const char *name, const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct intake_request q = { .body = text_of(bytes, len) };
	return take_head(&a, &q) ? read_request(name, &q, &a) : 0;
}
#endif
