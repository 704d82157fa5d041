-- The ledger: what happened, append-only and hash-chained (src/store/ledger.h, src/core/event.h).
-- Hashes stay for ever; bodies may leave only with a row in redaction, which needs an event that says so.

-- An event. Rows are inserted, never changed, never deleted.
CREATE TABLE event (
    pos INTEGER PRIMARY KEY,             -- position in the ledger, from 1 without gaps
    stream INTEGER NOT NULL,             -- 0 = the desk, else the incident's number
    seq INTEGER NOT NULL,                -- position in the stream, from 1 without gaps
    recorded_ms INTEGER NOT NULL,        -- when it was written, ms since 1970 UTC
    happened_ms INTEGER NOT NULL,        -- when it happened in the world, ms since 1970 UTC
    actor TEXT NOT NULL,                 -- a user's id; empty = Aplomb itself
    type TEXT NOT NULL,                  -- wire name of the event type
    version INTEGER NOT NULL,            -- of the body's shape, from 1
    body_hash BLOB NOT NULL,             -- SHA-256 of salt and body, 32 bytes
    hash BLOB NOT NULL,                  -- SHA-256 of all this and the hash before, 32 bytes
    UNIQUE (stream, seq)
) STRICT;

-- The content of an event.
CREATE TABLE event_body (
    pos INTEGER PRIMARY KEY REFERENCES event (pos), -- of the event
    salt BLOB NOT NULL,                  -- random, 16 bytes: a hash left behind does not give short texts away
    body TEXT NOT NULL                   -- JSON, in the order of the type's field table
) STRICT;

-- What was taken away, and by which event.
CREATE TABLE redaction (
    kind TEXT NOT NULL CHECK (kind IN ('event', 'inbox', 'blob')), -- what lost its content
    target TEXT NOT NULL,                -- pos of the event, id of the inbox row, hash of the blob, as text
    pos INTEGER NOT NULL REFERENCES event (pos), -- the event that says so
    PRIMARY KEY (kind, target)
) STRICT;

-- Blobs that events cite, so that a sweep leaves them alone.
CREATE TABLE blob_cite (
    hash TEXT NOT NULL,                  -- of the blob, 64 hex digits
    pos INTEGER NOT NULL REFERENCES event (pos), -- of the event that cites it
    PRIMARY KEY (hash, pos)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER event_body_no_update BEFORE UPDATE ON event_body
BEGIN SELECT RAISE(ABORT, 'the body of an event does not change'); END;
CREATE TRIGGER event_body_no_delete BEFORE DELETE ON event_body
WHEN NOT EXISTS (SELECT 1 FROM redaction WHERE kind = 'event' AND target = CAST(OLD.pos AS TEXT))
BEGIN SELECT RAISE(ABORT, 'the body of an event leaves only by redaction'); END;
CREATE TRIGGER redaction_needs_event BEFORE INSERT ON redaction
WHEN NOT EXISTS (SELECT 1 FROM event WHERE pos = NEW.pos AND type IN ('body.redacted', 'inbox.expired'))
BEGIN SELECT RAISE(ABORT, 'a redaction needs the event that says so'); END;
CREATE TRIGGER redaction_no_update BEFORE UPDATE ON redaction
BEGIN SELECT RAISE(ABORT, 'a redaction does not change'); END;
CREATE TRIGGER redaction_no_delete BEFORE DELETE ON redaction
BEGIN SELECT RAISE(ABORT, 'a redaction is not undone'); END;

-- When each stream next falls due; follows from its state.
CREATE TABLE deadline (
    stream INTEGER PRIMARY KEY,          -- 0 = the desk, else the incident's number
    due_ms INTEGER NOT NULL              -- ms since 1970 UTC
) STRICT;
CREATE INDEX deadline_by_due ON deadline (due_ms);
