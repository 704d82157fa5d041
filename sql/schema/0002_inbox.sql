-- What senders delivered, append-only and hash-chained (src/store/inbox.h).

-- A delivery. Rows are inserted, never changed, never deleted.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,              -- from 1 without gaps
    received_ms INTEGER NOT NULL,        -- ms since 1970 UTC
    source TEXT NOT NULL,                -- name of the source: "alertmanager"
    status TEXT NOT NULL CHECK (status IN ('taken', 'rejected')), -- what became of it
    reason TEXT NOT NULL,                -- why it was rejected; empty otherwise
    bytes INTEGER NOT NULL,              -- length of the body, unpacked
    body_hash BLOB NOT NULL,             -- SHA-256 of salt and body (unpacked), 32 bytes
    hash BLOB NOT NULL                   -- SHA-256 of all this and the hash before, 32 bytes
) STRICT;

-- The body of a delivery.
CREATE TABLE inbox_body (
    id INTEGER PRIMARY KEY REFERENCES inbox (id), -- of the delivery
    salt BLOB NOT NULL,                  -- random, 16 bytes
    packed BLOB NOT NULL                 -- zstd
) STRICT;

CREATE TRIGGER inbox_no_update BEFORE UPDATE ON inbox
BEGIN SELECT RAISE(ABORT, 'the inbox is append-only'); END;
CREATE TRIGGER inbox_no_delete BEFORE DELETE ON inbox
BEGIN SELECT RAISE(ABORT, 'the inbox is append-only'); END;
CREATE TRIGGER inbox_body_no_update BEFORE UPDATE ON inbox_body
BEGIN SELECT RAISE(ABORT, 'a delivery does not change'); END;
CREATE TRIGGER inbox_body_no_delete BEFORE DELETE ON inbox_body
WHEN NOT EXISTS (SELECT 1 FROM redaction WHERE kind = 'inbox' AND target = CAST(OLD.id AS TEXT))
BEGIN SELECT RAISE(ABORT, 'a delivery leaves only by expiry or redaction'); END;

-- The live alerts as of an inbox row: saves a start from reading everything. One row.
CREATE TABLE desk_snapshot (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- always 1
    inbox_id INTEGER NOT NULL,           -- the last inbox row it knows of
    bytes BLOB NOT NULL                  -- the engine's own format
) STRICT;

-- Attachments: the files are in blobs/ (src/store/blob.h).
CREATE TABLE blob (
    hash TEXT PRIMARY KEY,               -- SHA-256 of the file, 64 hex digits
    size INTEGER NOT NULL,               -- bytes
    type TEXT NOT NULL,                  -- media type, as the sender said
    at_ms INTEGER NOT NULL               -- when it was uploaded first, ms since 1970 UTC
) STRICT, WITHOUT ROWID;

CREATE TRIGGER blob_no_update BEFORE UPDATE ON blob
BEGIN SELECT RAISE(ABORT, 'an attachment does not change'); END;
CREATE TRIGGER blob_no_delete BEFORE DELETE ON blob
WHEN EXISTS (SELECT 1 FROM blob_cite WHERE hash = OLD.hash)
 AND NOT EXISTS (SELECT 1 FROM redaction WHERE kind = 'blob' AND target = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'an attachment that an event cites leaves only by redaction'); END;
