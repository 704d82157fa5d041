/* SPDX-License-Identifier: Apache-2.0 */
/* integration: the doors that the team set up for its senders: added, changed, removed, and when a key was made anew. The
 * key itself is the store's; what the bytes mean is intake's, and so is which sources there are. */
#include "core/integration.h"

extern const struct module integration_module;

enum {
	NAME_BYTES = 40,
	SOURCE_BYTES = 40,
	PATH_BYTES = 500,
	TABLE_BYTES = 1000,
	WHAT_BYTES = 10,
	INTEGRATIONS_MAX = 200
};

#define OF_MAPPING(s, m, limit, h)                                         \
	{                                                                  \
		.name = #m, .kind = KIND_STR, .max = (limit), .help = (h), \
		.at = offsetof(struct s, mapping.m)                        \
	}
#define MAPPING_ROWS(s)                                                                          \
	OF_MAPPING(s, items, PATH_BYTES,                                                         \
		   "where the list is, when one body holds several alerts, as data.alerts"),     \
		OF_MAPPING(s, title, PATH_BYTES,                                                 \
			   "what people read: a path as check.name, or a text with {{holes}}"),  \
		OF_MAPPING(s, description, PATH_BYTES,                                           \
			   "longer text: a path, or a text with {{holes}}"),                     \
		OF_MAPPING(s, severity, PATH_BYTES, "where the sender says how bad it is"),      \
		OF_MAPPING(s, severities, TABLE_BYTES,                                           \
			   "what its words mean, as crit=critical, 2=warning, *=info"),          \
		OF_MAPPING(s, state, PATH_BYTES, "where it says whether it still fires"),        \
		OF_MAPPING(s, resolved, TABLE_BYTES,                                             \
			   "the words that say it is over, as ok, up, resolved"),                \
		OF_MAPPING(s, key, PATH_BYTES,                                                   \
			   "what makes two bodies the same alert; empty means the title"),       \
		OF_MAPPING(s, service, PATH_BYTES,                                               \
			   "where it names the service; for GitHub and its kin: its name"),      \
		OF_MAPPING(s, link, PATH_BYTES, "where it gives an address to look at"),         \
		OF_MAPPING(s, branches, TABLE_BYTES,                                             \
			   "the branches from which code goes live, as main, release/*"),        \
		OF_MAPPING(s, what, WHAT_BYTES,                                                  \
			   "what each is: alert, or change for deploys and settings"),           \
		OF_MAPPING(s, kind, PATH_BYTES,                                                  \
			   "of a change: where its kind is, or one kind for all, as config"),    \
		OF_MAPPING(s, version, PATH_BYTES, "of a change: where the new version is"),     \
		OF_MAPPING(s, environment, PATH_BYTES,                                           \
			   "of a change: where it says which environment"),                      \
		OF_MAPPING(s, who, PATH_BYTES, "of a change: where it says who did it"),         \
		OF_MAPPING(s, began, PATH_BYTES, "of a change: where its beginning is"),         \
		OF_MAPPING(s, ended, PATH_BYTES, "of a change: where its end is"),               \
		OF_MAPPING(s, differs, PATH_BYTES,                                               \
			   "of a change: what is different now, as {{key}} {{old}} to {{new}}"), \
		OF_MAPPING(s, undo, PATH_BYTES,                                                  \
			   "of a change: how to undo it, as deploy {{app}} {{previous}}")

const struct field integration_fields[] = {
	FIELD(integration, name, "its name"),
	FIELD(integration, source, "which sender it is for"),
	FIELD(integration, note, "what it is for"),
	MAPPING_ROWS(integration),
	FIELD(integration, by, "who changed it last"),
	FIELD(integration, at, "when"),
	FIELD(integration, is_removed, "it opens nothing any more"),
	END,
};

/* The add command; also the body of integration.added and integration.changed: what holds from then on. */
struct add {
	struct str name, source, note;
	struct mapping mapping;
};
static const struct field add_fields[] = {
	FIELD(add, name,
	      "its name in addresses: lower-case letters, digits and dashes, as disk-checks",
	      .required = true, .max = NAME_BYTES),
	FIELD(add, source, "which sender it is for, as pagerduty, grafana or generic",
	      .required = true, .max = SOURCE_BYTES),
	FIELD(add, note, "what it is for", .max = 200),
	MAPPING_ROWS(add),
	END,
};

struct edit {
	struct str name, note;
	struct mapping mapping;
};
static const struct field edit_fields[] = {
	FIELD(edit, name, "which one", .required = true, .max = NAME_BYTES),
	FIELD(edit, note, "what it is for", .max = 200),
	MAPPING_ROWS(edit),
	END,
};

struct named {
	struct str name;
};
static const struct field named_fields[] = {
	FIELD(named, name, "which one", .required = true, .max = NAME_BYTES),
	END,
};

/* The members that may change, by their place in a struct integration. */
static const size_t text_at[] = {
	offsetof(struct integration, note),
	offsetof(struct integration, mapping.items),
	offsetof(struct integration, mapping.title),
	offsetof(struct integration, mapping.description),
	offsetof(struct integration, mapping.severity),
	offsetof(struct integration, mapping.severities),
	offsetof(struct integration, mapping.state),
	offsetof(struct integration, mapping.resolved),
	offsetof(struct integration, mapping.key),
	offsetof(struct integration, mapping.service),
	offsetof(struct integration, mapping.link),
	offsetof(struct integration, mapping.branches),
	offsetof(struct integration, mapping.what),
	offsetof(struct integration, mapping.kind),
	offsetof(struct integration, mapping.version),
	offsetof(struct integration, mapping.environment),
	offsetof(struct integration, mapping.who),
	offsetof(struct integration, mapping.began),
	offsetof(struct integration, mapping.ended),
	offsetof(struct integration, mapping.differs),
	offsetof(struct integration, mapping.undo),
};
enum { TEXTS = sizeof(text_at) / sizeof(*text_at) };

static struct str *text_of(void *base, size_t i)
{
	return (struct str *)(void *)((char *)base + text_at[i]);
}

static struct integration *entry_of(const struct desk *desk, struct str name)
{
	LIST_EACH (i, &desk->integrations)
		if (str_eq(i->name, name))
			return i;
	return NULL;
}

const struct integration *desk_find_integration(const struct desk *desk, struct str name)
{
	const struct integration *i = entry_of(desk, name);
	return i && !i->is_removed ? i : NULL;
}

static void take(struct desk *desk, struct integration *i, const struct event *event)
{
	const struct add *b = event->body;
	i->source = str_copy(desk->arena, b->source);
	i->note = b->note;
	i->mapping = b->mapping;
	for (size_t n = 0; n < TEXTS; n++)
		*text_of(i, n) = str_copy(desk->arena, *text_of(i, n));
	i->by.id = str_copy(desk->arena, event->actor);
	i->at.ms = event->happened_ms;
	i->is_removed = false;
}

static void on_added(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct add *b = event->body;
	struct integration *i = entry_of(desk, b->name);
	if (!i) {
		i = LIST_ADD(desk->arena, &desk->integrations);
		i->name = str_copy(desk->arena, b->name);
	}
	take(desk, i, event);
}

static void on_changed(void *state, const struct event *event)
{
	const struct add *b = event->body;
	struct integration *i = entry_of(state, b->name);
	if (i)
		take(state, i, event);
}

static void on_removed(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct named *b = event->body;
	struct integration *i = entry_of(desk, b->name);
	if (!i)
		return;
	i->is_removed = true;
	i->by.id = str_copy(desk->arena, event->actor);
	i->at.ms = event->happened_ms;
}

/* The key is a row of the store; history says only that there is a new one. */
static void on_rotated(void *state, const struct event *event)
{
	(void)state;
	(void)event;
}

enum { ADDED, CHANGED, REMOVED, ROTATED };
static const struct event_type events[] = {
	[ADDED] = { "integration.added", 1, add_fields, sizeof(struct add), CLEAR_INTERNAL,
		    "{actor} added the integration {name} for {source}.", on_added },
	[CHANGED] = { "integration.changed", 1, add_fields, sizeof(struct add), CLEAR_INTERNAL,
		      "{actor} changed the integration {name}.", on_changed },
	[REMOVED] = { "integration.removed", 1, named_fields, sizeof(struct named), CLEAR_INTERNAL,
		      "{actor} removed the integration {name}; its key opens nothing any more.",
		      on_removed },
	[ROTATED] = { "integration.rotated", 1, named_fields, sizeof(struct named), CLEAR_INTERNAL,
		      "{actor} made a new key for the integration {name}; the old one opens "
		      "nothing any more.",
		      on_rotated },
	END_EVENTS,
};

static bool is_word(struct str s, char between)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == between && i > 0)))
			return false;
	}
	return s.len > 0;
}

/* "crit=critical, 2=warning, *=info" */
static int check_severities(struct str table, struct err *e)
{
	struct str part;
	while (str_cut(&table, ',', &part)) {
		struct str word = { NULL, 0 };
		part = str_trim(part);
		if (part.len && (!str_cut(&part, '=', &word) || !word.len || !str_trim(part).len))
			return err_field(e, "severities",
					 "Write each as its word, =, and ours: crit=critical, "
					 "2=warning, *=info.");
	}
	return 0;
}

static int check_mapping(const struct mapping *m, struct err *e)
{
	if (m->what.len && !str_is(m->what, "alert") && !str_is(m->what, "change"))
		return err_field(e, "what", "Each is an alert or a change: write one of the two.");
	return check_severities(m->severities, e);
}

static int64_t count_live(const struct desk *desk)
{
	int64_t n = 0;
	LIST_EACH (i, &desk->integrations)
		n += !i->is_removed;
	return n;
}

static int decide_add(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct add *f = cmd->fields;
	(void)facts;
	if (!is_word(f->name, '-'))
		return err_field(e, "name",
				 "A name is a word of lower-case letters, digits and dashes, as "
				 "disk-checks.");
	if (!is_word(f->source, '_')) /* as in pagerduty_webhook */
		return err_field(e, "source", "There is no such source.");
	if (desk_find_integration(state, f->name)) {
		err_refuse(e, ERR_CONFLICT, "There is an integration " STR_FMT " already.",
			   STR_ARG(f->name));
		err_next(e, "Choose another name, or change that one.");
		return -1;
	}
	if (count_live(state) >= INTEGRATIONS_MAX)
		return err_refuse(e, ERR_CONFLICT,
				  "There are %d integrations, which is the most. Remove one that "
				  "nobody uses.",
				  INTEGRATIONS_MAX);
	if (check_mapping(&f->mapping, e) != 0)
		return -1;
	*(struct add *)decision_add(d, &events[ADDED]) = *f;
	return 0;
}

static const struct integration *find(const void *state, struct str name, struct err *e)
{
	const struct integration *i = desk_find_integration(state, name);
	if (i)
		return i;
	err_refuse(e, ERR_NOT_FOUND, "There is no integration " STR_FMT ".",
		   STR_ARG(str_clip(name, 60)));
	err_next(e, "Settings > Integrations lists those there are.");
	return NULL;
}

static int decide_edit(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct edit *f = cmd->fields;
	const struct integration *found = find(state, f->name, e);
	(void)facts;
	if (!found)
		return -1;
	struct integration given = { .note = f->note, .mapping = f->mapping }, next = *found;
	bool differs = false;
	for (size_t n = 0; n < TEXTS; n++) {
		struct str said = *text_of(&given, n), had = *text_of(&next, n);
		if (!said.len)
			continue;
		*text_of(&next, n) = str_is(said, "-") ? (struct str){ NULL, 0 } : said;
		differs = differs || !str_eq(*text_of(&next, n), had);
	}
	if (!differs)
		return err_field(e, "name", "Nothing would change.");
	if (check_mapping(&next.mapping, e) != 0)
		return -1;
	struct add *b = decision_add(d, &events[CHANGED]);
	*b = (struct add){ next.name, next.source, next.note, next.mapping };
	return 0;
}

static int decide_named(const void *state, const struct command *cmd, int as, struct decision *d,
			struct err *e)
{
	const struct named *f = cmd->fields;
	if (!find(state, f->name, e))
		return -1;
	*(struct named *)decision_add(d, &events[as]) = *f;
	return 0;
}

static int decide_remove(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	(void)facts;
	return decide_named(state, cmd, REMOVED, d, e);
}

static int decide_rotate(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	(void)facts;
	return decide_named(state, cmd, ROTATED, d, e);
}

static const struct verb verbs[] = {
	{ "integration", "add", NULL, "Add the integration",
	  "Opens a door with a key of its own for one sender of alerts.", RIGHT_ADMIN, 0,
	  add_fields, sizeof(struct add), decide_add },
	{ "integration", "edit", NULL, "Save",
	  "Replaces what is given; a dash alone empties it. Name and source stay.", RIGHT_ADMIN, 0,
	  edit_fields, sizeof(struct edit), decide_edit },
	{ "integration", "rotate", NULL, "Make a new key",
	  "Makes a new key and shows it once. The old one opens nothing any more.", RIGHT_ADMIN,
	  DANGEROUS, named_fields, sizeof(struct named), decide_rotate },
	{ "integration", "remove", NULL, "Remove it",
	  "Removes an integration: its key opens nothing any more. Alerts that came stay.",
	  RIGHT_ADMIN, DANGEROUS, named_fields, sizeof(struct named), decide_remove },
	END_VERBS,
};

const struct module integration_module = {
	.name = "integration",
	.stream = &desk_stream,
	.verbs = verbs,
	.events = events,
};
