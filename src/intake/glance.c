/* SPDX-License-Identifier: Apache-2.0 */
/* glance: see glance.h. An alert is looked at as an object whose values are texts or flat objects of texts, and that says
 * both times once. Whether it is sound otherwise need not be asked: an alert of the same mark was read before. */
#include "intake/glance.h"

#include <string.h>

#include "base/when.h"
#include "intake/alert.h"

__extension__ typedef unsigned __int128 wide;

struct time {
	struct str text; /* of the last one: mostly the next is the same */
	int64_t ms;
	bool is_said; /* in the alert at hand */
};
struct look {
	const char *at, *end;
	const struct glance_key *key;
	const char *marked; /* the mark has what stands before */
	struct mark mark;
	struct time began, ends;
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

static bool take(struct look *l, char c)
{
	skip_space(l);
	if (l->at == l->end || *l->at != c)
		return false;
	l->at++;
	return true;
}

/* To the next quote or backslash. */
static const char *text_end(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	for (; end - p >= 8; p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
		if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & highs)
			break;
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* What stands between the quotes, escapes as they are. */
static bool take_text(struct look *l, struct str *text)
{
	if (!take(l, '"'))
		return false;
	const char *from = l->at, *p = text_end(from, l->end);
	while (p < l->end && *p == '\\')
		p = text_end(l->end - p > 2 ? p + 2 : l->end, l->end);
	if (p == l->end)
		return false;
	*text = (struct str){ from, (size_t)(p - from) };
	l->at = p + 1;
	return true;
}

static bool skip_object(struct look *l)
{
	struct str unused;
	if (!take(l, '{'))
		return false;
	if (take(l, '}'))
		return true;
	do {
		if (!take_text(l, &unused) || !take(l, ':') || !take_text(l, &unused))
			return false;
	} while (take(l, ','));
	return take(l, '}');
}

/* It stays out of the mark. */
static bool take_time(struct look *l, struct time *t)
{
	struct str now;
	if (!take_text(l, &now))
		return false;
	mark_to(l, now.at);
	l->marked = now.at + now.len;
	t->is_said = true;
	if (str_eq(now, t->text))
		return true;
	t->text = now;
	return when_parse_rfc3339(now, &t->ms);
}

static bool take_member(struct look *l)
{
	struct str key, unused;
	/* one with an escape may mean a name that it does not look like */
	if (!take_text(l, &key) || !take(l, ':') || str_find(key, STR("\\")) != SIZE_MAX)
		return false;
	if (!l->began.is_said && str_is(key, "startsAt"))
		return take_time(l, &l->began);
	if (!l->ends.is_said && str_is(key, "endsAt"))
		return take_time(l, &l->ends);
	skip_space(l);
	return l->at < l->end && *l->at == '{' ? skip_object(l) : take_text(l, &unused);
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

bool glance(const struct glance_key *key, const struct intake_request *q, struct arena *a,
	    struct intake_result *out)
{
	struct look l = { .at = q->body.at, .key = key };
	*out = (struct intake_result){ .status = 200 };
	if (!q->body.len)
		return false;
	l.end = l.at + q->body.len;
	if (!take(&l, '['))
		return false;
	do {
		if (!take_alert(&l) || out->signals.len == ALERTS_MAX)
			return false;
		struct signal *s = LIST_ADD(a, &out->signals);
		s->mark = l.mark;
		s->started_ms = l.began.ms;
		s->ends_ms = l.ends.ms;
		s->is_firing = l.ends.ms > q->now_ms;
	} while (take(&l, ','));
	if (!take(&l, ']'))
		return false;
	skip_space(&l);
	return l.at == l.end;
}

void glance_keep(const struct intake_result *glanced, struct intake_result *read)
{
	if (read->status != 200 || read->signals.len != glanced->signals.len)
		return; /* one was left out: which is whose is not known */
	for (size_t i = 0; i < read->signals.len; i++)
		read->signals.at[i].mark = glanced->signals.at[i].mark;
}
