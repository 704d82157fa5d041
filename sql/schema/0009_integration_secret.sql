-- Secrets of the senders that sign (src/store/integration_key.c).

-- A sender that signs its bodies (GitHub, Bitbucket, Gitea) does not send its key: to check a signature the key itself is
-- needed, and no hash of it will do. So these keys, and only these, are kept as they are. Whoever reads the database or a
-- backup of it can sign in their name: keep backups as you keep secrets, and make a new key when one got away. A key tells of
-- changes and opens nothing else. It is in no event, no page and no answer but the first.
CREATE TABLE integration_secret (
    name TEXT PRIMARY KEY,               -- of the integration
    secret TEXT NOT NULL                 -- the key: 32 hex digits
) STRICT, WITHOUT ROWID;
