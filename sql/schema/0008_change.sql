-- Changes to what runs: deploys, settings, flags. A change is a stream of its own: change n is stream -n. Its row follows
-- from its events (src/store/view_change.c).
CREATE TABLE v_change (
    number INTEGER PRIMARY KEY,          -- its number, from 1
    key TEXT NOT NULL,                   -- what names it for its sender; may be empty
    title TEXT NOT NULL,                 -- what was changed
    service TEXT NOT NULL,               -- the service that it changes; may be empty
    kind TEXT NOT NULL,                  -- "deploy", "config", "flag", "infrastructure", "data", "command"
    state TEXT NOT NULL,                 -- "running", "failed", "done", "undone"
    version TEXT NOT NULL,               -- what runs after it; may be empty
    environment TEXT NOT NULL,           -- where; may be empty
    who TEXT NOT NULL,                   -- who changed it, as the sender names them; may be empty
    began_ms INTEGER NOT NULL,           -- ms since 1970 UTC
    ended_ms INTEGER NOT NULL,           -- ms since 1970 UTC; 0 = it still runs
    differs TEXT NOT NULL,               -- what is different now; may be empty
    link TEXT NOT NULL,                  -- where to look at it; may be empty
    undo TEXT NOT NULL,                  -- how to undo it; may be empty
    rollback INTEGER NOT NULL,           -- 1 = it takes an older state back
    sender TEXT NOT NULL,                -- which sender told of it; empty = a person or a script
    by TEXT NOT NULL,                    -- a user's id; empty = a sender
    recorded_ms INTEGER NOT NULL         -- when it was told of first, ms since 1970 UTC
) STRICT;
CREATE INDEX v_change_by_key ON v_change (key) WHERE key <> '';
CREATE INDEX v_change_by_began ON v_change (began_ms);
CREATE INDEX v_change_by_service ON v_change (service, began_ms);
