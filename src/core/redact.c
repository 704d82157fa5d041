/* SPDX-License-Identifier: Apache-2.0 */
/* redact: see redact.h. Taking an entry back without removing it is note.c's. */
#include "core/redact.h"

#include "base/json.h"
#include "base/when.h"
#include "core/change.h"
#include "core/desk.h"
#include "core/incident.h"

extern const struct module redact_module, redact_change_module, keep_module;

enum { REASON_MAX_BYTES = 500 };

static const struct field redacted_fields[] = {
	FIELD(redacted, kind, "what lost its content: event, inbox or blob"),
	FIELD(redacted, target, "its position, number or hash"),
	FIELD(redacted, entry, "the entry's number in its timeline; 0 = it is none"),
	FIELD(redacted, reason, "why"),
	FIELD(redacted, rest, "what stays of it, as JSON", .max = 1 << 20),
	FIELD(redacted, backups, "backups that still hold it"),
	END,
};

static const struct field inbox_expired_fields[] = {
	FIELD(inbox_expired, day, "the day of the deliveries"),
	FIELD(inbox_expired, from_id, "the first delivery"),
	FIELD(inbox_expired, to_id, "the last delivery"),
	FIELD(inbox_expired, rows, "bodies that left"),
	FIELD(inbox_expired, kept, "bodies that an incident cites, which stay"),
	END,
};

/* Neither moves a state: what changes is what the earlier events fold to. */
static void moves_nothing(void *state, const struct event *event)
{
	(void)state;
	(void)event;
}

const struct event_type redact_events[] = {
	[REDACT_BODY] = { "body.redacted", 1, redacted_fields, sizeof(struct redacted),
			  CLEAR_INTERNAL,
			  "{actor} redacted {kind} {target}: {reason}.[ Backups that still hold "
			  "it: "
			  "{backups}.]",
			  moves_nothing },
	END_EVENTS,
};
const struct event_type keep_events[] = {
	[KEEP_EXPIRED] = { "inbox.expired", 1, inbox_expired_fields, sizeof(struct inbox_expired),
			   CLEAR_INTERNAL,
			   "{rows} deliveries of {day} left the inbox[; {kept} stay, since an "
			   "incident cites them].",
			   moves_nothing },
	END_EVENTS,
};

/* Texts that name a thing by a hash of ours, not by what somebody typed. */
static bool names_a_thing(const struct field *f)
{
	struct str name = str_of(f->name);
	return str_is(name, "fingerprint") || str_is(name, "alert") || str_is(name, "blob");
}

static bool is_number(struct str s)
{
	int64_t n;
	return s.len <= 6 && str_to_int(s, &n);
}

static void blank(const struct field *fields, void *base);

static void blank_member(const struct field *f, void *base)
{
	void *member = (char *)base + f->at;
	struct strs *texts = member;
	struct list *items = member;
	switch (f->kind) {
	case KIND_STR:
		if (!names_a_thing(f) && ((struct str *)member)->len)
			*(struct str *)member = STR("redacted");
		return;
	case KIND_STRS:
		for (size_t i = 0; i < texts->len && !names_a_thing(f); i++)
			if (!is_number(texts->at[i]))
				texts->at[i] = STR("redacted");
		return;
	case KIND_ITEMS:
		for (size_t i = 0; i < items->len; i++)
			blank(f->item, (char *)items->at + i * f->item_bytes);
		return;
	case KIND_HTML:
		*(struct html *)member = (struct html){ { NULL, 0 } };
		return;
	case KIND_INT:
	case KIND_BOOL:
	case KIND_WHEN:
	case KIND_SPAN:
	case KIND_MAYBE_INT:
	case KIND_PERSON:
	case KIND_CHOICE:
		return;
	}
}

static void blank(const struct field *fields, void *base)
{
	for (const struct field *f = fields; f->name; f++)
		blank_member(f, base);
}

struct str redact_rest(const struct event_type *type, const void *body, struct arena *a)
{
	struct buf b = BUF(a);
	void *copy = arena_alloc(a, type->size);
	fields_copy(type->fields, copy, body, type->size, a);
	blank(type->fields, copy);
	fields_to_json(type->fields, copy, &b);
	return buf_str(&b);
}

void redact_tell(const struct event *by, const struct names *n, struct buf *out)
{
	const struct redacted *r = by->body;
	int64_t at_ms = by->happened_ms;
	buf_z(out, "Redacted by ");
	buf_add(out, n->person && by->actor.len ? n->person(n->ctx, by->actor) : by->actor);
	buf_z(out, " at ");
	when_clock(out, at_ms, zone_offset_ms(n->zone, at_ms));
	buf_fmt(out, ": " STR_FMT, STR_ARG(r->reason));
}

static bool is_hash(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.at[i] >= '0' && s.at[i] <= '9') && !(s.at[i] >= 'a' && s.at[i] <= 'f'))
			return false;
	return s.len == 64;
}

bool redact_target(struct str text, struct str *kind, struct str *target)
{
	int64_t n;
	text = str_trim(text);
	*kind = STR("event");
	if (str_starts(text, STR("inbox:")))
		*kind = STR("inbox");
	else if (str_starts(text, STR("blob:")))
		*kind = STR("blob");
	*target = str_is(*kind, "event") ? text : str_sub(text, kind->len + 1, text.len);
	if (str_is(*kind, "blob"))
		return is_hash(*target);
	/* one way to write a number: it is held against the row's as text */
	return str_to_int(*target, &n) && n > 0 && target->at[0] != '0';
}

static const struct field redact_entry_fields[] = {
	FIELD(redact_entry, entry, "the number of the timeline's entry", .required = true),
	FIELD(redact_entry, reason, "why it has to go; the reason stays, so leave the secret out",
	      .required = true, .max = REASON_MAX_BYTES),
	END,
};

static int take_entry(const struct redact_entry *f, int64_t newest, struct decision *d,
		      struct err *e)
{
	if (f->entry < 1 || f->entry > newest)
		return err_refuse(e, ERR_NOT_FOUND, "There is no entry %lld. The newest is %lld.",
				  (long long)f->entry, (long long)newest);
	struct redacted *b = decision_add(d, &redact_events[REDACT_BODY]);
	b->kind = STR("event");
	b->entry = f->entry;
	b->reason = str_trim(f->reason);
	return 0;
}

static int decide_entry(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	(void)facts;
	return take_entry(cmd->fields, ((const struct incident *)state)->seq, d, e);
}

static int decide_of_change(const void *state, const struct facts *facts, const struct command *cmd,
			    struct decision *d, struct err *e)
{
	(void)facts;
	return take_entry(cmd->fields, ((const struct change *)state)->seq, d, e);
}

static const struct field redact_body_fields[] = {
	FIELD(redact_body, target, "an event's position, inbox:ID or blob:SHA256", .required = true,
	      .max = 100),
	FIELD(redact_body, reason, "why it has to go; the reason stays, so leave the secret out",
	      .max = REASON_MAX_BYTES),
	END,
};

static int decide_body(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct redact_body *f = cmd->fields;
	struct str kind, target, reason = str_trim(f->reason);
	(void)state;
	(void)facts;
	if (!redact_target(f->target, &kind, &target))
		return err_field(e, "target",
				 "Name an event by its position (42), a delivery as inbox:7, or an "
				 "attachment as blob: and its 64 hex digits.");
	if (!reason.len)
		reason = str_trim(cmd->override_reason);
	if (!reason.len)
		return err_field(e, "reason", "Say why it has to go, with --because.");
	struct redacted *b = decision_add(d, &redact_events[REDACT_BODY]);
	b->kind = kind;
	b->target = target;
	b->reason = reason;
	return 0;
}

/* Of the engine's own: what it counted is what it says. */
static int decide_expire(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	(void)state;
	(void)facts;
	(void)e;
	*(struct inbox_expired *)decision_add(
		d, &keep_events[KEEP_EXPIRED]) = *(const struct inbox_expired *)cmd->fields;
	return 0;
}

static const struct verb redact_verbs[] = {
	{ "entry", "redact", NULL, "Redact an entry",
	  "Removes what an entry says, for good, from the database and its files. The timeline "
	  "keeps that it was there, who removed it and why. Backups made before still hold it.",
	  RIGHT_ADMIN, DANGEROUS, redact_entry_fields, sizeof(struct redact_entry), decide_entry },
	END_VERBS,
};

/* By "body redact": what is told of a change has no page on which entries are picked. */
static const struct verb redact_change_verbs[] = {
	{ "change", "redact", NULL, "Redact what was told",
	  "Removes what was told of a change, for good.", RIGHT_ADMIN, INTERNAL,
	  redact_entry_fields, sizeof(struct redact_entry), decide_of_change },
	END_VERBS,
};

static const struct verb keep_verbs[] = {
	{ "body", "redact", "redact", "Redact",
	  "Removes the content of an event (its position), a delivery (inbox:ID) or an attachment "
	  "(blob:SHA256) for good; say why with --because. Backups made before still hold it.",
	  RIGHT_ADMIN, DANGEROUS, redact_body_fields, sizeof(struct redact_body), decide_body },
	{ "inbox", "expire", NULL, "Let old deliveries go", "Drops a day of old deliveries.",
	  RIGHT_ADMIN, INTERNAL, inbox_expired_fields, sizeof(struct inbox_expired),
	  decide_expire },
	END_VERBS,
};

const struct module redact_module = {
	.name = "redact",
	.stream = &incident_stream,
	.verbs = redact_verbs,
	.events = redact_events,
};

const struct module redact_change_module = {
	.name = "redact_change",
	.stream = &change_stream,
	.verbs = redact_change_verbs,
};

const struct module keep_module = {
	.name = "keep",
	.stream = &desk_stream,
	.verbs = keep_verbs,
	.events = keep_events,
};
