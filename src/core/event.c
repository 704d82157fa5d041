/* SPDX-License-Identifier: Apache-2.0 */
/* event: see event.h. What is kept where is the store's; here are only bytes and their hash. */
#include "core/event.h"

#include "base/json.h"

struct str event_encode(struct arena *a, const struct event *event)
{
	struct buf b = BUF(a);
	fields_to_json(event->type->fields, event->body, &b);
	return buf_str(&b);
}

static int broken(struct err *e, const struct event_type *type)
{
	e->code = ERR_BROKEN;
	return err_context(e, "the body of an event %s", type->name);
}

int event_decode(struct arena *a, const struct event_type *type, struct str json, const void **body,
		 struct err *e)
{
	struct json *parsed;
	if (!type)
		return err_fail(
			e, ERR_BROKEN,
			"The ledger holds a type of event that this version does not know.");
	void *out = arena_alloc(a, type->size);
	if (json_parse(a, json, &parsed, e) ||
	    fields_from_json(type->fields, parsed, out,
			     &(struct reading){ .arena = a, .now_ms = 0 }, e))
		return broken(e, type);
	*body = out;
	return 0;
}

static void add_part(struct buf *b, struct str part)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_c(b, (char)(unsigned char)((uint64_t)part.len >> shift & 0xff));
	buf_add(b, part);
}

static void add_number(struct buf *b, int64_t n)
{
	ARENA(a);
	add_part(b, str_fmt(&a, "%lld", (long long)n));
}

static void add_hash(struct buf *b, const struct sha256 *hash)
{
	add_part(b, (struct str){ (const char *)hash->b, SHA256_BYTES });
}

struct sha256 event_body_hash(struct str salt, struct str body)
{
	enum { LENGTHS = 32 }; /* of both parts, and more */
	ARENA(a);
	struct buf b = BUF(&a);
	b.cap = salt.len + body.len +
		LENGTHS; /* known: a body of a batch would be moved again and again */
	b.at = arena_raw(&a, b.cap);
	add_part(&b, salt);
	add_part(&b, body);
	return sha256_of(buf_str(&b));
}

struct sha256 event_hash(const struct sha256 *prev, const struct event *event,
			 const struct sha256 *body_hash)
{
	static const struct sha256 before_the_first = { { 0 } };
	ARENA(a);
	struct buf b = BUF(&a);
	add_hash(&b, prev ? prev : &before_the_first);
	add_number(&b, event->stream);
	add_number(&b, event->seq);
	add_number(&b, event->recorded_ms);
	add_number(&b, event->happened_ms);
	add_part(&b, event->actor);
	add_part(&b, str_of(event->type->name));
	add_number(&b, event->type->version);
	add_hash(&b, body_hash);
	return sha256_of(buf_str(&b));
}
