/* SPDX-License-Identifier: Apache-2.0 */
/* evidence: what was seen, kept with its source, so that a restart or a rollback does not wipe it.
 * The bytes of a file are store's; here is its hash. */
#include "core/incident.h"
#include "core/phrase.h"

enum { TITLE_MAX_BYTES = 200, TEXT_MAX_BYTES = 65536, LINK_MAX_BYTES = 2000, HASH_HEX = 64 };

extern const struct module evidence_module;

struct add {
	struct str title;
	int kind;
	struct str text, link, blob, source;
	struct when at;
};
static const struct field add_fields[] = {
	FIELD(add, title, "what it shows, in one line", .required = true, .max = TITLE_MAX_BYTES),
	CHOICE(add, kind, evidence_kind, "what it is; output where nobody says"),
	FIELD(add, text, "the text itself", .max = TEXT_MAX_BYTES, .lines = 6),
	FIELD(add, link, "where to see it", .max = LINK_MAX_BYTES),
	FIELD(add, blob, "the file's SHA-256", .max = HASH_HEX, .hidden = true),
	FIELD(add, source, "the system or person it comes from", .max = TITLE_MAX_BYTES),
	FIELD(add, at, "when it was seen; now where nobody says"),
	END,
};

struct retract {
	int64_t evidence;
	struct str reason;
};
static const struct field retract_fields[] = {
	FIELD(retract, evidence, "its number", .required = true, .suggest = "evidence"),
	FIELD(retract, reason, "what is wrong with it", .required = true, .max = 1000),
	END,
};

struct kept {
	int64_t number;
	int kind;
	struct str title, text, link, blob, source;
	struct when at;
};
static const struct field kept_fields[] = {
	FIELD(kept, number, "its number"),
	CHOICE(kept, kind, evidence_kind, "what it is"),
	FIELD(kept, title, "what it shows"),
	FIELD(kept, text, "the text itself", .max = TEXT_MAX_BYTES),
	FIELD(kept, link, "where to see it"),
	FIELD(kept, blob, "the file's SHA-256"),
	FIELD(kept, source, "where it comes from"),
	FIELD(kept, at, "when it was seen"),
	END,
};

static void on_kept(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct kept *b = event->body;
	struct evidence *v = LIST_ADD(inc->arena, &inc->evidence);
	v->number = (int64_t)inc->evidence.len;
	v->kind = b->kind;
	v->title = incident_keep(inc, b->title);
	v->text = incident_keep(inc, b->text);
	v->link = incident_keep(inc, b->link);
	v->blob = incident_keep(inc, b->blob);
	v->source = incident_keep(inc, b->source);
	v->at = b->at;
	v->kept.ms = event->happened_ms;
	v->by.id = incident_keep(inc, event->actor);
}

static void on_retracted(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct retract *b = event->body;
	struct evidence *v = INCIDENT_ITEM(inc->evidence, b->evidence);
	if (v)
		v->retracted = true;
}

enum { KEPT, RETRACTED };
static const struct event_type evidence_events[] = {
	[KEPT] = { "evidence.kept", 1, kept_fields, sizeof(struct kept), CLEAR_INTERNAL,
		   "{actor} kept evidence {number}, {kind}: {title}.[ From {source}.]", on_kept },
	[RETRACTED] = { "evidence.retracted", 1, retract_fields, sizeof(struct retract),
			CLEAR_INTERNAL, "{actor} retracted evidence {evidence}: {reason}.",
			on_retracted },
	END_EVENTS,
};

static bool is_hash(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f')))
			return false;
	return s.len == HASH_HEX;
}

static int check_add(const struct add *f, int64_t now_ms, struct err *e)
{
	bool has_link = str_starts(f->link, STR("https://")) || str_starts(f->link, STR("http://"));
	bool has_any = str_trim(f->text).len || f->link.len || f->blob.len;
	if (!has_any && f->kind != EVIDENCE_USER_REPORT) {
		err_field(e, "text", "Evidence needs what was seen: its text, a link or a file.");
		err_next(e, "If it is what somebody told you, keep it as a user-report, or add a "
			    "note.");
		return -1;
	}
	if (f->link.len && !has_link)
		return err_field(e, "link", "link must begin with https:// or http://.");
	if (f->blob.len && !is_hash(f->blob))
		return err_field(e, "blob", "blob must be a SHA-256 of 64 hex digits.");
	if (f->at.ms > now_ms)
		return err_field(e, "at", "at lies in the future.");
	return 0;
}

static int decide_add(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct add *f = cmd->fields;
	if (incident_refuse_if_over(inc, e) || check_add(f, facts->now_ms, e))
		return -1;
	struct kept *b = decision_add(d, &evidence_events[KEPT]);
	b->number = d->made = (int64_t)inc->evidence.len + 1;
	b->kind = f->kind ? f->kind : EVIDENCE_OUTPUT;
	b->title = str_trim(f->title);
	b->text = f->text;
	b->link = f->link;
	b->blob = f->blob;
	b->source = f->source;
	b->at.ms = f->at.ms ? f->at.ms : facts->now_ms;
	return 0;
}

static int decide_retract(const void *state, const struct facts *facts, const struct command *cmd,
			  struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct retract *f = cmd->fields;
	const struct evidence *v = INCIDENT_ITEM(inc->evidence, f->evidence);
	(void)facts;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!v)
		return phrase_no_item("evidence", f->evidence, inc->evidence.len, e);
	if (v->retracted)
		return err_refuse(e, ERR_CONFLICT, "Evidence %lld is retracted already.",
				  (long long)v->number);
	*(struct retract *)decision_add(d, &evidence_events[RETRACTED]) = *f;
	return 0;
}

static const struct verb evidence_verbs[] = {
	{ "evidence", "add", "evidence", "Keep evidence",
	  "Keeps what you saw, so that a restart or a rollback does not wipe it.", RIGHT_RESPOND, 0,
	  add_fields, sizeof(struct add), decide_add },
	{ "evidence", "retract", NULL, "Retract evidence",
	  "Takes back a piece of evidence. It stays visible, and no longer counts.", RIGHT_RESPOND,
	  0, retract_fields, sizeof(struct retract), decide_retract },
	END_VERBS,
};

const struct module evidence_module = {
	.name = "evidence",
	.stream = &incident_stream,
	.verbs = evidence_verbs,
	.events = evidence_events,
};
