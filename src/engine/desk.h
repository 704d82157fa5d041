/* SPDX-License-Identifier: Apache-2.0 */
/* desk (engine): the live alerts, in memory. The inbox is their durable record; this is rebuilt from a snapshot
 * and the inbox rows behind it. What people did at the desk is the state in core/desk.h.
 * Alerts lie in shards by fingerprint, each with a lock. The writer's thread changes them; any thread reads, and renews
 * the lease of an alert that it found unchanged (live_ask). */
#ifndef APLOMB_ENGINE_DESK_H
#define APLOMB_ENGINE_DESK_H
#include "core/module.h"
#include "engine/engine.h"

struct live; /* thread-safe, but for what is marked: writer */

enum {
	LIVE_SHARDS = 64, /* the writer saves one at a time, and so long everybody waits */
	LIVE_RESOLVED_KEPT_MS = 24 * 3600 * 1000, /* a resolved alert stays in sight so long */
	LIVE_LEASE_MS = 5 * 60 * 1000,		  /* resolve_timeout of Alertmanager */
};

/* An alert began or ended to fire: the open incidents that hold it must hear of it. */
struct alert_flip {
	struct str fingerprint;
	int64_t at_ms;
	bool is_firing, is_acked;
};
LIST_DECLARE(alert_flips, struct alert_flip);

/* An alert without its texts, for the order of lists. */
struct alert_sight {
	char fingerprint[17];
	bool is_firing, is_acked;
	int64_t started_ms, incident;
};
LIST_DECLARE(alert_sights, struct alert_sight);

struct live *live_new(void);
void live_free(struct live **);

enum live_answer {
	LIVE_KNOWN,   /* all of it is on disk already; leases were renewed */
	LIVE_PENDING, /* known, but part of it is not on disk yet: answer after the next commit */
	LIVE_NEWS,    /* taking it would change something besides how long a lease runs */
};
enum live_answer live_ask(struct live *, const struct intake_result *);
/* The same by marks alone (intake/glance.h). True: all of it is on disk already; leases were renewed. */
bool live_knows(struct live *, const struct intake_result *glanced, struct arena *);

struct live_taking {
	const struct intake_result *result;
	struct str source;
	int64_t now_ms;
	int64_t inbox_id; /* the row that tells it, or will if it changes anything: alerts remember theirs */
	bool is_back;	/* the row is read back: a shard whose snapshot knows it leaves it out */
	bool few_flips; /* those of acknowledged alerts are asked for, no others */
};
/* Writer. Merges the signals in; flips are added (texts in the arena). True when that is worth keeping: it changed
 * something besides how long a lease runs, or is about what we do not know. */
bool live_take(struct live *, const struct live_taking *, struct arena *, struct alert_flips *);
/* Writer. What was taken since the last call is on disk. */
void live_settle(struct live *);
/* Writer. Resolves what no sender renewed; forgets what resolved long ago. */
void live_expire(struct live *, int64_t now_ms, struct arena *, struct alert_flips *);
/* No lease ends before now + LIVE_LEASE_MS: our own downtime resolves nothing. */
void live_renew_leases(struct live *, int64_t now_ms);
/* Writer. Forgets all, and calls nothing known until live_settle: what is read back passes through older states. */
void live_reset(struct live *);
/* Which open incident holds it, for lists; 0 = none. */
void live_link(struct live *, struct str fingerprint, int64_t incident);
/* No alert belongs to this incident any more; and: each that fires and belongs to none gets what fn says (0 = none). */
void live_unlink(struct live *, int64_t incident);
typedef int64_t live_holder_fn(void *ctx, const struct live_alert *);
void live_relink(struct live *, live_holder_fn *, void *ctx);
int64_t live_inbox(struct live *,
		   struct str fingerprint); /* the row that changed it last; 0 = unknown */
/* Writer. What its sender wrote is redacted; that it fires, or not, stays. */
void live_blank(struct live *, struct str fingerprint);
/* What an incident believes of its alerts and the desk knows better (it was over when they flipped). */
void live_correct(struct live *, const struct incident *, struct arena *, struct alert_flips *);
void live_follow_desk(struct live *, const struct desk *); /* acknowledgements */
/* See engine_each_alert. */
void live_each(struct live *, enum alert_texts, engine_alert_fn *, void *ctx);
bool live_find(struct live *, struct str fingerprint, struct arena *, struct live_alert *);
void live_list(struct live *, struct arena *, struct live_alerts *);
void live_sights(struct live *, struct arena *, struct alert_sights *);
/* How many fire, how many of those are acknowledged, how many are resolved and still in sight. */
void live_count(struct live *, int64_t *firing, int64_t *acknowledged, int64_t *resolved);

/* Writer. One shard as bytes, in the arena; what people did (acknowledged, attached) is not in it. */
struct str live_shard_save(struct live *, size_t shard, struct arena *) MUST_USE;
/* At a start, shards in several threads at once: into an empty shard, which knows the inbox up to that row. False: not
 * such bytes; the shard stays empty. */
bool live_shard_load(struct live *, size_t shard, struct str bytes, int64_t inbox_id);
/* Writer. Those bytes are on disk: until the shard changes again they stand for it. */
void live_shard_saved(struct live *, size_t shard);
bool live_shard_changed(struct live *, size_t shard); /* since it was saved or loaded */
size_t live_shard_bytes(struct live *, size_t shard); /* about as long as its snapshot */
#endif
