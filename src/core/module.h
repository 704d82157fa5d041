/* SPDX-License-Identifier: Apache-2.0 */
/* module: the vocabulary of the pure core. A room of core is one `struct module`: verbs that decide,
 * event types that evolve, and what is due. modules.def lists them; core.h dispatches over them.
 * Everything here is a value or a pure function: no clock, no disk, no memory but the arena given. */
#ifndef APLOMB_CORE_MODULE_H
#define APLOMB_CORE_MODULE_H
#include "base/field.h"

#define NOTHING_DUE INT64_MAX

enum right { RIGHT_NONE, RIGHT_VIEW, RIGHT_RESPOND, RIGHT_ADMIN };
extern const char *const right_names[]; /* "none", "viewer", "responder", "admin" */

/* Who may read an event of a type; an audience picks one. */
enum clearance { CLEAR_PUBLIC, CLEAR_SUPPORT, CLEAR_INTERNAL, CLEAR_PRIVATE };

enum trait {
	NEEDS_FRESH = 1 << 0,	 /* refused when the stream moved on since the form was written */
	LEAVES_COMPANY = 1 << 1, /* the CLI shows what goes out and asks */
	DANGEROUS = 1 << 2,	 /* the form says what it will do, in red */
	MAKES_STREAM = 1 << 3,	 /* opens a stream of its own: declare, change send */
	INTERNAL = 1 << 4,	 /* no door: only the clock, intake or another verb runs it */
};

/* The kinds of stream. The desk is stream 0; incident n is stream n; change n is stream -n. */
struct stream_type {
	const char *name; /* "incident", as people say it */
	size_t state_size;
	size_t arena_at, seq_at; /* offsets of these members of the state */
};
extern const struct stream_type incident_stream, desk_stream, change_stream;
enum { DESK_STREAM = 0 };
const struct stream_type *stream_type_of(int64_t stream);

struct event;
struct facts;
struct command;
struct decision;

/* Pure. Adds events to the decision, or refuses and adds none. The state is never written. */
typedef int decide_fn(const void *state, const struct facts *, const struct command *,
		      struct decision *, struct err *);
/* Pure and total: history cannot be refused. Copies what it keeps into the state's own arena. */
typedef void evolve_fn(void *state, const struct event *);
/* When something of this room falls due, ms since 1970 UTC; NOTHING_DUE if nothing does. */
typedef int64_t due_fn(const void *state);
/* What falls due at facts->now_ms, as events. Afterwards due(state) > now. */
typedef void tick_fn(const void *state, const struct facts *, struct decision *);

struct event_type {
	const char *name; /* on the wire and in the ledger for ever: "changes.frozen" */
	int version;	  /* of the body's shape, from 1 */
	const struct field *fields;
	size_t size; /* of the body struct */
	enum clearance clearance;
	/* The timeline's sentence: "{actor} froze changes to {services} until {until}: {reason}". {name} is a
	 * member of the body, printed for people; [..{name}..] is left out where that member is empty. */
	const char *sentence;
	evolve_fn *evolve;
};

struct verb {
	const char *noun,
		*name;	   /* POST /api/v1/incidents/N/<noun>/<name>; CLI `aplomb <noun> <name>` */
	const char *alias; /* the short CLI verb ("declare"); NULL = none */
	const char *label; /* a button: "Freeze changes" */
	const char *help;  /* one sentence for form, CLI and API docs */
	enum right needs;
	unsigned traits;
	const struct field *fields; /* the first required text is the CLI's positional argument */
	size_t size;
	decide_fn *decide;
};

struct module {
	const char *name;
	const struct stream_type *stream;
	const struct verb *verbs;	 /* ends at a row without name; may be NULL */
	const struct event_type *events; /* likewise */
	due_fn *due;			 /* NULL = never */
	tick_fn *tick;
};

struct event {
	int64_t pos;	     /* in the ledger, from 1; 0 while not appended */
	int64_t stream, seq; /* seq counts from 1 within the stream */
	int64_t recorded_ms, happened_ms;
	struct str actor; /* a user id; empty = Aplomb itself */
	const struct event_type *type;
	const void *body; /* struct of type->fields */
};

/* A person as the core may know one. */
struct roster_person {
	struct str id, login, name;
	enum right right;
};
struct roster {
	LIST_OF(struct roster_person) people;
};

/* An alert as the desk has it now, for verbs that cite fingerprints. */
struct alert_fact {
	struct str fingerprint, name, service, summary;
	int64_t started_ms;
	bool is_firing;
};
/* An incident that is open now, for declare's "looks the same". */
struct open_incident {
	int64_t id;
	struct str title;
	struct strs services, alerts;
};

/* The team's lengths of time and limits; defaults in policy_default. */
struct policy {
	int64_t freeze_ms;     /* how long a freeze lasts where nobody says */
	int64_t lease_ms;      /* how long a change in flight holds its place */
	int64_t hold_ms;       /* how long a recovery check must hold */
	int64_t look_every_ms; /* how often a person looks while it holds */
	int64_t promise_ms[5]; /* next update, by severity 1..4; [0] unset */
	int64_t review_due_ms; /* a review is due so long after resolve */
};
extern const struct policy policy_default;

/* What the core may not ask for. Borrowed for the call. */
struct facts {
	int64_t now_ms;
	struct str actor;
	enum right right;		 /* of the actor */
	const struct roster *roster;	 /* never NULL */
	const struct policy *policy;	 /* never NULL */
	const struct alert_fact *alerts; /* those that the command cites */
	size_t alert_count;
	const struct list *open; /* of struct open_incident; NULL = none */
};

struct command {
	const struct verb *verb;
	int64_t stream;
	struct str actor, idem, override_reason;
	struct str claim; /* the guards the person was shown and passes: names with commas */
	int64_t seen_seq; /* the last seq that the writer of the form saw; 0 = not said */
	bool is_sender; /* an integration asks; `actor` is its name and it may what a responder may */
	const void *fields;
};

struct pending_event {
	const struct event_type *type;
	const void *body;    /* in the decision's arena or static */
	int64_t happened_ms; /* 0 = now */
};
/* A command to run on another stream in the same commit (merge). */
struct follow {
	const struct verb *verb;
	int64_t stream;
	const void *fields;
};
struct decision {
	struct arena *arena;
	LIST_OF(struct pending_event) events;
	LIST_OF(struct follow) follows;
	int64_t made; /* the number of the thing made ("hypothesis 3"); 0 = none */
};

/* Adds an event of the type; returns its zeroed body (type->size bytes) for the caller to fill. */
void *decision_add(struct decision *, const struct event_type *);

/* What stands in the way of a command, and the safest next step, as sentences. */
struct obstacle {
	const char *guard; /* its name on the wire: "one-change" */
	struct str stands, next;
};
/* Without a reason it refuses (ERR_GUARD, returns -1); with command->override_reason it records guard.overridden and
 * returns 0: go on. A reason passes the first guard only, or those that command->claim names. */
int guard(const struct command *, struct decision *, const struct obstacle *,
	  struct err *) MUST_USE;

/* Roster: by id or login, NULL when unknown; the name for a sentence ("Ana", or the id). */
const struct roster_person *roster_find(const struct roster *, struct str id_or_login);
struct str roster_name(const struct roster *, struct str id);
#define END_VERBS            \
	{                    \
		.name = NULL \
	}
#define END_EVENTS           \
	{                    \
		.name = NULL \
	}
#endif
