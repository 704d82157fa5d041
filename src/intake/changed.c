/* SPDX-License-Identifier: Apache-2.0 */
/* changed: see changed.h. */
#include "intake/changed.h"

#include "base/digest.h"

static const int64_t least_ms = 946684800000; /* 2000: an earlier time is none */

enum { SHORT_HASH = 7, HASH_LEAST = 40 };

/* Control characters become blanks; the cut leaves whole characters. */
static struct str tidy(struct arena *a, struct str s, size_t max)
{
	s = str_trim(s);
	char *to = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++)
		to[i] = (unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f ? ' ' : s.at[i];
	return str_trim(str_clip((struct str){ to, s.len }, max));
}

static bool is_web(struct str link)
{
	return str_starts(link, STR("https://")) || str_starts(link, STR("http://"));
}

void changed_fit(struct change_news *c, struct arena *a)
{
	/* half an address leads elsewhere */
	if (!is_web(str_trim(c->link)) || str_trim(c->link).len > CHANGE_TEXT_BYTES)
		c->link = (struct str){ NULL, 0 };
	fields_one_line(change_news_fields, c,
			a); /* nothing in a title may hide or turn text around */
	for (const struct field *f = change_news_fields; f->name; f++) {
		if (f->kind != KIND_STR)
			continue;
		struct str *text = (struct str *)(void *)((char *)c + f->at);
		*text = tidy(a, *text, f->max);
	}
	c->began.ms = c->began.ms < least_ms ? 0 : c->began.ms;
	c->ended.ms = c->ended.ms < least_ms ? 0 : c->ended.ms;
	if (c->ended.ms && c->ended.ms < c->began.ms)
		c->ended = c->began;
}

void changed_add(struct intake_result *out, const struct change_news *told, struct arena *a)
{
	struct change_news c = *told;
	changed_fit(&c, a);
	if (c.title.len)
		*LIST_ADD(a, &out->changes) = c;
}

struct str changed_key(struct arena *a, const struct str *parts, size_t n)
{
	enum { HASH_DIGITS = 32 };
	struct buf b = BUF(a);
	for (size_t i = 0; i < n; i++)
		if (parts[i].len)
			buf_fmt(&b, "%s" STR_FMT, b.len ? "/" : "", STR_ARG(parts[i]));
	struct str key = buf_str(&b);
	if (key.len <= CHANGE_KEY_BYTES)
		return key;
	struct sha256 h = sha256_of(key);
	struct str hex = hex_of(a, (struct str){ (const char *)h.b, HASH_DIGITS / 2 });
	return str_fmt(a, STR_FMT "~" STR_FMT,
		       STR_ARG(str_clip(key, CHANGE_KEY_BYTES - HASH_DIGITS - 1)), STR_ARG(hex));
}

struct str changed_first_line(struct str text)
{
	struct str line = { NULL, 0 };
	text = str_trim(text);
	(void)str_cut(&text, '\n', &line);
	return str_trim(line);
}

/* "v1.4.2", "2024.08", "checkout-1.4.2": a digit, a dot and a digit are in it. */
static bool is_version(struct str ref)
{
	for (size_t i = 1; i + 1 < ref.len; i++)
		if (ref.at[i] == '.' && ref.at[i - 1] >= '0' && ref.at[i - 1] <= '9' &&
		    ref.at[i + 1] >= '0' && ref.at[i + 1] <= '9')
			return true;
	return false;
}

static bool is_hash(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (hex_value(s.at[i]) < 0)
			return false;
	return s.len >= HASH_LEAST;
}

struct str changed_version(struct str ref, struct str hash)
{
	struct str tags = STR("refs/tags/");
	if (str_starts(ref, tags))
		return str_sub(ref, tags.len, ref.len);
	if (is_version(ref) && !str_starts(ref, STR("refs/heads/")))
		return ref;
	if (!hash.len && is_hash(ref))
		hash = ref;
	return hash.len ? str_sub(hash, 0, SHORT_HASH) : ref;
}
