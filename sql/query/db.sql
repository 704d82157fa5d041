-- Opening, transactions and migrations.

-- name: db_open_writer
-- Run whole, each statement in turn.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
PRAGMA wal_autocheckpoint = 0;
-- 64 MB: a WAL that a long reader let grow beyond gives the space back when it starts over
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;

-- name: db_open_reader
-- Run whole, each statement in turn.
PRAGMA query_only = ON;
PRAGMA wal_autocheckpoint = 0;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;

-- name: db_begin_write
BEGIN IMMEDIATE;

-- name: db_begin_read
BEGIN;

-- name: db_commit
COMMIT;

-- name: db_rollback
ROLLBACK;

-- name: db_mark
SAVEPOINT command;

-- name: db_undo
ROLLBACK TO command;

-- name: db_release
RELEASE command;

-- name: migration_table
-- number: of the file; sha256: of its bytes, hex; applied_ms: ms since 1970 UTC
CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_ms INTEGER NOT NULL
) STRICT;

-- name: migration_list
SELECT number, name, sha256 FROM migration ORDER BY number;

-- name: migration_add
INSERT INTO migration (number, name, sha256, applied_ms) VALUES (:number, :name, :sha256, :applied_ms);

-- name: db_quick_check
PRAGMA quick_check(1);
