/* SPDX-License-Identifier: Apache-2.0 */
/* catalog: see catalog.h. Services are set one by one at the desk, or applied from a file, all at once and in one event that
 * holds what changes alone. Reading and comparing: catalog_plan.c. */
#include "core/catalog.h"

#include <string.h>

extern const struct module catalog_module;

enum {
	FILE_BYTES = 200,
	REVISION_BYTES = 100,
	NAMES_SAID = 5, /* of those that a sentence counts */
};

const char *const tier_names[] = { "", "tier1", "tier2", "tier3", "tier4", NULL };
const char *const service_origin_names[] = { "screen", "file", NULL };
/* "-" is for a command line that takes the tier away. */
enum { TIER_EMPTIED = TIER_4 + 1 };
static const char *const set_tier_names[] = { "", "tier1", "tier2", "tier3", "tier4", "-", NULL };

#define SERVICE_ROWS(s, tiers)                                                                     \
	FIELD(s, name, "its name, as alerts and changes call it", .required = true,                \
	      .max = SERVICE_NAME_BYTES),                                                          \
		FIELD(s, owner, "the team or person that looks after it", .max = 100),             \
		CHOICE(s, tier, tiers, "how much hangs on it; 1 is what customers miss first"),    \
		FIELD(s, about, "what it does, in a sentence or two", .max = 1000, .lines = 3),    \
		FIELD(s, depends, "services that it calls", .max = SERVICE_DEPENDS_MAX,            \
		      .suggest = "service"),                                                       \
		FIELD(s, links, "a title and an address each, as Dashboard https://example.com",   \
		      .max = SERVICE_LINKS_MAX, .lines = 3),                                       \
		FIELD(s, runbook, "the address of what to do when it is ill", .max = 500),         \
		FIELD(s, alerts, "names of alerts that are its own although they name no service", \
		      .max = SERVICE_ALERTS_MAX)

const struct field service_words_fields[] = { SERVICE_ROWS(service_words, tier), END };

const struct field service_fields[] = {
	SERVICE_ROWS(service, tier),
	FIELD(service, by, "who said so last"),
	FIELD(service, at, "when"),
	CHOICE(service, origin, service_origin, "whether a file or somebody here said so last"),
	FIELD(service, file, "the last applied file that named it"),
	FIELD(service, revision, "its revision"),
	FIELD(service, filed_owner, "the owner in that file"),
	CHOICE(service, filed_tier, tier, "the tier in that file"),
	FIELD(service, filed_about, "what it does, in that file"),
	FIELD(service, filed_depends, "what it calls, in that file", .max = SERVICE_DEPENDS_MAX),
	FIELD(service, filed_links, "the links in that file", .max = SERVICE_LINKS_MAX),
	FIELD(service, filed_runbook, "the runbook in that file"),
	FIELD(service, filed_alerts, "its alerts in that file", .max = SERVICE_ALERTS_MAX),
	FIELD(service, is_gone, "that file does not name it any more"),
	END,
};

/* The words come first: their table fits. */
struct set {
	struct service_words words;
	bool whole;
};
static const struct field set_fields[] = {
	SERVICE_ROWS(service_words, set_tier),
	{ .name = "whole",
	  .kind = KIND_BOOL,
	  .at = offsetof(struct set, whole),
	  .help = "what is not given is emptied",
	  .hidden = true },
	END,
};

/* The body of service.added and service.changed: what holds from then on. */
struct told {
	struct service_words words;
	struct str what;
};
static const struct field told_fields[] = {
	SERVICE_ROWS(service_words, tier),
	{ .name = "what",
	  .kind = KIND_STR,
	  .at = offsetof(struct told, what),
	  .help = "what changed",
	  .max = 1 << 20 },
	END,
};

struct named {
	struct str name;
};
static const struct field named_fields[] = {
	FIELD(named, name, "which one", .required = true, .max = SERVICE_NAME_BYTES,
	      .suggest = "service"),
	END,
};

static const struct field apply_fields[] = {
	FIELD(catalog_file, file, "what the file is called, as services.yaml", .required = true,
	      .max = FILE_BYTES),
	FIELD(catalog_file, revision, "which revision of it, as a commit", .max = REVISION_BYTES),
	FIELD(catalog_file, prune, "services that left the file are removed"),
	ITEMS(catalog_file, services, service_words, "all services of the file",
	      .max = SERVICES_MAX),
	END,
};

/* What changes by applying a file. */
struct applied {
	struct str file, revision, summary;
	LIST_OF(struct service_words) services; /* added, changed, or the file's from now on */
	struct strs removed, gone;
};
static const struct field applied_fields[] = {
	FIELD(applied, file, "the file"),
	FIELD(applied, revision, "its revision"),
	FIELD(applied, summary, "what changed"),
	ITEMS(applied, services, service_words, "those that changed, as they are now",
	      .max = SERVICES_MAX),
	FIELD(applied, removed, "those that left the catalogue", .max = SERVICES_MAX),
	FIELD(applied, gone, "those that left the file alone", .max = SERVICES_MAX),
	END,
};

static struct service *entry_of(struct desk *desk, struct str name)
{
	LIST_EACH (s, &desk->services)
		if (str_eq(s->name, name))
			return s;
	return NULL;
}

static struct service *entry_for(struct desk *desk, struct str name)
{
	struct service *s = entry_of(desk, name);
	if (s)
		return s;
	s = LIST_ADD(desk->arena, &desk->services);
	for (; s > desk->services.at && str_cmp(s[-1].name, name) > 0; s--)
		*s = s[-1];
	*s = (struct service){ .name = str_copy(desk->arena, name) };
	return s;
}

static void drop(struct desk *desk, struct str name)
{
	struct service *s = entry_of(desk, name), *end = desk->services.at + desk->services.len;
	if (!s)
		return;
	memmove(s, s + 1, (size_t)(end - s - 1) * sizeof(*s));
	desk->services.len--;
}

static void take(struct desk *desk, struct service *s, const struct service_words *w,
		 const struct event *event)
{
	struct service_words own;
	fields_copy(service_words_fields, &own, w, sizeof(own), desk->arena);
	s->owner = own.owner;
	s->tier = own.tier;
	s->about = own.about;
	s->depends = own.depends;
	s->links = own.links;
	s->runbook = own.runbook;
	s->alerts = own.alerts;
	s->by.id = str_copy(desk->arena, event->actor);
	s->at.ms = event->happened_ms;
}

static void on_told(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct told *b = event->body;
	struct service *s = entry_for(desk, b->words.name);
	take(desk, s, &b->words, event);
	s->origin = ORIGIN_SCREEN;
}

static void on_removed(void *state, const struct event *event)
{
	drop(state, ((const struct named *)event->body)->name);
}

static void on_applied(void *state, const struct event *event)
{
	struct desk *desk = state;
	const struct applied *b = event->body;
	struct str file = str_copy(desk->arena, b->file),
		   revision = str_copy(desk->arena, b->revision);
	LIST_EACH (w, &b->services) {
		struct service *s = entry_for(desk, w->name);
		take(desk, s, w, event);
		s->origin = ORIGIN_FILE;
		s->file = file;
		s->revision = revision;
		s->is_gone = false;
		s->filed_owner = s->owner;
		s->filed_tier = s->tier;
		s->filed_about = s->about;
		s->filed_depends = s->depends;
		s->filed_links = s->links;
		s->filed_runbook = s->runbook;
		s->filed_alerts = s->alerts;
	}
	for (size_t i = 0; i < b->removed.len; i++)
		drop(desk, b->removed.at[i]);
	for (size_t i = 0; i < b->gone.len; i++) {
		struct service *s = entry_of(desk, b->gone.at[i]);
		if (s)
			s->is_gone = true;
	}
}

enum { ADDED, CHANGED, REMOVED, APPLIED };
static const struct event_type events[] = {
	[ADDED] = { "service.added", 1, told_fields, sizeof(struct told), CLEAR_INTERNAL,
		    "{actor} added the service {name}[, owned by {owner}].", on_told },
	[CHANGED] = { "service.changed", 1, told_fields, sizeof(struct told), CLEAR_INTERNAL,
		      "{actor} changed the service {name}: {what}.", on_told },
	[REMOVED] = { "service.removed", 1, named_fields, sizeof(struct named), CLEAR_INTERNAL,
		      "{actor} removed the service {name} from the catalogue.", on_removed },
	[APPLIED] = { "service.applied", 1, applied_fields, sizeof(struct applied), CLEAR_INTERNAL,
		      "{actor} applied {file}[ ({revision})]: {summary}.", on_applied },
	END_EVENTS,
};

static bool is_dash(const struct field *f, const struct service_words *w)
{
	const void *p = (const char *)w + f->at;
	const struct strs *texts = p;
	if (f->kind == KIND_STRS)
		return texts->len == 1 && str_is(texts->at[0], "-");
	return f->kind == KIND_STR && str_is(str_trim(*(const struct str *)p), "-");
}

static size_t bytes_of(const struct field *f)
{
	return f->kind == KIND_STRS ? sizeof(struct strs) : sizeof(struct str);
}

/* What was given over what holds: a dash alone empties, and so does nothing when all is said. */
static struct service_words put_over(const struct service_words *had, const struct set *given)
{
	struct service_words next = *had;
	for (const struct field *f = service_words_fields; f->name; f++) {
		char *to = (char *)&next + f->at;
		if (f->kind == KIND_CHOICE)
			continue;
		if (is_dash(f, &given->words))
			memset(to, 0, bytes_of(f));
		else if (given->whole || !field_is_empty(f, &given->words))
			memcpy(to, (const char *)&given->words + f->at, bytes_of(f));
	}
	if (given->words.tier == TIER_EMPTIED)
		next.tier = TIER_UNSET;
	else if (given->whole || given->words.tier != TIER_UNSET)
		next.tier = given->words.tier;
	return next;
}

static int decide_set(const void *state, const struct facts *facts, const struct command *cmd,
		      struct decision *d, struct err *e)
{
	const struct desk *desk = state;
	const struct set *given = cmd->fields;
	const struct service *s = desk_find_service(desk, str_trim(given->words.name));
	const struct service_words had = s ? service_said(s) : (struct service_words){ 0 };
	const struct service_words said = put_over(&had, given),
				   next = service_tidy(&said, d->arena);
	(void)facts;
	if (service_check(&next, e) != 0)
		return -1;
	if (!s && desk->services.len >= SERVICES_MAX) {
		err_refuse(e, ERR_CONFLICT, "There are %zu services, which is the most.",
			   desk->services.len);
		err_next(e, "Remove those that nobody runs any more.");
		return -1;
	}
	struct strs lines = service_changes(&had, &next, d->arena);
	if (s && !lines.len)
		return 0; /* it is so already: said twice is no error */
	struct told *b = decision_add(d, &events[s ? CHANGED : ADDED]);
	b->words = next;
	if (s)
		b->what = strs_join(d->arena, &lines, "; ");
	return 0;
}

static int decide_remove(const void *state, const struct facts *facts, const struct command *cmd,
			 struct decision *d, struct err *e)
{
	const struct str name = str_trim(((const struct named *)cmd->fields)->name);
	(void)facts;
	if (!desk_find_service(state, name)) {
		err_refuse(e, ERR_NOT_FOUND, "The catalogue has no service " STR_FMT ".",
			   STR_ARG(str_clip(name, 60)));
		err_next(e, "`aplomb service list` names those there are; case counts.");
		return -1;
	}
	((struct named *)decision_add(d, &events[REMOVED]))->name = name;
	return 0;
}

static void say_some(const struct service_steps *steps, int change, const char *word,
		     struct buf *out)
{
	size_t count = 0, said = 0;
	LIST_EACH (s, steps)
		count += s->change == change;
	if (!count)
		return;
	buf_fmt(out, "%s%zu %s (", out->len ? ", " : "", count, word);
	LIST_EACH (s, steps)
		if (s->change == change && said < NAMES_SAID)
			buf_fmt(out, "%s" STR_FMT, said++ ? ", " : "", STR_ARG(s->name));
	if (count > said)
		buf_fmt(out, " and %zu more", count - said);
	buf_c(out, ')');
}

struct str catalog_summary(const struct service_steps *steps, struct arena *a)
{
	struct buf b = BUF(a);
	say_some(steps, SERVICE_ADDED, "added", &b);
	say_some(steps, SERVICE_CHANGED, "changed", &b);
	say_some(steps, SERVICE_NOTED, "as the file says already", &b);
	say_some(steps, SERVICE_REMOVED, "removed", &b);
	say_some(steps, SERVICE_GONE, "no longer in it", &b);
	return buf_str(&b);
}

static int decide_apply(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct desk *desk = state;
	const struct catalog_file *file = cmd->fields;
	struct service_steps steps = { 0 };
	(void)facts;
	if (catalog_plan(&desk->services, file, d->arena, &steps, e) != 0)
		return -1;
	if (!steps.len)
		return 0;
	struct applied *b = decision_add(d, &events[APPLIED]);
	b->file = file->file;
	b->revision = file->revision;
	b->summary = catalog_summary(&steps, d->arena);
	b->removed.at = ARENA_ARRAY(d->arena, struct str, steps.len);
	b->gone.at = ARENA_ARRAY(d->arena, struct str, steps.len);
	LIST_EACH (s, &steps) {
		if (s->change == SERVICE_REMOVED)
			b->removed.at[b->removed.len++] = s->name;
		else if (s->change == SERVICE_GONE)
			b->gone.at[b->gone.len++] = s->name;
		else
			*LIST_ADD(d->arena, &b->services) = *s->words;
	}
	return 0;
}

static const struct verb verbs[] = {
	{ "service", "set", NULL, "Save the service",
	  "Puts a service into the catalogue, or replaces what is given; a dash alone empties.",
	  RIGHT_RESPOND, 0, set_fields, sizeof(struct set), decide_set },
	{ "service", "remove", NULL, "Remove the service",
	  "Takes a service out of the catalogue. What was told of it stays.", RIGHT_RESPOND,
	  DANGEROUS, named_fields, sizeof(struct named), decide_remove },
	{ "service", "apply", NULL, "Apply the file",
	  "Makes the catalogue say what a file says; what the file does not change costs nothing.",
	  RIGHT_RESPOND, 0, apply_fields, sizeof(struct catalog_file), decide_apply },
	END_VERBS,
};

const struct module catalog_module = {
	.name = "catalog",
	.stream = &desk_stream,
	.verbs = verbs,
	.events = events,
};
