-- Views: rows that follow from the ledger alone; `aplomb rebuild` empties and refills them (src/store/view.h).

-- An incident, for lists.
CREATE TABLE v_incident (
    id INTEGER PRIMARY KEY,              -- the incident's number
    seq INTEGER NOT NULL,                -- of the last event folded
    title TEXT NOT NULL,                 -- as last said
    severity TEXT NOT NULL,              -- "sev1" to "sev4"; empty = none
    phase TEXT NOT NULL,                 -- "investigating" .. "merged"
    services TEXT NOT NULL,              -- one a line
    lead TEXT NOT NULL,                  -- a user's id; empty = nobody
    communications TEXT NOT NULL,        -- a user's id; empty = nobody
    declared_by TEXT NOT NULL,           -- a user's id; empty = Aplomb
    started_ms INTEGER NOT NULL,         -- onset as far as known, ms since 1970 UTC; 0 = unknown
    declared_ms INTEGER NOT NULL,        -- ms since 1970 UTC
    resolved_ms INTEGER NOT NULL,        -- ms since 1970 UTC; 0 = not yet
    closed_ms INTEGER NOT NULL,          -- ms since 1970 UTC; 0 = not yet
    promised_ms INTEGER NOT NULL,        -- the next update, ms since 1970 UTC; 0 = none promised
    frozen_until_ms INTEGER NOT NULL,    -- end of the freeze that is on, ms since 1970 UTC; 0 = none
    change TEXT NOT NULL,                -- what is being done right now; empty = nothing
    next_step TEXT NOT NULL,             -- the next safest step, as if nothing were late
    merged_into INTEGER NOT NULL,        -- an incident's number; 0 = not merged
    firing INTEGER NOT NULL,             -- linked alerts that fire, a count
    open_actions INTEGER NOT NULL,       -- a count
    review TEXT NOT NULL,                -- "none", "draft", "published"
    review_due_ms INTEGER NOT NULL,      -- ms since 1970 UTC; 0 = no review is due
    is_open INTEGER NOT NULL             -- 1 = neither resolved, closed nor merged
) STRICT;
CREATE INDEX v_incident_open ON v_incident (is_open, id);

-- An action of a review.
CREATE TABLE v_action (
    incident INTEGER NOT NULL,           -- its number
    number INTEGER NOT NULL,             -- of the action, from 1
    title TEXT NOT NULL,                 -- what is to be done
    link TEXT NOT NULL,                  -- where it is tracked; may be empty
    outcome TEXT NOT NULL,               -- what came of it; may be empty
    owner TEXT NOT NULL,                 -- a user's id
    due_ms INTEGER NOT NULL,             -- ms since 1970 UTC
    settled_ms INTEGER NOT NULL,         -- ms since 1970 UTC; 0 = still open
    state TEXT NOT NULL,                 -- "open", "done", "dropped"
    PRIMARY KEY (incident, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_action_by_due ON v_action (state, due_ms);

-- A promise of a next update.
CREATE TABLE v_promise (
    incident INTEGER NOT NULL,           -- its number
    number INTEGER NOT NULL,             -- of the update that made it, from 1
    sent_ms INTEGER NOT NULL,            -- when it was made, ms since 1970 UTC
    due_ms INTEGER NOT NULL,             -- when the next update was promised for, ms since 1970 UTC
    state TEXT NOT NULL,                 -- "open", "kept", "late", "dropped"
    late_by_ms INTEGER NOT NULL,         -- length, ms
    by TEXT NOT NULL,                    -- a user's id
    PRIMARY KEY (incident, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_promise_by_due ON v_promise (state, due_ms);

-- Which incident holds an alert.
CREATE TABLE v_alert_link (
    fingerprint TEXT NOT NULL,           -- of the alert, 16 hex digits
    incident INTEGER NOT NULL,           -- its number
    PRIMARY KEY (fingerprint, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX v_alert_link_by_incident ON v_alert_link (incident);
