/* SPDX-License-Identifier: Apache-2.0 */
/* engine: turns commands into events on disk. One writer thread owns the only writing handle; everybody
 * else queues to it and is answered after the commit. Rules live in core, rows in store; here they meet. */
#ifndef APLOMB_ENGINE_H
#define APLOMB_ENGINE_H
#include "base/template.h"
#include "core/catalog.h"
#include "core/core.h"
#include "intake/source.h"
#include "store/store.h"

struct engine; /* thread-safe */

struct engine_config {
	struct store *store; /* borrowed; the engine's writer is the only one to write to it */
	const struct world *world;
	const struct policy *policy;
};
/* Rebuilds the live alerts, runs what fell due while we were down, starts the writer and the ticker. */
int engine_start(const struct engine_config *, struct engine **, struct err *) MUST_USE;
void engine_stop(struct engine **); /* finishes what is queued, then a checkpoint */

/* What a command did. Texts live in the arena given to engine_run. */
struct outcome {
	int64_t stream, seq, pos; /* of the last event written */
	int64_t made;		  /* number of the thing made, 0 = none */
	struct str said;	  /* the sentences of its events, joined by a space */
	bool is_repeat;		  /* answered from the idempotency key's first run */
};
/* Any thread but the writer's; returns after the commit. A verb marked MAKES_STREAM ignores command->stream. */
int engine_run(struct engine *, const struct command *, struct arena *, struct outcome *,
	       struct err *) MUST_USE;

/* Account changes and other plain rows, run on the writer inside its transaction: fn gets the writing
 * handle. Returns after the commit. */
int engine_write(struct engine *, int (*fn)(struct db *, void *ctx, struct err *), void *ctx,
		 struct err *) MUST_USE;

/* The same for what changes nobody's rights, such as when a token was used last: open streams are not proved again. */
int engine_note(struct engine *, int (*fn)(struct db *, void *ctx, struct err *), void *ctx,
		struct err *) MUST_USE;

/* A sender's body. `signals` were read from it by a source. done runs on the writer thread, after the commit
 * (or the refusal), and must only hand on; or at once on the caller's, when all of it is on disk already or there is no
 * room. The delivery and its arena belong to the engine until then. */
struct delivery {
	struct arena *arena;
	const char *source;  /* "alertmanager", or with its integration "generic/disk-checks" */
	struct str body;     /* masked, in its envelope; kept compressed in the inbox */
	int64_t received_ms; /* when it was read: what is told of its time depends on it */
	struct str acked_by; /* who looks after what is_acked: "PagerDuty (checkout)" */
	struct str
		rejected; /* why nothing in it could be used: kept all the same; empty = it could */
	struct intake_result result;
	void (*done)(struct delivery *, const struct err *failed /* NULL = on disk */);
	void *ctx;
	struct inbox_row row; /* the engine's */
};
void engine_take(struct engine *, struct delivery *);
/* The same for a body that was only glanced at (intake/glance.h, with this key). True: all that it tells is on disk already,
 * and done ran. False: nothing happened; read it and take that. */
struct glance_key;
const struct glance_key *engine_glance_key(struct engine *);
bool engine_take_again(struct engine *, struct delivery *) MUST_USE;

/* The integrations, removed ones too; and one of them, NULL when there is none or it was removed. Any thread; good until
 * engine_stop. */
LIST_DECLARE(integrations, struct integration);
const struct integrations *engine_integrations(struct engine *);
const struct integration *engine_integration(struct engine *, struct str name);

/* The service catalogue, by name (core/catalog.h). Any thread. Borrowed until the arena is cleared; not to be written to. */
void engine_services(struct engine *, struct arena *, struct services *);

/* What a sender delivered in the last 24 hours. */
struct intake_count {
	struct str source;     /* as in the inbox */
	struct when last;      /* its newest delivery; 0 = not known */
	int64_t last_id;       /* of the inbox row that told something new; 0 = none */
	int64_t day, rejected; /* rejected: of `day`, how many could not be read */
};
LIST_DECLARE(intake_counts, struct intake_count);
void engine_intake_counts(struct engine *, struct arena *, struct intake_counts *);

enum { FINGERPRINT_HEX = 16 }; /* a live alert's identity: so many lower-case digits */

/* A live alert, copied out of the desk. */
struct live_alert {
	struct str fingerprint, name, service, summary, severity, source;
	struct str labels, annotations; /* JSON objects, as received */
	struct str generator;
	struct when started, ends, updated;
	bool is_firing, by_timeout;
	int64_t incident; /* that holds it; 0 = none */
	int64_t inbox;	  /* the inbox row that last changed it; 0 = not known */
	struct person acked_by;
	struct when acked;
};
extern const struct field live_alert_fields[];
LIST_DECLARE(live_alerts, struct live_alert);
bool engine_alert(struct engine *, struct str fingerprint, struct arena *,
		  struct live_alert *); /* false = unknown */
/* Texts are packed: whoever looks at all alerts says which ones it reads. */
enum alert_texts {
	ALERT_WORDS,  /* name, service, severity: a fraction of the time */
	ALERT_LABELS, /* those and the labels */
	ALERT_ALL
};
/* fn for each alert the desk knows, in no order, while the desk is locked: it must be quick, call nothing of the engine, and
 * copy what it keeps. Texts that were not asked for may be empty. */
typedef void engine_alert_fn(void *ctx, const struct live_alert *);
void engine_each_alert(struct engine *, enum alert_texts, engine_alert_fn *, void *ctx);
/* What is silenced, and was lately; a copy in the arena. Any thread. */
void engine_silences(struct engine *, struct arena *, struct silences *);
/* Every alert the desk knows, firing ones first, newest first. Copies into the arena: for 100,000 of them that is much
 * (engine_each_alert). */
void engine_alerts(struct engine *, struct arena *, struct live_alerts *);

/* The hub: what happened since a ledger position, for SSE and `aplomb watch`. Adds whole messages
 *   id: POS / event: event / data: {"pos","stream","seq","at","type","actor","said"}
 * for events behind `cursor` (of one stream, or of all when stream < 0), up to about 64 KB; returns the new
 * cursor. Never blocks on the disk's writer. Further than 10,000 events behind: one `event: resync`. */
int64_t engine_hub_fill(struct engine *, int64_t stream, int64_t cursor, const struct names *,
			struct buf *);
int64_t engine_pos(struct engine *); /* of the last event on disk */
/* Rises when alerts changed, which no event may tell of; in a storm twice a second. Any thread. */
int64_t engine_desk_version(struct engine *);
/* Fills names->person and ctx, good until engine_stop; zone and now are the caller's to set. */
void engine_names(struct engine *, struct names *);
/* Who follows the hub. The texts are the caller's; `proven` starts at -1 and is the engine's from then on. */
struct watcher {
	struct str user;    /* id */
	struct str session; /* its secret; empty = a token follows */
	struct str token;   /* its id */
	int64_t proven; /* the change of people, sessions and tokens after which this was looked up last */
};
/* Whether that session or token would still be let in. Any thread; reads the database only when such rows changed. */
bool engine_may_watch(struct engine *, struct watcher *);
/* Called on the writer thread after each commit that wrote events, and when the desk's version rose; set before traffic. */
void engine_on_commit(struct engine *, void (*fn)(void *), void *ctx);

/* One stream read back and folded, with its events decoded: what pages and exports are made of. Any thread, with
 * a reading handle of its own. ERR_NOT_FOUND when the stream is empty. */
LIST_DECLARE(event_list, struct event);
struct folded {
	struct incident *incident; /* of engine_fold */
	struct change *change;	   /* of engine_fold_change */
	struct event_list events;
};
/* The event that redacted this entry; NULL = it stands. */
const struct event *folded_redaction(const struct folded *, int64_t seq);
int engine_fold(struct db *, int64_t stream, struct arena *, struct folded *,
		struct err *) MUST_USE;
int engine_fold_change(struct db *, int64_t number, struct arena *, struct folded *,
		       struct err *) MUST_USE;
#endif
