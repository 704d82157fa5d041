/* SPDX-License-Identifier: Apache-2.0 */
/* silence: alerts that fit its matchers call nobody until it ends, which it does by itself. Which alerts those are is
 * found when somebody looks (base/match.h): a silence changes no alert. Looking after one alert is ack.c. */
#include <string.h>

#include "base/digest.h"
#include "base/match.h"
#include "core/desk.h"
#include "core/phrase.h"

enum {
	SILENCES_MAX =
		200,	 /* at a time: every list of alerts holds each alert against each of them */
	OVER_KEPT = 200, /* ended ones that are listed still; the timeline has all */
	AUTHOR_MAX_BYTES = 200
};
static const int64_t day_ms = (int64_t)24 * 3600 * 1000, silence_max_days = 30;

extern const struct module silence_module;

const char *const silence_state_names[] = { "pending", "active", "expired", NULL };

struct add {
	struct str matchers, comment;
	struct span lasts;
	struct when starts, until;
	struct str author, id;
};
static const struct field add_fields[] = {
	FIELD(add, matchers, "which alerts: alertname=DiskFull, instance=~\"db.*\"; all must hold",
	      .required = true, .suggest = "matcher"),
	FIELD(add, comment, "why nobody needs to look", .required = true, .max = 1000),
	{ .name = "for",
	  .kind = KIND_SPAN,
	  .at = offsetof(struct add, lasts),
	  .help = "how long, such as 2h, at most 30 days; or say until when" },
	FIELD(add, until, "in place of for: until when"),
	FIELD(add, starts, "from when; now where nobody says"),
	FIELD(add, author, "who asks for it, where that is somebody else", .hidden = true,
	      .max = AUTHOR_MAX_BYTES),
	FIELD(add, id, "the silence that this one replaces", .hidden = true, .max = 100),
	END,
};

struct expire {
	struct str silence, author;
};
static const struct field expire_fields[] = {
	FIELD(expire, silence, "its number or id", .required = true, .max = 100),
	FIELD(expire, author, "who asks for it, where that is somebody else", .hidden = true,
	      .max = AUTHOR_MAX_BYTES),
	END,
};

/* One shape for all that happens to a silence; each event sets what it is about. */
struct silenced {
	int64_t number;
	struct str id;
	struct strs matchers;
	struct when from, until;
	struct str comment, author;
};
static const struct field silenced_fields[] = {
	FIELD(silenced, number, "the silence's number"),
	FIELD(silenced, id, "its id"),
	FIELD(silenced, matchers, "which alerts"),
	FIELD(silenced, from, "from when, where that is later than now"),
	FIELD(silenced, until, "until when"),
	FIELD(silenced, comment, "why"),
	FIELD(silenced, author, "who asked for it"),
	END,
};

static struct silence *entry_of(struct desk *desk, int64_t number)
{
	LIST_EACH (s, &desk->silences)
		if (s->number == number)
			return s;
	return NULL;
}

static void fill(struct desk *desk, struct silence *s, const struct event *event)
{
	const struct silenced *b = event->body;
	s->matchers = strs_copy(desk->arena, &b->matchers);
	s->starts.ms = b->from.ms ? b->from.ms : event->happened_ms;
	s->ends = b->until;
	s->updated.ms = event->happened_ms;
	s->comment = str_copy(desk->arena, b->comment);
	s->author = str_copy(desk->arena, b->author);
	s->by.id = str_copy(desk->arena, event->actor);
}

static void on_added(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct silenced *b = event->body;
	struct silence *s = LIST_ADD(desk->arena, &desk->silences);
	desk->silence_count++;
	s->number = b->number;
	s->id = str_copy(desk->arena, b->id);
	fill(desk, s, event);
}

/* What began to count keeps its beginning. */
static void on_changed(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct silenced *b = event->body;
	struct silence *s = entry_of(desk, b->number);
	if (!s)
		return;
	struct when starts = s->starts;
	fill(desk, s, event);
	if (!b->from.ms)
		s->starts = starts;
}

static void forget_oldest(struct desk *desk)
{
	struct silences *l = &desk->silences;
	size_t over = 0, oldest = SIZE_MAX;
	for (size_t i = 0; i < l->len; i++) {
		if (!l->at[i].is_over)
			continue;
		over++;
		oldest = oldest == SIZE_MAX ? i : oldest;
	}
	if (over <= OVER_KEPT)
		return;
	memmove(&l->at[oldest], &l->at[oldest + 1], (l->len - oldest - 1) * sizeof(*l->at));
	l->len--;
}

static void on_over(void *state, const struct event *event)
{
	struct silence *s = entry_of(state, ((const struct silenced *)event->body)->number);
	if (!s || s->is_over)
		return;
	s->is_over = true;
	s->ends.ms = s->updated.ms = event->happened_ms;
	if (s->starts.ms > s->ends.ms)
		s->starts = s->ends;
	forget_oldest(state);
}

enum { ADDED, CHANGED, EXPIRED, ENDED };
static const struct event_type silence_events[] = {
	[ADDED] = { "silence.added", 1, silenced_fields, sizeof(struct silenced), CLEAR_INTERNAL,
		    "{actor}[, asked by {author},] silenced {matchers}[ from {from}] until "
		    "{until}: "
		    "{comment}.",
		    on_added },
	[CHANGED] = { "silence.changed", 1, silenced_fields, sizeof(struct silenced),
		      CLEAR_INTERNAL,
		      "{actor}[, asked by {author},] changed the silence of {matchers}: it holds[ "
		      "from {from}] until {until}: {comment}.",
		      on_changed },
	[EXPIRED] = { "silence.expired", 1, silenced_fields, sizeof(struct silenced),
		      CLEAR_INTERNAL,
		      "{actor}[, asked by {author},] ended the silence of {matchers}.", on_over },
	[ENDED] = { "silence.ended", 1, silenced_fields, sizeof(struct silenced), CLEAR_INTERNAL,
		    "The silence of {matchers} ran out.", on_over },
	END_EVENTS,
};

const struct silence *silences_by_number(const struct silences *l, int64_t number)
{
	LIST_EACH (s, l)
		if (s->number == number)
			return s;
	return NULL;
}

const struct silence *silences_find(const struct silences *l, struct str number_or_id)
{
	int64_t number;
	if (str_to_int(number_or_id, &number))
		return silences_by_number(l, number);
	LIST_EACH (s, l)
		if (str_eq_nocase(s->id, number_or_id))
			return s;
	return NULL;
}

enum silence_state silence_state_at(const struct silence *s, int64_t now_ms)
{
	if (s->is_over || s->ends.ms <= now_ms)
		return SILENCE_EXPIRED;
	return s->starts.ms > now_ms ? SILENCE_PENDING : SILENCE_ACTIVE;
}

int silence_matchers(const struct silence *s, struct arena *a, struct matchers *out, struct err *e)
{
	for (size_t i = 0; i < s->matchers.len; i++)
		if (matcher_parse(a, s->matchers.at[i], LIST_ADD(a, out), e) != 0)
			return err_context(e, "silence %lld", (long long)s->number);
	return 0;
}

int silence_match(const struct silence *s, struct arena *a, struct match **out, struct err *e)
{
	struct matchers all = { 0 };
	if (silence_matchers(s, a, &all, e) != 0)
		return -1;
	return match_new(a, &all, out, e);
}

/* The matchers as typed -> in canonical form; refuses what cannot be read and what would silence everything. */
static int read_matchers(struct str typed, struct arena *a, struct strs *out, struct err *e)
{
	struct matchers all = { 0 };
	struct match *match;
	struct err bad = { 0 };
	if (matchers_parse(a, typed, &all, &bad) != 0) {
		err_field(e, "matchers", "%s", bad.text);
		err_next(e, "%s", bad.next);
		return -1;
	}
	if (match_new(a, &all, &match, e) != 0)
		return -1;
	if (match_takes_nothing(match)) {
		err_field(e, "matchers", "This would silence every alert.");
		err_next(e, "Name a label that must be there, such as alertname=DiskFull.");
		return -1;
	}
	*out = (struct strs){ ARENA_ARRAY(a, struct str, all.len), 0 };
	LIST_EACH (m, &all) {
		struct buf b = BUF(a);
		matcher_print(m, &b);
		out->at[out->len++] = buf_str(&b);
	}
	return 0;
}

static int refuse_length(struct err *e)
{
	err_field(e, "for", "A silence lasts at most %d days.", (int)silence_max_days);
	err_next(e, "What is never worth a look is better mended where the alert is written.");
	return -1;
}

/* From when until when. Silences end by themselves, or they would hide what comes years later. */
static int read_times(const struct add *f, int64_t now_ms, struct silenced *b, struct err *e)
{
	int64_t from_ms = f->starts.ms > now_ms ? f->starts.ms : now_ms;
	if (!f->lasts.ms && !f->until.ms)
		return err_field(e, "for",
				 "Say for how long, such as 2h: a silence ends by itself.");
	if (f->lasts.ms && f->until.ms)
		return err_field(e, "for", "Say for how long or until when, not both.");
	if (f->lasts.ms < 0 || f->lasts.ms > silence_max_days * day_ms ||
	    from_ms > now_ms + silence_max_days * day_ms)
		return refuse_length(e);
	int64_t until_ms = f->until.ms ? f->until.ms : from_ms + f->lasts.ms;
	if (until_ms <= from_ms)
		return err_field(e, f->until.ms ? "until" : "for",
				 "The silence would be over before it begins.");
	if (until_ms - from_ms > silence_max_days * day_ms)
		return refuse_length(e);
	b->from.ms = from_ms > now_ms ? from_ms : 0;
	b->until.ms = until_ms;
	return 0;
}

/* Unique among all servers, since clients such as karma look at several: a hash in the shape of a UUID (RFC 9562, 8). */
static struct str id_of(struct arena *a, int64_t number, int64_t now_ms, const struct silenced *b)
{
	struct buf text = BUF(a);
	buf_fmt(&text, "%lld/%lld/", (long long)number, (long long)now_ms);
	for (size_t i = 0; i < b->matchers.len; i++)
		buf_add(&text, b->matchers.at[i]);
	buf_add(&text, b->comment);
	struct sha256 h = sha256_of(buf_str(&text));
	h.b[6] = (unsigned char)(0x80 | (h.b[6] & 0x0f));
	h.b[8] = (unsigned char)(0x80 | (h.b[8] & 0x3f));
	const char *x = hex_of(a, (struct str){ (const char *)h.b, 16 }).at;
	return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", x, x + 8, x + 12, x + 16, x + 20);
}

/* As told by the client, unless it is the one who signed in. */
static struct str author_of(const struct facts *facts, struct str author)
{
	const struct roster_person *p = roster_find(facts->roster, facts->actor);
	author = str_trim(author);
	bool same = p && (str_eq_nocase(author, p->login) || str_eq(author, p->name));
	return same ? (struct str){ NULL, 0 } : author;
}

static bool same_matchers(const struct silence *s, const struct silenced *b)
{
	bool same = s->matchers.len == b->matchers.len;
	for (size_t i = 0; same && i < s->matchers.len; i++)
		same = strs_has(&b->matchers, s->matchers.at[i]);
	return same;
}

/* Whether history stays true: other matchers, or another beginning of what began, are another silence (canUpdate in
 * Alertmanager's silence/silence.go). */
static bool may_change(const struct silence *s, const struct add *f, const struct silenced *b,
		       int64_t now_ms)
{
	switch (silence_state_at(s, now_ms)) {
	case SILENCE_PENDING:
		return same_matchers(s, b) && b->from.ms;
	case SILENCE_ACTIVE:
		return same_matchers(s, b) &&
		       (!f->starts.ms || f->starts.ms / 1000 == s->starts.ms / 1000);
	case SILENCE_EXPIRED:
		return false;
	}
	return false;
}

static int refuse_unknown(struct str id, struct err *e)
{
	err_refuse(e, ERR_NOT_FOUND, "There is no silence " STR_FMT ".", STR_ARG(str_clip(id, 60)));
	err_next(e, "`aplomb silence list` names those there are.");
	return -1;
}

static int refuse_too_many(const struct desk *desk, struct err *e)
{
	size_t on = 0;
	LIST_EACH (s, &desk->silences)
		on += !s->is_over;
	if (on < SILENCES_MAX)
		return 0;
	err_refuse(e, ERR_CONFLICT, "There are %zu silences already, as many as there may be.", on);
	err_next(e, "End one that is no longer needed, or write one pattern for several.");
	return -1;
}

static void end_it(const struct silence *s, struct str author, struct decision *d)
{
	struct silenced *b = decision_add(d, &silence_events[EXPIRED]);
	b->number = s->number;
	b->matchers = s->matchers;
	b->author = author;
}

static int decide_add(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct desk *desk = state;
	const struct add *f = cmd->fields;
	struct silenced b = { .comment = str_trim(f->comment),
			      .author = author_of(facts, f->author) };
	const struct silence *old = f->id.len ? silences_find(&desk->silences, f->id) : NULL;
	if (f->id.len && !old)
		return refuse_unknown(f->id, e);
	if (read_matchers(f->matchers, d->arena, &b.matchers, e) != 0 ||
	    read_times(f, facts->now_ms, &b, e) != 0)
		return -1;
	if (old && may_change(old, f, &b, facts->now_ms)) {
		d->made = b.number = old->number;
		*(struct silenced *)decision_add(d, &silence_events[CHANGED]) = b;
		return 0;
	}
	if (old && !old->is_over)
		end_it(old, b.author, d);
	else if (refuse_too_many(desk, e) != 0)
		return -1;
	d->made = b.number = desk->silence_count + 1;
	b.id = id_of(d->arena, b.number, facts->now_ms, &b);
	*(struct silenced *)decision_add(d, &silence_events[ADDED]) = b;
	return 0;
}

static int decide_expire(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct desk *desk = state;
	const struct expire *f = cmd->fields;
	const struct silence *s = silences_find(&desk->silences, str_trim(f->silence));
	if (!s)
		return refuse_unknown(f->silence, e);
	if (s->is_over)
		return err_refuse(e, ERR_CONFLICT, "Silence %lld ended at " STR_FMT " already.",
				  (long long)s->number,
				  STR_ARG(phrase_clock(d->arena, s->ends.ms)));
	end_it(s, author_of(facts, f->author), d);
	return 0;
}

static int64_t due(const void *state)
{
	int64_t first = NOTHING_DUE;
	LIST_EACH (s, &((const struct desk *)state)->silences)
		if (!s->is_over && s->ends.ms < first)
			first = s->ends.ms;
	return first;
}

static void tick(const void *state, const struct facts *facts, struct decision *d)
{
	LIST_EACH (s, &((const struct desk *)state)->silences) {
		if (s->is_over || s->ends.ms > facts->now_ms)
			continue;
		struct silenced *b = decision_add(d, &silence_events[ENDED]);
		b->number = s->number;
		b->matchers = s->matchers;
		d->events.at[d->events.len - 1].happened_ms = s->ends.ms;
	}
}

static const struct verb silence_verbs[] = {
	{ "silence", "add", NULL, "Silence alerts",
	  "Alerts that fit call nobody until the silence ends. They stay in sight.", RIGHT_RESPOND,
	  0, add_fields, sizeof(struct add), decide_add },
	{ "silence", "expire", NULL, "End the silence", "Ends a silence now.", RIGHT_RESPOND, 0,
	  expire_fields, sizeof(struct expire), decide_expire },
	END_VERBS,
};

const struct module silence_module = {
	.name = "silence",
	.stream = &desk_stream,
	.verbs = silence_verbs,
	.events = silence_events,
	.due = due,
	.tick = tick,
};
