/* SPDX-License-Identifier: Apache-2.0 */
/* desk (engine): the live alerts, in memory. The inbox is their durable record; this is rebuilt from a snapshot
 * and the inbox rows behind it. What people did at the desk is the state in core/desk.h. */
#ifndef APLOMB_ENGINE_DESK_H
#define APLOMB_ENGINE_DESK_H
#include "core/module.h"
#include "engine/engine.h"

struct live; /* thread-safe: one lock */

enum {
	LIVE_RESOLVED_KEPT_MS = 24 * 3600 * 1000, /* a resolved alert stays in sight so long */
	LIVE_LEASE_MS = 5 * 60 * 1000,		  /* resolve_timeout of Alertmanager */
};

/* An alert began or ended to fire: the open incidents that hold it must hear of it. */
struct alert_flip {
	struct str fingerprint;
	int64_t at_ms;
	bool is_firing;
};
LIST_DECLARE(alert_flips, struct alert_flip);

struct live *live_new(void);
void live_free(struct live **);
/* Would taking these change anything besides how long a lease runs? */
bool live_would_change(struct live *, const struct intake_result *);
/* Merges the signals in; flips are added (texts in the arena). */
void live_take(struct live *, const struct intake_result *, int64_t now_ms, struct arena *,
	       struct alert_flips *);
/* Resolves what no sender renewed; forgets what resolved long ago. */
void live_expire(struct live *, int64_t now_ms, struct arena *, struct alert_flips *);
/* No lease ends before now + LIVE_LEASE_MS: our own downtime resolves nothing. */
void live_renew_leases(struct live *, int64_t now_ms);
void live_reset(struct live *);
/* Which open incident holds it, for lists; 0 = none. */
void live_link(struct live *, struct str fingerprint, int64_t incident);
/* No alert belongs to this incident any more; and: each that fires and belongs to none gets what fn says (0 = none). */
void live_unlink(struct live *, int64_t incident);
typedef int64_t live_holder_fn(void *ctx, const struct live_alert *);
void live_relink(struct live *, live_holder_fn *, void *ctx);
/* What an incident believes of its alerts and the desk knows better (it was over when they flipped). */
void live_correct(struct live *, const struct incident *, struct arena *, struct alert_flips *);
void live_follow_desk(struct live *, const struct desk *); /* acknowledgements */
/* Remembers which inbox row changed those of these signals that changed at now_ms. */
void live_mark(struct live *, const struct intake_result *, int64_t now_ms, int64_t inbox);
void live_each(struct live *, engine_alert_fn *, void *ctx); /* see engine_each_alert */
bool live_find(struct live *, struct str fingerprint, struct arena *, struct live_alert *);
void live_list(struct live *, struct arena *, struct live_alerts *);
/* How many fire, how many of those are acknowledged, how many are resolved and still in sight. */
void live_count(struct live *, int64_t *firing, int64_t *acknowledged, int64_t *resolved);
void live_restore(struct live *, const struct live_alert *); /* from a snapshot */
#endif
