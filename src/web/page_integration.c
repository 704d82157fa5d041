/* SPDX-License-Identifier: Apache-2.0 */
/* page_integration: one integration: its key when it is new, what to paste at the sender's end, what came, how the last body
 * is read (by the mapping as typed, before it is saved), a test, a new key, its end. */
#include "intake/envelope.h"
#include "ui.h"
#include "web/inside.h"
#include "web/intake.h"
#include "web/integrations.h"

enum { READ_SHOWN = 5, BODY_SHOWN = 2000 };

struct read_line {
	struct str title, severity, service, state, key, link, description;
	struct str kind, version, environment, who, undo; /* of a change */
	struct when began, ended;
	bool is_change, is_rollback;
};
static const struct field read_line_fields[] = {
	FIELD(read_line, title, "what people would read"),
	FIELD(read_line, severity, "how bad"),
	FIELD(read_line, service, "of which service"),
	FIELD(read_line, state, "firing or resolved"),
	FIELD(read_line, key, "what tells it from others"),
	FIELD(read_line, link, "where it links to"),
	FIELD(read_line, description, "longer text; of a change: what is different now"),
	FIELD(read_line, kind, "what sort of change"),
	FIELD(read_line, version, "what runs after it"),
	FIELD(read_line, environment, "where"),
	FIELD(read_line, who, "who changed it"),
	FIELD(read_line, undo, "how to undo it"),
	FIELD(read_line, began, "when it began"),
	FIELD(read_line, ended, "when it ended"),
	FIELD(read_line, is_change, "it is a change, not an alert"),
	FIELD(read_line, is_rollback, "it takes an older state back"),
	END,
};

/* A row of the edit form. */
struct mapping_line {
	struct str name, label, help, value;
};
static const struct field mapping_line_fields[] = {
	FIELD(mapping_line, name, "of the member"),
	FIELD(mapping_line, label, "for people"),
	FIELD(mapping_line, help, "what to write there"),
	FIELD(mapping_line, value, "what is there"),
	END,
};

struct integration_view {
	struct frame frame;
	struct str problem, next_step, said, new_key;
	struct str name, source, label, note, reason, body, unread;
	struct when last, made;
	int64_t day, rejected, last_id, reason_id;
	struct snippets snippets;
	LIST_OF(struct read_line) reads;
	LIST_OF(struct mapping_line) rows;
	bool may_change, is_generic, is_forge, signs, has_sample, is_preview, was_tested;
};
extern const struct field integration_view_fields[];
const struct field integration_view_fields[] = {
	FRAME_FIELDS(integration_view),
	FIELD(integration_view, problem, "why it was refused"),
	FIELD(integration_view, next_step, "the safest next step"),
	FIELD(integration_view, said, "what was done"),
	FIELD(integration_view, new_key, "its key, shown once"),
	FIELD(integration_view, name, "its name"),
	FIELD(integration_view, source, "the sender"),
	FIELD(integration_view, label, "the sender, for people"),
	FIELD(integration_view, note, "what it is for"),
	FIELD(integration_view, reason, "why the last one that could not be read could not"),
	FIELD(integration_view, body, "the last body"),
	FIELD(integration_view, unread, "why that one cannot be read"),
	FIELD(integration_view, last, "when the last one came"),
	FIELD(integration_view, made, "since when it has its key"),
	FIELD(integration_view, day, "how many came in 24 hours"),
	FIELD(integration_view, rejected, "of those, how many could not be read"),
	FIELD(integration_view, last_id, "the last one's number in the inbox"),
	FIELD(integration_view, reason_id, "that of the last one that could not be read"),
	ITEMS(integration_view, snippets, snippet, "what to paste"),
	ITEMS(integration_view, reads, read_line, "how the last body is read"),
	ITEMS(integration_view, rows, mapping_line, "the form's"),
	FIELD(integration_view, may_change, "the reader may change it"),
	FIELD(integration_view, is_generic, "it has a mapping"),
	FIELD(integration_view, is_forge, "it tells of changes to code"),
	FIELD(integration_view, signs, "it signs with its key"),
	FIELD(integration_view, has_sample, "a test can be sent"),
	FIELD(integration_view, is_preview, "the mapping is as typed, not saved"),
	FIELD(integration_view, was_tested, "a test was sent"),
	END,
};

/* A forge says most itself. */
static bool is_asked(struct str member, bool is_forge)
{
	if (is_forge)
		return str_is(member, "service") || str_is(member, "branches");
	return !str_is(member, "name") && !str_is(member, "note") && !str_is(member, "branches");
}

static struct str help_of(const struct field *f, bool is_forge)
{
	return is_forge && str_is(str_of(f->name), "service")
		       ? STR("the service that its changes are of; empty: the one of the "
			     "repository's name")
		       : str_of(f->help);
}

/* Each member of the mapping by its row in the edit verb; as typed where a form is shown again. */
static struct integration with_typed(struct visit *v, const struct integration *i,
				     const struct form *given, struct integration_view *view)
{
	struct integration shown = *i;
	const struct verb *edit = verb_of_words(STR("integration"), STR("edit"));
	for (const struct field *f = edit->fields; f->name; f++) {
		const struct field *own = field_find(integration_fields, str_of(f->name));
		struct str *value = (struct str *)(void *)((char *)&shown + own->at);
		if (given && form_has(given, f->name))
			*value = str_trim(form_get(given, f->name));
		if (!is_asked(str_of(f->name), view->is_forge))
			continue;
		char *label = arena_alloc(v->arena, str_of(f->name).len + 1);
		for (size_t n = 0; f->name[n]; n++)
			label[n] = (char)(n || f->name[n] < 'a' ? f->name[n]
								: f->name[n] - 'a' + 'A');
		*LIST_ADD(v->arena, &view->rows) = (struct mapping_line){
			str_of(f->name), str_of(label), help_of(f, view->is_forge), *value
		};
	}
	view->note = shown.note;
	shown.name = i->name;
	return shown;
}

static void add_reads(struct visit *v, const struct intake_result *result,
		      struct integration_view *view)
{
	LIST_EACH (s, &result->signals) {
		if (view->reads.len == READ_SHOWN)
			return;
		*LIST_ADD(v->arena, &view->reads) = (struct read_line){
			.title = s->name,
			.severity = s->severity,
			.service = s->service,
			.state = s->is_firing ? STR("firing") : STR("resolved"),
			.key = s->fingerprint,
			.link = s->generator,
			.description = s->summary,
		};
	}
}

static void add_changes(struct visit *v, const struct intake_result *result,
			struct integration_view *view)
{
	LIST_EACH (c, &result->changes) {
		if (view->reads.len == READ_SHOWN)
			return;
		*LIST_ADD(v->arena, &view->reads) = (struct read_line){
			.title = c->title,
			.service = c->service,
			.state = str_of(change_state_names[c->state]),
			.key = c->key,
			.link = c->link,
			.description = c->differs,
			.kind = str_of(change_kind_names[c->kind]),
			.version = c->version,
			.environment = c->environment,
			.who = c->who,
			.undo = c->undo,
			.began = c->began,
			.ended = c->ended,
			.is_change = true,
			.is_rollback = c->is_rollback,
		};
	}
}

static int add_last_body(struct visit *v, const struct integration *shown,
			 struct integration_view *view, struct err *e)
{
	struct inbox_row row;
	struct str kept;
	struct intake_request q = { .integration = shown,
				    .now_ms = v->now_ms,
				    .resolve_timeout_ms = TEST_MS };
	struct intake_result result = { 0 };
	struct err unread = { 0 };
	int64_t test_ends_ms;
	if (!view->last_id)
		return 0;
	if (inbox_get(v->db, view->last_id, v->arena, &row, e) != 0)
		return -1;
	if (row.is_expired)
		return 0;
	if (inbox_unpack(v->arena, &row, &kept, e) != 0 ||
	    envelope_open(kept, v->arena, &q, &test_ends_ms, e) != 0)
		return -1;
	view->body = str_clip(q.body, BODY_SHOWN);
	if (!str_is_utf8(view->body))
		view->body = STR("(not text)");
	struct str name = row.source, source = { NULL, 0 };
	(void)str_cut(&name, '/', &source);
	const struct source *s = source_find(source);
	if (!s)
		return 0;
	if (s->read(&q, v->arena, &result, &unread) != 0)
		view->unread = str_copy(v->arena, str_of(unread.text));
	else
		view->unread = result.complaint;
	add_reads(v, &result, view);
	add_changes(v, &result, view);
	return 0;
}

static int add_line(struct visit *v, struct integration_view *view, struct err *e)
{
	struct intake_lines all = { 0 };
	if (intake_lines_load(v, &all, e) != 0)
		return -1;
	LIST_EACH (line, &all) {
		if (!str_eq(line->name, view->name))
			continue;
		view->label = line->label;
		view->last = line->last;
		view->made = line->made;
		view->day = line->day;
		view->rejected = line->rejected;
		view->last_id = line->last_id;
		view->reason = line->reason;
		view->reason_id = line->reason_id;
	}
	return 0;
}

static bool tells_of_code(struct str source)
{
	const struct source *s = source_find(source);
	return s && s->is_proved;
}

int integration_show(struct visit *v, struct str name, const struct integrations_news *news,
		     struct reply *r, struct err *e)
{
	const struct integration *i = engine_integration(v->config->engine, name);
	if (!i)
		return err_refuse(e, ERR_NOT_FOUND, "There is no integration " STR_FMT ".",
				  STR_ARG(str_clip(name, 60)));
	struct integration_view view = { .frame = frame_of(v, "settings", i->name),
					 .said = news->said,
					 .new_key = v->new_key,
					 .name = i->name,
					 .source = i->source,
					 .may_change = v->right >= RIGHT_ADMIN,
					 .is_generic = str_is(i->source, "generic"),
					 .is_forge = tells_of_code(i->source),
					 .signs = integration_signs(i),
					 .is_preview = news->given && !news->refused };
	if (news->refused) {
		r->status = err_status(news->refused->code);
		view.problem = str_copy(v->arena, str_of(news->refused->text));
		view.next_step = str_copy(v->arena, str_of(news->refused->next));
		view.said = (struct str){ NULL, 0 };
	}
	struct integration shown = with_typed(v, i, news->given, &view);
	if (add_line(v, &view, e) != 0 || add_last_body(v, &shown, &view, e) != 0)
		return -1;
	view.has_sample = intake_sample(v->arena, i, v->now_ms).len > 0;
	view.was_tested = str_is(form_get(&v->query, "tested"), "1");
	integration_snippets(v, i, v->new_key, &view.snippets);
	return reply_page(v, &tpl_integration, integration_view_fields, &view, r);
}

int page_integration(struct visit *v, struct reply *r, struct err *e)
{
	return integration_show(v, v->arg[0], &(struct integrations_news){ 0 }, r, e);
}
