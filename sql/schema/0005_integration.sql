-- Keys of the integrations (src/store/integration_key.c) and a quick way to what senders got wrong.

-- The key that opens an integration's door; which integrations there are is in the ledger.
CREATE TABLE integration_key (
    name TEXT PRIMARY KEY,               -- of the integration
    hash BLOB NOT NULL UNIQUE,           -- SHA-256 of the key, 32 bytes
    made_ms INTEGER NOT NULL,            -- ms since 1970 UTC
    used_ms INTEGER NOT NULL             -- last use, to the minute, ms since 1970 UTC; 0 = never
) STRICT, WITHOUT ROWID;

-- Only rejected rows are in it: a delivery that was taken costs nothing more.
CREATE INDEX inbox_rejected ON inbox (source, id) WHERE status = 'rejected';
