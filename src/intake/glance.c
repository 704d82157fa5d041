/* SPDX-License-Identifier: Apache-2.0 */
/* glance: see glance.h. An alert is looked at as an object whose values are texts or flat objects of texts, and that says
 * both times once. Whether it is sound otherwise need not be asked: an alert of the same mark was read before. Reading it
 * where it stands: glance_read.c. */
#include "intake/glance.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <string.h>

#include "base/when.h"
#include "intake/alert.h"

__extension__ typedef unsigned __int128 wide;

enum { IS_ODD = 1, HAS_ESCAPE = 2 }; /* of texts */

struct time {
	struct str text; /* of the last one: mostly the next is the same */
	int64_t ms;
	bool is_said; /* in the alert at hand */
};
struct look {
	const char *at, *end;
	struct arena *arena;
	struct label *room; /* for pairs to come */
	size_t room_len;
	const struct glance_key *key;
	const char *marked; /* the mark has what stands before */
	struct mark mark;
	struct time began, ends;
	struct glimpse *to; /* of the alert at hand */
};

static uint64_t folded(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static void mix(struct look *l, uint64_t one, uint64_t two)
{
	const uint64_t *k = l->key->word;
	l->mark.one = folded(l->mark.one ^ one ^ k[0], two ^ k[1]);
	l->mark.two = folded(l->mark.two ^ two ^ k[2], one ^ k[3]);
}

static void mark_to(struct look *l, const char *to)
{
	const char *from = l->marked;
	size_t len = (size_t)(to - from);
	uint64_t w[2] = { 0, 0 };
	for (; to - from >= 16; from += 16) {
		memcpy(w, from, 16);
		mix(l, w[0], w[1]);
	}
	w[0] = w[1] = 0;
	memcpy(w, from, (size_t)(to - from));
	mix(l, w[0], w[1]);
	mix(l, len, 0);
}

static void skip_space(struct look *l)
{
	while (l->at < l->end &&
	       (*l->at == ' ' || *l->at == '\n' || *l->at == '\r' || *l->at == '\t'))
		l->at++;
}

static bool take_behind_space(struct look *l, char c)
{
	skip_space(l);
	if (l->at == l->end || *l->at != c)
		return false;
	l->at++;
	return true;
}

static bool take(struct look *l, char c)
{
	if (l->at == l->end || *l->at != c)
		return take_behind_space(l, c);
	l->at++;
	return true;
}

/* What JSON, as we write it, escapes. */
static bool is_odd(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f || c == '\\' || c == '<' || c == '>' || c == '&';
}

/* To the next quote; is anything odd before it? */
static const char *text_end(const char *p, const char *end, bool *odd)
{
	unsigned any = 0;
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		__m128i w = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i bad = _mm_cmpeq_epi8(_mm_min_epu8(w, _mm_set1_epi8(0x1f)), w);
		bad = _mm_or_si128(bad, _mm_cmpeq_epi8(w, _mm_set1_epi8(0x7f)));
		bad = _mm_or_si128(bad, _mm_cmpeq_epi8(w, _mm_set1_epi8('\\')));
		bad = _mm_or_si128(bad, _mm_cmpeq_epi8(w, _mm_set1_epi8('<')));
		bad = _mm_or_si128(bad, _mm_cmpeq_epi8(w, _mm_set1_epi8('>')));
		bad = _mm_or_si128(bad, _mm_cmpeq_epi8(w, _mm_set1_epi8('&')));
		unsigned quote = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(w, _mm_set1_epi8('"'))),
			 is_bad = (unsigned)_mm_movemask_epi8(bad);
		if (quote) {
			unsigned at = (unsigned)__builtin_ctz(quote);
			*odd |= any || (is_bad & ((1U << at) - 1));
			return p + at;
		}
		any |= is_bad;
	}
#endif
	for (; p < end && *p != '"'; p++)
		any |= is_odd(*p);
	*odd |= any != 0;
	return p;
}

/* Is the quote one of the text? */
static bool is_escaped(const char *from, const char *quote)
{
	const char *p = quote;
	while (p > from && p[-1] == '\\')
		p--;
	return (quote - p) & 1;
}

/* What stands between the quotes, escapes as they are. */
static bool take_text(struct look *l, struct str *text, unsigned *traits)
{
	bool odd = false;
	if (!take(l, '"'))
		return false;
	const char *from = l->at, *p = text_end(from, l->end, &odd);
	if (odd && memchr(from, '\\', (size_t)(p - from))) {
		*traits |= HAS_ESCAPE;
		while (p < l->end && is_escaped(from, p))
			p = text_end(p + 1, l->end, &odd);
	}
	if (p == l->end)
		return false;
	*traits |= odd ? IS_ODD : 0;
	*text = (struct str){ from, (size_t)(p - from) };
	l->at = p + 1;
	l->to->texts++;
	return true;
}

enum { ROOM = 512 }; /* pairs: of a few dozen alerts */

/* Pairs lie one behind the other: those of an object move when it outgrows the room. */
static void add_pair(struct look *l, struct labels *to, struct label pair)
{
	if (!l->room_len) {
		size_t room = to->set.len + ROOM;
		struct label *at = arena_raw(l->arena, sizeof(*at) * room);
		if (to->set.len)
			memcpy(at, to->set.at, sizeof(*at) * to->set.len);
		to->set.at = at;
		l->room = at + to->set.len;
		l->room_len = ROOM;
	}
	if (!to->set.len)
		to->set.at = l->room;
	*l->room++ = pair;
	l->room_len--;
	to->set.cap = ++to->set.len;
}

static bool is_before(struct str a, struct str b)
{
	if (a.len && b.len && *a.at != *b.at) /* nearly always */
		return (unsigned char)*a.at < (unsigned char)*b.at;
	return str_cmp(a, b) < 0;
}

/* Of texts alone. */
static bool take_object(struct look *l, struct glance_object *to, unsigned *traits)
{
	struct str key, value, last = { NULL, 0 };
	const char *from = l->at;
	size_t bytes = 1; /* what it takes without a blank */
	*to = (struct glance_object){ .is_canonical = true };
	if (!take(l, '{'))
		return false;
	if (!take(l, '}')) {
		do {
			if (!take_text(l, &key, traits) || !take(l, ':') ||
			    !take_text(l, &value, traits))
				return false;
			to->is_canonical &= key.len && value.len && is_before(last, key);
			add_pair(l, &to->pairs, (struct label){ key, value });
			bytes += key.len + value.len + sizeof("\"\":\"\",") - 1;
			last = key;
		} while (take(l, ','));
		if (!take(l, '}'))
			return false;
	}
	to->text = (struct str){ from, (size_t)(l->at - from) };
	to->is_canonical &= !*traits && to->text.len == (to->pairs.set.len ? bytes : 2);
	return true;
}

/* It stays out of the mark. */
static bool take_time(struct look *l, struct time *t)
{
	struct str now;
	unsigned traits = 0;
	if (!take_text(l, &now, &traits))
		return false;
	mark_to(l, now.at);
	l->marked = now.at + now.len;
	t->is_said = true;
	if (str_eq(now, t->text))
		return true;
	t->text = now;
	return when_parse_rfc3339(now, &t->ms);
}

static bool is_object(const struct look *l)
{
	return l->at < l->end && *l->at == '{';
}

static bool skip_value(struct look *l)
{
	struct glance_object object;
	struct str text;
	unsigned traits = 0;
	bool is_good = is_object(l) ? take_object(l, &object, &traits)
				    : take_text(l, &text, &traits);
	if (traits & HAS_ESCAPE)
		l->to->is_plain = false;
	return is_good;
}

/* What comes twice, or in another shape, the reader knows what to make of. */
static bool leave(struct look *l)
{
	l->to->is_plain = false;
	return skip_value(l);
}

static bool take_pairs(struct look *l, struct glance_object *to)
{
	unsigned traits = 0;
	return to->text.at || !is_object(l) ? leave(l) : take_object(l, to, &traits);
}

static bool take_generator(struct look *l)
{
	unsigned traits = 0;
	if (l->to->generator.at || is_object(l))
		return leave(l);
	struct str text;
	if (!take_text(l, &text, &traits))
		return false;
	l->to->generator_has_escape = traits & HAS_ESCAPE;
	l->to->generator = l->to->generator_has_escape ? (struct str){ text.at - 1, text.len + 2 }
						       : text;
	return true;
}

static bool take_member(struct look *l)
{
	struct str key;
	unsigned traits = 0;
	/* a name with an escape may mean another than it looks like */
	if (!take_text(l, &key, &traits) || !take(l, ':') || (traits & HAS_ESCAPE))
		return false;
	if (!l->began.is_said && str_is(key, "startsAt"))
		return take_time(l, &l->began);
	if (!l->ends.is_said && str_is(key, "endsAt"))
		return take_time(l, &l->ends);
	skip_space(l);
	if (str_is(key, "labels"))
		return take_pairs(l, &l->to->labels);
	if (str_is(key, "annotations"))
		return take_pairs(l, &l->to->annotations);
	return str_is(key, "generatorURL") ? take_generator(l) : skip_value(l);
}

static bool take_alert(struct look *l)
{
	skip_space(l);
	l->marked = l->at;
	l->mark = (struct mark){ 0 };
	l->began.is_said = l->ends.is_said = false;
	if (!take(l, '{'))
		return false;
	do {
		if (!take_member(l))
			return false;
	} while (take(l, ','));
	if (!l->began.is_said || !l->ends.is_said || !take(l, '}'))
		return false;
	mark_to(l, l->at);
	return l->began.ms > 0 && l->ends.ms >= l->began.ms;
}

/* As many as there would be, were each as long as the first: mostly they are. */
static void make_room(struct glances *to, struct str body, size_t first_bytes, struct arena *a)
{
	size_t alerts = body.len / first_bytes + 1;
	if (alerts > ALERTS_MAX)
		alerts = ALERTS_MAX;
	LIST_ROOM(a, &to->alerts, alerts);
	LIST_ROOM(a, &to->result.signals, alerts);
}

bool glance(const struct glance_key *key, const struct intake_request *q, struct arena *a,
	    struct glances *out)
{
	struct look l = { .at = q->body.at, .arena = a, .key = key };
	*out = (struct glances){ .result.status = 200 };
	if (!q->body.len)
		return false;
	l.end = l.at + q->body.len;
	if (!take(&l, '['))
		return false;
	do {
		l.to = LIST_ADD(a, &out->alerts);
		l.to->is_plain = true;
		if (!take_alert(&l) || out->alerts.len > ALERTS_MAX)
			return false;
		struct signal *s = LIST_ADD(a, &out->result.signals);
		s->mark = l.mark;
		s->started_ms = l.began.ms;
		s->ends_ms = l.ends.ms;
		s->is_firing = l.ends.ms > q->now_ms;
		if (out->alerts.len == 1)
			make_room(out, q->body, (size_t)(l.at - q->body.at), a);
	} while (take(&l, ','));
	if (!take(&l, ']'))
		return false;
	skip_space(&l);
	return l.at == l.end;
}

void glance_keep(const struct glances *glanced, struct intake_result *read)
{
	const struct intake_result *seen = &glanced->result;
	if (read->status != 200 || read->signals.len != seen->signals.len)
		return; /* one was left out: which is whose is not known */
	for (size_t i = 0; i < read->signals.len; i++)
		read->signals.at[i].mark = seen->signals.at[i].mark;
}
