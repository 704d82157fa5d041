/* SPDX-License-Identifier: Apache-2.0 */
/* change: see change.h. Here is what becomes of news of one; which news is of which change (by its key) is the engine's. */
#include "core/change.h"

#include "core/phrase.h"

extern const struct module change_module;

const struct stream_type change_stream = { "change", sizeof(struct change),
					   offsetof(struct change, arena),
					   offsetof(struct change, seq) };

const char *const change_kind_names[] = { "",	  "deploy",  "config", "flag", "infrastructure",
					  "data", "command", NULL };
const char *const change_state_names[] = { "", "running", "failed", "done", "undone", NULL };

#define NEWS_ROWS(must)                                                                            \
	FIELD(change_news, title, "what was changed, in a few words: payments v812",               \
	      .required = (must), .max = CHANGE_TITLE_BYTES),                                      \
		FIELD(change_news, service, "the service that it changes", .suggest = "service",   \
		      .max = CHANGE_NAME_BYTES),                                                   \
		CHOICE(change_news, kind, change_kind,                                             \
		       "what sort of change; deploy where nobody says"),                           \
		CHOICE(change_news, state, change_state, "how far it is; done where nobody says"), \
		FIELD(change_news, key, "what names it: the same key again tells how it went on",  \
		      .max = CHANGE_KEY_BYTES),                                                    \
		FIELD(change_news, version, "what runs after it: v812", .max = CHANGE_NAME_BYTES), \
		FIELD(change_news, environment, "where: production, staging",                      \
		      .max = CHANGE_NAME_BYTES),                                                   \
		FIELD(change_news, who, "who changed it, where that is somebody else",             \
		      .max = CHANGE_NAME_BYTES),                                                   \
		FIELD(change_news, began, "when it began; now where nobody says"),                 \
		FIELD(change_news, ended, "when it ended, where that is known"),                   \
		FIELD(change_news, differs, "what is different now: db.pool 50 to 5",              \
		      .max = CHANGE_TEXT_BYTES),                                                   \
		FIELD(change_news, link, "where to look at it", .max = CHANGE_TEXT_BYTES),         \
		FIELD(change_news, undo, "how to undo it: a command, a link",                      \
		      .max = CHANGE_TEXT_BYTES),                                                   \
		{ .name = "rollback",                                                              \
		  .kind = KIND_BOOL,                                                               \
		  .at = offsetof(struct change_news, is_rollback),                                 \
		  .help = "it takes an older state back" },                                        \
		FIELD(change_news, sender, "which sender told of it", .hidden = true,              \
		      .max = CHANGE_NAME_BYTES)
const struct field change_news_fields[] = { NEWS_ROWS(true), END };
/* What tells how a change went on need not name it again. */
static const struct field follow_fields[] = { NEWS_ROWS(false), END };

const struct field change_fields[] = {
	FIELD(change, number, "its number"),
	FIELD(change, key, "what names it for its sender"),
	FIELD(change, title, "what was changed"),
	FIELD(change, service, "the service that it changes"),
	CHOICE(change, kind, change_kind, "what sort of change"),
	CHOICE(change, state, change_state, "how far it is"),
	FIELD(change, version, "what runs after it"),
	FIELD(change, environment, "where"),
	FIELD(change, who, "who changed it, as the sender names them"),
	FIELD(change, began, "when it began"),
	FIELD(change, ended, "when it ended; not there while it runs"),
	FIELD(change, differs, "what is different now"),
	FIELD(change, link, "where to look at it"),
	FIELD(change, undo, "how to undo it"),
	{ .name = "rollback",
	  .kind = KIND_BOOL,
	  .at = offsetof(struct change, is_rollback),
	  .help = "it takes an older state back" },
	FIELD(change, sender, "which sender told of it; empty: a person or a script"),
	FIELD(change, by, "who told of it first"),
	FIELD(change, recorded, "when it was told of first"),
	END,
};

/* The texts that news may replace, by their places in both structs. */
static const struct {
	size_t news, change;
} texts[] = {
#define TEXT(m)                                                             \
	{                                                                   \
		offsetof(struct change_news, m), offsetof(struct change, m) \
	}
	TEXT(title), TEXT(service), TEXT(key),	TEXT(version), TEXT(environment),
	TEXT(who),   TEXT(differs), TEXT(link), TEXT(undo),    TEXT(sender),
#undef TEXT
};
enum { TEXTS = sizeof(texts) / sizeof(*texts) };

static struct str *text_at(const void *base, size_t at)
{
	return (struct str *)(uintptr_t)((const char *)base + at);
}

void change_news_clip(struct change_news *n)
{
	for (const struct field *f = change_news_fields; f->name; f++) {
		if (f->kind != KIND_STR)
			continue;
		struct str *text = text_at(n, f->at);
		*text = str_clip(*text, f->max);
	}
}

/* What is empty stays. */
static void take(struct change *c, const struct change_news *n)
{
	for (size_t i = 0; i < TEXTS; i++)
		if (text_at(n, texts[i].news)->len)
			*text_at(c, texts[i].change) = str_copy(c->arena,
								*text_at(n, texts[i].news));
	c->kind = n->kind ? n->kind : c->kind;
	c->state = n->state ? n->state : c->state;
	c->began = n->began.ms ? n->began : c->began;
	c->ended = n->ended.ms ? n->ended : c->ended;
	c->is_rollback = c->is_rollback || n->is_rollback;
}

static void on_recorded(void *state, const struct event *event)
{
	struct change *c = state;
	c->by.id = str_copy(c->arena, event->actor);
	c->recorded.ms = event->recorded_ms;
	take(c, event->body);
}

static void on_moved(void *state, const struct event *event)
{
	take(state, event->body);
}

enum { RECORDED, MOVED };
static const struct event_type change_events[] = {
	[RECORDED] = { "change.recorded", 1, change_news_fields, sizeof(struct change_news),
		       CLEAR_INTERNAL,
		       "[From {sender}: ]{kind} \"{title}\"[ of {service}][ in {environment}][ by "
		       "{who}], {state}.",
		       on_recorded },
	[MOVED] = { "change.moved", 1, change_news_fields, sizeof(struct change_news),
		    CLEAR_INTERNAL, "[From {sender}: ]\"{title}\"[ is {state} now][: {differs}].",
		    on_moved },
	END_EVENTS,
};

/* Clocks of senders differ from ours: what would begin later begins now. */
static void settle_times(struct change_news *n, int64_t began_ms, int64_t now_ms)
{
	n->began.ms = n->began.ms ? n->began.ms : began_ms;
	n->began.ms = n->began.ms < now_ms ? n->began.ms : now_ms;
	if (n->state == CHANGE_RUNNING)
		n->ended.ms = 0;
	else if (!n->ended.ms || n->ended.ms > now_ms)
		n->ended.ms = now_ms;
	if (n->ended.ms && n->ended.ms < n->began.ms)
		n->ended = n->began;
}

/* A sender's times are taken as they can be; a person hears of it. */
static int check_times(const struct change_news *n, int64_t now_ms, struct err *e)
{
	if (n->began.ms > now_ms + 60 * 1000)
		return err_field(e, "began", "A change that is still to come is no change yet.");
	if (n->ended.ms && n->began.ms && n->ended.ms < n->began.ms)
		return err_field(e, "ended", "It would end before it began.");
	return 0;
}

static int decide_send(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	struct change_news n = *(const struct change_news *)cmd->fields;
	(void)state;
	if (!str_trim(n.title).len)
		return err_field(e, "title", "Say what was changed, in a few words.");
	if (facts->actor.len) {
		n.sender = (struct str){ NULL, 0 };
		if (check_times(&n, facts->now_ms, e) != 0)
			return -1;
		/* told of later: that it went on until now would be a guess */
		n.ended = n.ended.ms ? n.ended : n.began;
	}
	n.kind = n.kind ? n.kind : CHANGE_DEPLOY;
	n.state = n.state ? n.state : CHANGE_DONE;
	settle_times(&n, n.ended.ms ? n.ended.ms : facts->now_ms, facts->now_ms);
	*(struct change_news *)decision_add(d, &change_events[RECORDED]) = n;
	d->made = -cmd->stream;
	d->events.at[d->events.len - 1].happened_ms = n.began.ms;
	return 0;
}

/* News of a state that is behind us fills what was not known and changes nothing else. */
static bool is_behind(const struct change *c, const struct change_news *n)
{
	return n->state && n->state < c->state;
}

static bool keep_what_is_new(const struct change *c, struct change_news *n, int64_t said_end_ms)
{
	const struct str none = { NULL, 0 };
	bool behind = is_behind(c, n), is_new = false, ends_later = said_end_ms > c->ended.ms;
	for (size_t i = 0; i < TEXTS; i++) {
		struct str had = *text_at(c, texts[i].change), *said = text_at(n, texts[i].news);
		if (str_eq(had, *said) || (behind && had.len))
			*said = none;
		is_new = is_new || said->len;
	}
	if (behind || n->state == c->state)
		n->state = CHANGE_STATE_UNSET;
	if (behind || n->kind == c->kind)
		n->kind = CHANGE_KIND_UNSET;
	if (behind || n->began.ms >= c->began.ms) /* it began when the first word said so */
		n->began.ms = 0;
	if (behind || (c->ended.ms && !n->state && !ends_later))
		n->ended.ms = 0;
	n->is_rollback = n->is_rollback && !c->is_rollback;
	return is_new || n->state || n->kind || n->began.ms || n->ended.ms || n->is_rollback;
}

/* What a redelivery tells is known: then nothing happens. */
static int decide_follow(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct change *c = state;
	struct change_news n = *(const struct change_news *)cmd->fields;
	if (facts->actor.len) {
		n.sender = (struct str){ NULL, 0 };
		if (check_times(&n, facts->now_ms, e) != 0)
			return -1;
	}
	if (n.ended.ms > facts->now_ms)
		n.ended.ms = facts->now_ms;
	int64_t said_end_ms = n.ended.ms;
	if (n.state > CHANGE_RUNNING && !n.ended.ms)
		n.ended.ms = facts->now_ms;
	d->made = c->number;
	if (!keep_what_is_new(c, &n, said_end_ms))
		return 0;
	if (n.ended.ms && n.ended.ms < c->began.ms)
		n.ended = c->began;
	if (!n.title.len)
		n.title = c->title; /* the sentence names it */
	*(struct change_news *)decision_add(d, &change_events[MOVED]) = n;
	return 0;
}

static const struct verb change_verbs[] = {
	{ "change", "send", NULL, "Record the change",
	  "Tells of a deploy, a setting or another change to what runs.", RIGHT_RESPOND,
	  MAKES_STREAM, change_news_fields, sizeof(struct change_news), decide_send },
	{ "change", "follow", NULL, "How it went on", "Tells how a change went on.", RIGHT_RESPOND,
	  INTERNAL, follow_fields, sizeof(struct change_news), decide_follow },
	END_VERBS,
};

const struct module change_module = {
	.name = "change",
	.stream = &change_stream,
	.verbs = change_verbs,
	.events = change_events,
};
