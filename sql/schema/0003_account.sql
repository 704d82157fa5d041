-- People and programs that may sign in: plain rows, changeable and deletable; events hold user ids only.

-- A person.
CREATE TABLE account (
    id TEXT PRIMARY KEY,                 -- "u" and 10 letters or digits
    login TEXT NOT NULL UNIQUE COLLATE NOCASE, -- what they sign in with
    name TEXT NOT NULL,                  -- what they are called
    right TEXT NOT NULL CHECK (right IN ('none', 'viewer', 'responder', 'admin')), -- what they may do
    zone TEXT NOT NULL,                  -- time zone, "Europe/Berlin"; empty = the team's
    password_hash TEXT NOT NULL,         -- argon2id with its parameters; empty = no password
    created_ms INTEGER NOT NULL,         -- ms since 1970 UTC
    disabled_ms INTEGER NOT NULL         -- ms since 1970 UTC; 0 = may sign in
) STRICT, WITHOUT ROWID;

-- A browser that signed in.
CREATE TABLE session (
    id_hash BLOB PRIMARY KEY,            -- SHA-256 of the cookie's secret, 32 bytes
    user TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who
    csrf TEXT NOT NULL,                  -- what forms must carry, base64url
    created_ms INTEGER NOT NULL,         -- ms since 1970 UTC
    seen_ms INTEGER NOT NULL,            -- last use, to the hour, ms since 1970 UTC
    expires_ms INTEGER NOT NULL          -- ms since 1970 UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_user ON session (user);

-- What a program signs in with.
CREATE TABLE token (
    id TEXT PRIMARY KEY,                 -- "t" and 10 letters or digits
    hash BLOB NOT NULL UNIQUE,           -- SHA-256 of the token, 32 bytes
    user TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- whose rights it has
    name TEXT NOT NULL,                  -- what it is for
    scopes TEXT NOT NULL,                -- of intake, read, write, admin: one a line
    created_ms INTEGER NOT NULL,         -- ms since 1970 UTC
    expires_ms INTEGER NOT NULL,         -- ms since 1970 UTC; 0 = never
    used_ms INTEGER NOT NULL             -- last use, to the minute, ms since 1970 UTC; 0 = never
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_user ON token (user);

-- Idempotency keys of the last day and what came of them.
CREATE TABLE request (
    actor TEXT NOT NULL,                 -- the user's id
    key TEXT NOT NULL,                   -- Idempotency-Key, as sent
    fingerprint TEXT NOT NULL,           -- hash of verb, stream and fields
    stream INTEGER NOT NULL,             -- of the outcome
    seq INTEGER NOT NULL,                -- of the last event written, in its stream
    pos INTEGER NOT NULL,                -- of the last event written, in the ledger
    made INTEGER NOT NULL,               -- number of the thing made; 0 = none
    said TEXT NOT NULL,                  -- what the caller was told
    created_ms INTEGER NOT NULL,         -- ms since 1970 UTC
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_age ON request (created_ms);

-- Small facts about this installation.
CREATE TABLE setting (
    key TEXT PRIMARY KEY,                -- "zone"
    value TEXT NOT NULL                  -- text
) STRICT, WITHOUT ROWID;
